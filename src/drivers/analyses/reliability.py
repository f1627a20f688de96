"""Do the items of a battery measure one thing, and can the batteries be told apart?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from drivers.analyses.notice import Notice
from drivers.analyses.quality import alpha_interval
from drivers.core.battery import alpha_if_dropped, first_factor_share, item_rest_correlation, omega_total
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

UNRELIABLE = 0.50
"""Alpha below which the items of a battery have little in common (George and Mallery 2003: unacceptable)."""

HALO = 0.50
"""Share of the first factor from which one general impression dominates (Harman's test; Podsakoff et al. 2003)."""

SAME = 0.90
"""Correlation of two batteries, corrected for unreliability, from which they cannot be told apart
(Rönkkö and Cho 2022, doi:10.1177/1094428120968614)."""

AT_THE_END = 0.15
"""Share at one end of a scale from which it is a ceiling or a floor (Terwee et al. 2007,
doi:10.1016/j.jclinepi.2006.03.012); on scales of fewer than 20 points, three times an even spread instead."""

NEAR_CONSTANT = 0.95
"""Share of one answer from which an item hardly varies."""

UNEQUAL_BASES = 2.0
"""Largest base over smallest from which items were answered by different customers."""

REVERSED = -0.10
"""Item-rest correlation below which, if its interval lies below 0 too, an item may be reversed."""


@dataclass(frozen=True, slots=True, eq=False)
class BatteryReliability:
    """How well each battery of aspects measures one thing, and what is odd about its items.

    Attributes
    ----------
    table
        One row a battery: items, base, Cronbach's alpha with its 95% interval, omega total, share of its first factor.
        The battery without a name holds all drivers, where the client file declares none.
    items
        One row a driver of each battery: base, weighted shares at the ends of the scale, whether that is a ceiling or
        a floor, whether the item hardly varies, its correlation with the rest of its battery, alpha without it, and
        whether it may be reversed.
    pairs
        One row a pair of batteries: correlation of their means, the same corrected for unreliability, and whether
        they cannot be told apart.
    first_factor
        Share of all drivers' standardised variance on one factor (halo).
    base
        Respondents in the survey, unweighted.
    notices
        What a reader must know about the batteries and items.
    method
        One sentence for the report's footnote.
    """

    table: pd.DataFrame
    items: pd.DataFrame
    pairs: pd.DataFrame
    first_factor: float
    base: int
    notices: tuple[Notice, ...]
    method: Sentence

    def __repr__(self) -> str:
        low = self.table["alpha"].min()
        return f"BatteryReliability of {len(self.table)} batteries: lowest alpha {low:.2f}, base {self.base}"


def battery_reliability(survey: Survey) -> BatteryReliability:
    """Do the items of each battery measure one thing, and can the batteries be told apart?

    An alpha of 0.45 means: less than half of the differences in the battery's sum is shared by its items, so its score
    says little. Nothing is recoded or left out here; what looks wrong is named.

    Raises
    ------
    EstimationError
        Never: what cannot be computed is NaN.

    Notes
    -----
    Alpha and its interval: pingouin (Cronbach 1951; Feldt 1965). Omega total: one factor by minres, as in R's psych.
    """
    batteries = survey.batteries or {"": survey.drivers}
    table = pd.DataFrame([_battery(survey, name, columns) for name, columns in batteries.items()])
    items = pd.concat([_items(survey, name, columns) for name, columns in batteries.items()], ignore_index=True)
    pairs = pd.DataFrame(_pairs(survey, batteries, table), columns=_PAIR)
    first_factor = _first_factor(_complete(survey, survey.drivers))
    return BatteryReliability(
        table=table,
        items=items,
        pairs=pairs,
        first_factor=first_factor,
        base=survey.base,
        notices=tuple(_notices(table, items, pairs, first_factor)),
        method=sentence(
            "Batteries: Cronbach's alpha with its 95% interval and omega total of one factor (minres), complete cases "
            "of each battery, unweighted; a ceiling or floor is more than {end:percent} of the answers at one end, on "
            "scales of fewer than 20 points three times an even spread.",
            end=AT_THE_END,
        ),
    )


def _complete(survey: Survey, columns: tuple[str, ...]) -> np.ndarray:
    return np.asarray(survey.answers.loc[survey.complete(columns), list(columns)].to_numpy())


def _first_factor(x: np.ndarray) -> float:
    x = _varying(x)
    return first_factor_share(np.corrcoef(x, rowvar=False)) if x.shape[1] > 1 else float("nan")


def _varying(x: np.ndarray) -> np.ndarray:
    """The columns that vary in these rows; none where there are fewer than three rows."""
    return x[:, np.ptp(x, axis=0) > 0] if len(x) > 2 else x[:, :0]


def _battery(survey: Survey, name: str, columns: tuple[str, ...]) -> dict[str, object]:
    x = _complete(survey, columns)
    alpha, low, high = alpha_interval(pd.DataFrame(x, columns=list(columns)))
    varying = _varying(x)
    return {
        "battery": name,
        "items": len(columns),
        "base": len(x),
        "alpha": alpha,
        "alpha_low": low,
        "alpha_high": high,
        "omega": omega_total(np.corrcoef(varying, rowvar=False)) if varying.shape[1] > 2 else float("nan"),
        "first_factor": _first_factor(x),
    }


def _items(survey: Survey, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    x = _complete(survey, columns)
    rest = item_rest_correlation(x) if len(x) > 3 and len(columns) > 1 else np.full(len(columns), np.nan)
    dropped = alpha_if_dropped(x) if len(x) > 2 else np.full(len(columns), np.nan)
    rows = [
        {
            "battery": name,
            "driver": column,
            "label": survey.labels.get(column, column),
            **answer_ends(survey, column),
            "item_rest": float(rest[place]),
            "alpha_if_dropped": float(dropped[place]),
            "possibly_reversed": len(columns) > 2 and _clearly_negative(float(rest[place]), len(x)),
        }
        for place, column in enumerate(columns)
    ]
    return pd.DataFrame(rows)


def answer_ends(survey: Survey, column: str) -> dict[str, object]:
    """How many answered at the ends of the scale, and is that a ceiling or a floor?"""
    known = survey.complete([column])
    values, weights = survey.answers.loc[known, column].to_numpy(), survey.weights[known]
    scale = survey.scales.get(column)
    found: dict[str, object] = {"base": len(values), "top_share": np.nan, "bottom_share": np.nan}
    found |= {"ceiling": False, "floor": False, "near_constant": False}
    if not len(values) or scale is None or not scale.span > 0:
        return found
    top, bottom = (float(np.average(values == end, weights=weights)) for end in (scale.high, scale.low))
    limit = max(AT_THE_END, 3 / (scale.span + 1))
    _, which = np.unique(values, return_inverse=True)
    largest = float(np.bincount(which, weights).max() / weights.sum())
    found |= {"top_share": top, "bottom_share": bottom, "near_constant": largest >= NEAR_CONSTANT}
    return found | {"ceiling": top > limit, "floor": bottom > limit}


def _clearly_negative(r: float, base: int) -> bool:
    """Is the correlation below the limit, and its 95% interval (Fisher's z) below 0?"""
    return bool(r < REVERSED and np.arctanh(max(r, -1 + 1e-12)) + 1.96 / np.sqrt(max(base - 3, 1)) < 0)


_PAIR = ["battery", "other_battery", "battery_correlation", "corrected_correlation", "same"]


def _pairs(survey: Survey, batteries: Mapping[str, tuple[str, ...]], table: pd.DataFrame) -> list[dict[str, object]]:
    alpha = dict(zip(table["battery"], table["alpha"], strict=True))
    rows = []
    for (first, left), (second, right) in combinations(batteries.items(), 2):
        r = _correlation(survey, left, right)
        reliable = min(alpha[first], alpha[second]) >= UNRELIABLE
        corrected = r / np.sqrt(alpha[first] * alpha[second]) if reliable else np.nan
        rows.append(dict(zip(_PAIR, (first, second, r, corrected, bool(corrected >= SAME)), strict=True)))
    return rows


def _correlation(survey: Survey, left: tuple[str, ...], right: tuple[str, ...]) -> float:
    rows = survey.complete((*left, *right))
    a, b = (survey.answers.loc[rows, list(columns)].to_numpy().mean(axis=1) for columns in (left, right))
    varies = len(a) > 2 and np.ptp(a) > 0 and np.ptp(b) > 0
    return float(np.corrcoef(a, b)[0, 1]) if varies else float("nan")


def _notices(table: pd.DataFrame, items: pd.DataFrame, pairs: pd.DataFrame, first_factor: float) -> Iterator[Notice]:
    for _, row in table[(table["alpha"] < UNRELIABLE) & (table["battery"] != "")].iterrows():
        values = {"battery": row["battery"], "alpha": row["alpha"], "limit": UNRELIABLE}
        yield Notice("unreliable", sentence(_UNRELIABLE, **values))
    turned = list(dict.fromkeys(items.loc[items["possibly_reversed"], "label"]))
    if turned:
        yield Notice("reversed", sentence(_REVERSED, names=turned))
    if first_factor >= HALO:
        yield Notice("halo", sentence(_HALO, share=first_factor))
    for _, row in pairs[pairs["same"].astype(bool)].iterrows():
        values = {"first": row["battery"], "second": row["other_battery"], "r": row["corrected_correlation"]}
        yield Notice("same_battery", sentence(_SAME, **values))
    yield from _base_notices(items)
    constant = list(dict.fromkeys(items.loc[items["near_constant"], "label"]))
    if constant:
        yield Notice("near_constant", sentence(_NEAR_CONSTANT, names=constant, share=NEAR_CONSTANT))


def _base_notices(items: pd.DataFrame) -> Iterator[Notice]:
    bases = items.drop_duplicates("driver").sort_values("base", kind="stable")
    few, many = bases.iloc[0], bases.iloc[-1]
    if many["base"] >= UNEQUAL_BASES * few["base"]:
        named = [sentence("{label} ({n:count})", label=r["label"], n=r["base"]) for _, r in bases.iterrows()]
        thin = [n for n, base in zip(named, bases["base"], strict=True) if base * UNEQUAL_BASES <= many["base"]]
        yield Notice("unequal_bases", sentence(_BASES, names=thin, label=many["label"], n=many["base"]))


_UNRELIABLE = (
    "The items of {battery} have little in common (alpha {alpha:number2}, below {limit:number2}): do not read them as "
    "one score."
)
_REVERSED = (
    "{names:list}: answered against the rest of the battery, so perhaps asked the other way round. Nothing was "
    "recoded; if a high answer is a bad one there, say reversed = true in the client file."
)
_HALO = (
    "One general impression makes up {share:percent} of the differences in the ratings (halo): aspects are hard to "
    "tell apart, and small differences between drivers mean little."
)
_SAME = (
    "{first} and {second} cannot be told apart (correlation {r:number2}, corrected for unreliability): read them as "
    "one."
)
_BASES = "Answered by at most half as many customers as {label} ({n:count}): {names:list}."
_NEAR_CONSTANT = "{names:list}: at least {share:percent} gave the same answer, so hardly anything can go with it."
