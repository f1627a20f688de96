"""The proportional hazards model of Cox, weighted, with errors for any sampling design.

Cox 1972, Journal of the Royal Statistical Society B 34:187 (doi:10.1111/j.2517-6161.1972.tb00899.x); ties by Efron 1977
(doi:10.1080/01621459.1977.10480613), weighted as R's ``survival::coxph`` does; influence by Lin and Wei 1989
(doi:10.1080/01621459.1989.10478874). statsmodels' ``PHReg`` takes no weights.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from drivers.core.moments import BoolArray, FloatArray, IntArray

_STEPS = 30
_TOLERANCE = 1e-10
_FURTHEST = 12.0  # log-hazards per standard deviation beyond which there is no finite maximum


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Who was followed from when to when.

    Attributes
    ----------
    time, entry
        Arrays (n,): when each was last seen, and from when he was at risk (later than that moment itself).
    event
        Boolean array (n,): whether he left at `time`.
    strata
        Integer codes (n,); customers are compared within them.
    w
        Weights (n,).
    """

    time: FloatArray
    entry: FloatArray
    event: BoolArray
    strata: IntArray
    w: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class CoxFit:
    """A proportional hazards model on k columns.

    Attributes
    ----------
    beta
        Array (k,), log hazard ratio of one unit more; NaN without a finite maximum.
    information
        Array (k, k).
    influence
        Array (n, k), what each respondent, weight included, moves the estimate by.
    drift
        Array (k,): whether the effect of each column changes with log time: the slope of that interaction, one step
        of Newton's from none; positive where the hazard ratio rises.
    drift_influence
        Array (n, k), of each respondent on it.
    """

    beta: FloatArray
    information: FloatArray
    influence: FloatArray
    drift: FloatArray
    drift_influence: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Slopes:
    """Gradient (q,) and information (q, q) with the score residuals (n, q)."""

    gradient: FloatArray
    information: FloatArray
    residuals: FloatArray


def fit_cox(x: FloatArray, followed: Followed) -> CoxFit:
    """The model of leaving on `x` (n, k).

    Notes
    -----
    Newton-Raphson on the concave partial likelihood. The test of proportional hazards is the score test of columns
    times log time (Grambsch and Therneau 1994, doi:10.1093/biomet/81.3.515), its errors those of the design.
    """
    spread = x.std(axis=0)
    unit = np.where(spread > 0, spread, 1.0)
    z = (x - x.mean(axis=0)) / unit
    scaled = replace(followed, w=followed.w / followed.w.mean())
    beta = _maximum(z, scaled)
    if not np.isfinite(beta).all():
        none, rows = np.full(x.shape[1], np.nan), np.full(x.shape, np.nan)
        return CoxFit(none, np.full((x.shape[1],) * 2, np.nan), rows, none, rows)
    return _fitted(z, unit, scaled, beta)


def _maximum(z: FloatArray, followed: Followed) -> FloatArray:
    beta = np.zeros(z.shape[1])
    for _ in range(_STEPS):
        at = _slopes(z, followed, beta, drifting=False)
        if np.linalg.cond(at.information) > 1e12:
            break
        step = np.linalg.solve(at.information, at.gradient)
        beta = beta + step
        if np.abs(beta).max() > _FURTHEST:
            break
        if np.abs(step).max() < _TOLERANCE:
            return beta
    return np.full(z.shape[1], np.nan)


def _fitted(z: FloatArray, unit: FloatArray, followed: Followed, beta: FloatArray) -> CoxFit:
    k = len(beta)
    at = _slopes(z, followed, beta, drifting=True)
    own, cross, both = at.information[:k, :k], at.information[k:, :k], at.information[k:, k:]
    inverse = np.linalg.inv(own)
    efficient = at.residuals[:, k:] - at.residuals[:, :k] @ inverse @ cross.T
    moved = efficient / np.diagonal(both - cross @ inverse @ cross.T) / unit
    return CoxFit(
        beta=beta / unit,
        information=own * unit[:, None] * unit,
        influence=at.residuals[:, :k] @ inverse / unit,
        drift=moved.sum(axis=0),
        drift_influence=moved,
    )


def log_rank_scores(groups: FloatArray, followed: Followed) -> tuple[FloatArray, FloatArray]:
    """Scores (k,) of group indicators (n, k) where none differs, and each respondent's part (n, k) in them.

    The log-rank test of weighted or clustered samples (Lin and Wei 1989).
    """
    at = _slopes(groups, followed, np.zeros(groups.shape[1]), drifting=False)
    return at.gradient, at.residuals


def _slopes(x: FloatArray, followed: Followed, beta: FloatArray, *, drifting: bool) -> _Slopes:
    """Slopes at `beta` (k,); where `drifting`, also for k columns more, those times log time, at 0."""
    k = len(beta) * (2 if drifting else 1)
    gradient, information, residuals = np.zeros(k), np.zeros((k, k)), np.zeros((len(x), k))
    centre = _log_time(followed.time[followed.event]).mean() if drifting and followed.event.any() else None
    for code in np.unique(followed.strata):
        rows = np.flatnonzero(followed.strata == code)
        part = _stratum(x[rows], _rows(followed, rows), beta, centre)
        gradient += part.gradient
        information += part.information
        residuals[rows] = part.residuals
    return _Slopes(gradient, information, residuals)


def _rows(followed: Followed, rows: IntArray) -> Followed:
    f = followed
    return Followed(f.time[rows], f.entry[rows], f.event[rows], f.strata[rows], f.w[rows])


def _log_time(time: FloatArray) -> FloatArray:
    return np.asarray(np.log(np.maximum(time, 1e-9)))


def _stratum(x: FloatArray, followed: Followed, beta: FloatArray, centre: float | None) -> _Slopes:
    """One stratum: risk sets by event time, tied events one after another with part of the tied taken off."""
    times, e = np.unique(followed.time[followed.event]), followed.w * np.exp(x @ beta)
    last = np.searchsorted(times, followed.time, side="right") - 1
    first = np.searchsorted(times, followed.entry, side="right")
    steps = _steps(x, e, followed, _Span(times, first, last))
    drift = None if centre is None else _log_time(times) - centre
    return _assembled(x, e, followed, steps, drift)


@dataclass(frozen=True, slots=True, eq=False)
class _Span:
    """Event times (T,), and the first and last of them (n,) at which each is at risk."""

    times: FloatArray
    first: IntArray
    last: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """One row an event, tied ones in turn: its time (E,), fraction taken off (E,), hazard (E,), mean (E, k), spread."""

    span: _Span
    place: IntArray
    fraction: FloatArray
    hazard: FloatArray
    weight: FloatArray
    mean: FloatArray
    spread: FloatArray


def _steps(x: FloatArray, e: FloatArray, followed: Followed, span: _Span) -> _Steps:
    size, k = len(span.times), x.shape[1]
    powers = np.column_stack([np.ones(len(x)), x, (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)]) * e[:, None]
    risk = _from_last(powers, span.last, size) - _from_last(powers, span.first - 1, size)
    dead = followed.event
    tied = _binned(powers[dead], span.last[dead], size)
    count = np.bincount(span.last[dead], minlength=size)
    weight = np.bincount(span.last[dead], followed.w[dead], minlength=size) / np.maximum(count, 1)
    place = np.repeat(np.arange(size), count)
    turn = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
    fraction = turn / count[place]
    left = risk[place] - fraction[:, None] * tied[place]
    mean = left[:, 1 : k + 1] / left[:, :1]
    second = (left[:, k + 1 :] / left[:, :1]).reshape(-1, k, k)
    spread = second - mean[:, :, None] * mean[:, None, :]
    return _Steps(span, place, fraction, weight[place] / left[:, 0], weight[place], mean, spread)


def _binned(values: FloatArray, place: IntArray, size: int) -> FloatArray:
    """Sums (size, q) of the rows of each place; places below 0 count for nothing."""
    total = np.zeros((size, values.shape[1]))
    np.add.at(total, place[place >= 0], values[place >= 0])
    return total


def _from_last(values: FloatArray, last: IntArray, size: int) -> FloatArray:
    """Sums (size, q) over those whose last place is this one or later."""
    return np.cumsum(_binned(values, last, size)[::-1], axis=0)[::-1]


def _assembled(x: FloatArray, e: FloatArray, followed: Followed, steps: _Steps, drift: FloatArray | None) -> _Slopes:
    factors = [np.ones(len(steps.span.times))] + ([] if drift is None else [drift])
    parts = [_score(x, e, followed, steps, factor) for factor in factors]
    residuals = np.column_stack(parts)
    blocks = [
        [np.einsum("e,ekl->kl", steps.weight * (a * b)[steps.place], steps.spread) for b in factors] for a in factors
    ]
    return _Slopes(residuals.sum(axis=0), np.block(blocks), residuals)


def _score(x: FloatArray, e: FloatArray, followed: Followed, steps: _Steps, factor: FloatArray) -> FloatArray:
    """Score residuals (n, k) of columns times a factor (T,) of time; they add to the gradient."""
    span, size = steps.span, len(steps.span.times)
    events, at = followed.event, span.last
    count = np.maximum(np.bincount(steps.place, minlength=size), 1)
    mean = _binned(steps.mean, steps.place, size) / count[:, None]
    hazard = steps.hazard * factor[steps.place]
    walked = np.column_stack([hazard, hazard[:, None] * steps.mean])
    upto = np.vstack([np.zeros(walked.shape[1]), np.cumsum(_binned(walked, steps.place, size), axis=0)])
    spell = upto[np.maximum(span.last, span.first - 1) + 1] - upto[span.first]
    own = _binned(walked * steps.fraction[:, None], steps.place, size)
    spell[events] -= own[at[events]]
    residuals = -e[:, None] * (x * spell[:, :1] - spell[:, 1:])
    residuals[events] += (followed.w[events] * factor[at[events]])[:, None] * (x[events] - mean[at[events]])
    return np.asarray(residuals)
