"""Do the items of a battery measure one thing, and can the batteries be told apart?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from drivers.analyses.items import AT_THE_END, NEAR_CONSTANT, REVERSED, item_table
from drivers.analyses.notice import Notice
from drivers.core.battery import cronbach_alpha, first_factor_share, omega_total
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

UNRELIABLE = 0.50
"""Alpha below which the items of a battery have little in common (George and Mallery 2003: unacceptable)."""

HALO = 0.50
"""Share of the first factor from which one general impression dominates (Harman's test; Podsakoff et al. 2003)."""

HALO_CORRELATION = 0.40
"""Mean correlation that such a share must stand for; the same as HALO for six ratings, more for fewer."""

SAME = 0.90
"""Correlation of two batteries, corrected for unreliability, from which they cannot be told apart
(Rönkkö and Cho 2022, doi:10.1177/1094428120968614)."""

UNEQUAL_BASES = 2.0
"""Largest base over smallest from which items were answered by different customers."""


@dataclass(frozen=True, slots=True, eq=False)
class BatteryReliability:
    """How well each battery of aspects measures one thing, and what is odd about its items.

    Attributes
    ----------
    table
        One row a battery: items, base, Cronbach's alpha with its 95% interval, omega total, share of its first factor.
        The battery without a name holds all drivers that are ratings, where the client file declares none.
    items
        One row a driver of each battery, and one for each driver of none: base, whether it is known to be a rating,
        whether it hardly varies, weighted shares at the ends of its scale and whether that is a ceiling or a floor
        (ratings only), its correlation with the rest of its battery, alpha without it, and whether it may be reversed.
    pairs
        One row a pair of batteries: correlation of their means, the same corrected for unreliability, and whether
        they cannot be told apart.
    first_factor
        Share of the standardised variance of all ratings on their first principal component (halo): near 1 everything
        is rated alike, and the drivers can hardly be told apart.
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

    @property
    def rated(self) -> bool:
        """Whether there are ratings to judge: of ages and amounts it says nothing that they go together."""
        return bool(self.items["rated"].sum() > 1 or (self.table["battery"] != "").any())

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
    batteries = _batteries(survey)
    found = _Found.of(survey, batteries)
    return BatteryReliability(
        table=pd.DataFrame([_with_intervals(survey, row) for row in found.table.to_dict("records")]),
        items=found.items,
        pairs=found.pairs,
        first_factor=found.first_factor,
        base=survey.base,
        notices=tuple(_notices(found)),
        method=sentence(
            "Batteries: Cronbach's alpha with its 95% interval and omega total of one factor (minres), complete cases "
            "of each battery, unweighted; a ceiling or floor is more than {end:percent} of the answers at one end, on "
            "scales of fewer than 20 points three times an even spread; perhaps reversed is an item whose correlation "
            "with the rest is below {reversed:number2}, and clearly so among all items looked at (Bonferroni).",
            end=AT_THE_END,
            reversed=REVERSED,
        ),
    )


def reliability_table(survey: Survey, batteries: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """How reliable is each of these batteries? One row each, the columns of ``BatteryReliability.table``."""
    rows = [_battery(survey, name, columns) for name, columns in batteries.items()]
    return pd.DataFrame([_with_intervals(survey, row) for row in rows])


def battery_notices(survey: Survey) -> tuple[Notice, ...]:
    """What must a reader know about the batteries and items? The notices of `battery_reliability`, at once."""
    return tuple(_notices(_Found.of(survey, _batteries(survey))))


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What the notices rest on; the table without intervals and omega, which take longer."""

    table: pd.DataFrame
    items: pd.DataFrame
    pairs: pd.DataFrame
    first_factor: float

    @classmethod
    def of(cls, survey: Survey, batteries: Mapping[str, tuple[str, ...]]) -> _Found:
        table = pd.DataFrame([_battery(survey, name, columns) for name, columns in batteries.items()])
        pairs = pd.DataFrame(_pairs(survey, batteries, table), columns=_PAIR)
        return cls(table, item_table(survey, batteries), pairs, _first_factor(_complete(survey, _alike(survey))))


def _batteries(survey: Survey) -> Mapping[str, tuple[str, ...]]:
    return survey.batteries or {"": _alike(survey)}


def _alike(survey: Survey) -> tuple[str, ...]:
    """The drivers that may be taken together: the ratings, or all where fewer than two are known to be ratings."""
    return survey.rated if len(survey.rated) > 1 else survey.drivers


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
    return {
        "battery": name,
        "columns": columns,
        "items": len(columns),
        "base": len(x),
        "alpha": cronbach_alpha(x) if len(x) > 2 else float("nan"),
        "first_factor": _first_factor(x),
    }


def _with_intervals(survey: Survey, row: Mapping[str, Any]) -> dict[str, object]:
    """The row of a battery with the interval of its alpha, by pingouin, and omega."""
    x = _complete(survey, row["columns"])
    low, high = _alpha_interval(x) if np.isfinite(row["alpha"]) else (float("nan"),) * 2
    varying = _varying(x)
    omega = omega_total(np.corrcoef(varying, rowvar=False)) if varying.shape[1] > 2 else float("nan")
    shown = {name: row[name] for name in ("battery", "items", "base", "alpha")}
    return {**shown, "alpha_low": low, "alpha_high": high, "omega": omega, "first_factor": row["first_factor"]}


def _alpha_interval(x: np.ndarray) -> tuple[float, float]:
    import pingouin  # takes longer to load than everything else that a codebook needs

    low, high = pingouin.cronbach_alpha(pd.DataFrame(x))[1]
    return float(low), float(high)


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


def _notices(found: _Found) -> Iterator[Notice]:
    table, items = found.table, found.items
    for _, row in table[(table["alpha"] < UNRELIABLE) & (table["battery"] != "")].iterrows():
        values = {"battery": row["battery"], "alpha": row["alpha"], "limit": UNRELIABLE}
        yield Notice("unreliable", sentence(_UNRELIABLE, **values))
    turned = list(dict.fromkeys(items.loc[items["possibly_reversed"], "label"]))
    if turned:
        yield Notice("reversed", sentence(_REVERSED, names=turned))
    if _is_halo(found.first_factor, items.loc[items["rated"], "driver"].nunique()):
        yield Notice("halo", sentence(_HALO, share=found.first_factor))
    yield from _same_notices(found.pairs[found.pairs["same"].astype(bool)])
    yield from _base_notices(items)
    constant = list(dict.fromkeys(items.loc[items["near_constant"], "label"]))
    if constant:
        yield Notice("near_constant", sentence(_NEAR_CONSTANT, names=constant, share=NEAR_CONSTANT))


def _is_halo(share: float, items: int) -> bool:
    """Whether a first factor of this share is a general impression: of two unrelated ratings it has half by itself."""
    return items > 1 and share >= HALO and (share * items - 1) / (items - 1) >= HALO_CORRELATION


def _same_notices(same: pd.DataFrame) -> Iterator[Notice]:
    """One notice for each group of batteries that are linked by pairs that cannot be told apart."""
    groups: list[set[str]] = []
    for _, row in same.iterrows():
        linked = [g for g in groups if g & {row["battery"], row["other_battery"]}]
        groups = [g for g in groups if g not in linked]
        groups.append({row["battery"], row["other_battery"]}.union(*linked))
    for group in groups:
        least = same.loc[same["battery"].isin(group), "corrected_correlation"].min()
        yield Notice("same_battery", sentence(_SAME, names=sorted(group), r=least))


def _base_notices(items: pd.DataFrame) -> Iterator[Notice]:
    bases = items.drop_duplicates("driver").sort_values("base", kind="stable")
    few, many = bases.iloc[0], bases.iloc[-1]
    if many["base"] >= UNEQUAL_BASES * few["base"]:
        thin = bases[bases["base"] * UNEQUAL_BASES <= many["base"]]
        named = [sentence("{label} ({n:count})", label=r["label"], n=r["base"]) for _, r in thin.iterrows()]
        yield Notice("unequal_bases", sentence(_BASES, names=named, label=many["label"], n=many["base"]))


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
    "{names:list} cannot be told apart (correlation {r:number2} or more, corrected for unreliability): read them as "
    "one."
)
_BASES = "Answered at most half as often as {label} ({n:count}): {names:list}."
_NEAR_CONSTANT = "{names:list}: at least {share:percent} gave the same answer, so hardly anything can go with it."
