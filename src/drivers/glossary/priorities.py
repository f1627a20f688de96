"""The columns of priorities, of stated importance and of paths."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    # the map of importance and performance
    *spread(
        "effect",
        "fine points",
        "Points of satisfaction that go with one point of the driver, both of 100; of a block, its total effect.",
        "Effect of one point (of 100)",
        "Effect van één punt (van 100)",
    ),
    *spread(
        "performance",
        "points",
        "Weighted mean from 0 (lowest) to 100 (highest answer).",
        "Score (0–100)",
        "Score (0–100)",
    ),
    term(
        "correlation_low",
        "coefficient",
        "Lower end of the interval of correlation.",
        "Correlation, from",
        "Correlatie, van",
    ),
    term(
        "correlation_high",
        "coefficient",
        "Upper end of the interval of correlation.",
        "Correlation, to",
        "Correlatie, tot",
    ),
    term(
        "fix_first_probability",
        "probability",
        "Share of the resamples in which the driver matters more than the line and is rated lower.",
        "Fix first",
        "Eerst verbeteren",
    ),
    term(
        "keep_up_probability",
        "probability",
        "Share of the resamples in which the driver matters more than the line and is rated higher.",
        "Keep up",
        "Vasthouden",
    ),
    term(
        "low_priority_probability",
        "probability",
        "Share of the resamples in which the driver matters less than the line and is rated lower.",
        "Low priority",
        "Lage prioriteit",
    ),
    term(
        "possible_overkill_probability",
        "probability",
        "Share of the resamples in which the driver matters less than the line and is rated higher.",
        "Possible overkill",
        "Mogelijk overdaad",
    ),
    term("quadrant", "text", "Corner of the map in which the estimate lies.", "Corner", "Vak"),
    *spread(
        "gain",
        "points",
        "Effect of one point times the room to the top of the scale: points of satisfaction (of 100).",
        "To be gained (of 100)",
        "Te winnen (van 100)",
    ),
    term(
        "first_gain_probability",
        "probability",
        "Share of the resamples in which the driver's gain is the largest.",
        "Largest gain",
        "Grootste winst",
    ),
    term(
        "gain_letters",
        "text",
        "Drivers that share a letter cannot be told apart: the interval of the difference of their gains contains 0.",
        "Group of the gain",
        "Groep van de winst",
    ),
    term(
        "effect_shown",
        "yes/no",
        "Whether effect and plain correlation are shown to be above 0, and the driver is no combination of others.",
        "Effect shown",
        "Effect aangetoond",
    ),
    term(
        "call",
        "text",
        "fix_first, keep_up, low_priority or possible_overkill with a probability above the bar, rival: cannot be told "
        "apart from one that is to be fixed first, or undecided.",
        "What can be said",
        "Wat te zeggen is",
    ),
    # stated importance
    *spread(
        "stated",
        "points",
        "Weighted mean of the importance that customers state, from 0 to 100.",
        "Stated importance (0–100)",
        "Genoemd belang (0–100)",
    ),
    term("stated_rank", "rank", "Rank by stated importance; 1 is the largest.", "Stated rank", "Rang genoemd"),
    term("hidden_probability", "probability", "Of high derived and low stated importance.", "Hidden", "Verborgen"),
    term("core_probability", "probability", "Of high derived and stated importance.", "Core", "Kern"),
    term("minor_probability", "probability", "Of low derived and stated importance.", "Minor", "Bijzaak"),
    term(
        "table_stakes_probability",
        "probability",
        "Of low derived and high stated importance: taken for granted, perhaps.",
        "Table stakes",
        "Vanzelfsprekend",
    ),
    term("kind", "text", "hidden, core, minor, table_stakes or undecided.", "Kind", "Soort"),
    *spread(
        "derived",
        "share",
        "Derived importance: share of the explained differences in satisfaction (LMG), with its percentile interval.",
        "Share of the explanation",
        "Aandeel in de verklaring",
    ),
    # paths
    term("block", "text", "Name of the block.", "Block", "Blok"),
    term("target", "text", "Name of the block that it leads to.", "Leads to", "Leidt naar"),
    term("target_label", "text", "Printed name of that block.", "Leads to", "Leidt naar"),
    *spread(
        "path",
        "coefficient",
        "Standard deviations of the target that go with one of the block, the others that lead there being equal.",
        "Path",
        "Pad",
    ),
    *spread("direct_effect", "coefficient", "The path, 0 without an arrow; standardised.", "Direct", "Direct"),
    *spread(
        "indirect_effect", "coefficient", "Effect through other blocks; standardised.", "Through others", "Via andere"
    ),
    *spread("total_effect", "coefficient", "Direct and indirect effect together; standardised.", "Total", "Totaal"),
    *spread(
        "point_effect",
        "fine points",
        "Points (of 100) of the target that go with one point of the block; in the table of effects, in total.",
        "Of one point (of 100)",
        "Van één punt (van 100)",
    ),
    term(
        "mediated_share",
        "share",
        "Part of the total effect that goes through other blocks.",
        "Via others",
        "Via andere",
    ),
    term("block_correlation", "coefficient", "Correlation of the two blocks' scores.", "Correlation", "Correlatie"),
    term(
        "composite_reliability",
        "coefficient",
        "Share of the score's variance that the items have in common.",
        "Reliability",
        "Betrouwbaarheid",
    ),
    term(
        "variance_extracted",
        "share",
        "Mean share of the items' variance that the score accounts for (AVE).",
        "Common variance (AVE)",
        "Gedeelde variantie (AVE)",
    ),
    *spread(
        "block_explained",
        "share",
        "Share of the score's variance that the blocks leading to it explain (R²).",
        "Explained",
        "Verklaard",
    ),
    term("item_weight", "coefficient", "Weight of the item in its block's score; they add to 1.", "Weight", "Gewicht"),
)
