"""The map of priorities and path models on 1,000 resamples, against refitting each of them."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd
import statsmodels.api as sm

import drivers
from drivers.core.paths import PathDesign, fit_paths

DRAWS = 1000
REFITTED = 50  # draws that the peers do; their time is brought to 1,000
DESIGN = PathDesign(
    tuple(tuple(range(4 * j, 4 * j + 4)) for j in range(6)), ((), (0,), (1,), (1, 2), (0, 1, 2, 3), (0, 4))
)


def seconds(call: Callable[[], object], times: int = 5) -> float:
    call()
    spans = []
    for _ in range(times):
        start = perf_counter()
        call()
        spans.append(perf_counter() - start)
    return median(spans)


def answers(n: int, p: int) -> pd.DataFrame:
    """Ratings of n customers of p drivers that share a general impression, and satisfaction."""
    rng = np.random.default_rng(p)
    x = rng.normal(size=(n, p)) + rng.normal(size=(n, 1))
    y = x @ np.linspace(0.05, 0.3, p) + rng.normal(size=n)
    return pd.DataFrame(np.column_stack([x, y]), columns=[*(f"x{j:02}" for j in range(p)), "y"])


def priorities_against_statsmodels(n: int = 2000, p: int = 15) -> None:
    """Time the map, and the regressions alone of a loop that refits statsmodels."""
    frame = answers(n, p)
    survey = drivers.Survey.from_frame(frame, "y")
    resample = drivers.joint_resample(survey, draws=DRAWS)
    x, y = sm.add_constant(frame.drop(columns="y").to_numpy()), frame["y"].to_numpy()

    def refitted() -> None:
        for counts in resample.counts[:REFITTED]:
            sm.WLS(y, x, weights=counts.astype(float)).fit()

    own, peer = seconds(lambda: drivers.driver_priorities(survey, resample)), seconds(refitted, 3) * DRAWS / REFITTED
    ratio = f"{peer / own:.0f}x"
    print(f"map of {p} drivers, {n} answers, {DRAWS} draws: {own:.3f} s; a loop of statsmodels {peer:.2f} s, {ratio}")


def paths_against_a_loop(n: int = 500) -> None:
    """Time the model of six blocks in all draws as one batch, and the same draw by draw."""
    rng = np.random.default_rng(1)
    scores = np.cumsum(rng.normal(size=(n, 6)), axis=1)
    z = np.repeat(scores, 4, axis=1) + rng.normal(size=(n, 24))
    rows = rng.integers(n, size=(DRAWS, n))
    cross = np.stack([np.cov(z[place], rowvar=False) for place in rows])
    own = seconds(lambda: fit_paths(cross, DESIGN))
    loop = seconds(lambda: [fit_paths(one, DESIGN) for one in cross[:REFITTED]], 3) * DRAWS / REFITTED
    print(
        f"paths between 6 blocks of 4 items, {DRAWS} draws: {own:.3f} s; draw by draw {loop:.2f} s, {loop / own:.0f}x"
    )


if __name__ == "__main__":
    priorities_against_statsmodels()
    paths_against_a_loop()
