"""The columns of importance for other outcomes, of dominance and of commonality."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    # outcomes that are no mean
    term("driver_block", "text", "Block of drivers that it belongs to; empty where it is in none.", "Block", "Blok"),
    term(
        "share_of_fit",
        "share",
        "What the driver adds to the fit beyond the controls (R², else McFadden's measure); adds up to explained.",
        "Share of the fit",
        "Aandeel in de fit",
    ),
    term(
        "tjur_share",
        "share",
        "Share of the explanation by Tjur's coefficient in place of McFadden's measure, where the outcome is "
        "one of two.",
        "Share (Tjur)",
        "Aandeel (Tjur)",
    ),
    term(
        "view",
        "text",
        "How the outcome is seen: linear (its mean), top_box, ordered or leaving.",
        "Outcome seen as",
        "Uitkomst gezien als",
    ),
    *spread(
        "share_change",
        "percentage points",
        "Share under this view less the share in the ranking, on the same draws.",
        "Change of the share, percentage points",
        "Verschil in aandeel, procentpunt",
    ),
    term(
        "moved",
        "yes/no",
        "Whether the share is shown to differ from that in the ranking, beyond chance among all drivers (Bonferroni).",
        "Differs",
        "Wijkt af",
    ),
    term(
        "explained_share",
        "share",
        "What the drivers explain of this view beyond the controls (R², else McFadden's measure).",
        "Explained",
        "Verklaard",
    ),
    term("first_driver", "text", "Driver with the largest share.", "First", "Eerste"),
    term(
        "same_order",
        "yes/no",
        "Whether the first three drivers are those of the ranking, in the same order.",
        "Same first three",
        "Zelfde eerste drie",
    ),
    # dominance
    term(
        "dominance",
        "text",
        "Strongest sense in which the driver dominates the other: complete (it adds more to every set of the other "
        "drivers), conditional (on average at every number of others), general (on average over all) or none.",
        "Dominance",
        "Dominantie",
    ),
    term(
        "complete_share",
        "share",
        "Share of the sets of other drivers to which the driver adds more than the other.",
        "Sets in which it adds more",
        "Combinaties waarin hij meer toevoegt",
    ),
    term(
        "complete_reproduced",
        "probability",
        "Share of the resamples in which the driver dominates the other completely.",
        "Complete again",
        "Weer volledig",
    ),
    term(
        "conditional_reproduced",
        "probability",
        "Share of the resamples in which the driver dominates the other conditionally.",
        "Conditional again",
        "Weer voorwaardelijk",
    ),
    term(
        "general_reproduced",
        "probability",
        "Share of the resamples in which the driver has the larger share.",
        "Larger again",
        "Weer groter",
    ),
    term("others", "count", "Number of other drivers in the model.", "Others in the model", "Anderen in het model"),
    term(
        "mean_gain",
        "share",
        "What the driver adds to R² on average, in models of so many others.",
        "Gain",
        "Toename",
    ),
    # commonality
    *spread(
        "unique",
        "share",
        "Part of all differences in satisfaction that this driver explains and no other.",
        "Unique",
        "Uniek",
    ),
    *spread(
        "common",
        "share",
        "Part of all differences that this driver explains and others explain too; negative with suppression.",
        "Shared with others",
        "Gedeeld met andere",
    ),
    *spread(
        "alone",
        "share",
        "What the driver explains when it is alone in the model.",
        "Alone in the model",
        "Alleen in het model",
    ),
    *spread(
        "part",
        "share",
        "Part of all differences that exactly these drivers explain together; negative with suppression.",
        "Part",
        "Deel",
    ),
)
