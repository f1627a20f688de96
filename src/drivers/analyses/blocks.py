"""Blocks: the path model of the sample and of every draw, from the moments of all items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.analyses.axes import Drawn, of_hundred
from drivers.analyses.basis import LinearBasis, linear_basis
from drivers.client.paths import SATISFACTION
from drivers.core.linear import partial_out
from drivers.core.moments import Moments
from drivers.core.paths import PathDesign, PathFit, fit_paths, point_paths
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.paths import PathPlan
from drivers.survey.survey import Scale, Survey
from drivers.wording import sentence

_SOUND = 0.9  # below this share of draws with a result nothing is said

NO_PATHS = sentence("The client file draws no arrows between blocks ([paths]), so no path model was computed.")
NO_WAY = sentence("No path model was computed: this wave asked none of the blocks that lead to satisfaction.")
NO_REST = sentence("No path model was computed: in too many of the resamples its weights do not come to rest.")
AGAINST = sentence("No path model was computed: the items of a block contradict one another and have no common score.")


@dataclass(frozen=True, slots=True, eq=False)
class BlockModel:
    """A path model, arrays of leading shape ``...``, with q items in J blocks.

    Attributes
    ----------
    fit
        The model in standard deviations.
    weights
        Array (..., q), of the items in their block's score from 0 to 100; they add to 1 in each block.
    points
        Array (..., J, J), the paths in points of 100.
    performance
        Array (..., J), mean score of each block, from 0 to 100.
    """

    fit: PathFit
    weights: np.ndarray
    points: np.ndarray
    performance: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class BlockDraws:
    """The path model of the sample and of every draw, with what its numbers belong to.

    Attributes
    ----------
    survey, plan, basis, design
        What was asked, how it was drawn, whose answers count, and the same in places of arrays.
    names, items
        The J blocks and the q columns, in the order of the arrays.
    sample, draws
        The model of the sample, and those of the B draws that have one.
    """

    survey: Survey
    plan: PathPlan
    basis: LinearBasis
    design: PathDesign
    names: tuple[str, ...]
    items: tuple[str, ...]
    sample: BlockModel
    draws: BlockModel

    @property
    def outcome(self) -> int:
        """The place of satisfaction among the blocks."""
        return self.names.index(SATISFACTION)

    @property
    def labels(self) -> list[str]:
        """The printed names of the blocks."""
        labels, outcome = self.survey.labels, self.survey.outcome
        return [labels.get(outcome if name == SATISFACTION else name, name) for name in self.names]

    def drawn(self, name: str) -> Drawn:
        """An array of the model, or of its `fit`, in the sample and in the draws."""
        parts = [model if name in BlockModel.__slots__ else model.fit for model in (self.sample, self.draws)]
        return Drawn(*(getattr(part, name) for part in parts))


def block_draws(survey: Survey, resample: Resample) -> BlockDraws:
    """How do the blocks of this survey lead to one another, in the sample and in every draw?

    The items are the columns of one analysis: missing answers are treated, controls held constant and draws taken as
    in a regression of the first satisfaction item on all others.

    Raises
    ------
    EstimationError
        When no way leads to satisfaction, the answers cannot support the items, or too many draws have no result.
    """
    plan = survey.paths
    if plan is None or SATISFACTION not in plan.to:
        raise EstimationError(NO_PATHS if plan is None else NO_WAY)
    outcome = plan.blocks[SATISFACTION][0]
    items = (*(c for columns in plan.blocks.values() for c in columns if c != outcome), outcome)
    basis = linear_basis(survey, items[:-1], outcome, resample=resample)
    names = tuple(plan.blocks)
    design = PathDesign(
        tuple(tuple(items.index(c) for c in plan.blocks[name]) for name in names),
        tuple(tuple(names.index(s) for s in plan.to.get(name, ())) for name in names),
    )
    modelled = _Items(plan, design, basis.controls, [survey.scales[c] for c in items])
    sample = modelled.model(basis.moments)
    if not np.isfinite(sample.points).all():
        raise EstimationError(AGAINST if np.isfinite(sample.fit.paths).all() else NO_REST)
    draws = modelled.model(basis.resampled(survey, resample), sample.fit.weights)
    return BlockDraws(survey, plan, basis, design, names, items, sample, _finite(draws))


@dataclass(frozen=True, slots=True, eq=False)
class _Items:
    """What turns moments of the controls (c) and the items (q) into a path model."""

    plan: PathPlan
    design: PathDesign
    controls: int
    scales: list[Scale]

    def model(self, moments: Moments, like: np.ndarray | None = None) -> BlockModel:
        cross = partial_out(moments.cross, self.controls)
        fit = fit_paths(cross, self.design, self.plan.scheme, like=like)
        variance = np.diagonal(cross, axis1=-2, axis2=-1) / moments.weight_sum[..., None]
        span = np.array([scale.span for scale in self.scales])
        points = point_paths(fit, np.sqrt(np.maximum(variance, 0.0)) * 100.0 / span, self.design)
        means = of_hundred(moments.mean[..., self.controls :], self.scales)
        return BlockModel(fit, points.weights, points.paths, (points.weights * means) @ self.design.membership)


def _finite(model: BlockModel) -> BlockModel:
    """The draws that have a result everywhere."""
    whole = np.isfinite(model.points).all(axis=(1, 2))
    if whole.mean() < _SOUND:
        raise EstimationError(NO_REST)
    fit = PathFit(*(getattr(model.fit, name)[whole] for name in PathFit.__slots__))
    return BlockModel(fit, model.weights[whole], model.points[whole], model.performance[whole])
