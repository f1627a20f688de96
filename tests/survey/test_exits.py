"""The table [choice] of a client file, and the decisions of a survey as it says."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from drivers import joint_resample, load_client, load_survey
from drivers.analyses.cases import client_cases
from drivers.analyses.questions import Questions
from drivers.client.house import House
from drivers.errors import ConfigError, SurveyError
from drivers.present.cases import case
from drivers.simulate import vecht_survey

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "vecht-it"


@pytest.fixture
def folder(tmp_path):
    """A small survey beside the sample's client file, with few draws."""
    vecht_survey(np.random.default_rng(3), 300).to_csv(tmp_path / "survey.csv", index=False)
    text = (SAMPLE / "client.toml").read_text(encoding="utf-8")
    (tmp_path / "client.toml").write_text(text.replace("seed ", "draws = 100\nseed ", 1), encoding="utf-8")
    return tmp_path


def changed(folder, *pairs):
    file = folder / "client.toml"
    text = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    return file


def rewritten(folder, **columns):
    file = folder / "survey.csv"
    frame = pd.read_csv(file)
    frame.assign(**{name: make(frame) for name, make in columns.items()}).to_csv(file, index=False)


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        (('switch     = "switch"', 'switch     = "Stay"'), "choice.switch: is stay, as stay is"),
        (('"Overstapkosten"]', '"Overstapkost"]'), 'no battery.*Did you mean "Overstapkosten"'),
        (("early_warning       = true", "early_warning = false"), "means nothing without early_warning"),
        (('cluster    = "organisation"', ""), "expected survey.cluster"),
        (("minimum_respondents = 3", "minimum_respondents = 2"), "3 or more"),
        (('["switch_effort", ', '["trust", '), "is in Relatiekwaliteit and in Overstapkosten"),
        (('"Overstapkosten" = [', '"Servicekwaliteit" = ['), "name of its own"),
        (("prior_experience =", "switch_risk ="), "in the scale Overstapkosten too"),
        (('column     = "decision"', 'column     = "csat"'), "already used as satisfaction"),
        (('column     = "decision"', 'column     = "decisions"'), "decision"),
        (("backsource =", "backsourced ="), "backsource"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused_with_key_and_remedy(folder, pair, message):
    with pytest.raises(ConfigError, match=message):
        load_survey(load_client(changed(folder, pair)))


def test_decisions_are_read_by_the_values_that_the_client_file_names(folder):
    survey = load_survey(load_client(folder / "client.toml"))
    frame = pd.read_csv(folder / "survey.csv")
    places = frame["decision"].map({"stay": 0, "switch": 1, "backsource": 2}).fillna(-1)
    assert survey.choice.decisions.tolist() == places.tolist()
    assert survey.choice.organisations.tolist() == frame["organisation"].tolist()
    assert survey.choice.controls == ("prior_experience", "contract_age")


def test_decisions_may_be_numbers(folder):
    rewritten(folder, decision=lambda f: f["decision"].map({"stay": 1, "switch": 2, "backsource": 3}))
    pairs = [(f'= "{name}"', f"= {code}") for name, code in (("stay", 1), ("switch", 2), ("backsource", 3))]
    survey = load_survey(load_client(changed(folder, *pairs)))
    assert np.bincount(survey.choice.decisions + 1).min() > 0


def test_a_value_that_is_no_decision_is_named(folder):
    rewritten(folder, decision=lambda f: f["decision"].where(f.index % 10 > 0, "unknown"))
    with pytest.raises(SurveyError, match=r"choice.column.*unknown.*choice.missing"):
        load_survey(load_client(folder / "client.toml"))
    survey = load_survey(load_client(changed(folder, ("early_warning  ", 'missing = ["unknown"]\nearly_warning  '))))
    assert (survey.choice.decisions[::10] == -1).all()


def test_an_organisation_with_two_decisions_is_refused(folder):
    rewritten(folder, decision=lambda f: np.where(f.index == f["decision"].first_valid_index(), "other", f["decision"]))
    rewritten(folder, decision=lambda f: f["decision"].replace({"other": "backsource"}))
    frame = pd.read_csv(folder / "survey.csv")
    torn = frame.groupby("organisation")["decision"].nunique().gt(1).sum()
    if not torn:  # the first organisation took the work back already
        rewritten(folder, decision=lambda f: np.where(f.index == 0, "stay", f["decision"]))
    with pytest.raises(SurveyError, match="more than one decision"):
        load_survey(load_client(folder / "client.toml"))


def test_a_scale_that_nobody_was_asked_is_said_and_left_out(folder):
    blank = {name: lambda f: np.nan for name in ("switch_effort", "switch_risk", "switch_knowledge")}
    rewritten(folder, **blank)
    survey = load_survey(load_client(folder / "client.toml"))
    assert "Overstapkosten" not in survey.choice.scales
    assert any("Overstapkosten" in str(notice) for notice in survey.notices)


def test_organisations_stay_with_their_rows_when_respondents_are_left_out(folder):
    survey = load_survey(load_client(folder / "client.toml"))
    chosen = np.arange(survey.base) % 3 > 0
    kept = survey.rows(chosen).choice
    assert kept.organisations.tolist() == survey.choice.organisations[chosen].tolist()
    assert kept.decisions.tolist() == survey.choice.decisions[chosen].tolist()


def findings_of(file):
    """What a page needs to know of the findings, without the questions that are asked elsewhere."""
    client = load_client(file)
    survey = load_survey(client)
    questions = Questions(survey, client, joint_resample(survey, draws=100))
    cases = client_cases(questions, None, None)
    about = {"language": "nl", "currency": "EUR", "wave": None, "confidence": 0.95, "source": survey.source}
    quality = SimpleNamespace(repeated=False)
    return SimpleNamespace(cases=cases, unanswered=questions.unanswered, quality=quality, house=House(), **about)


def test_the_page_names_organisations_only_where_the_client_file_asks_for_it(folder):
    findings = findings_of(folder / "client.toml")
    page = case(findings, "choice")
    codes = set(pd.read_csv(folder / "survey.csv")["organisation"])
    listed = {cell for printed in page.tables for row in printed.rows for cell in row} & codes
    assert page.pictures
    assert listed or not findings.cases.early_warning.table["warned"].any()
    quiet = changed(folder, ("early_warning       = true", "early_warning = false"), ("minimum_respondents = 3", ""))
    findings = findings_of(quiet)
    assert findings.cases.early_warning is None
    text = case(findings, "choice")._repr_html_()
    assert not [code for code in codes if code in text]


def test_a_declared_case_without_an_answer_shows_its_reason(folder):
    frame = pd.read_csv(folder / "survey.csv")
    few = frame[(frame["decision"] != "backsource") | (frame.index < 60)]
    few.to_csv(folder / "survey.csv", index=False)
    findings = findings_of(folder / "client.toml")
    page = case(findings, "choice")
    assert findings.cases.choice is None
    assert "zeldzaamste" in page.lead
    assert not page.pictures


def test_a_case_that_is_not_declared_shows_nothing(folder):
    text = (folder / "client.toml").read_text(encoding="utf-8")
    (folder / "client.toml").write_text(text[: text.index("[choice]")], encoding="utf-8")
    assert case(findings_of(folder / "client.toml"), "choice") is None
