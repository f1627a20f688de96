"""The columns of shapes: penalty and reward, curves, necessary conditions."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    # penalty and reward
    term(
        "low_highest", "points", "Highest answer that counts as a low rating.", "Low rating, up to", "Laag, tot en met"
    ),
    term("high_lowest", "points", "Lowest answer that counts as a high rating.", "High rating, from", "Hoog, vanaf"),
    term("low_base", "count", "Respondents with a low rating, unweighted.", "Low ratings", "Lage cijfers"),
    term(
        "middle_base", "count", "Respondents with a middle rating, unweighted.", "Middle ratings", "Middelste cijfers"
    ),
    term("high_base", "count", "Respondents with a high rating, unweighted.", "High ratings", "Hoge cijfers"),
    *spread(
        "penalty",
        "fine points",
        "Points of satisfaction by which a low rating lies below a middle one, other drivers held constant.",
        "Less with a low rating",
        "Minder bij een laag cijfer",
    ),
    *spread(
        "reward",
        "fine points",
        "Points of satisfaction by which a high rating lies above a middle one, other drivers held constant.",
        "More with a high rating",
        "Meer bij een hoog cijfer",
    ),
    term(
        "effect_p",
        "probability",
        "P-value of penalty and reward together (Wald), Holm over the drivers.",
        "p-value",
        "p-waarde",
    ),
    term(
        "basic_probability",
        "probability",
        "Share of the resamples in which a low rating weighs at least twice as much as a high one.",
        "Basic",
        "Basis",
    ),
    term(
        "performance_probability",
        "probability",
        "Share of the resamples in which both weigh, neither twice as much as the other.",
        "Performance",
        "Prestatie",
    ),
    term(
        "excitement_probability",
        "probability",
        "Share of the resamples in which a high rating weighs at least twice as much as a low one.",
        "Excitement",
        "Enthousiasme",
    ),
    term(
        "none_probability",
        "probability",
        "Share of the resamples in which neither penalty nor reward is 2% of the scale of satisfaction.",
        "No effect",
        "Geen effect",
    ),
    term("shape", "text", "Basic, performance, excitement, none or unclear.", "Kind of factor", "Soort factor"),
    term(
        "shape_reason", "text", "Why the kind is unclear; empty where it is not.", "Why unclear", "Waarom onduidelijk"
    ),
    # curves
    term("bend_p", "probability", "P-value of the bend (Wald), Holm over the drivers.", "p-value", "p-waarde"),
    *spread(
        "lower_slope",
        "fine points",
        "Effect of one point in the lower half of the ratings given.",
        "One point, lower half",
        "Eén punt, onderste helft",
    ),
    *spread(
        "upper_slope",
        "fine points",
        "Effect of one point in the upper half of the ratings given.",
        "One point, upper half",
        "Eén punt, bovenste helft",
    ),
    *spread("slope_change", "fine points", "Lower less upper effect of one point.", "Difference", "Verschil"),
    term("bend", "text", "Diminishing, increasing, other, none or untested.", "Bend", "Kromming"),
    term("rating", "points", "Rating of the driver.", "Rating", "Cijfer"),
    *spread(
        "predicted",
        "fine points",
        "Mean satisfaction if everyone gave this rating, the other drivers at their means.",
        "Satisfaction",
        "Tevredenheid",
    ),
    # necessary conditions
    term(
        "ceiling_effect",
        "coefficient",
        "Effect size of the stepwise ceiling (CE-FDH) in the observed scope, without exceptions.",
        "Empty corner, nobody excepted",
        "Lege hoek, zonder uitzondering",
    ),
    term(
        "tolerant_effect",
        "coefficient",
        "The same with as many exceptions at each level as the tolerance allows.",
        "Empty corner",
        "Lege hoek",
    ),
    term(
        "scale_effect",
        "coefficient",
        "Effect size of the stepwise ceiling in the scope of both scales, without exceptions.",
        "Empty corner, whole scales",
        "Lege hoek, hele schalen",
    ),
    term(
        "line_effect",
        "coefficient",
        "Effect size of the straight ceiling (CR-FDH) in the observed scope.",
        "Empty corner, straight line",
        "Lege hoek, rechte lijn",
    ),
    term("ceiling_accuracy", "share", "Share on or below the straight ceiling, unweighted.", "Accuracy", "Juistheid"),
    term("ceiling_fit", "share", "Zone of the straight ceiling over that of the stepwise.", "Fit", "Passing"),
    term(
        "permutation_p",
        "probability",
        "P-value against unrelated answers, Holm; empty for effects below 0.1.",
        "p-value, unrelated",
        "p-waarde, los van elkaar",
    ),
    term(
        "line_p",
        "probability",
        "P-value against answers that only follow a straight line, Holm; empty for effects below 0.1.",
        "p-value, straight line",
        "p-waarde, rechte lijn",
    ),
    term("necessary", "yes/no", "Whether a necessary condition is shown.", "Shown", "Aangetoond"),
    term("required", "points", "Lowest rating with which this satisfaction is found.", "Rating needed", "Nodig cijfer"),
    term("below_base", "count", "Respondents who rated lower, unweighted.", "Rated lower", "Lager cijfer"),
    term("exceptions", "count", "Satisfied all the same, unweighted.", "Satisfied even so", "Toch tevreden"),
    term("outcome_level", "share", "Satisfaction as a share of its observed range.", "Satisfaction", "Tevredenheid"),
    term("outcome", "points", "The same in scale points.", "In scale points", "In schaalpunten"),
    term("required_level", "share", "Rating needed as a share of its observed range.", "Rating needed", "Nodig cijfer"),
)
