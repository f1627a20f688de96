"""Patterns: respondents who are alike in what a model knows of them, and their weights together in every draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from drivers.core.resample import Grouping, Resample
from drivers.survey.survey import Survey

_CELLS = 60_000  # draws x patterns held at once: half a MB an array, what a cache holds

Sums = tuple[list[np.ndarray], list[np.ndarray]]
"""Of each weighting: sums of weights times its factor in every pattern (b, u), and of all whom it counts (b,)."""


@dataclass(frozen=True, slots=True, eq=False)
class PatternSums:
    """Weights of patterns, summed in the sample and in the draws; the same weighting is summed once.

    Attributes
    ----------
    resample, whole
        The draws, and the weights that they count: of each weighting its patterns and then all whom it counts (G,).
    own
        The same sums (G,) of the sample itself.
    size, which
        Number u of patterns, and the place of each weighting among those that are summed.
    """

    resample: Resample
    whole: Grouping
    own: np.ndarray
    size: int
    which: list[int]

    @classmethod
    def of(
        cls,
        survey: Survey,
        resample: Resample,
        index: np.ndarray,
        weightings: Sequence[tuple[np.ndarray, np.ndarray]],
        pattern: np.ndarray,
    ) -> PatternSums:
        """The sums over patterns (m,) of the respondents at these positions (m,), for factors and members (m,)."""
        distinct = {(id(factor), id(among)): (factor, among) for factor, among in weightings}
        size, w = int(pattern.max()) + 1, survey.weights[index]
        parts, groups = [], []
        for place, (factor, among) in enumerate(distinct.values()):
            parts += [w * factor, w * among]
            groups += [pattern + place * (size + 1), np.full(len(w), size + place * (size + 1))]
        weights, group = np.concatenate(parts), np.concatenate(groups)
        places = {key: place for place, key in enumerate(distinct)}
        return cls(
            resample=resample,
            whole=resample.grouping(weights, group, np.tile(index, len(parts))),
            own=np.bincount(group, weights),
            size=size,
            which=[places[id(factor), id(among)] for factor, among in weightings],
        )

    def sample(self) -> Sums:
        """Sums of the sample, b = 1."""
        return self._split(self.own[None])

    def drawn(self, part: slice) -> Sums:
        """Sums of these draws."""
        return self._split(self.resample.grouped(self.whole, part.start, part.stop))

    def _split(self, found: np.ndarray) -> Sums:
        cut = found.reshape(len(found), -1, self.size + 1)
        return [cut[:, place, : self.size] for place in self.which], [cut[:, place, self.size] for place in self.which]


def blocks(draws: int, size: int) -> Iterator[slice]:
    """The draws in blocks, small enough for a cache where each has an array of this size."""
    step = max(1, _CELLS // max(size, 1))
    yield from (slice(start, start + step) for start in range(0, draws, step))
