from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from drivers import client_findings, explain, joint_resample, section, spending_link, table
from drivers.core.linear import linear_fit
from drivers.core.moments import Moments
from drivers.errors import EstimationError
from drivers.present.language import Language
from followed_surveys import spending_survey
from made_surveys import drawn, made_client, made_weights, repeated_draw, with_answers, with_weights


def said(result, code="en"):
    return " ".join(Language(code).say(line) for line in explain(result))


def link_of(survey, draws=100, **keys):
    return spending_link(survey, "spent", joint_resample(survey, draws=draws), **keys)


def fitted(survey, weights):
    x = sm.add_constant(survey.answers[["csat", "tenure"]])
    return sm.GLM(survey.answers["spent"], x, family=sm.families.Poisson(), var_weights=weights).fit(tol=1e-12)


def test_the_effect_is_that_of_statsmodels_averaged_over_customers():
    survey = with_weights(spending_survey(), made_weights(600))
    kept = survey.rows(survey.weights > 0)
    found, other = link_of(survey), fitted(kept, kept.weights)
    assert found.relative == pytest.approx(np.expm1(other.params["csat"]), rel=1e-6)
    step = 1e-4
    up, down = (
        np.average(np.exp(other.params["csat"] * s) * other.fittedvalues, weights=kept.weights) for s in (step, -step)
    )
    assert found.effect == pytest.approx((up - down) / (2 * step), rel=1e-5)
    assert found.mean == pytest.approx(np.average(kept.answers["spent"], weights=kept.weights))


def test_a_draw_is_the_regression_of_the_respondents_it_drew():
    survey = spending_survey(300)
    resample = repeated_draw(survey)
    found = spending_link(survey, "spent", resample)
    w = drawn(survey, resample)
    kept = survey.rows(w > 0)
    other = fitted(kept, w[w > 0])
    expected = other.params["csat"] * np.average(kept.answers["spent"], weights=w[w > 0])
    assert found.effect_low == pytest.approx(expected, rel=1e-6)
    assert found.effect_high == pytest.approx(expected, rel=1e-6)


def test_the_added_share_is_what_satisfaction_adds_to_the_controls():
    survey = spending_survey()
    shares = []
    for names in (["tenure", "csat", "spent"], ["tenure", "spent"]):
        z = survey.answers[names].to_numpy()
        shares.append(float(linear_fit(Moments.from_rows(tuple(names), z, np.ones(len(z))).cross).r_squared))
    assert link_of(survey).added_share == pytest.approx(shares[0] - shares[1], abs=1e-10)


def test_known_effects_lie_in_their_intervals_and_none_is_shown_where_there_is_none():
    inside = shown = 0
    for seed in range(40):
        found = link_of(spending_survey(300, seed=seed), draws=200)
        inside += found.relative_low < np.expm1(0.08) < found.relative_high
        null = link_of(spending_survey(300, seed=seed, per_point=0.0), draws=200)
        shown += null.effect_low > 0 or null.effect_high < 0
    assert inside >= 33  # of 40 at 95%, and percentiles of 200 draws of a skewed amount
    assert shown <= 7


@pytest.mark.parametrize(
    ("per_point", "english", "dutch"),
    [
        (0.15, "More satisfied customers spend more:", "Tevredener klanten besteden meer:"),
        (-0.15, "In these data more satisfied customers spend less:", "besteden tevredener klanten juist minder:"),
        (0.0, "In these data it is not shown that satisfied customers spend more or less", "niet aangetoond"),
    ],
)
def test_sentences_say_no_more_than_the_interval(per_point, english, dutch):
    found = link_of(spending_survey(1500, per_point=per_point, seed=1))
    assert said(found).startswith(english)
    assert dutch in said(found, "nl")
    assert "-" not in said(found).split(":")[1].split("(")[0] or per_point == 0  # less, not minus less


def test_a_sure_but_tiny_effect_is_no_driver_of_spending():
    found = link_of(spending_survey(4000, per_point=0.03, seed=5))
    assert found.effect_low > 0
    assert found.added_share < 0.01
    assert said(found).startswith("More satisfied customers hardly spend more")
    assert "it does not decide what they spend" in said(found)


def test_clusters_count_once():
    survey = spending_survey(300)
    doubled = replace(
        survey,
        answers=survey.answers.loc[np.repeat(np.arange(300), 2)].reset_index(drop=True),
        weights=np.ones(600),
        clusters=np.repeat(np.arange(300), 2),
    )
    plain, copied = link_of(survey, draws=400), link_of(doubled, draws=400)
    assert copied.effect == pytest.approx(plain.effect)
    widths = [r.effect_high - r.effect_low for r in (plain, copied)]
    assert widths[0] == pytest.approx(widths[1], rel=0.25)  # two bootstraps of 400 draws


def test_the_means_of_groups_are_the_weighted_means():
    survey = with_weights(spending_survey(), made_weights(600))
    row = link_of(survey).groups.set_index("group").loc["satisfied"]
    among = (survey.answers["csat"] >= 8).to_numpy()
    mean = np.average(survey.answers["spent"][among], weights=survey.weights[among])
    assert row["mean_spending"] == pytest.approx(mean)
    assert row["mean_spending_low"] < mean < row["mean_spending_high"]
    assert link_of(survey, minimum_base=300).groups["suppressed"].all()
    table(link_of(survey))


@pytest.mark.parametrize(
    ("spent", "reason"),
    [
        (np.r_[-5.0, np.full(299, 20.0)], "below 0 for 1 customers"),
        (np.full(300, 20.0), "the same for everybody"),
        (np.r_[np.arange(20.0), np.full(280, np.nan)], "20 customers with an amount"),
    ],
)
def test_amounts_that_carry_nothing_are_refused(spent, reason):
    with pytest.raises(EstimationError, match=reason):
        link_of(with_answers(spending_survey(300), spent=spent))


def test_the_report_tells_spending_in_the_summary_and_under_loyalty():
    survey = spending_survey(600, per_point=-0.15)
    client = made_client(survey, leaving=False, loyalty={"spending": "spent"})
    findings = client_findings(survey, client)
    for name in ("summary", "loyalty"):
        shown = section(findings, name)
        listed = (line for _, lines in shown.lists for line in lines)
        assert "spend less" in " ".join((shown.lead, *listed, *shown.paragraphs)), name
    broken = client_findings(with_answers(survey, spent=3.0), client)
    shown = section(broken, "loyalty")
    assert "the same for everybody" in " ".join((shown.lead, *shown.paragraphs))
    assert "names no column for leaving" in " ".join(shown.paragraphs)
