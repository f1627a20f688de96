from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from drivers import explain
from drivers.analyses.quality import answer_quality
from drivers.present.language import Language
from drivers.survey.survey import Survey
from made_surveys import made_survey, made_weights, with_answers, with_weights


def row_of(survey, column):
    return answer_quality(survey).table.set_index("column").loc[column]


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
    assert np.isnan(row["mean"])


def test_the_effective_base_is_that_of_kish():
    survey = with_weights(made_survey(), made_weights(300))
    expected = survey.weights.sum() ** 2 / (survey.weights**2).sum()
    assert answer_quality(survey).effective_base == pytest.approx(expected)
    assert answer_quality(replace(survey, weights=7 * survey.weights)).effective_base == pytest.approx(expected)


def test_ends_that_nobody_declared_are_no_boxes():
    frame = pd.DataFrame({"csat": np.arange(60) % 5 + 1.0, "age": 20.0 + np.arange(60)})
    table = answer_quality(Survey.from_frame(frame, "csat")).table.set_index("column")
    assert table[["top_two_share", "bottom_two_share"]].isna().all(axis=None)
    known = answer_quality(Survey.from_frame(frame[["csat"]].assign(d=frame["csat"]), "csat", scale=(1, 5)))
    assert known.table["top_two_share"].tolist() == pytest.approx([0.4, 0.4])


def several(weights=None):
    """Three hundred questionnaires of a hundred customers."""
    survey = replace(made_survey(), respondents=np.arange(300) // 3)
    return survey if weights is None else with_weights(survey, weights)


def test_customers_and_their_questionnaires_are_counted_apart():
    quality = answer_quality(several())
    assert (quality.base, quality.counted, quality.respondents, quality.repeated) == (300, 300, 100, True)
    assert str(explain(quality)[0]) == "100 customers filled in 300 questionnaires."
    plain = answer_quality(made_survey())
    assert (plain.respondents, plain.repeated) == (300, False)
    assert str(explain(plain)[0]) == "300 customers answered."


def test_who_carries_no_weight_has_not_answered():
    weights = np.where(np.arange(300) < 30, 0.0, 1.0 + np.arange(300) % 2)
    quality = answer_quality(several(weights))
    assert (quality.base, quality.counted, quality.respondents) == (300, 270, 90)
    said = str(explain(quality)[0])
    assert said.startswith("90 customers filled in 270 questionnaires; weighted as they are, these tell as much as")
    assert f"{quality.effective_base:.0f} that count equally" in said
    dutch = Language("nl").say(explain(quality)[0])
    assert dutch.startswith("90 klanten vulden samen 270 vragenlijsten in; door de weging zijn die zo nauwkeurig als")
