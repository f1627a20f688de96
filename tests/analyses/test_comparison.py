from dataclasses import replace

import numpy as np
import pytest

from analyses.test_ranking import surveyed
from drivers.analyses.basis import joint_resample
from drivers.analyses.comparison import outcome_comparison
from drivers.analyses.importance import driver_importance
from drivers.present.verbs import explain, table


@pytest.fixture(scope="module")
def survey():
    return surveyed()


@pytest.fixture(scope="module")
def resample(survey):
    return joint_resample(survey, draws=400)


def test_the_ranking_holds_where_the_truth_is_the_same(survey, resample):
    found = outcome_comparison(survey, resample, left_column="left")
    assert list(found.views["view"]) == ["linear", "top_box", "ordered", "leaving"]
    assert found.views["first_driver"].tolist() == ["first"] * 4
    assert found.views["same_order"].all()
    assert not found.unanswered


def test_the_shares_of_the_mean_are_those_of_the_ranking(survey, resample):
    found = outcome_comparison(survey, resample).table
    ranking = driver_importance(survey, resample).table
    linear = found[found["view"] == "linear"]
    assert linear["driver"].tolist() == ranking["driver"].tolist()
    np.testing.assert_allclose(linear["share"], ranking["share"], atol=1e-12)
    changes = found["share"].to_numpy().reshape(3, 3) - linear["share"].to_numpy()
    np.testing.assert_allclose(found["share_change"].to_numpy().reshape(3, 3), changes, atol=1e-12)


def test_leaving_for_another_reason_is_seen(survey, resample):
    rng = np.random.default_rng(4)
    left = (rng.logistic(size=900) - 1.2 * (survey.answers["third"] - 4) > 0.5).astype(float)
    found = outcome_comparison(replace(survey, answers=survey.answers.assign(left=left)), resample, left_column="left")
    rows = found.table[found.table["view"] == "leaving"].set_index("driver")
    assert found.views.set_index("view").loc["leaving", "first_driver"] == "third"
    assert rows.loc[["first", "third"], "moved"].all()
    said, first = str(explain(found)[-1]), rows.loc["third"]
    assert f"third has the largest share: {first['share']:.0%} ({first['share_low']:.0%} to" in said
    assert any("*" in cell for row in table(found).rows for cell in row)


def test_leaving_by_chance_gets_no_shares_but_a_reason(survey, resample):
    left = (np.random.default_rng(2).random(900) < 0.3).astype(float)
    found = outcome_comparison(replace(survey, answers=survey.answers.assign(left=left)), resample, left_column="left")
    assert "leaving" not in set(found.views["view"])
    assert "could not be chance" in str(found.unanswered[-1])


def test_a_view_that_cannot_be_fitted_is_left_out_with_its_reason(survey, resample):
    known = survey.answers.assign(left=(survey.answers["first"] > 4).astype(float))
    found = outcome_comparison(replace(survey, answers=known), resample, left_column="left")
    assert "separate the answers" in str(found.unanswered[-1])
    assert {"top_box", "ordered"} <= set(found.views["view"])


def test_a_change_is_called_shown_in_few_of_many_surveys_where_there_is_none():
    """Nearly linear truth in the middle of the scale: top box and mean share the same shares of drivers."""
    called = 0
    for seed in range(20):
        survey = surveyed(400, seed=seed, effects=(0.6, 0.6, 0.6))
        found = outcome_comparison(survey, joint_resample(survey, draws=200)).table
        called += int(found.loc[found["view"] == "top_box", "moved"].any())
    assert called <= 4


def test_a_survey_without_another_view_says_so(survey, resample):
    fine = replace(survey, answers=survey.answers.assign(csat=np.linspace(1, 5, 900) ** 0.3)).rows(
        np.arange(900) % 30 == 0
    )
    found = outcome_comparison(fine, joint_resample(fine, draws=20))
    assert list(found.views["view"]) == ["linear"]
    assert len(found.unanswered) == 2
    assert len(explain(found)) == 2


def view_changed(found, view, order, change):
    """The comparison as if this view had another order and the first share another size."""
    table, rows = found.table.copy(), found.table["view"] == view
    table.loc[rows, "rank"] = order
    table.loc[rows, "moved"] = [True, False, False]
    table.loc[rows, "share_change"] = [change, 0.0, 0.0]
    views = found.views.assign(same_order=found.views["same_order"] & ((found.views["view"] != view) | (order[0] == 1)))
    return replace(found, table=table, views=views)


def test_views_in_which_nothing_worth_telling_changes_are_one_sentence(survey, resample):
    found = view_changed(outcome_comparison(survey, resample), "ordered", [1, 2, 3], 0.049)
    assert [str(line) for line in explain(found)] == [
        "The ranking also holds for csat (4 or higher) and csat (ordered answers): the first three are the same, and "
        "no share is shown to change by 5 percentage points or more."
    ]


@pytest.mark.parametrize(
    ("order", "change", "words"),
    [
        ([2, 1, 3], 0.01, "the first three are second, first and third, in this order; no share is shown to change"),
        ([1, 2, 3], 0.05, "the first three are the same. The largest change of a share beyond chance: first, from"),
        ([2, 1, 3], -0.2, "second, first and third, in this order. The largest change of a share beyond chance: first"),
    ],
)
def test_changes_of_place_and_of_five_points_are_named(survey, resample, order, change, words):
    lines = explain(view_changed(outcome_comparison(survey, resample), "ordered", order, change))
    assert str(lines[0]).startswith("The ranking also holds for csat (4 or higher): ")
    assert words in str(lines[1])
    assert len(lines) == 2
