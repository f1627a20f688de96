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
    said = 'survey.csv: 1 weight is missing, infinite or negative in column "weight" (survey.weight), in row 5; every'
    assert text.startswith(said)


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
    assert str(survey.notices[0]).endswith("kept together in the intervals: 1.")


def test_respondents_007_and_7_are_two(tmp_path):
    frame = survey_frame().assign(customer_id=[f"{i:03}" for i in range(39)] + ["7"])
    assert load_survey(client_of(tmp_path, frame)).clusters is None


def test_rows_that_are_all_of_one_respondent_are_refused(tmp_path):
    text = refusal(client_of(tmp_path, survey_frame().assign(customer_id="c000")))
    assert text.startswith('survey.csv: all 40 rows that count are of one respondent according to column "customer_id"')
    assert text.endswith("Leave survey.respondent out, or name the right column there.")


def test_rows_of_weight_zero_are_no_second_respondent(tmp_path):
    frame = survey_frame().assign(customer_id=["c000"] * 39 + ["c001"])
    frame.loc[39, "weight"] = 0
    assert "all 39 rows that count are of one respondent" in refusal(client_of(tmp_path, frame))


def test_two_respondents_are_no_one(tmp_path):
    frame = survey_frame().assign(customer_id=["c000"] * 20 + ["c001"] * 20)
    assert len(np.unique(load_survey(client_of(tmp_path, frame)).clusters)) == 2


def test_a_row_without_a_respondent_is_refused(tmp_path):
    frame = survey_frame()
    frame.loc[3:4, "customer_id"] = ["", None]
    text = refusal(client_of(tmp_path, frame))
    assert 'survey.csv: 2 rows have no respondent in column "customer_id"' in text
    assert "remove survey.respondent" in text


def test_rows_without_a_weight_may_count_for_nothing(tmp_path):
    frame = survey_frame()
    frame.loc[3:4, "weight"] = np.nan
    assert 'weighting.unweighted = "exclude"' in refusal(client_of(tmp_path, frame))
    survey = load_survey(client_of(tmp_path, frame, ("[value]", '[weighting]\nunweighted = "exclude"\n[value]')))
    assert survey.weights[3:5].tolist() == [0, 0]
    assert [str(n) for n in survey.notices] == ["Respondents without a survey weight, who count for nothing: 2."]


def test_a_weight_that_is_no_number_is_refused_also_then(tmp_path):
    frame = survey_frame().assign(weight=["heavy", *["1"] * 39])
    client = client_of(tmp_path, frame, ("[value]", '[weighting]\nunweighted = "exclude"\n[value]'))
    assert 'column "weight" (survey.weight) has weights that are not numbers' in refusal(client)


def test_rows_without_a_respondent_may_be_respondents_of_their_own(tmp_path):
    frame = survey_frame()
    frame.loc[3:4, "customer_id"] = ["", None]
    frame.loc[7, "customer_id"] = "c000"
    survey = load_survey(
        client_of(tmp_path, frame, ('weight     = "weight"', 'weight = "weight"\nanonymous = "single"'))
    )
    assert len(np.unique(survey.clusters)) == 39
    assert str(survey.notices[0]) == "Rows that do not say who answered, each counted as one of its own: 2."


SAMPLED = ('weight     = "weight"', 'weight = "weight"\ncluster = "branch"\nstrata = "area"')


def sampled_frame():
    frame = survey_frame()
    return frame.assign(branch=np.arange(40) // 4, area=np.where(np.arange(40) < 20, "north", "south"))


def test_clusters_and_strata_are_those_of_their_columns(tmp_path):
    survey = load_survey(client_of(tmp_path, sampled_frame(), SAMPLED))
    assert (survey.clusters == np.arange(40) // 4).all()
    assert (survey.strata == np.arange(40) // 20).all()
    assert str(survey.notices[0]).startswith("Units with several answers, such as organisations or teams: 10. ")


def test_rows_that_are_all_of_one_cluster_are_refused_before_the_strata(tmp_path):
    text = refusal(client_of(tmp_path, sampled_frame().assign(branch=1), SAMPLED))
    assert 'of one cluster according to column "branch"' in text
    assert "Leave survey.cluster out" in text


def test_a_stratum_of_one_unit_is_refused_by_name(tmp_path):
    frame = sampled_frame()
    frame.loc[:3, "area"] = "islands"
    text = refusal(client_of(tmp_path, frame, SAMPLED))
    assert 'column "area" (survey.strata) has strata with one respondent (or cluster) only: "islands"' in text
    assert text.endswith("Merge each with a stratum like it.")


def test_a_unit_in_two_strata_is_refused(tmp_path):
    frame = sampled_frame()
    frame.loc[0, "area"] = "south"
    assert "splits sampled units over strata, 1 times" in refusal(client_of(tmp_path, frame, SAMPLED))


def test_a_row_without_a_stratum_is_refused(tmp_path):
    frame = sampled_frame()
    frame.loc[0, "area"] = ""
    assert "is empty in 1 rows; expected the stratum of each" in refusal(client_of(tmp_path, frame, SAMPLED))
