"""The columns of effects through satisfaction and around it."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    *spread(
        "through",
        "percentage points",
        "Effect of one point of the driver on staying that runs through satisfaction, as a fraction.",
        "Through satisfaction",
        "Via tevredenheid",
    ),
    *spread(
        "around",
        "percentage points",
        "Effect of one point of the driver on staying at equal satisfaction, as a fraction.",
        "Around satisfaction",
        "Buiten tevredenheid om",
    ),
    *spread(
        "combined",
        "percentage points",
        "Effect of one point of the driver on staying, through satisfaction and around it, as a fraction.",
        "Together",
        "Samen",
    ),
    *spread(
        "through_points",
        "fine points",
        "Effect of one point of the driver on the intention that runs through satisfaction, in its scale points.",
        "Through satisfaction, points",
        "Via tevredenheid, punten",
    ),
    *spread(
        "around_points",
        "fine points",
        "Effect of one point of the driver on the intention at equal satisfaction, in its scale points.",
        "Around satisfaction, points",
        "Buiten tevredenheid om, punten",
    ),
    *spread(
        "combined_points",
        "fine points",
        "Effect of one point of the driver on the intention, through satisfaction and around it, in its scale points.",
        "Together, points",
        "Samen, punten",
    ),
    *spread(
        "share_through",
        "share",
        "Share of the combined effect that runs through satisfaction; NaN unless both go the same way and the combined "
        "effect is clear of zero.",
        "Share through satisfaction",
        "Aandeel via tevredenheid",
    ),
    term(
        "through_p",
        "probability",
        "P-value of the effect through satisfaction, adjusted for the number of drivers (Holm).",
        "Through, adjusted p-value",
        "Via, aangepaste p-waarde",
    ),
    term(
        "around_p",
        "probability",
        "P-value of the effect around satisfaction, adjusted for the number of drivers (Holm).",
        "Around, adjusted p-value",
        "Buitenom, aangepaste p-waarde",
    ),
    term(
        "noise_needed",
        "share",
        "Share of the differences in satisfaction that would have to be noise for nothing to be left of an effect "
        "shown around it.",
        "Noise that would explain it",
        "Ruis die het zou verklaren",
    ),
    term(
        "route",
        "text",
        "What is shown: through, around, both, opposed (the two run against each other) or none.",
        "Shown to run",
        "Aangetoond",
    ),
)
