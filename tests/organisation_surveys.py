"""Surveys of client organisations that stay, switch or take the work back, for tests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers import Survey
from drivers.simulate import vecht_survey
from drivers.simulate.outsourcing import OUTCOMES, SCALES, Effect
from drivers.survey.choice import ChoicePlan

CONTROLS = ("prior_experience", "contract_age")
NO_LINK: tuple[Effect, ...] = ("quality", "relationship", "switching_costs")


def choice_survey(seed: int, organisations: int = 440, *, without: Collection[Effect] = ()) -> Survey:
    """A survey as of the sample client Vecht IT, from another seed."""
    return survey_of(vecht_survey(np.random.default_rng(seed), organisations, without=without))


def survey_of(frame: pd.DataFrame) -> Survey:
    """This frame, with columns as `vecht_survey` gives them, as a survey of organisations."""
    items = [column for columns in SCALES.values() for column in columns]
    survey = Survey.from_frame(frame, "csat", [*items, *CONTROLS], weight_column="weight")
    decisions = frame["decision"].map({o: k for k, o in enumerate(OUTCOMES)}).fillna(-1).to_numpy(dtype=int)
    codes = frame["organisation"].to_numpy(dtype=object)
    return replace(
        survey,
        clusters=pd.factorize(frame["organisation"])[0],
        choice=ChoicePlan(decisions, codes, SCALES, CONTROLS),
        labels=MappingProxyType({c: c for c in survey.answers}),
    )
