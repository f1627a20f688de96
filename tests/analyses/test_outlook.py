"""The outlook: what `drivers check` says a report will rest on and warn of, against the report itself."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from drivers import client_findings
from drivers.analyses.codebook import client_codebook
from drivers.analyses.exclusion import kept_survey
from drivers.analyses.outlook import report_outlook
from drivers.client import load_client
from drivers.errors import EstimationError
from drivers.present.codebook import codebook_text
from drivers.survey.interviews import Interviews
from drivers.survey.loading import load_survey
from made_surveys import made_client, made_survey, with_answers, with_weights
from survey_files import client_of, survey_frame

HERE = Path(__file__).resolve().parents[1]
DATA = HERE.parents[1] / "shared" / "data"
REAL = pytest.mark.skipif(not DATA.is_dir(), reason="the real surveys are not beside the project")
CLIENTS = ("bank_weighted", "bank_missing", "ecsi_mobi_batteries", "hbat", "sfo_airport_2017", "telco_v11")
LATER = {"data", "suppressor"}  # told of the survey itself, above the outlook; or by resamples only

pytestmark = pytest.mark.filterwarnings("ignore::drivers.errors.DriversWarning")


def holed(survey, **shares):
    rng = np.random.default_rng(8)
    columns = {c: survey.answers[c].mask(rng.random(survey.base) < share) for c, share in shares.items()}
    return with_answers(survey, **columns)


def kinds(notices):
    return {n.kind for n in notices}


@cache
def real(name):
    """The outlook of a real survey and the findings on it."""
    client = load_client(HERE / "clients" / f"{name}.toml").model_copy(update={"draws": 100})
    survey = load_survey(client)
    return report_outlook(kept_survey(survey, client), client), client_findings(survey, client)


@REAL
@pytest.mark.parametrize("name", CLIENTS)
def test_the_base_that_is_foretold_is_that_of_the_report(name):
    outlook, findings = real(name)
    assert outlook.base == findings.potential.base
    if findings.missing is not None:
        told = outlook.policies.set_index("policy")["base"].to_dict()
        found = findings.missing.policies.set_index("policy")["base"]
        assert {policy: base for policy, base in found.items() if base} == {p: told[p] for p in found.index[found > 0]}
        assert outlook.policy.name == findings.missing.chosen


@REAL
@pytest.mark.parametrize("name", CLIENTS)
def test_every_warning_of_the_report_is_foretold(name):
    outlook, findings = real(name)
    told = {str(n) for n in outlook.notices}
    if findings.importance is not None:
        assert {str(n) for n in findings.importance.notices if n.kind not in LATER} <= told
    assert {str(n) for n in findings.reliability.notices} <= told
    assert kinds(findings.notices) - LATER <= kinds(outlook.notices)
    asked = {name: str(findings.unanswered[name]) for name in ("loyalty", "value") if name in findings.unanswered}
    reasons = {name: reason for name, reason in asked.items() if "client file" not in reason}
    assert reasons == {name: str(reason) for name, reason in outlook.unanswered.items()}


@REAL
def test_the_bank_is_told_of_branch_and_the_telephone_company_of_separation():
    text = codebook_text(client_codebook(load_client(HERE / "clients" / "bank_weighted.toml")), "bank")
    assert (
        "696 with an answer on satisfaction, 244 with one on every driver too; the report on the drivers will use 244"
        in text
    )
    assert "Complete cases       244   35.1%  yes" in text
    assert "Used, as survey.missing_policy says." in text
    assert "! Branch alone costs most of what is lost: 35% of the questionnaires with an answer on satisfaction" in text
    telco = codebook_text(client_codebook(load_client(HERE / "clients" / "telco_v11.toml")), "telco")
    assert (
        "! No answer on loyalty: Satisfaction almost separates those who left from those who stayed: only at 3" in telco
    )
    supplier = codebook_text(client_codebook(load_client(HERE / "clients" / "hbat.toml")), "hbat")
    assert "can nearly be computed from one another" in supplier
    assert "E-commerce: the sign in the regression is opposite" in supplier


@pytest.mark.parametrize("policy", [None, "complete", "available", "not_applicable", "imputed"])
def test_each_policy_keeps_whom_it_keeps_in_the_report(policy):
    survey = replace(holed(made_survey(400), d0=0.3, d1=0.2, tenure=0.05, csat=0.1), missing_policy=policy)
    client = made_client(survey)
    outlook, findings = report_outlook(survey, client), client_findings(survey, client)
    assert outlook.base == findings.potential.base
    found = findings.missing.policies.set_index("policy")
    told = outlook.policies.set_index("policy")
    assert told["base"].to_dict() == found["base"].to_dict()
    assert told["kept_share"].to_dict() == pytest.approx(found["kept_share"].to_dict())
    assert told["chosen"].to_dict() == found["chosen"].to_dict()


def test_what_the_checks_leave_out_is_left_out_of_what_is_foretold():
    survey = with_weights(made_survey(300), 1 + np.arange(300) % 2)
    survey = replace(survey, interviews=Interviews(durations=np.where(np.arange(300) < 50, 60.0, 600.0)))
    client = made_client(survey)
    client = client.model_copy(update={"quality": client.quality.model_copy(update={"exclude": ("too_fast",)})})
    outlook = report_outlook(kept_survey(survey, client), client)
    assert outlook.base == 250 == client_findings(survey, client).potential.base


def quality_client(folder, frame, exclude):
    client_of(folder, frame, ("[drivers.items]", '[drivers.batteries]\nA = ["fix"]\n[drivers.items]'))
    path = folder / "client.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}[quality]\nexclude = {exclude}\n", encoding="utf-8")
    return load_client(path)


def test_the_codebook_is_of_those_who_are_left_and_says_who_is_not(tmp_path):
    frame = survey_frame(100)
    frame["customer_id"] = [f"c{i:03}" for i in [*range(80), *range(20)]]
    client = quality_client(tmp_path, frame, '["duplicate_respondents", "inconsistent"]')
    book = client_codebook(client)
    assert book.waves[0].base == 80
    text = codebook_text(book, "survey")
    assert "80 questionnaires, " in text
    assert "! Left out by quality.exclude: 20 of 100 (duplicate_respondents: 20)." in text
    assert "! Named in quality.exclude, but this wave does not allow the check: inconsistent." in text
    few = frame.assign(customer_id=[f"c{i:03}" for i in [*range(95), *range(5)]])
    text = codebook_text(client_codebook(quality_client(tmp_path, few, '["duplicate_respondents"]')), "survey")
    assert "! Left out by quality.exclude: fewer than 10 of 100 (duplicate_respondents: fewer than 10)." in text


def test_exclusions_that_leave_too_few_are_a_problem_beside_the_codebook(tmp_path):
    frame = survey_frame(60)
    frame["customer_id"] = [f"c{i % 5:03}" for i in range(60)]
    book = client_codebook(quality_client(tmp_path, frame, '["duplicate_respondents"]'))
    assert book.exit_code == 3
    assert book.waves[0].base == 60
    assert book.waves[0].outlook is None
    assert "respondents are left after the checks in quality.exclude" in codebook_text(book, "survey")


def test_answers_that_cannot_support_the_drivers_are_a_problem():
    survey = replace(made_survey(40), missing_policy="complete")
    thin = with_answers(survey, d0=survey.answers["d0"].where(np.arange(40) < 4))
    with pytest.raises(EstimationError, match="4 complete answers cannot support 4 drivers"):
        report_outlook(thin, made_client(thin))


@pytest.mark.parametrize("policy", ["complete", "available", "imputed"])
def test_drivers_that_cannot_be_told_apart_are_named(policy):
    survey = made_survey(400)
    twin = survey.answers["d0"] + 0.1 * np.random.default_rng(1).normal(size=400)
    for other in (twin, survey.answers["d0"]):
        made = replace(holed(with_answers(survey, d1=other), d2=0.1), missing_policy=policy)
        told = {n.kind: n.sentence.values for n in report_outlook(made, made_client(made)).notices}
        assert set(told["twins"]["names"]) == {"d0", "d1"}
        found = client_findings(made, made_client(made)).importance.notices
        assert kinds(found) - {"suppressor"} <= set(told)


def test_a_plan_that_asks_for_more_than_the_scale_is_foretold():
    survey = made_survey(300)
    client = made_client(survey, plan={"d0": {"improve": 8.0, "cost": 1.0}, "d1": {"improve": 0.2, "cost": 1.0}})
    (notice,) = [n for n in report_outlook(survey, client).notices if n.kind == "capped"]
    assert notice.sentence.values["label"] == "d0"
    assert [str(n) for n in client_findings(survey, client).chain.notices] == [str(notice)]


def test_questions_that_will_have_no_answer_are_told_with_the_reason():
    survey = made_survey(300)
    silent = with_answers(survey, left=(np.arange(300) < 3) * 1.0, intent=np.nan)
    outlook = report_outlook(silent, made_client(silent, intention=True))
    assert "number 3; a model of leaving on 2 columns needs 20" in str(outlook.unanswered["loyalty"])
    assert "intention" in kinds(outlook.notices)
    content = with_answers(survey, csat=survey.answers["csat"].clip(lower=6))
    reason = report_outlook(content, made_client(content)).unanswered["value"]
    assert "needs 30 satisfied and 30 dissatisfied" in str(reason)
    assert report_outlook(survey, made_client(survey)).unanswered == {}


def test_batteries_are_judged_before_any_report():
    survey = made_survey(400, slopes=(0.3, 0.3, 0.2, 0.2), halo=0.9)
    turned = with_answers(survey, d3=11 - survey.answers["d3"])
    turned = replace(turned, batteries=MappingProxyType({"A": ("d0", "d1", "d2", "d3")}))
    assert {"reversed", "unreliable"} <= kinds(report_outlook(turned, made_client(turned)).notices)
