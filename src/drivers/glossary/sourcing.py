"""The columns of onshore and offshore: gaps, what they run through, talk time and the business case."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

_GAPS = (
    *spread("site_gap", "fine points", "Mean offshore less mean onshore.", "Difference", "Verschil"),
    *spread(
        "relative_gap",
        "share",
        "Mean offshore over mean onshore, less 1; of a rating it depends on where its scale starts.",
        "Relative gap",
        "Verschil in procenten",
    ),
    *spread(
        "adjusted_gap",
        "fine points",
        "Offshore less onshore at an equal mix of customers.",
        "Difference at an equal mix",
        "Verschil bij gelijke mix",
    ),
    *spread(
        "adjusted_relative_gap",
        "share",
        "The same, relative to onshore.",
        "Relative gap at an equal mix",
        "Verschil in procenten bij gelijke mix",
    ),
)

_ROUTES = (
    term(
        "gap_route",
        "text",
        "What the gap in satisfaction goes along: a column, others (the other aspects together) or direct (none of "
        "them).",
        "Through",
        "Loopt via",
    ),
    *spread("gap_points", "fine points", "Points of the gap that go along it.", "Points", "Punten"),
    *spread("gap_share", "share", "Share of the gap that goes along it.", "Share of the gap", "Deel van het verschil"),
)

_TALK = (
    term("talk_outcome", "text", "What talk time is held against.", "Against", "Tegenover"),
    term(
        "talk_level", "text", "Whether contact centres are compared, or contacts within them.", "Compared", "Vergeleken"
    ),
    *spread(
        "minute_effect",
        "coefficient",
        "What one minute of talk time more goes with: points of satisfaction, or a share of questions solved.",
        "A minute longer",
        "Een minuut langer",
    ),
    term("site", "text", "Where the contact centre is: onshore or offshore.", "Site", "Locatie"),
    term("talk_minutes", "points", "Mean talk time, minutes.", "Talk time, minutes", "Gespreksduur, minuten"),
)

_MONEY = (
    term("move", "text", "What is decided: offshoring, or homecoming.", "Move", "Besluit"),
    *spread(
        "unit_cost_saving",
        "money",
        "What the same contacts would cost less a year at the other unit cost.",
        "Saved on the cost of a contact",
        "Bespaard op de kosten per contact",
    ),
    *spread(
        "repeat_cost",
        "money",
        "Cost a year of the repeat contacts that come with it; below zero where they are fewer.",
        "Cost of repeat contacts",
        "Kosten van herhaalcontacten",
    ),
    *spread(
        "lost_value",
        "money",
        "Lifetime value that goes with the change in satisfaction, as a yearly amount; below zero where it is gained.",
        "Lifetime value lost",
        "Verloren klantwaarde",
    ),
    term(
        "moving_cost",
        "money",
        "Cost of moving, once, spread over the horizon as equal yearly amounts.",
        "Cost of moving, spread",
        "Kosten van de overstap, gespreid",
    ),
    *spread("net_yearly", "money", "What is left a year.", "Net a year", "Saldo per jaar"),
    term(
        "move_pays_probability",
        "probability",
        "Share of the resamples in which the net result of the move is above zero.",
        "Probability that it pays",
        "Kans dat het loont",
    ),
    *spread(
        "break_even_saving",
        "price",
        "Cost of a contact onshore less that of one offshore, at which the move would neither gain nor lose.",
        "Break-even difference in cost of a contact",
        "Verschil in kosten per contact bij quitte spelen",
    ),
)

TERMS: tuple[Term, ...] = (
    term("onshore_mean", "fine points", "Mean of the contacts handled onshore.", "Onshore", "Onshore"),
    term("offshore_mean", "fine points", "Mean of the contacts handled offshore.", "Offshore", "Offshore"),
    *_GAPS,
    *_ROUTES,
    *_TALK,
    *_MONEY,
)
