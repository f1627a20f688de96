from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from drivers.analyses.movement import RELEVANCE_BAR, potential
from drivers.core.quantile import weighted_quantile
from drivers.survey.survey import Scale, Survey
from made_surveys import drawn, made_survey, made_weights, repeated_draw, with_answers, with_weights


def rows_of(survey, draws=20, **options):
    return potential(survey, draws=draws, **options).table.set_index("measure")


def left_out_r_squared(survey, columns, weights=None, units=None):
    """Cross-validated R² that the drivers add: folds by position, a regression fitted on the other nine each."""
    y = survey.answers["csat"].to_numpy()
    w = survey.weights if weights is None else weights
    fold = (np.arange(survey.base) if units is None else units) % 10

    def squared_error(chosen):
        x = np.column_stack([np.ones(survey.base), survey.answers[list(chosen)]])
        total = 0.0
        for k in range(10):
            fit, test = (fold != k), (fold == k)
            root = np.sqrt(w[fit])
            beta = np.linalg.lstsq(x[fit] * root[:, None], y[fit] * root)[0]
            total += (w[test] * (y[test] - x[test] @ beta) ** 2).sum()
        return total

    return (squared_error(survey.controls) - squared_error((*survey.controls, *columns))) / squared_error(())


@pytest.mark.parametrize("tenure", [False, True])
def test_the_cross_validated_share_is_that_of_ten_explicit_folds(tenure):
    survey = made_survey(137, tenure=tenure)
    expected = left_out_r_squared(survey, survey.drivers)
    assert rows_of(survey).loc["cross_validated", "value"] == pytest.approx(expected, abs=1e-10)


def test_the_weighted_cross_validated_share_is_that_of_weighted_folds():
    survey = with_weights(made_survey(140), made_weights(140))
    expected = left_out_r_squared(survey, survey.drivers)
    assert rows_of(survey).loc["cross_validated", "value"] == pytest.approx(expected, abs=1e-10)


def test_a_draw_keeps_the_copies_of_a_respondent_in_one_fold():
    survey = made_survey(140)
    resample = repeated_draw(survey)
    row = potential(survey, resample).table.set_index("measure").loc["cross_validated"]
    expected = left_out_r_squared(survey, survey.drivers, drawn(survey, resample))
    assert row["value_percentile_low"] == pytest.approx(expected, abs=1e-10)
    assert row["value_percentile_high"] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("step", [1, 10])
def test_the_answers_of_a_cluster_lie_in_one_fold_whatever_its_code(step):
    survey = made_survey(200)
    units = np.arange(200) // 4
    found = rows_of(replace(survey, clusters=step * units)).loc["cross_validated", "value"]
    assert found == pytest.approx(left_out_r_squared(survey, survey.drivers, units=units), abs=1e-10)


def test_r_squared_and_its_adjustment_are_those_of_statsmodels():
    survey = made_survey(120, tenure=False)
    fit = sm.OLS(survey.answers["csat"], sm.add_constant(survey.answers[list(survey.drivers)])).fit()
    rows = rows_of(survey)
    assert rows.loc["r_squared", "value"] == pytest.approx(fit.rsquared, abs=1e-12)
    assert rows.loc["adjusted", "value"] == pytest.approx(fit.rsquared_adj, abs=1e-12)


def test_a_draw_is_adjusted_for_as_many_answers_as_the_sample_has():
    survey = made_survey(60, tenure=False)
    resample = repeated_draw(survey)
    row = potential(survey, resample).table.set_index("measure").loc["adjusted"]
    rows = np.repeat(np.arange(60), resample.counts[0])
    frame = survey.answers.iloc[rows]
    fit = sm.OLS(frame["csat"], sm.add_constant(frame[list(survey.drivers)])).fit()
    assert row["value_percentile_low"] == pytest.approx(fit.rsquared_adj, abs=1e-10)


def test_a_tiny_base_has_ends_for_every_interval():
    survey = made_survey(15, slopes=(0.3,) * 10, tenure=False)
    assert rows_of(survey, draws=100).notna().all(axis=None)


def test_the_rise_is_the_slopes_times_the_way_to_the_ninetieth_percentile():
    survey = with_weights(made_survey(), made_weights(300))
    frame = survey.answers
    x = sm.add_constant(frame[["tenure", *survey.drivers]])
    slopes = sm.WLS(frame["csat"], x, weights=survey.weights).fit().params[list(survey.drivers)]
    ratings = frame[list(survey.drivers)].to_numpy()
    best = weighted_quantile(ratings, survey.weights, 0.9)
    expected = slopes.to_numpy() @ (best - np.average(ratings, axis=0, weights=survey.weights))
    result = potential(survey, draws=20)
    assert result.rise == pytest.approx(expected, abs=1e-10)
    assert result.rise_share == pytest.approx(expected / 9, abs=1e-10)
    assert result.aspects["realistic_best"].tolist() == best.tolist()


def test_the_rise_stops_at_the_top_of_the_scale():
    survey = made_survey(slopes=(0.9, 0.9, 0.9))
    short = replace(survey, scales={**survey.scales, "csat": Scale(1, 8)})
    short = with_answers(short, csat=np.minimum(survey.answers["csat"], 8))
    result = potential(short, draws=20)
    assert result.mean + result.rise == pytest.approx(8)


@pytest.mark.parametrize("scale", [(1, 5), (0, 10), (1, 7), (0, 100)])
def test_drivers_that_matter_are_found_relevant_on_every_scale(scale):
    result = potential(made_survey(scale=scale), draws=100)
    assert (result.verdict, result.certain) == ("relevant", True)


def test_a_scale_of_ten_times_the_points_changes_no_share():
    survey = made_survey()
    columns = ["csat", *survey.drivers]
    tenfold = replace(
        with_answers(survey, **{c: 10 * survey.answers[c] for c in columns}),
        scales={c: Scale(10, 100) for c in survey.scales},
    )
    rows, found = rows_of(survey), rows_of(tenfold)
    for measure in ("r_squared", "adjusted", "cross_validated", "rise_share"):
        np.testing.assert_allclose(found.loc[measure].astype(float), rows.loc[measure].astype(float), atol=1e-9)
    assert found.loc["rise", "value"] == pytest.approx(10 * rows.loc["rise", "value"])


def test_an_outcome_dealt_out_at_random_means_that_the_wrong_things_are_measured():
    survey = made_survey(600)
    dealt = np.random.default_rng(2).permutation(survey.answers["csat"])
    result = potential(with_answers(survey, csat=dealt), draws=200)
    assert (result.verdict, result.certain) == ("wrong_aspects", True)
    assert result.cross_validated < RELEVANCE_BAR


def test_drivers_that_are_at_their_best_already_have_no_room():
    rng = np.random.default_rng(6)
    survey = made_survey(600)
    ratings = {d: np.where(rng.random(600) < 0.04, 6.0, 10.0) for d in survey.drivers}
    csat = 8 + sum(0.5 * (r - 10) for r in ratings.values()) + np.rint(0.4 * rng.normal(size=600))
    result = potential(with_answers(survey, csat=np.clip(csat, 1, 10), **ratings), draws=100)
    assert result.cross_validated > RELEVANCE_BAR
    assert result.verdict == "at_ceiling"


def test_a_verdict_is_certain_only_when_the_interval_lies_on_its_side():
    survey = made_survey(40, slopes=(0.2, 0.0, 0.0), seed=2)
    result = potential(survey, draws=200)
    row = result.table.set_index("measure").loc["cross_validated"]
    assert row["value_low"] < RELEVANCE_BAR < row["value_high"]
    assert not result.certain


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_only_the_ratios_of_weights_matter(factor):
    survey = with_weights(made_survey(), made_weights(300))
    found = rows_of(with_weights(survey, factor * survey.weights))
    np.testing.assert_allclose(found.astype(float), rows_of(survey).astype(float), atol=1e-9)


def test_the_aspects_stand_in_the_order_of_the_survey():
    survey = made_survey(slopes=(0.0, 0.1, 0.6))
    assert potential(survey, draws=20).aspects["driver"].tolist() == ["d0", "d1", "d2"]


def test_few_answers_below_the_bar_are_too_few_to_say_not_the_wrong_aspects():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(40, 8))
    frame = pd.DataFrame(np.column_stack([x, 0.4 * x[:, 0] + rng.normal(size=40)]), columns=[*"abcdefgh", "y"])
    result = potential(Survey.from_frame(frame, "y", scale=(-4, 4)), draws=200)
    assert result.cross_validated < result.bar
    assert result.verdict == "undecided"


def test_the_method_names_the_controls_that_are_held_constant():
    assert "on 3 aspects, tenure held constant; " in str(potential(made_survey(), draws=20).method)
    assert "on 3 aspects; " in str(potential(made_survey(tenure=False), draws=20).method)
