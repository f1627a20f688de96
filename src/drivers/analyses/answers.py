"""Answers: the moments of a sample, its draws and its jackknife, under each policy for missing answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

import numpy as np

from drivers.core.available import PairSums, ProperMoments, pair_bases, pair_sums, proper_moments
from drivers.core.batches import averaged, interleaved, joined, stacked, taken
from drivers.core.imputation import Imputation
from drivers.core.moments import Moments
from drivers.core.quantile import weighted_quantile
from drivers.core.resample import Resample, jackknife_moments

_CELLS = 4_000_000  # draws x respondents held at once: 32 MB

Split = tuple[Moments, Moments]
"""A fold of respondents' complement, and the fold."""


@dataclass(frozen=True, slots=True, eq=False)
class CompleteAnswers:
    """Respondents who answered every column.

    Attributes
    ----------
    names
        The q columns.
    z, w
        Answers (n, q), NaN where missing, and weights (n,) of every respondent of the survey.
    rows
        Boolean array (n,), who is in.
    clusters
        Codes (n,) of the units sampled; None when every row is its own.
    """

    names: tuple[str, ...]
    z: np.ndarray
    w: np.ndarray
    rows: np.ndarray
    clusters: np.ndarray | None = None

    @property
    def errors_base(self) -> int:
        """Respondents that errors may count on."""
        return int(self.rows.sum())

    def units(self) -> np.ndarray | None:
        """Units (m,) of those who are in."""
        return None if self.clusters is None else self.clusters[self.rows]

    def completions(self) -> Iterator[np.ndarray]:
        """Answers (m, q) without holes of those who are in: one array a completion."""
        yield self.z[self.rows]

    def sample(self) -> Moments:
        """Moments (q) of the sample."""
        return Moments.from_rows(self.names, self.z[self.rows], self.w[self.rows])

    def sets(self) -> Moments:
        """Moments (1, q) of each completed sample."""
        return stacked([self.sample()])

    def drawn(self, resample: Resample) -> Moments:
        """Moments (B, q) of every draw."""
        return resample.moments(self.names, self.z, self.w, self.rows)

    def jackknifed(self, groups: int | None) -> Moments:
        """Moments (G, q) that leave one unit or group out each."""
        return jackknife_moments(self.names, self.z[self.rows], self.w[self.rows], groups, units=self.units())

    def reweighted(self, w: np.ndarray) -> Moments:
        """Moments (m, V, q) of each completed sample under each of V other weightings (V, n) of the respondents."""
        return stacked([Moments.from_weightings(self.names, self.z[self.rows], w[:, self.rows])])

    def splits(self, folds: Sequence[np.ndarray], resample: Resample | None) -> list[Split]:
        """Moments (B, q) of the rest and of each fold (n,) of respondents; (1, q) of the sample itself."""
        inside = [fold & self.rows for fold in folds]
        parts = [self._part(fold, resample) for fold in inside if fold.any()]
        whole = parts[0]
        for part in parts[1:]:
            whole = whole + part
        return [(whole.without(part), part) for part in parts]

    def within(self, chosen: np.ndarray) -> Self:
        """The same answers, of which only the chosen respondents (boolean, (n,)) count."""
        return replace(self, rows=self.rows & chosen)

    def quantile(self, level: float) -> np.ndarray:
        """Weighted quantile (q,) of each column."""
        return np.asarray(weighted_quantile(self.z[self.rows], self.w[self.rows], level))

    def _part(self, fold: np.ndarray, resample: Resample | None) -> Moments:
        if resample is None:
            return Moments.from_weightings(self.names, self.z[fold], self.w[None, fold])
        return resample.moments(self.names, self.z, self.w, fold)


@dataclass(frozen=True, slots=True, eq=False)
class ImputedAnswers(CompleteAnswers):
    """Respondents whose missing answers were completed several times; draw b uses completion b modulo m.

    One bootstrap of each completion, pooled ("MI Boot pooled sample", Schomaker & Heumann 2018,
    doi:10.1002/sim.7654): the draws hold the uncertainty of the sample and that of the missing answers, as ``drawn``
    spreads the joint draws evenly over the completions.
    """

    imputation: Imputation = None  # type: ignore[assignment]  # a field after one with a default

    def completions(self) -> Iterator[np.ndarray]:
        """Answers (m, q) without holes: one array a completion."""
        return (self.imputation.completed(k) for k in range(len(self.imputation)))

    def sample(self) -> Moments:
        """Moments (q) of all completions together, counted as one sample."""
        return averaged(self.sets())

    def sets(self) -> Moments:
        """Moments (m, q) of each completed sample."""
        return stacked([one.sample() for one in self._each()])

    def drawn(self, resample: Resample) -> Moments:
        """Moments (B, q) of every draw."""
        return interleaved([one.drawn(part) for one, part in self._shared(resample)])

    def jackknifed(self, groups: int | None) -> Moments:
        """Moments (G, q) of all completions together that leave one unit or group out each."""
        return averaged(stacked([one.jackknifed(groups) for one in self._each()]))

    def reweighted(self, w: np.ndarray) -> Moments:
        """Moments (m, V, q) of each completed sample under each of V other weightings (V, n) of the respondents."""
        return joined([one.reweighted(w) for one in self._each()])

    def splits(self, folds: Sequence[np.ndarray], resample: Resample | None) -> list[Split]:
        """Moments (B, q) of the rest and of each fold; (m, q) of the completed samples themselves."""
        if resample is None:
            each = [one.splits(folds, None) for one in self._each()]
            return [(joined([a for a, _ in fold]), joined([b for _, b in fold])) for fold in zip(*each, strict=True)]
        each = [one.splits(folds, part) for one, part in self._shared(resample)]
        return [
            (interleaved([a for a, _ in fold]), interleaved([b for _, b in fold])) for fold in zip(*each, strict=True)
        ]

    def within(self, chosen: np.ndarray) -> Self:
        """The same answers and completions, of which only the chosen respondents (boolean, (n,)) count."""
        return replace(self, w=np.where(chosen, self.w, 0.0))

    def quantile(self, level: float) -> np.ndarray:
        """Weighted quantile (q,) of each column, over all completions together."""
        whole = np.concatenate(list(self.completions()))
        return np.asarray(weighted_quantile(whole, np.tile(self.w[self.rows], len(self.imputation)), level))

    def _each(self) -> Iterator[CompleteAnswers]:
        for z in self.completions():
            whole = self.z.copy()
            whole[self.rows] = z
            yield CompleteAnswers(self.names, whole, self.w, self.rows, self.clusters)

    def _shared(self, resample: Resample) -> Iterator[tuple[CompleteAnswers, Resample]]:
        m = len(self.imputation)
        for k, one in enumerate(self._each()):
            if k < resample.draws:
                yield one, replace(resample, counts=resample.counts[k::m])


@dataclass(frozen=True, slots=True, eq=False)
class AvailableAnswers(CompleteAnswers):
    """Everybody with two answers or more: each correlation from those who answered both columns."""

    @property
    def errors_base(self) -> int:
        """Respondents who answered both columns of the pair that the fewest answered."""
        seen = ~np.isnan(self.z[self.w > 0])
        return int((seen.T.astype(float) @ seen).min())

    def completions(self) -> Iterator[np.ndarray]:
        """None: nobody's answers are completed."""
        return iter(())

    def proper(self) -> ProperMoments:
        """Moments (q) of the sample, and what had to be repaired."""
        found = proper_moments(taken(self._sums(self.w[None]).moments(), 0))
        total = found.moments.weight_sum
        effective = pair_bases(self.z, self.w).min()
        base = np.asarray(self.rows.sum())
        square = total**2 / np.maximum(effective, 1.0)
        return replace(found, moments=replace(found.moments, base=base, weight_square_sum=square))

    def sample(self) -> Moments:
        """Moments (q) of the sample; its effective base is that of the pair that the fewest answered."""
        return self.proper().moments

    def drawn(self, resample: Resample) -> Moments:
        """Moments (B, q) of every draw, each repaired on its own where need be."""
        return proper_moments(self._drawn_sums(self.w, resample).moments()).moments

    def jackknifed(self, groups: int | None) -> Moments:
        """Moments (G, q) that leave one unit or group out each."""
        unit = np.arange(len(self.w)) if self.clusters is None else np.unique(self.clusters, return_inverse=True)[1]
        group = unit % min(int(unit.max()) + 1, groups or len(unit))
        left = (group[None] != np.arange(group.max() + 1)[:, None]) * self.w
        return proper_moments(self._sums(left).moments()).moments

    def reweighted(self, w: np.ndarray) -> Moments:
        """Moments (1, V, q) under each of V other weightings (V, n) of the respondents, repaired where need be."""
        return stacked([proper_moments(self._sums(w).moments()).moments])

    def splits(self, folds: Sequence[np.ndarray], resample: Resample | None) -> list[Split]:
        """Moments (B, q) of the rest and of each fold; a fold's own are only measured, so never repaired."""
        weights = [self.w * fold for fold in folds if (fold & self.rows).any()]
        parts = [self._sums(w[None]) if resample is None else self._drawn_sums(w, resample) for w in weights]
        whole = parts[0]
        for part in parts[1:]:
            whole = whole + part
        return [(proper_moments(whole.without(part).moments()).moments, part.moments()) for part in parts]

    def within(self, chosen: np.ndarray) -> Self:
        """The same answers, of which only the chosen respondents (boolean, (n,)) count."""
        return replace(self, rows=self.rows & chosen, w=np.where(chosen, self.w, 0.0))

    def quantile(self, level: float) -> np.ndarray:
        """Weighted quantile (q,) of each column among those who answered it."""
        seen = ~np.isnan(self.z)
        return np.array(
            [float(weighted_quantile(self.z[s, j : j + 1], self.w[s], level)[0]) for j, s in enumerate(seen.T)]
        )

    def _drawn_sums(self, w: np.ndarray, resample: Resample) -> PairSums:
        step = max(1, _CELLS // len(w))
        starts = range(0, resample.draws, step)
        parts = [self._sums(resample.weightings(w, start, start + step)) for start in starts]
        arrays = (
            np.concatenate([getattr(p, name) for p in parts]) for name in ("weight", "first", "second", "product")
        )
        return PairSums(self.names, parts[0].pilot, *arrays)

    def _sums(self, w: np.ndarray) -> PairSums:
        return pair_sums(self.names, self.z, w, np.nanmean(self.z, axis=0))


# Made once for all analyses that ask: of the same answers on the same draws.


@lru_cache(maxsize=4)
def drawn_moments(answers: CompleteAnswers, resample: Resample) -> Moments:
    """Moments (B, q) of every draw."""
    return answers.drawn(resample)


@lru_cache(maxsize=4)
def jackknifed_moments(answers: CompleteAnswers, groups: int | None) -> Moments:
    """Moments (G, q) that leave one unit or group out each."""
    return answers.jackknifed(groups)


@lru_cache(maxsize=4)
def completed_sets(answers: CompleteAnswers) -> Moments:
    """Moments (m, q) of each completed sample."""
    return answers.sets()
