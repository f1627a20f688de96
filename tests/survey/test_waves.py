import pandas as pd
import pytest

from drivers.errors import ConfigError, SurveyError
from drivers.survey.loading import load_survey
from drivers.survey.survey import Exclusion
from drivers.survey.waves import survey_waves
from drivers.wording import sentence
from survey_files import FORMATS, client_of, survey_frame, write_survey

WAVE = ('weight     = "weight"', 'weight = "weight"\nwave = "wave"')


def waves_of(folder, values, file="survey.csv"):
    frame = survey_frame(len(values) * 20).assign(wave=pd.Series(list(values) * 20))
    return client_of(folder, frame, WAVE, file=file)


@pytest.mark.parametrize("kind", FORMATS)
def test_waves_that_are_numbers_are_named_without_decimals(tmp_path, kind):
    client = waves_of(tmp_path, [2024.0, 2023.0], f"survey.{kind}")
    assert survey_waves(client) == ("2023", "2024")
    assert load_survey(client, "2023").wave == "2023"


def test_without_a_name_the_last_wave_is_read(tmp_path):
    survey = load_survey(waves_of(tmp_path, [2024, 2023]))
    assert survey.wave == "2024"
    assert survey.base == 20
    assert survey.answers.index[0] == 0


def test_wave_2_comes_before_wave_10(tmp_path):
    assert survey_waves(waves_of(tmp_path, ["Wave 10", "Wave 2", "wave 1"])) == ("wave 1", "Wave 2", "Wave 10")


def test_a_survey_without_waves_has_none(tmp_path):
    client = client_of(tmp_path, survey_frame())
    assert survey_waves(client) == ()
    assert load_survey(client).wave is None
    with pytest.raises(ConfigError, match=r'survey: names no wave column, so there is no wave "2024"'):
        load_survey(client, "2024")


def test_an_unknown_wave_names_the_waves_there_are(tmp_path):
    client = waves_of(tmp_path, [2024, 2023])
    with pytest.raises(ConfigError) as caught:
        load_survey(client, "2025")
    assert 'line 7, survey.wave: the survey has no wave "2025"; it has 2023, 2024.' in str(caught.value)


def test_labelled_waves_are_named_by_their_labels_in_the_order_of_the_codes(tmp_path):
    client = waves_of(tmp_path, [2.0, 1.0], "survey.sav")
    frame = survey_frame().assign(wave=[2.0, 1.0] * 20)
    write_survey(frame, client.survey_path, variable_value_labels={"wave": {1.0: "spring", 2.0: "autumn"}})
    assert survey_waves(client) == ("spring", "autumn")
    assert load_survey(client, "spring").base == 20


def test_rows_of_no_wave_are_counted_as_excluded(tmp_path):
    client = waves_of(tmp_path, ["a", None])
    assert survey_waves(client) == ("a",)
    assert Exclusion(sentence("No wave named"), 20) in load_survey(client).exclusions


def test_a_wave_column_without_a_wave_is_refused(tmp_path):
    with pytest.raises(SurveyError, match='column "wave" names no wave'):
        load_survey(waves_of(tmp_path, [None, None]))


def test_the_same_respondent_in_two_waves_is_no_cluster(tmp_path):
    frame = survey_frame().assign(wave=[1, 2] * 20, customer_id=[f"c{i // 2}" for i in range(40)])
    assert load_survey(client_of(tmp_path, frame, WAVE)).clusters is None


def test_a_driver_not_asked_in_one_wave_is_there_in_the_other(tmp_path):
    frame = survey_frame().assign(wave=[1, 2] * 20)
    frame.loc[frame["wave"] == 1, "fix"] = float("nan")
    client = client_of(tmp_path, frame, WAVE)
    assert load_survey(client, "1").not_asked == ("Solved first time",)
    assert load_survey(client, "2").drivers == ("fix", "friendly")
