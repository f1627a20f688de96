from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers import explain, net_promoter, table
from drivers.errors import EstimationError, SurveyError
from drivers.survey.survey import Survey


def survey_of(answers, weights=None):
    frame = pd.DataFrame({"csat": np.arange(len(answers)) % 10, "recommend": np.asarray(answers, dtype=float)})
    survey = Survey.from_frame(frame, "csat")
    return survey if weights is None else replace(survey, weights=np.asarray(weights, dtype=float), weighted=True)


def test_a_hundred_promoters_sixty_passives_and_forty_detractors_score_thirty():
    result = net_promoter(survey_of(np.repeat([9, 10, 7, 8, 0, 6], [40, 60, 30, 30, 5, 35])), "recommend")
    assert 100 * result.score == pytest.approx(30)
    assert 100 * result.error == pytest.approx(5.522681, abs=1e-6)
    assert 100 * result.score_low == pytest.approx(19.175745, abs=1e-5)
    assert 100 * result.score_high == pytest.approx(40.824255, abs=1e-5)
    assert result.table["base"].tolist() == [100, 60, 40]
    assert repr(result) == "NetPromoter: +30.0 (+19.2 to +40.8), base 200"


def test_half_promoters_a_third_passives_and_a_sixth_detractors_have_the_published_error():
    result = net_promoter(survey_of(np.repeat([10, 7, 2], [162, 108, 54])), "recommend")
    assert 100 * result.score == pytest.approx(100 / 3)
    assert 100 * result.error == pytest.approx(4.140867, abs=1e-6)


def test_the_weighted_error_is_the_linearised_one_and_the_multinomial_one_stands_beside_it():
    rng = np.random.default_rng(1)
    answers, w = rng.integers(0, 11, 300), rng.uniform(0.3, 3.0, 300)
    result = net_promoter(survey_of(answers, w), "recommend")
    points = (answers >= 9) * 1.0 - (answers <= 6)
    score = (w * points).sum() / w.sum()
    scores = w * (points - score)
    assert result.score == pytest.approx(score)
    assert result.error == pytest.approx(np.sqrt(300 / 299 * (scores**2).sum()) / w.sum())
    kish = w.sum() ** 2 / (w**2).sum()
    assert result.multinomial_error == pytest.approx(np.sqrt((w * (points - score) ** 2).sum() / w.sum() / kish))
    assert result.effective_base == pytest.approx(kish)


def test_answers_of_one_household_count_together():
    answers = np.tile([10, 8, 3, 9, 5], 40)
    survey = survey_of(np.repeat(answers, 2))
    single = net_promoter(survey_of(answers), "recommend")
    clustered = net_promoter(replace(survey, clusters=np.arange(400) // 2), "recommend")
    assert clustered.error == pytest.approx(single.error * np.sqrt(200 / 199))  # the second answer adds nothing
    assert net_promoter(survey, "recommend").error == pytest.approx(single.error / np.sqrt(2))


@given(st.floats(1e-6, 1e6))
def test_only_the_ratios_of_weights_matter(factor):
    w = np.tile([0.5, 1.0, 2.0, 0.0], 20)
    answers = np.arange(80) % 11
    one, other = (net_promoter(survey_of(answers, f * w), "recommend") for f in (1.0, factor))
    assert (other.score, other.error, other.base) == pytest.approx((one.score, one.error, one.base))


def test_missing_answers_are_left_out_and_counted():
    result = net_promoter(survey_of([10, 0, np.nan, 8, 9, np.nan]), "recommend")
    assert result.base == 4
    assert result.score == pytest.approx(0.25)
    assert "base 4 of 6" in str(result.method)


@pytest.mark.parametrize("code", [11, -1, 7.5])
def test_a_code_that_is_no_answer_is_refused_and_never_a_promoter(code):
    with pytest.raises(SurveyError, match=rf"1 answers to recommend are no whole numbers.*instance {code}"):
        net_promoter(survey_of([10, 8, 6, code]), "recommend")


def test_a_score_of_nobody_is_refused():
    with pytest.raises(EstimationError, match="recommend has 0 answers"):
        net_promoter(replace(survey_of([9] * 5), weights=np.zeros(5)), "recommend")


def test_the_score_is_told_in_words_and_a_table():
    result = net_promoter(survey_of(np.repeat([9, 7, 0], [100, 60, 40])), "recommend")
    assert [str(line) for line in explain(result)] == [
        "The net promoter score is 30.0 (19.2 to 40.8).",
        "50.0% would recommend (9 or 10), 20.0% would not (0 to 6).",
    ]
    assert table(result).rows[0] == ("Promoters (9 and 10)", "100", "50.0%")
