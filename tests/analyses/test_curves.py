from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from drivers.analyses.curves import effect_curves
from drivers.core.splines import harrell_knots, spline_basis
from made_surveys import drawn, made_survey, made_weights, repeated_draw, with_answers, with_weights
from shaped_surveys import ratings, shaped_survey, surveyed

BENDS = {"must": "diminishing", "step": "none", "delight": "increasing", "idle": "none"}


def fitted(survey, weights=None):
    """Statsmodels on the rows: its fit, and each driver's knots; four knots, weights of the survey for these."""
    w = survey.weights if weights is None else weights
    knots = {d: harrell_knots(survey.answers[d].to_numpy(), survey.weights, 4) for d in survey.drivers}
    columns = [survey.answers[c].to_numpy() for c in survey.controls]
    columns += [spline_basis(survey.answers[d].to_numpy(), knots[d]) for d in survey.drivers]
    design = sm.add_constant(np.column_stack(columns))
    return sm.WLS(survey.answers["csat"].to_numpy(), design, weights=w).fit(), design, knots


@pytest.mark.parametrize("weighted", [False, True])
def test_a_curve_is_the_prediction_of_the_regression_on_the_rows(weighted):
    survey = made_survey(900)
    survey = with_weights(survey, made_weights(900)) if weighted else survey
    fit, design, knots = fitted(survey)
    points = effect_curves(survey, draws=20).points
    middle = np.average(design, axis=0, weights=survey.weights)
    for j, driver in enumerate(survey.drivers):
        curve = points[points["driver"] == driver]
        at = np.tile(middle, (len(curve), 1))
        first = 2 + 3 * j  # intercept and one control
        at[:, first : first + 3] = spline_basis(curve["rating"].to_numpy(), knots[driver])
        np.testing.assert_allclose(curve["predicted"], fit.predict(at), atol=1e-9)  # two solvers


def test_a_draw_is_the_regression_of_the_respondents_it_drew():
    survey = with_weights(made_survey(900), made_weights(900))
    resample = repeated_draw(survey)
    result = effect_curves(survey, resample)
    fit, _, knots = fitted(survey, drawn(survey, resample))
    driver = survey.drivers[0]
    row = result.table.set_index("driver").loc[driver]
    grid = result.points.loc[result.points["driver"] == driver, "rating"]
    low, high = grid.min(), grid.max()
    f = spline_basis(np.array([low, (low + high) / 2, high]), knots[driver]) @ fit.params[2:5]
    assert row["lower_slope_low"] == pytest.approx((f[1] - f[0]) / ((high - low) / 2), abs=1e-9)
    assert row["upper_slope_high"] == pytest.approx((f[2] - f[1]) / ((high - low) / 2), abs=1e-9)


def test_the_test_of_the_bend_is_nearly_that_with_robust_errors():
    survey = shaped_survey(2000, 3)
    result = effect_curves(survey, draws=1000).table.set_index("driver")
    fit, _, _ = fitted(survey)
    fit = fit.model.fit(cov_type="HC3")
    for j, driver in enumerate(survey.drivers):
        place = np.zeros((2, len(fit.params)))
        place[0, 2 + 3 * j] = place[1, 3 + 3 * j] = 1
        p = float(fit.wald_test(place, use_f=True, scalar=True).pvalue)
        found = result.loc[driver, "bend_p"]
        assert found <= 1
        if p > 0.01:
            assert found >= p * 0.6  # Holm only raises it; the draws' covariance is 5% off


def test_straight_lines_stay_straight_and_bends_are_found():
    """20 surveys of 2,000; measured: 40 of 40 bends called rightly, none of 40 straight lines bent."""
    right = false = 0
    for seed in range(20):
        rows = effect_curves(shaped_survey(2000, seed), draws=200).table.set_index("driver")["bend"]
        right += sum(rows[d] == BENDS[d] for d in ("must", "delight"))
        false += sum(rows[d] != "none" for d in ("step", "idle"))
    assert right >= 34
    assert false <= 4


def test_the_effect_of_one_point_is_found_in_both_halves():
    lower, upper = [], []
    for seed in range(10):
        row = effect_curves(shaped_survey(2000, seed), draws=20).table.set_index("driver").loc["step"]
        lower.append(row["lower_slope"])
        upper.append(row["upper_slope"])
    assert np.mean(lower) == pytest.approx(0.25, abs=0.03)  # standard errors 0.01
    assert np.mean(upper) == pytest.approx(0.25, abs=0.03)


def test_a_curve_is_drawn_only_where_ten_people_answered():
    survey = shaped_survey(1000, 1)
    answers = survey.answers["must"].clip(lower=4).to_numpy(copy=True)
    answers[:9] = 1.0
    points = effect_curves(with_answers(survey, must=answers), draws=20).points
    assert points.loc[points["driver"] == "must", "rating"].min() == 4
    answers[:10] = 1.0
    points = effect_curves(with_answers(survey, must=answers), draws=20).points
    assert points.loc[points["driver"] == "must", "rating"].min() == 1


def test_bands_hold_the_curve_and_are_narrowest_where_most_people_are():
    points = effect_curves(shaped_survey(1000, 2), draws=200).points
    assert (points["predicted_low"] <= points["predicted"]).all()
    assert (points["predicted"] <= points["predicted_high"]).all()
    one = points[points["driver"] == "step"]
    width = (one["predicted_high"] - one["predicted_low"]).to_numpy()
    assert width.argmin() in range(3, 8)


def test_two_answers_make_a_line_and_one_answer_none():
    survey = shaped_survey(600, 4)
    few = with_answers(survey, step=(survey.answers["step"] > 6) * 1.0, idle=5.0)
    rows = effect_curves(few, draws=50).table.set_index("driver")
    assert rows.loc[["step", "idle"], "bend"].tolist() == ["untested", "untested"]
    assert np.isnan(rows.loc["step", "bend_p"])
    assert rows.loc["step", "slope_change"] == pytest.approx(0, abs=1e-9)
    assert np.isnan(rows.loc["idle", "lower_slope"])


def test_few_answers_for_many_drivers_leave_straight_lines():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(ratings(rng, 60, 8), columns=list("abcdefgh")).assign(csat=rng.normal(size=60))
    assert (effect_curves(surveyed(frame), draws=20).table["bend"] == "untested").all()


def test_twins_share_their_curve_and_nothing_breaks():
    survey = shaped_survey(500, 5)
    twins = replace(with_answers(survey, idle=survey.answers["step"]))
    points = effect_curves(twins, draws=20).points
    a, b = (points.loc[points["driver"] == d, "predicted"].to_numpy() for d in ("step", "idle"))
    np.testing.assert_allclose(a, b, atol=1e-8)


@pytest.mark.parametrize("policy", ["available", "imputed", "not_applicable"])
def test_every_policy_for_missing_answers_finds_the_bend(policy):
    survey = shaped_survey(2000, 6)
    gone = np.random.default_rng(2).random(2000) < 0.15
    holes = with_answers(survey, step=survey.answers["step"].where(~gone))
    rows = effect_curves(replace(holes, missing_policy=policy), draws=100).table.set_index("driver")
    whole = effect_curves(survey, draws=20).table.set_index("driver")
    assert rows.loc["must", "bend"] == "diminishing"
    for name in ("lower_slope", "upper_slope"):
        assert rows.loc["step", name] == pytest.approx(whole.loc["step", name], abs=0.08)  # errors of 0.04


def test_bent_curves_come_first_then_the_steepest():
    result = effect_curves(shaped_survey(2000, 0), draws=100)
    assert set(result.table["driver"][:2]) == {"must", "delight"}
    assert result.table["driver"][2:].tolist() == ["step", "idle"]
