"""The page on what changed: shown where it is asked, and never more than the intervals allow."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from drivers import case, joint_resample, plan_effect, section, wave_change
from drivers.analyses.cases import Cases
from drivers.present.language import Language
from drivers.present.verbs import explain, plot, table
from drivers.present.verdict import verdict_sentence
from made_waves import later_wave, made_wave


@pytest.fixture(scope="module")
def cases():
    rng = np.random.default_rng(1)
    survey = later_wave(made_wave(rng, "1"), made_wave(rng, "2", lift=1.0))
    return Cases(change=wave_change(survey, joint_resample(survey, draws=20)), plan_effect=plan_effect(survey))


def test_the_first_wave_says_why_nothing_is_compared(sample_findings):
    page = case(sample_findings["2024"], "change")
    assert "geen eerdere meting" in page.lead
    assert not page.pictures


def test_a_wave_before_the_plan_is_compared_without_a_word_on_the_plan(sample_findings):
    page = case(sample_findings["2025"], "change")
    assert page.lead == "Sinds meting 2024 is geen verandering van de tevredenheid aangetoond."
    assert "plan" not in " ".join(page.paragraphs)
    assert len(page.pictures) == 1


def test_a_part_of_the_change_that_is_printed_as_nothing_is_not_called_the_largest(sample_findings):
    parts = sample_findings["2025"].cases.decomposition.table.set_index("label").loc["Wachtmuziek"]
    assert parts["level_part_high"] < 0 < abs(parts["level_part"]) < 0.005
    assert "Deze oordelen deden het meest" not in " ".join(case(sample_findings["2025"], "change").paragraphs)


def test_a_client_who_does_not_ask_has_no_page_and_waves_are_not_compared(sample_findings):
    silent = replace(sample_findings["2025"], cases=Cases())
    assert case(silent, "change") is None
    assert "Metingen zijn hier niet vergeleken" in " ".join(section(silent, "method").paragraphs)
    assert "alleen vergeleken in het deel" in " ".join(section(sample_findings["2025"], "method").paragraphs)


def test_the_summary_gives_the_verdict(sample_findings):
    found = sample_findings["2025"]
    shown = [line for _, lines in section(found, "summary").lists for line in lines]
    assert Language("nl").say(verdict_sentence(found.cases)) in shown


VERDICTS = {
    "plan": "points to the plan",
    "against": "points against the plan",
    "mix": "comes with other customers",
    "none": "and no effect of the plan",
    "elsewhere": "more among those whom the plan reached is not shown",
    "undecided": "is open|do not say",
}


@pytest.mark.parametrize("verdict", VERDICTS)
def test_each_verdict_has_a_sentence_in_both_languages(cases, verdict):
    found = verdict_sentence(replace(cases, change_verdict=verdict))
    assert any(words in str(found) for words in VERDICTS[verdict].split("|"))
    assert Language("nl").say(found) != str(found)


def test_without_a_plan_no_verdict_speaks_of_one(cases):
    for verdict in ("mix", "none", "undecided"):
        found = verdict_sentence(replace(cases, plan_effect=None, change_verdict=verdict))
        assert "plan" not in str(found)


def test_groups_that_moved_apart_before_are_said_to_have(cases):
    rng = np.random.default_rng(2)
    survey = later_wave(*(made_wave(rng, name, 800, drift=d) for name, d in (("1", 0.0), ("2", 0.6), ("3", 1.2))))
    effect = plan_effect(survey)
    assert "moved apart already" in " ".join(map(str, explain(effect)))
    assert "apart before it already" in str(
        verdict_sentence(Cases(cases.change, None, effect, change_verdict="undecided"))
    )


def test_few_units_are_warned_of():
    rng = np.random.default_rng(3)
    units = np.repeat(np.arange(6), 60)
    survey = later_wave(*(made_wave(rng, name, 360, units=units) for name in "12"))
    assert "6 units only" in " ".join(map(str, explain(plan_effect(survey))))


def test_pictures_and_tables_show_every_group_and_measure(cases):
    axes = plot(cases.plan_effect).axes[0]
    assert [text.get_text() for text in axes.texts] == ["Reached by the plan", "Not reached"]
    assert len(table(cases.plan_effect).rows) == len(cases.plan_effect.table)
    assert len(table(cases.change).rows) == len(cases.change.table)


@pytest.mark.parametrize(
    ("shift", "words"),
    [(0.0, "is not shown: 0.0"), (-0.05, "Leaving went down"), (0.05, "Leaving went up")],
)
def test_leaving_of_those_reached_is_told_as_its_interval_allows(cases, shift, words):
    effect = cases.plan_effect
    row = effect.table.iloc[[0]].assign(
        measure_kind="left", plan_difference=shift, plan_difference_low=shift - 0.02, plan_difference_high=shift + 0.02
    )
    effect = replace(effect, table=pd.concat([effect.table, row], ignore_index=True))
    assert words in " ".join(map(str, explain(effect)))
