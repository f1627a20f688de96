import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from core.samples import golden
from drivers.analyses.basis import joint_resample
from drivers.analyses.importance import driver_importance
from drivers.core.dominance import general_dominance
from drivers.core.moments import Moments
from drivers.errors import CollinearityWarning, EstimationError, SmallBaseWarning
from drivers.survey.survey import Survey
from made_surveys import drawn, made_survey, made_weights, repeated_draw, with_answers, with_weights

ATTITUDE_HC3 = [0.1536129729, 0.1515515973, 0.1902803738, 0.2188237278, 0.2146430122, 0.1959007433]
"""R 4.2.2, sandwich::vcovHC(type = "HC3") of the regression of rating on the six."""

ATTITUDE_WLS = [0.68838639878, -0.09260374581, 0.25226731555, 0.09993679875, -0.06119169292, -0.10993346123]
"""R 4.2.2, lm with the weights stored in attitude.json."""


def attitude(weights=None):
    data = golden("attitude")
    frame = pd.DataFrame(data.data)[[data.outcome, *data.drivers]]
    survey = Survey.from_frame(frame, data.outcome)
    return data, survey if weights is None else with_weights(survey, weights)


def in_survey_order(result, survey):
    return result.table.set_index("driver").loc[list(survey.drivers)]


def quiet(survey, resample=None, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallBaseWarning)
        return driver_importance(survey, resample or joint_resample(survey, draws=50), **options)


ATTITUDE_SVYGLM = [0.11593111116, 0.09386689027, 0.14417518860, 0.15415696724, 0.13780557600, 0.16740452844]
"""R 4.2.2, survey 4.1-1: svyglm of rating on the six, weighted, with replacement, no strata."""


@pytest.fixture(scope="module")
def made():
    survey = made_survey()
    return survey, driver_importance(survey, draws=200)


def test_attitude_has_the_shares_slopes_and_inflation_of_r():
    data, survey = attitude()
    with pytest.warns(SmallBaseWarning, match="30 complete answers, which count as 30, for 6 drivers"):
        result = driver_importance(survey, draws=50)
    table = in_survey_order(result, survey)
    assert result.r_squared == pytest.approx(data.r_squared, abs=1e-12)
    np.testing.assert_allclose(table["share_of_variance"], data.lmg, atol=1e-11)  # twelve printed decimals
    np.testing.assert_allclose(table["share"], np.array(data.lmg) / data.r_squared, atol=1e-11)
    np.testing.assert_allclose(table["relative_weight"] * data.r_squared, data.genizi, atol=1e-11)
    np.testing.assert_allclose(table["slope"], data.slopes, atol=1e-9)  # ten or eleven printed decimals
    np.testing.assert_allclose(table["vif"], data.vif, atol=1e-8)  # nine printed decimals
    np.testing.assert_allclose(table["correlation"] ** 2, data.first, atol=1e-9)


def test_the_slopes_of_attitude_have_the_hc3_errors_of_r():
    _, survey = attitude()
    table = in_survey_order(quiet(survey, confidence=0.9), survey)
    reach = stats.t.ppf(0.95, 30 - 7)
    np.testing.assert_allclose((table["slope_high"] - table["slope"]) / reach, ATTITUDE_HC3, atol=1e-9)
    np.testing.assert_allclose((table["slope"] - table["slope_low"]) / reach, ATTITUDE_HC3, atol=1e-9)
    p = 2 * stats.t.sf(np.abs(table["slope"]) / ATTITUDE_HC3, 23)
    np.testing.assert_allclose(table["slope_p"], p, atol=1e-8)


def test_weighted_attitude_has_the_shares_and_slopes_of_r():
    weights = golden("attitude").weighted["weights"]
    data, survey = attitude(weights)
    result = quiet(survey)
    table = in_survey_order(result, survey)
    np.testing.assert_allclose(table["share_of_variance"], data.weighted["lmg"], atol=1e-10)
    np.testing.assert_allclose(table["slope"], ATTITUDE_WLS, atol=1e-10)
    assert result.effective_base == pytest.approx(25.41176471, abs=1e-8)


def test_with_a_control_the_shares_are_those_of_relaimpo_always():
    data, survey = attitude()
    always = data.always
    controlled = replace(survey, controls=(always["control"],), drivers=tuple(always["drivers"]))
    result = quiet(controlled)
    table = in_survey_order(result, controlled)
    np.testing.assert_allclose(table["share_of_variance"], always["lmg"], atol=1e-11)
    assert result.r_squared == pytest.approx(always["sum"], abs=1e-11)
    np.testing.assert_allclose(table["slope"], data.slopes[1:], atol=1e-9)


def test_the_table_is_in_order_of_share_and_adds_up(made):
    _, result = made
    table = result.table
    assert table["share"].is_monotonic_decreasing
    assert table["rank"].tolist() == [1, 2, 3]
    assert table["share"].sum() == pytest.approx(1)
    assert table["first_probability"].sum() == pytest.approx(1)
    assert table["share_of_variance"].sum() == pytest.approx(result.r_squared)
    assert (table["share_low"] <= table["share"]).all()
    assert (table["share"] <= table["share_high"]).all()
    assert result.r_squared_low < result.r_squared < result.r_squared_high


def test_a_draw_is_the_analysis_of_the_respondents_it_drew():
    survey = with_weights(made_survey(150), made_weights(150))
    resample = repeated_draw(survey)
    table = in_survey_order(quiet(survey, resample), survey)
    names = ("tenure", *survey.drivers, "csat")
    shares = general_dominance(
        Moments.from_rows(names, survey.answers[list(names)].to_numpy(), drawn(survey, resample)).cross, controls=1
    )
    for end in ("low", "high"):
        # the draw's moments are summed in another order
        np.testing.assert_allclose(table[f"share_percentile_{end}"], shares / shares.sum(), atol=1e-12)


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_only_the_ratios_of_weights_matter(factor):
    survey = with_weights(made_survey(), made_weights(300))
    expected = driver_importance(survey, draws=50)
    found = driver_importance(with_weights(survey, factor * survey.weights), draws=50)
    numbers = found.table.select_dtypes("number")
    np.testing.assert_allclose(numbers, expected.table[numbers.columns], atol=1e-9)  # sums of other magnitude
    assert found.effective_base == pytest.approx(expected.effective_base)


def test_neither_the_origin_nor_the_unit_of_the_outcome_changes_a_share(made):
    survey, result = made
    found = driver_importance(with_answers(survey, csat=1000 + 10 * survey.answers["csat"]), draws=200)
    for column in ("share", "share_low", "share_high", "first_probability", "standardised", "vif"):
        np.testing.assert_allclose(found.table[column], result.table[column], atol=1e-8)  # 1e3 costs three digits
    np.testing.assert_allclose(found.table["slope"], 10 * result.table["slope"], atol=1e-8)


def test_respondents_of_weight_zero_count_for_nothing():
    survey = made_survey()
    weights = np.r_[np.ones(250), np.zeros(50)]
    spoilt = with_answers(survey, csat=np.where(weights > 0, survey.answers["csat"], 1.0))
    found = quiet(with_weights(spoilt, weights))
    kept = replace(survey, answers=survey.answers.iloc[:250], weights=np.ones(250), weighted=True)
    expected = quiet(kept)
    assert found.base == 250
    for column in ("share", "slope", "slope_low", "slope_high", "vif"):
        np.testing.assert_allclose(found.table[column], expected.table[column], atol=1e-10)


def test_one_driver_has_all_of_it():
    survey = made_survey(slopes=(0.5,), tenure=False)
    result = driver_importance(survey, draws=50)
    row = result.table.iloc[0]
    assert (row["share"], row["share_low"], row["share_high"]) == (1, 1, 1)
    assert (row["rank_low"], row["rank_high"], row["first_probability"], row["letters"]) == (1, 1, 1, "A")
    assert result.differences.empty
    assert result.r_squared == pytest.approx(survey.answers[["csat", "d0"]].corr().iloc[0, 1] ** 2)


def test_the_relative_weights_of_two_drivers_are_their_shapley_shares():
    table = driver_importance(made_survey(slopes=(0.5, 0.2)), draws=50).table
    np.testing.assert_allclose(table["relative_weight"], table["share"], atol=1e-12)


def test_a_duplicate_counts_as_one_driver_with_its_twin_and_is_named_once():
    survey = made_survey()
    doubled = with_answers(survey, d2=survey.answers["d0"])
    with pytest.warns(CollinearityWarning, match="d0 and d2 cannot be told apart"):  # and no warning of a library below
        result = driver_importance(doubled, draws=50)
    single = driver_importance(replace(survey, drivers=("d0", "d1")), draws=50)
    assert result.groups == (("d0", "d2"),)
    assert result.table["driver"].tolist() == ["d0 + d2", "d1"]
    assert result.table["members"].tolist() == [("d0", "d2"), ()]
    assert [n.kind for n in result.notices] == ["twins"]
    numbers = single.table.select_dtypes("number").columns
    np.testing.assert_allclose(result.table[numbers], single.table[numbers], atol=1e-5)  # but for a degree of freedom


def test_a_driver_that_a_control_determines_is_named_with_it():
    survey = made_survey()
    doubled = with_answers(survey, d2=survey.answers["tenure"] / 10)
    with pytest.warns(CollinearityWarning, match="tenure and d2"):
        result = driver_importance(doubled, draws=50)
    assert in_survey_order(result, doubled).loc["d2", "share"] == pytest.approx(0, abs=1e-12)


def test_drivers_that_nearly_determine_one_another_carry_a_notice_with_their_inflation():
    survey = made_survey()
    near = survey.answers[["d0", "d1"]].sum(axis=1) + np.random.default_rng(1).normal(scale=0.5, size=survey.base)
    with pytest.warns(CollinearityWarning, match="d0, d1 and d2 can nearly be computed from one another"):
        result = driver_importance(with_answers(survey, d2=near), draws=50)
    assert [n.kind for n in result.notices if n.kind != "sign_flip"] == ["collinear"]
    assert in_survey_order(result, survey)["vif"].min() > 10
    assert result.groups == ()


@pytest.mark.parametrize("answer", [5.0, 1e9 + 0.1])  # the mean of the second is rounded
def test_a_constant_driver_has_no_share_and_no_slope(answer):
    survey = with_weights(with_answers(made_survey(), d2=answer), 0.1 * made_weights(300))
    table = in_survey_order(driver_importance(survey, draws=50), survey)
    assert table.loc["d2", "share"] == 0
    assert table.loc["d2", "slope"] == pytest.approx(0, abs=1e-10)
    assert table.drop(columns="slope_p").notna().all(axis=None)


def test_a_sign_that_overlap_turns_is_named_and_told_to_be_no_reason_to_worsen_it():
    rng = np.random.default_rng(4)
    d0 = rng.normal(size=500)
    d1 = 0.8 * d0 + 0.6 * rng.normal(size=500)
    frame = pd.DataFrame({"y": d0 - 0.4 * d1 + 0.3 * rng.normal(size=500), "d0": d0, "d1": d1})
    with pytest.warns(UserWarning, match="d1: the sign in the regression is opposite"):
        result = driver_importance(Survey.from_frame(frame, "y"), draws=50)
    row = result.table.set_index("driver").loc["d1"]
    assert row["slope"] < 0 < row["correlation"]
    assert [n.kind for n in result.notices] == ["sign_flip"]


def test_clusters_widen_the_errors_of_the_slopes_by_the_sandwich_of_their_sums():
    survey = made_survey(slopes=(0.5, 0.2), tenure=False)
    clusters = np.arange(300) // 6
    table = in_survey_order(driver_importance(replace(survey, clusters=clusters), draws=50), survey)
    x = np.column_stack([np.ones(300), survey.answers[["d0", "d1"]]])
    bread = np.linalg.inv(x.T @ x)
    e = survey.answers["csat"].to_numpy() - x @ (bread @ x.T @ survey.answers["csat"])
    sums = np.stack([(x * e[:, None])[clusters == g].sum(axis=0) for g in range(50)])
    errors = np.sqrt(np.diag(50 / 49 * bread @ sums.T @ sums @ bread))[1:]
    np.testing.assert_allclose((table["slope_high"] - table["slope"]) / stats.t.ppf(0.975, 49), errors, rtol=1e-9)


def test_weighted_errors_are_those_of_the_linearised_scores():
    survey = with_weights(made_survey(slopes=(0.5, 0.2), tenure=False), made_weights(300))
    result = driver_importance(survey, draws=50)
    table = in_survey_order(result, survey)
    kept = survey.weights > 0
    n, w = kept.sum(), survey.weights[kept][:, None]
    x = np.column_stack([np.ones(n), survey.answers.loc[kept, ["d0", "d1"]]])
    y = survey.answers.loc[kept, ["csat"]].to_numpy()
    bread = np.linalg.inv(x.T @ (w * x))
    scores = w * x * (y - x @ bread @ x.T @ (w * y))
    errors = np.sqrt(np.diag(n / (n - 1) * bread @ scores.T @ scores @ bread))[1:]
    np.testing.assert_allclose((table["slope_high"] - table["slope"]) / stats.t.ppf(0.975, n - 1), errors, rtol=1e-9)
    assert "slopes with design-based (linearised) errors" in str(result.method)


def test_weighted_attitude_has_the_errors_of_svyglm():
    _, survey = attitude(golden("attitude").weighted["weights"])
    table = in_survey_order(quiet(survey), survey)
    found = (table["slope_high"] - table["slope"]) / stats.t.ppf(0.975, 29)
    np.testing.assert_allclose(found, ATTITUDE_SVYGLM, atol=1e-11)


def test_strata_narrow_the_errors_when_they_differ_and_use_their_degrees_of_freedom():
    survey = made_survey(slopes=(0.5, 0.2), tenure=False)
    strata = np.digitize(survey.answers["csat"], [5, 7])
    found = in_survey_order(driver_importance(replace(survey, strata=strata), draws=50), survey)
    plain = in_survey_order(driver_importance(survey, draws=50), survey)
    assert (found["slope_high"] - found["slope_low"] < plain["slope_high"] - plain["slope_low"]).all()
    method = str(driver_importance(replace(survey, strata=strata), draws=50).method)
    assert "joint resamples of respondents within strata" in method
    assert "HC3" not in method


def test_a_stratum_of_one_respondent_is_refused():
    survey = replace(made_survey(), strata=np.r_[0, np.ones(299, dtype=int)])
    with pytest.raises(EstimationError, match=r"1 strata hold fewer than two sampling units.*Merge"):
        driver_importance(survey, draws=50)


def test_differences_are_those_of_the_shares_with_the_larger_first(made):
    _, result = made
    share = result.table.set_index("driver")["share"]
    for _, row in result.differences.iterrows():
        assert row["difference"] == pytest.approx(share[row["driver"]] - share[row["other"]])
        assert row["difference"] >= 0
        assert row["difference_low"] <= row["difference"] <= row["difference_high"]


def test_drivers_share_a_letter_exactly_when_their_difference_is_not_shown(made):
    letters = made[1].table.set_index("driver")["letters"]
    for _, row in made[1].differences.iterrows():
        alike = bool(set(letters[row["driver"]]) & set(letters[row["other"]]))
        assert alike == (row["difference_p_adjusted"] >= 0.05)


def test_the_same_seed_gives_the_same_numbers():
    survey = made_survey()
    first, second = (driver_importance(survey, draws=50) for _ in range(2))
    pd.testing.assert_frame_equal(first.table, second.table)


def test_too_few_answers_are_refused_with_the_count():
    with pytest.raises(EstimationError, match="5 complete answers cannot support 4 drivers"):
        driver_importance(made_survey(5), draws=50)


def test_an_item_that_nobody_answered_is_refused():
    with pytest.raises(EstimationError, match="0 complete answers cannot support 4 drivers"):
        driver_importance(with_answers(made_survey(), d1=np.nan), draws=50)


def test_an_outcome_that_never_varies_is_refused():
    with pytest.raises(EstimationError, match="Everyone gave the same answer on csat"):
        driver_importance(with_answers(made_survey(), csat=7.0), draws=50)


def test_forty_drivers_have_sampled_shares_and_the_method_says_so_with_its_error():
    survey = made_survey(600, slopes=(0.4, *(0.02,) * 39))
    result = driver_importance(survey, draws=100)
    assert result.orders > 0
    assert 0 < result.monte_carlo_error <= 0.001 * result.r_squared
    assert f"sampled from {result.orders} balanced orders (Monte-Carlo error at most 0.0" in str(result.method)
    assert "each from the same 32 orders (Monte-Carlo error about 0." in str(result.method)
    assert result.table["driver"].iloc[0] == "d0"
    assert result.table["share_of_variance"].sum() == pytest.approx(result.r_squared)
    assert result.table["share"].sum() == pytest.approx(1)


def test_few_drivers_are_exact_and_the_method_speaks_of_no_orders(made):
    assert (made[1].orders, made[1].monte_carlo_error) == (0, 0)
    assert "orders" not in str(made[1].method)


def test_missing_answers_leave_out_the_respondent_and_are_counted():
    survey = made_survey()
    holed = survey.answers["d1"].where(np.arange(300) % 10 > 0)
    result = driver_importance(with_answers(survey, d1=holed), draws=50)
    assert result.base == 270
    assert "base 270 of 300" in str(result.method)
    plain = sm.OLS(*_design(survey, np.arange(300) % 10 > 0)).fit()
    np.testing.assert_allclose(in_survey_order(result, survey)["slope"], plain.params[2:], atol=1e-10)


def _design(survey, rows):
    frame = survey.answers[rows]
    return frame["csat"].to_numpy(), sm.add_constant(frame[["tenure", *survey.drivers]].to_numpy())
