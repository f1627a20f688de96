"""The sample client Vecht IT: its files are what the generator writes, and its effects can be left out one by one."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from drivers.simulate import vecht_population, vecht_survey, vecht_truth, write_vecht
from drivers.simulate.outsourcing import CONTRACTS, EFFECTS, QUESTIONS, SCALES

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "vecht-it"
SOME = 20_000  # organisations of a smaller truth: its logit is known to about 0.02, its means to 0.01


@pytest.fixture(scope="module")
def truth():
    return vecht_truth(5, SOME)


def drawn(**how):
    return vecht_survey(np.random.default_rng(3), 300, **how)


def test_the_sample_files_are_what_the_generator_writes_from_the_seed(tmp_path):
    # To the byte, as for the other samples: written anew in the commit that raises numpy, if a stream changes.
    write_vecht(tmp_path)
    for name in ("survey.csv", "README.md"):
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes(), name


def test_the_client_file_names_what_was_simulated():
    client = tomllib.loads((SAMPLE / "client.toml").read_text(encoding="utf-8"))
    columns = set(drawn().columns)
    assert set(client["drivers"]["items"]) <= columns
    asked = {name for battery in client["drivers"]["batteries"].values() for name in battery}
    assert asked == {q.column for q in QUESTIONS if q.scale != "switching_costs"}


def test_an_unknown_sample_is_refused_with_the_names_of_those_there_are(tmp_path):
    command = [sys.executable, "-m", "drivers.simulate", str(tmp_path / "elsewhere")]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 2
    assert "vecht-it" in result.stderr
    assert not (tmp_path / "elsewhere").exists()


def test_who_leaves_is_what_the_articles_tell(truth):
    stay, switch, back = (truth.means[o] for o in ("stay", "switch", "backsource"))
    for scale in ("product", "service"):
        assert back[scale] < stay[scale] - 0.8
        assert abs(switch[scale] - stay[scale]) < 0.2
        assert truth.coefficients["backsource"][scale] < -0.6
    assert switch["relationship"] < stay["relationship"] - 0.8
    assert truth.effects["stay"]["switching_costs"] > 0.07
    assert sum(truth.effects[o]["product"] for o in truth.effects) == pytest.approx(0.0, abs=1e-12)


def test_satisfaction_rises_with_the_contract_but_less_than_the_raw_means_say(truth):
    assert 0 < truth.contract_effects["result"] < truth.contract_effects["bonus_malus"]
    assert truth.contract_effects["bonus_malus"] == pytest.approx(0.35, abs=0.03)
    assert truth.contract_gaps["bonus_malus"] == pytest.approx(0.90, abs=0.05)
    assert truth.slopes["effort"]["promise_kept"] > truth.slopes["bonus_malus"]["promise_kept"] + 0.2
    assert min(truth.operations.values()) > 1.0


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_twin_without_an_effect_shares_who_was_asked(effect):
    whole, twin = drawn(), drawn(without=[effect])
    same = ["respondent", "organisation", "role", "weight", "size", "contract", "contract_age", "prior_experience"]
    pd.testing.assert_frame_equal(whole[same], twin[same])
    assert not whole.equals(twin)


def test_without_quality_and_relationship_the_scales_say_nothing_of_the_decision():
    truth = vecht_truth(5, SOME, without=("quality", "relationship", "switching_costs"))
    for scales in truth.coefficients.values():
        assert max(abs(scales[scale]) for scale in SCALES) < 0.05  # 20,000 organisations: errors of about 0.02


def test_without_contract_effect_and_confounding_all_contracts_are_alike():
    truth = vecht_truth(5, SOME, without=("contract", "moderation", "confounding"))
    assert all(value == pytest.approx(0.0, abs=1e-9) for value in truth.contract_effects.values())
    assert all(abs(value) < 0.04 for value in truth.contract_gaps.values())  # errors of about 0.015


def test_without_confounding_the_raw_gap_is_the_effect_of_the_contract():
    truth = vecht_truth(5, SOME, without=("confounding",))
    for kind in CONTRACTS[1:]:
        assert truth.contract_gaps[kind] == pytest.approx(truth.contract_effects[kind], abs=0.04)


def test_without_moderation_every_question_counts_alike_under_each_contract():
    truth = vecht_truth(5, SOME, without=("moderation",))
    for question in ("promise_kept", "trust", "product_reliability"):
        slopes = [truth.slopes[kind][question] for kind in CONTRACTS]
        assert np.ptp(slopes) < 0.04  # each has an error of about 0.007


def test_the_population_answers_everything_and_an_organisation_decides_once():
    frame = vecht_population(np.random.default_rng(1), 50)
    assert not frame.isna().any().any()
    assert (frame.groupby("organisation")["decision"].nunique() == 1).all()
    assert frame.groupby("organisation").size().between(2, 8).all()
