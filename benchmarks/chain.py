"""The chain from drivers to euros against a loop that refits statsmodels on every resample, on the same draws.

Seconds are those of the processor, so that a busy machine does not count.
"""

from __future__ import annotations

import sys
import time
import warnings
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import statsmodels.api as sm

from drivers import Survey, ValueTerms, joint_resample, retention_link, value_chain
from drivers.core.interval import percentile_interval
from drivers.survey.survey import Scale

CUSTOMERS, DRIVERS, DRAWS = 5000, 15, 1000
TERMS = ValueTerms("margin", discount_rate=0.1, horizon_years=5, customers=100_000)


def made_survey() -> Survey:
    rng = np.random.default_rng(1)
    common = rng.normal(size=(CUSTOMERS, 1))
    ratings = np.clip(np.rint(6.5 + 1.6 * (0.6 * common + 0.8 * rng.normal(size=(CUSTOMERS, DRIVERS)))), 1, 10)
    names = [f"d{j}" for j in range(DRIVERS)]
    moved = (ratings - 6.5) @ np.linspace(0.3, 0.0, DRIVERS)
    frame = pd.DataFrame(ratings, columns=names).assign(
        csat=np.clip(np.rint(6.5 + 0.6 * moved + rng.normal(size=CUSTOMERS)), 1, 10),
        tenure=rng.gamma(2.0, 3.0, size=CUSTOMERS).round(1),
        margin=rng.lognormal(4.9, 0.4, size=CUSTOMERS),
    )
    odds = 1.0 - 0.38 * frame["csat"] - 0.05 * frame["tenure"]
    frame["left"] = (rng.random(CUSTOMERS) < 1 / (1 + np.exp(-odds))).astype(float)
    survey = Survey.from_frame(frame, "csat", names, scale=(1, 10))
    scales = MappingProxyType(dict.fromkeys(["csat", *names], Scale(1.0, 10.0)))
    return replace(survey, answers=frame, controls=("tenure",), scales=scales)


def refitted(survey: Survey, w: np.ndarray) -> np.ndarray:
    """Lifetime value (drivers,) of half a point on each, by two models fitted anew."""
    frame = survey.answers
    x = np.column_stack([np.ones(len(w)), frame[["tenure", *survey.drivers]]])
    slopes = sm.WLS(frame["csat"].to_numpy(), x, weights=w).fit().params[2:]
    design = np.column_stack([np.ones(len(w)), frame[["csat", "tenure"]]])
    leaving = sm.GLM(frame["left"].to_numpy(), design, family=sm.families.Binomial(), freq_weights=w).fit()
    now, margin = design[:, 1], frame["margin"].to_numpy()

    def worth(gain: float) -> float:
        moved = np.column_stack([design[:, 0], np.clip(now + gain, 1, 10), design[:, 2]])
        kept = (1 - leaving.predict(moved)) / 1.1
        multiple = 1 + kept * (1 + kept * (1 + kept * (1 + kept)))
        return float(TERMS.customers * np.average(margin * multiple, weights=w))

    today = worth(0.0)
    return np.array([worth(0.5 * slope) - today for slope in slopes])


def main(arguments: list[str]) -> None:
    warnings.simplefilter("ignore")
    draws = next((int(a) for a in arguments if a.isdigit()), DRAWS)
    survey = made_survey()
    start = time.process_time()
    resample = joint_resample(survey, draws=draws)
    chain = value_chain(retention_link(survey, resample), TERMS, confidence=0.9)
    ours = time.process_time() - start
    start = time.process_time()
    peer = np.array([refitted(survey, resample.weightings(survey.weights, b, b + 1)[0]) for b in range(draws)])
    theirs = time.process_time() - start
    rows = chain.table.set_index("driver").loc[list(survey.drivers)]
    ends = [percentile_interval(column, 0.9) for column in peer.T]
    low, high = (np.array([float(getattr(end, name)) for end in ends]) for name in ("low", "high"))
    apart = max(np.abs(rows["lifetime_value_low"] - low).max(), np.abs(rows["lifetime_value_high"] - high).max())
    print(f"{CUSTOMERS:,} customers, {DRIVERS} drivers, {draws:,} resamples, logit included")
    print(f"drivers      {ours:8.2f} s")
    print(f"statsmodels  {theirs:8.2f} s, ratio {theirs / ours:.1f}")
    print(f"ends of the intervals differ by {apart / (high - low).min():.2%} of an interval's width at most")


if __name__ == "__main__":
    main(sys.argv[1:])
