"""Shapes of drivers against a loop that refits statsmodels on every draw: time as a ratio in one run.

Run with one BLAS thread: ``OPENBLAS_NUM_THREADS=1 python benchmarks/shape.py``.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd
import statsmodels.api as sm

import drivers


def sample(n: int = 2000, p: int = 15) -> pd.DataFrame:
    """Ratings from 1 to 10 of n customers on p aspects that go together, satisfaction last."""
    rng = np.random.default_rng(p)
    x = np.clip(np.rint(6.3 + 1.5 * (rng.normal(size=(n, p)) + rng.normal(size=(n, 1)))), 1, 10)
    y = np.clip(np.rint(x @ np.linspace(0.01, 0.15, p) + rng.normal(size=n)), 1, 10)
    return pd.DataFrame(np.column_stack([x, y]), columns=[*(f"x{j:02}" for j in range(p)), "y"])


def seconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def refitted(frame: pd.DataFrame, draws: int) -> None:
    """Penalties and rewards as a loop has them: draw respondents, fit, again."""
    rng, n = np.random.default_rng(1), len(frame)
    x, y = frame.drop(columns="y").to_numpy(), frame["y"].to_numpy()
    design = sm.add_constant(np.column_stack([x < 4, x > 7, x]).astype(float))
    for _ in range(draws):
        rows = rng.integers(n, size=n)
        sm.OLS(y[rows], design[rows]).fit()


def main() -> None:
    warnings.simplefilter("ignore")
    frame, draws = sample(), 1000
    survey = drivers.Survey.from_frame(frame, "y", scale=(1, 10))
    resample = drivers.joint_resample(survey, draws=draws)
    loop = seconds(lambda: refitted(frame, draws // 20)) * 20
    own = {
        "driver_shapes": median(seconds(lambda: drivers.driver_shapes(survey, resample)) for _ in range(3)),
        "effect_curves": median(seconds(lambda: drivers.effect_curves(survey, resample)) for _ in range(3)),
        "necessary_conditions": median(seconds(lambda: drivers.necessary_conditions(survey)) for _ in range(3)),
    }
    print(f"15 drivers, 2000 answers, {draws} resamples; statsmodels refitted on each draw: {loop:.2f} s")
    for name, took in own.items():
        print(f"  drivers.{name:<22} {took:.3f} s")
    print(f"  the loop over driver_shapes: {loop / own['driver_shapes']:.0f} times as long")


if __name__ == "__main__":
    sys.exit(main())
