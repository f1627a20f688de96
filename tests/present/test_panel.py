import html
from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import pytest

from drivers.analyses.findings import client_findings
from drivers.analyses.whatif import simulate_plan
from drivers.errors import EstimationError
from drivers.present.language import Language
from drivers.present.panel import what_if_panel
from drivers.present.parts import table_html
from drivers.present.verbs import explain, table
from drivers.wording import sentence
from made_surveys import made_client, made_survey


@pytest.fixture(scope="module")
def findings():
    survey = made_survey(300)
    return client_findings(survey, made_client(survey))


@pytest.mark.parametrize("changes", [{"d0": 0.5}, {"d0": 0.25, "d1": -0.3}, {"d2": 1.0}])
def test_the_panel_shows_the_numbers_of_simulate_plan(findings, changes):
    panel, expected = what_if_panel(findings), simulate_plan(findings, changes)
    for driver, change in changes.items():
        panel.sliders[driver].value = change
    pd.testing.assert_frame_equal(panel.result.table, expected.table, check_exact=True)
    assert panel.changes == pytest.approx(changes)
    language = Language(findings.language, findings.currency)
    assert str(table_html(table(expected, language))) in panel.answer.value
    for line in explain(expected):
        assert html.escape(language.say(line), quote=False) in html.unescape(panel.answer.value).replace("&", "&amp;")


def test_every_slider_ends_where_its_scale_ends(findings):
    panel = what_if_panel(findings)
    for row in findings.what_if.table.itertuples():
        slider = panel.sliders[row.driver]
        assert row.scale_low - row.mean <= slider.min <= row.scale_low - row.mean + slider.step
        assert row.scale_high - row.mean - slider.step <= slider.max <= row.scale_high - row.mean
        assert slider.value == 0


def test_reset_brings_every_slider_and_number_back(findings):
    panel = what_if_panel(findings)
    before = panel.answer.value
    panel.sliders["d0"].value, panel.sliders["d1"].value = 0.5, -0.2
    assert panel.answer.value != before
    panel.reset.click()
    assert panel.changes == {}
    assert panel.answer.value == before


def test_a_change_beyond_what_the_answers_allow_says_so_and_shows_no_number(findings):
    panel = what_if_panel(findings)
    for slider in panel.sliders.values():
        slider.value = slider.min
    assert panel.result is None
    assert "Make the changes smaller." in panel.answer.value
    assert "<table" not in panel.answer.value


def test_the_panel_speaks_the_language_of_the_client_in_its_currency(findings):
    panel = what_if_panel(replace(findings, language="nl", currency="USD"))
    panel.sliders["d0"].value = 0.5
    assert "Vandaag: gemiddelde tevredenheid" in panel.answer.value
    assert "+0,50" in panel.children[0].children[2].value
    assert "US$" in panel.answer.value


def test_a_hostile_label_is_shown_as_text(findings):
    label = "<img src=x onerror=alert(1)> $x^2$"
    given = findings.what_if
    hostile = replace(given, table=given.table.assign(label=label))
    panel = what_if_panel(replace(findings, what_if=hostile))
    panel.sliders["d0"].value = panel.sliders["d0"].max
    shown = [panel.answer.value, *(line.children[0].value for line in panel.children[: len(panel.sliders)])]
    assert not [text for text in shown if "<img" in text]
    assert html.unescape(shown[1]) == label


def test_findings_without_amounts_have_no_panel_but_a_reason(findings):
    reason = sentence("The client file has no [value] table.")
    without = replace(findings, what_if=None, unanswered=MappingProxyType({"plan": reason}))
    with pytest.raises(EstimationError, match=r"Nothing can be simulated\. The client file has no"):
        what_if_panel(without)


def test_what_a_browser_rounds_is_no_change(findings):
    panel = what_if_panel(findings)
    panel.sliders["d1"].value = -8.9e-16
    panel.sliders["d0"].value = 0.30000000000000004
    assert panel.changes == {"d0": 0.3}
    assert "→" not in panel.children[1].children[2].value
