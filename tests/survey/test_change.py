"""Waves read together: which is compared with which, who was reached, and what a client file may not say."""

import numpy as np
import pandas as pd
import pytest

from drivers import load_client, load_survey
from drivers.errors import ConfigError, SurveyError

BASE = """\
client = "Waves"
[survey]
file = "survey.csv"
respondent = "id"
wave = "wave"
[satisfaction]
column = "csat"
scale = [1, 10]
[drivers]
scale = [1, 10]
[drivers.items]
fix = "Fixed"
tenure = { role = "control" }
"""
CHANGE = '[change]\nreached = "reached"\nmix = { age = "Age" }\nrates = { kept = "Kept" }\nrollout = "team"\n'


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(1)
    n = 160
    frame = pd.DataFrame({
        "id": np.arange(n), "wave": np.repeat([2023, 2024, 2025, 2026], n // 4), "csat": rng.integers(1, 11, n),
        "fix": rng.integers(1, 11, n), "tenure": rng.integers(1, 30, n), "age": rng.choice(["old", "young"], n),
        "reached": rng.choice(["ja", "nee"], n), "kept": np.where(rng.random(n) < 0.5, "", "yes"),
        "team": rng.choice(["A", "B", "C"], n),
    })  # fmt: skip
    frame.to_csv(tmp_path / "survey.csv", index=False)
    return tmp_path


def loaded(folder, change=CHANGE, wave=None, base=BASE):
    (folder / "client.toml").write_text(base + change, encoding="utf-8")
    return load_survey(load_client(folder / "client.toml"), wave)


def test_a_wave_brings_those_before_it_and_is_compared_with_the_last_before_the_plan(folder):
    survey = loaded(folder)
    assert [wave.wave for wave in survey.earlier] == ["2023", "2024", "2025"]
    assert (survey.change.before, survey.change.plan_wave, survey.change.after_plan) == ("2025", "2026", True)
    later = loaded(folder, CHANGE + 'plan_wave = "2025"\n')
    assert (later.change.before, later.change.after_plan) == ("2024", True)
    between = loaded(folder, wave="2024")
    assert (between.change.before, between.change.after_plan) == ("2023", False)


def test_the_first_wave_has_nothing_before_it(folder):
    survey = loaded(folder, wave="2023")
    assert survey.earlier == ()
    assert survey.change.before is None


def test_without_change_no_other_wave_is_read(folder):
    survey = loaded(folder, "")
    assert survey.change is None
    assert survey.earlier == ()


def test_columns_of_a_change_are_read_as_what_they_are(folder):
    survey = loaded(folder)
    assert set(survey.answers["reached"]) == {0.0, 1.0}
    assert set(survey.answers["kept"].dropna()) == {1.0}
    assert survey.labels["kept"] == "Kept"
    assert survey.change.mix["age"].label == "Age"
    assert survey.change.rollout.groups == ("A", "B", "C")
    half = survey.rows(np.arange(survey.base) < 10)
    assert len(half.change.units) == len(half.change.mix["age"].codes) == len(half.change.rollout.codes) == 10


def test_an_earlier_wave_that_cannot_be_read_is_left_out_and_the_later_one_is_not(folder):
    frame = pd.read_csv(folder / "survey.csv")
    frame.loc[frame["wave"] == 2024, "csat"] = np.nan
    frame.to_csv(folder / "survey.csv", index=False)
    assert [wave.wave for wave in loaded(folder).earlier] == ["2023", "2025"]


def test_a_column_of_yes_and_no_that_holds_something_else_is_refused(folder):
    frame = pd.read_csv(folder / "survey.csv")
    frame["reached"] = "perhaps"
    frame.to_csv(folder / "survey.csv", index=False)
    with pytest.raises(SurveyError, match=r"reached"):
        loaded(folder)


WRONG = {
    "an unknown wave": ('[change]\nbefore = "2022"\n', r'line 15, change\.before: .*no wave "2022"; it has 2023, 2024'),
    "an unknown first wave": (CHANGE + 'plan_wave = "2062"\n', r'change\.plan_wave: .*Did you mean "2026"\?'),
    "a plan nobody is reached by": ('[change]\nplan_wave = "2026"\n', r"change\.plan_wave: means nothing without"),
    "a roll-out to nobody": ('[change]\nrollout = "team"\n', r"change\.rollout: means nothing without change\.reached"),
    "a control in the mix": (
        '[change]\nmix = ["tenure"]\n',
        r'change\.mix: column "tenure" is already used',
    ),
    "the plan before itself": (CHANGE + 'plan_wave = "2026"\nbefore = "2026"\n', r"change\.before: .*earlier wave"),
    "a wave after the plan": (CHANGE + 'plan_wave = "2024"\nbefore = "2025"\n', r"change\.before: .*a wave before it"),
    "a driver as a rate": ('[change]\nrates = ["fix"]\n', r'change\.rates: column "fix" is already used as driver'),
    "a column that is not there": ('[change]\nreached = "raeched"\n', r'change\.reached: .*Did you mean "reached"'),
    "an unknown key": ("[change]\nreach = 1\n", r"change\.reach: unknown key\. Did you mean"),
}


@pytest.mark.parametrize("what", WRONG)
def test_an_error_names_the_key_and_the_remedy(folder, what):
    change, text = WRONG[what]
    with pytest.raises(ConfigError, match=text):
        loaded(folder, change)


def test_waves_cannot_be_compared_without_waves(folder):
    with pytest.raises(ConfigError, match=r"change: compares waves, but there is no survey\.wave"):
        loaded(folder, CHANGE, base=BASE.replace('wave = "wave"\n', ""))
