"""The survey of Noordzee Telecom in three waves: the wrong aspects, the true drivers, and what a plan did to them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers.simulate.noordzee import (
    APPROACHED,
    CUSTOMERS,
    CUSTOMERS_PER_WAVE,
    QUESTIONNAIRES,
    leaving_probability,
    noordzee_background,
    noordzee_population,
    noordzee_respondents,
)

PLAN_WAVE, BASE_WAVE = 2026, 2025
PLAN: Mapping[str, float] = MappingProxyType({"first_time_fix": 1.0, "promise_kept": 0.8})
"""Points by which the plan raises what the customers it reaches meet; half are reached, so 0.5 and 0.4 in all."""
TEAMS = 24
"""Service teams that a customer may fall to by chance; the plan was rolled out to every second one."""
KEPT: Mapping[int, float] = MappingProxyType({2024: 0.20, 2025: 0.20, 2026: 0.40})
"""Share of the customers who called to cancel that the retention desk kept, by wave."""

_PLACE = 3  # of the third wave's generator among the children; README says why
_CALLING = 0.5  # callers for each customer who would leave with the desk of 2025
STAYING_ON = _CALLING * (KEPT[PLAN_WAVE] - KEPT[BASE_WAVE])
"""Part of those who would leave with the desk of 2025 whom the desk of 2026 keeps."""

_BY_AGE = {"18-34": 0.20, "35-54": 0.70, "55+": 1.00}  # of the customers of 2025, who are in the mix of 2026
_BY_CONTRACT = {"mobiel": 0.50, "internet": 1.00, "combi": 1.00}
_NEW, _BY_NEW = 4.0, 0.20  # years of tenure up to which a customer is new
_DRAWN = 4  # customers drawn for each who is in the mix of 2026


def noordzee_survey(
    rng: np.random.Generator, customers_per_wave: int = CUSTOMERS_PER_WAVE, *, plan_works: bool = True
) -> pd.DataFrame:
    """What does the survey file of all three waves hold?

    Each wave asks other customers its own questionnaire; satisfaction comes about in the same way in all. Between
    2024 and 2025 nothing but the questions differs. In 2026 the questions are those of 2025, the customers are another
    mix, and half of them meet what the plan has improved.

    Parameters
    ----------
    rng
        Source of all randomness.
    customers_per_wave
        Respondents in each wave. With the default, files of nine seeds in ten find the yearly extra value within
        a tenth of the truth, and nearly all find the first four drivers in their order.
    plan_works
        Whether the plan improves anything. If not, only the mix of customers changes: the null twin of the file.

    Returns
    -------
    pd.DataFrame
        One row a respondent, as the file has it: customer_id, wave, age_group, contract, region, tenure, the 20
        items, csat, margin, left_within_12_months, weight, team, reached_by_plan (1 or 0, known of every customer in
        every wave), kept_at_desk (1 or 0, of those who called to cancel). Missing and unasked answers are NaN, "weet
        niet" is 99.
    """
    earlier = [_asked(rng, wave, customers_per_wave) for wave in QUESTIONNAIRES]
    frame = pd.concat(earlier, ignore_index=True)
    numbers = rng.choice(np.arange(1, max(CUSTOMERS, len(frame)) + 1), len(frame), replace=False)
    later = rng.spawn(_PLACE)[-1]
    followed = _followed(later, customers_per_wave, plan_works=plan_works)
    free = np.setdiff1d(np.arange(1, max(CUSTOMERS, len(frame) + len(followed)) + 1), numbers)
    numbers = np.concatenate([numbers, later.choice(free, len(followed), replace=False)])
    frame = pd.concat([_with_plan(later, frame), followed], ignore_index=True)
    frame["kept_at_desk"] = _desk(later, frame)
    frame.insert(0, "customer_id", [f"NT{number:06d}" for number in numbers])
    return frame


def followed_population(
    rng: np.random.Generator, customers: int, *, plan_works: bool = True, same_mix: bool = False
) -> pd.DataFrame:
    """What would the customers of 2026 answer, and who leaves? The same state of `rng` gives the same customers.

    Parameters
    ----------
    rng
        Source of all randomness.
    customers
        How many to draw.
    plan_works
        Whether the plan improves what those whom it reaches meet.
    same_mix
        Whether they are the mix of 2025 instead.

    Returns
    -------
    pd.DataFrame
        As `noordzee_population` gives it, with team and reached_by_plan.
    """
    drawn = noordzee_background(rng, customers if same_mix else _DRAWN * customers)
    mix = np.ones(len(drawn)) if same_mix else _mix(drawn)
    background = drawn[rng.random(len(drawn)) < mix][:customers]
    placed = _with_plan(rng, background)
    lift = {item: points * placed["reached_by_plan"].to_numpy() for item, points in PLAN.items() if plan_works}
    frame = noordzee_population(rng, len(background), background=background, lift=lift)
    left = frame["left_within_12_months"].to_numpy() * (rng.random(len(frame)) >= STAYING_ON)
    reached = placed["reached_by_plan"].to_numpy()
    return frame.assign(left_within_12_months=left, team=placed["team"].to_numpy(), reached_by_plan=reached)


def _asked(rng: np.random.Generator, wave: int, customers: int) -> pd.DataFrame:
    approached = noordzee_population(rng, APPROACHED * customers)
    return noordzee_respondents(rng, approached, customers, wave, QUESTIONNAIRES[wave])


def _followed(rng: np.random.Generator, customers: int, *, plan_works: bool) -> pd.DataFrame:
    approached = followed_population(rng, APPROACHED * customers, plan_works=plan_works)
    asked = QUESTIONNAIRES[BASE_WAVE]
    frame = noordzee_respondents(rng, approached, customers, PLAN_WAVE, asked)
    return frame[
        [*(column for column in frame if column not in ("team", "reached_by_plan")), "team", "reached_by_plan"]
    ]


def _mix(frame: pd.DataFrame) -> np.ndarray:
    """Probability (n,) that a customer of 2025 is in the mix of 2026."""
    by_age, by_contract = frame["age_group"].map(_BY_AGE), frame["contract"].map(_BY_CONTRACT)
    by_tenure = np.where(frame["tenure"] < _NEW, _BY_NEW, 1.0)
    return np.asarray(by_age.to_numpy(dtype=float) * by_contract.to_numpy(dtype=float) * by_tenure)


def _with_plan(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Which service team each customer falls to, and whether the plan is rolled out there."""
    team = rng.integers(1, TEAMS + 1, len(frame))
    return frame.assign(team=[f"T{number:02d}" for number in team], reached_by_plan=team % 2)


def _desk(rng: np.random.Generator, frame: pd.DataFrame) -> np.ndarray:
    """1 for a caller whom the desk kept, 0 for one it did not, NaN for who did not call.

    Who was not kept left, who was kept stayed. Calls come from leavers and stayers at rates that make the chance of
    being kept the stated share for every caller, whatever the customer's own chance of leaving.
    """
    answered = frame["csat"].fillna(frame["csat"].mean()).to_numpy()
    before = leaving_probability(answered, frame["tenure"].to_numpy())  # with the desk of 2025
    leaving = np.where(frame["wave"] == PLAN_WAVE, 1 - STAYING_ON, 1.0) * before
    kept, left = frame["wave"].map(KEPT).to_numpy(dtype=float), frame["left_within_12_months"].to_numpy() == 1
    calling = _CALLING * np.where(left, (1 - kept) * before / leaving, kept * before / (1 - leaving))
    called = rng.random(len(frame)) < calling
    return np.where(called, np.where(left, 0.0, 1.0), np.nan)
