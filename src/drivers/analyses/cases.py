"""The cases that a client file may declare, each with a page of its own in the report."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.analyses.moves import client_gap, client_sourcing, client_talk
from drivers.analyses.offshoring import SourcingCase
from drivers.analyses.questions import Questions
from drivers.analyses.sourcing import SiteGap
from drivers.analyses.talktime import TalkTime


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Answers on the cases that the client file declares.

    Attributes
    ----------
    site_gap, talk_time, sourcing
        What is different offshore, what a minute of talk time goes with, and the business case of going offshore and
        of coming home; None where the client file does not ask, or the answers do not tell.
    """

    site_gap: SiteGap | None = None
    talk_time: TalkTime | None = None
    sourcing: SourcingCase | None = None


def client_cases(questions: Questions) -> Cases:
    """Every declared case, on the joint resample; the reason of one without an answer is in `questions.unanswered`."""
    gap = client_gap(questions)
    return Cases(site_gap=gap, talk_time=client_talk(questions, gap), sourcing=client_sourcing(questions, gap))
