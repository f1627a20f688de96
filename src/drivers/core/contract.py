"""Customers under contract: renewal chances that differ between customers (shifted beta-geometric model).

Every customer renews with a constant chance of his own; the chances of leaving follow a beta(alpha, beta) distribution
over customers. Those who leave easily go first, so the retention rate of a cohort rises with tenure although nobody
becomes more loyal. Fader and Hardie (2007), "How to project customer retention", Journal of Interactive Marketing
21:76, doi:10.1002/dir.20074; (2010) "Customer-base valuation in a contractual setting", Marketing Science 29:85,
doi:10.1287/mksc.1080.0482.
"""

from __future__ import annotations

import numpy as np
from scipy.special import hyp2f1, ndtr, xlogy

from drivers.core.maximum import Fit, fit_positive
from drivers.errors import EstimationError
from drivers.wording import sentence


def fit_beta_geometric(lost: np.ndarray, kept: np.ndarray) -> Fit:
    """Which alpha and beta make these renewals most likely?

    Parameters
    ----------
    lost
        Array (n,): customers (or weights) who left at their first, second, … renewal.
    kept
        Array (n,): customers last seen after that many renewals, still there.

    Returns
    -------
    Fit
        Parameters (alpha, beta); rows of `influence`: first the n of `lost`, then the n of `kept`.

    Raises
    ------
    EstimationError
        When there are fewer than two periods, nobody left, counts are negative, or the retention rate does not rise
        with tenure: then constant churn fits and the likelihood has no finite maximum.
    """
    lost, kept = np.asarray(lost, dtype=float), np.asarray(kept, dtype=float)
    if lost.shape != kept.shape or lost.ndim != 1 or len(lost) < 2:
        raise EstimationError(sentence("Renewals of at least 2 periods are needed; the cohorts were seen for fewer."))
    if not (np.isfinite(lost).all() and np.isfinite(kept).all() and min(lost.min(), kept.min()) >= 0):
        raise EstimationError(sentence("Numbers of customers must be 0 or more. Check the table of renewals."))
    if not lost.sum() > 0 or not (lost.sum() + kept.sum() - lost[0]) > 0:
        raise EstimationError(
            sentence("Nobody left, or everybody left at once, so the chance of renewal cannot be learnt.")
        )
    periods = np.arange(1, len(lost) + 1)

    def log_likelihood(parameters: np.ndarray) -> np.ndarray:
        stays = _log_survival(parameters, len(lost))
        leaves = np.log(parameters[0]) - np.log(parameters.sum() + periods - 1) + stays[:-1]
        return np.concatenate([leaves, stays[1:]])

    return fit_positive(log_likelihood, np.ones(2), np.concatenate([lost, kept]), "shifted beta-geometric model")


def _log_survival(parameters: np.ndarray, periods: int) -> np.ndarray:
    """Logarithm of the survival (n + 1,) after 0 … n renewals."""
    alpha, beta = parameters
    steps = np.arange(periods)
    return np.concatenate([[0.0], np.cumsum(np.log(beta + steps) - np.log(alpha + beta + steps))])


def cohort_survival(parameters: np.ndarray, periods: int) -> np.ndarray:
    """Which share of a cohort is left after 0, 1, … `periods` renewals?

    `parameters` (..., 2) of alpha and beta; returns (..., periods + 1).
    """
    rates = cohort_retention(parameters, periods)
    return np.asarray(np.concatenate([np.ones((*rates.shape[:-1], 1)), np.cumprod(rates, axis=-1)], axis=-1))


def cohort_retention(parameters: np.ndarray, periods: int) -> np.ndarray:
    """Which share of those who are left renews at the 1st, 2nd, … renewal? (..., periods); rises with tenure."""
    alpha, beta = (np.asarray(parameters, dtype=float)[..., i, None] for i in (0, 1))
    steps = np.arange(periods)
    return np.asarray((beta + steps) / (alpha + beta + steps))


def expected_lifetime(parameters: np.ndarray, discount_rate: float, *, renewals: int = 0) -> np.ndarray:
    """How many discounted payments will a customer make?

    Parameters
    ----------
    parameters
        Array (..., 2) of alpha and beta.
    discount_rate
        Per period, above 0.
    renewals
        How often the customer has renewed so far. 0: a new customer, whose first payment comes now and counts (DEL of
        Fader and Hardie 2010). n > 0: a customer who has just renewed for the n-th time and has paid; the next payment,
        at his next renewal, is discounted by nothing (their DERL with tenure n + 1: "immediately before the renewal").

    Returns
    -------
    Array (...,). "A lifetime of 5.9 means: a new customer is worth 5.9 yearly margins."

    Raises
    ------
    EstimationError
        When the discount rate is not above 0: the sum may then be infinite.
    """
    if not discount_rate > 0:
        raise EstimationError(
            sentence("A discount rate above 0 is needed: without one the sum over all years has no end.")
        )
    alpha, beta = (np.asarray(parameters, dtype=float)[..., i] for i in (0, 1))
    z = 1.0 / (1.0 + discount_rate)
    if renewals == 0:
        return np.asarray(hyp2f1(1.0, beta, alpha + beta, z))
    next_one = (beta + renewals) / (alpha + beta + renewals)
    return np.asarray(next_one * hyp2f1(1.0, beta + renewals + 1, alpha + beta + renewals + 1, z))


def observed_hazard(lost: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Which share of those at risk left at each renewal (Kaplan and Meier 1958, doi:10.2307/2281868)?

    `lost` and `kept` (..., n) as in `fit_beta_geometric`; returns (..., n), NaN where nobody was at risk. The product
    of what remains is the survival of the cohort, with those seen for a shorter time counted as long as they were seen.
    """
    lost, kept = np.asarray(lost, dtype=float), np.asarray(kept, dtype=float)
    risk = np.cumsum((lost + kept)[..., ::-1], axis=-1)[..., ::-1]
    return np.asarray(np.divide(lost, risk, out=np.full(risk.shape, np.nan), where=risk > 0))


def rise_p_value(lost: np.ndarray, kept: np.ndarray, log_likelihood: float) -> float:
    """Could a retention that is the same at every renewal have made this cohort?

    One-sided p-value of the likelihood ratio of the shifted beta-geometric model, whose maximum is `log_likelihood`,
    against constant churn. That lies at the edge of the model, so under it the ratio is half a point mass at 0 and half
    chi-squared with 1 degree of freedom (Self and Liang 1987, doi:10.1080/01621459.1987.10478472).
    """
    lost, kept = np.asarray(lost, dtype=float), np.asarray(kept, dtype=float)
    renewals = np.arange(1, len(lost) + 1)
    leaves, stays = float(lost.sum()), float((renewals - 1) @ lost + renewals @ kept)
    churn = leaves / (leaves + stays)
    ratio = 2.0 * (log_likelihood - float(xlogy(leaves, churn) + xlogy(stays, 1.0 - churn)))
    return float(ndtr(-np.sqrt(ratio))) if ratio > 0 else 1.0
