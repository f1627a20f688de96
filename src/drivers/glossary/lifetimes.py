"""The columns of lifetimes under contract and without."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    term("renewal", "count", "Number of the renewal; 1 is the first.", "Renewal", "Verlenging"),
    term("at_risk", "count", "Customers who came to this renewal.", "Customers", "Klanten"),
    *spread(
        "survival",
        "share",
        "Share of the customers at the start who are left after this renewal, as observed (Kaplan-Meier).",
        "Left, observed",
        "Nog klant, waargenomen",
    ),
    *spread(
        "period_retention",
        "share",
        "Share of those who came to this renewal and stayed, as observed.",
        "Renewed, observed",
        "Verlengd, waargenomen",
    ),
    *spread(
        "fitted_survival",
        "share",
        "Share of the customers at the start who are left after this renewal, by the model.",
        "Left, by the model",
        "Nog klant, volgens model",
    ),
    term("counted", "text", "How the lifetime value is counted.", "Lifetime value", "Klantwaarde"),
    term("parameter", "text", "Parameter of the model, by the letter of the paper.", "Parameter", "Parameter"),
    *spread("fitted_value", "coefficient", "Value of the parameter.", "Value", "Waarde"),
    term("repeat_group", "text", "Repeat purchases of a customer.", "Repeat purchases", "Herhaalaankopen"),
    term("observed_customers", "count", "Customers with so many, as observed.", "Observed", "Waargenomen"),
    term("expected_customers", "count", "Customers with so many, by the model.", "By the model", "Volgens model"),
    term("repeats", "count", "Purchases after the first.", "Repeat purchases", "Herhaalaankopen"),
    term("alive_probability", "probability", "Chance that the customer still buys.", "Still buys", "Koopt nog"),
    term(
        "further_purchases",
        "fine points",
        "Purchases to be expected within the horizon.",
        "Purchases to come",
        "Verwachte aankopen",
    ),
    term(
        "expected_amount",
        "money",
        "Amount to be expected of one purchase.",
        "Amount of a purchase",
        "Bedrag per aankoop",
    ),
)
