"""The summary says what the numbers say, and advises no more than their intervals allow."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from catalogue import printed_templates
from drivers import section
from drivers.analyses.offshoring import SiteTerms, SourcingCase
from drivers.present.language import Language
from drivers.present.monday import MOST_ADVICE
from drivers.present.summary import main_findings, monday_lines, summary_lines
from drivers.wording import sentence

INTERVAL = re.compile(r"\([^()]*\d%? to [^()]*\d[^()]*\)")
LANGUAGE = Language("en")


def said(lines):
    return [LANGUAGE.say(line) for line in lines]


def advice(findings):
    return " ".join(said(monday_lines(findings)))


def lead(findings):
    return said(summary_lines(findings))[0]


@pytest.fixture(scope="module")
def relevant(sample_findings):
    return sample_findings["2025"]


@pytest.fixture(scope="module")
def wrong(sample_findings):
    return sample_findings["2024"]


@pytest.mark.parametrize("wave", ["2024", "2025"])
def test_three_findings_come_with_their_intervals(sample_findings, wave):
    found = said(main_findings(sample_findings[wave]))
    assert len(found) == 3
    assert all(INTERVAL.search(line) for line in found)


@pytest.mark.parametrize("wave", ["2024", "2025"])
def test_two_to_four_pieces_of_advice_are_given(sample_findings, wave):
    assert 2 <= len(monday_lines(sample_findings[wave])) <= MOST_ADVICE


@pytest.mark.parametrize("wave", ["2024", "2025"])
def test_nothing_is_said_twice(sample_findings, wave):
    findings = sample_findings[wave]
    lines = [*said(summary_lines(findings)), *said(main_findings(findings)), *said(monday_lines(findings))]
    assert len(lines) == len(set(lines))


def test_money_stands_beside_what_drives_satisfaction_and_what_keeps_customers(relevant):
    drives, keeps, _ = said(main_findings(relevant))
    assert "strongest driver" in drives
    assert "more margin in the first year (€" in drives
    assert "stay more often" in keeps
    assert "a year more than if they were dissatisfied (€" in keeps


def test_the_answer_names_what_to_begin_with(relevant):
    assert lead(relevant).startswith("Begin with ‘In één keer opgelost’ and ‘Belofte nagekomen door de backoffice’")


def test_a_wave_that_measured_the_wrong_things_is_told_what_to_find_out_and_gets_no_ranking(wrong):
    assert "wrong things" in lead(wrong)
    assert "Ask customers, in open questions" in advice(wrong)
    assert "Put no money into raising the 12 aspects" in advice(wrong)
    everything = " ".join([*said(summary_lines(wrong)), *said(main_findings(wrong)), advice(wrong)])
    assert not [label for label in wrong.potential.aspects["label"] if label in everything]


def test_too_few_answers_are_told_to_collect_more(wrong):
    unsure = replace(wrong, potential=replace(wrong.potential, verdict="undecided"))
    assert advice(unsure).startswith("Collect more answers first")
    assert "Put no money" not in advice(unsure)


def test_nothing_left_to_gain_is_told_to_hold(wrong):
    full = replace(wrong, potential=replace(wrong.potential, verdict="at_ceiling"))
    assert advice(full).startswith("Hold what is good.")


def test_drivers_within_noise_are_not_to_be_acted_on(relevant):
    table = relevant.importance.table.assign(beyond_noise=False)
    noise = replace(relevant, importance=replace(relevant.importance, table=table))
    assert "Act on none of the measured aspects yet" in advice(noise)
    assert "Fix" not in advice(noise)
    assert "None of these drivers" in lead(noise)


def test_where_no_aspect_comes_first_none_is_called_so(relevant):
    table = relevant.priorities.table.assign(call="undecided")
    open_ = replace(relevant, priorities=replace(relevant.priorities, table=table))
    assert "Fix" not in advice(open_)
    assert "Choose between" in advice(open_)
    assert "Begin with" not in lead(open_)


def test_without_a_shown_link_nobody_is_said_to_stay(relevant):
    link = replace(relevant.loyalty, marginal_effect_low=-0.01)
    unlinked = replace(relevant, loyalty=link, plan=None)
    assert "stay more often" not in lead(unlinked)
    assert "that satisfaction would have kept them is not shown" in advice(unlinked)


def test_a_gain_that_is_not_shown_is_no_reason_to_begin(relevant):
    chain = replace(relevant.chain, table=relevant.chain.table.assign(yearly_margin_low=-1.0))
    assert "more margin" not in advice(replace(relevant, chain=chain))
    assert "more margin" not in " ".join(said(main_findings(replace(relevant, chain=chain))))


@pytest.mark.parametrize(
    ("low", "high", "start"),
    [(1e4, 3e5, "Start the planned"), (-1e4, 3e5, "Test the planned"), (-3e5, -1e4, "Do not start the planned")],
)
def test_a_plan_is_started_tested_or_held_by_the_interval_of_its_net_value(relevant, low, high, start):
    row = relevant.plan.together.assign(net_value=(low + high) / 2, net_value_low=low, net_value_high=high)
    planned = replace(relevant, plan=replace(relevant.plan, together=row))
    assert sum(line.startswith(start) for line in said(monday_lines(planned))) == 1
    assert "€10,000" in advice(planned)
    assert "-€" not in advice(planned) or start.startswith("Test")


def site_case(away, home):
    rows = [
        {"move": m, "net_yearly": (a + b) / 2, "net_yearly_low": a, "net_yearly_high": b, "unit_cost_saving": 1.0,
         "repeat_cost": 1.0, "repeat_cost_low": 0.5, "repeat_cost_high": 2.0, "lost_value": 1.0, "lost_value_low": 0.5,
         "lost_value_high": 2.0, "moving_cost": 0.0, "break_even_saving": 1.0, "break_even_saving_low": 0.5,
         "break_even_saving_high": 2.0, "move_pays_probability": 0.5}
        for m, (a, b) in (("offshoring", away), ("homecoming", home))
    ]  # fmt: skip
    terms = SiteTerms(onshore=8.0, offshore=4.0, contacts=1000.0, customers=500)
    return SourcingCase(pd.DataFrame(rows), terms, 4.0, 5, 0.1, True, 100, 0.9, sentence("How."))


@pytest.mark.parametrize(
    ("away", "home", "start"),
    [
        ((1e5, 3e5), (-3e5, -1e5), "Move a part of the contacts offshore as a trial"),
        ((-1e5, 3e5), (-3e5, -1e5), "Decide nothing on offshoring yet"),
        ((-3e5, -1e5), (-1e5, 1e5), "Move no more contacts offshore: on balance it costs €200,000"),
        ((-3e5, -1e5), (1e5, 3e5), "Move no more contacts offshore, and try"),
    ],
)
def test_contacts_move_only_as_far_as_the_interval_allows(relevant, away, home, start):
    asked = replace(relevant, cases=replace(relevant.cases, sourcing=site_case(away, home)))
    assert said(monday_lines(asked))[0].startswith(start)


def test_advice_claims_no_cause():
    texts = [
        text for text, file in printed_templates().items() if file in ("present/monday.py", "present/headlines.py")
    ]
    assert len(texts) > 40
    causes = re.compile(r"\b(because|causes? (?!what)|leads? to|due to|results? in|thanks to|makes? customers)\b")
    assert not [text for text in texts if causes.search(text)]


def test_the_page_shows_answer_findings_and_advice_under_headings(relevant):
    html = section(relevant, "summary")._repr_html_()
    heads = ("<h3>Wat het zwaarst weegt</h3>", "<h3>Wat u maandag kunt doen</h3>", "<h3>Verder in dit rapport</h3>")
    assert [html.index(head) for head in heads] == sorted(html.index(head) for head in heads)
    dutch = Language("nl", relevant.currency)
    assert html.count("<li>") == sum(len(lines) for _, lines in section(relevant, "summary").lists)
    assert all(dutch.say(line).split(":")[0] in html for line in monday_lines(relevant))
