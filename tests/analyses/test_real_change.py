"""Waves of a real survey (San Francisco airport, 2014 and 2017) against changes that others computed."""

import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from drivers import Survey, change_decomposition, joint_resample, wave_change
from drivers.survey.change import ChangeTerms
from drivers.survey.segments import Segmentation

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "sfo_airport"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real surveys are not beside the project")
ITEMS = ("ART", "FOOD", "STORE", "SIGN", "SCREENS", "WIFI")


def wave(year):
    file = DATA / f"{year}_SFO_Customer_Survey.csv"
    frame = pd.read_csv(file, encoding="latin-1", low_memory=False)
    columns = {f"Q7{item}": item for item in (*ITEMS, "ALL")}
    answers = frame[[*columns, "WEIGHT"]].apply(pd.to_numeric, errors="coerce").rename(columns=columns)
    answers[[*ITEMS, "ALL"]] = answers[[*ITEMS, "ALL"]].where(lambda x: x.isin(range(1, 6)))
    age = pd.to_numeric(frame["Q18AGE" if year == 2014 else "Q19AGE"], errors="coerce")
    known = answers["WEIGHT"].notna()
    survey = Survey.from_frame(
        answers[known].reset_index(drop=True), "ALL", ITEMS, weight_column="WEIGHT", scale=(1, 5)
    )
    codes = np.where(age[known].between(1, 8), age[known] - 1, -1).astype(np.int64)
    mix = MappingProxyType({"age": Segmentation("Age", tuple("12345678"), codes)})
    return replace(survey, wave=str(year), change=ChangeTerms(before="2014", mix=mix))


@pytest.fixture(scope="module")
def airport():
    return replace(wave(2017), earlier=(wave(2014),))


@pytest.mark.parametrize("item", ["ALL", "FOOD", "SIGN", "WIFI"])
def test_changes_are_those_that_others_computed(airport, item):
    expected = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))["change_2014_2017"]
    found = wave_change(airport).table.set_index("measure").loc[item]
    error = (found["mean_change_high"] - found["mean_change_low"]) / 2 / 1.96
    assert found["mean_change"] == pytest.approx(expected[item]["delta"], abs=1e-4)
    # theirs rests on Kish's effective base, ours on the weighted residuals
    assert found["mean_change"] / error == pytest.approx(expected[item]["z"], rel=0.05)


def test_a_real_change_keeps_its_size_at_the_same_mix_and_lies_in_the_levels(airport):
    row = wave_change(airport).table.iloc[0]
    assert row["same_mix_change_low"] > 0
    parts = change_decomposition(airport, joint_resample(airport, draws=200)).parts.set_index("change_part")
    assert parts.loc["levels", "value_low"] > 0
    assert parts.loc["importance", "value_low"] < 0 < parts.loc["importance", "value_high"]
