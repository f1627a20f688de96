"""Multiplicity: p-values adjusted for being some of many.

Holm 1979, Scandinavian Journal of Statistics 6:65; Hochberg 1988, Biometrika 75:800 (doi:10.1093/biomet/75.4.800);
Benjamini & Hochberg 1995, Journal of the Royal Statistical Society B 57:289; Benjamini & Yekutieli 2001, Annals of
Statistics 29:1165. The numbers are those of R's ``p.adjust`` and of statsmodels' ``multipletests``; that one collects
garbage at each call, which takes longer than all else here.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from drivers.core.moments import FloatArray

Multiplicity = Literal["holm", "hochberg", "bh", "by", "none"]
"""Holm and Hochberg bound the chance of any false alarm; Benjamini-Hochberg (bh) and Benjamini-Yekutieli (by) the
expected part of the alarms that are false. Holm and by hold whatever the dependence between the p-values."""


def adjusted_p(p: FloatArray, method: Multiplicity) -> FloatArray:
    """P-values (k,) adjusted for their number; those that are NaN stay so and do not count."""
    seen = np.flatnonzero(~np.isnan(p))
    order = seen[np.argsort(p[seen], kind="stable")]
    m = len(order)
    adjusted = np.array(p, dtype=float)
    if m == 0 or method == "none":
        return adjusted
    rank = np.arange(1, m + 1)
    if method in ("holm", "hochberg"):
        raw = adjusted[order] * (m + 1 - rank)
    else:
        raw = adjusted[order] * m / rank * ((1.0 / rank).sum() if method == "by" else 1.0)
    steps = np.maximum.accumulate(raw) if method == "holm" else np.minimum.accumulate(raw[::-1])[::-1]
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted
