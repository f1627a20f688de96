"""Customers of Maasland Verzekeringen, which does not exist, who called one of its contact centres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import poisson

LOW, HIGH = 1, 10
CONTACTS = 5_000
CENTRES_PER_SITE = 6
ONSHORE_SHARE = 0.58
Site = Literal["onshore", "offshore"]

CSAT_MEAN, CSAT_NOISE, TENURE_MEAN, TENURE_SLOPE = 7.60, 1.05, 7.5, 0.03
DIRECT = -0.43  # points of satisfaction that go with an offshore centre beside all that was measured
FIX: Mapping[str, float] = MappingProxyType({"intercept": 1.50, "offshore": -1.26, "steered": -0.50, "hard": -0.45})
FIX_SLOPE, REPEAT_SLOPE = 1.20, -0.50
REPEATS: Mapping[str, float] = MappingProxyType({"fixed": 0.12, "not_fixed": 0.95, "offshore": 1.20, "steered": 1.25})
LEAVING: Mapping[str, float] = MappingProxyType({"intercept": 1.05, "csat": -0.40, "tenure": -0.07})
TALK: Mapping[str, float] = MappingProxyType({"mean": 395.0, "steered": -100.0, "hard": 65.0, "spread": 90.0})

_PRODUCTS = {"auto": 0.34, "woon": 0.30, "zorg": 0.24, "leven": 0.12}
_OFFSHORE_ODDS = {"auto": 0.15, "woon": 0.0, "zorg": 0.15, "leven": -0.9}
_PRODUCT_CSAT = {"auto": 0.05, "woon": 0.0, "zorg": -0.10, "leven": 0.15}
_MARGIN = {"auto": 95.0, "woon": 80.0, "zorg": 110.0, "leven": 240.0}
CENTRE_SPREAD = {"csat": 0.08, "fix": 0.08, "talk": 12.0}
_STEERED_UNDERSTOOD = -0.30
_MISSING, _CSAT_MISSING = 0.02, 0.02


@dataclass(frozen=True, slots=True)
class Item:
    """One rated question: its mean and spread, loading on the general impression, slope, and what offshore does."""

    column: str
    mean: float
    spread: float
    halo: float
    slope: float
    offshore: float


ITEMS = (
    Item("understood", 7.9, 1.7, 0.55, 0.40, -2.65),
    Item("listened", 7.8, 1.6, 0.55, 0.06, -0.10),
    Item("friendliness", 8.1, 1.4, 0.50, 0.05, -0.10),
    Item("knowledge", 7.5, 1.6, 0.50, 0.10, -0.50),
    Item("waiting_time", 6.8, 1.9, 0.35, 0.05, 0.40),
    Item("kept_informed", 6.9, 1.8, 0.45, 0.08, -0.30),
)


def insurer_survey(
    rng: np.random.Generator, contacts: int = CONTACTS, *, gap: float = 1.0, steering: float = 1.0
) -> pd.DataFrame:
    """What does the survey after contact hold?

    Parameters
    ----------
    rng
        Source of all randomness.
    contacts
        Contacts sampled, each of another customer.
    gap
        Part of every effect of an offshore centre that is there; 0 gives the twin in which the site
        makes no difference.
    steering
        The same of steering a centre on talk time.

    Returns
    -------
    pd.DataFrame
        One row a contact: customer_id, centre, site, steered_on_talk_time, product, tenure (years), talk_time
        (seconds), first_time_fix (0 or 1), repeat_contacts, the six items, csat, margin (euros a
        year), left_within_12_months. Missing answers are NaN.
    """
    frame = insurer_contacts(rng, contacts, gap=gap, steering=steering)
    for column in [item.column for item in ITEMS]:
        frame.loc[rng.random(contacts) < _MISSING, column] = np.nan
    frame.loc[rng.random(contacts) < _CSAT_MISSING, "csat"] = np.nan
    numbers = rng.choice(np.arange(1, 20 * contacts + 1), contacts, replace=False)
    frame.insert(0, "customer_id", [f"MV{number:06d}" for number in numbers])
    return frame


def insurer_contacts(
    rng: np.random.Generator,
    contacts: int,
    *,
    gap: float = 1.0,
    steering: float = 1.0,
    centres: float = 1.0,
    moved_to: Site | None = None,
) -> pd.DataFrame:
    """What does every contact come to, nothing missing?

    Parameters
    ----------
    rng
        Source of all randomness. The same state gives the same customers whatever the other arguments are, so that
        two calls tell what would become of one and the same customer.
    contacts
        How many to draw.
    gap, steering
        As in `insurer_survey`.
    centres
        Part of the chance differences between centres of one site that is there.
    moved_to
        Site that handles every contact, whatever the column `site` says; default: the one it says.
    """
    frame, hidden = _background(rng, contacts), rng.standard_normal((contacts, 2))
    centre, spread = _centres(rng, frame), centres * _centre_effects(rng)[_codes(frame)]
    offshore = gap * ((frame["site"] if moved_to is None else np.full(contacts, moved_to)) == "offshore")
    offshore, steered = np.asarray(offshore, dtype=float), steering * centre
    frame["steered_on_talk_time"] = centre.astype(int)
    hard, halo = hidden.T
    talk = TALK["mean"] + TALK["steered"] * steered + TALK["hard"] * hard + spread[:, 2]
    frame["talk_time"] = np.clip(np.rint(talk + TALK["spread"] * rng.standard_normal(contacts)), 45, None)
    odds = FIX["intercept"] + FIX["offshore"] * offshore + FIX["steered"] * steered + FIX["hard"] * hard + spread[:, 1]
    frame["first_time_fix"] = (rng.random(contacts) < expit(odds)).astype(int)
    frame["repeat_contacts"] = _repeats(rng, frame["first_time_fix"].to_numpy(), offshore, steered)
    for item in ITEMS:
        frame[item.column] = _answers(rng, item, halo, offshore, steered)
    frame["csat"] = _satisfaction(rng, frame, DIRECT * offshore + spread[:, 0])
    frame["margin"] = (frame["product"].map(_MARGIN).to_numpy(dtype=float) * rng.lognormal(-0.08, 0.4, contacts)).round(
        2
    )
    leaving = leaving_probability(frame["csat"].to_numpy(), frame["tenure"].to_numpy())
    frame["left_within_12_months"] = (rng.random(contacts) < leaving).astype(int)
    return frame


def leaving_probability(csat: np.ndarray, tenure: np.ndarray) -> np.ndarray:
    """With which probability does a customer with this rating leave within twelve months? Same shape as `csat`."""
    return np.asarray(expit(LEAVING["intercept"] + LEAVING["csat"] * csat + LEAVING["tenure"] * tenure))


def _background(rng: np.random.Generator, contacts: int) -> pd.DataFrame:
    """Product, tenure, site and centre: simple products go offshore a little more often, so the mix differs."""
    product = rng.choice(list(_PRODUCTS), contacts, p=list(_PRODUCTS.values()))
    tenure = np.clip(rng.gamma(1.8, TENURE_MEAN / 1.8, contacts), 0.1, 40).round(1)
    base = np.log((1 - ONSHORE_SHARE) / ONSHORE_SHARE)
    odds = base + pd.Series(product).map(_OFFSHORE_ODDS).to_numpy() - 0.02 * (tenure - TENURE_MEAN)
    offshore = rng.random(contacts) < expit(odds)
    number = rng.integers(CENTRES_PER_SITE, size=contacts) + CENTRES_PER_SITE * offshore
    return pd.DataFrame(
        {
            "centre": [f"C{n + 1:02d}" for n in number],
            "site": np.where(offshore, "offshore", "onshore"),
            "product": product,
            "tenure": tenure,
        }
    )


def _codes(frame: pd.DataFrame) -> np.ndarray:
    return np.asarray(frame["centre"].str[1:].astype(int) - 1)


def _centres(rng: np.random.Generator, frame: pd.DataFrame) -> np.ndarray:
    """Which contacts (n,) were handled by a centre that is steered on talk time: every second one of each site."""
    first = rng.integers(2)
    return np.asarray((_codes(frame) + first) % 2, dtype=float)


def _centre_effects(rng: np.random.Generator) -> np.ndarray:
    """Chance differences (centres, 3) in satisfaction, log-odds of a first-time fix, and seconds."""
    return rng.standard_normal((2 * CENTRES_PER_SITE, 3)) * list(CENTRE_SPREAD.values())


def _repeats(rng: np.random.Generator, fixed: np.ndarray, offshore: np.ndarray, steered: np.ndarray) -> np.ndarray:
    """How often each customer comes back on the same question: seldom once it is solved."""
    rate = np.where(fixed == 1, REPEATS["fixed"], REPEATS["not_fixed"])
    rate = rate * REPEATS["offshore"] ** offshore * REPEATS["steered"] ** steered
    return np.asarray(poisson.ppf(rng.random(len(fixed)), rate), dtype=int)


def _answers(
    rng: np.random.Generator, item: Item, halo: np.ndarray, offshore: np.ndarray, steered: np.ndarray
) -> np.ndarray:
    own = rng.standard_normal(len(halo))
    level = item.mean + item.offshore * offshore
    if item.column == "understood":
        level = level + _STEERED_UNDERSTOOD * steered
    return _rating(level + item.spread * (item.halo * halo + sqrt(1 - item.halo**2) * own))


def _satisfaction(rng: np.random.Generator, frame: pd.DataFrame, beside: np.ndarray) -> np.ndarray:
    rated = sum(item.slope * (frame[item.column].to_numpy() - item.mean) for item in ITEMS)
    moved = FIX_SLOPE * (frame["first_time_fix"] - 0.75) + REPEAT_SLOPE * (frame["repeat_contacts"] - 0.35)
    who = TENURE_SLOPE * (frame["tenure"] - TENURE_MEAN) + frame["product"].map(_PRODUCT_CSAT)
    noise = CSAT_NOISE * rng.standard_normal(len(frame))
    return _rating(CSAT_MEAN + rated + (moved + who).to_numpy(dtype=float) + beside + noise)


def _rating(points: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(np.rint(points), LOW, HIGH))
