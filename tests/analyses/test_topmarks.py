from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit
from statsmodels.miscmodels.ordinal_model import OrderedModel

from drivers import client_findings, explain, section, table, top_marks
from drivers.errors import EstimationError
from drivers.present.language import Language
from drivers.survey.survey import Scale
from made_surveys import made_client, made_survey, made_weights, with_answers, with_weights


def said(result, code="en"):
    return " ".join(Language(code).say(line) for line in explain(result))


def likely(n=800, *, slope=0.6, seed=0, points=10):
    """An intention from 1 to 10 whose log-odds rise `slope` a point of satisfaction."""
    survey = made_survey(n, seed=seed, tenure=False)
    latent = slope * survey.answers["csat"].to_numpy() + np.random.default_rng(seed + 9).logistic(size=n)
    cuts = slope * 6 + np.linspace(-4, 4, points - 1)
    scales = {**survey.scales, "intent": Scale(1, points)}
    return replace(with_answers(survey, intent=1.0 + np.searchsorted(cuts, latent)), scales=scales), cuts


def fitted(survey):
    model = OrderedModel(survey.answers["intent"].to_numpy(), survey.answers[["csat"]].to_numpy(), distr="logit")
    found = model.fit(method="bfgs", disp=False, gtol=1e-8, maxiter=500)
    cuts = np.cumsum(np.r_[found.params[1], np.exp(found.params[2:])])
    return float(found.params[0]), cuts, float(found.bse[0])


def test_effect_and_odds_ratio_are_those_of_statsmodels():
    survey, _ = likely()
    slope, cuts, error = fitted(survey)
    found = top_marks(survey, "intent")
    assert found.odds_ratio == pytest.approx(np.exp(slope), rel=1e-4)  # their gradient is numerical
    p = expit(slope * survey.answers["csat"] - cuts[-2])  # 9 or 10: the last cut-point but one
    assert found.effect == pytest.approx(float((slope * p * (1 - p)).mean()), rel=1e-4)
    reach = np.log(found.odds_ratio_high / found.odds_ratio)
    assert reach == pytest.approx(1.96 * error, rel=0.1)  # robust against model-based, where the model holds
    assert found.top_share == pytest.approx((survey.answers["intent"] >= 9).mean())
    assert found.from_point == 9


def test_the_share_at_a_point_is_the_model_s():
    survey, _ = likely()
    slope, cuts, _ = fitted(survey)
    rows = top_marks(survey, "intent").table.set_index("satisfaction")
    for point in (4.0, 7.0, 9.0):
        assert rows.loc[point, "top_two_given"] == pytest.approx(expit(slope * point - cuts[-2]), rel=1e-3)
        assert rows.loc[point, "top_two_given_low"] < rows.loc[point, "top_two_given"]


def test_known_effects_lie_in_their_intervals():
    inside = 0
    for seed in range(40):
        survey, cuts = likely(300, seed=seed)
        many = 0.6 * made_survey(20_000, seed=999, tenure=False).answers["csat"] - cuts[-2]
        truth = float((0.6 * expit(many) * expit(-many)).mean())
        found = top_marks(survey, "intent")
        inside += found.effect_low < truth < found.effect_high
    assert inside >= 34  # of 40 at 95%


def test_nothing_is_shown_where_there_is_nothing():
    found = top_marks(likely(slope=0.0)[0], "intent")
    assert "makes a difference to that is not shown" in said(found)
    assert "niet aangetoond" in said(found, "nl")


def test_weights_count_as_that_many_respondents_and_clusters_once():
    survey, _ = likely(900, points=5)
    counts = np.random.default_rng(1).integers(1, 4, 900)
    twice = np.repeat(np.arange(900), counts)
    copied = replace(
        survey,
        answers=survey.answers.loc[twice].reset_index(drop=True),
        weights=np.ones(counts.sum()),
        clusters=twice,
    )
    one, other = top_marks(with_weights(survey, counts), "intent"), top_marks(copied, "intent")
    assert one.effect == pytest.approx(other.effect, rel=1e-8)
    assert one.effect_low == pytest.approx(other.effect_low, rel=1e-3)
    zero = top_marks(with_weights(survey, made_weights(900)), "intent")
    assert zero.base == int((made_weights(900) > 0).sum())


def test_points_that_few_chose_join_their_neighbours_but_never_across_the_border():
    survey, _ = likely(400)
    intent = survey.answers["intent"].to_numpy()
    intent = np.where(intent == 10, 9, np.where(intent <= 3, 4, intent))
    intent[:3] = [10, 1, 2]
    found = top_marks(with_answers(survey, intent=intent), "intent")
    assert found.top_share == pytest.approx((intent >= 9).mean())
    assert np.isfinite([found.effect_low, found.effect_high]).all()
    table(found)


def test_long_scales_few_top_marks_and_separation_are_refused():
    survey, _ = likely(400)
    with pytest.raises(EstimationError, match="different answers; ordered answers have 11 at most"):
        top_marks(with_answers(survey, intent=np.arange(400.0) % 50), "intent")
    with pytest.raises(EstimationError, match="10 of each are needed"):
        top_marks(with_answers(survey, intent=np.where(np.arange(400) < 5, 10.0, 5.0)), "intent")
    with pytest.raises(EstimationError, match="separate"):
        top_marks(with_answers(survey, intent=survey.answers["csat"]), "intent")


def test_the_report_tells_top_marks_beside_the_linear_link():
    survey, _ = likely(400)
    findings = client_findings(survey, made_client(survey, leaving=False, intention=True))
    text = section(findings, "loyalty")
    assert "give 9 or higher on intent" in " ".join((text.lead, *text.paragraphs))
    assert "An intention is not behaviour" in " ".join(text.paragraphs)
    long = client_findings(
        with_answers(survey, intent=survey.answers["intent"] + np.arange(400) % 7 / 10),
        made_client(survey, leaving=False, intention=True),
    )
    assert long.behaviour.top_marks is None
    assert long.intention is not None
