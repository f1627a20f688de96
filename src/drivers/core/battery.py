"""Battery: how well the items of one battery measure one thing.

Throughout, `x` is an array (n, k) of complete answers, and `r` its correlations (k, k).
"""

from __future__ import annotations

import numpy as np

from drivers.core.moments import FloatArray

_FEWEST = 3  # items that one factor can be told from
_ROUNDING = 1e-12  # of the items' variance: a sum that varies less never varies


def cronbach_alpha(x: FloatArray) -> float:
    """Cronbach's alpha (1951, doi:10.1007/BF02310555); NaN with fewer than two items or a sum that never varies."""
    k = x.shape[1]
    if k < 2 or len(x) < 2:
        return float("nan")
    total = x.sum(axis=1).var(ddof=1)
    return float(k / (k - 1) * (1 - x.var(axis=0, ddof=1).sum() / total)) if total > 0 else float("nan")


def alpha_if_dropped(x: FloatArray) -> FloatArray:
    """Alpha (k,) of the other items, each item left out in turn; NaN where fewer than two would be left."""
    k = x.shape[1]
    if k < 3 or len(x) < 2:
        return np.full(k, np.nan)
    covariance = np.cov(x, rowvar=False)
    own = np.diagonal(covariance)
    total = covariance.sum() - 2 * covariance.sum(axis=0) + own
    parts = np.divide(own.sum() - own, total, out=np.full(k, np.nan), where=total > _ROUNDING * own.sum())
    return np.asarray((k - 1) / (k - 2) * (1 - parts))


def item_rest_correlation(x: FloatArray) -> FloatArray:
    """Correlation (k,) of each item with the sum of the others; NaN where one of the two never varies."""
    centred = x - x.mean(axis=0)
    rest = centred.sum(axis=1, keepdims=True) - centred
    spread = np.sqrt((centred**2).sum(axis=0) * (rest**2).sum(axis=0))
    together = (centred * rest).sum(axis=0)
    return np.asarray(np.divide(together, spread, out=np.full(x.shape[1], np.nan), where=spread > 0))


def one_factor_loadings(r: FloatArray) -> FloatArray:
    """Loadings (k,) of the one factor that leaves the least squared correlation between items (minres; Harman 1966).

    None exceeds 1, so no uniqueness is negative. The sign is that of most items.
    """
    from scipy.optimize import least_squares  # takes longer to load than all the rest of this module to run

    values, vectors = np.linalg.eigh(r)
    start = np.clip(vectors[:, -1] * np.sqrt(values[-1]), -0.99, 0.99)
    upper, lower = np.triu_indices(len(r), k=1)

    def residual(loadings: FloatArray) -> FloatArray:
        return np.asarray(r[upper, lower] - loadings[upper] * loadings[lower])

    loadings = least_squares(residual, start, bounds=(-1.0, 1.0), xtol=1e-14, ftol=1e-14, gtol=1e-14).x
    return np.asarray(-loadings if loadings.sum() < 0 else loadings)


def omega_total(r: FloatArray) -> float:
    """McDonald's omega total with one factor (1999): the part of the sum's variance that is not the items' own.

    NaN with fewer than three items. As of psych's ``omega(nfactors = 1)``, on correlations, by minres.
    """
    if len(r) < _FEWEST:
        return float("nan")
    loadings = one_factor_loadings(r)
    return float(1.0 - (1.0 - loadings**2).sum() / r.sum())


def first_factor_share(r: FloatArray) -> float:
    """Share of the standardised variance on the first principal component."""
    return float(np.linalg.eigvalsh(r)[-1] / len(r))
