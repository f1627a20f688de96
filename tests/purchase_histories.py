"""Purchase histories of known truth, made one event at a time."""

import numpy as np
import pandas as pd


def purchase_histories(rng, n, truth, amounts=(6.0, 4.0, 15.0)):
    """Histories of n customers: BG/NBD with r, alpha, a, b; amounts gamma-gamma with p, q, v; seen 20 to 40 weeks."""
    r, alpha, a, b = truth
    p, q, v = amounts
    rate, gone = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    end = rng.uniform(20, 40, n)
    x, last, time, alive = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, dtype=bool)
    while alive.any():
        time = time + rng.exponential(1 / rate)
        bought = alive & (time <= end)
        x, last = x + bought, np.where(bought, time, last)
        alive = bought & (rng.random(n) >= gone)
    spread = rng.gamma(q, 1 / v, n)
    amount = np.where(x > 0, rng.gamma(p * np.maximum(x, 1)) / spread / np.maximum(x, 1), 0.0)
    return pd.DataFrame({"repeats": x, "last": last, "observed": end, "amount": amount})
