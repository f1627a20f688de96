import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drivers.analyses.findings import client_findings
from drivers.analyses.reasons import NO_AMOUNT, NO_RISE, WRONG_ASPECTS
from drivers.client import load_client
from drivers.errors import EstimationError
from drivers.present.document import findings_document
from drivers.present.sections import SECTIONS, section
from drivers.present.sentences import explain
from drivers.simulate import noordzee_truth
from drivers.survey.loading import load_survey
from made_surveys import made_client, made_survey, with_answers, with_weights

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample" / "noordzee-telecom"
RANKING = {"share", "rank", "letters", "first_probability", "slope", "relative_weight", "share_of_variance"}


@pytest.fixture(scope="module")
def waves():
    client = load_client(SAMPLE / "client.toml").model_copy(update={"draws": 200})
    return {wave: client_findings(load_survey(client, wave), client) for wave in ("2024", "2025")}


@pytest.fixture(scope="module")
def truth():
    return noordzee_truth(np.random.default_rng(77), population=200_000)


@pytest.fixture(scope="module")
def survey():
    return made_survey(600)


def keys_of(value):
    """Every key anywhere in a JSON document."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def findings_of(survey, **options):
    return client_findings(survey, made_client(survey, **options))


def printed(findings):
    return "\n".join(section(findings, name)._repr_html_() for name in SECTIONS)


def test_the_second_wave_puts_the_four_simulated_drivers_in_their_order(waves, truth):
    found = waves["2025"].importance.table["driver"].tolist()
    true = sorted(truth.shares, key=truth.shares.get, reverse=True)
    assert found[:4] == true[:4] == ["first_time_fix", "promise_kept", "empathy", "knowledge"]


def test_the_shares_and_slopes_of_the_second_wave_are_near_the_truth(waves, truth):
    table = waves["2025"].importance.table.set_index("driver")
    for driver, share in truth.shares.items():
        assert table.loc[driver, "share"] == pytest.approx(share, abs=0.03)  # two to three standard errors
        reach = 2 * (table.loc[driver, "slope_high"] - table.loc[driver, "slope_low"])  # four times half of it
        assert table.loc[driver, "slope"] == pytest.approx(truth.recorded_slopes[2025][driver], abs=reach / 2)


def test_the_interval_of_the_extra_value_holds_the_truth(waves, truth):
    value = waves["2025"].value
    told = re.search(r"the same, a year\*\* \| \*\*€ ([\d.]+) million", (SAMPLE / "README.md").read_text("utf-8"))
    assert truth.extra_value_a_year == pytest.approx(
        1e6 * float(told[1]), rel=0.02
    )  # 200,000 customers: half a per cent
    assert value.extra_yearly_low < truth.extra_value_a_year < value.extra_yearly_high


def test_the_intervals_of_retention_hold_the_truth(waves, truth):
    link = waves["2025"].loyalty
    assert link.marginal_effect_low < -truth.marginal_effect < link.marginal_effect_high
    table = link.table.set_index("term")
    for term in ("csat", "tenure"):
        assert table.loc[term, "log_odds_low"] < truth.leaving[term] < table.loc[term, "log_odds_high"]


@pytest.mark.parametrize("wave", ["2024", "2025"])
def test_the_reach_of_the_aspects_is_near_the_truth(waves, truth, wave):
    found = waves[wave].potential
    rows = found.table.set_index("measure")
    assert rows.loc["rise", "value"] == pytest.approx(truth.reach[int(wave)], abs=0.15)  # two standard errors
    assert rows.loc["r_squared", "value"] == pytest.approx(truth.r_squared[int(wave)], abs=0.03)


def test_the_first_wave_measured_the_wrong_aspects_and_nothing_ranks_them(waves):
    findings = waves["2024"]
    assert (findings.potential.verdict, findings.potential.certain) == ("wrong_aspects", True)
    assert findings.importance is None
    assert findings.chain is None
    assert (findings.unanswered["drivers"], findings.unanswered["plan"]) == (WRONG_ASPECTS, NO_AMOUNT)
    assert findings.value is not None
    assert not keys_of(findings_document(findings)) & RANKING
    assert findings.potential.aspects["driver"].tolist()[:3] == ["talk_time", "greeting", "waiting_music"]
    assert len(findings.potential.aspects) == 12


def test_the_second_wave_answers_every_question(waves):
    assert dict(waves["2025"].unanswered) == {}
    assert keys_of(findings_document(waves["2025"])) >= RANKING


def test_the_findings_of_a_made_survey_are_answered_in_full(survey):
    findings = findings_of(survey, intention=True, plan={"d0": {"improve": 0.5, "cost": 1000}})
    assert set(findings.unanswered) == {"groups"}  # no segments are named
    assert findings.intention.slope_low > 0
    assert findings.chain.table["planned"].sum() == 1


def test_a_permuted_outcome_draws_no_ranking_in_any_section(survey):
    dealt = np.random.default_rng(2).permutation(survey.answers["csat"])
    findings = findings_of(with_answers(survey, csat=dealt))
    assert findings.potential.verdict == "wrong_aspects"
    assert findings.importance is findings.chain is None
    assert not keys_of(findings_document(findings)) & RANKING
    assert "strongest driver" not in printed(findings)


def test_permuted_leaving_is_not_shown_to_follow_satisfaction(survey):
    dealt = np.random.default_rng(3).permutation(survey.answers["left"])
    findings = findings_of(with_answers(survey, left=dealt), draws=200)
    for result in (findings.loyalty, findings.value):
        assert "not shown" in explain(result)[0].template
    assert "no gain is shown" in explain(findings.chain)[0].template


def test_aspects_that_predict_but_cannot_raise_are_not_said_to_say_nothing(survey):
    turned = with_answers(survey, **{d: 11 - survey.answers[d] for d in survey.drivers})
    findings = findings_of(turned)
    assert findings.potential.cross_validated > 0.3
    assert findings.potential.rise < 0
    assert findings.importance is None
    assert (findings.unanswered["drivers"], findings.unanswered["plan"]) == (NO_RISE, NO_AMOUNT)


def test_one_resample_serves_all_questions(survey):
    findings = findings_of(survey)
    model = findings.loyalty.model
    assert model.resample.draws == findings.draws == findings.importance.draws == 100
    assert findings_of(survey).value.extra_yearly_low == findings.value.extra_yearly_low


def test_another_seed_moves_the_ends_but_not_the_estimate(survey):
    first, second = findings_of(survey, seed=1), findings_of(survey, seed=2)
    assert first.value.extra_yearly == second.value.extra_yearly
    assert first.value.extra_yearly_low != second.value.extra_yearly_low


@pytest.mark.parametrize("answer", [5.0, np.nan])
def test_an_intention_without_differences_or_answers_costs_no_other_question(survey, answer):
    findings = findings_of(with_answers(survey, intent=answer), intention=True)
    assert findings.intention is None
    assert findings.importance is not None
    assert [n.kind for n in findings.notices if n.kind != "rising_retention"] == ["intention"]
    assert "The link to intent was not computed" in printed(findings)


def test_margins_that_nobody_has_leave_value_and_plan_open_with_the_reason(survey):
    findings = findings_of(with_answers(survey, margin=np.nan))
    assert findings.value is findings.chain is None
    for name in ("value", "plan"):
        assert "No respondent has a value in margin" in str(findings.unanswered[name])
        assert "No respondent has a value in margin" in section(findings, name).lead
    assert findings.loyalty is not None


def test_separation_leaves_loyalty_and_money_open_with_the_reason(survey):
    findings = findings_of(with_answers(survey, left=(survey.answers["csat"] <= 5).astype(float)))
    assert findings.loyalty is findings.value is findings.chain is None
    assert "csat separates those who left" in str(findings.unanswered["loyalty"])
    assert findings.importance is not None


def test_questions_that_were_not_asked_say_so(survey):
    findings = findings_of(survey, leaving=False)
    assert set(findings.unanswered) == {"groups", "loyalty", "value", "plan"}
    assert all("client file" in str(findings.unanswered[name]) for name in ("groups", "loyalty", "value"))


def test_suppressed_groups_show_no_number_anywhere(survey):
    limited = made_client(survey, satisfaction={"column": "csat", "scale": [1, 10], "satisfied": 7, "dissatisfied": 6})
    findings = client_findings(survey, limited)
    document = findings_document(findings)
    for rows in (document["loyalty"]["groups"], document["value"]["table"]):
        hidden = next(row for row in rows if row["group"] == "in_between")
        assert hidden["suppressed"]
        assert {v for k, v in hidden.items() if k not in ("group", "suppressed")} == {None}


@pytest.mark.parametrize(
    "awkward",
    [
        lambda s: with_answers(s, d2=s.answers["d0"]),
        lambda s: with_answers(s, d2=5.0),
        lambda s: with_weights(s, np.arange(600) % 3),
        lambda s: replace(s, clusters=np.arange(600) // 3),
        lambda s: replace(s, controls=(), answers=s.answers.drop(columns="tenure")),
        lambda s: replace(s, drivers=("d0",)),
    ],
    ids=["duplicated", "constant", "zero_weights", "clusters", "no_controls", "one_driver"],
)
def test_an_awkward_survey_gets_a_whole_report_without_a_warning(survey, awkward):
    made = awkward(survey)
    findings = findings_of(made)
    assert findings.importance is not None
    assert findings.chain is not None
    words = re.sub(r"<svg.*?</svg>", "", printed(findings), flags=re.DOTALL).lower()
    assert not re.findall(r"\bnan\b", words)


@pytest.mark.parametrize("scale", [(1, 5), (0, 10), (1, 7)])
def test_every_usual_scale_gets_a_whole_report(scale):
    findings = findings_of(made_survey(1500, scale=scale))
    assert set(findings.unanswered) == {"groups"}  # no segments are named


def test_too_few_complete_answers_refuse_the_report(survey):
    with pytest.raises(EstimationError, match="0 complete answers"):
        findings_of(with_answers(survey, d1=np.nan))


def test_the_value_section_warns_of_constant_retention_where_tenure_keeps_customers(waves):
    findings = waves["2025"]
    told = [notice for notice in findings.notices if notice.kind == "rising_retention"]
    assert len(told) == 1
    shown, summary = section(findings, "value"), section(findings, "summary")
    assert any("Klantduur in jaren" in notice for notice in shown.notices)
    assert not any("Klantduur in jaren" in notice for notice in summary.notices)
