from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.samples import golden
from drivers.analyses.quality import answer_quality
from drivers.survey.survey import Survey
from made_surveys import made_survey, made_weights, with_answers, with_weights


def row_of(survey, column):
    return answer_quality(survey).table.set_index("column").loc[column]


def test_alpha_is_that_of_psych():
    data = golden("attitude")
    frame = pd.DataFrame(data.data)[["rating", "privileges", "learning", "raises"]]
    assert answer_quality(Survey.from_frame(frame, "rating")).alpha == pytest.approx(0.7646370857, abs=1e-10)


def test_the_first_factor_is_the_largest_eigenvalue_of_the_correlations():
    survey = made_survey()
    correlations = survey.answers[list(survey.drivers)].corr()
    expected = np.linalg.eigvalsh(correlations)[-1] / 3
    assert answer_quality(survey).first_factor == pytest.approx(expected)


def test_boxes_means_and_missing_answers_are_counted_by_hand():
    survey = with_weights(made_survey(), made_weights(300))
    ratings = survey.answers["d1"].where(np.arange(300) % 5 > 0)
    row = row_of(with_answers(survey, d1=ratings), "d1")
    known = ratings.notna() & (survey.weights > 0)
    w = survey.weights[known]
    assert row["missing_share"] == pytest.approx(0.2)
    assert row["base"] == known.sum()
    assert row["mean"] == pytest.approx(np.average(ratings[known], weights=w))
    assert row["top_two_share"] == pytest.approx(np.average(ratings[known] >= 9, weights=w))
    assert row["bottom_two_share"] == pytest.approx(np.average(ratings[known] <= 2, weights=w))


@pytest.mark.parametrize(("scale", "boxed"), [((0, 1), False), ((1, 3), False), ((1, 4), True), ((1, 5), True)])
def test_a_scale_on_which_the_boxes_overlap_has_none(scale, boxed):
    row = row_of(made_survey(scale=scale), "d0")
    assert [pd.notna(row[c]) for c in ("top_two_share", "bottom_two_share")] == [boxed, boxed]


def test_controls_have_no_boxes():
    assert pd.isna(row_of(made_survey(), "tenure")["top_two_share"])


def test_an_item_that_nobody_answered_is_counted_and_breaks_nothing():
    quality = answer_quality(with_answers(made_survey(), d1=np.nan))
    row = quality.table.set_index("column").loc["d1"]
    assert (row["base"], row["missing_share"]) == (0, 1)
    assert np.isnan([row["mean"], quality.alpha, quality.first_factor]).all()


def test_a_constant_item_is_left_out_of_the_first_factor():
    survey = made_survey()
    quality = answer_quality(with_answers(survey, d2=5.0))
    r = survey.answers[["d0", "d1"]].corr().iloc[0, 1]
    assert quality.first_factor == pytest.approx((1 + r) / 2)
    assert np.isfinite(quality.alpha)


def test_items_that_never_differ_have_neither_alpha_nor_a_factor():
    quality = answer_quality(with_answers(made_survey(), d0=5.0, d1=5.0, d2=5.0))
    assert np.isnan([quality.alpha, quality.alpha_low, quality.alpha_high, quality.first_factor]).all()


def test_one_driver_has_no_alpha():
    assert np.isnan(answer_quality(made_survey(slopes=(0.5,))).alpha)


def test_the_effective_base_is_that_of_kish():
    survey = with_weights(made_survey(), made_weights(300))
    expected = survey.weights.sum() ** 2 / (survey.weights**2).sum()
    assert answer_quality(survey).effective_base == pytest.approx(expected)
    assert answer_quality(replace(survey, weights=7 * survey.weights)).effective_base == pytest.approx(expected)
