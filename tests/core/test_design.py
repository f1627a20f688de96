import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.core.design import (
    design_effects,
    kish_base,
    kish_effect,
    robust_slopes,
    sampling_design,
    weighted_means,
    weighted_slopes,
    weighted_totals,
)
from drivers.core.resample import draw_resample
from drivers.errors import EstimationError

SURVEYS = json.loads((Path(__file__).parents[1] / "golden" / "survey.json").read_text(encoding="utf-8"))
"""R 4.2.2, survey 4.1-1; the source stands in the file."""


def golden_survey(name):
    data = {column: np.array(values) for column, values in SURVEYS[name]["data"].items()}
    strata = np.unique(data["stype"], return_inverse=True)[1] if "stype" in data else None
    return data, sampling_design(data["pw"], strata, data.get("dnum"), data["fpc"].astype(float))


def columns(data, *names):
    return np.column_stack([data[name] for name in names]).astype(float)


@pytest.mark.parametrize("name", ["apistrat", "apiclus1"])
def test_means_and_their_errors_are_those_of_svymean(name):
    data, design = golden_survey(name)
    expected = SURVEYS[name]["svymean"]
    found = weighted_means(columns(data, "api00", "ell", "meals"), design)
    np.testing.assert_allclose(found.value, list(expected["mean"].values()), rtol=1e-12)
    np.testing.assert_allclose(found.error, list(expected["se"].values()), rtol=1e-12)


def test_design_effects_are_those_of_svymean():
    data, design = golden_survey("apiclus1")
    found = design_effects(columns(data, "api00", "ell", "meals"), design)
    np.testing.assert_allclose(found, list(SURVEYS["apiclus1"]["svymean"]["deff"].values()), rtol=1e-12)


@pytest.mark.parametrize("name", ["apistrat", "apiclus1"])
def test_slopes_and_their_errors_are_those_of_svyglm(name):
    data, design = golden_survey(name)
    expected = SURVEYS[name]["svyglm"]
    found = weighted_slopes(columns(data, "ell", "meals", "mobility", "api00"), design)
    np.testing.assert_allclose(found.value, list(expected["coef"].values()), rtol=1e-11)
    np.testing.assert_allclose(found.error, list(expected["se"].values()), rtol=1e-11)
    assert found.degrees == expected["df"]


FPC = {
    "strata": np.repeat([1, 2], [5, 3]),
    "populations": np.repeat([15.0, 12.0], [5, 3]),
    "w": np.repeat([3.0, 4.0], [5, 3]),
    "x": np.array([[2.8, 4.1, 6.8, 6.8, 9.2, 3.7, 6.6, 4.2]]).T,
}
"""survey::fpc of R."""


def test_the_small_survey_of_r_has_its_errors_with_and_without_the_finite_population():
    finite = sampling_design(FPC["w"], FPC["strata"], populations=FPC["populations"])
    replaced = sampling_design(FPC["w"], FPC["strata"])
    assert weighted_means(FPC["x"], finite).value[0] == pytest.approx(5.4481481, abs=5e-8)
    assert weighted_means(FPC["x"], finite).error[0] == pytest.approx(0.61604, abs=5e-6)
    assert weighted_means(FPC["x"], replaced).error[0] == pytest.approx(0.74127, abs=5e-6)
    assert design_effects(FPC["x"], finite)[0] == pytest.approx(0.98531, abs=5e-6)
    total = weighted_totals(FPC["x"], replaced)
    assert total.value[0] == pytest.approx(147.1, abs=1e-10)
    assert total.error[0] == pytest.approx(20.01424, abs=5e-6)


def sample(n=240, seed=1):
    """Rows in 6 strata and 60 units of unequal size, with weights and values that the units and strata share."""
    rng = np.random.default_rng(seed)
    units = np.sort(rng.integers(60, size=n))
    strata = units % 6
    z = rng.normal(size=(n, 3)) + rng.normal(size=(60, 3))[units] + 0.5 * strata[:, None]
    z[:, 2] += z[:, 0]
    return z, rng.uniform(0.5, 2.0, n), strata, units


def test_the_variance_is_the_sum_over_strata_of_the_spread_of_unit_totals():
    z, w, strata, units = sample()
    mean = np.average(z[:, 0], weights=w)
    variance = 0.0
    for h in range(6):
        totals = np.array([(w * (z[:, 0] - mean))[units == u].sum() for u in np.unique(units[strata == h])])
        variance += len(totals) * totals.var(ddof=1)
    error = np.sqrt(variance) / w.sum()
    assert weighted_means(z, sampling_design(w, strata, units)).error[0] == pytest.approx(error, rel=1e-12)


def test_rows_left_out_stay_in_the_design():
    z, w, strata, units = sample()
    rows = z[:, 1] > 0.5
    design = sampling_design(w, strata, units)
    spoilt = np.where(rows[:, None], z, np.nan)
    means = weighted_means(spoilt, design, rows)
    assert means.value[0] == pytest.approx(np.average(z[rows, 0], weights=w[rows]))
    share = rows.astype(float)[:, None]  # R's svyby: the ratio of two totals, linearised by hand
    ratio = share * (z[:, :1] - means.value[0]) / (w @ share)
    assert means.error[0] == pytest.approx(weighted_totals(ratio, design).error[0], rel=1e-12)
    slopes = weighted_slopes(spoilt, design, rows)
    np.testing.assert_allclose(slopes.value, weighted_slopes(z[rows], sampling_design(w[rows])).value, atol=1e-12)
    assert slopes.degrees == len(np.unique(units[rows])) - 6


@given(st.floats(1e-6, 1e6))
def test_only_the_ratios_of_weights_matter(factor):
    z, w, strata, units = sample()
    for estimate in (weighted_means, weighted_slopes):
        one = estimate(z, sampling_design(w, strata, units))
        other = estimate(z, sampling_design(factor * w, strata, units))
        np.testing.assert_allclose(other.value, one.value, atol=1e-10)
        np.testing.assert_allclose(other.error, one.error, rtol=1e-9)
    assert kish_effect(factor * w) == pytest.approx(kish_effect(w))


def test_whole_weights_are_repeated_rows_for_the_estimates_and_clusters_of_them_for_the_errors():
    z, *_ = sample(80)
    times = np.random.default_rng(2).integers(1, 5, 80)
    rows = np.repeat(np.arange(80), times)
    for estimate in (weighted_means, weighted_slopes):
        weighted = estimate(z, sampling_design(times.astype(float)))
        repeated = estimate(z[rows], sampling_design(np.ones(len(rows)), clusters=rows))
        np.testing.assert_allclose(repeated.value, weighted.value, atol=1e-12)
        np.testing.assert_allclose(repeated.error, weighted.error, rtol=1e-10)


def test_equal_weights_give_the_textbook_error_of_a_mean():
    z, *_ = sample()
    error = weighted_means(z, sampling_design(np.full(240, 3.0))).error
    np.testing.assert_allclose(error, z.std(axis=0, ddof=1) / np.sqrt(240), rtol=1e-12)


def test_kish_counts_an_eighth_less_for_weights_of_one_and_two():
    w = np.r_[np.ones(50), np.full(50, 2.0), np.zeros(7)]
    assert kish_base(w) == pytest.approx(150**2 / 250)
    assert kish_effect(w) == pytest.approx(100 / 90)  # the weights of zero count for nothing


def test_a_regressor_that_never_varies_has_no_slope_and_no_error():
    z, w, strata, units = sample()
    z[:, 1] = 5.3
    found = weighted_slopes(z, sampling_design(w, strata, units))
    assert (found.value[2], found.error[2]) == (0, 0)
    without = weighted_slopes(z[:, [0, 2]], sampling_design(w, strata, units))
    np.testing.assert_allclose(found.error[:2], without.error, rtol=1e-10)


def test_hc3_divides_each_residual_by_one_less_its_leverage():
    z, *_ = sample(60)
    x = np.column_stack([np.ones(60), z[:, :2]])
    bread = np.linalg.inv(x.T @ x)
    residual = z[:, 2] - x @ (bread @ x.T @ z[:, 2])
    scores = x * (residual / (1 - np.einsum("ij,jk,ik->i", x, bread, x)))[:, None]
    found = robust_slopes(z)
    np.testing.assert_allclose(found.error, np.sqrt(np.diag(bread @ scores.T @ scores @ bread)), rtol=1e-10)
    assert found.degrees == 57


def test_an_answer_that_decides_its_own_prediction_adds_no_error():
    z, *_ = sample(60)
    z[:, 1] = np.arange(60) == 7
    assert np.isfinite(robust_slopes(z).error).all()


@pytest.mark.parametrize("size", [2, 4])
def test_the_bootstrap_within_strata_has_the_linearised_error_also_where_strata_are_small(size):
    rng = np.random.default_rng(size)
    n = 240
    units = np.arange(n) // 2
    strata = units // size
    z = rng.normal(size=(n, 1)) + rng.normal(size=(n // 2, 1))[units] + strata[:, None] / 10
    w = rng.uniform(0.5, 2.0, n)
    draws = 4000
    weightings = draw_resample(rng, n, draws, units, strata).weightings(w)
    means = weightings @ z[:, 0] / weightings.sum(axis=1)
    error = weighted_means(z, sampling_design(w, strata, units)).error[0]
    assert means.std() == pytest.approx(error, rel=4 / np.sqrt(2 * draws))  # four Monte-Carlo errors


def test_intervals_of_a_stratified_mean_cover_the_truth_as_often_as_they_say():
    covered = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        strata, w = np.repeat([0, 1, 2], 30), np.repeat([1.0, 3.0, 6.0], 30)
        z = rng.exponential(size=(90, 1)) + 2.0 * strata[:, None]
        found = weighted_means(z, sampling_design(w, strata))
        covered += abs(found.value[0] - (1 + 2.0 * (3 + 2 * 6) / 10)) < 1.988 * found.error[0]  # t, 87 df
    assert 0.90 < covered / 300 < 0.98  # 0.95 within some three errors of 300 tries, less the skewness


def test_a_stratum_of_one_unit_and_a_unit_in_two_strata_are_refused():
    with pytest.raises(EstimationError, match=r"1 strata hold fewer than two sampling units.*Merge"):
        sampling_design(np.ones(5), np.array([0, 0, 1, 1, 2]))
    with pytest.raises(EstimationError, match="1 rows lie in another stratum"):
        sampling_design(np.ones(4), np.array([0, 0, 1, 1]), np.array([0, 1, 1, 2]))
