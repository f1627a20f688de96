"""The columns of measures of loyalty: satisfaction index, boxes, recommendation, effort and intention."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    term("asked", "text", "Printed name of the question.", "Question", "Vraag"),
    term("counts_from", "points", "Lowest answer counted, or lowest end of the scale.", "Counts from", "Telt vanaf"),
    term("counts_to", "points", "Highest answer counted, or highest end of the scale.", "Counts to", "Telt tot en met"),
    *spread(
        "level",
        "coefficient",
        "Level of the measure: shares, the net promoter score and converted intention as fractions, the satisfaction "
        "index from 0 to 100, effort and intention in scale points.",
        "Level",
        "Niveau",
    ),
    term("level_error", "coefficient", "Standard error of the level, in its unit.", "Standard error", "Standaardfout"),
    term(
        "part_weight",
        "share",
        "Weight of the question in the satisfaction index; the weights add to 1.",
        "Weight in the index",
        "Gewicht in de index",
    ),
    term("division", "text", "Printed name of the column that divides the customers.", "By", "Naar"),
    *spread("level_gap", "coefficient", "Level of the group less that of the other.", "Difference", "Verschil"),
    *spread("level_before", "coefficient", "Level in the earlier wave.", "Level before", "Niveau eerst"),
    *spread("level_change", "coefficient", "Level in the later wave less the earlier.", "Change", "Verandering"),
)
