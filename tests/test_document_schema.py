"""docs/findings.schema.json: what findings.json holds, for programs."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest

from drivers import client_findings, load_client, load_survey
from drivers.document_schema import findings_schema
from drivers.glossary import GLOSSARY
from drivers.present.document import findings_document
from drivers.reference import EXAMPLE
from drivers.schema import sample_findings as findings_of_example
from source_tree import ROOT

PUBLISHED = ROOT / "docs" / "findings.schema.json"


@pytest.fixture(scope="module")
def schema():
    return json.loads(PUBLISHED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def validator(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture(scope="module")
def example():
    return findings_of_example(EXAMPLE)


def read_back(findings):
    return json.loads(json.dumps(findings_document(findings), allow_nan=False))


def test_the_published_schema_is_what_the_classes_say(schema, example):
    assert schema == findings_schema(example), "run `make docs`"


@pytest.mark.parametrize("wave", ["2024", "2025"])
def test_findings_of_a_sample_client_keep_to_it(validator, sample_findings, wave):
    assert not list(validator.iter_errors(read_back(sample_findings[wave])))


@pytest.mark.parametrize("name", ["vecht-it", "maasland-verzekeringen"])
def test_findings_on_the_cases_keep_to_it(validator, name):
    client = load_client(Path(ROOT) / "data" / "sample" / name / "client.toml").model_copy(update={"draws": 100})
    assert not list(validator.iter_errors(read_back(client_findings(load_survey(client), client))))


def test_findings_with_every_question_answered_keep_to_it(validator, example):
    assert not list(validator.iter_errors(read_back(example)))


def broken(document, change):
    document = copy.deepcopy(document)
    change(document)
    return document


BREAKS = {
    "a key too many": lambda d: d.update(surprise=1),
    "a key too few": lambda d: d.pop("loyalty"),
    "text for a number": lambda d: d["potential"].update(mean="7.2"),
    "a column nobody explains": lambda d: d["importance"]["table"][0].update(nonsense=1.0),
    "text in a column of numbers": lambda d: d["importance"]["table"][0].update(share="most"),
    "a number as a label": lambda d: d["importance"]["table"][0].update(label=3),
    "half a person": lambda d: d["importance"].update(base=10.5),
    "a result that is text": lambda d: d.update(value="much"),
    "an older version": lambda d: d.update(schema_version="1.9"),
    "a warning that is no text": lambda d: d["warnings"].append({}),
}


@pytest.mark.parametrize("what", BREAKS)
def test_it_refuses(validator, sample_findings, what):
    document = read_back(sample_findings["2025"])
    assert not list(validator.iter_errors(document))
    assert list(validator.iter_errors(broken(document, BREAKS[what])))


def objects(schema):
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for value in schema.values():
            yield from objects(value)


def test_every_key_has_a_meaning_and_every_object_says_which_keys_it_takes(schema):
    found = list(objects(schema))
    assert len(found) > 50
    for one in found:
        assert "propertyNames" in one or one["additionalProperties"] is False
        assert all("$ref" in key or key["description"] for key in one["properties"].values())
    assert all(schema["$defs"][f"column.{name}"]["description"] for name in GLOSSARY)


def test_its_name_is_no_address(schema):
    assert schema["$id"].startswith("urn:satisfaction-drivers:findings:2.")
