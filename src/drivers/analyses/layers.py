"""Are employees of every layer equally satisfied?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.core.clustered_means import GroupMeans, group_means, mean_pairs, range_p, range_quantile
from drivers.core.interval import student_reach
from drivers.errors import EstimationError
from drivers.survey.staff import Staff
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class LayerSatisfaction:
    """Satisfaction of employees by layer, and which layers differ.

    Attributes
    ----------
    table
        One row a layer that may be shown, from the floor up: base, mean with its interval.
    pairs
        One row a pair of these layers: difference of the first less the second, its interval and p-value, which hold
        for all pairs together, and whether a difference is shown.
    question
        Printed name of satisfaction.
    scale_low, scale_high
        Ends of the scale.
    hidden
        Layers that are not shown.
    minimum_base
        Fewest employees of whom a number is shown.
    base, confidence, method
        As in every result; the base counts the layers shown.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame
    question: str
    scale_low: float
    scale_high: float
    hidden: tuple[str, ...]
    minimum_base: int
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        told = ", ".join(f"{r.layer} {r.layer_mean:.1f}" for r in self.table.itertuples())
        return f"LayerSatisfaction: {told}, base {self.base}"


def layer_satisfaction(staff: Staff, *, confidence: float = 0.95) -> LayerSatisfaction:
    """Are employees of every layer equally satisfied?

    A mean of 6.0 beside 7.3 with a difference that is shown means: sales and office are less satisfied than the floor,
    and chance alone would hardly give so large a gap between any two layers.

    Parameters
    ----------
    staff
        The employees' survey, ``load_survey(client).staff``.
    confidence
        Level of the intervals; a difference is shown where its p-value is below one less this level.

    Raises
    ------
    EstimationError
        When fewer than two layers have enough answers.
    """
    shown = told_layers(staff)
    means = satisfaction_means(staff, shown)
    names = [staff.layers[k] for k in shown]
    reach = student_reach(means.error, means.degrees, confidence)
    table = pd.DataFrame({"layer": names, "base": means.base, **spread_columns("layer_mean", means.mean, reach)})
    return LayerSatisfaction(
        table=table,
        pairs=_pairs(means, names, confidence),
        question=staff.labels[staff.satisfaction],
        scale_low=staff.scale[0],
        scale_high=staff.scale[1],
        hidden=tuple(name for k, name in enumerate(staff.layers) if k not in shown),
        minimum_base=staff.minimum_base,
        base=int(means.base.sum()),
        confidence=confidence,
        method=_method(staff, int(means.base.sum()), confidence),
    )


def told_layers(staff: Staff) -> tuple[int, ...]:
    """The layers that may be shown.

    Raises
    ------
    EstimationError
        When there are fewer than two.
    """
    shown = staff.shown_layers
    if len(shown) < 2:
        raise EstimationError(
            sentence(
                "{n:count} of the layers have {least:count} employees with an answer on satisfaction; two at least are "
                "needed to compare them.",
                n=len(shown),
                least=staff.minimum_base,
            )
        )
    return shown


def satisfaction_means(staff: Staff, shown: tuple[int, ...]) -> GroupMeans:
    """Mean satisfaction of these layers; members of a team depend on each other."""
    y = staff.answers[staff.satisfaction].to_numpy()
    rows = np.isin(staff.layer, shown) & ~np.isnan(y)
    return group_means(y[rows], np.searchsorted(shown, staff.layer[rows]), staff.units[rows], len(shown))


def spread_columns(name: str, value: np.ndarray, reach: np.ndarray) -> dict[str, np.ndarray]:
    """A number with the two ends of its interval."""
    return {name: value, f"{name}_low": value - reach, f"{name}_high": value + reach}


def _pairs(means: GroupMeans, names: list[str], confidence: float) -> pd.DataFrame:
    pairs, count = mean_pairs(means), len(names)
    quantile = np.array([range_quantile(confidence, count, d) for d in pairs.degrees]) / np.sqrt(2)
    p = np.array([range_p(abs(t) * np.sqrt(2), count, d) for t, d in zip(pairs.t, pairs.degrees, strict=True)])
    return pd.DataFrame(
        {
            "layer": [names[k] for k in pairs.first],
            "other_layer": [names[k] for k in pairs.second],
            **spread_columns("layer_difference", pairs.difference, quantile * pairs.error),
            "p_adjusted": p,
            "shown": p < 1 - confidence,
        }
    )


def errors_phrase(staff: Staff) -> Sentence:
    """How errors allow for teams."""
    if (staff.team < 0).all():
        return sentence("every employee counts as independent of the others")
    return sentence("errors allow for the likeness of members of one team (clusters)")


def _method(staff: Staff, base: int, confidence: float) -> Sentence:
    return sentence(
        "Unweighted means by layer of {source}, base {base:count}, with {confidence:percent} intervals (Student's t); "
        "differences by Games and Howell, over all pairs together; {errors}. Layers with fewer than {least:count} "
        "answers count in no number.{unplaced}",
        source=staff.source,
        base=base,
        confidence=confidence,
        errors=errors_phrase(staff),
        least=staff.minimum_base,
        unplaced=sentence(" {n:count} rows without a layer are left out.", n=staff.unplaced)
        if staff.unplaced
        else sentence(""),
    )
