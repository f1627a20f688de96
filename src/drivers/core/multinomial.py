"""The multinomial logit of a choice among several, weighted, as a likelihood of many parameter vectors at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from drivers.core.likelihood import Slopes, packed_places, packed_products, unpacked
from drivers.core.moments import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class MultinomialLogit:
    """Log-likelihood of a multinomial logit (McFadden 1974), the first class as reference.

    statsmodels' ``MNLogit`` takes no weights. With two classes it is the logit.

    Attributes
    ----------
    x
        Design (n, k) without its column of ones.
    y
        Class (n,) of each answer, 0 … C-1; every class occurs.
    w
        Weights (n,).
    owners, null
        See ``Likelihood``: for each class but the first an intercept, then its k columns.
    """

    x: FloatArray
    y: IntArray
    w: FloatArray
    owners: IntArray = field(init=False)
    null: FloatArray = field(init=False)
    _design: FloatArray = field(init=False)
    _products: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        """Lay out what every step needs: the design, and products of its columns."""
        design = np.column_stack([np.ones(len(self.x)), self.x])
        mass = np.bincount(self.y, self.w)
        k, others = self.x.shape[1], len(mass) - 1
        null = np.zeros((others, k + 1))
        null[:, 0] = np.log(mass[1:] / mass[0])
        made = {
            "owners": np.tile(np.arange(-1, k), others),
            "null": null.ravel(),
            "_design": design,
            "_products": self.w[:, None] * packed_products(design),
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def slopes(self, theta: FloatArray) -> Slopes:
        """Log-likelihoods of `theta` (s, (C - 1)(k + 1)), class after class, with their slopes."""
        rows, chance = self._chances(theta)
        others, s, _ = chance.shape
        q = self._design.shape[1]
        gradient = np.empty((s, others, q))
        information = np.empty((s, others, q, others, q))
        for c in range(others):
            gradient[:, c] = (((self.y == c + 1) - chance[c]) * self.w) @ self._design
            for d in range(c + 1):
                joint = chance[c] * ((c == d) - chance[d])
                block = unpacked(joint @ self._products, q)
                information[:, c, :, d] = information[:, d, :, c] = block
        k = others * q
        return Slopes(rows, rows @ self.w, gradient.reshape(s, k), information.reshape(s, k, k))

    def row_slopes(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Each respondent's gradient (n, K) and packed information (n, K(K+1)/2) at `theta` (K,), not weighted."""
        chance = self._chances(theta[None])[1][:, 0].T
        others = chance.shape[1]
        gap = (self.y[:, None] == np.arange(1, others + 1)) - chance
        gradient = (gap[:, :, None] * self._design[:, None, :]).reshape(len(self.y), -1)
        joint = chance[:, :, None] * (np.eye(others) - chance[:, None, :])
        upper, lower = packed_places(len(theta))
        q = self._design.shape[1]
        information = joint[:, upper // q, lower // q] * self._design[:, upper % q] * self._design[:, lower % q]
        return gradient, information

    def contrasts(self) -> FloatArray:
        """The predictor of what was chosen, less that of each class ((C - 1)n + n, K)."""
        n, q = self._design.shape
        others = len(self.null) // q
        chosen = np.zeros((n, others + 1, q))
        chosen[np.arange(n), self.y] = self._design
        parts = []
        for c in range(others + 1):
            one = chosen.copy()
            one[:, c] -= self._design
            parts.append(one[:, 1:].reshape(n, -1))
        return np.concatenate(parts)

    def _chances(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Log-likelihood (s, n) of each answer, and the probability (C - 1, s, n) of each class but the first."""
        q = self._design.shape[1]
        eta = np.moveaxis(theta.reshape(len(theta), -1, q), 1, 0) @ self._design.T
        top = np.maximum(eta.max(axis=0), 0.0)
        powers = np.exp(eta - top)
        total = np.exp(-top) + powers.sum(axis=0)
        chosen = np.zeros_like(top)
        for c in range(len(eta)):
            chosen = np.where(self.y == c + 1, eta[c], chosen)
        return chosen - top - np.log(total), powers / total
