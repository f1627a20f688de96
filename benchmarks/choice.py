"""Marginal effects of a multinomial logit in every draw, against statsmodels' MNLogit refitted on the rows of each.

Seconds are those of the processor, so that a busy machine does not count. MNLogit takes no weights, so the peer's rows
are repeated as often as they were drawn, and the survey is unweighted.
"""

from __future__ import annotations

import sys
import time
import warnings

import numpy as np
import statsmodels.api as sm

from drivers.core.polytomous import average_effects, multinomial_coefficients
from drivers.simulate.outsourcing import OUTCOMES, vecht_population
from drivers.simulate.outsourcing_truth import REGRESSORS, organisation_means

ORGANISATIONS, DRAWS = 400, 1000


def refitted(x: np.ndarray, y: np.ndarray, counts: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Effects (3, k) by a model fitted anew, from the same start."""
    rows = np.repeat(np.arange(len(y)), counts)
    found = sm.MNLogit(y[rows], x[rows]).fit(start_params=start, disp=0)
    return np.asarray(found.get_margeff(dummy=False).margeff).T


def main(arguments: list[str]) -> None:
    warnings.simplefilter("ignore")
    draws = next((int(a) for a in arguments if a.isdigit()), DRAWS)
    rng = np.random.default_rng(1)
    firms = organisation_means(vecht_population(rng, ORGANISATIONS))
    x = np.column_stack([np.ones(ORGANISATIONS), firms[list(REGRESSORS)].to_numpy(dtype=float)])
    y = firms["decision"].map({o: k for k, o in enumerate(OUTCOMES)}).to_numpy()
    counts = rng.multinomial(ORGANISATIONS, np.full(ORGANISATIONS, 1 / ORGANISATIONS), size=draws)
    start = np.asarray(sm.MNLogit(y, x).fit(disp=0).params)
    begin = time.process_time()
    theta = multinomial_coefficients(x, y, counts.astype(float), start.T)
    ours = average_effects(x, counts.astype(float), theta)[:, :, 1:]
    mine = time.process_time() - begin
    begin = time.process_time()
    peer = np.stack([refitted(x, y, row, start.ravel(order="F")) for row in counts])
    theirs = time.process_time() - begin
    print(f"{ORGANISATIONS} organisations, {len(REGRESSORS)} columns, {draws:,} resamples")
    print(f"drivers      {mine:8.2f} s")
    print(f"statsmodels  {theirs:8.2f} s, ratio {theirs / mine:.1f}")
    print(f"effects differ by {np.abs(ours - peer).max():.1e} at most")


if __name__ == "__main__":
    main(sys.argv[1:])
