"""Populations: drivers and an outcome whose relations are known, and samples of their cross-products."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from drivers.core.dominance import general_dominance
from drivers.core.linear import linear_fit
from drivers.core.moments import FloatArray
from drivers.errors import EstimationError

_MISSED = 0.005  # a stated share may be missed by half a percentage point


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Drivers and an outcome as they are related in everybody.

    Attributes
    ----------
    names
        The p drivers, then the outcome.
    covariance
        Array (p + 1, p + 1).
    design_effect
        How many times the design multiplies the variance of a simple random sample.
    """

    names: tuple[str, ...]
    covariance: FloatArray
    design_effect: float = 1.0

    @property
    def drivers(self) -> tuple[str, ...]:
        """Names of the p drivers."""
        return self.names[:-1]

    @property
    def shares(self) -> FloatArray:
        """True shares (p,) of the explanation (LMG)."""
        return explained_shares(self.covariance)

    @property
    def slopes(self) -> FloatArray:
        """True slopes (p,)."""
        return linear_fit(self.covariance).slopes


def explained_shares(cross: FloatArray) -> FloatArray:
    """LMG shares (..., p) of what is explained; NaN where nothing is."""
    shares = general_dominance(cross)
    total = shares.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(shares, total, out=np.full_like(shares, np.nan), where=total > 0))


def stated_population(
    *,
    shares: Mapping[str, float] | None = None,
    slopes: Mapping[str, float] | None = None,
    noise: float = 0.5,
    overlap: float = 0.3,
) -> Population:
    """A population with these shares or slopes of standard drivers, which all correlate alike.

    Parameters
    ----------
    shares
        LMG share of the explanation by driver; they are made to add to 1.
    slopes
        Slope by driver; name either shares or slopes.
    noise
        Share of the outcome's variance that the drivers do not explain.
    overlap
        Correlation of any two drivers.

    Raises
    ------
    EstimationError
        When both or neither of shares and slopes are given, noise or overlap is out of range, or the shares cannot be
        reached with this overlap: where drivers correlate, each of them has some share.
    """
    stated = slopes if shares is None else shares
    if stated is None or (shares is not None and slopes is not None) or len(stated) < 1:
        raise EstimationError("Expected shares or slopes by driver, and not both. Give one of the two.")
    p = len(stated)
    if not (0 < noise < 1 and -1 / p < overlap < 1):
        raise EstimationError(
            f"noise is {noise:g} and overlap {overlap:g}; expected noise between 0 and 1, and overlap between "
            f"{-1 / p:.2f} and 1. Change them."
        )
    correlation = np.full((p, p), overlap) + (1 - overlap) * np.eye(p)
    values = np.array(list(stated.values()), dtype=float)
    beta = _slopes_of(values, correlation) if shares is not None else values
    explained = float(beta @ correlation @ beta)
    if not explained > 0:
        raise EstimationError("All slopes are 0, so nothing is explained. Give one driver a slope of its own.")
    outcome = correlation @ beta
    covariance = np.block([[correlation, outcome[:, None]], [outcome[None], np.array([[explained / (1 - noise)]])]])
    return Population((*stated, "satisfaction"), covariance)


def _slopes_of(shares: FloatArray, correlation: FloatArray) -> FloatArray:
    """Slopes (p,), none negative, whose LMG shares are these."""
    if (shares < 0).any() or not shares.sum() > 0:
        raise EstimationError("A share is negative, or all are 0; expected shares of 0 or more. Change them.")
    wanted = shares / shares.sum()

    def missed(beta: FloatArray) -> FloatArray:
        outcome = correlation @ beta
        whole = np.block([[correlation, outcome[:, None]], [outcome[None], np.array([[2 * beta @ outcome]])]])
        return np.asarray(np.append(explained_shares(whole) - wanted, beta @ outcome - 1))

    found = least_squares(missed, np.sqrt(wanted + 1e-4), bounds=(0, np.inf), xtol=1e-12, ftol=1e-12, gtol=1e-12)
    if np.abs(found.fun).max() > _MISSED:
        lowest = missed(np.where(wanted > wanted.min(), found.x, 0.0))[:-1] + wanted
        raise EstimationError(
            "These shares cannot be reached with this overlap: where drivers correlate, even one without an effect has "
            f"a share, here of some {lowest.min():.1%}. Raise the smallest shares, or lower overlap."
        )
    return np.asarray(found.x)


def sampled_cross(rng: np.random.Generator, covariance: FloatArray, base: float, size: int) -> FloatArray:
    """Cross-products (size, q, q) of `size` normal samples of `base` respondents: Wishart, by Bartlett (1933)."""
    q = len(covariance)
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    lower = np.tril(rng.normal(size=(size, q, q)), -1)
    freedom = base - 1 - np.arange(q)
    lower[:, range(q), range(q)] = np.sqrt(rng.chisquare(freedom, size=(size, q)))
    factor = root @ lower
    return np.asarray(factor @ np.swapaxes(factor, -1, -2))


def drawn_answers(rng: np.random.Generator, population: Population, base: int) -> FloatArray:
    """Answers (base, p + 1) of normal respondents of this population, with means 0."""
    return np.asarray(rng.multivariate_normal(np.zeros(len(population.names)), population.covariance, base))
