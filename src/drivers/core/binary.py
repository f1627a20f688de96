"""The logit of an outcome that is 0 or 1, as a likelihood of many parameter vectors at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from drivers.core.likelihood import Slopes, packed_products, unpacked
from drivers.core.moments import FloatArray, IntArray

_CELLS = 1_000_000  # probabilities held at once


@dataclass(frozen=True, slots=True, eq=False)
class BinaryLogit:
    """Log-likelihood of a logit (McCullagh and Nelder 1989, chapter 4), weighted.

    Attributes
    ----------
    x
        Design (n, k) without its column of ones.
    y
        Outcome (n,), 0 or 1; both occur.
    w
        Weights (n,).
    owners, null
        See ``Likelihood``: the intercept, then the k columns.
    """

    x: FloatArray
    y: FloatArray
    w: FloatArray
    owners: IntArray = field(init=False)
    null: FloatArray = field(init=False)
    _design: FloatArray = field(init=False)
    _missed: FloatArray = field(init=False)
    _weighted: FloatArray = field(init=False)
    _products: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        """Lay out what every step needs: the design with the sign of the outcome, and products of its columns."""
        design = np.column_stack([np.ones(len(self.x)), self.x])
        share = float(self.w @ self.y / self.w.sum())
        made = {
            "owners": np.arange(-1, self.x.shape[1]),
            "null": np.r_[np.log(share / (1 - share)), np.zeros(self.x.shape[1])],
            "_design": design,
            "_missed": np.ascontiguousarray((np.where(self.y > 0, -1.0, 1.0)[:, None] * design).T),
            "_weighted": np.where(self.y > 0, self.w, -self.w)[:, None] * design,
            "_products": self.w[:, None] * packed_products(design),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def slopes(self, theta: FloatArray) -> Slopes:
        """Log-likelihoods of `theta` (s, k + 1), intercept first, with their slopes."""
        missed = theta @ self._missed  # log-odds of what was not answered
        with np.errstate(over="ignore", divide="ignore"):  # a step too far: -inf, and it is halved
            np.exp(missed, out=missed)
            missed += 1.0
            right = np.reciprocal(missed, out=missed)
            rows = np.log(right)
        wrong = 1.0 - right
        gradient = wrong @ self._weighted
        wrong *= right
        information = wrong @ self._products
        return Slopes(rows, rows @ self.w, gradient, unpacked(information, theta.shape[1]))

    def row_slopes(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Each respondent's gradient (n, k + 1) and packed information at `theta` (k + 1,), not weighted."""
        p = self.probability(theta)
        return (self.y - p)[:, None] * self._design, (p * (1 - p))[:, None] * packed_products(self._design)

    def contrasts(self) -> FloatArray:
        """The design with the sign of the outcome (n, k + 1)."""
        return -self._missed.T

    def tjur(self, theta: FloatArray) -> FloatArray:
        """Tjur's (2009) coefficient (s,) of `theta` (s, k + 1): mean probability of a 1 among ones less among zeros."""
        ones = self.w * (self.y > 0)
        zeros = self.w - ones
        contrast = ones / ones.sum() - zeros / zeros.sum()
        size = max(1, _CELLS // len(self.w))
        parts = [self.probability(theta[i : i + size]) @ contrast for i in range(0, len(theta), size)]
        return np.concatenate(parts)

    def probability(self, theta: FloatArray) -> FloatArray:
        """Probability (..., n) of a 1 at `theta` (..., k + 1)."""
        return np.asarray(0.5 * (1.0 + np.tanh(0.5 * (theta @ self._design.T))))
