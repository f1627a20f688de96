"""What is odd about single drivers: the end of a scale, one answer throughout, or a direction against the battery."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import ndtri

from drivers.core.battery import alpha_if_dropped, item_rest_correlation
from drivers.survey.survey import Survey

AT_THE_END = 0.15
"""Share at one end of a scale from which it is a ceiling or a floor (Terwee et al. 2007,
doi:10.1016/j.jclinepi.2006.03.012); on scales of fewer than 20 points, three times an even spread instead."""

NEAR_CONSTANT = 0.95
"""Share of one answer from which an item hardly varies."""

REVERSED = -0.10
"""Item-rest correlation below which an item may be reversed, if that is clear among all items looked at."""

CLEAR = 0.05
"""Chance that a survey without any reversed item has a hint of one, at most: Bonferroni over the items looked at."""

_FEWEST = 3  # items of a battery from which one can run against the others


def item_table(survey: Survey, batteries: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """What is odd about each driver, by itself and in its battery? The `items` of ``BatteryReliability``."""
    loose = tuple(d for d in survey.drivers if not any(d in columns for columns in batteries.values()))
    parts = [_items(survey, name, columns) for name, columns in batteries.items()]
    parts += [_items(survey, "", (column,)) for column in loose]
    table = pd.concat(parts, ignore_index=True)
    looked_at = int(table["standing"].notna().sum())
    clear = table["standing"] < ndtri(CLEAR / 2 / max(looked_at, 1))
    table["possibly_reversed"] = clear & (table["item_rest"] < REVERSED)
    return table.drop(columns="standing")


def _items(survey: Survey, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    complete = survey.complete(columns)
    x = survey.answers.loc[complete, list(columns)].to_numpy()
    units = len(x) if survey.clusters is None else len(np.unique(survey.clusters[complete]))
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
            "standing": _standing(float(rest[place]), units) if len(columns) >= _FEWEST else np.nan,
        }
        for place, column in enumerate(columns)
    ]
    return pd.DataFrame(rows)


def answer_ends(survey: Survey, column: str) -> dict[str, object]:
    """Base, and how many gave one answer; ceiling and floor where the ends of the scale are known to be offered."""
    answers = survey.answers[column].to_numpy()
    known = ~np.isnan(answers) & (survey.weights > 0)
    values, weights = answers[known], survey.weights[known]
    found: dict[str, object] = {"base": len(values), "rated": column in survey.rated, "near_constant": False}
    found |= {"top_share": np.nan, "bottom_share": np.nan, "ceiling": False, "floor": False}
    if not len(values):
        return found
    _, which = np.unique(values, return_inverse=True)
    found["near_constant"] = bool(np.bincount(which, weights).max() / weights.sum() >= NEAR_CONSTANT)
    if not found["rated"]:
        return found
    scale = survey.scales[column]
    top, bottom = (float(np.average(values == end, weights=weights)) for end in (scale.high, scale.low))
    limit = max(AT_THE_END, 3 / (scale.span + 1))
    return found | {"top_share": top, "bottom_share": bottom, "ceiling": top > limit, "floor": bottom > limit}


def _standing(r: float, units: int) -> float:
    """The correlation in its standard errors (Fisher's z); answers of one unit count together."""
    return float(np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12)) * np.sqrt(max(units - 3, 1)))
