"""The columns of exits: who stays, who switches, who takes the work back, and the early warning."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    term("decision", "text", "What organisations decided: stay, switch or backsource.", "Decision", "Besluit"),
    term("other_decision", "text", "The decision it is held against.", "Held against", "Vergeleken met"),
    term("organisations", "count", "Organisations, unweighted.", "Organisations", "Organisaties"),
    *spread(
        "organisation_share",
        "share",
        "Weighted share of the organisations.",
        "Of the organisations",
        "Van de organisaties",
    ),
    term(
        "agreement",
        "coefficient",
        "Intraclass correlation: part of the differences in a score that lies between organisations.",
        "Agreement within organisations",
        "Eensgezindheid binnen organisaties",
    ),
    term(
        "mean_reliability",
        "coefficient",
        "Reliability of an organisation's mean of the typical number of respondents.",
        "Reliability of an organisation's mean",
        "Betrouwbaarheid van het gemiddelde",
    ),
    term(
        "scale_p",
        "probability",
        "Chance of so strong a link to either exit without any, adjusted for the number of scales (Holm).",
        "p, adjusted",
        "p, gecorrigeerd",
    ),
    *spread("scale_mean", "points", "Mean rating over organisations, scale points.", "Mean rating", "Gemiddeld cijfer"),
    *spread(
        "decision_effect",
        "percentage points",
        "Average change of the chance of the decision for one point more, as a fraction.",
        "One point, percentage points",
        "Eén punt, procentpunt",
    ),
    term(
        "decision_effect_p",
        "probability",
        "P-value of decision_effect, adjusted for all scales and decisions (Holm).",
        "p, adjusted",
        "p, gecorrigeerd",
    ),
    term("held", "yes/no", "Whether the column is only held constant.", "Held constant", "Constant gehouden"),
    *spread(
        "mean_gap",
        "points",
        "Mean rating of those with the decision less that of the others, scale points.",
        "Gap, points",
        "Verschil, punten",
    ),
    term("mean_gap_p", "probability", "P-value of mean_gap, adjusted (Holm).", "p, adjusted", "p, gecorrigeerd"),
    *spread(
        "decision_odds",
        "coefficient",
        "Log-odds of the decision against the other for one point more.",
        "Log-odds of a point",
        "Log-odds per punt",
    ),
    term(
        "decision_odds_p", "probability", "P-value of decision_odds, adjusted (Holm).", "p, adjusted", "p, gecorrigeerd"
    ),
    *spread(
        "decision_share",
        "share",
        "Share of the scale in the differences in log-odds between the two decisions (LMG); over the scales they add "
        "up to 1.",
        "Sets them apart",
        "Onderscheidt",
    ),
    term("organisation", "text", "Code of the organisation in the survey.", "Organisation", "Organisatie"),
    term("respondents", "count", "Respondents with a score on every scale.", "Respondents", "Respondenten"),
    *spread(
        "exit_chance",
        "share",
        "Chance that the organisation leaves, either way.",
        "Chance of leaving",
        "Kans op vertrek",
    ),
    term("switch_chance", "share", "Chance of going to another supplier.", "To another supplier", "Naar een ander"),
    term("backsource_chance", "share", "Chance of taking the work back in house.", "Back in house", "Terug in huis"),
    term("likely_exit", "text", "The likelier of the two exits.", "Likelier exit", "Waarschijnlijkste weg"),
    term("pull", "text", "The scale that pulls most towards that exit.", "Pulls most", "Weegt het zwaarst"),
    term(
        "warned",
        "yes/no",
        "Whether the whole interval of the chance lies above the average.",
        "At risk",
        "Loopt risico",
    ),
)
