from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from drivers.analyses.basis import joint_resample
from drivers.analyses.intention import intention_link
from drivers.errors import EstimationError
from made_surveys import drawn, made_survey, made_weights, repeated_draw, with_answers, with_weights


def fitted(survey, weights):
    x = sm.add_constant(survey.answers[[*survey.controls, "csat"]])
    return sm.WLS(survey.answers["intent"], x, weights=weights).fit()


@pytest.mark.parametrize("tenure", [False, True])
def test_the_slope_and_r_squared_are_those_of_weighted_least_squares(tenure):
    survey = with_weights(made_survey(tenure=tenure), made_weights(300))
    link = intention_link(survey, "intent", joint_resample(survey, draws=50))
    fit = fitted(survey, survey.weights)
    assert link.slope == pytest.approx(fit.params["csat"], abs=1e-10)
    assert link.r_squared == pytest.approx(fit.rsquared, abs=1e-10)
    assert link.slope_low < link.slope < link.slope_high


def test_a_draw_is_the_regression_of_the_respondents_it_drew():
    survey = made_survey()
    resample = repeated_draw(survey)
    link = intention_link(survey, "intent", resample)
    expected = fitted(survey, drawn(survey, resample)).params["csat"]
    assert link.slope_low == pytest.approx(expected, abs=1e-10)
    assert link.slope_high == pytest.approx(expected, abs=1e-10)


def test_missing_answers_on_drivers_do_not_matter():
    survey = made_survey()
    resample = joint_resample(survey, draws=20)
    holed = with_answers(survey, d0=np.nan)
    assert intention_link(holed, "intent", resample).slope == intention_link(survey, "intent", resample).slope


def test_the_intention_is_called_by_its_label():
    survey = made_survey()
    named = replace(survey, labels={**survey.labels, "intent": "Likely to stay"})
    assert intention_link(named, "intent", joint_resample(named, draws=20)).intention == "Likely to stay"


@pytest.mark.parametrize("answer", [5.0, np.nan])
def test_an_intention_without_differences_or_answers_is_refused(answer):
    survey = with_answers(made_survey(), intent=answer)
    with pytest.raises(EstimationError):
        intention_link(survey, "intent", joint_resample(survey, draws=20))
