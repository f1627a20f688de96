"""The staff: what employees answered, in layers and teams, and what the teams achieved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Staff:
    """One survey of employees, ready for analysis; nothing in it is ever modified.

    Attributes
    ----------
    answers
        Frame (n employees, satisfaction and items), float64, NaN where not asked or not answered.
    satisfaction
        Column of `answers` that holds satisfaction with the work.
    labels
        Printed name of each column of `answers`.
    scale
        Lowest and highest answer of every question.
    layers
        Printed names of the layers, from the floor up to the board.
    layer
        Array (n,), place in `layers` of each employee.
    team
        Array (n,), codes 0 … G-1; -1 for who is in none.
    customers
        Column of the customers' survey that asks the same, by item.
    batteries
        Items that measure one thing together, by the name of each battery.
    information
        Items on information that comes down and that comes up; None where these are not compared.
    results
        Frame (G teams, what is known of customers, absence, turnover) in the order of the codes; absence and turnover
        are fractions, NaN where unknown. Without columns where the client file names none.
    minimum_base
        Fewest employees of whom a number is shown.
    unplaced
        Rows without a layer, left out.
    source
        Name of the file, without folder.
    """

    answers: pd.DataFrame
    satisfaction: str
    labels: Mapping[str, str]
    scale: tuple[float, float]
    layers: tuple[str, ...]
    layer: np.ndarray
    team: np.ndarray
    customers: Mapping[str, str]
    batteries: Mapping[str, tuple[str, ...]]
    information: tuple[str, str] | None
    results: pd.DataFrame
    minimum_base: int
    unplaced: int = 0
    source: str = "a data frame"

    @property
    def units(self) -> np.ndarray:
        """Codes (n,) of who depend on each other: the members of a team, or one employee without a team."""
        alone = self.team.max(initial=-1) + 1 + np.arange(len(self.team))
        return np.where(self.team < 0, alone, self.team)

    @property
    def shown_layers(self) -> tuple[int, ...]:
        """Places of the layers whose satisfaction may be shown."""
        return tuple(k for k in range(len(self.layers)) if self.may_show(self.satisfaction, self.layer == k))

    def scored(self) -> Staff:
        """The same staff with each battery as one column, the mean of its items, in the place of these."""
        items = {item for items in self.batteries.values() for item in items}
        scores = {name: self.answers[list(items)].mean(axis=1, skipna=False) for name, items in self.batteries.items()}
        answers = self.answers.drop(columns=list(items)).assign(**scores)
        labels = {column: self.labels.get(column, column) for column in answers}
        return replace(self, answers=answers, labels=MappingProxyType(labels))

    def may_show(self, column: str, rows: np.ndarray) -> bool:
        """Whether so many of these employees (n,) answered, and so differently, that nobody's answer is told."""
        answers = self.answers[column].to_numpy()[rows]
        answers = answers[~np.isnan(answers)]
        return len(answers) >= self.minimum_base and bool(np.ptp(answers) > 0)
