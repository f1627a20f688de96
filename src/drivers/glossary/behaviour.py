"""The columns of behaviour: zones of satisfaction, how well leaving is foretold, the penalised fit."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    term(
        "penalised_retention",
        "share",
        "Share that stays by the penalised logit.",
        "Retention, penalised fit",
        "Behoud, gepenaliseerd model",
    ),
    term("zone_from", "points", "Lower end of the zone on the satisfaction scale.", "From", "Vanaf"),
    term("zone_to", "points", "Upper end of the zone on the satisfaction scale.", "To", "Tot en met"),
    term(
        "zone_kind",
        "text",
        "Kind of zone: defection, indifference, affection, open (no effect shown), even, or the whole scale.",
        "Zone",
        "Zone",
    ),
    *spread(
        "zone_effect",
        "percentage points",
        "Average effect of one point of satisfaction on staying within the zone, as a fraction.",
        "One point, percentage points",
        "Eén punt, procentpunt",
    ),
)
