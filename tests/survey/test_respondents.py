import numpy as np
import pytest

from drivers.errors import SurveyError
from drivers.survey.loading import load_survey
from survey_files import client_of, survey_frame


def refusal(client) -> str:
    with pytest.raises(SurveyError) as caught:
        load_survey(client)
    return str(caught.value)


def test_a_missing_weight_is_refused(tmp_path):
    frame = survey_frame()
    frame.loc[3, "weight"] = np.nan
    text = refusal(client_of(tmp_path, frame))
    assert text.startswith('survey.csv: 1 weights in column "weight" (survey.weight) are missing')


def test_weights_of_nothing_stay_and_are_counted(tmp_path):
    frame = survey_frame()
    frame.loc[3:5, "weight"] = 0
    survey = load_survey(client_of(tmp_path, frame))
    assert survey.base == 40
    assert str(survey.notices[0]) == "Respondents of weight 0, who count for nothing: 3."


def test_respondents_who_answer_twice_are_one_cluster(tmp_path):
    frame = survey_frame()
    frame.loc[7, "customer_id"] = "c000"
    survey = load_survey(client_of(tmp_path, frame))
    assert survey.clusters[7] == survey.clusters[0]
    assert len(np.unique(survey.clusters)) == 39
    assert str(survey.notices[0]).endswith("resampled together: 1.")


def test_respondents_007_and_7_are_two(tmp_path):
    frame = survey_frame().assign(customer_id=[f"{i:03}" for i in range(39)] + ["7"])
    assert load_survey(client_of(tmp_path, frame)).clusters is None


def test_a_row_without_a_respondent_is_refused(tmp_path):
    frame = survey_frame()
    frame.loc[3:4, "customer_id"] = ["", None]
    text = refusal(client_of(tmp_path, frame))
    assert 'survey.csv: 2 rows have no respondent in column "customer_id"' in text
    assert "remove survey.respondent" in text
