"""Importance for outcomes that are no mean: every set of drivers against a loop of statsmodels, and shares in draws.

Run with one BLAS thread: ``OPENBLAS_NUM_THREADS=1 python benchmarks/outcomes.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np
import statsmodels.api as sm

from drivers.core.binary import BinaryLogit
from drivers.core.expansion import Expansion
from drivers.core.ordered import OrderedLogit
from drivers.core.orders import all_sets, ordered_sets
from drivers.core.subsets import subset_fits
from drivers.core.worth import shapley_values, shapley_weights


def sample(p: int, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Standardised answers of n customers to p correlated drivers, a latent outcome, and weights."""
    rng = np.random.default_rng(p)
    x = rng.normal(size=(n, p)) + 0.7 * rng.normal(size=(n, 1))
    latent = x @ rng.uniform(0, 0.5, p) + rng.logistic(size=n)
    return (x - x.mean(axis=0)) / x.std(axis=0), latent, rng.uniform(0.5, 2.0, n)


def seconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def logit_lattice(p: int = 10, n: int = 2000) -> None:
    """All 2**p logits of the public core call against a loop of refits, in turn, without and with weights."""
    x, latent, weights = sample(p, n)
    y, blocks = (latent > 0).astype(float), [[j] for j in range(p)]
    members = [[j for j in range(p) if code >> j & 1] for code in range(2**p)]
    designs = [np.column_stack([np.ones(n), x[:, m]]) for m in members]

    def plain() -> list[float]:
        return [sm.Logit(y, design).fit(disp=0).llf for design in designs]

    def weighted() -> list[float]:
        return [sm.GLM(y, d, family=sm.families.Binomial(), freq_weights=weights).fit().llf for d in designs]

    print(f"{'':24} {'statsmodels s':>14} {'drivers s':>10} {'ratio':>6} {'difference of McFadden':>24}")
    for name, peer, w in (("Logit, no weights", plain, np.ones(n)), ("GLM, weights", weighted, weights)):
        pairs, theirs = [], np.empty(0)
        for _ in range(3):
            own = median(seconds(lambda w=w: subset_fits(BinaryLogit(x, y, w), blocks)) for _ in range(5))
            start = perf_counter()
            theirs = np.array(peer())
            pairs.append((perf_counter() - start, own))
        fits = subset_fits(BinaryLogit(x, y, w), blocks)
        gap = np.abs(theirs / theirs[0] - fits.loglik / fits.null_loglik).max()
        first, second = (median(pair[k] for pair in pairs) for k in (0, 1))
        print(f"{name:24} {first:>14.2f} {second:>10.3f} {median(a / b for a, b in pairs):>6.0f} {gap:>24.0e}")


def agreement(kind: str, n: int, p: int = 6, draws: int = 200) -> None:
    """Shares in draws by expansion against fitting every set again in each."""
    x, latent, w = sample(p, n)
    y = np.searchsorted([0.0] if kind == "logit" else [-1.5, 0.0, 1.0, 2.0], latent)
    order = np.argsort(y, kind="stable")
    x, y, blocks = x[order], y[order], [[j] for j in range(p)]

    def model(w: np.ndarray) -> BinaryLogit | OrderedLogit:
        return BinaryLogit(x, y.astype(float), w) if kind == "logit" else OrderedLogit(x, y, w)

    weightings = np.random.default_rng(1).multinomial(n, np.full(n, 1 / n), size=draws) * w
    start = perf_counter()
    whole = model(w)
    expansion = Expansion(whole, subset_fits(whole, blocks), y)
    values = expansion.values(expansion.sums(weightings)).values
    own = perf_counter() - start
    start = perf_counter()
    again = np.array([shapley_values(subset_fits(model(row), blocks).loglik) for row in weightings])
    peer = perf_counter() - start
    found, expected = (v / v.sum(axis=1, keepdims=True) for v in (values, again))
    correlation = min(np.corrcoef(found[:, j], expected[:, j])[0, 1] for j in range(p))
    spread = float((np.sqrt(((found - expected) ** 2).mean(axis=0)) / expected.std(axis=0)).max())
    ends = [np.quantile(v, [0.025, 0.975], axis=0) for v in (found, expected)]
    gap = 100 * float(np.abs(ends[0] - ends[1]).max())
    print(f"{kind:8} {n:>6} {peer / own:>8.0f} {correlation:>12.4f} {spread:>10.3f} {gap:>18.2f}")


def along_orders(p: int = 12, n: int = 2000) -> None:
    """Shares from sets along orders against those from all sets."""
    x, latent, w = sample(p, n)
    y, blocks = (latent > 0).astype(np.int64), [[j] for j in range(p)]
    model = BinaryLogit(x, y.astype(float), w)
    plan = ordered_sets(np.random.default_rng(1), [range(p)], 2)
    exact_seconds = seconds(lambda: Expansion(model, subset_fits(model, blocks, all_sets(shapley_weights(p))), y))
    some_seconds = seconds(lambda: Expansion(model, subset_fits(model, blocks, plan), y))
    exact = Expansion(model, subset_fits(model, blocks, all_sets(shapley_weights(p))), y)
    some = Expansion(model, subset_fits(model, blocks, plan), y)
    gap, total = 100 * np.abs(some.sample - exact.sample).max(), exact.sample.sum()
    print(
        f"{p} drivers: {len(plan.sets)} of {2**p} sets, {exact_seconds / some_seconds:.0f} times faster, largest error "
        f"of a share {gap / total:.3f} percentage points (claimed standard error {100 * some.error.max() / total:.3f})"
    )


def main() -> None:
    logit_lattice()
    print(f"{'in draws':8} {'n':>6} {'faster':>8} {'correlation':>12} {'error/sd':>10} {'interval end, pp':>18}")
    for kind, n in (("logit", 300), ("logit", 2000), ("ordered", 300), ("ordered", 2000)):
        agreement(kind, n)
    along_orders()


if __name__ == "__main__":
    main()
