import numpy as np
import pytest
import statsmodels.api as sm

from drivers import explain
from drivers.analyses.basis import joint_resample
from drivers.analyses.chain import value_chain
from drivers.analyses.improvement import PlannedImprovement
from drivers.analyses.loyalty import retention_link
from drivers.analyses.terms import ValueTerms
from drivers.present.language import Language
from made_surveys import drawn, made_survey, made_weights, repeated_draw, with_answers, with_weights

TERMS = ValueTerms(margin="margin", discount_rate=0.1, horizon_years=5, customers=10_000)
PLAN = {"d0": PlannedImprovement(0.5, 1000.0), "d1": PlannedImprovement(0.25, 10_000_000.0)}
STAGES = ("satisfaction_gain", "retention_gain", "yearly_margin", "lifetime_value")


def chain_of(survey, plan=PLAN, terms=TERMS, resample=None, draws=50):
    return value_chain(retention_link(survey, resample or joint_resample(survey, draws=draws)), terms, plan)


def by_statsmodels(survey, w, improvements):
    """The chain of one weighting, by two fitted models and explicit customers; one row a set of improvements."""
    frame = survey.answers
    x = sm.add_constant(frame[["tenure", *survey.drivers]])
    slopes = sm.WLS(frame["csat"], x, weights=w).fit().params
    design = np.column_stack([np.ones(survey.base), frame[["csat", "tenure"]]])
    leaving = sm.GLM(frame["left"], design, family=sm.families.Binomial(), freq_weights=w).fit(tol=1e-12)
    margin = frame["margin"].to_numpy()

    def worth(gain):
        moved = design.copy()
        moved[:, 1] = np.minimum(design[:, 1] + gain, 10)
        kept = 1 - leaving.predict(moved)
        known = ~np.isnan(margin)
        lifetime = sum((kept / 1.1) ** year for year in range(5))
        average = [np.average(margin[known] * part[known], weights=w[known]) for part in (kept, lifetime)]
        return np.array([gain, np.average(kept, weights=w), *(10_000 * a for a in average)])

    today = worth(0.0)
    return [worth(sum(slopes[d] * points for d, points in one.items())) - today for one in improvements]


@pytest.fixture(scope="module")
def survey():
    survey = with_weights(made_survey(600), made_weights(600))
    return with_answers(survey, margin=survey.answers["margin"].where(np.arange(600) % 9 > 0))


@pytest.fixture(scope="module")
def chain(survey):
    return chain_of(survey, draws=200)


def test_every_stage_is_that_of_two_models_and_explicit_customers(survey, chain):
    sets = [{"d0": 0.5}, {"d1": 0.25}, {"d2": 0.5}]
    rows = chain.table.set_index("driver")
    for one, expected in zip(sets, by_statsmodels(survey, survey.weights, sets), strict=True):
        found = rows.loc[next(iter(one)), list(STAGES)].astype(float)
        np.testing.assert_allclose(found, expected, rtol=1e-7)  # two logit solvers, gains of a hundredth


def test_a_draw_is_the_whole_chain_of_the_respondents_it_drew(survey):
    resample = repeated_draw(survey)
    chain = chain_of(survey, resample=resample)
    sets = [{"d0": 0.5}, {"d1": 0.25}, {"d2": 0.5}, {"d0": 0.5, "d1": 0.25}]
    expected = by_statsmodels(survey, drawn(survey, resample), sets)
    rows = chain.table.set_index("driver").loc[["d0", "d1", "d2"]]
    for end in ("low", "high"):
        ends = [f"{stage}_{end}" for stage in STAGES]
        np.testing.assert_allclose(rows[ends].astype(float), expected[:3], rtol=1e-7)
        np.testing.assert_allclose(chain.together[ends].astype(float), expected[3:], rtol=1e-7)


def test_a_cost_is_set_against_the_lifetime_value_in_every_draw(chain):
    rows = chain.table.set_index("driver")
    for driver, plan in PLAN.items():
        row = rows.loc[driver]
        assert row["net_value"] == pytest.approx(row["lifetime_value"] - plan.cost)
        assert row["net_value_low"] == pytest.approx(row["lifetime_value_low"] - plan.cost)
    assert (rows.loc["d0", "pays_probability"], rows.loc["d1", "pays_probability"]) == (1, 0)
    assert np.isnan(rows.loc["d2", "pays_probability"])


def test_all_plans_together_cost_the_sum_of_their_costs(chain):
    assert chain.together["cost"].tolist() == [10_001_000.0]


def test_together_has_no_cost_when_one_of_the_plans_has_none(survey):
    chain = chain_of(survey, {"d0": PlannedImprovement(0.5, 1000.0), "d1": PlannedImprovement(0.5)})
    assert chain.together["cost"].isna().all()


def test_without_a_plan_every_driver_rises_by_half_a_point(survey):
    chain = chain_of(survey, {})
    assert chain.together.empty
    assert chain.table["improvement"].tolist() == [0.5] * 3
    assert not chain.table["planned"].any()


def test_an_improvement_stops_at_the_top_of_the_drivers_scale(survey):
    chain = chain_of(survey, {"d0": PlannedImprovement(8.0, 1.0)})
    mean = np.average(survey.answers["d0"], weights=survey.weights)
    assert chain.table.set_index("driver").loc["d0", "improvement"] == pytest.approx(10 - mean)


def test_a_plan_beyond_the_top_of_the_scale_is_told_and_an_ordinary_one_is_not(survey, chain):
    beyond = chain_of(survey, {"d0": PlannedImprovement(8.0, 1.0), "d1": PlannedImprovement(0.1)})
    (notice,) = beyond.notices
    mean = np.average(survey.answers["d0"], weights=survey.weights)
    said = f"asks for 8.00 points more, but its mean of {mean:.2f} can rise by {10 - mean:.2f} at most"
    assert said in str(notice)
    assert "hoogstens" in Language("nl").say(notice.sentence)
    assert chain.notices == ()


def test_a_driver_near_its_top_is_compared_by_less_than_half_a_point(survey):
    assert not any("or less where the scale ends" in str(line) for line in explain(chain_of(survey, {})))
    high = with_answers(survey, d2=survey.answers["d2"].where(np.arange(survey.base) % 10 == 0, 10.0))
    assert any("0.50 points is assumed, to compare them, or less" in str(line) for line in explain(chain_of(high, {})))


def test_the_table_is_in_order_of_lifetime_value(chain):
    assert chain.table["lifetime_value"].is_monotonic_decreasing


def test_a_driver_that_lowers_satisfaction_loses_money(survey):
    worse = with_answers(survey, d0=11 - survey.answers["d0"])
    row = chain_of(worse).table.set_index("driver").loc["d0"]
    assert row["lifetime_value_high"] < 0
    assert row["positive_probability"] == 0


def test_leaving_that_is_dealt_out_at_random_is_worth_nothing_that_can_be_shown(survey):
    dealt = np.random.default_rng(3).permutation(survey.answers["left"])
    rows = chain_of(with_answers(survey, left=dealt), draws=200).table
    assert (rows["lifetime_value_low"] < 0).all()
    assert (rows["lifetime_value_high"] > 0).all()


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_only_the_ratios_of_weights_matter(survey, factor):
    found = chain_of(with_weights(survey, factor * survey.weights)).table[list(STAGES)].astype(float)
    np.testing.assert_allclose(found, chain_of(survey).table[list(STAGES)].astype(float), rtol=1e-7)


def test_more_customers_are_worth_as_many_times_more(survey, chain):
    many = chain_of(survey, terms=ValueTerms("margin", 0.1, 5, 30_000), draws=200)
    for column in ("yearly_margin", "lifetime_value_low"):
        np.testing.assert_allclose(many.table[column], 3 * chain.table[column], rtol=1e-12)
    np.testing.assert_allclose(many.table["retention_gain"], chain.table["retention_gain"], rtol=1e-12)
