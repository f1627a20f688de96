"""How often do 95% intervals hold the truth? Two designs with a known population, 500 surveys of each.

``python benchmarks/coverage.py [--write] [seeds]`` prints the table of docs/coverage.md; ``--write`` writes that page.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers import Survey, driver_importance
from drivers.core.dominance import general_dominance
from drivers.core.linear import linear_fit
from drivers.core.moments import Moments

PAGE = Path(__file__).parents[1] / "docs" / "coverage.md"
SEEDS, DRAWS = 500, 1000
BAND = (0.93, 0.97)
POPULATION = 4_000_000


@dataclass(frozen=True)
class Design:
    """A population to draw surveys from: answers (n, p + 1) with the outcome last, and weights (n,)."""

    name: str
    about: str
    respondents: int
    answers: Callable[[np.random.Generator, int], np.ndarray]
    weights: Callable[[np.random.Generator, int], np.ndarray] | None = None


def continuous(rng: np.random.Generator, n: int) -> np.ndarray:
    """Five ratings with a common factor; the last has no effect of its own."""
    x = np.sqrt(0.45) * rng.normal(size=(n, 1)) + np.sqrt(0.55) * rng.normal(size=(n, 5))
    return np.column_stack([x, x @ [0.5, 0.3, 0.2, 0.1, 0.0] + 0.9 * rng.normal(size=n)])


def ratings(rng: np.random.Generator, n: int) -> np.ndarray:
    """Eight ratings from 1 to 10, skewed to the top; two small ones, two that have nothing to do with anything."""
    halo = rng.normal(size=(n, 1)) * np.array([1, 1, 1, 1, 1, 1, 0, 0])
    x = np.clip(np.rint(7.5 + 1.8 * (0.6 * halo + 0.8 * rng.normal(size=(n, 8)))), 1, 10)
    moved = (x - 7.4) @ [0.45, 0.3, 0.3, 0.15, 0.08, 0.0, 0.0, 0.0]
    return np.column_stack([x, np.clip(np.rint(7.3 + moved + 1.3 * rng.standard_t(6, size=n)), 1, 10)])


def unequal(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.choice([0.6, 1.0, 1.0, 1.8], size=n)


DESIGNS = (
    Design("A", "400 respondents, 5 normal ratings with a common factor, no weights", 400, continuous),
    Design(
        "B", "800 respondents, 8 ratings from 1 to 10 against a ceiling, heavy tails, weights", 800, ratings, unequal
    ),
)


def truth(design: Design) -> tuple[np.ndarray, np.ndarray, float]:
    """Shares of the explanation, slopes and R² of the population."""
    rng = np.random.default_rng(2026)
    names = tuple(map(str, range(design.answers(rng, 2).shape[1])))
    parts = [Moments.from_rows(names, design.answers(rng, POPULATION // 8), np.ones(POPULATION // 8)) for _ in range(8)]
    cross = parts[0].cross * 0
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    cross = whole.cross
    shares, fit = general_dominance(cross), linear_fit(cross)
    return shares / shares.sum(), fit.slopes, float(fit.r_squared)


def survey_of(design: Design, seed: int) -> Survey:
    rng = np.random.default_rng(seed)
    z = design.answers(rng, design.respondents)
    names = [*(f"d{j}" for j in range(z.shape[1] - 1)), "y"]
    survey = Survey.from_frame(pd.DataFrame(z, columns=names), "y")
    survey = replace(survey, labels=MappingProxyType({n: n for n in names}))
    if design.weights is None:
        return survey
    return replace(survey, weights=design.weights(rng, design.respondents), weighted=True)


def hits(design: Design, seed: int, known: tuple[np.ndarray, np.ndarray, float]) -> dict[str, float]:
    """Which intervals of one survey hold the truth."""
    survey = survey_of(design, seed)
    result = driver_importance(survey, draws=DRAWS)
    table = result.table.set_index("driver").loc[list(survey.drivers)]
    shares, slopes, r_squared = known
    found: dict[str, float] = {"R²": result.r_squared_low <= r_squared <= result.r_squared_high}
    for what, columns, values in (
        ("share", ("share_low", "share_high"), shares),
        ("share, percentile", ("share_percentile_low", "share_percentile_high"), shares),
        ("slope", ("slope_low", "slope_high"), slopes),
    ):
        inside = (table[columns[0]] <= values + 1e-12) & (values <= table[columns[1]])
        found |= {f"{what} {d}": float(ok) for d, ok in inside.items()}
    place = {d: j for j, d in enumerate(survey.drivers)}
    for _, row in result.differences.iterrows():
        a, b = row["driver"], row["other"]
        gap = shares[place[a]] - shares[place[b]]
        found["difference " + " ".join(sorted((a, b)))] = float(row["difference_low"] <= gap <= row["difference_high"])
    return found


def coverage(design: Design, seeds: int) -> tuple[pd.Series, tuple[np.ndarray, np.ndarray, float]]:
    known = truth(design)
    return pd.DataFrame([hits(design, seed, known) for seed in range(seeds)]).mean(), known


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for design in DESIGNS:
        rates, known = coverage(design, int(sys.argv[-1]))
        print(design.name, np.round(known[0], 4), round(known[2], 3))
        print(rates.round(3).to_string())
