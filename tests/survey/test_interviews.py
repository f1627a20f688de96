from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from drivers.errors import ConfigError, SurveyError
from drivers.survey.loading import load_survey
from survey_files import client_of, survey_frame

TIMED = ('weight     = "weight"', 'weight     = "weight"\nduration = "seconds"')
DATED = ('weight     = "weight"', 'weight     = "weight"\ndate = "day"')
FIELDWORK = ('segments   = ["region"]', "fieldwork = [2025-03-01, 2025-03-31]")
REVERSED = (
    'friendly = {{ label = "Friendly staff", scale = [1, 5] }}'.replace("{{", "{").replace("}}", "}"),
    'friendly = { label = "Friendly staff", scale = [1, 5], reversed = true }',
)
BATTERIES = ("[loyalty]", '[drivers.batteries]\nStaff = ["fix", "friendly"]\n[loyalty]')


def dated(days):
    frame = survey_frame()
    return frame.assign(day=(list(days) * 40)[: len(frame)])


def test_durations_are_carried_and_missing_ones_stay_missing(tmp_path):
    frame = survey_frame().assign(seconds=np.arange(40.0))
    frame.loc[3, "seconds"] = np.nan
    durations = load_survey(client_of(tmp_path, frame, TIMED)).interviews.durations
    np.testing.assert_array_equal(durations, frame["seconds"])


def test_durations_that_are_text_are_refused_with_an_example(tmp_path):
    frame = survey_frame().assign(seconds="five minutes")
    with pytest.raises(SurveyError, match=r'"seconds" \(survey.duration\).*"five minutes"'):
        load_survey(client_of(tmp_path, frame, TIMED))


@pytest.mark.parametrize("file", ["survey.csv", "survey.xlsx", "survey.parquet", "survey.sav", "survey.dta"])
def test_a_date_outside_the_fieldwork_is_impossible_in_any_format(tmp_path, file):
    days = pd.to_datetime(["2025-03-01", "2025-03-31", "2025-02-28", "2026-04-01"])
    survey = load_survey(client_of(tmp_path, dated(days), DATED, FIELDWORK, file=file))
    assert survey.interviews.impossible[:4].tolist() == [False, False, True, True]


def test_a_date_that_is_none_is_impossible_and_no_date_is_not(tmp_path):
    days = ["2025-03-05", "2025-02-30", "", "20250306", "2025-03-07 14:30"]
    survey = load_survey(client_of(tmp_path, dated(days), DATED))
    assert survey.interviews.impossible[:5].tolist() == [False, True, False, False, False]


def test_dates_written_otherwise_need_their_format(tmp_path):
    frame = dated(["31-03-2025", "05-03-2025"])
    with pytest.raises(SurveyError, match=r'cannot be read, such as "31-03-2025".*date_format = "%d-%m-%Y"'):
        load_survey(client_of(tmp_path, frame, DATED))
    stated = ('segments   = ["region"]', 'date_format = "%d-%m-%Y"\nfieldwork = [2025-03-01, 2025-03-30]')
    survey = load_survey(client_of(tmp_path, frame, DATED, stated))
    assert survey.interviews.impossible[:2].tolist() == [True, False]


def test_without_such_columns_nothing_is_known(tmp_path):
    interviews = load_survey(client_of(tmp_path, survey_frame())).interviews
    assert (interviews.durations, interviews.impossible) == (None, None)


def test_rows_of_a_survey_keep_durations_weights_and_answers_together(tmp_path):
    frame = survey_frame().assign(seconds=np.arange(40.0))
    survey = load_survey(client_of(tmp_path, frame, TIMED))
    chosen = np.arange(40) % 3 == 0
    part = replace(survey, strata=np.arange(40) % 4).rows(chosen)
    np.testing.assert_array_equal(part.strata, (np.arange(40) % 4)[chosen])
    np.testing.assert_array_equal(part.interviews.durations, frame["seconds"][chosen])
    np.testing.assert_array_equal(part.weights, frame["weight"][chosen])
    assert part.answers.index.tolist() == list(range(chosen.sum()))


def test_a_reversed_item_is_turned_round_on_its_scale(tmp_path):
    frame = survey_frame()
    survey = load_survey(client_of(tmp_path, frame, REVERSED))
    np.testing.assert_array_equal(survey.answers["friendly"], 6 - frame["friendly"])
    assert survey.reversed == ("friendly",)


def test_what_is_turned_round_is_told(tmp_path):
    notices = load_survey(client_of(tmp_path, survey_frame(), REVERSED)).notices
    assert "Turned round on its scale, as the client file says: Friendly staff." in map(str, notices)
    plain = load_survey(client_of(tmp_path, survey_frame())).notices
    assert not any("Turned round" in str(notice) for notice in plain)


def test_a_reversed_item_needs_a_declared_scale(tmp_path):
    loose = ("scale = [1, 10]\n[drivers.items]", "[drivers.items]")
    own = ('friendly = { label = "Friendly staff", scale = [1, 5] }', "friendly = { reversed = true }")
    with pytest.raises(SurveyError, match=r'"friendly" is reversed but has no scale'):
        load_survey(client_of(tmp_path, survey_frame(), loose, own))


def test_batteries_hold_the_drivers_that_this_wave_asked(tmp_path):
    assert dict(load_survey(client_of(tmp_path, survey_frame(), BATTERIES)).batteries) == {"Staff": ("fix", "friendly")}
    unasked = survey_frame().assign(fix=np.nan)
    assert dict(load_survey(client_of(tmp_path, unasked, BATTERIES)).batteries) == {"Staff": ("friendly",)}


def quality(text):
    return ("[loyalty]", f"[quality]\n{text}\n[loyalty]")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (quality('exclude = ["straightlining"]'), r"quality.exclude: .*straightliners, long_strings"),
        (quality('exclude = ["too_fast"]'), "too_fast cannot be found without survey.duration"),
        (quality('exclude = ["impossible_dates"]'), "impossible_dates cannot be found without survey.date"),
        (quality('exclude = ["contradictory"]'), "contradictory cannot be found without a driver with reversed"),
        (quality('exclude = ["inconsistent"]'), "inconsistent cannot be found without drivers.batteries"),
        (quality("too_fast_below = 60"), "needs survey.duration"),
        (quality("too_fast_share = 48"), "above 0 and below 1"),
        (FIELDWORK, r"survey.fieldwork: says nothing without survey.date"),
        (('segments   = ["region"]', 'date = "day"\nfieldwork = [2025-03-31, 2025-03-01]'), "is after the last"),
        (("[loyalty]", '[drivers.batteries]\nStaff = ["fixx"]\n[loyalty]'), 'is no driver.*Did you mean "fix"'),
        (("[loyalty]", '[drivers.batteries]\nStaff = "fix"\n[loyalty]'), "a list of drivers for each battery"),
        (('age      = { role = "control" }', 'age = { role = "control", reversed = true }'), "nothing for a control"),
    ],
)
def test_a_contradiction_in_the_client_file_is_named_with_its_key(tmp_path, change, message):
    with pytest.raises(ConfigError, match=message):
        client_of(tmp_path, None, change)


def test_a_screen_can_be_named_once_its_column_is(tmp_path):
    client = client_of(tmp_path, None, TIMED, quality('exclude = ["too_fast", "straightliners"]\ntoo_fast_below = 60'))
    assert client.quality.exclude == ("too_fast", "straightliners")


def test_a_column_of_durations_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r'survey\.duration: survey\.csv has no column "seconds"'):
        load_survey(client_of(tmp_path, survey_frame(), TIMED))


GONE = ('left            = "gone"', 'left            = "gone"\nleft_date = "last"')


def test_days_from_the_interview_to_leaving_are_counted(tmp_path):
    frame = dated(["2025-03-05", "2025-03-05", "2025-03-05", "", "2025-03-05"])
    frame["last"] = (["2025-03-08", "2025-03-05", "2025-02-05", "2025-04-01", ""] * 40)[: len(frame)]
    survey = load_survey(client_of(tmp_path, frame, DATED, GONE))
    np.testing.assert_array_equal(survey.interviews.lags[:5], [3, 0, -28, np.nan, np.nan])
    part = survey.rows(np.arange(survey.base) < 3)
    np.testing.assert_array_equal(part.interviews.lags, [3, 0, -28])


@pytest.mark.parametrize("file", ["survey.xlsx", "survey.parquet", "survey.sav", "survey.dta"])
def test_days_of_leaving_are_read_from_any_format(tmp_path, file):
    frame = dated(pd.to_datetime(["2025-03-05"])).assign(last=pd.Timestamp("2025-03-15"))
    survey = load_survey(client_of(tmp_path, frame, DATED, GONE, file=file))
    assert set(survey.interviews.lags) == {10.0}


def test_days_of_leaving_that_cannot_be_read_are_refused(tmp_path):
    frame = dated(["2025-03-05"]).assign(last="15 maart")
    with pytest.raises(SurveyError, match=r'most dates in column "last" \(loyalty.left_date\) cannot be read'):
        load_survey(client_of(tmp_path, frame, DATED, GONE))


def test_without_a_column_for_it_nothing_is_counted(tmp_path):
    assert load_survey(client_of(tmp_path, dated(["2025-03-05"]), DATED)).interviews.lags is None
