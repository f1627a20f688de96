"""The ordered logit (proportional odds) of answers on a scale, weighted.

McCullagh 1980, Journal of the Royal Statistical Society B 42:109 (doi:10.1111/j.2517-6161.1980.tb01109.x), written as R's
``MASS::polr`` does: logit P(Y <= c) = cut-point c - x'beta. statsmodels' ``OrderedModel`` takes no weights. In the
cut-points themselves, not their increments, the log-likelihood is concave (Pratt 1981).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from drivers.core.design import Design, linearised_covariance
from drivers.core.likelihood import Slopes, packed_places, unpacked, whole_maximum
from drivers.core.moments import FloatArray, IntArray

_FURTHEST = 500.0  # log-odds beyond which the exponential would overflow


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
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    @property
    def cuts(self) -> int:
        """Number of cut-points."""
        return len(self._edges) - 2

    def slopes(self, theta: FloatArray) -> Slopes:
        """Log-likelihoods of `theta` (s, C - 1 + k), cut-points first, with their slopes; -inf where those cross."""
        at = self._parts(theta)
        with np.errstate(divide="ignore", invalid="ignore"):
            rows = np.log(at.chance)
            parts = at.curves()
        cuts, k = self.cuts, self.x.shape[1]
        gradient = np.zeros(theta.shape)
        information = np.zeros((len(theta), cuts + k, cuts + k))
        gradient[:, cuts:] = (parts.slope * self.w) @ self.x
        information[:, cuts:, cuts:] = unpacked(parts.curve @ self._products, k)
        for c in range(cuts + 1):
            part = slice(self._edges[c], self._edges[c + 1])
            w, x = self.w[part], self.w[part, None] * self.x[part]
            if c < cuts:
                gradient[:, c] += parts.upper[:, part] @ w
                information[:, c, c] += parts.upper_curve[:, part] @ w
                information[:, c, cuts:] -= at.upper_density[:, part] @ x
            if c > 0:
                gradient[:, c - 1] -= parts.lower[:, part] @ w
                information[:, c - 1, c - 1] += parts.lower_curve[:, part] @ w
                information[:, c - 1, cuts:] -= at.lower_density[:, part] @ x
            if 0 < c < cuts:
                information[:, c - 1, c] -= (parts.upper[:, part] * parts.lower[:, part]) @ w
        information = np.triu(information)
        information += np.triu(information, 1).swapaxes(-1, -2)
        return Slopes(rows, rows @ self.w, gradient, information)

    def row_slopes(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Each respondent's gradient (n, K) and packed information (n, K(K+1)/2) at `theta` (K,), not weighted."""
        at = self._parts(theta[None])
        parts, cuts, k = at.curves(), self.cuts, self.x.shape[1]
        n, size = len(self.y), self.cuts + k
        gradient, information = np.zeros((n, size)), np.zeros((n, size, size))
        gradient[:, cuts:] = parts.slope[0][:, None] * self.x
        information[:, cuts:, cuts:] = parts.curve[0][:, None, None] * self.x[:, :, None] * self.x[:, None, :]
        row = np.arange(n)
        has, over = np.flatnonzero(self.y < cuts), np.flatnonzero(self.y > 0)
        gradient[has, self.y[has]] = parts.upper[0, has]
        gradient[over, self.y[over] - 1] = -parts.lower[0, over]
        information[has, self.y[has], self.y[has]] = parts.upper_curve[0, has]
        information[over, self.y[over] - 1, self.y[over] - 1] = parts.lower_curve[0, over]
        information[has, self.y[has], cuts:] = -at.upper_density[0, has, None] * self.x[has]
        information[over, self.y[over] - 1, cuts:] = -at.lower_density[0, over, None] * self.x[over]
        both = row[(self.y > 0) & (self.y < cuts)]
        information[both, self.y[both] - 1, self.y[both]] = -parts.upper[0, both] * parts.lower[0, both]
        upper, lower = packed_places(size)
        return gradient, information[:, upper, lower]

    def contrasts(self) -> FloatArray:
        """How far each respondent's predictor lies within the two ends of the answer (2n, K); 0 where there is no end."""
        below, above = np.zeros((2, len(self.y), len(self.null)))
        has, over = np.flatnonzero(self.y < self.cuts), np.flatnonzero(self.y > 0)
        below[has, self.y[has]], above[over, self.y[over] - 1] = 1.0, -1.0
        below[has, self.cuts :], above[over, self.cuts :] = -self.x[has], self.x[over]
        return np.concatenate([below, above])

    def _parts(self, theta: FloatArray) -> _Classes:
        """What every respondent's class has at its two ends, under each of `theta` (s, K)."""
        eta = theta[:, self.cuts :] @ self.x.T
        upper, lower = np.ones(eta.shape), np.zeros(eta.shape)
        for c in range(self.cuts + 1):
            part = slice(self._edges[c], self._edges[c + 1])
            if c < self.cuts:
                upper[:, part] = _logistic(theta[:, c, None] - eta[:, part])
            if c > 0:
                lower[:, part] = _logistic(theta[:, c - 1, None] - eta[:, part])
        return _Classes(upper, lower)


@dataclass(frozen=True, slots=True, eq=False)
class _Curves:
    """First and second derivatives (s, n) of the log-likelihood by predictor and by the two cut-points."""

    slope: FloatArray
    curve: FloatArray
    upper: FloatArray
    lower: FloatArray
    upper_curve: FloatArray
    lower_curve: FloatArray


class _Classes:
    """Probabilities (s, n) of an answer up to the upper and up to the lower end of a respondent's class."""

    def __init__(self, upper: FloatArray, lower: FloatArray) -> None:
        self.upper_chance, self.lower_chance = upper, lower
        self.chance = upper - lower
        self.upper_density, self.lower_density = upper * (1 - upper), lower * (1 - lower)

    def curves(self) -> _Curves:
        """The derivatives; with F and f at both ends they need no more exponentials."""
        upper, lower = self.upper_density / self.chance, self.lower_density / self.chance
        return _Curves(
            slope=self.upper_chance + self.lower_chance - 1.0,
            curve=self.upper_density + self.lower_density,
            upper=upper,
            lower=lower,
            upper_curve=upper * (upper - (1 - 2 * self.upper_chance)),
            lower_curve=lower * (lower + (1 - 2 * self.lower_chance)),
        )


def _logistic(z: FloatArray) -> FloatArray:
    """Logistic distribution function, safe for large values."""
    np.clip(z, -_FURTHEST, _FURTHEST, out=z)
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1.0
    return np.reciprocal(z, out=z)


@dataclass(frozen=True, slots=True, eq=False)
class OrderedFit:
    """An ordered logit.

    Attributes
    ----------
    slopes, cuts
        Arrays (k,) and (C - 1,): log-odds of a higher answer with one unit of a column, and the cut-points.
    covariance
        Array (k + C - 1, k + C - 1), slopes first.
    loglik, null_loglik
        Weighted log-likelihood of the model and of the model without columns.
    """

    slopes: FloatArray
    cuts: FloatArray
    covariance: FloatArray
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
    covariance = inverse
    if design is not None:
        influence = np.empty((len(y), len(theta)))
        influence[order] = model.w[:, None] * model.row_slopes(theta)[0] @ inverse
        covariance = linearised_covariance(influence, design)
    estimate = back @ theta
    null = float(model.slopes(model.null[None]).loglik[0])
    k = len(unit)
    return OrderedFit(estimate[:k], estimate[k:], back @ covariance @ back.T, float(at.loglik[0]), null)
