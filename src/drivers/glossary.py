"""Every column of every result: what it means, its unit, and how reports print its header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal[
    "text",
    "count",
    "share",
    "percentage points",
    "points",
    "fine points",
    "probability",
    "rank",
    "money",
    "ratio",
    "coefficient",
    "yes/no",
]


@dataclass(frozen=True, slots=True)
class Term:
    """One column: `meaning` is for the reference page, the headers are for tables in reports."""

    name: str
    meaning: str
    unit: Unit
    header_en: str
    header_nl: str


def _term(name: str, unit: Unit, meaning: str, header_en: str, header_nl: str) -> Term:
    return Term(name, meaning, unit, header_en, header_nl)


def _spread(name: str, unit: Unit, meaning: str, header_en: str, header_nl: str) -> tuple[Term, ...]:
    return (
        _term(name, unit, meaning, header_en, header_nl),
        _term(f"{name}_low", unit, f"Lower end of the interval of {name}.", f"{header_en}, from", f"{header_nl}, van"),
        _term(f"{name}_high", unit, f"Upper end of the interval of {name}.", f"{header_en}, to", f"{header_nl}, tot"),
    )


_TERMS = (
    # who and what
    _term("column", "text", "Column of the survey.", "Column", "Kolom"),
    _term("driver", "text", "Column of the driver.", "Driver", "Driver"),
    _term("other", "text", "Column of the driver it is compared with.", "Compared with", "Vergeleken met"),
    _term("label", "text", "Printed name.", "Aspect", "Aspect"),
    _term("role", "text", "What the column is for: satisfaction, driver or control.", "Role", "Rol"),
    _term("group", "text", "Satisfaction group.", "Customers", "Klanten"),
    _term("term", "text", "Column of the model.", "Term", "Term"),
    _term("measure", "text", "Name of the measure.", "Measure", "Maat"),
    # answers
    _term("base", "count", "Respondents, unweighted.", "Base", "Basis"),
    _term("missing_share", "share", "Share of respondents without an answer, unweighted.", "Missing", "Ontbreekt"),
    _term("policy", "text", "Treatment of missing answers.", "Missing answers", "Ontbrekende antwoorden"),
    _term("chosen", "yes/no", "Whether the analysis uses this policy.", "Chosen", "Gekozen"),
    _term("kept_share", "share", "Share of the respondents with an outcome who count.", "Kept", "Telt mee"),
    _term(
        "effective_base",
        "count",
        "Kish's effective base; of available answers that of the smallest pair.",
        "Effective base",
        "Effectieve basis",
    ),
    _term("explained", "share", "Share of the outcome's variance that the drivers explain.", "Explained", "Verklaard"),
    _term("reason", "text", "Why a policy has no result; empty where it has one.", "Reason", "Reden"),
    _term(
        "kept_without",
        "share",
        "Share of the respondents with an outcome who answered all other columns.",
        "Complete without it",
        "Volledig zonder",
    ),
    _term("mean", "points", "Weighted mean.", "Mean", "Gemiddelde"),
    _term("top_two_share", "share", "Weighted share in the two highest scale points.", "Top two", "Top twee"),
    _term("bottom_two_share", "share", "Weighted share in the two lowest scale points.", "Bottom two", "Laagste twee"),
    _term("scale_low", "points", "Lowest answer offered.", "Scale, from", "Schaal, van"),
    _term("scale_high", "points", "Highest answer offered.", "Scale, to", "Schaal, tot"),
    _term("realistic_best", "points", "Level that the best-served tenth reaches.", "Realistic best", "Haalbaar beste"),
    *_spread("value", "ratio", "Value of the measure: shares as fractions, rise in scale points.", "Value", "Waarde"),
    _term(
        "value_percentile_low",
        "ratio",
        "Lower end of the percentile interval of value.",
        "Value, percentile from",
        "Waarde, percentiel van",
    ),
    _term(
        "value_percentile_high",
        "ratio",
        "Upper end of the percentile interval of value.",
        "Value, percentile to",
        "Waarde, percentiel tot",
    ),
    # weights and recommendation
    _term("population_margin", "text", "Column that the weights are raked to.", "Margin", "Kenmerk"),
    _term("population_value", "text", "Value of that column.", "Value", "Waarde"),
    _term("population_share", "share", "Its share of the population.", "Population", "Populatie"),
    _term("share_before", "share", "Its share of the survey before raking.", "Before raking", "Vóór weging"),
    _term("share_after", "share", "Its share of the survey after raking.", "After raking", "Na weging"),
    _term("promoter_group", "text", "Promoters, passives or detractors.", "Group", "Groep"),
    _term("screen", "text", "Check of the answers; any is all of them together.", "Check", "Controle"),
    _term("rule", "text", "Whom the check singles out.", "Singles out", "Wie opvalt"),
    _term("flagged", "count", "Respondents singled out; null if fewer than minimum_base.", "Number", "Aantal"),
    _term("flagged_share", "share", "Weighted share of respondents singled out.", "Share", "Aandeel"),
    _term("excluded", "yes/no", "Whether they were left out, by the client file.", "Left out", "Weggelaten"),
    _term(
        "order_changes", "yes/no", "Whether the top three differ without them.", "Other top three", "Andere top drie"
    ),
    _term(
        "share_without", "share", "Share of the explanation without them.", "Share without them", "Aandeel zonder hen"
    ),
    _term("battery", "text", "Items that together measure one thing.", "Battery", "Itemgroep"),
    _term("other_battery", "text", "The battery it is compared with.", "Compared with", "Vergeleken met"),
    _term("items", "count", "Items of the battery.", "Items", "Items"),
    *_spread(
        "alpha", "coefficient", "Cronbach's alpha, unweighted, 95% interval.", "Cronbach's alpha", "Cronbachs alfa"
    ),
    _term("omega", "coefficient", "McDonald's omega total of one factor.", "Omega", "Omega"),
    _term("first_factor", "share", "Share of the variance on the first factor.", "On one factor", "Op één factor"),
    _term("top_share", "share", "Weighted share at the highest scale point.", "Highest answer", "Hoogste antwoord"),
    _term("bottom_share", "share", "Weighted share at the lowest scale point.", "Lowest answer", "Laagste antwoord"),
    _term("ceiling", "yes/no", "Whether too many gave the highest answer.", "Ceiling", "Plafond"),
    _term("floor", "yes/no", "Whether too many gave the lowest answer.", "Floor", "Bodem"),
    _term("near_constant", "yes/no", "Whether 95% or more gave one answer.", "Hardly varies", "Varieert nauwelijks"),
    _term(
        "item_rest", "coefficient", "Correlation with the sum of the battery's other items.", "With rest", "Met rest"
    ),
    _term("alpha_if_dropped", "coefficient", "Alpha without this item.", "Alpha without it", "Alfa zonder dit item"),
    _term("possibly_reversed", "yes/no", "Whether it runs against the rest.", "Perhaps reversed", "Mogelijk omgekeerd"),
    _term("battery_correlation", "coefficient", "Of the means of the two batteries.", "Correlation", "Correlatie"),
    _term(
        "corrected_correlation", "coefficient", "The same, corrected for unreliability.", "Corrected", "Gecorrigeerd"
    ),
    _term("same", "yes/no", "Whether the two cannot be told apart.", "The same", "Hetzelfde"),
    # importance
    *_spread(
        "share",
        "share",
        "Share of the explained differences in satisfaction (LMG), with its BCa interval.",
        "Share of the explanation",
        "Aandeel in de verklaring",
    ),
    _term(
        "share_percentile_low",
        "share",
        "Lower end of the percentile interval of share.",
        "Share, percentile from",
        "Aandeel, percentiel van",
    ),
    _term(
        "share_percentile_high",
        "share",
        "Upper end of the percentile interval of share.",
        "Share, percentile to",
        "Aandeel, percentiel tot",
    ),
    _term(
        "share_of_variance",
        "share",
        "Share of all differences in satisfaction; adds up to R².",
        "Share of all differences",
        "Aandeel in alle verschillen",
    ),
    _term("rank", "rank", "Rank by share; 1 is the largest.", "Rank", "Rang"),
    _term("rank_low", "rank", "Best rank in the interval.", "Rank, from", "Rang, van"),
    _term("rank_high", "rank", "Worst rank in the interval.", "Rank, to", "Rang, tot"),
    _term(
        "first_probability",
        "probability",
        "Share of the resamples in which the driver has rank 1.",
        "Probability of rank 1",
        "Kans op rang 1",
    ),
    _term(
        "letters",
        "text",
        "Drivers that share a letter cannot be told apart: the interval of the difference of their shares contains 0.",
        "Group",
        "Groep",
    ),
    *_spread(
        "relative_weight",
        "share",
        "Johnson's relative weight as a share of R², with its percentile interval.",
        "Relative weight",
        "Relatief gewicht",
    ),
    *_spread(
        "slope",
        "fine points",
        "Points of satisfaction that go with one point of the driver, others held constant; robust interval.",
        "Effect of one point",
        "Effect van één punt",
    ),
    _term("slope_p", "probability", "Two-sided p-value of the slope, robust error.", "p-value", "p-waarde"),
    _term("standardised", "coefficient", "Slope in standard deviations of both.", "Standardised", "Gestandaardiseerd"),
    _term("correlation", "coefficient", "Weighted correlation with satisfaction.", "Correlation", "Correlatie"),
    _term(
        "vif",
        "ratio",
        "Variance inflation factor; above 10 the driver overlaps with the others too much.",
        "Overlap (VIF)",
        "Overlap (VIF)",
    ),
    *_spread("difference", "share", "Difference of the two shares of the explanation.", "Difference", "Verschil"),
    # loyalty
    _term("satisfaction", "points", "Satisfaction at which the prediction is made.", "Satisfaction", "Tevredenheid"),
    *_spread(
        "log_odds",
        "coefficient",
        "Coefficient of the logit of leaving; robust interval.",
        "Log-odds of leaving",
        "Log-odds van vertrek",
    ),
    _term("odds_ratio", "ratio", "Odds of leaving that go with one unit more.", "Odds ratio", "Odds ratio"),
    _term(
        "suppressed",
        "yes/no",
        "Whether the group is under the minimum base and not shown.",
        "Suppressed",
        "Weggelaten",
    ),
    _term("customer_share", "share", "Weighted share of the customers.", "Share of customers", "Aandeel klanten"),
    _term("mean_satisfaction", "points", "Weighted mean satisfaction of the group.", "Satisfaction", "Tevredenheid"),
    *_spread("retention", "share", "Share that stayed, as observed.", "Retention, observed", "Behoud, waargenomen"),
    *_spread(
        "adjusted_retention",
        "share",
        "Retention if every customer were as satisfied as this group is on average, controls as they are.",
        "Adjusted retention",
        "Gecorrigeerd behoud",
    ),
    # value
    *_spread(
        "yearly_retention",
        "share",
        "Retention over a year if every customer were as satisfied as this group is on average, controls as they are.",
        "Retention a year",
        "Behoud per jaar",
    ),
    _term("customers", "count", "Customers that the group stands for.", "Number", "Aantal"),
    _term("margin", "money", "Mean yearly margin per customer.", "Margin a year", "Marge per jaar"),
    *_spread(
        "lifetime_value",
        "money",
        "Lifetime value: per customer in the table of groups, gained for all customers in the chain.",
        "Lifetime value",
        "Klantwaarde",
    ),
    # chain
    _term("planned", "yes/no", "Whether the client file plans this improvement.", "Planned", "Gepland"),
    _term("improvement", "points", "Rise of the driver's mean.", "Improvement", "Verbetering"),
    *_spread(
        "satisfaction_gain",
        "fine points",
        "Rise of mean satisfaction that goes with it.",
        "Satisfaction",
        "Tevredenheid",
    ),
    *_spread(
        "retention_gain",
        "percentage points",
        "Rise of yearly retention that goes with it, as a fraction.",
        "Retention, percentage points",
        "Behoud, procentpunt",
    ),
    *_spread(
        "yearly_margin",
        "money",
        "Margin kept in the first year, all customers.",
        "Margin, first year",
        "Marge, eerste jaar",
    ),
    _term(
        "positive_probability",
        "probability",
        "Share of the resamples in which the gain is above zero.",
        "Probability of a gain",
        "Kans op winst",
    ),
    _term("cost", "money", "One-off cost of the plan.", "Cost", "Kosten"),
    *_spread("net_value", "money", "Lifetime value gained less the cost.", "Net value", "Netto waarde"),
    _term(
        "pays_probability",
        "probability",
        "Share of the resamples in which the lifetime value gained exceeds the cost.",
        "Probability that it pays",
        "Kans dat het loont",
    ),
)

GLOSSARY: dict[str, Term] = {term.name: term for term in _TERMS}
