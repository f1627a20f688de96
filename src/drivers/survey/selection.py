"""Selection: which drivers and controls this wave can say anything about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from drivers.client import Client
from drivers.errors import SurveyError
from drivers.survey.readings import Rating


@dataclass(frozen=True, slots=True)
class Selection:
    """Columns that are kept, drivers that nobody answered, and columns that say nothing for being all the same."""

    drivers: tuple[str, ...]
    controls: tuple[str, ...]
    not_asked: tuple[str, ...]
    constant: tuple[str, ...]


def select_items(
    client: Client, ratings: Mapping[str, Rating], weights: np.ndarray, labels: Mapping[str, str]
) -> Selection:
    """Which drivers and controls vary among the respondents who count?

    Raises
    ------
    SurveyError
        When no driver does.
    """
    answers = {column: _different(ratings[column].numbers[weights > 0]) for column in client.drivers.items}
    drivers = tuple(column for column in client.driver_names if answers[column] > 1)
    if not drivers:
        tried = ", ".join(labels.get(column, column) for column in client.driver_names)
        raise SurveyError(
            f"No driver has answers that differ: {tried}. Expected at least one. Check [drivers.items], "
            "survey.missing, and whether this wave asked them."
        )
    return Selection(
        drivers=drivers,
        controls=tuple(column for column in client.control_names if answers[column] > 1),
        not_asked=tuple(column for column in client.driver_names if answers[column] == 0),
        constant=tuple(
            column
            for column, item in client.drivers.items.items()
            if answers[column] == 1 or (item.role == "control" and answers[column] == 0)
        ),
    )


def _different(numbers: np.ndarray) -> int:
    return len(np.unique(numbers[~np.isnan(numbers)]))
