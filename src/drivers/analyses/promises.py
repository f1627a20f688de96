"""Promises: what satisfaction goes with when more of what was agreed is kept, beside the ratings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from drivers.analyses.basis import LinearBasis, linear_basis
from drivers.analyses.moderation import with_held
from drivers.analyses.slopes import slope_columns
from drivers.core.multiplicity import adjusted_p
from drivers.survey.contracts import ContractPlan, kept_unit
from drivers.survey.segments import Segmentation
from drivers.survey.survey import Survey

TEN_POINTS = 0.10
"""Rise of a share in which effects are told."""

NO_PROMISES = pd.DataFrame(
    columns=[
        "label", "operation", "mean_kept", "ten_points", "ten_points_low", "ten_points_high", "ten_points_p",
        "ten_points_whole", "ten_points_whole_low", "ten_points_whole_high", "ten_points_whole_p",
    ]
)  # fmt: skip
"""The table where no shares of promises are known."""


def promise_effects(survey: Survey, plan: ContractPlan, kinds: Segmentation, confidence: float) -> pd.DataFrame:
    """What ten percentage points more of each promise go with, in points of satisfaction.

    Once with the ratings held constant, that is beside what customers say of the aspects, and once without: in all,
    what runs through the ratings included. The kind of contract and what is held equal are constant in both. P-values
    by Holm over all of them.

    Raises
    ------
    EstimationError
        When the answers cannot support so many columns.
    """
    if not plan.operations:
        return NO_PROMISES
    prepared = _prepared(survey, plan, kinds)
    beside = _effects(linear_basis(prepared, (*prepared.drivers, *plan.operations)), confidence)
    whole = _effects(linear_basis(prepared, plan.operations), confidence)
    k = len(plan.operations)
    table = pd.DataFrame(
        {
            "label": [survey.labels.get(c, c) for c in plan.operations],
            "operation": list(plan.operations),
            "mean_kept": [_mean(prepared, column) for column in plan.operations],
            **_named(beside, "ten_points", k),
            **_named(whole, "ten_points_whole", k),
        }
    )
    p = adjusted_p(np.concatenate([table["ten_points_p"], table["ten_points_whole_p"]]), "holm")
    return table.assign(ten_points_p=p[:k], ten_points_whole_p=p[k:])[list(NO_PROMISES.columns)]


def _prepared(survey: Survey, plan: ContractPlan, kinds: Segmentation) -> Survey:
    """Those whose contract is compared, with shares from 0 to 1, and kind and what is held equal as controls."""
    inside = kinds.codes >= 0
    held = with_held(survey, plan.adjust).rows(inside)
    codes, answers = kinds.codes[inside], held.answers
    later = {f"contract_kind_{k}": (codes == k).astype(float) for k in range(1, len(kinds.groups))}
    shares = {c: answers[c] / kept_unit(survey.answers[c].to_numpy()) for c in plan.operations}
    return replace(held, answers=answers.assign(**shares, **later), controls=(*held.controls, *later))


def _effects(basis: LinearBasis, confidence: float) -> pd.DataFrame:
    """Slopes of the drivers, in points for ten percentage points where they are shares."""
    return pd.DataFrame({name: column for name, column in slope_columns(basis, confidence).items()})


def _named(effects: pd.DataFrame, name: str, k: int) -> dict[str, np.ndarray]:
    """The last k effects under this name."""
    last = effects.iloc[-k:]
    found = {f"{name}{end}": TEN_POINTS * last[f"slope{end}"].to_numpy() for end in ("", "_low", "_high")}
    return {**found, f"{name}_p": last["slope_p"].to_numpy()}


def _mean(survey: Survey, column: str) -> float:
    values = survey.answers[column].to_numpy()
    known = np.isfinite(values) & (survey.weights > 0)
    return float(np.average(values[known], weights=survey.weights[known]))
