"""The columns of groups of customers."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    term("segment_group", "text", "Group of customers.", "Group", "Groep"),
    term("other_group", "text", "Group it is compared with.", "Compared with", "Vergeleken met"),
    term("mean_satisfaction_low", "points", "Lower end of its interval.", "Satisfaction, from", "Tevredenheid, van"),
    term("mean_satisfaction_high", "points", "Upper end of its interval.", "Satisfaction, to", "Tevredenheid, tot"),
    *spread(
        "slope_difference",
        "fine points",
        "Difference of the slopes in two groups.",
        "Difference of effects",
        "Verschil in effect",
    ),
    term(
        "test",
        "text",
        "What is tested to be equal in all groups: mean_satisfaction, all_drivers (their slopes), or a driver's slope.",
        "Test",
        "Toets",
    ),
    term("f_statistic", "coefficient", "Wald F with the errors of the design.", "F", "F"),
    term("df_between", "count", "Degrees of freedom of the groups.", "df of groups", "df van groepen"),
    term("df_within", "ratio", "Degrees of freedom of the errors.", "df of errors", "df van fouten"),
    term("p_value", "probability", "p-value of the test alone.", "p-value", "p-waarde"),
    term("p_adjusted", "probability", "p-value adjusted for the number of tests.", "p, adjusted", "p, gecorrigeerd"),
    term("shown", "yes/no", "Whether a difference is shown.", "Shown", "Aangetoond"),
)
