"""Surveys of organisations with several kinds of contract, for tests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers import Survey
from drivers.simulate import vecht_survey
from drivers.simulate.outsourcing import CONTRACTS, QUESTIONS, Effect
from drivers.survey.contracts import ContractPlan
from drivers.survey.segments import Segmentation

ADJUST = ("size", "contract_age")
OPERATIONS = ("sla_kept", "repair_within_4h")
NO_EFFECT: tuple[Effect, ...] = ("contract", "moderation", "operations")
RATED = tuple(q.column for q in QUESTIONS if q.scale != "switching_costs")


def contract_survey(
    seed: int, organisations: int = 440, *, without: Collection[Effect] = (), margin: float | None = 0.25
) -> Survey:
    """A survey as of the sample client Vecht IT, from another seed."""
    return survey_of(vecht_survey(np.random.default_rng(seed), organisations, without=without), margin=margin)


def survey_of(
    frame: pd.DataFrame,
    *,
    adjust: tuple[str, ...] = ADJUST,
    operations: tuple[str, ...] = OPERATIONS,
    margin: float | None = 0.25,
) -> Survey:
    """This frame, with columns as `vecht_survey` gives them, as a survey of contracts."""
    columns = [*RATED, *dict.fromkeys((*adjust, *operations))]
    survey = Survey.from_frame(frame, "csat", columns, weight_column="weight")
    codes = frame["contract"].map({kind: k for k, kind in enumerate(CONTRACTS)}).fillna(-1).to_numpy(dtype=int)
    return replace(
        survey,
        drivers=RATED,
        clusters=pd.factorize(frame["organisation"])[0],
        contracts=ContractPlan(Segmentation("contract", CONTRACTS, codes), adjust, operations, margin),
        labels=MappingProxyType({c: c for c in survey.answers}),
    )
