"""The columns of importance."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    # importance
    *spread(
        "share",
        "share",
        "Share of the explained differences in satisfaction (LMG), with its BCa interval.",
        "Share of the explanation",
        "Aandeel in de verklaring",
    ),
    term(
        "share_percentile_low",
        "share",
        "Lower end of the percentile interval of share.",
        "Share, percentile from",
        "Aandeel, percentiel van",
    ),
    term(
        "share_percentile_high",
        "share",
        "Upper end of the percentile interval of share.",
        "Share, percentile to",
        "Aandeel, percentiel tot",
    ),
    term(
        "share_of_variance",
        "share",
        "Share of all differences in satisfaction; adds up to R².",
        "Share of all differences",
        "Aandeel in alle verschillen",
    ),
    term("rank", "rank", "Rank by share; 1 is the largest.", "Rank", "Rang"),
    term("rank_low", "rank", "Best rank in the interval.", "Rank, from", "Rang, van"),
    term("rank_high", "rank", "Worst rank in the interval.", "Rank, to", "Rang, tot"),
    term(
        "first_probability",
        "probability",
        "Share of the resamples in which the driver has rank 1.",
        "Probability of rank 1",
        "Kans op rang 1",
    ),
    term(
        "letters",
        "text",
        "Drivers that share a letter cannot be told apart: the interval of the difference of their shares contains 0.",
        "Group",
        "Groep",
    ),
    *spread(
        "relative_weight",
        "share",
        "Johnson's relative weight as a share of R², with its percentile interval.",
        "Relative weight",
        "Relatief gewicht",
    ),
    *spread(
        "slope",
        "fine points",
        "Points of satisfaction that go with one point of the driver, others held constant; robust interval.",
        "Effect of one point",
        "Effect van één punt",
    ),
    term("slope_p", "probability", "Two-sided p-value of the slope, robust error.", "p-value", "p-waarde"),
    term("standardised", "coefficient", "Slope in standard deviations of both.", "Standardised", "Gestandaardiseerd"),
    term("correlation", "coefficient", "Weighted correlation with satisfaction.", "Correlation", "Correlatie"),
    term(
        "vif",
        "ratio",
        "Variance inflation factor; above 10 the driver overlaps with the others too much.",
        "Overlap (VIF)",
        "Overlap (VIF)",
    ),
    *spread("difference", "share", "Difference of the two shares of the explanation.", "Difference", "Verschil"),
)
