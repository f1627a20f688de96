"""How often do 95% intervals hold the truth? Two designs with a known population, 1,000 surveys of each.

``python benchmarks/coverage.py`` prints the tables; ``--write`` makes docs/coverage.md of them (some six minutes).
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
SEEDS, DRAWS = 1000, 1000
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


MEASURES = ("R²", "share", "share, percentile", "slope", "difference")
TITLES = {
    "R²": "R² (BCa)",
    "share": "share (BCa; from 0 where it is within noise)",
    "share, percentile": "share (percentile)",
    "slope": "slope (robust errors)",
    "difference": "difference of two shares (percentile)",
}


def measure_of(name: str) -> str:
    return name.partition(" d")[0]


def design_lines(design: Design, seeds: int) -> list[str]:
    """The part of the page on one design."""
    rates, (shares, _, r_squared) = coverage(design, seeds)
    true = ", ".join(f"{100 * share:.1f}%" for share in shares)
    lines = [f"## Design {design.name}", "", f"{design.about}. R² {r_squared:.2f}; true shares {true}.", ""]
    lines += ["| 95% interval of | intervals | mean coverage | lowest | highest | outside 93–97% |", "| --- " * 6 + "|"]
    for measure in MEASURES:
        found = rates[[name for name in rates.index if measure_of(name) == measure]]
        out = [f"{name.removeprefix(measure).strip()} {rate:.1%}" for name, rate in found.items() if not inside(rate)]
        numbers = f"{found.mean():.1%} | {found.min():.1%} | {found.max():.1%}"
        lines.append(f"| {TITLES[measure]} | {len(found)} | {numbers} | {', '.join(out) or '–'} |")
    return [*lines, ""]


def inside(rate: float) -> bool:
    return bool(BAND[0] <= rate <= BAND[1])


HEAD = """# How often the intervals hold the truth

Surveys were simulated from two populations whose shares, slopes and R² are known, and every interval was checked
against the truth. A 95% interval should hold it in 95 of 100 surveys. Over {seeds:,} surveys a rate of 95% is known to
1.4 percentage points either way. Made by `python benchmarks/coverage.py --write`; {draws:,} resamples a survey.
"""

TAIL = """## How to read it

- **Drivers that have nothing to do with satisfaction.** Their true share is 0, and the resamples of a number that
  cannot be negative never reach 0: a percentile or BCa interval never holds the truth. So a share is held against what
  pure noise would get (`noise_p`); where it is not larger at the level of the interval, its interval begins at 0. The
  percentile columns (`share_percentile_low`, `share_percentile_high`) are left as they are, for comparison only.
- **The difference of two such drivers** is 0; its interval is too wide rather than too narrow, because the resamples
  add noise to noise.
- **Shares and their differences** are held in about 94 of 100 surveys: their intervals are a little too narrow, as
  intervals from resamples are. The last column names each rate outside 93–97%, whether by chance or not.
- Relative weights have the standard error of their resamples. The formula in use elsewhere, which treats the
  orthogonalised drivers as given, is not used: tests/core/test_relative.py compares both with the spread over surveys.
"""


def main(arguments: list[str]) -> None:
    warnings.simplefilter("ignore")
    seeds = next((int(word) for word in arguments if word.isdigit()), SEEDS)
    lines = [HEAD.format(seeds=seeds, draws=DRAWS)]
    for design in DESIGNS:
        lines += design_lines(design, seeds)
        print("\n".join(lines[-12:]), flush=True)
    if "--write" in arguments:
        PAGE.write_text("\n".join([*lines, TAIL]), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
