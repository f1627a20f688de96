"""The columns of the employees' survey and of teams."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    term("layer", "text", "Layer of employees.", "Layer", "Laag"),
    term("other_layer", "text", "Layer it is compared with, or the customers.", "Compared with", "Vergeleken met"),
    *spread("layer_mean", "points", "Mean answer of the layer.", "Mean", "Gemiddelde"),
    *spread("layer_difference", "points", "Mean of the layer less that of the other.", "Difference", "Verschil"),
    term("staff_question", "text", "Question put to employees.", "Question", "Vraag"),
    term(
        "gap_kind",
        "text",
        "board (less the floor), customers (a layer less the customers) or information (down less up).",
        "Kind of gap",
        "Soort kloof",
    ),
    term("other_mean", "points", "Mean answer of the other side.", "Mean of the other", "Gemiddelde van de ander"),
    *spread("view_gap", "points", "First mean less the other.", "Gap", "Kloof"),
    term("team_measure", "text", "Satisfaction, or a battery.", "Measure", "Maat"),
    term("teams", "count", "Teams with enough answers.", "Teams", "Teams"),
    *spread(
        "icc1",
        "coefficient",
        "ICC(1): share of the differences between employees that lies between teams.",
        "ICC(1)",
        "ICC(1)",
    ),
    term("icc2", "coefficient", "ICC(2): reliability of the mean of a team.", "ICC(2)", "ICC(2)"),
    term("team_f", "coefficient", "F of the test that all teams have one mean.", "F", "F"),
    term("rwg", "coefficient", "rwg(j) of the middle team: how far its members agree, 0 to 1.", "rwg", "rwg"),
    term("agreeing", "share", "Teams whose rwg(j) is 0.70 or more.", "Teams that agree", "Teams die het eens zijn"),
    term("team_result", "text", "What teams achieved: customers, absence or turnover.", "Result", "Resultaat"),
    *spread(
        "team_slope",
        "coefficient",
        "Change of the result that goes with one point of the team's true mean satisfaction; absence and turnover as "
        "fractions.",
        "Change a point",
        "Verandering per punt",
    ),
    term(
        "team_correlation",
        "coefficient",
        "Correlation of the result with the mean of the team.",
        "Correlation",
        "Correlatie",
    ),
    term(
        "least_correlation",
        "coefficient",
        "Least correlation that so many teams show with a chance of 80%.",
        "Least correlation shown",
        "Kleinste aantoonbare correlatie",
    ),
)
