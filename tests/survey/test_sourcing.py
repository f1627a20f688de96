"""[sourcing]: from the client file to the survey, and what is refused on the way."""

from pathlib import Path

import numpy as np
import pytest

from drivers.client import load_client
from drivers.errors import ConfigError, SurveyError
from drivers.survey.loading import load_survey
from survey_files import CLIENT, survey_frame, write_survey

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "maasland-verzekeringen" / "client.toml"
MORE = """\
[sourcing]
column         = "site"
onshore        = "home"
offshore       = "away"
centre         = "centre"
first_time_fix = "solved"
repeats        = "again"
talk_time      = "seconds"
"""
MONEY = """\
cost_per_contact  = { onshore = 8.0, offshore = 4.0 }
contacts_per_year = 1000
"""


def frame():
    base = survey_frame()
    n = np.arange(len(base))
    return base.assign(
        site=np.where(n % 2 == 1, "Away", "home"),
        centre=[f"C{k % 4}" for k in n],
        solved=np.where(n % 3 == 0, "ja", "nee"),
        again=n % 4,
        seconds=100 + 7 * n,
    )


@pytest.fixture
def loaded(tmp_path):
    def load(*changes, answers=None, more=MORE):
        write_survey(frame() if answers is None else answers, tmp_path / "survey.csv")
        text = CLIENT.format(file="survey.csv").replace("[loyalty]", more + "[loyalty]")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        (tmp_path / "client.toml").write_text(text, encoding="utf-8")
        return load_survey(load_client(tmp_path / "client.toml"))

    return load


def refusal(loaded, *changes, more=MORE):
    with pytest.raises(ConfigError) as caught:
        loaded(*changes, more=more)
    return str(caught.value)


def test_sites_and_centres_are_read_whatever_the_capitals(loaded):
    plan = loaded().sourcing
    np.testing.assert_array_equal(plan.offshore, np.arange(len(plan.offshore)) % 2)
    np.testing.assert_array_equal(plan.centre, np.arange(len(plan.centre)) % 4)


def test_the_gap_may_run_through_first_time_fix_and_repeats_unless_others_are_named(loaded):
    assert loaded().sourcing.mediators == ("solved", "again")
    named = loaded(('talk_time      = "seconds"', 'mediators = ["fix"]')).sourcing
    assert named.mediators == ("fix",)
    assert named.talk_time is None


def test_yes_and_no_are_read_as_1_and_0(loaded):
    survey = loaded()
    np.testing.assert_array_equal(survey.answers["solved"], np.arange(survey.base) % 3 == 0)
    np.testing.assert_array_equal(survey.answers["again"], np.arange(survey.base) % 4)


def test_other_sites_and_empty_centres_count_for_neither(loaded):
    answers = frame()
    answers.loc[:3, "site"] = ["nearshore", "", "home", "away"]
    answers.loc[4, "centre"] = ""
    plan = loaded(answers=answers).sourcing
    assert np.isnan(plan.offshore[:2]).all()
    assert plan.offshore[2:4].tolist() == [0, 1]
    assert plan.centre[4] == -1


def test_numbers_may_stand_for_the_sites(loaded):
    answers = frame()
    answers["site"] = 1 + np.arange(len(answers)) % 2
    plan = loaded(('"home"', "1"), ('"away"', "2"), answers=answers).sourcing
    np.testing.assert_array_equal(plan.offshore, np.arange(len(plan.offshore)) % 2)


def test_fewer_respondents_keep_their_sites(loaded):
    survey = loaded()
    chosen = np.arange(survey.base) % 2 == 1
    assert survey.rows(chosen).sourcing.offshore.tolist() == [1.0] * int(chosen.sum())


def test_without_the_table_there_are_no_sites(loaded):
    assert loaded(more="").sourcing is None


def test_sites_that_are_nowhere_are_refused_with_what_is_there(loaded):
    text = refusal(loaded, ('"home"', '"onshore"'), ('"away"', '"offshore"'))
    assert "sourcing.onshore" in text
    assert '"onshore" and "offshore" are nowhere in column "site"' in text
    assert '"away", "home"' in text or '"home", "away"' in text


def test_a_missing_column_is_named(loaded):
    assert 'no column "centrum"' in refusal(loaded, ('= "centre"', '= "centrum"'))


def test_text_in_a_count_is_refused(loaded):
    answers = frame().astype({"again": object})
    answers.loc[:6, "again"] = "often"
    with pytest.raises(SurveyError, match="again"):
        loaded(answers=answers)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([('"away"', '"home"')], "is the value of onshore too"),
        ([('talk_time      = "seconds"', 'mediators = ["fixx"]')], '"fixx" is no driver, first_time_fix or repeats'),
        ([('talk_time      = "seconds"', 'mix = ["age"]')], '"age" is no column of survey.segments'),
        ([('first_time_fix = "solved"', 'first_time_fix = "fix"')], "expected 0 and 1"),
        ([('talk_time      = "seconds"', "contacts_per_year = 10")], "says nothing without cost_per_contact"),
        ([('talk_time      = "seconds"', "switch_cost = 10")], "says nothing without cost_per_contact"),
        ([('talk_time      = "seconds"', "tlak_time = 1")], "talk_time"),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(loaded, changes, said):
    text = refusal(loaded, *changes)
    assert "sourcing" in text
    assert said in text


def test_money_needs_repeats_and_what_customers_are_worth(loaded):
    text = refusal(loaded, ('repeats        = "again"\n', ""), more=MORE + MONEY)
    assert "needs sourcing.repeats" in text


def test_the_survey_on_providers_of_the_same_client_file_has_no_sites():
    survey = load_survey(load_client(SAMPLE))
    assert survey.sourcing is not None
    assert survey.providers is not None
    assert survey.providers.sourcing is None
