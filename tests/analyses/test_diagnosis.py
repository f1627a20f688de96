"""The thirteen checks: each passes on sound answers, and finds what it is there to find."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.diagnostic import het_breuschpagan, het_white, linear_reset

from drivers.analyses.basis import linear_basis
from drivers.analyses.diagnosis import driver_checks
from drivers.analyses.residuals import (
    curvature,
    independent_columns,
    likeness,
    regression_residuals,
    unevenness,
)
from drivers.errors import EstimationError
from drivers.present.diagnosis import CHECKS
from drivers.present.language import Language
from drivers.present.verbs import explain, table
from drivers.survey.segments import segmented_survey
from drivers.survey.survey import Survey
from made_surveys import made_survey, made_weights, with_answers, with_weights

ATTITUDE = json.loads((Path(__file__).parents[1] / "golden" / "attitude.json").read_text(encoding="utf-8"))


def sound(n=1200, seed=0, noise=1.0):
    """A survey in which every check can pass: straight lines, even spread, alike groups, a declared order."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 4)) + 0.5 * rng.normal(size=(n, 1))
    frame = pd.DataFrame(np.round(6 + 1.5 * x), columns=list("abcd"))
    slopes = np.array([0.5, 0.4, 0.3, 0.2])
    frame["csat"] = np.round(2 * (frame.to_numpy() @ slopes + noise * rng.normal(size=n))) / 2
    survey = replace(Survey.from_frame(frame, "csat"), before_satisfaction=True)
    return segmented_survey(survey, pd.DataFrame({"g": rng.choice(["x", "y"], n)}), ["g"])


def checks_of(survey):
    return driver_checks(survey).table.set_index("check")


def changed(check, survey):
    """Status, number and sentences of one check."""
    row = checks_of(survey).loc[check]
    return row["status"], row["number"], str(row["found"]), str(row["advice"])


def test_sound_answers_pass_all_thirteen():
    found = driver_checks(sound())
    assert (found.passed, found.warned, found.failed) == (13, 0, 0)
    assert list(found.table["check"]) == list(CHECKS)
    assert np.isfinite(found.table["number"]).all()


def test_sound_answers_are_seldom_suspected():
    statuses = np.array([list(checks_of(sound(400, seed))["status"]) for seed in range(40)])
    assert (statuses != "pass").sum() <= 0.02 * statuses.size
    assert (statuses == "fail").sum() == 0


def test_breusch_pagan_is_ncv_test_of_r():
    frame = pd.DataFrame(ATTITUDE["data"])
    survey = Survey.from_frame(frame, "rating")
    left = regression_residuals(linear_basis(survey))
    against = np.column_stack([np.ones(30), left.fitted])
    statistic, p, *_ = het_breuschpagan(left.left, against, robust=False)
    # car::ncvTest(lm(rating ~ ., attitude)); the check takes the studentised form, which long tails do not mislead
    assert (statistic, p) == pytest.approx((2.038097502, 0.1534014), rel=1e-6)
    assert unevenness(left).breusch_pagan == pytest.approx(het_breuschpagan(left.left, against)[0])


def test_the_tests_of_residuals_are_those_of_statsmodels():
    survey = sound(300)
    basis = linear_basis(survey)
    left = regression_residuals(basis)
    x = sm.add_constant(survey.answers[list("abcd")].to_numpy())
    fit = sm.OLS(survey.answers["csat"].to_numpy(), x).fit()
    np.testing.assert_allclose(left.left, fit.resid, atol=1e-10)
    assert unevenness(left).white_p == pytest.approx(het_white(fit.resid, x)[1], rel=1e-6)
    reset = linear_reset(fit, power=3, cov_type="HC3", use_f=True)
    assert curvature(left, basis).p == pytest.approx(float(reset.pvalue), rel=1e-3)  # powers of 6 lose digits
    assert likeness(left).durbin_watson == pytest.approx(sm.stats.durbin_watson(fit.resid))


def test_equal_weights_change_reset_only_by_its_kind_of_errors():
    survey = sound(2000, seed=3)
    plain, weighed = linear_basis(survey), linear_basis(with_weights(survey, np.full(2000, 2.0)))
    p, q = (curvature(regression_residuals(b), b).p for b in (plain, weighed))
    assert p == pytest.approx(q, abs=0.02)  # HC3 against linearised errors, with two thousand answers


def test_columns_that_follow_from_others_are_left_out():
    x = np.random.default_rng(0).normal(size=(50, 3))
    whole = np.column_stack([x[:, 0], np.full(50, 7.0), x[:, 0] * 2 + 1, x[:, 1], x[:, 0] - x[:, 1], x[:, 2]])
    np.testing.assert_array_equal(independent_columns(whole), [0, 3, 5])


def test_few_answers_a_driver():
    assert changed("enough_respondents", sound(70))[:2] == ("warn", 17.5)
    status, number, found, _ = changed("enough_respondents", sound(18))
    assert (status, number) == ("fail", 4.5)
    assert found.startswith("18 answers for 4 drivers")
    heavy = with_weights(sound(200), np.r_[np.full(190, 0.01), np.full(10, 50.0)])
    assert changed("enough_respondents", heavy)[0] == "fail"


def test_an_outcome_of_two_or_three_answers():
    survey = sound()
    csat = survey.answers["csat"]
    assert changed("outcome_scale", with_answers(survey, csat=(csat > 8).astype(float)))[0] == "fail"
    assert changed("outcome_scale", with_answers(survey, csat=np.digitize(csat, [6, 9]).astype(float)))[0] == "warn"


def test_a_code_for_no_answer_among_those_on_satisfaction():
    survey = sound()
    csat = survey.answers["csat"].clip(1, 10).round()
    coded = np.where(np.random.default_rng(0).random(1200) < 0.05, 11.0, csat)
    status, _, found, advice = changed("outcome_scale", with_answers(survey, csat=coded))
    assert status == "fail"
    assert "rate the aspects lower" in found
    assert "missing" in advice


def test_a_driver_that_is_a_list_of_categories():
    survey = sound()
    region = np.random.default_rng(1).integers(1, 6, 1200)
    moved = survey.answers["csat"] + np.array([0, 1.0, -1, 1, -1])[region - 1]
    status, number, found, _ = changed("driver_scales", with_answers(survey, d=region.astype(float), csat=moved))
    assert (status, number) == ("warn", 1)
    assert found.endswith(": d.")


def test_groups_that_differ_or_are_not_named():
    survey = sound()
    other = survey.segments["g"].codes * 0.8 * (survey.answers["a"] - 6)
    status, _, found, _ = changed("segments_alike", with_answers(survey, csat=survey.answers["csat"] - other))
    assert status == "warn"
    assert "differs between groups by g" in found
    assert changed("segments_alike", replace(survey, segments={}))[0] == "warn"
    tiny = segmented_survey(survey, pd.DataFrame({"g": np.arange(1200)}), ["g"])
    assert "too small" in changed("segments_alike", tiny)[2] or "too many" in changed("segments_alike", tiny)[2]


@pytest.mark.parametrize(("declared", "status"), [(None, "warn"), (True, "pass"), (False, "fail")])
def test_the_causal_order_is_what_the_client_file_declares(declared, status):
    assert changed("causal_order", replace(sound(), before_satisfaction=declared))[0] == status


def test_drivers_that_overlap():
    survey, rng = sound(), np.random.default_rng(2)
    near, nearer = (survey.answers["a"] + s * rng.normal(size=1200) for s in (0.65, 0.3))
    assert changed("collinearity", with_answers(survey, b=near))[0] == "warn"
    assert changed("collinearity", with_answers(survey, b=nearer))[0] == "fail"
    status, number, found, _ = changed("collinearity", with_answers(survey, b=survey.answers["a"]))
    assert (status, number) == ("fail", np.inf)
    assert found == "a and b follow exactly from other drivers."


def test_a_driver_asked_the_other_way_round():
    survey = sound()
    status, number, found, advice = changed("unexpected_correlations", with_answers(survey, b=11 - survey.answers["b"]))
    assert status == "fail"
    assert number < -0.2
    assert "b (down to" in found
    assert "reversed" in advice


def test_a_suppressor_has_a_slope_of_the_other_sign():
    survey, rng = sound(), np.random.default_rng(4)
    shadow = survey.answers["a"] + rng.normal(size=1200)
    csat = survey.answers["csat"] + survey.answers["a"] - 0.6 * shadow
    status, number, found, advice = changed("signs", with_answers(survey, d=shadow, csat=csat))
    assert (status, number) == ("warn", 1)
    assert found.endswith(": d.")
    assert "no reason to make these aspects worse" in advice


def test_drivers_that_explain_little():
    assert changed("missing_predictors", sound(noise=3.0))[0] == "warn"
    noise = np.random.default_rng(5).normal(size=1200).round(1)
    assert changed("missing_predictors", with_answers(sound(), csat=noise))[0] == "fail"


def test_one_answer_that_decides_alone():
    survey = sound(100)
    csat, a = survey.answers["csat"].copy(), survey.answers["a"].copy()
    a[0], csat[0] = 100.0, -100.0
    status, number, *_ = changed("outliers", with_answers(survey, a=a, csat=csat))
    assert status == "fail"
    assert number > 1


def test_neighbours_in_the_file_that_are_alike():
    survey = sound()
    day = np.repeat(np.random.default_rng(6).normal(size=60), 20)
    alike = with_answers(survey, csat=survey.answers["csat"] + 0.6 * day)
    assert changed("independence", alike)[0] in ("warn", "fail")
    declared = replace(alike, clusters=np.arange(1200) // 20)
    status, _, found, _ = changed("independence", declared)
    assert status == "pass"
    assert "all errors allow for" in found


def test_respondents_who_answer_twice_without_being_units_of_the_sample():
    survey = sound()
    person = np.tile(np.arange(600), 2)
    twice = replace(survey, respondents=person)
    assert changed("independence", twice)[0] == "warn"
    own = np.random.default_rng(7).normal(size=600)[person]
    status, _, found, advice = changed("independence", with_answers(twice, csat=survey.answers["csat"] + own))
    assert status == "fail"
    assert "do not allow for" in found
    assert "survey.cluster" in advice


def test_spread_that_grows_with_the_prediction():
    survey, rng = sound(), np.random.default_rng(8)
    mean = survey.answers[list("abcd")].mean(axis=1)
    uneven = survey.answers["csat"] + rng.normal(size=1200) * np.maximum(mean - 4, 0)
    status, number, _, advice = changed("constant_variance", with_answers(survey, csat=uneven))
    assert status != "pass"
    assert number > 1.25
    assert "allow for unequal spread" in advice


def test_a_curve():
    survey = sound()
    bent = survey.answers["csat"] + 0.12 * (survey.answers["a"] - 6) ** 2
    status, gain, *_ = changed("linearity", with_answers(survey, csat=bent))
    assert status in ("warn", "fail")
    assert gain > 0.005


def test_drivers_that_determine_satisfaction_leave_nothing_to_check():
    survey = sound()
    exact = with_answers(survey, csat=survey.answers["a"] + survey.answers["b"])
    found = checks_of(exact)
    assert all("determine satisfaction" in str(text) for text in found.loc["outliers":, "found"])


@pytest.mark.parametrize("policy", ["imputed", "available", "not_applicable"])
def test_every_policy_for_missing_answers_is_checked(policy):
    survey = sound(600)
    holes = np.random.default_rng(0).random(600) < 0.2
    found = checks_of(replace(with_answers(survey, a=survey.answers["a"].mask(holes)), missing_policy=policy))
    assert set(found["status"]) <= {"pass", "warn"}
    assert np.isfinite(found["number"]).all()


def test_available_answers_without_complete_rows_say_that_residuals_were_not_checked():
    survey = sound(600)
    holed = survey.answers.copy()
    for k, column in enumerate("abcd"):
        holed.loc[np.arange(600) % 4 == k, column] = np.nan
    found = checks_of(replace(survey, answers=holed, missing_policy="available"))
    assert "too few respondents" in str(found.loc["linearity", "found"])


def test_weights_and_strata_are_honoured():
    survey = with_weights(made_survey(600, seed=3), made_weights(600))
    found = driver_checks(replace(survey, strata=np.arange(600) % 3))
    assert len(found.table) == 13
    assert "errors of the design" in str(found.method)


def test_one_binary_driver_has_nothing_to_bend():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.integers(0, 2, 200).astype(float)}).assign(csat=rng.normal(size=200))
    row = checks_of(Survey.from_frame(frame, "csat")).loc["linearity"]
    assert (row["status"], row["number"]) == ("pass", 0.0)


def test_too_few_answers_are_refused():
    with pytest.raises(EstimationError, match="cannot support"):
        driver_checks(sound(5))


@pytest.mark.parametrize("code", ["en", "nl"])
def test_a_failed_check_is_said_with_what_to_do_and_no_outcome_is_told_by_colour_alone(code):
    language = Language(code)
    found = driver_checks(replace(sound(), before_satisfaction=False))
    lead, failed = (language.say(line) for line in explain(found))
    assert lead.startswith({"en": "Thirteen checks", "nl": "Dertien controles"}[code])
    assert {"en": "what goes with satisfaction", "nl": "wat met tevredenheid samengaat"}[code] in failed
    printed = table(found, language)
    assert len(printed.rows) == 13
    outcomes = {row[1] for row in printed.rows}
    assert outcomes == {"en": {"✓ passed", "✗ failed"}, "nl": {"✓ in orde", "✗ niet in orde"}}[code]
    assert all(all(row) for row in printed.rows)


def test_a_check_is_named_so_that_its_name_is_not_read_as_what_was_found():
    assert [str(line) for line in explain(driver_checks(sound()))] == [
        "All thirteen checks of what this analysis takes for granted passed."
    ]
    open_ = driver_checks(replace(sound(), before_satisfaction=None))
    assert (open_.warned, open_.failed) == (1, 0)
    assert [str(line) for line in explain(open_)][1:] == ["Not settled: ‘Drivers come first’."]
