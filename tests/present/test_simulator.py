"""The page runs the suite's own script and no other, and the simulator says nothing that the findings do not hold."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from drivers.analyses.findings import client_findings
from drivers.core.packing import unpacked
from drivers.errors import ReportError
from drivers.present.language import Language
from drivers.present.page import report_page
from drivers.present.script import SIMULATOR
from drivers.present.sections import section
from drivers.present.simulator import plan_simulator
from made_surveys import made_client, made_survey

POLICY = re.compile(r'Content-Security-Policy" content="([^"]*)"')


@pytest.fixture(scope="module")
def findings():
    survey = made_survey(300)
    return client_findings(survey, made_client(survey, plan={"d0": {"improve": 0.5, "cost": 1000}}))


def page(*outputs):
    cells = [new_code_cell("", outputs=[new_output("display_data", data={"text/html": html})]) for html in outputs]
    return report_page(new_notebook(cells=cells), client="Noordzee", wave="2024", language="nl")


@pytest.fixture(scope="module")
def shown(findings):
    return page(section(findings, "plan")._repr_html_())


def test_the_script_is_small_and_calls_for_nothing():
    assert len(SIMULATOR.text.encode()) < 15_000
    for call in ("eval(", "Function(", "innerHTML", "outerHTML", "document.write", "fetch(", "XMLHttp", "import"):
        assert call not in SIMULATOR.text, call
    assert "</" not in SIMULATOR.text


def test_the_policy_names_the_one_script_by_its_hash(shown):
    (script,) = re.findall(r"<script>(.*?)</script>", shown, re.DOTALL)
    known = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{known}';" in POLICY.search(shown)[1]
    assert "unsafe-inline'; img" in POLICY.search(shown)[1]
    assert script == SIMULATOR.text


def test_a_page_without_a_simulator_runs_no_script():
    plain = page("<p>Result</p>")
    assert "<script" not in plain
    assert "script-src" not in POLICY.search(plain)[1]
    assert "what-if" not in plain


@pytest.mark.parametrize("script", ["<script>alert(1)</script>", SIMULATOR.element])
def test_a_script_of_an_output_is_refused_beside_the_own_one(findings, script):
    with pytest.raises(ReportError, match="a <script> element"):
        page(section(findings, "plan")._repr_html_(), script)


def test_the_same_findings_give_the_same_page(findings, shown):
    assert page(section(findings, "plan")._repr_html_()) == shown


def test_the_model_holds_what_simulate_plan_reads(findings):
    given = findings.what_if
    model = json.loads(plan_simulator(findings, Language("nl")).model)
    assert [one["mean"] for one in model["drivers"]] == given.table["mean"].tolist()
    assert [one["cost"] for one in model["drivers"]] == [1000, None, None]
    assert unpacked(model["slopes"], (given.draws + 1, 3))[0] == pytest.approx(given.table["slope"], rel=1e-6)
    assert model["style"] == {"decimal": ",", "group": ".", "symbol": "€", "apart": True, "and": " en "}


def test_the_simulator_speaks_the_language_of_the_report(findings):
    dutch, english = (plan_simulator(findings, Language(code)) for code in ("nl", "en"))
    ours, theirs = (json.loads(one.model)["words"] for one in (dutch, english))
    same = {name for name in ours if ours[name] == theirs[name]}
    assert same == {"moved"}
    assert not set(dutch.words.values()) & set(english.words.values()) - {"Reset"}


def test_findings_without_amounts_have_no_simulator(findings):
    without = replace(findings, what_if=None)
    assert plan_simulator(without, Language()) is None
    assert "what-if" not in section(without, "plan")._repr_html_()


def test_a_label_of_a_client_never_becomes_markup(findings):
    label = "\"><script>alert(1)</script>{{7*7}}'"
    given = replace(findings.what_if, table=findings.what_if.table.assign(label=label, driver=label))
    html = section(replace(findings, what_if=given), "plan")._repr_html_()
    assert "<script" not in html
    assert len(re.findall(r'data-model="[^"<>]*"', html)) == 1


def test_a_step_is_a_round_hundredth_of_the_scale_or_less(findings):
    given = findings.what_if
    steps = {}
    for high in (1, 4, 5, 6, 7, 10, 11, 100):
        table = given.table.assign(scale_low=0.0, scale_high=float(high))
        simulator = plan_simulator(
            SimpleNamespace(
                what_if=replace(given, table=table),
                plan=None,
                wave=None,
                source="",
                quality=SimpleNamespace(repeated=0),
            ),
            Language(),
        )
        steps[high] = json.loads(simulator.model)["drivers"][0]["step"]
    assert steps == {1: 0.01, 4: 0.01, 5: 0.05, 6: 0.05, 7: 0.05, 10: 0.1, 11: 0.1, 100: 1.0}
    assert np.all([step <= high / 100 for high, step in steps.items()])
