"""Contracts: which kind each respondent's organisation has, and what the kinds are compared on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from drivers.survey.segments import Segmentation

PERCENT = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class ContractPlan:
    """The kinds of contract, and what they are compared on.

    Attributes
    ----------
    kinds
        To which kind each respondent belongs, in the client file's order.
    adjust
        Columns that are held equal.
    operations
        Columns with shares of promises kept.
    margin
        Gap in points of satisfaction below which two kinds count as equal; None where equality is not tested.
    """

    kinds: Segmentation
    adjust: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    margin: float | None = None

    def rows(self, chosen: np.ndarray) -> ContractPlan:
        """The same of these respondents only. `chosen` is boolean, (n,)."""
        return replace(self, kinds=self.kinds.rows(chosen))


def kept_unit(values: np.ndarray) -> float:
    """What stands for everything kept in a column of shares: 1, or 100 where some values lie above 1."""
    return PERCENT if np.nanmax(values, initial=0.0) > 1 else 1.0
