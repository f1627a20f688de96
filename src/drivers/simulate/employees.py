"""Employees of Maasland Verzekeringen, which does not exist: what each layer answers, and what the teams achieve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy.special import ndtr

LOW, HIGH = 1, 10
TEAMS = 40
FLOOR, OFFICE, BOARD = 300, 56, 14
LAYERS = ("floor", "team_lead", "sales_office", "board")

TEAM_SPREAD, PERSON_SPREAD = 0.60, 1.35  # standard deviations of satisfaction, in points, before rounding
_LEAD_SHARE = 0.5  # of what sets a team apart that its lead feels too
_BATTERY_NOISE = 1.0
_ANSWER_SPREAD = 1.2
_MISSING = 0.02

SATISFACTION: Mapping[str, float] = MappingProxyType(dict(zip(LAYERS, (7.3, 7.1, 6.0, 7.4), strict=True)))
"""Mean satisfaction by layer; all but the board's as reported in a trade article."""

INFORMATION_DOWN, INFORMATION_UP = 8.0, 5.0
"""How information comes down, felt below the board, and up, felt by the board; as reported in the same article."""

VIEWS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "customers_content": dict(zip(LAYERS, (6.6, 6.9, 7.4, 8.3), strict=True)),
        "customers_understood": dict(zip(LAYERS, (6.5, 6.7, 7.1, 8.2), strict=True)),
        "board_knows_floor": dict(zip(LAYERS, (5.2, 5.7, 5.9, 7.6), strict=True)),
        "systems_work": dict.fromkeys(LAYERS, 6.3),
    }
)
BATTERY = ("pride", "growth", "appreciation")

RESULTS: Mapping[str, tuple[float, float, float]] = MappingProxyType(
    {"customer_satisfaction": (6.9, 0.80, 0.35), "absence": (0.062, -0.020, 0.010), "turnover": (0.21, -0.07, 0.05)}
)
"""Of each result of a team: its mean, its change for one point of the team's true satisfaction, its own spread."""


@dataclass(frozen=True, slots=True, eq=False)
class EmployeeFiles:
    """The two files: one row an employee, one row a team."""

    employees: pd.DataFrame
    teams: pd.DataFrame


@dataclass(frozen=True, slots=True)
class EmployeeTruth:
    """What a correct analysis of the employees must find, in recorded points.

    Attributes
    ----------
    means
        By question and layer: mean of the recorded answers; layers that are not asked have none.
    icc1
        Share of the differences in satisfaction on the floor that lies between teams.
    slopes
        By result of a team: its change for one recorded point of the team's true mean satisfaction.
    """

    means: Mapping[str, Mapping[str, float]]
    icc1: float
    slopes: Mapping[str, float]


def employee_files(
    rng: np.random.Generator,
    *,
    teams: int = TEAMS,
    layer_gap: float = 1.0,
    view_gap: float = 1.0,
    link: float = 1.0,
    board: int = BOARD,
) -> EmployeeFiles:
    """What do employees answer, and what do their teams achieve?

    Parameters
    ----------
    rng
        Source of all randomness.
    teams
        Over how many teams the floor is divided, 2 or more.
    layer_gap, view_gap, link
        How much of the differences in satisfaction between layers, of those in their views (information too), and of
        what goes with a team's satisfaction there is: 1 all, 0 none (the null twins).
    board
        Members of the board.
    """
    effect = TEAM_SPREAD * rng.standard_normal(teams)
    layer, team = _people(rng, teams, board)
    of_team = np.append(effect, 0.0)[team]  # -1, no team, is the last place
    felt = of_team * np.where(layer == LAYERS.index("team_lead"), _LEAD_SHARE, 1.0)
    person = PERSON_SPREAD * rng.standard_normal(len(layer))
    answers = {"work_satisfaction": _rating(_means(_scaled(SATISFACTION, layer_gap))[layer] + felt + person)}
    for item in BATTERY:
        own = _BATTERY_NOISE * rng.standard_normal(len(layer))
        answers[item] = _rating(6.8 + felt + 0.7 * person + own)
    for item, views in {**VIEWS, **_information(view_gap)}.items():
        noise = _ANSWER_SPREAD * rng.standard_normal(len(layer))
        answers[item] = _rating(_means(_scaled(views, view_gap))[layer] + noise)
    given = np.column_stack(list(answers.values()))
    given[rng.random(given.shape) < _MISSING] = np.nan
    names = np.array([*(f"T{k + 1:02d}" for k in range(teams)), ""])
    frame = pd.DataFrame({"layer": np.array(LAYERS)[layer], "team": names[team]})
    frame = pd.concat([frame, pd.DataFrame(given, columns=list(answers))], axis=1)
    frame = frame.sample(frac=1, random_state=rng).reset_index(drop=True)
    return EmployeeFiles(frame, _achieved(rng, effect, names[:-1], link))


def employee_truth(*, layer_gap: float = 1.0, view_gap: float = 1.0, link: float = 1.0) -> EmployeeTruth:
    """What is true of these employees, computed from the probabilities of the recorded answers?"""
    z, weights = np.polynomial.hermite_e.hermegauss(64)
    weights = weights / weights.sum()
    mean, means = _scaled(SATISFACTION, layer_gap), {}
    spreads = {"floor": TEAM_SPREAD, "team_lead": _LEAD_SHARE * TEAM_SPREAD}
    means["work_satisfaction"] = {
        layer: float(_moments(mean[layer] + spreads.get(layer, 0.0) * z, PERSON_SPREAD)[0] @ weights)
        for layer in LAYERS
    }
    for item, views in {**VIEWS, **_information(view_gap)}.items():
        own = _scaled(views, view_gap)
        means[item] = {layer: float(_moments(np.array([m]), _ANSWER_SPREAD)[0][0]) for layer, m in own.items()}
    first, second = _moments(mean["floor"] + TEAM_SPREAD * z, PERSON_SPREAD)
    between = float(first**2 @ weights - (first @ weights) ** 2)
    whole = float(second @ weights - (first @ weights) ** 2)
    moved = float((TEAM_SPREAD * z * first) @ weights) / between  # of the true effect, for one recorded point
    slopes = {name: link * slope * moved for name, (_, slope, _) in RESULTS.items()}
    return EmployeeTruth(MappingProxyType(means), between / whole, MappingProxyType(slopes))


def _information(view_gap: float) -> dict[str, Mapping[str, float]]:
    """Who is asked how information comes down, and who how it comes up; alike where there is no gap."""
    middle = (INFORMATION_DOWN + INFORMATION_UP) / 2
    down, up = (middle + view_gap * (level - middle) for level in (INFORMATION_DOWN, INFORMATION_UP))
    return {"information_down": dict.fromkeys(LAYERS[:-1], down), "information_up": {LAYERS[-1]: up}}


def _scaled(means: Mapping[str, float], gap: float) -> dict[str, float]:
    """The same means with their distances from the first multiplied by `gap`."""
    first = next(iter(means.values()))
    return {layer: first + gap * (mean - first) for layer, mean in means.items()}


def _means(by_layer: Mapping[str, float]) -> np.ndarray:
    """Mean of each layer, NaN for one that is not asked."""
    return np.array([by_layer.get(layer, np.nan) for layer in LAYERS])


def _people(rng: np.random.Generator, teams: int, board: int) -> tuple[np.ndarray, np.ndarray]:
    """Place in LAYERS of each employee, and number of the team; -1 for none."""
    floor = np.sort(np.r_[np.tile(np.arange(teams), 3), rng.integers(0, teams, FLOOR - 3 * teams)])
    layers = np.repeat(np.arange(len(LAYERS)), [FLOOR, teams, OFFICE, board])
    return layers, np.r_[floor, np.arange(teams), np.full(OFFICE + board, -1)]


def _achieved(rng: np.random.Generator, effect: np.ndarray, names: np.ndarray, link: float) -> pd.DataFrame:
    frame = pd.DataFrame({"team": names})
    for name, (mean, slope, spread) in RESULTS.items():
        value = mean + link * slope * effect + spread * rng.standard_normal(len(effect))
        frame[name] = value.round(2) if name == "customer_satisfaction" else np.maximum(value, 0.0).round(3)
    return frame


def _rating(points: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(np.rint(points), LOW, HIGH))


def _moments(means: np.ndarray, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Mean (m,) and mean square (m,) of a recorded answer whose unrounded form is normal with these means."""
    answers = np.arange(LOW, HIGH + 1.0)
    ends = np.r_[-np.inf, answers[:-1] + 0.5, np.inf]
    chances = np.diff(ndtr((ends - means[:, None]) / spread), axis=1)
    return chances @ answers, chances @ answers**2
