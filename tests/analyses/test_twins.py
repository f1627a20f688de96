"""Drivers that cannot be told apart, and many drivers, go through the whole report."""

from dataclasses import replace

import numpy as np
import pytest

import drivers
from drivers.analyses.chain import PlannedImprovement, value_chain
from drivers.analyses.findings import client_findings
from drivers.analyses.terms import value_terms
from drivers.analyses.twins import united_survey
from drivers.present.sections import SECTIONS, section
from drivers.survey.survey import Scale
from made_surveys import made_client, made_survey, with_answers

SHOWN = ("drivers", "robustness", "shape", "priorities", "plan")


def with_driver(survey, **columns):
    """The survey with these drivers more, on the scale of the first."""
    scales = dict.fromkeys(columns, survey.scales[survey.drivers[0]])
    added = with_answers(survey, **columns)
    return replace(
        added,
        drivers=(*survey.drivers, *columns),
        scales={**survey.scales, **scales},
        labels={**survey.labels, **{c: f"Label of {c}" for c in columns}},
    )


def near_copy(survey, driver):
    """Answers that differ from those on the driver by a point, for one in ten."""
    rng, own = np.random.default_rng(5), survey.answers[driver]
    return (own + (rng.random(len(own)) < 0.1) * rng.choice([-1, 1], len(own))).clip(1, 10)


def told(findings, language):
    spoken = replace(findings, language=language)
    return {name: section(spoken, name)._repr_html_() for name in SECTIONS}


@pytest.mark.parametrize("exact", [True, False])
def test_twins_are_one_driver_in_every_section(exact):
    survey = made_survey(600)
    first = survey.drivers[0]
    twins = with_driver(survey, twin=survey.answers[first] if exact else near_copy(survey, first))
    found = client_findings(twins, made_client(twins, draws=100, plan={"twin": {"improve": 0.4, "cost": 1000}}))
    name = f"{first} + twin"
    for result in (found.importance, found.robustness, found.halo, found.shape, found.curves, found.necessity):
        assert name in set(result.table["driver"])
        assert not {first, "twin"} & set(result.table["driver"])
    chain = found.chain.table.set_index("driver")
    assert (chain.loc[name, "planned"], chain.loc[name, "improvement"]) == (True, 0.4)
    assert found.plan.table.set_index("driver").loc[name, "total_cost"] == pytest.approx(1000)
    for language in ("en", "nl"):
        pages = told(found, language)
        assert all("Label of twin" in pages[part] for part in SHOWN)


def test_of_drivers_that_follow_from_one_another_only_the_ranking_speaks():
    survey = made_survey(600)
    a, b = survey.drivers[:2]
    triple = with_driver(survey, mean=(survey.answers[a] + survey.answers[b]) / 2)
    found = client_findings(triple, made_client(triple, draws=100))
    assert f"{a} + {b} + mean" in set(found.importance.table["driver"])
    assert {"robustness", "shape", "priorities", "plan"} <= set(found.unanswered)
    assert found.robustness is found.halo is found.shape is found.priorities is found.chain is found.outcomes is None
    for language, reason in (("en", "their mean says nothing"), ("nl", "hun gemiddelde niets zegt")):
        pages = told(found, language)
        assert all(reason in pages[part] for part in SHOWN[1:])


def test_forty_drivers_go_through_every_section():
    survey = made_survey(900)
    rng = np.random.default_rng(3)
    common = survey.answers[list(survey.drivers)].mean(axis=1)
    more = {
        f"n{k:02}": np.rint(common + 1.5 * rng.normal(size=900)).clip(1, 10) for k in range(40 - len(survey.drivers))
    }
    many = with_driver(survey, **more)
    found = client_findings(many, made_client(many, draws=100))
    assert len(found.importance.table) == 40
    assert found.importance.orders > 0
    for language, said in (("en", "balanced orders"), ("nl", "gebalanceerde volgorden")):
        pages = told(found, language)
        assert said in pages["drivers"]


def test_a_survey_without_twins_is_itself_and_a_united_one_too():
    survey = made_survey(300)
    assert united_survey(survey) is survey
    twins = united_survey(with_driver(survey, twin=survey.answers[survey.drivers[0]]))
    assert united_survey(twins) is twins


def test_twins_are_averaged_with_all_that_belongs_to_them():
    survey = made_survey(300)
    a = survey.drivers[0]
    twins = with_driver(survey, twin=near_copy(survey, a).where(np.arange(300) != 7))
    said = with_answers(twins, said_a=np.full(300, 4.0), said_twin=np.full(300, 6.0))
    said = replace(
        said,
        stated={a: "said_a", "twin": "said_twin"},
        scales={**said.scales, "said_a": Scale(1, 10), "said_twin": Scale(1, 10)},
        missing_policy="complete",
    )
    one, name = united_survey(said), f"{a} + twin"
    assert one.drivers == (name, *survey.drivers[1:])
    assert np.isnan(one.answers[name][7])
    assert one.answers[name][3] == (twins.answers[a][3] + twins.answers["twin"][3]) / 2
    assert one.answers[one.stated[name]].eq(5.0).all()
    assert one.members == {name: (a, "twin")}


def test_plans_of_both_twins_are_one_plan_at_the_cost_of_both():
    survey = made_survey(600)
    a = survey.drivers[0]
    twins = with_driver(survey, twin=survey.answers[a])
    link = drivers.retention_link(twins, drivers.joint_resample(twins, draws=100))
    plan = {a: PlannedImprovement(0.2, 300.0), "twin": PlannedImprovement(0.4, 500.0)}
    table = value_chain(link, value_terms(made_client(twins)), plan).table.set_index("driver")
    assert table.loc[f"{a} + twin", "improvement"] == pytest.approx(0.3)
    assert table.loc[f"{a} + twin", "cost"] == 800.0
    unknown = {a: PlannedImprovement(0.2, 300.0), "twin": PlannedImprovement(0.4)}
    assert value_chain(link, value_terms(made_client(twins)), unknown).table.set_index("driver")["cost"].isna().all()
