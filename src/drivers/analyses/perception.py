"""Do the floor, the board and the customers see the same?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import survey_design, weights_phrase
from drivers.analyses.layers import errors_phrase, spread_columns, told_layers
from drivers.core.clustered_means import PairedMeans, group_means, mean_pairs
from drivers.core.design import sampling_design, weighted_means
from drivers.core.interval import student_reach
from drivers.core.multiplicity import adjusted_p
from drivers.errors import EstimationError
from drivers.survey.staff import Staff
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

BOARD, CUSTOMERS, INFORMATION = "board", "customers", "information"
"""Kinds of gaps: board less floor, a layer less the customers, information down less information up."""


@dataclass(frozen=True, slots=True, eq=False)
class PerceptionGaps:
    """What each layer and the customers answer on the same questions, and how far the answers lie apart.

    Attributes
    ----------
    table
        One row a question and who answered it: a layer, or "" for the customers; base, mean with its interval.
    gaps
        One row a gap. board: the board's mean less the floor's; customers: what a layer believes less what customers
        say; information: how information comes down, felt by all layers below the board together (layer ""), less how
        it comes up, felt by the board. With its interval, p-values, and whether it is shown.
    floor, board
        Printed names of the two ends.
    board_told
        Whether the board may be shown at all.
    scale_low, scale_high
        Ends of the scale.
    hidden
        Questions of which no layer may be shown, as too few answered.
    base, confidence, method
        As in every result; the base counts the employees of the layers shown.
    """

    table: pd.DataFrame
    gaps: pd.DataFrame
    floor: str
    board: str
    board_told: bool
    scale_low: float
    scale_high: float
    hidden: tuple[str, ...]
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        return f"PerceptionGaps: {int(self.gaps['shown'].sum())} of {len(self.gaps)} gaps shown, base {self.base}"


def perception_gaps(staff: Staff, survey: Survey | None = None, *, confidence: float = 0.95) -> PerceptionGaps:
    """Do the floor, the board and the customers see the same?

    A gap of 2.4 on "the board knows what goes on" means: the board gives itself 2.4 points more than the floor gives
    it. Who is right does not follow. The items of a battery count as one question, their mean.

    Parameters
    ----------
    staff
        The employees' survey.
    survey
        The customers' survey; None: customers are left out.
    confidence
        Level of the intervals; a gap is shown where its p-value, adjusted for the number of gaps, is below one less
        this level.

    Raises
    ------
    EstimationError
        When fewer than two layers have enough answers, no question was put to two sides, or customers were asked one on
        another scale.
    """
    shown, staff = told_layers(staff), staff.scored()
    seen = [_views(staff, survey, item, shown, confidence) for item in staff.labels if item != staff.satisfaction]
    gaps = pd.DataFrame([gap for item in seen for gap in item.gaps] + list(_information(staff, shown, confidence)))
    if gaps.empty:
        raise EstimationError(
            sentence("No question was put to two layers, or to a layer and the customers, with enough answers of both.")
        )
    gaps["p_adjusted"] = adjusted_p(gaps["p_value"].to_numpy(), "holm")
    gaps["shown"] = gaps["p_adjusted"] < 1 - confidence
    base = int(np.isin(staff.layer, shown).sum())
    return PerceptionGaps(
        table=pd.DataFrame([row for item in seen for row in item.rows]),
        gaps=gaps,
        floor=staff.layers[0],
        board=staff.layers[-1],
        board_told=len(staff.layers) - 1 in shown,
        scale_low=staff.scale[0],
        scale_high=staff.scale[1],
        hidden=tuple(item.label for item in seen if not item.rows),
        base=base,
        confidence=confidence,
        method=_method(staff, survey, base, confidence),
    )


@dataclass(frozen=True, slots=True)
class _Views:
    """One question: the mean of each side that may be shown, and the gaps between them."""

    label: str
    rows: list[dict[str, object]]
    gaps: list[dict[str, object]]


def _views(staff: Staff, survey: Survey | None, item: str, shown: tuple[int, ...], confidence: float) -> _Views:
    told = [k for k in shown if staff.may_show(item, staff.layer == k)]
    label, y = staff.labels[item], staff.answers[item].to_numpy()
    if not told:
        return _Views(label, [], [])
    rows = np.isin(staff.layer, told) & ~np.isnan(y)
    means = group_means(y[rows], np.searchsorted(told, staff.layer[rows]), staff.units[rows], len(told))
    reach = student_reach(means.error, means.degrees, confidence)
    spread = spread_columns("layer_mean", means.mean, reach)
    found: list[dict[str, object]] = [
        {"staff_question": label, "layer": staff.layers[k], "base": int(means.base[i])}
        | {name: float(column[i]) for name, column in spread.items()}
        for i, k in enumerate(told)
    ]
    gaps = []
    board = len(staff.layers) - 1
    if 0 in told and board in told:
        pair = mean_pairs(means, [(told.index(board), 0)])
        names = (staff.layers[board], staff.layers[0])
        gaps.append(_gap(label, BOARD, names, (means.mean[-1], means.mean[0]), pair, confidence))
    customers = _customers(staff, survey, item, confidence) if survey else None
    if customers is not None:
        found.append(customers.row)
        for i, k in enumerate(told):
            pair = customers.below(means.mean[i], means.error[i], means.degrees[i])
            names, both = (staff.layers[k], ""), (means.mean[i], customers.mean)
            gaps.append(_gap(label, CUSTOMERS, names, both, pair, confidence))
    return _Views(label, found, gaps)


@dataclass(frozen=True, slots=True)
class _Customers:
    """What customers say: their mean, its error and degrees of freedom, and its row of the table."""

    mean: float
    error: float
    degrees: float
    row: dict[str, object]

    def below(self, mean: float, error: float, degrees: float) -> PairedMeans:
        """The difference between a layer's mean and this one, by Welch's test."""
        whole = error**2 + self.error**2
        free = whole**2 / (error**4 / degrees + self.error**4 / self.degrees)
        difference, zero = np.array([mean - self.mean]), np.zeros(1, dtype=np.int64)
        return PairedMeans(zero, zero, difference, np.sqrt(np.array([whole])), np.array([free]))


def _check_scale(staff: Staff, survey: Survey, column: str) -> None:
    scale = survey.scales.get(column)
    if scale is not None and not scale.observed and (scale.low, scale.high) != staff.scale:
        raise EstimationError(
            sentence(
                "Customers answered {label} from {low:number} to {high:number}, employees from {own_low:number} to "
                "{own_high:number}; the two can be held together on one scale only.",
                label=survey.labels.get(column, column),
                low=scale.low,
                high=scale.high,
                own_low=staff.scale[0],
                own_high=staff.scale[1],
            )
        )


def _customers(staff: Staff, survey: Survey, item: str, confidence: float) -> _Customers | None:
    column, label = staff.customers.get(item), staff.labels[item]
    if column is None or column not in survey.answers or survey.complete([column]).sum() < staff.minimum_base:
        return None
    _check_scale(staff, survey, column)
    counted = survey.weights > 0
    design = survey_design(survey) or sampling_design(survey.weights[counted])
    rows, z = survey.complete([column])[counted], survey.answers[[column]].to_numpy()[counted]
    found = weighted_means(z, design, rows)
    mean, error = float(found.value[0]), float(found.error[0])
    reach = student_reach(np.array([error]), found.degrees, confidence)
    spread = {k: float(v[0]) for k, v in spread_columns("layer_mean", found.value, reach).items()}
    return _Customers(
        mean, error, found.degrees, {"staff_question": label, "layer": "", "base": int(rows.sum()), **spread}
    )


def _information(staff: Staff, shown: tuple[int, ...], confidence: float) -> Iterator[dict[str, object]]:
    """How information comes down, felt below the board, less how it comes up, felt by the board."""
    board = len(staff.layers) - 1
    if staff.information is None:
        return
    down, up = staff.information
    below, above = np.isin(staff.layer, [k for k in shown if k != board]), staff.layer == board
    if board not in shown or not staff.may_show(down, below) or not staff.may_show(up, above):
        return
    y = np.where(above, staff.answers[up].to_numpy(), staff.answers[down].to_numpy())
    rows = (below | above) & ~np.isnan(y)
    means = group_means(y[rows], above[rows].astype(np.int64), staff.units[rows], 2)
    label = f"{staff.labels[down]} / {staff.labels[up]}"
    both = (means.mean[0], means.mean[1])
    yield _gap(label, INFORMATION, ("", staff.layers[board]), both, mean_pairs(means), confidence)


def _gap(
    label: str, kind: str, names: tuple[str, str], means: tuple[float, float], pair: PairedMeans, confidence: float
) -> dict[str, object]:
    reach = student_reach(pair.error, pair.degrees, confidence)
    spread = spread_columns("view_gap", pair.difference, reach)
    return {
        "staff_question": label,
        "gap_kind": kind,
        "layer": names[0],
        "other_layer": names[1],
        "layer_mean": float(means[0]),
        "other_mean": float(means[1]),
        **{name: float(column[0]) for name, column in spread.items()},
        "p_value": float(pair.p[0]),
    }


def _method(staff: Staff, survey: Survey | None, base: int, confidence: float) -> Sentence:
    asked = survey is not None and bool(staff.customers)
    return sentence(
        "Means by question and layer of {source}, base {base:count}, each shown from {least:count} answers on; "
        "{confidence:percent} intervals; gaps by Welch's t, p-values by Holm over all gaps; {errors}.{customers}",
        source=staff.source,
        base=base,
        least=staff.minimum_base,
        confidence=confidence,
        errors=errors_phrase(staff),
        customers=sentence(" Customers: {weights}, errors of the survey's design.", weights=weights_phrase(survey))
        if asked and survey is not None
        else sentence(""),
    )
