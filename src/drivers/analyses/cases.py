"""The cases that a client file may declare, each with a page of its own in the report."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.analyses.questions import Questions


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Answers on the cases that the client file declares."""


def client_cases(questions: Questions) -> Cases:
    """Every declared case, on the joint resample; the reason of one without an answer is in `questions.unanswered`."""
    del questions
    return Cases()
