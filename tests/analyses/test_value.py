from dataclasses import replace

import numpy as np
import pytest

from drivers import explain
from drivers.analyses.basis import joint_resample
from drivers.analyses.groups import Thresholds
from drivers.analyses.loyalty import retention_link
from drivers.analyses.terms import ValueTerms
from drivers.analyses.value import satisfaction_value
from drivers.core.logit import logit_coefficients
from drivers.errors import EstimationError
from drivers.present.language import Language
from made_surveys import drawn, made_survey, made_weights, repeated_draw, with_answers, with_weights

TERMS = ValueTerms(margin="margin", discount_rate=0.1, horizon_years=5, customers=10_000)
AMOUNTS = ("extra_per_customer", "extra_total", "extra_yearly")


def by_hand(survey, beta, weights, margin, reference, terms=TERMS):
    """Extra value of the satisfied, customer by customer and year by year; margin first, renewal next."""
    frame = survey.answers
    extra = weight = satisfied = 0.0
    for i in range(survey.base):
        csat, tenure = frame["csat"][i], frame["tenure"][i]
        if csat < 8:
            continue
        satisfied += weights[i]
        if np.isnan(margin[i]):
            continue
        worth = []
        for rating in (csat, reference):
            left = 1 / (1 + np.exp(-(beta[0] + beta[1] * rating + beta[2] * tenure)))
            kept = (1 - left) ** (12 / terms.period_months)
            worth.append(sum((kept / 1.1) ** year for year in range(terms.horizon_years)))
        extra += weights[i] * margin[i] * (worth[0] - worth[1])
        weight += weights[i]
    each = extra / weight
    total = each * satisfied / weights.sum() * terms.customers
    annuity = sum(1.1**-year for year in range(terms.horizon_years))
    return {"extra_per_customer": each, "extra_total": total, "extra_yearly": total / annuity}


def value_of(survey, terms=TERMS, draws=50, **options):
    return satisfaction_value(retention_link(survey, joint_resample(survey, draws=draws), **options), terms)


def mean_of_dissatisfied(survey):
    members = survey.answers["csat"] <= 5
    return np.average(survey.answers.loc[members, "csat"], weights=survey.weights[members])


@pytest.fixture(scope="module")
def survey():
    unknown = np.random.default_rng(8).random(600) < 0.1
    survey = with_weights(made_survey(600), made_weights(600))
    return with_answers(survey, margin=survey.answers["margin"].mask(unknown))


@pytest.fixture(scope="module")
def value(survey):
    return value_of(survey, draws=200)


@pytest.mark.parametrize("months", [12.0, 6.0])
def test_the_extra_value_is_the_sum_over_customers_and_years(survey, months):
    terms = replace(TERMS, period_months=months)
    link = retention_link(survey, joint_resample(survey, draws=20))
    found = satisfaction_value(link, terms)
    margin = survey.answers["margin"].to_numpy()
    expected = by_hand(survey, link.model.beta, survey.weights, margin, mean_of_dissatisfied(survey), terms)
    for name in AMOUNTS:
        assert getattr(found, name) == pytest.approx(expected[name], rel=1e-10)


def test_a_draw_is_the_sum_over_the_customers_it_drew(survey):
    resample = repeated_draw(survey)
    found = satisfaction_value(retention_link(survey, resample), TERMS)
    w = drawn(survey, resample)
    x = np.column_stack([np.ones(600), survey.answers[["csat", "tenure"]]])
    beta = logit_coefficients(x, survey.answers["left"].to_numpy(), w[None], np.zeros(3))[0]
    expected = by_hand(survey, beta, w, survey.answers["margin"].to_numpy(), mean_of_dissatisfied(survey))
    for name in AMOUNTS:
        assert getattr(found, f"{name}_low") == pytest.approx(expected[name], rel=1e-8)  # Newton's steps of 1e-10
        assert getattr(found, f"{name}_high") == pytest.approx(expected[name], rel=1e-8)


def test_every_amount_has_an_interval_around_it(value):
    for name in AMOUNTS:
        assert getattr(value, f"{name}_low") < getattr(value, name) < getattr(value, f"{name}_high")
    assert value.positive_probability == 1


def test_one_amount_for_all_is_a_column_of_that_amount(survey):
    column = value_of(with_answers(survey, margin=150.0))
    amount = value_of(survey, replace(TERMS, margin=150.0))
    assert amount.extra_yearly == pytest.approx(column.extra_yearly, rel=1e-12)
    assert amount.extra_yearly_low == pytest.approx(column.extra_yearly_low, rel=1e-12)


def test_twice_the_customers_are_worth_twice_as_much(survey, value):
    found = value_of(survey, replace(TERMS, customers=20_000), draws=200)
    assert found.extra_yearly_low == pytest.approx(2 * value.extra_yearly_low, rel=1e-12)
    assert found.extra_per_customer == pytest.approx(value.extra_per_customer, rel=1e-12)


def test_margins_in_arrears_are_worth_a_year_of_interest_less(survey, value):
    found = value_of(survey, replace(TERMS, timing="arrears"), draws=200)
    assert found.extra_total == pytest.approx(value.extra_total / 1.1, rel=1e-12)


def test_a_single_margin_that_comes_now_owes_nothing_to_satisfaction(survey):
    assert value_of(survey, replace(TERMS, horizon_years=1)).extra_total == 0


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_only_the_ratios_of_weights_matter(survey, value, factor):
    found = value_of(with_weights(survey, factor * survey.weights), draws=200)
    assert found.extra_yearly == pytest.approx(value.extra_yearly, rel=1e-9)
    assert found.extra_yearly_low == pytest.approx(value.extra_yearly_low, rel=1e-7)


def test_the_groups_stand_for_all_customers_and_are_worth_more_when_happier(value):
    assert value.table["customers"].sum() == pytest.approx(10_000)
    assert value.table["lifetime_value"].is_monotonic_increasing
    assert value.table["yearly_retention"].is_monotonic_increasing


def test_respondents_without_a_known_margin_are_not_in_the_base(survey, value):
    known = survey.answers["margin"].notna() & (survey.weights > 0)
    assert value.base == known.sum()


def test_a_group_under_the_minimum_base_shows_nothing_at_all(survey):
    # 6 and 7 are in between; without those of 6 only respondents of 7 remain, fewer than the two other groups
    link = retention_link(survey, joint_resample(survey, draws=20), limits=Thresholds(7, 6))
    table = satisfaction_value(link, TERMS).table.set_index("group")
    assert table.loc["in_between", "suppressed"]
    assert table.drop(columns="suppressed").loc["in_between"].isna().all()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_small_group_does_not_follow_from_the_total_either(survey, language):
    given, rows = survey.answers["csat"], np.arange(600)
    csat = np.where(rows < 400, given.clip(upper=5), np.where(rows < 420, 6.0, given.clip(lower=8)))
    found = value_of(with_answers(survey, csat=csat))
    hidden = found.table.set_index("group")["suppressed"]
    assert hidden.to_dict() == {"dissatisfied": False, "in_between": True, "satisfied": True}
    said = Language(language).say(explain(found)[1])
    assert "nan" not in said.lower()
    assert "–" not in said
    assert {"en": "over 5 years the satisfied customers", "nl": "zijn de tevreden klanten samen"}[language] in said


def test_too_few_dissatisfied_are_refused(survey):
    with pytest.raises(EstimationError) as error:
        value_of(survey, limits=Thresholds(8, 2))
    assert "needs 30 satisfied and 30 dissatisfied" in str(error.value.args[0])


def test_margins_that_nobody_has_are_refused_by_name(survey):
    with pytest.raises(EstimationError) as error:
        value_of(with_answers(survey, margin=np.nan))
    assert "No respondent has a value in margin" in str(error.value.args[0])
