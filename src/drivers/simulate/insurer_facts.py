"""What a correct analysis of Maasland Verzekeringen must find: computed over its whole population, not estimated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers.core.lifetime import value_multiple
from drivers.simulate.insurer import CENTRE_SPREAD, ITEMS, Site, insurer_contacts, leaving_probability

DISCOUNT_RATE, HORIZON_YEARS = 0.10, 5
CUSTOMERS, CONTACTS_A_YEAR = 120_000, 260_000
COST_ONSHORE, COST_OFFSHORE = 8.00, 4.30
SWITCH_COST, RETURN_COST = 600_000, 500_000
MEDIATORS = ("first_time_fix", "repeat_contacts", "understood")
OTHERS = tuple(item.column for item in ITEMS if item.column not in MEDIATORS)
COMPARED = ("csat", *MEDIATORS, *OTHERS, "talk_time", "left_within_12_months")


@dataclass(frozen=True, slots=True)
class Business:
    """One move of all contacts, euros a year: what it saves, what repeats and leaving cost, and when it would pay.

    Attributes
    ----------
    saving
        The same number of contacts at the other unit cost.
    repeats
        Cost of the repeat contacts that come with it; below zero where it has fewer.
    lost
        Lifetime value that goes with it, as equal yearly amounts; below zero where it is gained.
    once
        The cost of moving, as equal yearly amounts.
    net
        `saving` less the other three.
    break_even
        Difference of the unit costs, euros a contact, at which `net` would be zero.
    """

    saving: float
    repeats: float
    lost: float
    once: float
    net: float
    break_even: float


@dataclass(frozen=True, slots=True)
class InsurerTruth:
    """The numbers that the simulation was built to have.

    Attributes
    ----------
    means
        By site and column: mean of its own contacts.
    relative
        By column: offshore over onshore, less 1, as the contacts are.
    adjusted
        The same for one mix of customers: all of them handled offshore, over all of them handled onshore.
    gap
        Points of satisfaction that all customers would give less if all were handled offshore.
    paths
        By mediator, ``others`` (the other ratings) and ``direct``: the part of `gap`, in points, that goes along it.
    through
        Part of `gap` along the three mediators together.
    between, within
        Satisfaction and first-time fix a minute of talk time: between centres of one site, and within a centre.
    offshoring, homecoming
        What it comes to when all contacts go offshore, and when all come home.
    """

    means: Mapping[str, Mapping[str, float]]
    relative: Mapping[str, float]
    adjusted: Mapping[str, float]
    gap: float
    paths: Mapping[str, float]
    through: float
    between: Mapping[str, float]
    within: Mapping[str, float]
    offshoring: Business
    homecoming: Business


def insurer_truth(seed: int, population: int = 400_000, *, gap: float = 1.0, steering: float = 1.0) -> InsurerTruth:
    """What is true of Maasland's contacts, or of a twin without the gap or the steering?

    Parameters
    ----------
    seed
        Of the population, which is drawn three times: as it is, all onshore, all offshore.
    population
        Contacts to compute over. With 400,000 a mean is known to 0.01 point.
    gap, steering
        As in `insurer_survey`.
    """

    def contacts(moved_to: Site | None) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        return insurer_contacts(rng, population, gap=gap, steering=steering, centres=0.0, moved_to=moved_to)

    frame, home, away = contacts(None), contacts("onshore"), contacts("offshore")
    means = frame.groupby("site")[list(COMPARED)].mean()
    adjusted = away[list(COMPARED)].mean() / home[list(COMPARED)].mean() - 1
    relative = means.loc["offshore"] / means.loc["onshore"] - 1
    difference = float(away["csat"].mean() - home["csat"].mean())
    paths = _paths(frame, home, away, difference)
    between, within = _talk(frame)
    return InsurerTruth(
        means=MappingProxyType({str(site): _numbers(row) for site, row in means.T.items()}),
        relative=_numbers(relative),
        adjusted=_numbers(adjusted),
        gap=difference,
        paths=MappingProxyType(paths),
        through=sum(paths[m] for m in MEDIATORS) / difference if difference else float("nan"),
        between=MappingProxyType(between),
        within=MappingProxyType(within),
        offshoring=_offshoring(home, away, frame["site"].to_numpy() == "onshore"),
        homecoming=_homecoming(home, away, frame["site"].to_numpy() == "offshore"),
    )


def _numbers(row: pd.Series) -> Mapping[str, float]:
    return MappingProxyType({str(name): float(value) for name, value in row.items()})


def _paths(frame: pd.DataFrame, home: pd.DataFrame, away: pd.DataFrame, gap: float) -> dict[str, float]:
    """Difference of each mediator for the same customers, times its slope in recorded points; the rest is direct."""
    columns = [*MEDIATORS, *OTHERS]
    product = pd.get_dummies(frame["product"], drop_first=True).to_numpy(dtype=float)
    offshore = (frame["site"] == "offshore").to_numpy(dtype=float)
    x = np.column_stack([frame[columns], offshore, frame["tenure"], product, np.ones(len(frame))])
    slopes = np.linalg.lstsq(x, frame["csat"].to_numpy(), rcond=None)[0][: len(columns)]
    parts = dict(zip(columns, slopes * (away[columns].mean() - home[columns].mean()), strict=True))
    others = float(sum(parts[column] for column in OTHERS))
    found = {**{m: float(parts[m]) for m in MEDIATORS}, "others": others}
    return {**found, "direct": gap - sum(found.values())}


def _talk(frame: pd.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    """Slopes a minute between the centres of one site, and within centres.

    Centres differ in talk time by steering and by chance; only the first part goes with anything, so a slope between
    centres is the step that steering makes, times the part that steering has in the variance of talk time.
    """
    columns = ["talk_time", "csat", "first_time_fix"]
    kinds = frame.groupby(["site", "steered_on_talk_time"])[columns].mean()
    step = (kinds.xs(0, level=1) - kinds.xs(1, level=1)).mean()
    centred = frame[columns] - frame.groupby("centre")[columns].transform("mean")
    slope = (centred.T @ centred).loc["talk_time"] / (centred["talk_time"] ** 2).sum()
    outcomes, steered = columns[1:], float(step["talk_time"]) ** 2 / 4
    part = steered / (steered + CENTRE_SPREAD["talk"] ** 2)
    between = {c: float(60 * part * step[c] / step["talk_time"]) if part > 0.01 else 0.0 for c in outcomes}
    return between, {c: float(60 * slope[c]) for c in outcomes}


def _offshoring(home: pd.DataFrame, away: pd.DataFrame, movers: np.ndarray) -> Business:
    here, there = 1 + _repeats(home, movers), 1 + _repeats(away, movers)
    lost, once = _value(home, movers) - _value(away, movers), SWITCH_COST / _annuity()
    saving = CONTACTS_A_YEAR * here * (COST_ONSHORE - COST_OFFSHORE)
    repeats = CONTACTS_A_YEAR * (there - here) * COST_OFFSHORE
    needed = COST_ONSHORE - (here * COST_ONSHORE - (lost + once) / CONTACTS_A_YEAR) / there
    return Business(saving, repeats, lost, once, saving - repeats - lost - once, needed)


def _homecoming(home: pd.DataFrame, away: pd.DataFrame, movers: np.ndarray) -> Business:
    here, there = 1 + _repeats(home, movers), 1 + _repeats(away, movers)
    lost, once = _value(away, movers) - _value(home, movers), RETURN_COST / _annuity()
    saving = CONTACTS_A_YEAR * there * (COST_OFFSHORE - COST_ONSHORE)
    repeats = CONTACTS_A_YEAR * (here - there) * COST_ONSHORE
    needed = COST_ONSHORE - (here * COST_ONSHORE + (lost + once) / CONTACTS_A_YEAR) / there
    return Business(saving, repeats, lost, once, saving - repeats - lost - once, needed)


def _repeats(frame: pd.DataFrame, who: np.ndarray) -> float:
    return float(frame["repeat_contacts"].to_numpy()[who].mean())


def _value(frame: pd.DataFrame, who: np.ndarray) -> float:
    """Lifetime value of all customers, euros a year, if these contacts were like all."""
    stay = 1 - leaving_probability(frame["csat"].to_numpy()[who], frame["tenure"].to_numpy()[who])
    multiple = value_multiple(stay, discount_rate=DISCOUNT_RATE, horizon_years=HORIZON_YEARS)
    return CUSTOMERS * float((frame["margin"].to_numpy()[who] * multiple).mean()) / _annuity()


def _annuity() -> float:
    return float(sum((1 + DISCOUNT_RATE) ** -year for year in range(HORIZON_YEARS)))
