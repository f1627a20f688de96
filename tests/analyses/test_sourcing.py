"""Onshore or offshore: the sample's truth, its twins without a gap, the algebra, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import t as student

from drivers.analyses.basis import joint_resample
from drivers.analyses.cases import client_cases
from drivers.analyses.moves import site_terms
from drivers.analyses.offshoring import SiteTerms, sourcing_case
from drivers.analyses.questions import Questions
from drivers.analyses.sites import site_contacts
from drivers.analyses.sourcing import site_gap
from drivers.analyses.talktime import talk_time
from drivers.analyses.terms import value_terms
from drivers.client import load_client
from drivers.client.house import House
from drivers.core.design import sampling_design, weighted_means
from drivers.errors import EstimationError
from drivers.present.cases import case
from drivers.present.language import Language
from drivers.present.parts import Section
from drivers.present.verbs import explain
from drivers.simulate.insurer import ITEMS, insurer_survey
from drivers.simulate.insurer_facts import (
    CONTACTS_A_YEAR,
    COST_OFFSHORE,
    COST_ONSHORE,
    RETURN_COST,
    SWITCH_COST,
    InsurerTruth,
    insurer_truth,
)
from drivers.survey.loading import load_survey
from drivers.survey.segments import segmented_survey
from drivers.survey.sourcing import SourcingPlan
from drivers.survey.survey import Scale, Survey

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "maasland-verzekeringen" / "client.toml"
DRIVERS = (*(item.column for item in ITEMS), "first_time_fix")
ENGLISH, DUTCH = Language("en", "EUR"), Language("nl", "EUR")


def survey_of(frame: pd.DataFrame) -> Survey:
    """The survey that the sample's client file makes of a simulated frame."""
    frame = frame.rename(columns={"left_within_12_months": "left"})
    columns = ["csat", *DRIVERS, "tenure", "left", "margin", "repeat_contacts", "talk_time"]
    plan = SourcingPlan(
        (frame["site"] == "offshore").to_numpy(dtype=float),
        pd.factorize(frame["centre"], sort=True)[0],
        "first_time_fix",
        "repeat_contacts",
        "talk_time",
        ("first_time_fix", "repeat_contacts", "understood"),
        ("product",),
    )
    survey = Survey(
        answers=frame[columns].astype(float),
        outcome="csat",
        drivers=DRIVERS,
        controls=("tenure",),
        scales={"csat": Scale(1.0, 10.0)},
        weights=np.ones(len(frame)),
        sourcing=plan,
    )
    return segmented_survey(survey, frame, ["product"])


def twin(seed: int, contacts: int = 5_000, **without: float) -> Survey:
    """A survey like the sample, with an effect taken away."""
    return survey_of(insurer_survey(np.random.default_rng(seed), contacts, **without))


def said(result: object, language: Language = ENGLISH) -> str:
    return " ".join(language.say(line) for line in explain(result))


def holds(row: pd.Series, name: str, truth: float) -> bool:
    return bool(row[f"{name}_low"] <= truth <= row[f"{name}_high"])


@pytest.fixture(scope="module")
def truth() -> InsurerTruth:
    return insurer_truth(3, population=100_000)


@pytest.fixture(scope="module")
def client():
    return load_client(SAMPLE)


@pytest.fixture(scope="module")
def sample(client):
    return load_survey(client)


@pytest.fixture(scope="module")
def gap(sample):
    return site_gap(site_contacts(sample, draws=500))


@pytest.fixture(scope="module")
def money(gap, client):
    return sourcing_case(gap, value_terms(client), site_terms(client))


@pytest.fixture(scope="module")
def null_gap():
    return site_gap(site_contacts(twin(20111201, gap=0.0), draws=500))


# The sample holds its truth


@pytest.mark.parametrize("measure", ["satisfaction", "first_time_fix", "repeats", "understood", "listened"])
def test_the_intervals_of_the_sample_hold_the_true_relative_gaps(gap, truth, measure):
    column = {"satisfaction": "csat", "repeats": "repeat_contacts"}.get(measure, measure)
    row = gap.table.set_index("measure").loc[measure]
    assert holds(row, "relative_gap", truth.relative[column])
    assert holds(row, "adjusted_relative_gap", truth.adjusted[column])


def test_the_sample_shows_27_percent_less_satisfaction_and_35_percent_less_first_time_fix(gap):
    rows = gap.table.set_index("measure")
    assert rows.loc["satisfaction", "relative_gap"] == pytest.approx(-0.27, abs=0.02)
    assert rows.loc["first_time_fix", "relative_gap"] == pytest.approx(-0.35, abs=0.02)
    assert gap.shown


def test_the_intervals_of_the_sample_hold_the_true_points_along_each_route(gap, truth):
    rows = gap.paths.set_index("gap_route")
    for route, name in {"repeats": "repeat_contacts"}.items():
        assert holds(rows.loc[route], "gap_points", truth.paths[name])
    for route in ("first_time_fix", "understood", "others", "direct"):
        assert holds(rows.loc[route], "gap_points", truth.paths[route]), route
    assert gap.through_low <= truth.through <= gap.through_high


def test_the_intervals_of_the_sample_hold_what_a_minute_goes_with_between_centres(gap, truth):
    rows = talk_time(gap.contacts).table.set_index(["talk_outcome", "talk_level"])
    for outcome, column in {"satisfaction": "csat", "first_time_fix": "first_time_fix"}.items():
        row = rows.loc[(outcome, "between")]
        assert row["shown"]
        assert holds(row, "minute_effect", truth.between[column])


def test_what_a_minute_goes_with_is_found_between_and_within_centres_over_30_seeds(truth):
    found = [
        talk_time(site_contacts(twin(seed, 1500), draws=10)).table.set_index(["talk_outcome", "talk_level"])
        for seed in range(30)
    ]
    for outcome, column in {"satisfaction": "csat", "first_time_fix": "first_time_fix"}.items():
        for level, true in {"between": truth.between, "within": truth.within}.items():
            effects = np.array([rows.loc[(outcome, level), "minute_effect"] for rows in found])
            # within 3 standard errors of the mean over the seeds: once in 400 for each of the four
            assert abs(effects.mean() - true[column]) < 3 * effects.std() / np.sqrt(30)


@pytest.mark.parametrize("place", [0, 1])
def test_the_intervals_of_the_sample_hold_the_true_business_case(money, truth, place):
    row, true = money.table.iloc[place], (truth.offshoring, truth.homecoming)[place]
    assert holds(row, "unit_cost_saving", true.saving)
    assert holds(row, "repeat_cost", true.repeats)
    assert holds(row, "lost_value", true.lost)
    assert holds(row, "net_yearly", true.net)
    assert holds(row, "break_even_saving", true.break_even)
    assert row["moving_cost"] == pytest.approx(true.once)


def test_the_sample_says_that_offshoring_does_not_pay(money):
    assert said(money).startswith(
        "Offshoring does not pay, if customers follow as they differ now: on balance it costs €8"
    )
    assert said(money, DUTCH).startswith("Offshoring loont niet")


# The twin without a gap


def test_without_a_gap_nothing_is_shown_to_differ_and_nothing_is_shared_out(null_gap):
    assert not null_gap.shown
    assert np.isnan(null_gap.through)
    assert null_gap.paths["gap_share"].isna().all()
    text = said(null_gap)
    assert "That satisfaction differs between onshore and offshore is not shown" in text
    assert "solved the first time more or less often offshore is not shown" in text
    assert "come back more or less often offshore is not shown" in text
    assert "Of this gap" not in text
    assert "niet aangetoond" in said(null_gap, DUTCH)


def test_without_a_gap_the_saving_survives_and_no_loss_of_customers_is_shown(null_gap, client):
    found = sourcing_case(null_gap, value_terms(client), site_terms(client))
    assert found.table.iloc[0]["net_yearly_low"] > 0
    assert found.table.iloc[1]["net_yearly_high"] < 0
    assert not found.lost_shown
    text = said(found)
    assert text.startswith("Offshoring pays")
    assert "That offshoring costs customers is not shown" in text
    assert "That repeat contacts cost more offshore is not shown" in text
    assert "Coming home does not pay" in text
    assert "So the saving stands" in text


def test_without_steering_talk_time_is_not_shown_to_matter_between_centres():
    found = talk_time(site_contacts(twin(5, steering=0.0), draws=100))
    rows = found.table[found.table["talk_level"] == "between"]
    assert not rows["shown"].any()
    assert "is not shown" in said(found)


def test_of_24_twins_without_a_gap_few_show_one_and_of_24_with_it_nearly_all_intervals_hold_the_truth(truth):
    # 95% intervals: 1 of 24 is expected to miss; 5 or more would happen once in 150 times at 95% coverage
    draws = [np.random.default_rng(seed) for seed in range(24)]
    missed = falsely = 0
    for seed, rng in enumerate(draws):
        row = site_gap(site_contacts(twin(seed, 600), rng, draws=100)).table.iloc[0]
        missed += not holds(row, "relative_gap", truth.relative["csat"])
        falsely += site_gap(site_contacts(twin(100 + seed, 600, gap=0.0), rng, draws=100)).shown
    assert missed <= 4
    assert falsely <= 4


# The numbers, by other means


def test_means_and_gaps_are_those_of_the_contacts(sample, gap):
    frame = sample.answers.assign(offshore=sample.sourcing.offshore)
    means = frame.groupby("offshore")["csat"].mean()
    row = gap.table.iloc[0]
    assert (row["onshore_mean"], row["offshore_mean"]) == pytest.approx((means[0.0], means[1.0]))
    assert row["relative_gap"] == pytest.approx(means[1.0] / means[0.0] - 1)


def regression(survey: Survey, y: str, *more: str) -> pd.Series:
    product = pd.get_dummies(pd.Series(survey.segments["product"].codes), drop_first=True).astype(float)
    x = pd.concat([survey.answers[["tenure", *more]], product.add_prefix("product_")], axis=1)
    x = x.assign(offshore=survey.sourcing.offshore, one=1.0)
    return sm.OLS(survey.answers[y], x, missing="drop").fit().params


def test_the_gap_at_an_equal_mix_is_that_of_least_squares(sample, gap):
    assert gap.gap == pytest.approx(regression(sample, "csat")["offshore"])


def test_the_points_along_the_routes_are_those_of_least_squares_and_add_up_to_the_gap(sample, gap):
    aspects = (*DRIVERS, "repeat_contacts")
    whole = sample.rows(sample.complete(["csat", *aspects]))
    slopes = regression(whole, "csat", *aspects)
    rows = gap.paths.set_index("gap_route")["gap_points"]
    assert rows["understood"] == pytest.approx(regression(whole, "understood")["offshore"] * slopes["understood"])
    assert rows["direct"] == pytest.approx(slopes["offshore"])
    assert rows.sum() == pytest.approx(regression(whole, "csat")["offshore"])
    assert gap.path_base == whole.base


def test_a_draw_is_the_regression_on_the_centres_drawn(sample):
    contacts = site_contacts(sample, draws=3)
    weights = contacts.resample.weightings(contacts.survey.weights)[1]
    z = np.column_stack([contacts.plan.offshore, contacts.column("csat")])
    found, rows = contacts.drawn(z), ~np.isnan(z).any(axis=1)
    centred = z[rows] - np.average(z[rows], axis=0, weights=weights[rows])
    np.testing.assert_allclose(found.cross[2], (centred.T * weights[rows]) @ centred)
    np.testing.assert_allclose(found.mean[2], np.average(z[rows], axis=0, weights=weights[rows]))


def test_the_interval_of_the_relative_gap_is_as_wide_as_that_of_the_delta_method(sample, gap):
    plan, y = sample.sourcing, sample.answers["csat"].to_numpy()
    away, known = plan.offshore == 1, ~np.isnan(y)
    design = sampling_design(np.ones(len(y)), plan.offshore.astype(int), plan.centre)
    z = np.column_stack([np.where(known, y, 0.0) * away, away & known, np.where(known, y, 0.0) * ~away, ~away & known])
    found = weighted_means(z.astype(float), design)
    a, b, c, d = found.value
    gradient = np.array([1 / b, -a / b**2, -a / b * d / c / c, a / b / c]) * np.array([d / c, d / c, 1.0, 1.0])
    reach = student.ppf(0.975, 10) * np.sqrt(gradient @ found.covariance @ gradient)
    row = gap.table.iloc[0]
    # 500 draws give a width within a tenth; the delta method is an approximation of the same size
    assert (row["relative_gap_high"] - row["relative_gap_low"]) / 2 == pytest.approx(reach, rel=0.15)


def test_what_a_minute_goes_with_between_centres_is_a_regression_on_twelve_centres(sample):
    plain = replace(sample, controls=(), sourcing=replace(sample.sourcing, mix=()))
    frame = sample.answers.assign(centre=sample.sourcing.centre, offshore=sample.sourcing.offshore)
    frame["minutes"] = frame["talk_time"] / 60
    means = frame.dropna(subset=["csat"]).groupby("centre")[["csat", "minutes", "offshore"]].mean()
    fit = sm.OLS(means["csat"], sm.add_constant(means[["minutes", "offshore"]])).fit()
    found = talk_time(site_contacts(plain, draws=10))
    row = found.table.iloc[0]
    assert row["minute_effect"] == pytest.approx(fit.params["minutes"])
    assert (row["minute_effect_low"], row["minute_effect_high"]) == pytest.approx(tuple(fit.conf_int().loc["minutes"]))
    assert found.degrees == 9


def test_at_the_break_even_difference_each_move_comes_to_nothing(sample, client):
    gap, value, terms = site_gap(site_contacts(sample, draws=20)), value_terms(client), site_terms(client)
    points = sourcing_case(gap, value, terms).table["break_even_saving"]
    for place, point in enumerate(points):
        even = sourcing_case(gap, value, replace(terms, offshore=terms.onshore - point))
        assert even.table.iloc[place]["net_yearly"] == pytest.approx(0, abs=1e-6)


def test_lost_value_is_the_mean_over_the_customers_who_would_move(sample, gap, money, client):
    rows = sample.complete(["csat", "tenure", "left"])
    answers = sample.answers[rows]
    fit = sm.Logit(answers["left"], sm.add_constant(answers[["csat", "tenure"]])).fit(disp=False, tol=1e-12)
    home = answers[sample.sourcing.offshore[rows] == 0]
    worth = []
    for csat in (home["csat"], (home["csat"] + gap.gap).clip(1, 10)):
        stay = 1 - fit.predict(np.column_stack([np.ones(len(home)), csat, home["tenure"]]))
        worth.append(home["margin"] * sum((stay / 1.1) ** year for year in range(5)))
    yearly = client.value.customers * (worth[0] - worth[1]).mean() / sum(1.1**-year for year in range(5))
    assert money.table.iloc[0]["lost_value"] == pytest.approx(yearly, rel=1e-6)


def test_the_parts_of_the_business_case_add_up(money):
    for _, row in money.table.iterrows():
        taken = row["repeat_cost"] + row["lost_value"] + row["moving_cost"]
        assert row["net_yearly"] == pytest.approx(row["unit_cost_saving"] - taken)


def test_only_the_ratios_of_weights_matter_and_a_contact_twice_is_a_weight_of_two(sample):
    heavy = np.where(np.arange(sample.base) % 3 == 0, 2.0, 1.0)
    weighted = site_gap(site_contacts(replace(sample, weights=heavy, weighted=True), draws=50))
    scaled = site_gap(site_contacts(replace(sample, weights=7 * heavy, weighted=True), draws=50))
    pd.testing.assert_frame_equal(weighted.table, scaled.table)
    twice = np.repeat(np.arange(sample.base), heavy.astype(int))
    answers = sample.answers.iloc[twice].reset_index(drop=True)
    product = replace(sample.segments["product"], codes=sample.segments["product"].codes[twice])
    repeated = replace(
        sample,
        answers=answers,
        weights=np.ones(len(twice)),
        respondents=None,
        segments={"product": product},
        sourcing=replace(
            sample.sourcing, offshore=sample.sourcing.offshore[twice], centre=sample.sourcing.centre[twice]
        ),
    )
    columns = ["relative_gap", "relative_gap_low", "adjusted_gap", "adjusted_gap_high"]
    copied = site_gap(site_contacts(repeated, draws=50)).table
    pd.testing.assert_frame_equal(copied[columns], weighted.table[columns])


# Awkward data


def small(**changes: object) -> Survey:
    survey = twin(1, 600)
    return replace(survey, **changes) if changes else survey


def test_one_centre_at_a_site_cannot_be_told_from_its_site():
    survey = small()
    centre = np.where(survey.sourcing.offshore == 1, 0, survey.sourcing.centre + 1)
    with pytest.raises(EstimationError, match="what is of the site cannot be told from what is of that centre"):
        site_contacts(replace(survey, sourcing=replace(survey.sourcing, centre=centre)))


def test_a_centre_at_both_sites_is_refused():
    survey = small()
    with pytest.raises(EstimationError, match="handle contacts both onshore and offshore"):
        site_contacts(replace(survey, sourcing=replace(survey.sourcing, centre=survey.sourcing.centre % 3)))


def test_a_site_below_the_minimum_base_is_refused():
    survey = small()
    few = survey.sourcing.offshore.copy()
    few[np.flatnonzero(few == 1)[20:]] = np.nan
    with pytest.raises(EstimationError, match="offshore have an answer"):
        site_contacts(replace(survey, sourcing=replace(survey.sourcing, offshore=few)))


def test_a_survey_without_sites_is_refused():
    with pytest.raises(EstimationError, match=r"\[sourcing\]"):
        site_contacts(replace(small(), sourcing=None))


def test_answers_of_no_site_or_no_centre_do_not_count():
    survey = twin(1, 1200)
    stray = survey.sourcing.offshore.copy()
    stray[:100] = np.nan
    lost = survey.sourcing.centre.copy()
    lost[100:150] = -1
    contacts = site_contacts(replace(survey, sourcing=replace(survey.sourcing, offshore=stray, centre=lost)), draws=20)
    assert contacts.survey.base == 1050


def test_a_measure_without_answers_is_left_out_and_a_gap_without_all_aspects_is_not_divided():
    survey = small()
    gone = survey.answers.assign(repeat_contacts=np.nan)
    found = site_gap(site_contacts(replace(survey, answers=gone), draws=50))
    assert "repeats" not in set(found.table["measure"])
    assert found.paths.empty
    assert "Of this gap" not in said(found)
    with pytest.raises(EstimationError, match="what repeats cost is not known"):
        sourcing_case(found, value_terms(load_client(SAMPLE)), SiteTerms(8.0, 4.0, 100, 100))


def test_a_mix_that_nobody_has_is_refused():
    survey = small()
    with pytest.raises(EstimationError, match="held equal"):
        site_gap(site_contacts(replace(survey, answers=survey.answers.assign(tenure=np.nan)), draws=20))


def test_duplicated_and_constant_aspects_do_not_change_the_gap_or_its_sum():
    survey = small()
    answers = survey.answers.assign(listened=survey.answers["friendliness"], knowledge=7.0)
    one, other = (site_gap(site_contacts(s, draws=50)) for s in (survey, replace(survey, answers=answers)))
    assert one.gap == pytest.approx(other.gap)
    whole = replace(survey, answers=answers).rows(survey.complete(["csat", *DRIVERS, "repeat_contacts"]))
    assert other.paths["gap_points"].sum() == pytest.approx(regression(whole, "csat")["offshore"], abs=0.05)


def test_aspects_that_work_the_other_way_are_not_given_as_shares():
    survey = twin(1, 3000)
    faster = survey.answers.assign(understood=survey.answers["understood"] + 4 * survey.sourcing.offshore)
    found = site_gap(site_contacts(replace(survey, answers=faster), draws=200))
    assert found.shown
    assert np.isnan(found.through)
    assert "work the other way" in said(found)


def test_talk_time_needs_five_centres_with_enough_contacts():
    survey = twin(1, 600)
    centre = survey.sourcing.centre % 2 + 2 * survey.sourcing.offshore.astype(int)
    four = replace(survey, sourcing=replace(survey.sourcing, centre=centre))
    with pytest.raises(EstimationError, match="4 contact centres have enough contacts"):
        talk_time(site_contacts(four, draws=20))


def test_equal_talk_times_cannot_be_compared():
    survey = small()
    with pytest.raises(EstimationError, match="does not differ"):
        talk_time(site_contacts(replace(survey, answers=survey.answers.assign(talk_time=300.0)), draws=20))


def test_no_talk_time_is_no_answer():
    survey = small()
    with pytest.raises(EstimationError, match="no talk time"):
        talk_time(site_contacts(replace(survey, sourcing=replace(survey.sourcing, talk_time=None)), draws=20))


def test_fewer_centres_give_wider_intervals():
    survey = twin(2, 3000)
    merged = survey.sourcing.centre % 2 + 2 * survey.sourcing.offshore.astype(int)
    many, few = (
        site_contacts(replace(survey, sourcing=replace(survey.sourcing, centre=centre)), draws=200)
        for centre in (survey.sourcing.centre, merged)
    )
    assert (many.degrees, few.degrees) == (10, 2)
    estimate = site_gap(few).points["satisfaction"]
    stretched = few.stretched(estimate, 0.95)
    assert np.std(stretched.replicates) == pytest.approx(
        student.ppf(0.975, 2) / 1.96 * np.std(estimate.replicates), 1e-3
    )


def test_a_client_file_without_costs_has_no_terms_of_money(client):
    without = client.model_copy(update={"sourcing": client.sourcing.model_copy(update={"cost_per_contact": None})})
    with pytest.raises(EstimationError, match="what a contact costs"):
        site_terms(without)
    terms = site_terms(client)
    assert (terms.onshore, terms.offshore, terms.customers) == (COST_ONSHORE, COST_OFFSHORE, client.value.customers)
    assert (terms.contacts, terms.switch_cost, terms.return_cost) == (CONTACTS_A_YEAR, SWITCH_COST, RETURN_COST)


# The page


def page(findings) -> Section | None:
    return case(findings, "sourcing")


def asked(sample, client) -> SimpleNamespace:
    """As much of the findings as the page reads."""
    questions = Questions(sample, client, joint_resample(sample, draws=20))
    cases = client_cases(questions, None, None)
    return SimpleNamespace(
        cases=cases, unanswered=questions.unanswered, language="nl", currency="EUR", source="survey.csv", wave=None,
        quality=SimpleNamespace(repeated=False), confidence=0.95, house=House(),
    )  # fmt: skip


def quick(client, **changes: object):
    return client.model_copy(update={"draws": 100, **changes})


def test_the_page_tells_the_gap_talk_time_and_the_business_case_in_dutch(sample, client):
    made = page(asked(sample, quick(client)))
    text = " ".join((made.lead, *made.paragraphs))
    assert made.lead.startswith("Offshore is de tevredenheid 27% lager dan onshore")
    assert "Centra met kortere contacten" in text
    assert "Offshoring loont niet" in text
    assert len(made.pictures) == 2
    assert len(made.methods) == 3


def test_the_page_gives_the_reason_where_the_sites_cannot_be_compared(sample, client):
    one = replace(sample.sourcing, centre=np.where(sample.sourcing.offshore == 1, 0, sample.sourcing.centre + 1))
    made = page(asked(replace(sample, sourcing=one), quick(client)))
    assert "Met één centrum op een locatie" in made.lead
    assert made.pictures == ()


def test_the_page_gives_the_reason_of_the_part_that_has_no_answer(sample, client):
    gone = sample.answers.assign(repeat_contacts=np.nan, talk_time=300.0)
    made = page(asked(replace(sample, answers=gone), quick(client)))
    text = " ".join(made.paragraphs)
    assert "wat herhaling kost, is dus niet te zeggen" in text
    assert "De gespreksduur verschilt niet" in text
    assert len(made.pictures) == 1


def test_there_is_no_page_where_the_client_file_does_not_ask(sample, client):
    assert page(asked(replace(sample, sourcing=None), quick(client, sourcing=None))) is None


# What is said


def with_row(result, frame: str, **values: float):
    table = getattr(result, frame).copy()
    for name, value in values.items():
        table[name] = table[name].astype(object)
        table.loc[0, name] = value
    return replace(result, **{frame: table.infer_objects()})


@pytest.mark.parametrize(
    ("low", "high", "english"),
    [
        (-0.30, -0.20, "lower than onshore"),
        (0.10, 0.20, "higher than onshore"),
        (-0.10, 0.20, "is not shown"),
        (float("nan"), float("nan"), "cannot be said"),
    ],
)
def test_the_words_on_the_gap_follow_its_interval(gap, low, high, english):
    middle = (low + high) / 2
    found = with_row(gap, "table", relative_gap=middle, relative_gap_low=low, relative_gap_high=high)
    assert english in ENGLISH.say(explain(found)[0])


@pytest.mark.parametrize(
    ("low", "high", "english"),
    [(-9.0, -1.0, "does not pay"), (1.0, 9.0, "Offshoring pays"), (-1.0, 1.0, "Whether offshoring pays is open")],
)
def test_the_verdict_follows_its_interval(money, low, high, english):
    found = with_row(money, "table", net_yearly_low=low, net_yearly_high=high)
    assert english in ENGLISH.say(explain(found)[0])


def test_a_break_even_beyond_the_cost_of_a_contact_is_said_to_be_out_of_reach(money):
    assert "would not pay at any unit cost" in said(with_row(money, "table", break_even_saving=9.0))
    assert "even if a contact offshore were up to" in said(with_row(money, "table", break_even_saving=-0.5))


def test_associations_are_never_called_causes(gap, money):
    for text in (said(gap), said(talk_time(gap.contacts)), said(money)):
        assert "cause" not in text.replace("because", "")
    assert "not decided by lot" in said(gap)
    assert "rest on 6 centres onshore and 6 offshore" in said(gap)
