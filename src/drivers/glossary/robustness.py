"""The columns of robustness: hidden causes, other ways of computing, the general impression."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    # other ways of computing
    term("variant", "text", "Another way of computing the shares.", "Computed otherwise", "Anders berekend"),
    term("left_out", "text", "Driver taken not to have been asked.", "Left out", "Weggelaten"),
    term("leader", "text", "The first driver.", "First driver", "Eerste driver"),
    term(
        "same_leader",
        "yes/no",
        "Whether the report's first driver comes first; null where that one is left out.",
        "Same first driver",
        "Zelfde eerste driver",
    ),
    term("share_least", "share", "Lowest share over all ways, the report's too.", "Share, all ways", "Aandeel, steeds"),
    term("share_most", "share", "Highest share over all ways.", "Highest share", "Hoogste aandeel"),
    term("rank_best", "rank", "Best rank over all ways, the report's too.", "Rank, all ways", "Rang, steeds"),
    term("rank_worst", "rank", "Worst rank over all ways.", "Worst rank", "Laagste rang"),
    # hidden causes
    term(
        "partial_r_squared",
        "share",
        "Share of what the other drivers leave unexplained of satisfaction that the driver explains.",
        "Explains of the rest",
        "Verklaart van de rest",
    ),
    *spread(
        "robustness_value",
        "share",
        "Share of what is left unexplained of driver and satisfaction that a hidden cause must explain to take the "
        "effect to zero (Cinelli and Hazlett 2020); percentile interval.",
        "Robustness value",
        "Robuustheidswaarde",
    ),
    term(
        "robustness_value_shown",
        "share",
        "The same for an effect that is just no longer shown; 0 where it is not shown now.",
        "Shown up to",
        "Aantoonbaar tot",
    ),
    term(
        "benchmark",
        "text",
        "Measured driver whose like, if hidden, would take most of the effect away.",
        "Compared with a cause like",
        "Vergeleken met een oorzaak als",
    ),
    *spread(
        "left_effect",
        "fine points",
        "Effect of one point that would be left under a hidden cause so many times (table of drivers: once) as strong "
        "as the benchmark; percentile interval; null where none can be that strong.",
        "Effect left",
        "Effect dat overblijft",
    ),
    term(
        "fragile",
        "yes/no",
        "Whether an effect that is shown would not be under a hidden cause as strong as the benchmark.",
        "Fragile",
        "Kwetsbaar",
    ),
    term("times", "count", "How many times as strong as the benchmark.", "Times as strong", "Maal zo sterk"),
    term("cause_driver", "share", "What such a cause explains of the rest of the driver.", "Of driver", "Van driver"),
    term(
        "cause_outcome",
        "share",
        "What such a cause explains of the rest of satisfaction.",
        "Of satisfaction",
        "Van tevredenheid",
    ),
    # E-values
    term("comparison", "text", "More satisfied customers compared with less satisfied.", "Comparison", "Vergelijking"),
    *spread(
        "risk_ratio",
        "coefficient",
        "Chance of leaving of the more satisfied over that of the less satisfied.",
        "Risk ratio of leaving",
        "Risicoverhouding van vertrek",
    ),
    term(
        "e_value",
        "coefficient",
        "Risk ratio that a hidden cause must have with both to explain the link away.",
        "E-value",
        "E-waarde",
    ),
    term(
        "e_value_limit",
        "coefficient",
        "The same for the end of the interval nearest to 1; 1 where no link is shown.",
        "E-value of the interval",
        "E-waarde van het interval",
    ),
    # general impression
    *spread(
        "specific_share",
        "share",
        "Share of the whole explanation beyond the general impression; percentile interval. The share itself where "
        "there is no general impression.",
        "Beyond the general impression",
        "Los van de algemene indruk",
    ),
    term("specific_rank", "rank", "Rank by specific_share.", "Rank beyond it", "Rang los daarvan"),
    term(
        "loading",
        "coefficient",
        "Correlation with the general factor, or of an item with its block's score.",
        "Loading",
        "Lading",
    ),
    *spread(
        "specific_correlation",
        "coefficient",
        "Correlation with satisfaction at the same general impression; the interval holds for all drivers together.",
        "Correlation beyond it",
        "Correlatie los daarvan",
    ),
    term("adds", "yes/no", "Whether it is shown to add something of its own.", "Shown to add", "Toevoeging aangetoond"),
)
