"""The table [quality] of a client file: which answers are not to be trusted."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from drivers.client.fields import Section

Screen = Literal[
    "straightliners", "long_strings", "too_fast", "duplicate_answers", "duplicate_respondents", "impossible_dates",
    "contradictory", "inconsistent", "outliers", "influential",
]  # fmt: skip


class Quality(Section):
    """Which answers are not to be trusted, and whether they count.

    Every check is counted and reported; nobody is left out unless it is named in ``exclude``.
    """

    exclude: tuple[Screen, ...] = Field(
        (),
        title=f"a list of {', '.join(get_args(Screen))}",
        description="Checks whose respondents are left out of every result. Default: none, as the report shows what "
        "changes without them.",
    )
    too_fast_share: float = Field(
        0.48,
        gt=0,
        lt=1,
        title="a number above 0 and below 1",
        description="Part of the median duration below which a respondent was too fast. Default: the custom of panel "
        "firms, a little under half.",
    )
    too_fast_below: float | None = Field(
        None,
        gt=0,
        title="a number above 0",
        description="Duration below which a respondent was too fast, in the unit of survey.duration; takes the place "
        "of too_fast_share. Default: by too_fast_share.",
    )
