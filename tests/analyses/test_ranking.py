from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from core.samples import golden
from drivers.analyses.basis import joint_resample
from drivers.analyses.importance import driver_importance
from drivers.analyses.outcomes import Outcome
from drivers.analyses.players import ModelTerms
from drivers.analyses.ranking import outcome_importance
from drivers.core.resample import Resample
from drivers.errors import EstimationError, SurveyError
from drivers.survey.survey import Survey


def surveyed(n=900, seed=1, effects=(1.0, 0.5, 0.0)):
    """Three drivers of 1 to 7, satisfaction of 1 to 5, and who left."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(n, 1))
    x = np.clip(np.round(4 + 1.2 * (rng.normal(size=(n, 3)) + 0.7 * common)), 1, 7)
    latent = (x - 4) @ effects + rng.logistic(size=n)
    csat = 1.0 + np.searchsorted([-3.0, -1.0, 0.5, 2.5], latent)
    left = (rng.logistic(size=n) - 0.8 * (latent - latent.mean()) > 1.5).astype(float)
    frame = pd.DataFrame({"first": x[:, 0], "second": x[:, 1], "third": x[:, 2], "csat": csat, "left": left})
    survey = Survey.from_frame(frame, "csat", ["first", "second", "third"])
    return replace(survey, answers=survey.answers.assign(left=left, kind=np.arange(n) % 3 + 10.0))


@pytest.fixture(scope="module")
def survey():
    return surveyed()


@pytest.fixture(scope="module")
def resample(survey):
    return joint_resample(survey, draws=400)


def shares(result):
    return result.table.set_index("driver")["share"]


@pytest.mark.parametrize("kind", ["top_box", "leaving", "ordered", "multinomial"])
def test_the_true_order_is_found_for_every_kind_of_outcome(survey, resample, kind):
    result = outcome_importance(survey, resample, kind)
    assert list(result.table["driver"]) == ["first", "second", "third"]
    assert result.table["share_of_fit"].sum() == pytest.approx(result.explained, abs=1e-12)
    assert result.explained_low < result.explained < result.explained_high
    assert result.chance < 1e-6
    assert result.table["first_probability"].iloc[0] > 0.9
    assert result.dominance["dominance"].iloc[0] == "complete"


def test_the_linear_kind_is_driver_importance(survey, resample):
    linear, ranking = outcome_importance(survey, resample, "linear"), driver_importance(survey, resample)
    ours, theirs = (r.table.set_index("driver").sort_index() for r in (linear, ranking))
    for column in ("share", "share_low", "share_high", "rank", "first_probability", "letters"):
        assert ours[column].tolist() == pytest.approx(theirs[column].tolist(), abs=1e-9) or column == "letters"
    assert linear.explained == pytest.approx(ranking.r_squared, abs=1e-12)
    assert linear.explained_low == pytest.approx(ranking.r_squared_low, abs=1e-9)


def test_birthwt_has_domirs_shares_from_a_survey():
    reference = golden("outcomes").birthwt
    survey = Survey.from_frame(pd.DataFrame(reference["data"]), "low")
    found = outcome_importance(survey, joint_resample(survey, draws=50), Outcome("leaving", "low"))
    values = found.table.set_index("driver").loc[reference["drivers"], "share_of_fit"]
    np.testing.assert_allclose(values, reference["general"], atol=1e-8)
    assert found.explained == pytest.approx(reference["mcfadden"], abs=1e-9)


def test_a_factor_is_one_driver_with_relaimpos_share():
    """relaimpo 2.2-7, mpg on factor(cyl), wt and hp."""
    data = golden("mtcars").data
    survey = Survey.from_frame(pd.DataFrame({c: data[c] for c in ("mpg", "cyl", "wt", "hp")}).astype(float), "mpg")
    found = outcome_importance(survey, joint_resample(survey, draws=50), "linear", terms=ModelTerms(factors=("cyl",)))
    values = found.table.set_index("driver").loc[["cyl", "wt", "hp"], "share_of_fit"]
    np.testing.assert_allclose(values, [0.2936347195, 0.3402849094, 0.2232998236], atol=1e-9)
    assert np.isnan(found.table.set_index("driver").loc["cyl", "log_odds"])


@pytest.mark.parametrize("kind", ["top_box", "ordered", "multinomial"])
def test_the_numbers_that_stand_for_categories_of_a_factor_do_not_matter(survey, resample, kind):
    terms = ModelTerms(factors=("kind",))
    renamed = survey.answers["kind"].map({10.0: 3.0, 11.0: -1.0, 12.0: 99.0})
    other = replace(survey, answers=survey.answers.assign(kind=renamed))
    found, moved = (outcome_importance(s, resample, kind, terms=terms) for s in (survey, other))
    np.testing.assert_allclose(shares(moved)[shares(found).index], shares(found), atol=1e-7)
    assert shares(found)["kind"] < 0.02


def test_shares_of_a_block_are_owens_and_add_up(survey, resample):
    terms = ModelTerms(blocks={"pair": ("first", "third")})
    found = outcome_importance(survey, resample, "top_box", terms=terms)
    blocks = found.blocks.set_index("driver_block")
    members = found.table.set_index("driver_block").loc["pair", "share"]
    assert blocks.loc["pair", "share"] == pytest.approx(members.sum(), abs=1e-12)
    assert blocks["share"].sum() == pytest.approx(1.0, abs=1e-12)
    assert "Owen" in str(found.method)
    whole = outcome_importance(survey, resample, "top_box", terms=ModelTerms(blocks={"all": survey.drivers}))
    plain = outcome_importance(survey, resample, "top_box")
    np.testing.assert_allclose(shares(whole)[shares(plain).index], shares(plain), atol=1e-9)


def test_an_interaction_that_is_there_gets_a_share_and_one_that_is_not_gets_none():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(1500, 3))
    y = x[:, 0] + x[:, 1] + x[:, 0] * x[:, 1] + rng.normal(size=1500)
    survey = Survey.from_frame(pd.DataFrame(np.column_stack([x, y]), columns=["a", "b", "c", "y"]), "y")
    terms = ModelTerms(interactions=(("a", "b"), ("a", "c")))
    found = shares(outcome_importance(survey, joint_resample(survey, draws=100), "linear", terms=terms))
    assert found["a:b"] == pytest.approx(1 / 3, abs=0.05)
    assert found["a:c"] < 0.01


def test_an_interaction_does_not_depend_on_where_scales_begin(survey, resample):
    terms = ModelTerms(interactions=(("first", "second"),))
    moved = replace(survey, answers=survey.answers.assign(first=survey.answers["first"] + 100))
    plain, shifted = (shares(outcome_importance(s, resample, "top_box", terms=terms)) for s in (survey, moved))
    np.testing.assert_allclose(shifted[plain.index], plain, atol=1e-6)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        (ModelTerms(factors=("csat",)), "is the outcome and a driver"),
        (ModelTerms(blocks={"a": ("first",), "b": ("first", "third")}), "two blocks"),
        (ModelTerms(interactions=(("first", "first"),)), "two different drivers"),
        (ModelTerms(interactions=(("first", "nothing"),)), "no driver"),
    ],
)
def test_terms_that_cannot_be_are_refused(survey, resample, terms, message):
    with pytest.raises(EstimationError, match=message):
        outcome_importance(survey, resample, "top_box", terms=terms)


def test_weights_of_two_are_respondents_twice(survey):
    twice = np.arange(survey.base) % 2 == 0
    weighted = replace(survey, weights=1.0 + twice, weighted=True)
    rows = np.r_[np.arange(survey.base), np.flatnonzero(twice)]
    doubled = replace(survey, answers=survey.answers.iloc[rows].reset_index(drop=True), weights=np.ones(len(rows)))
    for kind in ("top_box", "ordered", "multinomial", "leaving"):
        found, expected = (
            shares(outcome_importance(s, joint_resample(s, draws=20), kind)) for s in (weighted, doubled)
        )
        np.testing.assert_allclose(found[expected.index], expected, atol=1e-7)


def test_controls_are_in_every_model(survey, resample):
    held = replace(survey, drivers=("first", "third"), controls=("second",))
    found, free = outcome_importance(held, resample), outcome_importance(survey, resample)
    assert found.fit.equals(free.fit) or found.fit["value"].iloc[0] == pytest.approx(
        free.fit["value"].iloc[0], abs=1e-8
    )
    assert set(found.table["driver"]) == {"first", "third"}
    assert found.explained < free.explained
    assert "second held constant" in str(found.method)


@pytest.mark.parametrize("policy", ["complete", "available", "imputed", "not_applicable"])
def test_every_policy_for_missing_answers_gives_shares(survey, policy):
    rng = np.random.default_rng(2)
    holes = survey.answers.assign(first=survey.answers["first"].where(rng.random(survey.base) > 0.2))
    asked = replace(survey, answers=holes, missing_policy=policy)
    found = outcome_importance(asked, joint_resample(asked, draws=100), "top_box")
    assert found.table["driver"].iloc[0] == "first"
    assert shares(found)["third"] < 0.1
    assert found.base == (900 if policy in ("imputed", "not_applicable") else int((~holes["first"].isna()).sum()))
    if policy == "imputed":
        assert "first 5 serve here" in str(found.method)


def test_an_ordered_answer_that_almost_nobody_gave_joins_its_neighbour(survey, resample):
    rare = survey.answers["csat"].where(survey.answers.index > 1, 9.0)
    found = outcome_importance(replace(survey, answers=survey.answers.assign(csat=rare)), resample, "ordered")
    into = survey.answers["csat"].where(survey.answers.index > 1, 5.0)
    expected = outcome_importance(replace(survey, answers=survey.answers.assign(csat=into)), resample, "ordered")
    np.testing.assert_allclose(shares(found)[shares(expected).index], shares(expected), atol=1e-9)


def test_scale_points_that_nobody_chose_do_not_matter(survey, resample):
    wide = survey.answers["csat"].map({1.0: 1.0, 2.0: 2.0, 3.0: 5.0, 4.0: 9.0, 5.0: 10.0})
    found = outcome_importance(replace(survey, answers=survey.answers.assign(csat=wide)), resample, "ordered")
    plain = outcome_importance(survey, resample, "ordered")
    np.testing.assert_allclose(shares(found)[shares(plain).index], shares(plain), atol=1e-12)


def test_beyond_ten_drivers_sets_along_orders_are_said_to_be_used(survey, resample):
    exact = outcome_importance(survey, resample, "top_box")
    some = outcome_importance(survey, resample, "top_box", exact_to=2)
    np.testing.assert_allclose(shares(some)[shares(exact).index], shares(exact), atol=0.005)
    assert "along balanced orders" in str(some.method)
    assert "all sets of 3" in str(exact.method)


def test_noise_is_not_told_from_chance():
    survey = surveyed(600, seed=7, effects=(0.0, 0.0, 0.0))
    found = outcome_importance(survey, joint_resample(survey, draws=100), "top_box")
    assert found.chance > 0.05


def test_chance_is_uniform_where_no_driver_matters():
    chances = []
    for seed in range(60):
        survey = surveyed(400, seed=100 + seed, effects=(0.0, 0.0, 0.0))
        chances.append(outcome_importance(survey, Resample(np.ones((2, 400), dtype=np.uint8)), "ordered").chance)
    assert 0.35 < np.mean(chances) < 0.65  # four standard errors of a mean of 60 uniform numbers
    assert np.mean(np.array(chances) < 0.05) < 0.17


def test_a_driver_that_separates_is_refused(survey, resample):
    known = replace(survey, answers=survey.answers.assign(third=survey.answers["left"] * 3 + 1))
    with pytest.raises(EstimationError, match="separate the answers"):
        outcome_importance(known, resample, "leaving")


@pytest.mark.parametrize(
    ("outcome", "error", "message"),
    [
        ("nothing", SurveyError, "no column 'nothing'"),
        ("kind", EstimationError, "other answers than 0 and 1"),
        ("first", EstimationError, "is the outcome and a driver"),
    ],
)
def test_a_column_that_is_no_yes_or_no_is_refused(survey, resample, outcome, error, message):
    with pytest.raises(error, match=message):
        outcome_importance(survey, resample, Outcome("leaving", outcome))


def test_too_few_of_the_rarer_answers_are_refused(survey, resample):
    with pytest.raises(EstimationError, match="needs 30 of them"):
        outcome_importance(survey.rows(np.arange(900) < 40), joint_resample(survey, draws=5), "leaving")


def test_an_outcome_of_many_values_is_no_scale(survey, resample):
    fine = replace(survey, answers=survey.answers.assign(csat=np.linspace(1, 5, 900)))
    with pytest.raises(EstimationError, match="900 different values"):
        outcome_importance(fine, resample, "ordered")


def test_intervals_cover_the_share_of_the_population():
    truth = shares(outcome_importance(surveyed(60_000, seed=99), Resample(np.ones((2, 60_000), dtype=np.uint8))))
    inside = []
    for seed in range(40):
        survey = surveyed(500, seed=seed)
        table = outcome_importance(survey, joint_resample(survey, draws=300)).table.set_index("driver")
        inside.append((table["share_low"] <= truth) & (truth <= table["share_high"]))
    assert np.mean([i[["first", "second"]] for i in inside]) > 0.85  # 95% less three standard errors of 80 trials


def test_blocks_that_are_a_mapping_proxy_work(survey, resample):
    terms = ModelTerms(blocks=MappingProxyType({"pair": ("first", "second")}))
    assert len(outcome_importance(survey, resample, terms=terms).blocks) == 2


def test_more_than_sixteen_drivers_are_refused_at_once(resample):
    rng = np.random.default_rng(1)
    many = Survey.from_frame(pd.DataFrame(rng.integers(1, 6, size=(900, 25)).astype(float)), 0)
    with pytest.raises(EstimationError, match="24 drivers are too many"):
        outcome_importance(many, resample)
