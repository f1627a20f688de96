"""The ordered logit (proportional odds) of answers on a scale, weighted.

McCullagh 1980, Journal of the Royal Statistical Society B 42:109 (doi:10.1111/j.2517-6161.1980.tb01109.x), written as
R's ``MASS::polr`` does: logit P(Y <= c) = cut-point c - x'beta. statsmodels' ``OrderedModel`` takes no weights. In the
cut-points themselves, not their increments, the log-likelihood is concave (Pratt 1981).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from drivers.core.design import Design, linearised_covariance
from drivers.core.likelihood import Slopes, packed_places, unpacked, whole_maximum
from drivers.core.moments import FloatArray, IntArray

_FURTHEST = 300.0  # log-odds beyond which the exponential would overflow


@dataclass(frozen=True, slots=True, eq=False)
class OrderedLogit:
    """Log-likelihood of an ordered logit.

    Attributes
    ----------
    x
        Design (n, k) without a column of ones; kept in the order of `y`.
    y
        Class (n,) of each answer, 0 … C-1, ascending; every class occurs.
    w
        Weights (n,).
    owners, null
        See ``Likelihood``: the C - 1 cut-points, then the k columns.
    """

    x: FloatArray
    y: IntArray
    w: FloatArray
    owners: IntArray = field(init=False)
    null: FloatArray = field(init=False)
    _edges: IntArray = field(init=False)
    _products: FloatArray = field(init=False)
    _weighted: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        """Lay out what every step needs: where each class begins, and products of the columns."""
        sizes = np.bincount(self.y)
        mass = np.bincount(self.y, self.w)
        below = np.cumsum(mass)[:-1] / mass.sum()
        upper, lower = packed_places(self.x.shape[1])
        k = self.x.shape[1]
        made = {
            "owners": np.r_[np.full(len(sizes) - 1, -1), np.arange(k)],
            "null": np.r_[np.log(below / (1 - below)), np.zeros(k)],
            "_edges": np.r_[0, np.cumsum(sizes)],
            "_products": self.w[:, None] * self.x[:, upper] * self.x[:, lower],
            "_weighted": self.w[:, None] * self.x,
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    @property
    def cuts(self) -> int:
        """Number of cut-points."""
        return len(self._edges) - 2

    def slopes(self, theta: FloatArray) -> Slopes:
        """Log-likelihoods of `theta` (s, C - 1 + k), cut-points first, with their slopes; -inf where those cross."""
        cuts, shape = self.cuts, (len(theta), len(self.y))
        gradient, information = np.zeros(theta.shape), np.zeros((*theta.shape, theta.shape[1]))
        rows, slope, curve = np.empty(shape), np.empty(shape), np.empty(shape)
        powers, shrink = self._powers(theta)
        with np.errstate(divide="ignore", invalid="ignore"):
            for c in range(cuts + 1):
                part = slice(self._edges[c], self._edges[c + 1])
                at = _Class(powers[:, part], shrink, c)
                rows[:, part], slope[:, part], curve[:, part] = np.log(at.chance), at.slope, at.curve
                self._add_cuts(at, c, gradient, information)
        gradient[:, cuts:] = (slope * self.w) @ self.x
        information[:, cuts:, cuts:] = unpacked(curve @ self._products, self.x.shape[1])
        information[:, cuts:, :cuts] = information[:, :cuts, cuts:].swapaxes(-1, -2)
        return Slopes(rows, rows @ self.w, gradient, information)

    def _add_cuts(self, at: _Class, c: int, gradient: FloatArray, information: FloatArray) -> None:
        """Add what class `c` says about the cut-points at its ends."""
        part, cuts = slice(self._edges[c], self._edges[c + 1]), self.cuts
        w, x = self.w[part], self._weighted[part]
        for end, place, sign in ((at.upper, c, 1.0), (at.lower, c - 1, -1.0)):
            if 0 <= place < cuts:
                pull = end.density / at.chance
                gradient[:, place] += sign * (pull @ w)
                information[:, place, place] += (pull * (pull - sign * (1.0 - 2.0 * end.below))) @ w
                information[:, place, cuts:] -= end.density @ x
        if 0 < c < cuts:
            both = -(at.upper.density * at.lower.density / at.chance**2) @ w
            information[:, c - 1, c] += both
            information[:, c, c - 1] += both

    def _powers(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """exp(x'beta) (s, n), and exp(-cut-point) (s, C - 1): one exponential serves both ends of every class."""
        eta = theta[:, self.cuts :] @ self.x.T
        np.clip(eta, -_FURTHEST, _FURTHEST, out=eta)
        return np.exp(eta, out=eta), np.exp(-np.clip(theta[:, : self.cuts], -_FURTHEST, _FURTHEST))

    def row_slopes(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Each respondent's gradient (n, K) and packed information (n, K(K+1)/2) at `theta` (K,), not weighted."""
        cuts, k = self.cuts, self.x.shape[1]
        size = cuts + k
        gradient, information = np.zeros((len(self.y), size)), np.zeros((len(self.y), size, size))
        powers, shrink = self._powers(theta[None])
        for c in range(cuts + 1):
            part = slice(self._edges[c], self._edges[c + 1])
            at, x = _Class(powers[:, part], shrink, c), self.x[part]
            gradient[part, cuts:] = at.slope[0, :, None] * x
            information[part, cuts:, cuts:] = at.curve[0, :, None, None] * x[:, :, None] * x[:, None, :]
            for end, place, sign in ((at.upper, c, 1.0), (at.lower, c - 1, -1.0)):
                if 0 <= place < cuts:
                    pull = end.density[0] / at.chance[0]
                    gradient[part, place] = sign * pull
                    information[part, place, place] = pull * (pull - sign * (1.0 - 2.0 * end.below[0]))
                    information[part, place, cuts:] = -end.density[0, :, None] * x
            if 0 < c < cuts:
                information[part, c - 1, c] = -(at.upper.density * at.lower.density / at.chance**2)[0]
        upper, lower = packed_places(size)
        return gradient, information[:, upper, lower]

    def contrasts(self) -> FloatArray:
        """How far each predictor lies within the two ends of the answer (2n, K); 0 where there is no end."""
        below, above = np.zeros((2, len(self.y), len(self.null)))
        has, over = np.flatnonzero(self.y < self.cuts), np.flatnonzero(self.y > 0)
        below[has, self.y[has]], above[over, self.y[over] - 1] = 1.0, -1.0
        below[has, self.cuts :], above[over, self.cuts :] = -self.x[has], self.x[over]
        return np.concatenate([below, above])


class _End:
    """One end of a class: the probability (s, m) of an answer below it, and its density there."""

    __slots__ = ("below", "density")

    def __init__(self, powers: FloatArray, shrink: FloatArray) -> None:
        self.below = powers * shrink[:, None]
        self.below += 1.0
        np.reciprocal(self.below, out=self.below)
        self.density = self.below * (1.0 - self.below)


class _Outside:
    """An end that there is not: everything or nothing lies below it."""

    __slots__ = ("below", "density")

    def __init__(self, below: float) -> None:
        self.below, self.density = np.asarray(below), np.asarray(0.0)


class _Class:
    """Respondents of one class: probability (s, m) of their answer, first and minus second derivative by predictor."""

    __slots__ = ("chance", "curve", "lower", "slope", "upper")

    def __init__(self, powers: FloatArray, shrink: FloatArray, c: int) -> None:
        cuts = shrink.shape[1]
        self.upper = _End(powers, shrink[:, c]) if c < cuts else _Outside(1.0)
        self.lower = _End(powers, shrink[:, c - 1]) if c > 0 else _Outside(0.0)
        self.chance = self.upper.below - self.lower.below
        self.slope = self.upper.below + self.lower.below - 1.0
        self.curve = self.upper.density + self.lower.density


@dataclass(frozen=True, slots=True, eq=False)
class OrderedFit:
    """An ordered logit.

    Attributes
    ----------
    slopes, cuts
        Arrays (k,) and (C - 1,): log-odds of a higher answer with one unit of a column, and the cut-points.
    covariance
        Array (k + C - 1, k + C - 1), slopes first.
    influence
        Array (n, k + C - 1), slopes first: what each respondent, weight included, moves the estimates by.
    loglik, null_loglik
        Weighted log-likelihood of the model and of the model without columns.
    """

    slopes: FloatArray
    cuts: FloatArray
    covariance: FloatArray
    influence: FloatArray
    loglik: float
    null_loglik: float

    @property
    def error(self) -> FloatArray:
        """Standard errors (k + C - 1,), slopes first."""
        return np.sqrt(np.diagonal(self.covariance))

    @property
    def deviance(self) -> float:
        """Minus twice the log-likelihood."""
        return -2.0 * self.loglik


def ordered_fit(x: FloatArray, y: IntArray, w: FloatArray, design: Design | None = None) -> OrderedFit:
    """The ordered logit of `y` (n,), classes 0 … C-1, on `x` (n, k) under weights `w` (n,).

    Parameters
    ----------
    x, y, w
        Complete rows; every class occurs.
    design
        How the rows were sampled. Without it the covariance is the inverse information, as for frequency weights
        (R's ``polr``); with it the errors are those of the design (Binder 1983), which survey weights need.

    Raises
    ------
    EstimationError
        When there is no finite estimate: the columns separate the answers.
    """
    order = np.argsort(y, kind="stable")
    mean, spread = x.mean(axis=0), x.std(axis=0)
    unit = np.where(spread > 0, spread, 1.0)
    model = OrderedLogit((x[order] - mean) / unit, y[order], w[order])
    theta = whole_maximum(model)
    at = model.slopes(theta[None])
    cuts = model.cuts
    back = np.zeros((len(theta), len(theta)))  # from standardised columns, cut-points first, to their own units
    back[: len(unit), cuts:] = np.diag(1 / unit)
    back[len(unit) :, :cuts] = np.eye(cuts)
    back[len(unit) :, cuts:] = mean / unit
    inverse = np.linalg.inv(at.information[0])
    influence = np.empty((len(y), len(theta)))
    influence[order] = model.w[:, None] * model.row_slopes(theta)[0] @ inverse
    covariance = inverse if design is None else linearised_covariance(influence, design)
    estimate = back @ theta
    null = float(model.slopes(model.null[None]).loglik[0])
    k = len(unit)
    covariance, influence = back @ covariance @ back.T, influence @ back.T
    return OrderedFit(estimate[:k], estimate[k:], covariance, influence, float(at.loglik[0]), null)
