"""Division: what each player adds to the fit of an outcome of any kind, in the sample and in every draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from drivers.analyses.basis import JACKKNIFE_GROUPS, LinearBasis
from drivers.analyses.outcomes import SeenOutcome, outcome_likelihood
from drivers.analyses.players import Players
from drivers.core.batches import in_turn
from drivers.core.binary import BinaryLogit
from drivers.core.blocks import block_r_squared, divided_r_squared
from drivers.core.design import linearised_covariance
from drivers.core.expansion import Expansion
from drivers.core.likelihood import Likelihood
from drivers.core.moments import FloatArray, IntArray, Moments
from drivers.core.multinomial import MultinomialLogit
from drivers.core.resample import Resample, jackknife_moments
from drivers.core.subsets import SubsetFits, subset_fits
from drivers.survey.survey import Survey

COMPLETIONS = 5
"""Completions of the answers that an outcome that is not linear is fitted on, of those that there are."""

_CELLS = 4_000_000  # draws x respondents held at once: 32 MB


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """The fit of an outcome, divided over g players.

    Attributes
    ----------
    values, drawn
        Arrays (g,) and (B, g): what each adds to the fit beyond the controls, as a part of what there is to explain.
    shares, shares_drawn, shares_left
        The same as shares of their sum; the last (G, g) with respondents left out in turn, to first order.
    total_left
        Array (G,), the sum of the values with respondents left out in turn, to first order.
    worth
        Array (2**g,), fit of every set of players; None where not every set was fitted.
    error
        Standard error of the shares for want of the sets that were not fitted, the largest of all players.
    measures
        Measures of fit of the whole model.
    ratio, degrees
        Twice what the players add to the log-likelihood, for each unit of weight, and how many parameters they have.
    tjur
        Array (g,): shares of Tjur's coefficient; NaN where the outcome is not one of two.
    odds
        Arrays (g,): log-odds of one unit of each player with their standard errors; NaN where there is no such number.
    """

    values: FloatArray
    drawn: FloatArray
    shares: FloatArray
    shares_drawn: FloatArray
    shares_left: FloatArray
    total_left: FloatArray
    worth: FloatArray | None
    error: float
    measures: Mapping[str, float]
    ratio: float
    degrees: int
    tjur: FloatArray
    odds: tuple[FloatArray, FloatArray]


def divided_fit(
    survey: Survey, basis: LinearBasis, players: Players, seen: SeenOutcome, resample: Resample
) -> Division:
    """What does each player add to the fit of this outcome?

    Raises
    ------
    EstimationError
        When there are too many players, or a model has no finite estimate.
    """
    divide = _linear if seen.kind == "linear" else _likely
    sets = list(basis.completions())
    sets = sets if seen.kind == "linear" else sets[:COMPLETIONS]
    parts = [replace(resample, counts=resample.counts[k :: len(sets)]) for k in range(min(len(sets), resample.draws))]
    found = [divide(survey, one, players, seen, part) for one, part in zip(sets, parts, strict=False)]
    return found[0] if len(found) == 1 else _pooled(found)


def _pooled(found: list[Division]) -> Division:
    """The mean over completions; their draws one after another in turn."""
    first = found[0]
    return Division(
        values=np.mean([f.values for f in found], axis=0),
        drawn=in_turn([f.drawn for f in found]),
        shares=_normalised(np.mean([f.values for f in found], axis=0)),
        shares_drawn=in_turn([f.shares_drawn for f in found]),
        shares_left=np.mean([f.shares_left for f in found], axis=0),
        total_left=np.mean([f.total_left for f in found], axis=0),
        worth=None if first.worth is None else np.mean([f.worth for f in found if f.worth is not None], axis=0),
        error=max(f.error for f in found),
        measures={name: float(np.mean([f.measures[name] for f in found])) for name in first.measures},
        ratio=float(np.mean([f.ratio for f in found])),
        degrees=first.degrees,
        tjur=np.mean([f.tjur for f in found], axis=0),
        odds=(np.mean([f.odds[0] for f in found], axis=0), _rubin([f.odds for f in found])),
    )


def _rubin(odds: list[tuple[FloatArray, FloatArray]]) -> FloatArray:
    """Standard errors over completions (Rubin 1987)."""
    between = np.var([value for value, _ in odds], axis=0, ddof=1)
    return np.asarray(np.sqrt(np.mean([error**2 for _, error in odds], axis=0) + (1 + 1 / len(odds)) * between))


def _normalised(values: FloatArray) -> FloatArray:
    total = values.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(values, total, out=np.full_like(values, np.nan), where=total > 0))


def _linear(survey: Survey, basis: LinearBasis, players: Players, seen: SeenOutcome, resample: Resample) -> Division:
    """R² of least squares."""
    z = np.column_stack([players.design(basis.z), seen.y])
    names = tuple(map(str, range(z.shape[1])))
    whole = np.zeros((survey.base, z.shape[1]))
    whole[basis.rows] = z
    sample = Moments.from_rows(names, z, basis.w)
    groups = None if basis.base <= JACKKNIFE_GROUPS else JACKKNIFE_GROUPS
    left = _values(jackknife_moments(names, z, basis.w, groups, units=basis.clusters), players)
    drawn = _values(resample.moments(names, whole, survey.weights, basis.rows), players)
    values, nothing = _values(sample, players), np.full(len(players.names), np.nan)
    whole_fit = _whole_r_squared(sample.cross)
    return Division(
        values=values,
        drawn=drawn,
        shares=_normalised(values),
        shares_drawn=_normalised(drawn),
        shares_left=_normalised(left),
        total_left=left.sum(axis=1),
        worth=next(block_r_squared(sample.cross[None], players.places, controls=players.free))[1][0],
        error=0.0,
        measures={"r_squared": whole_fit},
        ratio=float(np.log1p(values.sum() / max(1.0 - whole_fit, 1e-12))),
        degrees=players.width - players.free,
        tjur=nothing,
        odds=(nothing, nothing),
    )


def _values(moments: Moments, players: Players) -> FloatArray:
    return divided_r_squared(moments.cross, players.places, players.plan.whole, controls=players.free)


def _whole_r_squared(cross: FloatArray) -> float:
    return float(next(block_r_squared(cross[None], [range(len(cross) - 1)]))[1][0, 1])


def _likely(survey: Survey, basis: LinearBasis, players: Players, seen: SeenOutcome, resample: Resample) -> Division:
    """McFadden's measure of a likelihood."""
    order = np.argsort(seen.y, kind="stable")
    x = players.design(basis.z)[order]
    spread = x.std(axis=0)
    unit = np.where(spread > 0, spread, 1.0)
    ordered = replace(seen, y=seen.y[order])
    model = outcome_likelihood(ordered, (x - x.mean(axis=0)) / unit, basis.w[order])
    fits = subset_fits(model, players.places, players.plan)
    index = np.flatnonzero(basis.rows)[order]
    expansion = Expansion(model, fits, ordered.classes)
    drawn = _drawn(survey, expansion, index, resample)
    values = expansion.sample / -fits.null_loglik
    shares = _normalised(values)
    units = None if basis.clusters is None else basis.clusters[order]
    shares_left, total_left = _left_out(model, fits, expansion.sample, units)
    return Division(
        values=values,
        drawn=drawn,
        shares=shares,
        shares_drawn=_normalised(drawn),
        shares_left=shares_left,
        total_left=total_left,
        worth=fits.mcfadden if players.plan.orders is None else None,
        error=float(expansion.error.max() / expansion.sample.sum()),
        measures=_measures(model, fits),
        ratio=float(2.0 * expansion.sample.sum() / fits.weight_sum),
        degrees=int(fits.inside.any(axis=0).sum()),
        tjur=_tjur(model, fits, players),
        odds=_odds(basis, model, fits, players, unit, order),
    )


def _drawn(survey: Survey, expansion: Expansion, index: IntArray, resample: Resample) -> FloatArray:
    """What each player adds in every draw (B, g), as a part of the null deviance of the draw."""
    size = max(1, _CELLS // survey.base)
    sums = [
        expansion.sums(resample.weightings(survey.weights, i, i + size)[:, index])
        for i in range(0, resample.draws, size)
    ]
    found = expansion.values(np.concatenate(sums))
    return np.asarray(found.values / -found.null_loglik[:, None])


def _left_out(
    model: Likelihood, fits: SubsetFits, values: FloatArray, units: IntArray | None
) -> tuple[FloatArray, FloatArray]:
    """Shares (G, g) and their total (G,) without each unit: minus its influence, by the envelope theorem."""
    each = fits.rows.sum(axis=0)
    total = float(values.sum())
    null = model.slopes(model.null[None]).rows[0]
    parts = np.vstack([fits.rows - values[:, None] / total * each, each - total / fits.null_loglik * null]) * model.w
    if units is not None:
        parts = np.stack([np.bincount(units, row) for row in parts])
    return -parts[:-1].T / total, parts[-1] / fits.null_loglik


def _measures(model: Likelihood, fits: SubsetFits) -> dict[str, float]:
    found = {"mcfadden": fits.mcfadden, "nagelkerke": fits.nagelkerke, "cox_snell": fits.cox_snell}
    measures = {name: float(values[-1]) for name, values in found.items()}
    return measures | ({"tjur": float(model.tjur(fits.theta[-1:])[0])} if isinstance(model, BinaryLogit) else {})


def _tjur(model: Likelihood, fits: SubsetFits, players: Players) -> FloatArray:
    if not isinstance(model, BinaryLogit) or players.plan.orders is not None:
        return np.full(len(players.names), np.nan)
    return _normalised(model.tjur(fits.theta) @ players.plan.divide.T)


def _odds(
    basis: LinearBasis, model: Likelihood, fits: SubsetFits, players: Players, unit: FloatArray, order: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Log-odds (g,) of one unit of each player, and their errors under the design; NaN where it is not one number."""
    value, error = np.full((2, len(players.names)), np.nan)
    at = model.slopes(fits.whole[None])
    if isinstance(model, MultinomialLogit):
        return value, error  # one for each choice
    influence = np.zeros((basis.base, len(fits.whole)))
    influence[order] = model.w[:, None] * model.row_slopes(fits.whole)[0] @ np.linalg.pinv(at.information[0])
    covariance = _covariance(basis, influence)
    place = {int(column): k for k, column in enumerate(model.owners) if column >= 0}
    for j, column in enumerate(players.straight):
        if column >= 0:
            k = place[int(column)]
            value[j], error[j] = fits.whole[k] / unit[column], np.sqrt(covariance[k, k]) / unit[column]
    return value, error


def _covariance(basis: LinearBasis, influence: FloatArray) -> FloatArray:
    if basis.design is None:
        n, k = influence.shape
        return np.asarray(influence.T @ influence * n / (n - k))
    whole = np.zeros((len(basis.counted), influence.shape[1]))
    whole[basis.counted] = influence
    return linearised_covariance(whole, basis.design)
