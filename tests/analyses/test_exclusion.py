from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.test_raking import margin
from drivers import client_findings, explain
from drivers.analyses.exclusion import kept_survey, screened_survey
from drivers.analyses.screens import ScreeningRules
from drivers.analyses.weighting import weight_report
from drivers.core.raking import raked_weights
from drivers.errors import EstimationError
from drivers.present.language import Language
from drivers.survey.interviews import Interviews
from made_surveys import made_client, made_survey, with_weights

N = 300


@pytest.fixture(scope="module")
def hurried():
    """Forty who were too fast, the last ones."""
    survey = with_weights(made_survey(N), np.linspace(0.5, 1.5, N))
    return replace(survey, interviews=Interviews(durations=np.where(np.arange(N) >= N - 40, 60.0, 600.0)))


def raked(survey, sex, trim=(0.1, 10.0), targets=(0.5, 0.5)):
    start = np.where(np.arange(N) % 7 == 0, 0.0, 1.0 + np.arange(N) % 2)
    raking = raked_weights(start, [margin("sex", sex, *targets)], trim)
    return replace(with_weights(survey, raking.w), raking=raking)


def strict(survey, **keys):
    client = made_client(survey, quality={"exclude": []}, **keys)
    return client.model_copy(update={"quality": client.quality.model_copy(update={"exclude": ("too_fast",)})})


def test_nobody_is_left_out_unless_it_is_said(hurried):
    assert screened_survey(hurried) is hurried


def test_everything_that_belongs_to_who_is_left_out_goes_with_them(hurried):
    codes = np.arange(N) // 2
    whole = replace(hurried, respondents=codes, clusters=codes, strata=codes // 100)
    kept = screened_survey(whole, exclude=("too_fast",))
    assert kept.base == len(kept.respondents) == len(kept.clusters) == len(kept.strata) == N - 40
    pd.testing.assert_frame_equal(kept.answers, hurried.answers[: N - 40])
    np.testing.assert_array_equal(kept.weights, hurried.weights[: N - 40])
    assert len(kept.interviews.durations) == N - 40


def test_leaving_everybody_out_is_refused(hurried):
    fast = replace(hurried, interviews=Interviews(durations=np.full(N, 5.0)))
    with pytest.raises(EstimationError, match=r"nobody out of 300 respondents.*quality\.exclude"):
        screened_survey(fast, ScreeningRules(too_fast_below=10.0), exclude=("too_fast",))


def test_leaving_out_repeated_answers_makes_every_row_a_respondent(hurried):
    clusters = np.arange(N)
    clusters[20] = 4
    again = replace(hurried, clusters=clusters, respondents=clusters)
    assert screened_survey(again, exclude=("duplicate_respondents",)).clusters is None
    clusters[30] = 4
    assert len(replace(hurried, clusters=clusters).rows(np.arange(N) != 20).clusters) == N - 1


def test_too_few_left_after_the_checks_are_refused(hurried):
    client = strict(hurried, minimum_base=280)
    with pytest.raises(EstimationError, match=r"260 respondents are left.*280 \(minimum_base\)"):
        kept_survey(hurried, client)


def test_those_who_are_left_have_the_margins_of_the_population(hurried):
    sex = (np.arange(N) >= N - 60).astype(int)  # the fast ones are two thirds of the second value
    survey = raked(hurried, sex, targets=(0.7, 0.3))
    left = (np.arange(N) < N - 40) | (survey.weights == 0)  # who counts for nothing is not singled out either
    kept = screened_survey(survey, exclude=("too_fast",))
    assert survey.weights[left & (sex == 1)].sum() / survey.weights[left].sum() < 0.15
    assert kept.weights[sex[left] == 1].sum() / kept.weights.sum() == pytest.approx(0.3, abs=1e-6)
    own = raked_weights(survey.raking.start[left], [margin("sex", sex[left], 0.7, 0.3)], (0.1, 10.0))
    np.testing.assert_allclose(kept.weights, own.w)
    assert kept.raking.again
    assert not survey.raking.again


def test_the_weight_report_is_of_those_who_are_left_and_says_that_they_were_raked_anew(hurried):
    survey = raked(hurried, np.arange(N) % 3 // 2, targets=(0.7, 0.3))
    findings = client_findings(survey, strict(survey))
    kept = screened_survey(survey, exclude=("too_fast",))
    assert findings.weights.base == (kept.weights > 0).sum()
    assert findings.weights.raked_again
    assert findings.weights.margins["share_after"].tolist() == pytest.approx([0.7, 0.3], abs=1e-6)
    said = explain(findings.weights)
    assert str(said[-1]).startswith("Some respondents were left out; the weights of the others were raked anew")
    assert "opnieuw" in Language("nl").say(said[-1])
    assert not any("anew" in str(line) for line in explain(weight_report(survey)))


def test_a_margin_that_those_who_are_left_cannot_have_is_refused_with_the_remedy(hurried):
    survey = raked(hurried, (np.arange(N) >= N - 40).astype(int), targets=(0.8, 0.2))
    with pytest.raises(EstimationError, match=r"after the checks in quality\.exclude cannot be raked: Margin sex has"):
        screened_survey(survey, exclude=("too_fast",))
