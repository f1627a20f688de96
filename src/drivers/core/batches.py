"""Batches: moments put side by side on a leading axis, such as completions and draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from drivers.core.moments import FloatArray, IntArray, Moments

_ARRAYS = ("base", "weight_sum", "weight_square_sum", "mean", "cross")


def stacked(parts: Sequence[Moments]) -> Moments:
    """Moments with a new leading axis."""
    return _combined(np.stack, parts)


def joined(parts: Sequence[Moments]) -> Moments:
    """Moments one behind the other on their leading axis."""
    return _combined(np.concatenate, parts)


def interleaved(parts: Sequence[Moments]) -> Moments:
    """Moments in turn: part k of m holds the places k, k + m, k + 2m … of the leading axis."""
    return taken(joined(parts), _turns([len(part.weight_sum) for part in parts]))


def in_turn(parts: Sequence[FloatArray]) -> FloatArray:
    """Arrays in turn on their first axis, as `interleaved` does with moments."""
    return np.asarray(np.concatenate(parts)[_turns([len(part) for part in parts])])


def _turns(lengths: list[int]) -> IntArray:
    """Where the place of the whole stands among the parts put one behind the other."""
    draws = sum(lengths)
    order = np.empty(draws, dtype=np.int64)
    order[np.concatenate([np.arange(k, draws, len(lengths)) for k in range(len(lengths))])] = np.arange(draws)
    return order


def taken(moments: Moments, place: Any) -> Moments:  # noqa: ANN401 - whatever numpy takes for an index
    """Moments at these places of the leading axis."""
    return Moments(moments.names, *(np.asarray(getattr(moments, name)[place]) for name in _ARRAYS))


def averaged(moments: Moments) -> Moments:
    """All of the leading axis in one, counted as one sample: what several completions of it say together."""
    m, whole = len(moments.weight_sum), moments.pooled()
    return replace(
        whole,
        base=whole.base // m,
        weight_sum=whole.weight_sum / m,
        weight_square_sum=whole.weight_square_sum / m,
        cross=whole.cross / m,
    )


def _combined(how: Callable[[list[Any]], Any], parts: Sequence[Moments]) -> Moments:
    return Moments(parts[0].names, *(how([getattr(part, name) for part in parts]) for name in _ARRAYS))
