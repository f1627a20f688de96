"""Driver importance against pingouin: time as ratios in one run, memory, and accuracy.

Run with one BLAS thread, as a batch worker does: ``OPENBLAS_NUM_THREADS=1 python benchmarks/importance.py [--full]``.
``--full`` adds 20 drivers, where pingouin alone takes minutes.
"""

from __future__ import annotations

import os
import sys
import tracemalloc
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from itertools import chain, combinations
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd
import pingouin

import drivers
from drivers.core import sampling
from drivers.core.lattice import subset_r_squared
from drivers.core.moments import Moments
from drivers.core.resample import draw_resample

PAIRS = {8: 9, 10: 9, 12: 5, 15: 3, 20: 1}  # drivers: repetitions, each peer timed in turn


def sample(p: int, n: int = 1000) -> pd.DataFrame:
    """Answers of n customers to p correlated drivers, outcome last."""
    rng = np.random.default_rng(p)
    x = rng.normal(size=(n, p)) + 0.7 * rng.normal(size=(n, 1))
    y = x @ rng.uniform(0, 1, p) + 2 * rng.normal(size=n)
    return pd.DataFrame(np.column_stack([x, y]), columns=[*(f"x{j:02}" for j in range(p)), "y"])


def seconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def shares_against_pingouin(p: int) -> None:
    """Time the whole public call of each from the same data frame, in turn; check that the shares agree."""
    frame = sample(p)
    x, y = frame.drop(columns="y"), frame["y"]
    ours = drivers.variance_shares(frame, "y").table["lmg"].to_numpy()
    theirs = pingouin.linear_regression(x.iloc[:, :2], y, relimp=True)  # warm both before timing
    pairs = []
    for _ in range(PAIRS[p]):
        start = perf_counter()
        theirs = pingouin.linear_regression(x, y, relimp=True)
        middle = perf_counter()
        pairs.append((middle - start, median(seconds(lambda: drivers.variance_shares(frame, "y")) for _ in range(3))))
    gap = np.abs(theirs["relimp"].to_numpy()[1:] - ours).max()
    peer, own = (median(pair[k] for pair in pairs) for k in (0, 1))
    ratio = median(pair[0] / pair[1] for pair in pairs)
    print(f"{p:>8} {peer:>12.4f} {own:>10.5f} {ratio:>8.0f} {gap:>12.0e}")


def sampled_shares(p: int) -> None:
    """Time shares from sampled orders to 0.1% of R², against independent orders and, where installed, ls-spa."""
    frame = sample(p)
    z = frame.to_numpy() - frame.to_numpy().mean(axis=0)
    cross, blocks = z.T @ z, [(j,) for j in range(p)]
    found = drivers.variance_shares(frame, "y")
    own = median(seconds(lambda: drivers.variance_shares(frame, "y")) for _ in range(5))
    rng = np.random.default_rng(1)
    alone = rng.permuted(np.tile(np.arange(p), (found.orders, 1)), axis=1)
    gains = np.stack([sampling.order_shares(cross, blocks, order[None]) for order in alone])
    error = (gains.std(axis=0) / np.sqrt(found.orders)).max() / found.r_squared
    print(
        f"{p} drivers: {own:.3f} s, {found.orders} orders, error {found.monte_carlo_error / found.r_squared:.2%} of R²;"
        f" as many independent orders {error:.2%}"
    )
    if find_spec("ls_spa"):
        exact = sampling.sampled_shares(cross, blocks, rng, precision=1e-4).value
        ls_spa = import_module("ls_spa").ls_spa
        x, y = z[:, :p], z[:, p]
        start = perf_counter()
        theirs = ls_spa(x, x, y, y, perms="argsort", max_samples=1024, tolerance=0.0).attribution
        taken, gap = perf_counter() - start, np.abs(theirs - exact).max() / found.r_squared
        ours = np.abs(found.table["lmg"].to_numpy() - exact).max() / found.r_squared
        print(f"  ls-spa, 1,024 quasi-random orders: {taken:.3f} s, largest error {gap:.2%} of R² (ours {ours:.2%})")


def resampled_importance(p: int = 10, n: int = 2000, draws: int = 1000) -> None:
    """Time all intervals, ranks and differences of one survey, and of its resample's draws and moments alone."""
    frame = sample(p, n)
    survey = drivers.Survey.from_frame(frame, "y")
    z, w = frame.to_numpy(), np.ones(n)

    def moments() -> object:
        resample = draw_resample(np.random.default_rng(1), n, draws)
        return resample.moments(tuple(frame.columns), z, w)

    moments()
    drivers.driver_importance(survey, draws=draws)
    alone = median(seconds(moments) for _ in range(5))
    whole = median(seconds(lambda: drivers.driver_importance(survey, draws=draws)) for _ in range(5))
    print(f"{p} drivers, {n} answers, {draws} resamples: drivers.driver_importance {whole:.3f} s,")
    print(f"  of which draws and their moments {alone:.3f} s")


def peak_memory(p: int = 20) -> None:
    frame = sample(p)
    tracemalloc.start()
    drivers.variance_shares(frame, "y")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"{p} drivers: peak memory of the call {peak / 2**20:.1f} MiB")


def accuracy(condition: float, p: int = 10) -> float:
    """Largest error of any subset's R² against least squares on the rows, and the correlations' condition number."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(400, p))
    for last in (p // 2 - 1, p - 1):  # two nearly dependent sets
        rest = x[:, last - p // 2 + 1 : last].sum(axis=1) / 2
        x[:, last] = rest + np.sqrt(5.0 / condition) * x[:, last]
    z = np.column_stack([x, x @ rng.uniform(0, 1, p) + 2 * rng.normal(size=400)])
    z -= z.mean(axis=0)
    cross = Moments.from_rows(tuple(map(str, range(p + 1))), z, np.ones(400)).cross
    r_squared = subset_r_squared(cross)
    subsets = chain.from_iterable(combinations(range(p), size) for size in range(1, p + 1))
    return max(abs(r_squared[sum(2**j for j in s)] - row_r_squared(z, list(s))) for s in subsets)


def row_r_squared(z: np.ndarray, subset: list[int]) -> float:
    y = z[:, -1]
    residual = y - z[:, subset] @ np.linalg.lstsq(z[:, subset], y)[0]
    return float(1 - residual @ residual / (y @ y))


def main(full: bool = False) -> None:
    warnings.simplefilter("ignore")
    print(f"BLAS threads: {os.environ.get('OPENBLAS_NUM_THREADS', 'not limited')}")
    print(f"{'drivers':>8} {'pingouin s':>12} {'drivers s':>10} {'ratio':>8} {'difference':>12}")
    for p in PAIRS if full else [p for p in PAIRS if p < 20]:
        shares_against_pingouin(p)
    for p in (20, 25):
        frame = sample(p)
        print(
            f"{p} drivers: {median(seconds(lambda f=frame: drivers.variance_shares(f, 'y')) for _ in range(3)):.3f} s"
        )
    for p in (40, 60, 100):
        sampled_shares(p)
    for p in (10, 15, 20, 40):
        resampled_importance(p)
    peak_memory()
    print("condition  largest error of R², all subsets of 10 drivers, against least squares on the rows")
    for condition in (1e1, 1e4, 1e6, 1e8, 1e10):
        print(f"{condition:>9.0e}  {accuracy(condition):.0e}")


if __name__ == "__main__":
    main("--full" in sys.argv[1:])
