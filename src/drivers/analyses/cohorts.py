"""Cohorts: customers who started together, and how many are left after each renewal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.core.contract import observed_hazard
from drivers.errors import EstimationError
from drivers.wording import sentence


def cohort_losses(cohorts: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Customers lost at each renewal, and kept to the end of observation after it, over all cohorts; arrays (n,).

    Raises
    ------
    EstimationError
        When columns are missing, a renewal is left out or stands twice, or customers come back.
    """
    if missing := [c for c in ("renewal", "customers") if c not in cohorts.columns]:
        raise EstimationError(sentence(_NO_COLUMN, column=missing[0]))
    if not len(cohorts):
        raise EstimationError(sentence("The table of cohorts is empty. Add the customers left after each renewal."))
    groups = cohorts.groupby("cohort", sort=False) if "cohort" in cohorts.columns else [("all", cohorts)]
    parts = [(name, frame.sort_values("renewal")) for name, frame in groups]
    longest = max((len(frame) for _, frame in parts), default=1) - 1
    lost, kept = np.zeros(max(longest, 0)), np.zeros(max(longest, 0))
    for name, frame in parts:
        left = _survivors(str(name), frame)
        lost[: len(left) - 1] -= np.diff(left)
        kept[len(left) - 2] += left[-1]
    return lost, kept


def _survivors(name: str, frame: pd.DataFrame) -> np.ndarray:
    renewals, left = (frame[c].to_numpy(dtype=float) for c in ("renewal", "customers"))
    if len(left) < 2 or not np.array_equal(renewals, np.arange(len(left))):
        raise EstimationError(sentence(_GAP, name=name))
    whole = np.isfinite(left).all() and (left == np.floor(left)).all() and left.min() >= 0 and left[0] > 0
    if not whole or (np.diff(left) > 0).any():
        raise EstimationError(sentence(_RETURNED, name=name))
    return np.asarray(left)


_NO_COLUMN = (
    "The table of cohorts has no column {column}. Expected renewal (0, 1, 2 and so on), customers still there, and "
    "cohort where there are several."
)
_GAP = (
    "Cohort {name} does not run from renewal 0 on in steps of 1. Give each renewal once, with renewal 0 for the "
    "customers at the start."
)
_RETURNED = (
    "The customers of cohort {name} are no whole numbers that only fall. Count those of the start who are still there, "
    "without customers who joined later."
)


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """Customers of all cohorts together, and in draws of them.

    Attributes
    ----------
    lost, kept
        Arrays (n,): customers lost at each renewal, and kept to the end of observation after it.
    counts
        Array (B + 1, 2n): both, in the sample and in each draw.
    horizon
        Renewals in the horizon.
    """

    lost: np.ndarray
    kept: np.ndarray
    counts: np.ndarray
    horizon: int

    @classmethod
    def drawn(cls, cohorts: pd.DataFrame, horizon: int, rng: np.random.Generator, draws: int) -> Cohort:
        """The customers of this table, and as many drawn from them, time and again."""
        lost, kept = cohort_losses(cohorts)
        counts = np.concatenate([lost, kept])
        drawn = rng.multinomial(int(counts.sum()), counts / counts.sum(), draws).astype(float)
        return cls(lost, kept, np.vstack([counts, drawn]), horizon)

    @property
    def hazard(self) -> np.ndarray:
        """Share lost at each renewal (B + 1, n)."""
        n = len(self.lost)
        return observed_hazard(self.counts[:, :n], self.counts[:, n:])

    @property
    def at_risk(self) -> np.ndarray:
        """Customers (n,) who came to each renewal."""
        return np.asarray(np.cumsum((self.lost + self.kept)[::-1])[::-1])

    def retention(self) -> np.ndarray:
        """One retention rate (B + 1,): renewals made of renewals that came up."""
        n = len(self.lost)
        steps = np.arange(1, n + 1)
        left, stays = self.counts[:, :n].sum(axis=1), self.counts[:, :n] @ (steps - 1) + self.counts[:, n:] @ steps
        return np.asarray(stays / (left + stays))

    def constant(self, retention: np.ndarray) -> np.ndarray:
        """Survival (B + 1, H + 1) with the same retention (B + 1,) at every renewal."""
        return np.asarray(retention[:, None] ** np.arange(self.horizon + 1))
