import json

import numpy as np
import pytest

from drivers.analyses.findings import client_findings
from drivers.present.document import SCHEMA_VERSION, findings_document, write_findings
from made_surveys import made_client, made_survey, with_answers


@pytest.fixture(scope="module")
def findings():
    survey = made_survey(600)
    return client_findings(survey, made_client(survey, intention=True, plan={"d0": {"improve": 0.5, "cost": 1000}}))


@pytest.fixture(scope="module")
def document(findings, tmp_path_factory):
    file = tmp_path_factory.mktemp("findings") / "findings.json"
    write_findings(findings, file)
    return json.loads(file.read_text(encoding="utf-8"), parse_constant=pytest.fail)


def test_the_file_is_the_document(findings, document):
    assert document == findings_document(findings)
    assert document["schema_version"] == SCHEMA_VERSION


def test_numbers_are_kept_at_full_precision(findings, document):
    table = findings.importance.table
    assert [row["share"] for row in document["importance"]["table"]] == table["share"].tolist()
    assert document["value"]["extra_yearly_low"] == findings.value.extra_yearly_low
    assert [row["lifetime_value"] for row in document["chain"]["table"]] == findings.chain.table[
        "lifetime_value"
    ].tolist()
    assert document["loyalty"]["marginal_effect"] == findings.loyalty.marginal_effect


def test_the_answers_and_the_model_are_not_written(findings, document):
    assert "model" not in document["loyalty"]
    longest = max(len(v) for v in document["loyalty"].values() if isinstance(v, list))
    assert longest <= 10  # points of the scale, not respondents or draws


def test_missing_numbers_are_null(document):
    assert {row["driver"]: row["cost"] for row in document["chain"]["table"]} == {"d0": None, "d1": None, "d2": None}
    assert {row["driver"]: row["total_cost"] for row in document["plan"]["table"]} == {"d0": 1000}
    assert [row["driver"] for row in document["plan"]["tornado"] if row["input"] == "costs"] == [None]


def test_numbers_that_are_not_finite_are_null():
    survey = made_survey(600)
    turned = 11 - survey.answers["d0"]  # no twin that an average with d0 would make sense of
    doubled = with_answers(survey, d2=turned, margin=np.nan)
    found = findings_document(client_findings(doubled, made_client(doubled)))
    json.dumps(found, allow_nan=False)
    assert [row["vif"] for row in found["importance"]["table"] if row["driver"] != "d1"] == [None]
    assert found["value"] is None


def test_methods_and_reasons_are_sentences_without_braces(document):
    for part in ("potential", "importance", "loyalty", "intention", "value", "chain"):
        assert document[part]["method"].endswith(".")
        assert "{" not in document[part]["method"]


def test_a_wave_of_the_wrong_aspects_has_null_for_what_is_not_answered():
    survey = made_survey(600)
    dealt = with_answers(survey, csat=np.random.default_rng(2).permutation(survey.answers["csat"]))
    document = findings_document(client_findings(dealt, made_client(dealt)))
    assert document["importance"] is document["chain"] is None
    assert document["unanswered"]["drivers"].startswith("No ranking is drawn")


def test_the_same_survey_gives_the_same_bytes(findings, tmp_path):
    again = made_survey(600)
    twin = client_findings(again, made_client(again, intention=True, plan={"d0": {"improve": 0.5, "cost": 1000}}))
    for name, found in (("a.json", findings), ("b.json", twin)):
        write_findings(found, tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_without_a_file_nothing_is_written(findings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_findings(findings, None)
    assert list(tmp_path.iterdir()) == []
