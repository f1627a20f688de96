"""Columns of plans, budgets and simulated changes."""

from __future__ import annotations

from drivers.glossary.terms import spread, term

TERMS = (
    term("reach", "share", "Share of the customers whom the plan reaches.", "Reach", "Bereik"),
    term("ramp_up_months", "count", "Months in which the rise grows to full size.", "Months to grow", "Groeimaanden"),
    term(
        "total_cost",
        "money",
        "Cost at the start and yearly costs over the horizon, discounted.",
        "Cost, discounted",
        "Kosten, contant",
    ),
    *spread(
        "return_on_investment",
        "share",
        "Net value as a share of the cost, both discounted over the horizon.",
        "Return",
        "Rendement",
    ),
    term(
        "payback_years",
        "points",
        "Years until the discounted margins have paid the discounted costs; empty when not within the horizon.",
        "Paid back after, years",
        "Terugverdiend na, jaren",
    ),
    term(
        "break_even",
        "fine points",
        "Rise of the driver's mean at which the plan just pays; empty when the scale ends before.",
        "Breaks even at",
        "Kostendekkend bij",
    ),
    term("room", "fine points", "How far the driver's mean lies below the top of its scale.", "Room", "Ruimte"),
    term(
        "needed_rise",
        "fine points",
        "Rise of each customer below the top of the scale that lifts the mean by the improvement.",
        "Rise of those with room",
        "Stijging van wie kan stijgen",
    ),
    term(
        "input",
        "text",
        "Input of the net value: rise or slope of a driver, retention_effect, margin_effect, margin, discount_rate, "
        "costs.",
        "Input",
        "Invoer",
    ),
    term("low_end", "coefficient", "Low end of the input; margin and costs as factors.", "Low", "Laag"),
    term("high_end", "coefficient", "High end of the input; margin and costs as factors.", "High", "Hoog"),
    term("net_low_end", "money", "Net value with the input at its low end.", "Net value at low", "Netto bij laag"),
    term("net_high_end", "money", "Net value with the input at its high end.", "Net value at high", "Netto bij hoog"),
    term("amount", "money", "Part of the budget for the driver.", "Amount", "Bedrag"),
    term("budget_share", "share", "The same as a share of the budget.", "Of the budget", "Van het budget"),
    term("way", "text", "How the budget is spent: best, top_driver or as_planned.", "Way", "Verdeling"),
    term("lowest_answer", "points", "Lowest answer that was given.", "Lowest given", "Laagst gegeven"),
    term("highest_answer", "points", "Highest answer that was given.", "Highest given", "Hoogst gegeven"),
    term(
        "yearly_cost",
        "money",
        "Cost of the plan at the start of every year.",
        "Cost a year",
        "Kosten per jaar",
    ),
    term("asked_change", "fine points", "Change of the driver's mean that was asked.", "Asked", "Gevraagd"),
    term("change", "fine points", "Change of the driver's mean that its scale allows.", "Change", "Verandering"),
)
