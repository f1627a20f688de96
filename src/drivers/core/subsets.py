"""The fit of sets of drivers under a likelihood: the lattice of outcomes that are not linear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drivers.core.likelihood import Likelihood, masked_solution, maxima, whole_maximum
from drivers.core.moments import BoolArray, FloatArray
from drivers.core.orders import SetPlan, all_sets
from drivers.core.worth import shapley_weights
from drivers.errors import EstimationError
from drivers.wording import sentence

MOST_PLAYERS = 16  # 65,536 sets in every draw of a resample: about a second

_SHRINKAGE = 0.346  # (16 sqrt(3) / 15 pi)², Zeger, Liang and Albert 1988, doi:10.2307/2531734


@dataclass(frozen=True, slots=True, eq=False)
class SubsetFits:
    """The maximum of each of s sets of g players.

    Attributes
    ----------
    plan
        Which sets, and how their worth is divided over the players.
    loglik
        Array (s,): weighted log-likelihoods. Columns that belong to no player are in every model.
    null_loglik
        Log-likelihood without any column.
    weight_sum
        Sum of the weights: what log-likelihoods are a sum over.
    whole
        Array (K,), the estimate of the whole model.
    theta, quadratic
        Arrays (s, K): the estimates, and those of the quadratic approximation about the whole model.
    inside
        Boolean array (g, K): which parameters each player has.
    rows
        Array (g, n): the players' values by respondent, not weighted; to first order, the influence of each.
    """

    plan: SetPlan
    loglik: FloatArray
    null_loglik: float
    weight_sum: float
    whole: FloatArray
    theta: FloatArray
    quadratic: FloatArray
    inside: BoolArray
    rows: FloatArray

    @property
    def mcfadden(self) -> FloatArray:
        """McFadden's (1974) pseudo-R² (s,): the part of the null deviance that is explained."""
        return 1.0 - self.loglik / self.null_loglik

    @property
    def cox_snell(self) -> FloatArray:
        """Cox and Snell's (1989) pseudo-R² (s,), in which weights count as if they summed to the answers."""
        return np.asarray(-np.expm1(2.0 * (self.null_loglik - self.loglik) / self.weight_sum))

    @property
    def nagelkerke(self) -> FloatArray:
        """Nagelkerke's (1991) pseudo-R² (s,): Cox and Snell's over the most that it can be."""
        return np.asarray(self.cox_snell / -np.expm1(2.0 * self.null_loglik / self.weight_sum))


def subset_fits(model: Likelihood, blocks: Sequence[Sequence[int]], plan: SetPlan | None = None) -> SubsetFits:
    """Fit the model for sets of players.

    Parameters
    ----------
    model
        The whole model; columns standardised, so that no unit decides anything.
    blocks
        Columns of each player: one for a driver, several for a factor. A column in none is in every model; one in
        several players' blocks is in the models of each of them.
    plan
        Which sets; default: all, divided as Shapley does, which gives general dominance.

    Raises
    ------
    EstimationError
        When there are more than 16 players, or a model has no finite estimate.
    """
    g = len(blocks)
    check_players(g)
    plan = all_sets(shapley_weights(g)) if plan is None else plan
    owned = np.array([np.isin(model.owners, list(block)) for block in blocks])
    held = ~owned.any(axis=0)
    inside = held | ((plan.sets[:, None] >> np.arange(g) & 1) @ owned.astype(int) > 0)
    whole = whole_maximum(model)
    start, quadratic = _starts(model, whole, inside)
    order = np.argsort(inside.sum(axis=1), kind="stable")  # sets of one size need the same number of steps
    found = maxima(model, inside[order], start[order], divide=plan.divide[:, order])
    back = np.argsort(order)
    null, weight = float(model.slopes(model.null[None]).loglik[0]), float(model.w.sum())
    theta = found.theta[back]
    return SubsetFits(plan, found.loglik[back], null, weight, whole, theta, quadratic, owned, found.divided)


def check_players(g: int) -> None:
    """Refuse more players than the sets of which can be held in every draw."""
    if g > MOST_PLAYERS:
        raise EstimationError(
            sentence(
                "{drivers:count} drivers are too many to divide the fit of this outcome over; at most {most:count} are "
                "possible. Drop or combine drivers.",
                drivers=g,
                most=MOST_PLAYERS,
            )
        )


def _starts(model: Likelihood, whole: FloatArray, inside: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Where the sub-models (s, K) start, and the estimates (s, K) of the quadratic approximation they start from.

    The quadratic about the whole model makes what is left too small where what is left out matters: curvature is
    least where the whole model predicts best. The spread left out says by how much.
    """
    at = model.slopes(whole[None])
    information = at.information[0]
    score = information @ whole + at.gradient[0]
    shape = (*inside.shape, len(whole))
    quadratic = masked_solution(np.broadcast_to(information, shape), np.broadcast_to(score, inside.shape), inside)
    intercepts = model.owners < 0
    left_out = np.maximum(score @ whole - quadratic @ score, 0.0) / information[np.ix_(intercepts, intercepts)].sum()
    larger = (1.0 + _SHRINKAGE * left_out) ** 0.75
    return np.where(intercepts, quadratic, quadratic * larger[:, None]), quadratic
