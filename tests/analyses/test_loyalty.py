import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from drivers import explain, plot
from drivers.analyses.basis import joint_resample
from drivers.analyses.groups import Thresholds
from drivers.analyses.loyalty import retention_link
from drivers.errors import EstimationError
from made_surveys import drawn, made_survey, made_weights, repeated_draw, with_answers, with_weights


def link_of(survey, draws=50, **options):
    return retention_link(survey, joint_resample(survey, draws=draws), **options)


def fitted(survey, weights=None):
    x = sm.add_constant(survey.answers[[survey.outcome, *survey.controls]])
    w = survey.weights if weights is None else weights
    return sm.GLM(survey.answers["left"], x, family=sm.families.Binomial(), freq_weights=w).fit(tol=1e-12)


def kept_at(survey, beta, satisfaction, weights):
    """Retention by standardisation: everyone at this satisfaction, own controls."""
    x = np.column_stack([np.ones(survey.base), np.full(survey.base, satisfaction), survey.answers[["tenure"]]])
    return np.average(1 - 1 / (1 + np.exp(-x @ beta)), weights=weights)


@pytest.fixture(scope="module")
def survey():
    return made_survey(600)


@pytest.fixture(scope="module")
def link(survey):
    return link_of(survey, draws=200)


def test_the_marginal_effect_is_that_of_statsmodels(survey, link):
    model = sm.Logit(survey.answers["left"], sm.add_constant(survey.answers[["csat", "tenure"]])).fit(disp=0)
    assert link.marginal_effect == pytest.approx(-model.get_margeff(at="overall").margeff[0], abs=1e-7)  # Logit's 1e-8


def test_the_weighted_marginal_effect_is_the_weighted_mean_of_the_slopes():
    survey = with_weights(made_survey(600), made_weights(600))
    fit = fitted(survey)
    p = fit.fittedvalues
    expected = -np.average(p * (1 - p), weights=survey.weights) * fit.params["csat"]
    assert link_of(survey).marginal_effect == pytest.approx(expected, abs=1e-10)


def test_a_draw_is_the_logit_of_the_respondents_it_drew():
    survey = with_weights(made_survey(600), made_weights(600))
    resample = repeated_draw(survey)
    link = retention_link(survey, resample)
    w = drawn(survey, resample)
    fit = fitted(survey, w)
    p = fit.fittedvalues
    effect = -np.average(p * (1 - p), weights=w) * fit.params["csat"]
    assert link.marginal_effect_low == pytest.approx(effect, abs=1e-9)  # two Newton solvers, steps of 1e-10
    assert link.marginal_effect_high == pytest.approx(effect, abs=1e-9)
    row = link.curve.set_index("satisfaction").loc[8.0]
    assert row["retention_low"] == pytest.approx(kept_at(survey, fit.params.to_numpy(), 8.0, w), abs=1e-9)


def influence_of(survey, beta):
    """Each respondent's score times the inverse of the information, weights included, written out."""
    x = np.column_stack([np.ones(survey.base), survey.answers[["csat", "tenure"]]])
    p = 1 / (1 + np.exp(-x @ beta))
    information = (x * (survey.weights * p * (1 - p))[:, None]).T @ x
    scores = x * (survey.weights * (survey.answers["left"].to_numpy() - p))[:, None]
    return scores @ np.linalg.inv(information)


def reach_of(link):
    return (link.table["log_odds_high"] - link.table["log_odds"]).to_numpy()


def test_a_simple_sample_has_the_errors_of_the_sandwich(survey):
    link = link_of(survey, confidence=0.9)
    beta = link.table["log_odds"].to_numpy()
    influence = influence_of(survey, beta)
    errors = np.sqrt(np.diag(influence.T @ influence))  # statsmodels corrects HC1 of a GLM for no degrees of freedom
    np.testing.assert_allclose(reach_of(link) / stats.norm.ppf(0.95), errors, rtol=1e-8)
    np.testing.assert_allclose(link.table["odds_ratio"], np.exp(beta))
    assert "coefficients with robust (HC1) errors" in str(link.method)


def test_weighted_coefficients_have_linearised_errors(survey):
    survey = with_weights(survey, made_weights(600))
    link = link_of(survey)
    counted = survey.weights > 0
    influence, n = influence_of(survey, link.table["log_odds"].to_numpy())[counted], counted.sum()
    errors = np.sqrt(n / (n - 1) * (influence**2).sum(axis=0))  # they add to nothing, so their mean is 0
    np.testing.assert_allclose(reach_of(link) / stats.t.ppf(0.975, n - 1), errors, rtol=1e-8)
    assert "coefficients with design-based (linearised) errors" in str(link.method)


def test_the_errors_of_clusters_are_those_of_statsmodels_but_for_its_small_sample_factor(survey):
    clusters = np.arange(600) // 5
    link = link_of(replace(survey, clusters=clusters))
    x = sm.add_constant(survey.answers[["csat", "tenure"]])
    model = sm.GLM(survey.answers["left"], x, family=sm.families.Binomial())
    plain = {"groups": clusters, "use_correction": False}
    errors = np.sqrt(120 / 119) * model.fit(cov_type="cluster", cov_kwds=plain, tol=1e-12).bse
    np.testing.assert_allclose(reach_of(link) / stats.t.ppf(0.975, 119), errors, rtol=1e-8)


def test_weights_strata_and_clusters_come_together_in_the_errors(survey):
    clusters, strata = np.arange(600) // 4, np.repeat([0, 1, 2], [100, 200, 300])
    design = replace(with_weights(survey, 0.5 + np.arange(600) % 3), clusters=clusters, strata=strata)
    link = link_of(design)
    influence = influence_of(design, link.table["log_odds"].to_numpy())
    variance = np.zeros(3)
    for stratum in range(3):
        units = np.unique(clusters[strata == stratum])
        totals = np.stack([influence[clusters == unit].sum(axis=0) for unit in units])
        variance += len(units) / (len(units) - 1) * ((totals - totals.mean(axis=0)) ** 2).sum(axis=0)
    np.testing.assert_allclose(reach_of(link) / stats.t.ppf(0.975, 150 - 3), np.sqrt(variance), rtol=1e-8)


def test_a_household_of_two_equal_answers_tells_as_much_as_one(survey):
    twice = replace(
        survey,
        answers=pd.concat([survey.answers] * 2, ignore_index=True),
        weights=np.ones(1200),
        clusters=np.tile(np.arange(600), 2),
    )
    single = reach_of(link_of(replace(survey, strata=np.zeros(600, dtype=int))))
    np.testing.assert_allclose(reach_of(link_of(twice)), single, rtol=1e-7)


def test_units_without_an_answer_still_count_as_drawn(survey):
    holes = with_answers(survey, tenure=survey.answers["tenure"].where(np.arange(600) >= 60))
    strata = np.repeat([0, 1], 300)
    some = link_of(replace(holes, strata=strata))
    known = replace(survey.rows(np.arange(600) >= 60), strata=strata[60:])
    assert (reach_of(some) > reach_of(link_of(known))).all()  # that sixty did not answer is chance too
    np.testing.assert_allclose(reach_of(some), reach_of(link_of(known)), rtol=0.02)


def test_the_errors_are_the_spread_of_the_joint_draws():
    single = made_survey(400, seed=4)
    household, rng = np.repeat(np.arange(400), 2), np.random.default_rng(2)
    answers = single.answers.iloc[household].reset_index(drop=True)
    twice = replace(single, answers=answers, clusters=household, strata=household // 200)
    design = with_weights(twice, rng.uniform(0.3, 3.0, 400)[household])
    link = retention_link(design, joint_resample(design, draws=1000))
    spread = link.model.draws.std(axis=0)
    np.testing.assert_allclose(spread, link.model.fitted.error, rtol=0.1)  # 1,000 draws: 2%; the rest is curvature
    alone = link_of(replace(design, clusters=None, strata=None)).model.fitted.error
    np.testing.assert_allclose(spread, np.sqrt(2) * alone, rtol=0.1)


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_only_the_ratios_of_weights_matter(survey, factor):
    survey = with_weights(survey, made_weights(600))
    expected, found = link_of(survey), link_of(with_weights(survey, factor * survey.weights))
    assert found.marginal_effect == pytest.approx(expected.marginal_effect, rel=1e-9)
    assert found.marginal_effect_low == pytest.approx(expected.marginal_effect_low, rel=1e-7)
    np.testing.assert_allclose(found.table["log_odds_low"], expected.table["log_odds_low"], rtol=1e-7)


def test_the_curve_is_retention_at_every_point_that_somebody_gave(survey, link):
    beta = link.table["log_odds"].to_numpy()
    points = sorted(survey.answers["csat"].unique())
    assert link.curve["satisfaction"].tolist() == points
    expected = [kept_at(survey, beta, point, np.ones(600)) for point in points]
    np.testing.assert_allclose(link.curve["retention"], expected, atol=1e-10)
    assert (link.curve["retention_low"] < link.curve["retention"]).all()
    assert (link.curve["retention"] < link.curve["retention_high"]).all()


def test_the_groups_are_counted_by_hand(survey, link):
    frame = survey.answers
    groups = {"dissatisfied": frame["csat"] <= 5, "in_between": frame["csat"].between(6, 7)}
    groups["satisfied"] = frame["csat"] >= 8
    rows = link.groups.set_index("group")
    for name, members in groups.items():
        assert rows.loc[name, "base"] == members.sum()
        assert rows.loc[name, "customer_share"] == pytest.approx(members.mean())
        assert rows.loc[name, "mean_satisfaction"] == pytest.approx(frame.loc[members, "csat"].mean())
        assert rows.loc[name, "retention"] == pytest.approx(1 - frame.loc[members, "left"].mean())
        low, high = rows.loc[name, ["retention_low", "retention_high"]]
        assert low < rows.loc[name, "retention"] < high
    assert link.retention == pytest.approx(1 - frame["left"].mean())


def test_a_group_under_the_minimum_base_shows_nothing_at_all(survey):
    rows = link_of(survey, limits=Thresholds(8, 2)).groups.set_index("group")
    assert rows.loc["dissatisfied", "suppressed"]
    assert rows.drop(columns="suppressed").loc["dissatisfied"].isna().all()
    assert rows.loc["satisfied"].notna().all()


def test_a_small_group_does_not_follow_from_the_total_either(survey):
    csat = survey.answers["csat"].clip(lower=4).where(np.arange(600) >= 5, 1.0)  # five dissatisfied, under 3
    link = link_of(with_answers(survey, csat=csat), limits=Thresholds(8, 3))
    rows = link.groups.set_index("group")
    smaller = "satisfied" if (csat >= 8).sum() < csat.between(4, 7).sum() else "in_between"
    assert rows["suppressed"].pipe(lambda s: s.index[s].tolist()) == sorted(["dissatisfied", smaller])
    assert rows.drop(columns="suppressed").loc[smaller].isna().all()
    assert not any("Of the satisfied" in str(line) for line in explain(link))


def test_a_picture_without_a_group_that_may_be_shown_is_the_curve_alone(link):
    hidden = replace(link, groups=link.groups.assign(suppressed=True))
    assert len(plot(hidden).axes[0].lines) < len(plot(link).axes[0].lines)


def test_a_group_of_exactly_the_minimum_base_is_shown(survey):
    members = int((survey.answers["csat"] <= 5).sum())
    assert not link_of(survey, minimum_base=members).groups["suppressed"][0]
    assert link_of(survey, minimum_base=members + 1).groups["suppressed"][0]


def test_a_group_without_anybody_is_suppressed(survey):
    rows = link_of(survey, limits=Thresholds(8, 0)).groups.set_index("group")
    assert rows.loc["dissatisfied", "suppressed"]


def test_respondents_without_an_answer_on_leaving_are_left_out(survey):
    unknown = survey.answers["left"].where(np.arange(600) % 6 > 0)
    link = link_of(with_answers(survey, left=unknown))
    assert link.base == 500
    rows = np.arange(600) % 6 > 0
    expected = fitted(replace(survey, answers=survey.answers[rows], weights=np.ones(500))).params
    np.testing.assert_allclose(link.table["log_odds"], expected, atol=1e-9)


@pytest.mark.parametrize("unit", [(0.0, 1.0), (1e5, 2e4), (1.6e9, 1e6)])
def test_a_control_in_euros_or_seconds_costs_no_draw(survey, link, unit):
    origin, size = unit
    found = link_of(with_answers(survey, tenure=origin + size * survey.answers["tenure"]), draws=200)
    for part in ("marginal_effect", "marginal_effect_low", "marginal_effect_high"):
        assert getattr(found, part) == pytest.approx(getattr(link, part), rel=1e-6)  # 1.6e9 leaves ten digits


def test_leaving_that_is_dealt_out_at_random_has_an_effect_around_zero(survey):
    dealt = np.random.default_rng(3).permutation(survey.answers["left"])
    link = link_of(with_answers(survey, left=dealt), draws=200)
    assert link.marginal_effect_low < 0 < link.marginal_effect_high


def test_too_few_who_left_are_refused_with_the_number_needed(survey):
    left = np.zeros(600)
    left[:19] = 1
    with pytest.raises(EstimationError) as error:
        link_of(with_answers(survey, left=left))
    assert "number 19; a model of leaving on 2 columns needs 20" in str(error.value.args[0])


@pytest.mark.parametrize(("left", "told"), [(0.0, "Nobody in these data left"), (1.0, "Everybody in these data left")])
def test_where_all_left_or_none_that_is_the_reason_given(survey, left, told):
    with pytest.raises(EstimationError, match=told):
        link_of(with_answers(survey, left=left))


def test_satisfaction_that_separates_is_refused_by_name(survey):
    with pytest.raises(EstimationError, match="csat separates"):
        link_of(with_answers(survey, left=(survey.answers["csat"] <= 5).astype(float)))


@pytest.mark.parametrize("kind", ["all but one point", "two columns together"])
def test_separation_by_more_than_one_clean_cut_is_refused_without_other_warnings(survey, kind):
    frame = survey.answers
    left = frame["csat"] + frame["tenure"] / 3 < 8
    if kind == "all but one point":
        left = (frame["csat"] < 5) | ((frame["csat"] == 5) & (frame["d0"] > 6))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(EstimationError, match=r"separates? those who left"):
            link_of(with_answers(survey, left=left.astype(float)))
