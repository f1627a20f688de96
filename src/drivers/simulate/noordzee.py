"""Customers of Noordzee Telecom, which does not exist: who they are, what they answer, who leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, expm1, sqrt
from types import MappingProxyType

import numpy as np
import pandas as pd

LOW, HIGH = 1, 10
SATISFIED, DISSATISFIED = 8, 5
CUSTOMERS = 88_000
CUSTOMERS_PER_WAVE = 6_000
DO_NOT_KNOW = 99

CSAT_MEAN, CSAT_NOISE = 7.2, 1.18
TENURE_MEAN, TENURE_SLOPE = 5.6, 0.04
LEAVING: Mapping[str, float] = MappingProxyType({"intercept": 1.30, "csat": -0.42, "tenure": -0.07})
_LOG_MARGIN, _LOG_MARGIN_SPREAD, _LOG_MARGIN_PER_YEAR = 4.92, 0.45, 0.008
_SKEW = 0.28  # of the normal whose negative exponential the answers follow: skewness about -0.8

_AGES = {"18-34": 0.28, "35-54": 0.37, "55+": 0.35}
_CONTRACTS = {"mobiel": 0.45, "internet": 0.20, "combi": 0.35}
_REGIONS = {"Noord": 0.12, "Oost": 0.21, "Zuid": 0.24, "West": 0.43}
_TENURE_BY_AGE = {"18-34": 2.8, "35-54": 5.6, "55+": 8.0}
_RESPONSE_BY_AGE = {"18-34": 0.15, "35-54": 0.24, "55+": 0.32}
_RESPONSE_BY_CONTRACT = {"mobiel": 0.80, "internet": 1.00, "combi": 1.20}
APPROACHED = 10  # customers approached for each who is needed; between one in eight and four in ten answer
_CSAT_MISSING = 0.02
_DO_NOT_KNOW_SHARE = 0.5
_HANDLING = 0.55  # loading of the twelve aspects on their common factor: they correlate about 0.3


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the questionnaire.

    Attributes
    ----------
    column
        Name in the survey.
    mean, spread
        Mean and standard deviation of the answer before it is rounded to the scale, in scale points.
    halo
        Loading on the common factor "everything is fine".
    handling
        Loading on the common factor "the call was handled neatly", which satisfaction hardly follows.
    slope
        Points of satisfaction that one point of this answer causes.
    missing
        Share of customers who do not answer, whatever they think.
    do_not_know
        Whether the question offers "weet niet", stored as 99.
    """

    column: str
    mean: float
    spread: float
    halo: float
    slope: float
    missing: float
    do_not_know: bool = False
    handling: float = 0.0


DRIVERS = (
    Item("first_time_fix", 7.0, 2.1, 0.69, 0.320, 0.02),
    Item("promise_kept", 6.7, 2.1, 0.67, 0.230, 0.04, do_not_know=True),
    Item("empathy", 7.5, 1.8, 0.70, 0.175, 0.02),
    Item("knowledge", 7.7, 1.7, 0.65, 0.135, 0.03),
    Item("proactive_information", 6.5, 1.9, 0.61, 0.025, 0.07, do_not_know=True),
    Item("one_customer_view", 6.8, 2.0, 0.60, 0.020, 0.03),
    Item("clear_bill", 7.2, 1.8, 0.60, 0.015, 0.04),
    Item("ease_of_reaching", 7.1, 1.8, 0.60, 0.010, 0.02),
)

ASPECTS = (
    Item("talk_time", 7.6, 1.5, 0.02, 0.0, 0.02, handling=_HANDLING),
    Item("greeting", 8.2, 1.4, 0.02, 0.0, 0.02, handling=_HANDLING),
    Item("waiting_music", 6.6, 1.8, 0.02, 0.0, 0.05, do_not_know=True, handling=_HANDLING),
    Item("opening_hours", 7.5, 1.6, 0.02, 0.100, 0.03, handling=_HANDLING),
    Item("menu_choices", 6.8, 1.8, 0.02, 0.0, 0.03, handling=_HANDLING),
    Item("name_mentioned", 7.9, 1.6, 0.00, -0.030, 0.04, handling=_HANDLING),
    Item("script_followed", 7.3, 1.7, 0.00, -0.060, 0.05, do_not_know=True, handling=_HANDLING),
    Item("call_back_offer", 6.7, 2.0, 0.02, 0.050, 0.08, do_not_know=True, handling=_HANDLING),
    Item("sound_quality", 8.0, 1.4, 0.02, 0.0, 0.02, handling=_HANDLING),
    Item("closing", 8.1, 1.4, 0.02, 0.0, 0.02, handling=_HANDLING),
    Item("website_referral", 6.9, 1.8, 0.00, 0.0, 0.04, handling=_HANDLING),
    Item("confirmation_mail", 7.4, 1.9, 0.02, 0.0, 0.05, handling=_HANDLING),
)

CONTINUED = ASPECTS[:3]
QUESTIONNAIRES: Mapping[int, tuple[Item, ...]] = MappingProxyType({2024: ASPECTS, 2025: (*DRIVERS, *CONTINUED)})
ITEMS = (*DRIVERS, *ASPECTS)


def noordzee_population(
    rng: np.random.Generator,
    customers: int,
    *,
    background: pd.DataFrame | None = None,
    lift: Mapping[str, np.ndarray] = MappingProxyType({}),
) -> pd.DataFrame:
    """What would every customer answer, asked everything, and who leaves?

    Parameters
    ----------
    rng
        Source of all randomness.
    customers
        How many to draw.
    background
        Who they are, one row a customer, columns as `noordzee_background` gives them; default: drawn.
    lift
        By item: points (n,) by which a plan has raised what each customer meets.

    Returns
    -------
    pd.DataFrame
        One row a customer, nothing missing: age_group, contract, region, tenure (years), the 20 items and csat
        (whole points, 1 to 10), margin (euros a year), left_within_12_months (0 or 1).
    """
    frame = noordzee_background(rng, customers) if background is None else background.reset_index(drop=True)
    handling = rng.spawn(1)[0].standard_normal(customers)
    halo = rng.standard_normal(customers)
    for item in ITEMS:
        met = _answers(rng, halo, handling, item) + lift.get(item.column, 0.0)
        frame[item.column] = _rating(met)
    frame["csat"] = _satisfaction(rng, frame)
    log_margin = _LOG_MARGIN + _LOG_MARGIN_PER_YEAR * (frame["tenure"].to_numpy() - TENURE_MEAN)
    margin = rng.lognormal(log_margin, _LOG_MARGIN_SPREAD).round(2)
    frame["margin"] = np.where(margin == DO_NOT_KNOW, margin + 0.01, margin)  # no amount may look like the code
    leaving = leaving_probability(frame["csat"].to_numpy(), frame["tenure"].to_numpy())
    frame["left_within_12_months"] = (rng.random(customers) < leaving).astype(int)
    return frame


def leaving_probability(csat: np.ndarray, tenure: np.ndarray) -> np.ndarray:
    """With which probability does a customer with this rating leave within twelve months? Same shape as `csat`."""
    odds = LEAVING["intercept"] + LEAVING["csat"] * csat + LEAVING["tenure"] * tenure
    return 1.0 / (1.0 + np.exp(-odds))


def noordzee_respondents(
    rng: np.random.Generator, approached: pd.DataFrame, customers: int, wave: int, asked: tuple[Item, ...]
) -> pd.DataFrame:
    """The first `customers` of those approached who respond in this wave, with what they leave open and weights."""
    response = _response_probability(approached)
    responded = np.flatnonzero(rng.random(len(approached)) < response)[:customers]
    frame = approached.iloc[responded].reset_index(drop=True)
    _leave_out_answers(rng, frame, asked)
    weight = 1.0 / response[responded]
    frame["weight"] = (weight / weight.mean()).round(4)
    frame.insert(0, "wave", wave)
    return frame


def _response_probability(frame: pd.DataFrame) -> np.ndarray:
    by_age, by_contract = frame["age_group"].map(_RESPONSE_BY_AGE), frame["contract"].map(_RESPONSE_BY_CONTRACT)
    return np.asarray(by_age.to_numpy(dtype=float) * by_contract.to_numpy(dtype=float))


def _leave_out_answers(rng: np.random.Generator, frame: pd.DataFrame, asked: tuple[Item, ...]) -> None:
    """Blank in `frame` what was not asked and, completely at random, what was not answered."""
    frame[[item.column for item in ITEMS if item not in asked]] = np.nan
    for item in asked:
        draw = rng.random(len(frame))
        frame.loc[draw < item.missing, item.column] = np.nan
        if item.do_not_know:
            frame.loc[draw < item.missing * _DO_NOT_KNOW_SHARE, item.column] = DO_NOT_KNOW
    frame.loc[rng.random(len(frame)) < _CSAT_MISSING, "csat"] = np.nan


def noordzee_background(rng: np.random.Generator, customers: int) -> pd.DataFrame:
    """Who are the customers? Columns age_group, contract, region and tenure (years), one row a customer."""
    frame = pd.DataFrame(
        {
            column: rng.choice(list(shares), customers, p=list(shares.values()))
            for column, shares in {"age_group": _AGES, "contract": _CONTRACTS, "region": _REGIONS}.items()
        }
    )
    mean = frame["age_group"].map(_TENURE_BY_AGE).to_numpy(dtype=float)
    frame["tenure"] = np.clip(rng.gamma(1.7, mean / 1.7), 0.1, 30).round(1)
    return frame


def _answers(rng: np.random.Generator, halo: np.ndarray, handling: np.ndarray, item: Item) -> np.ndarray:
    own = sqrt(1 - item.halo**2 - item.handling**2)
    z = item.halo * halo + item.handling * handling + own * rng.standard_normal(len(halo))
    low_tail = (exp(_SKEW**2 / 2) - np.exp(-_SKEW * z)) / (exp(_SKEW**2 / 2) * sqrt(expm1(_SKEW**2)))
    return np.asarray(item.mean + item.spread * low_tail)


def _satisfaction(rng: np.random.Generator, frame: pd.DataFrame) -> np.ndarray:
    noise = CSAT_NOISE * rng.standard_normal(len(frame))
    slopes, means = np.array([item.slope for item in ITEMS]), np.array([item.mean for item in ITEMS])
    moved = (frame[[item.column for item in ITEMS]].to_numpy() - means) @ slopes
    return _rating(CSAT_MEAN + moved + TENURE_SLOPE * (frame["tenure"].to_numpy() - TENURE_MEAN) + noise)


def _rating(points: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(np.rint(points), LOW, HIGH))
