from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from scipy import stats

from drivers.analyses.basis import joint_resample
from drivers.analyses.importance import driver_importance
from drivers.analyses.stated import stated_importance
from drivers.core.resample import from_indices
from drivers.errors import EstimationError
from drivers.survey.survey import Scale
from made_surveys import made_survey, made_weights, with_answers, with_weights

SLOPES = (0.5, 0.4, 0.1, 0.0, 0.0)


def asked(n=800, *, slopes=SLOPES, stated=(9, 5, 8, 4, 8), seed=1, holes=True, weighted=False):
    """A survey in which customers also rate importance from 1 to 10, around these means."""
    survey = made_survey(n, slopes=slopes, seed=seed)
    rng = np.random.default_rng(seed + 100)
    ratings = np.clip(np.rint(np.array(stated) + rng.normal(size=(n, len(stated)))), 1, 10)
    if holes:
        ratings[rng.random(ratings.shape) < 0.1] = np.nan
    columns = {f"s{j}": ratings[:, j] for j in range(len(stated))}
    survey = with_answers(with_weights(survey, made_weights(n)) if weighted else survey, **columns)
    scales = {**survey.scales, **dict.fromkeys(columns, Scale(1, 10))}
    pairs = {f"d{j}": f"s{j}" for j in range(len(stated))}
    return replace(survey, scales=MappingProxyType(scales), stated=MappingProxyType(pairs))


def rows_of(result):
    return result.table.set_index("driver")


def test_stated_importance_is_the_weighted_mean_of_those_who_gave_one():
    survey = asked(weighted=True)
    rows = rows_of(stated_importance(survey, draws=20))
    for driver, column in survey.stated.items():
        seen = survey.answers[column].notna().to_numpy()
        mean = np.average(survey.answers[column][seen], weights=survey.weights[seen])
        assert rows.loc[driver, "stated"] == pytest.approx(100 * (mean - 1) / 9)


def test_derived_importance_is_that_of_the_ranking():
    survey = asked()
    resample = joint_resample(survey, draws=30)
    rows = rows_of(stated_importance(survey, resample))
    ranked = driver_importance(survey, resample).table.set_index("driver").loc[rows.index]
    np.testing.assert_allclose(rows["derived"], ranked["share"], atol=1e-12)
    assert list(rows["rank"]) == list(ranked["rank"])


def test_the_rank_correlation_is_spearmans_in_the_sample_and_in_every_draw():
    survey = asked(weighted=True)
    result = stated_importance(survey, draws=20)
    rows = rows_of(result)
    assert result.rank_correlation == pytest.approx(stats.spearmanr(rows["stated"], rows["derived"])[0])
    place = np.random.default_rng(3).integers(survey.base, size=survey.base)
    once = stated_importance(survey, from_indices(np.tile(place, (20, 1))))
    taken = replace(survey, weights=survey.weights * np.bincount(place, minlength=survey.base))
    expected = stated_importance(taken, draws=5).rank_correlation
    assert once.rank_correlation_low == once.rank_correlation_high == pytest.approx(expected)


def test_hidden_drivers_and_table_stakes_are_found_in_nearly_every_survey():
    found = [rows_of(stated_importance(asked(seed=s), draws=100))["kind"] for s in range(20)]
    truth = {"d0": "core", "d1": "hidden", "d3": "minor", "d4": "table_stakes"}
    for driver, kind in truth.items():
        assert np.mean([kinds[driver] == kind for kinds in found]) >= 0.95, driver


def test_without_a_difference_no_kind_is_named():
    survey = asked(300, slopes=(0.3, 0.3, 0.3), stated=(7, 7, 7))
    assert set(stated_importance(survey, draws=200).table["kind"]) == {"undecided"}


def test_the_interval_of_the_rank_correlation_holds_the_truth_of_equal_and_opposite_orders():
    same = stated_importance(asked(stated=(9, 8, 7, 6, 5), slopes=(0.6, 0.4, 0.25, 0.1, 0.0)), draws=100)
    turned = stated_importance(asked(stated=(5, 6, 7, 8, 9), slopes=(0.6, 0.4, 0.25, 0.1, 0.0)), draws=100)
    assert same.rank_correlation_low > 0.8
    assert turned.rank_correlation_high < -0.8


def test_two_drivers_have_no_order_to_compare():
    survey = asked(slopes=(0.5, 0.3), stated=(8, 6))
    with pytest.raises(EstimationError, match="at least three drivers"):
        stated_importance(survey, draws=20)


def test_only_the_drivers_that_customers_rated_are_compared():
    survey = asked()
    survey = replace(survey, stated=MappingProxyType({d: f"s{d[1]}" for d in ("d0", "d1", "d3")}))
    result = stated_importance(survey, draws=30)
    assert set(result.table["driver"]) == {"d0", "d1", "d3"}
    assert sorted(result.table["rank"]) == [1, 2, 3]
    assert result.base == survey.answers[["s0", "s1", "s3"]].notna().sum().min()
    assert "rank correlation" in repr(result)
