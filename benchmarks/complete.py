"""The complete linear driver analysis of 2,000 respondents and 15 drivers on 1,000 joint resamples, part by part.

Run with one BLAS thread: ``OPENBLAS_NUM_THREADS=1 python benchmarks/complete.py [drivers]``. Every round has
a survey of its own, so that nothing is known from the round before.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from time import perf_counter, process_time

import numpy as np
import pandas as pd
import statsmodels.api as sm

import drivers

DRAWS = 1000
PEER_DRAWS = 50


def sample(p: int = 15, n: int = 2000, missing: float = 0.0) -> drivers.Survey:
    """Ratings from 1 to 10 of n customers in three groups on p aspects that go together."""
    rng = np.random.default_rng(p)
    x = np.clip(np.rint(6.3 + 1.5 * (rng.normal(size=(n, p)) + rng.normal(size=(n, 1)))), 1, 10)
    y = np.clip(np.rint(x @ np.linspace(0.01, 2.2 / p, p) + rng.normal(size=n) - 4), 1, 10)
    x[rng.random(x.shape) < missing] = np.nan
    frame = pd.DataFrame(np.column_stack([x, y]), columns=[*(f"x{j:02}" for j in range(p)), "y"])
    survey = drivers.Survey.from_frame(frame, "y", scale=(1, 10))
    region = pd.DataFrame({"region": np.array(["north", "middle", "south"], dtype=object)[rng.integers(3, size=n)]})
    return drivers.segmented_survey(survey, region, ["region"])


def calls(survey: drivers.Survey) -> dict[str, Callable[[], object]]:
    """Everything that is linear, on the same draws; a later part may use what an earlier one found."""
    found: dict[str, object] = {}

    def resample() -> drivers.core.resample.Resample:
        if "draws" not in found:
            found["draws"] = drivers.joint_resample(survey, draws=DRAWS)
        return found["draws"]

    def importance() -> object:
        found["importance"] = drivers.driver_importance(survey, resample())
        return found["importance"]

    def missing() -> object:
        found["missing"] = drivers.missing_sensitivity(survey, resample())
        return found["missing"]

    parts = {
        "joint_resample": resample,
        "potential": lambda: drivers.potential(survey, resample()),
        "driver_importance": importance,
        "missing_sensitivity": missing,
        "driver_dominance": lambda: drivers.driver_dominance(survey, resample()),
        "driver_commonality": lambda: drivers.driver_commonality(survey, resample()),
        "driver_robustness": lambda: drivers.driver_robustness(
            survey, resample(), importance=found["importance"], missing=found.get("missing")
        ),
        "rating_halo": lambda: drivers.rating_halo(survey, resample(), importance=found["importance"]),
        "driver_shapes": lambda: drivers.driver_shapes(survey, resample()),
        "effect_curves": lambda: drivers.effect_curves(survey, resample()),
        "necessary_conditions": lambda: drivers.necessary_conditions(survey),
        "driver_priorities": lambda: drivers.driver_priorities(survey, resample()),
        "segment_importance": lambda: drivers.segment_importance(survey, "region", resample()),
        "driver_checks": lambda: drivers.driver_checks(survey, resample()),
    }
    if not survey.answers.isna().to_numpy().any():
        del parts["missing_sensitivity"]
    return parts


def timed(survey: drivers.Survey) -> pd.DataFrame:
    """Wall and processor seconds of each part."""
    rows = []
    for name, call in calls(survey).items():
        wall, cpu = perf_counter(), process_time()
        call()
        rows.append((name, perf_counter() - wall, process_time() - cpu))
    return pd.DataFrame(rows, columns=["part", "wall", "cpu"]).set_index("part")


def refitted(survey: drivers.Survey) -> float:
    """Seconds of a loop that refits statsmodels on every draw: one regression a draw, slopes alone."""
    rng, n = np.random.default_rng(1), survey.base
    x = sm.add_constant(survey.answers[list(survey.drivers)].to_numpy())
    y = survey.answers[survey.outcome].to_numpy()
    start = perf_counter()
    for _ in range(PEER_DRAWS):
        rows = rng.integers(n, size=n)
        sm.OLS(y[rows], x[rows]).fit()
    return (perf_counter() - start) * DRAWS / PEER_DRAWS


def main(p: int = 15) -> None:
    warnings.simplefilter("ignore")
    timed(sample(4, 300))  # imports
    for title, missing in (("no answer missing", 0.0), ("1% of the answers missing", 0.01)):
        rounds = [timed(sample(p, missing=missing)) for _ in range(3)]
        best = min(rounds, key=lambda frame: frame["wall"].sum())
        print(f"{p} drivers, 2000 answers, {DRAWS} resamples, {title}; best of {len(rounds)} rounds, seconds")
        print(best.round(2).to_string())
        print(f"total: wall {best['wall'].sum():.2f}, processor {best['cpu'].sum():.2f}")
    peer = refitted(sample(p))
    print(f"peer: statsmodels refitted in every draw, one regression each, no shares: {peer:.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
