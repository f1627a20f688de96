"""A survey whose satisfied customers leave more often: said so on every page, never turned round and never hidden."""

from functools import cache

import numpy as np
import pytest

from drivers import client_findings, section, simulate_plan
from drivers.present.language import Language
from drivers.present.sections import SECTIONS
from drivers.present.verbs import explain
from made_surveys import made_client, made_survey, with_answers

PLAN = {"d0": {"improve": 0.5, "cost": 20_000, "improve_low": 0.2}, "d1": {"improve": 0.4, "cost": 30_000}}
CLAIMS = {
    "en": (
        "stay more often", "stayed longer", "a year more than if", "more margin", "plan pays", "plans together pay",
        "more satisfied customers spend more", "dissatisfaction and leaving", "not shown that satisfied customers are",
    ),
    "nl": (
        "blijven vaker", "bleven langer", "per jaar meer waard", "betaalt zich terug:", "betalen zich terug:",
        "besteden meer", "ontevredenheid als vertrek", "niet aangetoond dat tevreden klanten meer waard",
    ),
}  # fmt: skip
SAID = {
    "en": {
        "summary": ("leave more often", "a year less than if they were dissatisfied", "do not pay", "spend less"),
        "loyalty": (
            "leave more often",
            "left sooner",
            "spend less",
            "satisfaction and leaving",
            "goes with less of it",
        ),
        "value": ("a year less than if they were dissatisfied", "together worth", " less ("),
        "plan": ("do not pay", "goes with a loss", "improvements together go with a loss"),
    },
    "nl": {
        "summary": ("vertrekken tevreden klanten juist vaker", "minder waard", "niet terug", "juist minder"),
        "loyalty": ("juist vaker", "juist eerder", "juist minder", "tevredenheid als vertrek", "juist minder daarvan"),
        "value": ("per jaar minder waard", "minder per klant"),
        "plan": ("niet terug", "hoort een verlies"),
    },
}


@cache
def findings_of(code, sign=1.0):
    """Where `sign` is 1 the chance of leaving rises with satisfaction and spending falls; -1 is the usual world."""
    survey = made_survey(2000, seed=3)
    rng = np.random.default_rng(12)
    csat = survey.answers["csat"].to_numpy() - 6
    left = rng.random(2000) < 1 / (1 + np.exp(1.6 - sign * 0.45 * csat))
    months = np.ceil(rng.exponential(1 / (0.03 * np.exp(sign * 0.3 * csat))))
    spent = rng.gamma(2.0, 200 * np.exp(-sign * 0.12 * csat))
    survey = with_answers(
        survey,
        left=left.astype(float),
        months=np.minimum(months, 24.0),
        event=(months <= 24).astype(float),
        spent=spent,
    )
    loyalty = {"left": "left", "duration": "months", "event": "gone", "duration_from": "interview", "spending": "spent"}
    client = made_client(survey, plan=PLAN, language=code, loyalty=loyalty, budget={"amount": 40_000})
    return client_findings(survey, client)


def text_of(findings, name):
    shown = section(findings, name)
    listed = (line for _, lines in shown.lists for line in lines)
    return " ".join((shown.lead, *listed, *shown.paragraphs, *shown.notices))


@pytest.mark.parametrize("code", ["en", "nl"])
def test_no_page_claims_what_the_data_deny(code):
    for name in SECTIONS:
        text = text_of(findings_of(code), name)
        assert [claim for claim in CLAIMS[code] if claim.casefold() in text.casefold()] == [], name


@pytest.mark.parametrize("code", ["en", "nl"])
def test_the_claims_looked_for_are_those_of_the_usual_world(code):
    text = " ".join(text_of(findings_of(code, -1.0), name) for name in SECTIONS).casefold()
    there = [claim for claim in CLAIMS[code] if claim.casefold() in text]
    assert len(there) >= len(CLAIMS[code]) - 3  # one plan or several; not shown is for a third world


@pytest.mark.parametrize(("code", "name"), [(code, name) for code in SAID for name in SAID[code]])
def test_every_page_says_it_in_plain_words(code, name):
    text = text_of(findings_of(code), name)
    assert [words for words in SAID[code][name] if words not in text] == []


def test_every_number_keeps_its_sign():
    findings = findings_of("en")
    assert findings.loyalty.marginal_effect_high < 0
    assert findings.value.extra_yearly_high < 0
    rows = findings.chain.table.set_index("driver")
    assert rows.loc["d0", "yearly_margin_high"] < 0
    assert rows.loc["d0", "satisfaction_gain_low"] > 0  # the aspect raises satisfaction; that is what loses customers
    assert findings.plan.table["pays_probability"].max() < 0.01
    assert findings.budget is None
    known = findings.behaviour
    assert known.survival.model.iloc[0]["hazard_ratio_low"] > 1
    assert known.survival.gap_high < 0
    assert known.spending.effect_high < 0
    assert known.zones.table["zone_effect"].lt(0).all()


def test_a_simulated_improvement_loses_margin():
    told = explain(simulate_plan(findings_of("en").what_if, {"d0": 0.5}))
    assert "With this change goes -" in Language("en", "EUR").say(told[0])
