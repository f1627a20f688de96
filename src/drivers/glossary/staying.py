"""The columns of time until leaving, spending, top marks and late interviews."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    # time until leaving
    term("time", "points", "Time since a customer was first followed, in the unit of duration.", "Time", "Tijd"),
    term("leavers", "count", "Respondents who left.", "Left", "Vertrokken"),
    *spread(
        "still_there",
        "share",
        "Share of customers still there after that time (Kaplan-Meier); in the table of groups after the horizon.",
        "Still there",
        "Nog klant",
    ),
    term(
        "median_time",
        "points",
        "Time after which half had left; missing where that was not reached.",
        "Half left after",
        "Helft weg na",
    ),
    *spread(
        "mean_time",
        "points",
        "Mean time there within the horizon (restricted mean), in the unit of duration.",
        "Mean time there",
        "Gemiddelde tijd klant",
    ),
    *spread(
        "hazard_ratio",
        "ratio",
        "Chance of leaving at any moment with one unit more, as a multiple (Cox).",
        "Hazard ratio",
        "Hazardratio",
    ),
    term(
        "hazard_drift",
        "coefficient",
        "Change of the log hazard ratio with log time; above 0 it rises with time.",
        "Drift in time",
        "Verloop in de tijd",
    ),
    term(
        "constant_p",
        "probability",
        "Chance of a drift as large if the hazard ratio is the same through time.",
        "If constant",
        "Als constant",
    ),
    # spending
    *spread(
        "spending_change",
        "share",
        "Change of spending that goes with one unit more, as a share of it.",
        "Change of spending",
        "Verandering van besteding",
    ),
    *spread("mean_spending", "money", "Weighted mean spending of the group.", "Mean spending", "Gemiddelde besteding"),
    # top marks
    *spread(
        "top_two_given",
        "share",
        "Share that gives one of the two highest answers on the intention, if every customer were this satisfied.",
        "Top two answers",
        "Hoogste twee antwoorden",
    ),
    # late interviews
    term("moment", "text", "When the customer was asked, against the day on which he left.", "Asked", "Gevraagd"),
    term("leaver_share", "share", "Share of the customers who left.", "Share of those who left", "Aandeel vertrokken"),
)
