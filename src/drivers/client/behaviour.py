"""Whether what [loyalty] says about time until leaving, spending and days of leaving can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from drivers.client.problems import Problem, nearest_name

if TYPE_CHECKING:
    from drivers.client.client import Client

_OF_DURATION = ("event", "duration_unit", "duration_from", "tenure_at_interview", "duration_strata")


def behaviour_problems(client: Client) -> Iterator[Problem]:
    """What contradicts another key in the columns of what customers do?"""
    loyalty = client.loyalty
    if loyalty is None:
        return
    if loyalty.spending_label and not loyalty.spending:
        yield Problem(("loyalty", "spending_label"), "is a label without a column. Add loyalty.spending.")
    yield from _time_problems(client)
    if loyalty.left_date and not client.survey.date:
        text = "says nothing without the day of the interview. Add survey.date, or remove this key."
        yield Problem(("loyalty", "left_date"), text)
    if loyalty.left_date and not client.leaving_column:
        text = "needs to know who left; expected loyalty.left or loyalty.stayed. Add one, or remove this key."
        yield Problem(("loyalty", "left_date"), text)


def _time_problems(client: Client) -> Iterator[Problem]:
    loyalty = client.loyalty
    if loyalty is None:
        return
    if loyalty.duration is None:
        for key in _OF_DURATION:
            if key in loyalty.model_fields_set:
                yield Problem(("loyalty", key), "means nothing without loyalty.duration. Add it, or leave this out.")
        return
    if not (loyalty.event or client.leaving_column):
        text = "needs to know who left at its end; expected loyalty.event, left or stayed. Add one, or remove duration."
        yield Problem(("loyalty", "duration"), text)
    if loyalty.tenure_at_interview and loyalty.duration_from == "interview":
        text = 'contradicts duration_from = "interview", by which everybody starts at 0. Remove one of the two.'
        yield Problem(("loyalty", "tenure_at_interview"), text)
    strata, segments = loyalty.duration_strata, client.survey.segments
    if strata is not None and strata not in segments:
        near = nearest_name(strata, segments)
        text = f'"{strata}" is no segment; expected a column of survey.segments. {near}'
        yield Problem(("loyalty", "duration_strata"), text)
