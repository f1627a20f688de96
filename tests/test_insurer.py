"""The sample insurer: its files are what the generator writes, and they hold the truth that was put in."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from drivers.simulate.insurer import LEAVING, insurer_contacts, insurer_survey
from drivers.simulate.insurer_facts import CUSTOMERS, InsurerTruth, insurer_truth
from drivers.simulate.insurer_sample import INSURER_SEED, write_insurer

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "maasland-verzekeringen"


@pytest.fixture(scope="module")
def truth() -> InsurerTruth:
    return insurer_truth(3, population=60_000)


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    return pd.read_csv(SAMPLE / "survey.csv")


def test_the_sample_files_are_what_the_generator_writes_from_the_seed(tmp_path):
    # To the byte, as for the other samples (see test_simulate).
    write_insurer(tmp_path)
    for name in ("survey.csv", "README.md"):
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes(), name


def test_the_file_holds_exactly_the_generated_frame(survey):
    pd.testing.assert_frame_equal(survey, insurer_survey(np.random.default_rng(INSURER_SEED)), check_dtype=False)


def test_another_seed_gives_another_survey():
    one, other = (insurer_survey(np.random.default_rng(seed), 50) for seed in (1, 2))
    assert not one.equals(other)


def test_satisfaction_is_27_and_first_time_fix_35_percent_lower_offshore_in_truth(truth):
    assert truth.relative["csat"] == pytest.approx(-0.27, abs=0.005)  # the article's figure, to half a per cent
    assert truth.relative["first_time_fix"] == pytest.approx(-0.35, abs=0.01)


def test_most_of_the_gap_runs_through_the_three_mediators_in_truth(truth):
    assert 0.7 < truth.through < 0.8
    assert sum(truth.paths.values()) == pytest.approx(truth.gap, abs=1e-9)
    assert min(truth.paths, key=truth.paths.get) == "understood"


def test_customers_are_heard_alike_and_understood_less(truth):
    assert abs(truth.adjusted["listened"]) < 0.02
    assert truth.adjusted["understood"] < -0.3


def test_steered_centres_are_shorter_and_satisfy_less_while_within_a_centre_long_contacts_are_the_hard_ones(truth):
    assert truth.between["csat"] > 0.15
    assert truth.within["csat"] < -0.03
    assert truth.between["first_time_fix"] > 0.04
    assert truth.within["first_time_fix"] < -0.02


def test_offshoring_loses_money_and_coming_home_earns_it_in_truth(truth):
    assert truth.offshoring.net < -500_000
    assert truth.homecoming.net > 200_000
    assert truth.offshoring.break_even > 3.70 > 0  # what is saved a contact


def test_at_the_break_even_saving_the_business_case_is_nil():
    import drivers.simulate.insurer_facts as module

    contacts = module.insurer_contacts(np.random.default_rng(1), 5_000, moved_to="onshore")
    away = module.insurer_contacts(np.random.default_rng(1), 5_000, moved_to="offshore")
    everyone = np.ones(5_000, dtype=bool)
    found = module._offshoring(contacts, away, everyone)
    here, there = 1 + contacts["repeat_contacts"].mean(), 1 + away["repeat_contacts"].mean()
    cost = module.COST_ONSHORE - found.break_even
    saved = module.CONTACTS_A_YEAR * (here * module.COST_ONSHORE - there * cost)
    assert saved - found.lost - found.once == pytest.approx(0, abs=1e-6)


def test_without_the_gap_nothing_differs_between_the_sites_and_the_saving_survives():
    truth = insurer_truth(3, population=20_000, gap=0.0)
    assert truth.gap == 0
    assert set(truth.adjusted.values()) == {0.0}
    assert truth.offshoring.lost == truth.offshoring.repeats == 0
    assert truth.offshoring.net == pytest.approx(truth.offshoring.saving - truth.offshoring.once)


def test_without_steering_talk_time_does_not_differ_between_centres():
    truth = insurer_truth(3, population=20_000, steering=0.0)
    assert truth.between["csat"] == 0


def test_the_same_customers_come_back_whoever_handles_them():
    one, other = (insurer_contacts(np.random.default_rng(1), 500, moved_to=site) for site in ("onshore", "offshore"))
    pd.testing.assert_frame_equal(one[["product", "tenure", "margin"]], other[["product", "tenure", "margin"]])
    assert (one["csat"] >= other["csat"]).mean() > 0.95


def test_leaving_depends_on_nothing_but_the_rating_and_tenure():
    import statsmodels.api as sm

    frame = insurer_contacts(np.random.default_rng(3), 60_000)
    frame["offshore"] = (frame["site"] == "offshore").astype(int)
    columns = ["csat", "tenure", "first_time_fix", "understood", "offshore"]
    fit = sm.Logit(frame["left_within_12_months"], sm.add_constant(frame[columns])).fit(disp=False)
    known = pd.Series(LEAVING).reindex(columns, fill_value=0)
    assert (np.abs(fit.params[columns] - known) / fit.bse[columns]).max() < 3.5  # of five, once in 400 seeds


def test_the_client_file_names_what_was_simulated(survey):
    client = tomllib.loads((SAMPLE / "client.toml").read_text(encoding="utf-8"))
    assert set(client["drivers"]["items"]) <= set(survey.columns)
    assert client["value"]["customers"] == CUSTOMERS
