"""Whether what the table [value] says of spending and tenure can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from drivers.client.problems import Problem, nearest_name

if TYPE_CHECKING:
    from drivers.client.client import Client


def spending_problems(client: Client) -> Iterator[Problem]:
    """Which margin cannot follow satisfaction, and which tenure does not count?"""
    value = client.value
    if value is None:
        return
    if value.through != "retention":
        yield from _margin_problems(client, value.margin_per_year, value.through)
    if "tenure_unit" in value.model_fields_set and value.tenure is None:
        yield Problem(("value", "tenure_unit"), "means nothing without value.tenure. Add the column, or leave it out.")
    if value.tenure is not None and value.tenure not in client.control_names:
        near = nearest_name(value.tenure, client.control_names)
        text = (
            f'is "{value.tenure}", which is no control; expected one of [drivers.items] with role = "control". {near}'
        )
        yield Problem(("value", "tenure"), text.strip())


def _margin_problems(client: Client, margin: float | str, through: str) -> Iterator[Problem]:
    if not isinstance(margin, str):
        text = (
            f'is "{through}", but margin_per_year is one amount for all; expected a column. Name it, or leave this out.'
        )
        yield Problem(("value", "through"), text)
    elif margin in client.control_names:
        text = f'is "{through}", but "{margin}" is held constant as a control.'
        yield Problem(("value", "through"), f"{text} Take it out of [drivers.items], or leave this out.")
