"""The table [contracts] of a client file, and the kinds of contract of a survey as it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from drivers import client_findings, load_client, load_survey
from drivers.errors import ConfigError, SurveyError
from drivers.present.cases import case
from drivers.simulate import vecht_survey

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "vecht-it"


@pytest.fixture
def folder(tmp_path):
    """A small survey beside the sample's client file, with few draws."""
    vecht_survey(np.random.default_rng(3), 200).to_csv(tmp_path / "survey.csv", index=False)
    text = (SAMPLE / "client.toml").read_text(encoding="utf-8")
    start, end = text.index("# What the client organisations decided"), text.index("# The kind of contract")
    text = text[:start] + text[end:]
    (tmp_path / "client.toml").write_text(text.replace("seed ", "draws = 100\nseed ", 1), encoding="utf-8")
    return tmp_path


def changed(folder, old, new):
    file = folder / "client.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


def rewritten(folder, **columns):
    file = folder / "survey.csv"
    frame = pd.read_csv(file)
    frame.assign(**{name: make(frame) for name, make in columns.items()}).to_csv(file, index=False)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"Resultaatafspraak"', '"inspanningscontract"', "contracts.kinds: has the label"),
        ("bonus_malus = ", '"Effort" = ', "contracts.kinds: has the value"),
        ("sla_kept         =", "size =", "contracts.operations: column .size. is in contracts.adjust too"),
        ("sla_kept         =", "trust =", "is one of drivers.items"),
        ("equivalence_margin = 0.25", "equivalence_margin = 0", "contracts.equivalence_margin"),
        ('column = "contract"', 'column = "csat"', "already used as satisfaction"),
        ('column = "contract"', 'column = "kontract"', "contract"),
        ("equivalence_margin", "equal_margin", "equivalence_margin"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused_with_key_and_remedy(folder, old, new, message):
    with pytest.raises(ConfigError, match=message):
        load_survey(load_client(changed(folder, old, new)))


def test_kinds_stand_in_the_order_of_the_client_file_and_an_empty_cell_is_none(folder):
    first = pd.read_csv(folder / "survey.csv")["organisation"].iloc[0]
    rewritten(folder, contract=lambda f: f["contract"].where(f["organisation"] != first))
    plan = load_survey(load_client(folder / "client.toml")).contracts
    frame = pd.read_csv(folder / "survey.csv")
    places = frame["contract"].map({"effort": 0, "result": 1, "bonus_malus": 2}).fillna(-1)
    assert plan.kinds.codes.tolist() == places.tolist()
    assert plan.kinds.groups == ("Inspanningscontract", "Resultaatafspraak", "Bonus-malus")
    assert plan.adjust == ("size", "contract_age")


def test_an_unknown_kind_two_kinds_and_a_share_that_is_none_are_refused(folder):
    whole = (folder / "survey.csv").read_text(encoding="utf-8")
    wrong = {
        "not quoted": {"contract": lambda f: f["contract"].where(f.index > 0, "lease")},
        "more than one kind": {"contract": lambda f: np.resize(["effort", "result"], len(f))},
        "expected shares": {"sla_kept": lambda f: -f["sla_kept"]},
    }
    for message, columns in wrong.items():
        (folder / "survey.csv").write_text(whole, encoding="utf-8")
        rewritten(folder, **columns)
        with pytest.raises(SurveyError, match=message):
            load_survey(load_client(folder / "client.toml"))


def test_a_column_that_this_wave_did_not_ask_is_left_out_with_a_notice(folder):
    rewritten(folder, sla_kept=lambda f: np.nan)
    survey = load_survey(load_client(folder / "client.toml"))
    assert survey.contracts.operations == ("repair_within_4h",)
    assert any("SLA" in str(notice) for notice in survey.notices)


def findings_of(file):
    client = load_client(file)
    return client_findings(load_survey(client), client)


def test_the_page_shows_gaps_slopes_and_balance(folder):
    page = case(findings_of(folder / "client.toml"), "contracts")
    assert page.pictures
    assert len(page.tables) == 3
    assert "Gemiddelde tevredenheid: Inspanningscontract" in " ".join(page.paragraphs)


def test_a_declared_case_without_an_answer_shows_its_reason(folder):
    rewritten(folder, contract=lambda f: "effort")
    page = case(findings_of(folder / "client.toml"), "contracts")
    assert "Minder dan twee soorten contract" in page.lead
    assert not page.pictures


def test_a_case_that_is_not_declared_shows_nothing(folder):
    text = (folder / "client.toml").read_text(encoding="utf-8")
    (folder / "client.toml").write_text(text[: text.index("# The kind of contract")], encoding="utf-8")
    assert case(findings_of(folder / "client.toml"), "contracts") is None
