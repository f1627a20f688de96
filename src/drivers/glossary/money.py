"""The columns of loyalty, value and the chain to money."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    # loyalty
    term("satisfaction", "points", "Satisfaction at which the prediction is made.", "Satisfaction", "Tevredenheid"),
    *spread(
        "log_odds",
        "coefficient",
        "Coefficient of the logit of leaving; robust interval.",
        "Log-odds of leaving",
        "Log-odds van vertrek",
    ),
    term("odds_ratio", "ratio", "Odds of leaving that go with one unit more.", "Odds ratio", "Odds ratio"),
    term(
        "suppressed",
        "yes/no",
        "Whether the group is not shown: under the minimum base, or with others from which such a group would follow.",
        "Suppressed",
        "Weggelaten",
    ),
    term("customer_share", "share", "Weighted share of the customers.", "Share of customers", "Aandeel klanten"),
    term("mean_satisfaction", "points", "Weighted mean satisfaction of the group.", "Satisfaction", "Tevredenheid"),
    *spread("retention", "share", "Share that stayed, as observed.", "Retention, observed", "Behoud, waargenomen"),
    *spread(
        "adjusted_retention",
        "share",
        "Retention if every customer were as satisfied as this group is on average, controls as they are.",
        "Adjusted retention",
        "Gecorrigeerd behoud",
    ),
    # value
    *spread(
        "yearly_retention",
        "share",
        "Retention over a year if every customer were as satisfied as this group is on average, controls as they are.",
        "Retention a year",
        "Behoud per jaar",
    ),
    term("customers", "count", "Customers that the group stands for.", "Number", "Aantal"),
    term("margin", "money", "Mean yearly margin per customer.", "Margin a year", "Marge per jaar"),
    *spread(
        "lifetime_value",
        "money",
        "Lifetime value: per customer in the table of groups, gained for all customers in the chain.",
        "Lifetime value",
        "Klantwaarde",
    ),
    # chain
    term("planned", "yes/no", "Whether the client file plans this improvement.", "Planned", "Gepland"),
    term("improvement", "fine points", "Rise of the driver's mean.", "Improvement", "Verbetering"),
    *spread(
        "satisfaction_gain",
        "fine points",
        "Rise of mean satisfaction that goes with it.",
        "Satisfaction",
        "Tevredenheid",
    ),
    *spread(
        "retention_gain",
        "percentage points",
        "Rise of yearly retention that goes with it, as a fraction.",
        "Retention, percentage points",
        "Behoud, procentpunt",
    ),
    *spread(
        "yearly_margin",
        "money",
        "Margin gained in the first year, all customers who are there at its end.",
        "Margin, first year",
        "Marge, eerste jaar",
    ),
    term(
        "from_margin",
        "money",
        "Part of the lifetime value that comes from what customers bring in a year, not from who stays; empty where "
        "the margin of a customer stays as it is.",
        "Of which from margin",
        "Waarvan uit marge",
    ),
    term(
        "positive_probability",
        "probability",
        "Share of the resamples in which the gain is above zero.",
        "Probability of a gain",
        "Kans op winst",
    ),
    term("cost", "money", "One-off cost of the plan.", "Cost", "Kosten"),
    *spread("net_value", "money", "Lifetime value gained less the cost.", "Net value", "Netto waarde"),
    term(
        "pays_probability",
        "probability",
        "Share of the resamples in which the lifetime value gained exceeds the cost.",
        "Probability that it pays",
        "Kans dat het loont",
    ),
)
