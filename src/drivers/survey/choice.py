"""Choice: what client organisations decided, and which answers may tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class ChoicePlan:
    """What the organisations decided, and what may tell.

    Attributes
    ----------
    decisions
        Array (n,): 0 stays, 1 switches, 2 takes the work back, -1 has yet to decide or does not say.
    organisations
        Array (n,) of text, the code of each respondent's organisation.
    scales
        Columns of each scale, by its name.
    controls
        Columns that are held constant.
    minimum_respondents
        Fewest respondents of an organisation that is named.
    """

    decisions: np.ndarray
    organisations: np.ndarray
    scales: Mapping[str, tuple[str, ...]]
    controls: tuple[str, ...] = ()
    minimum_respondents: int = 3

    def rows(self, chosen: np.ndarray) -> ChoicePlan:
        """The same of these respondents only. `chosen` is boolean, (n,)."""
        return replace(self, decisions=self.decisions[chosen], organisations=self.organisations[chosen])
