"""The cases that a client file may declare, each with a page of its own in the report."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.analyses.choice import ExitChoice, client_choice
from drivers.analyses.questions import Questions
from drivers.analyses.watchlist import EarlyWarning, client_warning


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Answers on the cases that the client file declares.

    Attributes
    ----------
    choice
        Who stays, who switches, who takes the work back; None where the client file does not ask or there is no answer.
    early_warning
        Which organisations are at risk; None unless the client file asks for them by name.
    """

    choice: ExitChoice | None
    early_warning: EarlyWarning | None


def client_cases(questions: Questions) -> Cases:
    """Every declared case, on the joint resample; the reason of one without an answer is in `questions.unanswered`."""
    choice = client_choice(questions)
    return Cases(choice=choice, early_warning=client_warning(questions, choice))
