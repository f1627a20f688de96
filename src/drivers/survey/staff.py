"""The staff: what employees answered, in layers and teams, and what the teams achieved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
        """Places of the layers in which at least the minimum base answered on satisfaction."""
        answered = self.layer[self.answers[self.satisfaction].notna().to_numpy()]
        counts = np.bincount(answered, minlength=len(self.layers))
        return tuple(int(k) for k in np.flatnonzero(counts >= self.minimum_base))

    def answered(self, column: str, layer: int) -> np.ndarray:
        """Boolean array (n,): employees of this layer who answered this question."""
        return np.asarray((self.layer == layer) & self.answers[column].notna().to_numpy())
