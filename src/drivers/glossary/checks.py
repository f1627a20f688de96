"""The columns of the checks of an analysis, and of the respondents it needs."""

from __future__ import annotations

from drivers.glossary.terms import Term, spread, term

TERMS: tuple[Term, ...] = (
    term("check", "text", "What is checked.", "Check", "Controle"),
    term("status", "text", "pass, warn or fail.", "Outcome", "Uitkomst"),
    term("number", "coefficient", "The number that decides; null if there is none.", "Number", "Getal"),
    term("found", "text", "What was found.", "Found", "Bevinding"),
    term("advice", "text", "What to do.", "What to do", "Wat te doen"),
    term("question", "text", "leader, pair or slope: what has to be shown.", "Question", "Vraag"),
    term("other_label", "text", "Printed name of the driver it is compared with.", "Compared with", "Vergeleken met"),
    *spread(
        "power",
        "probability",
        "Chance that a survey of this base shows it, with its Monte-Carlo interval.",
        "Chance",
        "Kans",
    ),
    term("base_needed", "count", "Respondents needed.", "Respondents needed", "Respondenten nodig"),
)
