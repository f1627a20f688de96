from dataclasses import replace

import numpy as np
import pytest

from drivers import (
    client_findings,
    explain,
    joint_resample,
    leaving_prediction,
    penalised_link,
    plot,
    retention_link,
    satisfaction_zones,
    section,
    table,
)
from drivers.core.discrimination import concordance
from drivers.core.logit import logit_coefficients
from drivers.errors import EstimationError
from drivers.present.language import Language
from made_surveys import made_client, made_survey, made_weights, with_answers, with_weights


def said(result, code="en"):
    return " ".join(Language(code).say(line) for line in explain(result))


def link_of(survey, draws=100):
    return retention_link(survey, joint_resample(survey, draws=draws))


def leaving_by(survey, odds, seed=1):
    random = np.random.default_rng(seed).random(survey.base)
    return with_answers(survey, left=(random < 1 / (1 + np.exp(-odds))).astype(float))


def zoned(n=4000):
    survey = made_survey(n)
    csat = survey.answers["csat"].to_numpy()
    return leaving_by(survey, 2.0 - np.minimum(csat, 4) - np.maximum(csat - 8, 0))


def separated(n=400):
    survey = made_survey(n)
    csat = survey.answers["csat"].to_numpy()
    return with_answers(survey, left=np.where(csat == 5, np.arange(n) % 2, csat < 5).astype(float))


def test_zones_of_defection_indifference_and_affection_are_found_where_they_are():
    found = satisfaction_zones(link_of(zoned()))
    assert found.points == (4.0, 8.0)
    assert list(found.table["zone_kind"]) == ["defection", "indifference", "affection"]
    assert found.table["base"].sum() == found.base
    assert found.table["customer_share"].sum() == pytest.approx(1.0)
    assert "zone of indifference" in said(found)
    assert "onverschilligheid" in said(found, "nl")
    assert len(table(found).rows) == 3


def test_the_effect_in_a_zone_is_the_mean_rise_of_the_bent_logit_over_it():
    link = link_of(zoned())
    found = satisfaction_zones(link)
    model = link.model
    bent = np.maximum(model.satisfaction[:, None] - [4.0, 8.0], 0)
    beta = logit_coefficients(np.column_stack([model.x, bent]), model.left, model.w[None], np.zeros(5))[0]
    stay = []
    for end in (4.0, 8.0):
        x = np.column_stack([model.x, np.tile(np.maximum(end - np.array([4.0, 8.0]), 0), (len(bent), 1))])
        x[:, 1] = end
        stay.append((1 / (1 + np.exp(x @ beta))).mean())
    assert found.table.loc[1, "zone_effect"] == pytest.approx((stay[1] - stay[0]) / 4, abs=1e-9)


def test_a_straight_link_is_one_zone_with_the_effect_of_the_whole_scale():
    link = link_of(made_survey(1500))
    found = satisfaction_zones(link)
    assert found.points == ()
    ends = [link.model.satisfaction.min(), link.model.satisfaction.max()]
    low, high = (kept.value for kept in link.model.retention_at(ends))
    assert found.table.loc[0, "zone_effect"] == pytest.approx((high - low) / (ends[1] - ends[0]))
    assert "No zones" in said(found)


def test_without_enough_leavers_along_the_scale_nothing_is_tested():
    survey = made_survey(300)
    few = np.zeros(300)
    few[np.argsort(survey.answers["csat"])[10:35]] = 1.0
    found = satisfaction_zones(link_of(with_answers(survey, left=few)), minimum_base=200)
    assert np.isnan(found.p)
    assert "too few" in said(found)


def test_an_uncertain_zone_is_not_called_indifferent():
    rows = satisfaction_zones(link_of(zoned(1500))).table
    for _, row in rows[rows["zone_kind"] == "indifference"].iterrows():
        assert row["zone_effect"] < rows["zone_effect"].max()


def test_the_forecast_of_each_customer_is_of_a_model_that_has_not_seen_the_customer():
    survey = made_survey(1200)
    link = link_of(survey)
    found = leaving_prediction(link, np.random.default_rng(7))
    model = link.model
    fold = np.random.default_rng(7).permutation(np.arange(1200) % 10)[np.unique(model.index, return_inverse=True)[1]]
    odds = np.empty(1200)
    for k in range(10):
        kept = fold != k
        beta = logit_coefficients(model.x[kept], model.left[kept], np.ones((1, kept.sum())), model.beta)[0]
        odds[~kept] = model.x[~kept] @ beta
    auc = concordance(odds, model.left, np.ones((1, 1200)))[0]
    assert found.table.set_index("measure").loc["auc", "value"] == pytest.approx(auc, abs=1e-9)
    assert not found.suspicious


def test_a_model_that_tells_nothing_is_no_better_than_a_coin():
    survey = leaving_by(made_survey(800, tenure=False), np.full(800, -1.0))
    assert "better than a coin" in said(leaving_prediction(link_of(survey)))


def test_near_perfect_forecasts_are_suspect():
    survey = made_survey(2000, tenure=False)
    survey = leaving_by(survey, 3.0 * (5.5 - survey.answers["csat"].to_numpy()))
    found = leaving_prediction(link_of(survey))
    assert found.suspicious
    assert "suspect" in said(found)


def test_answers_of_one_cluster_stay_in_one_fold():
    twice = made_survey(300)
    doubled = replace(
        twice,
        answers=twice.answers.loc[np.repeat(np.arange(300), 2)].reset_index(drop=True),
        weights=np.ones(600),
        clusters=np.repeat(np.arange(300), 2),
    )
    rows = leaving_prediction(link_of(doubled)).table.set_index("measure")
    single = leaving_prediction(link_of(twice)).table.set_index("measure")
    assert rows.loc["auc", "value"] == pytest.approx(single.loc["auc", "value"], abs=0.03)
    width = [r.loc["auc", "value_high"] - r.loc["auc", "value_low"] for r in (rows, single)]
    assert width[0] == pytest.approx(width[1], rel=0.35)  # not narrower for being written down twice


def test_weights_count_in_the_forecast_and_its_calibration():
    survey = with_weights(made_survey(1500), made_weights(1500))
    rows = leaving_prediction(link_of(survey)).table.set_index("measure")
    low, high = rows.loc["calibration_slope", ["value_low", "value_high"]]
    assert low < 1 < high
    assert rows.loc["brier", "value"] < rows.loc["brier_constant", "value"]


def test_separated_answers_get_a_penalised_fit_that_is_named():
    survey = separated()
    with pytest.raises(EstimationError, match="separates"):
        link_of(survey)
    found = penalised_link(survey)
    row = found.table.iloc[0]
    assert np.isfinite([row["log_odds_low"], row["log_odds_high"]]).all()
    assert row["log_odds_high"] < 0
    assert found.overlap == (5.0,)
    assert "Penalised logit (Firth" in str(found.method)
    assert "Only at 5 did" in said(found)
    assert "gepenaliseerde" in said(found, "nl")
    plot(found)


def test_more_leavers_among_the_satisfied_keep_their_sign():
    survey = separated()
    turned = with_answers(survey, left=1 - survey.answers["left"])
    assert penalised_link(turned).table.loc[0, "log_odds"] == pytest.approx(
        -penalised_link(survey).table.loc[0, "log_odds"], rel=1e-6
    )
    csat = made_survey(2000).answers["csat"].to_numpy()
    rising = link_of(leaving_by(made_survey(2000), -5 + 0.6 * csat))
    assert satisfaction_zones(rising).table["zone_effect"].lt(0).all()
    assert "leave more often" in said(rising)


def test_clusters_widen_the_penalised_interval():
    survey = separated()
    plain = penalised_link(survey).table.iloc[0]
    wide = penalised_link(replace(survey, clusters=np.repeat(np.arange(350), [2] * 50 + [1] * 300))).table.iloc[0]
    assert wide["log_odds"] == pytest.approx(plain["log_odds"])
    assert wide["log_odds_high"] > plain["log_odds_high"]
    assert wide["log_odds_low"] < plain["log_odds_low"]


def test_an_interval_without_an_end_is_said_to_have_none():
    found = penalised_link(replace(separated(), clusters=np.arange(400) // 10))
    assert np.isneginf(found.table.loc[0, "log_odds_low"])
    assert "no end" in said(found)
    assert "inf" not in str(table(found).rows)


def test_answers_that_are_not_separated_or_too_few_are_refused():
    with pytest.raises(EstimationError, match="no penalised fit is needed"):
        penalised_link(made_survey(400))
    with pytest.raises(EstimationError, match="needs 10 of each"):
        penalised_link(with_answers(made_survey(400), left=(np.arange(400) < 5).astype(float)))


def test_small_scale_points_are_suppressed():
    found = penalised_link(separated(), minimum_base=60)
    small = found.levels["base"].isna()
    assert small.any()
    assert found.levels.loc[small, ["retention", "penalised_retention"]].isna().all(axis=None)


@pytest.mark.parametrize("made", [separated, zoned])
def test_the_report_holds_what_was_found(made):
    survey = made()
    findings = client_findings(survey, made_client(survey))
    shown = section(findings, "loyalty")
    text = " ".join((shown.lead, *shown.paragraphs, *shown.methods))
    if made is separated:
        assert findings.loyalty is None
        assert findings.value is None
        assert "cannot be judged" in shown.lead
        assert "Firth 1993" in text
    else:
        assert "zone of indifference" in text
        assert "a coin does so in 50%" in text
