import warnings
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from drivers.analyses.basis import joint_resample
from drivers.analyses.importance import driver_importance
from drivers.analyses.priorities import driver_priorities
from drivers.core.resample import from_indices
from drivers.errors import EstimationError
from drivers.survey.survey import Scale, Survey
from made_surveys import drawn, made_survey, made_weights, repeated_draw, with_answers, with_weights

SEEDS = range(40)
CORNERS = ("fix_first", "keep_up", "low_priority", "possible_overkill")


def survey_of(x, y, weights=None):
    """A survey of ratings x (n, p) from 0 to 100 and satisfaction y (n,), nothing rounded or cut off."""
    columns = {f"d{j}": x[:, j] for j in range(x.shape[1])} | {"csat": y}
    survey = Survey.from_frame(pd.DataFrame(columns), "csat")
    scales = MappingProxyType(dict.fromkeys(columns, Scale(0.0, 100.0)))
    return replace(survey, scales=scales, weights=np.ones(len(y)) if weights is None else weights)


def simulated(seed, slopes, means, n=800, halo=0.5, noise=8.0):
    """Ratings with these means that share a general impression and go with satisfaction by these slopes."""
    rng = np.random.default_rng(seed)
    x = np.sqrt(1 - halo) * rng.normal(size=(n, len(slopes))) + np.sqrt(halo) * rng.normal(size=(n, 1))
    x = np.array(means) + 10 * x
    return survey_of(x, 60 + (x - np.array(means)) @ np.array(slopes) + noise * rng.normal(size=n))


def rows_of(result):
    return result.table.set_index("driver")


def called(survey, draws=200):
    table = rows_of(driver_priorities(survey, draws=draws))
    return table["call"]


@pytest.fixture(scope="module")
def survey():
    return with_weights(made_survey(500), made_weights(500))


def by_hand(survey, w):
    """Effects, means and gains of one weighting, from least squares on the rows."""
    frame = survey.answers
    x = np.column_stack([np.ones(len(frame)), frame[["tenure", *survey.drivers]]])
    root = np.sqrt(w)
    slopes = np.linalg.lstsq(x * root[:, None], frame["csat"] * root)[0][2:]
    means = 100 * (np.average(frame[list(survey.drivers)], axis=0, weights=w) - 1) / 9
    return slopes, means, slopes * (100 - means)


def test_effects_scores_and_gains_are_those_of_the_rows(survey):
    rows = rows_of(driver_priorities(survey, draws=20)).loc[list(survey.drivers)]
    for column, expected in zip(("effect", "performance", "gain"), by_hand(survey, survey.weights), strict=True):
        np.testing.assert_allclose(rows[column], expected, rtol=1e-9)


def test_a_draw_is_the_map_of_the_respondents_it_drew(survey):
    resample = repeated_draw(survey)
    result = driver_priorities(survey, resample)
    rows = rows_of(result).loc[list(survey.drivers)]
    slopes, means, gains = by_hand(survey, drawn(survey, resample))
    for end in ("low", "high"):
        np.testing.assert_allclose(rows[f"effect_{end}"], slopes, rtol=1e-9)
        np.testing.assert_allclose(rows[f"performance_{end}"], means, rtol=1e-9)
        np.testing.assert_allclose(rows[f"gain_{end}"], gains, rtol=1e-9)
    lines = result.crossing.set_index("measure")["value_low"]
    assert lines["performance"] == pytest.approx(means.mean())
    assert lines["importance"] == pytest.approx(slopes.mean())
    corner = 2 * (slopes <= slopes.mean()) + (means >= means.mean())
    for driver, place in zip(survey.drivers, corner, strict=True):
        assert rows.loc[driver, f"{CORNERS[place]}_probability"] == 1


def test_probabilities_of_the_corners_are_counts_of_draws_and_add_to_one(survey):
    rng = np.random.default_rng(4)
    indices = rng.integers(survey.base, size=(30, survey.base))
    rows = rows_of(driver_priorities(survey, from_indices(indices))).loc[list(survey.drivers)]
    counts = np.zeros((3, 4))
    for place in indices:
        w = survey.weights * np.bincount(place, minlength=survey.base)
        slopes, means, _ = by_hand(survey, w)
        counts[np.arange(3), 2 * (slopes <= slopes.mean()) + (means >= means.mean())] += 1 / 30
    np.testing.assert_allclose(rows[[f"{c}_probability" for c in CORNERS]], counts, atol=1e-12)


def test_shares_as_importance_are_those_of_the_ranking(survey):
    resample = joint_resample(survey, draws=50)
    result = driver_priorities(survey, resample, importance="share")
    ranked = driver_importance(survey, resample).table.set_index("driver")
    for ours, theirs in (("derived", "share"), ("derived_low", "share_percentile_low")):
        np.testing.assert_allclose(rows_of(result)[ours], ranked.loc[rows_of(result).index, theirs], atol=1e-12)
    assert result.levels == ()
    line = result.crossing.set_index("measure").loc["importance"]
    np.testing.assert_allclose(line[["value", "value_low", "value_high"]].astype(float), 1 / 3)  # shares add to one


def test_the_scale_of_a_rating_changes_no_place_on_the_map(survey):
    stretched = with_answers(survey, d0=1 + 4 * (survey.answers["d0"] - 1) / 9)
    stretched = replace(stretched, scales=MappingProxyType({**survey.scales, "d0": Scale(1, 5)}))
    first, second = (driver_priorities(s, draws=50).table for s in (survey, stretched))
    pd.testing.assert_frame_equal(first, second, rtol=1e-9)


def test_weights_count_by_their_ratios_only(survey):
    first = driver_priorities(survey, draws=50).table
    second = driver_priorities(replace(survey, weights=7 * survey.weights), draws=50).table
    pd.testing.assert_frame_equal(first, second, rtol=1e-9)


def test_given_lines_are_the_same_in_every_draw(survey):
    result = driver_priorities(survey, draws=50, lines=(60.0, 0.2))
    assert result.lines == "given"
    assert (result.crossing["value_low"] == result.crossing["value_high"]).all()
    np.testing.assert_array_equal(result.crossing["value"], [60.0, 0.2])


def test_medians_are_lines_too():
    survey = simulated(1, (0.9, 0.1, 0.2, 0.3), (10, 70, 72, 74))
    result = driver_priorities(survey, draws=50, lines="median")
    assert result.crossing.set_index("measure").loc["performance", "value"] == pytest.approx(71, abs=1)


def test_the_known_priority_is_found_in_nearly_every_survey():
    found = [called(simulated(s, (0.5, 0.3, 0.1, 0.1, 0.05, 0.0), (55, 70, 72, 68, 75, 60))) for s in SEEDS]
    assert np.mean([calls["d0"] == "fix_first" for calls in found]) >= 0.95
    assert np.mean([(calls == "fix_first").sum() == 1 for calls in found]) >= 0.95


def test_of_two_equal_drivers_neither_is_called_alone():
    named = ("fix_first", "rival")
    alone, first = [], []
    for s in SEEDS:  # near the line of performance, so that chance decides where they come to lie
        calls = called(simulated(s, (0.35, 0.35, 0.1, 0.05, 0.0), (65, 65, 66, 66, 66), n=400))
        first.append("fix_first" in set(calls[:2]))
        alone.append("fix_first" in set(calls[:2]) and not calls[["d0", "d1"]].isin(named).all())
    assert np.mean(first) > 0.2  # the test would be empty otherwise
    assert np.mean(alone) <= 0.05


def test_noise_is_hardly_ever_called_first():
    found = [called(simulated(s, (0.3, 0.3, 0.0, 0.0, 0.0), (70, 70, 50, 50, 50), n=300)) for s in SEEDS]
    assert np.mean([calls[["d2", "d3", "d4"]].eq("fix_first").any() for calls in found]) <= 0.05


def suppressing(seed, n=800):
    """d0 is rated low and has a strong slope, yet nothing to do with satisfaction: it clears d1 of its error."""
    rng = np.random.default_rng(seed)
    real, error, other = rng.normal(size=(3, n))
    x = np.column_stack([40 - 10 * error, 70 + 7 * (real + error), 75 + 10 * other])
    return survey_of(x, 60 + 8 * real + 1 * other + 3 * rng.normal(size=n))


def test_a_suppressor_lies_in_the_corner_and_is_not_recommended():
    for s in range(10):
        rows = rows_of(driver_priorities(suppressing(s), draws=200))
        assert rows.loc["d0", "effect_low"] > 0.3
        assert rows.loc["d0", "fix_first_probability"] > 0.9
        assert rows.loc["d0", "call"] == "undecided"


def test_a_driver_whose_sign_turns_is_not_recommended():
    rng = np.random.default_rng(2)
    common = rng.normal(size=600)
    x = np.column_stack([40 + 10 * common, 70 + 10 * (common + 0.4 * rng.normal(size=600)), 72 + rng.normal(size=600)])
    y = 50 + 1.5 * (x[:, 1] - 70) - 0.8 * (x[:, 0] - 40) + 3 * rng.normal(size=600)
    rows = rows_of(driver_priorities(survey_of(x, y), draws=200))
    assert rows.loc["d0", "correlation_low"] > 0 > rows.loc["d0", "effect_high"]
    assert rows.loc["d0", "fix_first_probability"] == 0


def test_a_driver_at_its_ceiling_is_never_first():
    rows = rows_of(driver_priorities(simulated(3, (0.5, 0.2, 0.1), (93, 97, 98), halo=0.2), draws=200))
    assert rows.loc["d0", "effect_low"] > 0
    assert (rows["fix_first_probability"] == 0).all()


def test_twins_are_one_driver_with_the_effect_of_either():
    survey = simulated(4, (0.5, 0.1, 0.1), (50, 70, 72))
    twin = with_answers(survey, d3=survey.answers["d0"])
    twin = replace(
        twin, drivers=(*survey.drivers, "d3"), scales=MappingProxyType(dict.fromkeys(twin.answers, Scale(0, 100)))
    )
    rows, alone = rows_of(driver_priorities(twin, draws=100)), rows_of(driver_priorities(survey, draws=100))
    assert sorted(rows.index) == ["d0 + d3", "d1", "d2"]
    for column in ("effect", "effect_low", "gain", "fix_first_probability"):
        assert rows.loc["d0 + d3", column] == pytest.approx(alone.loc["d0", column])


def test_of_drivers_that_follow_from_one_another_none_is_recommended():
    survey = simulated(4, (0.5, 0.1, 0.1), (50, 70, 72))
    with pytest.raises(EstimationError, match="their mean says nothing"):
        driver_priorities(with_answers(survey, d2=survey.answers["d0"] + survey.answers["d1"]), draws=20)


def test_a_constant_driver_matters_nothing():
    survey = simulated(5, (0.5, 0.2), (50, 70))
    result = rows_of(driver_priorities(with_answers(survey, d1=np.full(800, 70.0)), draws=50))
    assert result.loc["d1", "effect"] == result.loc["d1", "gain"] == 0


def test_an_item_that_concerns_few_brings_its_gain_to_few():
    survey = simulated(6, (0.5, 0.2, 0.1), (50, 70, 70))
    few = np.arange(800) % 4 > 0
    asked = replace(with_answers(survey, d0=survey.answers["d0"].where(~few)), not_applicable=("d0",))
    row = rows_of(driver_priorities(asked, draws=50)).loc["d0"]
    assert row["gain"] == pytest.approx(row["effect"] * (100 - row["performance"]) / 4)
    assert row["performance"] == pytest.approx(survey.answers["d0"][~few].mean())


@pytest.mark.parametrize("policy", ["complete", "available", "imputed"])
def test_every_policy_for_missing_answers_gives_a_map(policy):
    survey = simulated(7, (0.5, 0.2, 0.1), (50, 70, 70), n=300)
    holes = np.random.default_rng(1).random((300, 3)) < 0.1
    answers = {f"d{j}": survey.answers[f"d{j}"].where(~holes[:, j]) for j in range(3)}
    result = driver_priorities(replace(with_answers(survey, **answers), missing_policy=policy), draws=60)
    assert rows_of(result).loc["d0", "call"] == "fix_first"


def test_one_driver_has_no_order():
    with pytest.raises(EstimationError, match="at least two"):
        driver_priorities(made_survey(200, slopes=(0.5,)), draws=20)


def test_too_few_answers_are_refused():
    with pytest.raises(EstimationError, match="complete answers"):
        driver_priorities(made_survey(4), draws=20)


def test_the_result_says_in_one_line_what_comes_first():
    result = driver_priorities(simulated(8, (0.5, 0.1, 0.1), (50, 70, 70)), draws=100)
    assert repr(result) == "DriverPriorities: fix first d0; 3 drivers, base 800"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nothing = driver_priorities(simulated(8, (0.3, 0.3, 0.3), (70, 70, 70)), draws=100)
    assert "nothing can be called first" in repr(nothing)
