"""Customers without contract: who still buys, how often, and for how much.

Purchases: BG/NBD. While alive a customer buys at random at his own rate, gamma(r, alpha) over customers; after each
purchase he is gone with his own chance, beta(a, b). Fader, Hardie and Lee (2005), "Counting your customers the easy
way", Marketing Science 24:275, doi:10.1287/mksc.1040.0098. Amounts: gamma-gamma. Each purchase of a customer varies
around his own mean, which varies over customers. Fader and Hardie (2013), note 025 at brucehardie.com.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaln, gammaln, hyp2f1

from drivers.core.maximum import Fit, fit_positive
from drivers.errors import EstimationError
from drivers.wording import sentence

_IMPOSSIBLE = (
    "{rows:count} purchase histories are impossible: repeats must be whole and 0 or more, the last purchase between "
    "the first and the end of observation, and 0 exactly where there is no repeat. Correct these rows."
)
_NO_AMOUNT = (
    "Amounts must be above 0 for all customers with a repeat purchase. Leave out the others, and goods sent back."
)


def fit_purchases(
    repeats: np.ndarray, last: np.ndarray, observed: np.ndarray, weights: np.ndarray | None = None
) -> Fit:
    """Which r, alpha, a and b make these purchase histories most likely?

    Parameters
    ----------
    repeats
        Array (n,), purchases after the first.
    last
        Array (n,), time from the first purchase to the last; 0 without repeats.
    observed
        Array (n,), time from the first purchase to the end of observation; not below `last`.
    weights
        Array (n,); None for 1.

    Raises
    ------
    EstimationError
        When a history is impossible, nobody bought again, or no finite maximum exists.
    """
    x, t, end = (np.asarray(v, dtype=float) for v in (repeats, last, observed))
    wrong = ~((x >= 0) & (x == np.floor(x)) & (t >= 0) & (t <= end) & (end > 0) & ((x > 0) == (t > 0)))
    if wrong.any():
        raise EstimationError(sentence(_IMPOSSIBLE, rows=int(wrong.sum())))
    if not (x > 0).any():
        raise EstimationError(sentence("Nobody bought again, so nothing can be learnt about repeat purchases."))

    def log_likelihood(parameters: np.ndarray) -> np.ndarray:
        r, alpha, a, b = parameters
        shared = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
        alive = -(r + x) * np.log(alpha + end)
        gone = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t)
        return np.asarray(shared + np.where(x > 0, np.logaddexp(alive, gone), alive))

    scale = float(np.average(end, weights=weights))
    start = np.array([1.0, scale / max(float(np.average(x, weights=weights)), 1e-3), 1.0, 1.0])
    return fit_positive(log_likelihood, start, np.ones(len(x)) if weights is None else weights, "BG/NBD model")


def expected_purchases(parameters: np.ndarray, time: np.ndarray | float) -> np.ndarray:
    """How many repeat purchases does a new customer make in this time? `parameters` (..., 4); broadcast with `time`."""
    r, alpha, a, b = np.moveaxis(np.asarray(parameters, dtype=float), -1, 0)
    t = np.asarray(time, dtype=float)
    curve = hyp2f1(r, b, a + b - 1, t / (alpha + t))
    return np.asarray((a + b - 1) / (a - 1) * (1 - (alpha / (alpha + t)) ** r * curve))


def repeat_probability(parameters: np.ndarray, repeats: int, time: np.ndarray) -> np.ndarray:
    """How likely is it that a customer makes this many repeat purchases in this time? Array (n,), one a time.

    Equation 8 of Fader, Hardie and Lee (2005).
    """
    r, alpha, a, b = parameters
    t, j = np.asarray(time, dtype=float), np.arange(repeats + 1)
    bought = np.exp(gammaln(r + j) - gammaln(r) - gammaln(j + 1)) * (alpha / (alpha + t))[:, None] ** r
    bought = bought * (t / (alpha + t))[:, None] ** j
    still = np.exp(betaln(a, b + repeats) - betaln(a, b)) * bought[:, -1]
    if repeats == 0:
        return np.asarray(still)
    gone = np.exp(betaln(a + 1, b + repeats - 1) - betaln(a, b))
    return np.asarray(still + gone * (1.0 - bought[:, :-1].sum(axis=1)))


def alive_probability(
    parameters: np.ndarray, repeats: np.ndarray, last: np.ndarray, observed: np.ndarray
) -> np.ndarray:
    """How likely is it that a customer with this history still buys? Arrays (n,); 1 where there was no repeat.

    Without a repeat the model has no moment at which the customer could have gone: read those with care.
    """
    return np.asarray(1.0 / (1.0 + _gone_odds(parameters, repeats, last, observed)))


def _gone_odds(parameters: np.ndarray, repeats: np.ndarray, last: np.ndarray, observed: np.ndarray) -> np.ndarray:
    r, alpha, a, b = parameters
    x, t, end = (np.asarray(v, dtype=float) for v in (repeats, last, observed))
    odds = a / (b + np.maximum(x, 1) - 1) * ((alpha + end) / (alpha + t)) ** (r + x)
    return np.where(x > 0, odds, 0.0)


def further_purchases(
    parameters: np.ndarray, history: tuple[np.ndarray, np.ndarray, np.ndarray], time: float
) -> np.ndarray:
    """How many purchases will a customer with this history make in this time?

    Parameters
    ----------
    parameters
        Array (4,) of r, alpha, a, b.
    history
        Arrays (n,): repeats, last, observed, as in `fit_purchases`.
    time
        From the end of observation, in the same unit.
    """
    r, alpha, a, b = parameters
    x, _, end = (np.asarray(v, dtype=float) for v in history)
    passed = alpha + end
    curve = hyp2f1(r + x, b + x, a + b + x - 1, time / (passed + time))
    gain = (a + b + x - 1) / (a - 1) * (1 - (passed / (passed + time)) ** (r + x) * curve)
    return np.asarray(gain / (1.0 + _gone_odds(parameters, *history)))


def fit_amounts(purchases: np.ndarray, mean_amount: np.ndarray, weights: np.ndarray | None = None) -> Fit:
    """Which p, q and v make these mean amounts most likely (gamma-gamma model)?

    Parameters
    ----------
    purchases
        Array (n,), purchases that the mean is of, 1 or more.
    mean_amount
        Array (n,), mean amount of a purchase, above 0.
    weights
        Array (n,); None for 1.

    Raises
    ------
    EstimationError
        When an amount or a number is not above 0, or no finite maximum exists.
    """
    x, z = np.asarray(purchases, dtype=float), np.asarray(mean_amount, dtype=float)
    if not ((x >= 1) & (z > 0) & np.isfinite(z)).all():
        raise EstimationError(sentence(_NO_AMOUNT))

    def log_likelihood(parameters: np.ndarray) -> np.ndarray:
        p, q, v = parameters
        constant = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
        return np.asarray(constant + (p * x - 1) * np.log(z) + p * x * np.log(x) - (p * x + q) * np.log(v + x * z))

    start = np.array([1.0, 2.0, float(np.average(z, weights=weights))])
    return fit_positive(log_likelihood, start, np.ones(len(x)) if weights is None else weights, "gamma-gamma model")


def expected_amount(parameters: np.ndarray, purchases: np.ndarray, mean_amount: np.ndarray) -> np.ndarray:
    """What will a purchase of this customer amount to on average? Between his own mean and that of all customers.

    Parameters
    ----------
    parameters
        Array (3,) of p, q, v; q above 1.
    purchases, mean_amount
        Arrays (n,); where purchases is 0 the mean of all customers is returned.

    Raises
    ------
    EstimationError
        When q is 1 or less: the mean over customers is then infinite.
    """
    p, q, v = parameters
    if not q > 1:
        raise EstimationError(
            sentence("The amounts vary so much that their mean over customers has no finite value (q <= 1).")
        )
    x = np.asarray(purchases, dtype=float)
    return np.asarray(p * (v + x * np.where(x > 0, mean_amount, 0.0)) / (p * x + q - 1))
