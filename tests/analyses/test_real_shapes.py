"""Shapes on real surveys: what they show, and what they must not."""

import warnings
from functools import cache
from pathlib import Path

import pytest

from drivers.analyses.basis import joint_resample
from drivers.analyses.curves import effect_curves
from drivers.analyses.necessity import necessary_conditions
from drivers.analyses.shape import driver_shapes
from drivers.client import load_client
from drivers.survey.loading import load_survey

HERE = Path(__file__).resolve().parents[1]
CLIENTS = ("bank_weighted", "ecsi_mobi", "hbat", "sfo_airport_2017")
pytestmark = pytest.mark.skipif(
    not (HERE.parents[1] / "shared" / "data").is_dir(), reason="the real surveys are not beside the project"
)


@cache
def results_of(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        survey = load_survey(load_client(HERE / "clients" / f"{name}.toml"))
        resample = joint_resample(survey, draws=400)
        shapes, curves = driver_shapes(survey, resample), effect_curves(survey, resample)
        return survey, shapes, curves, necessary_conditions(survey, permutations=400)


@pytest.mark.parametrize("name", CLIENTS)
def test_no_third_of_a_few_people_is_estimated(name):
    table = results_of(name)[1].table
    small = table[["low_base", "middle_base", "high_base"]].min(axis=1) < 30
    assert table.loc[small, ["penalty", "reward"]].isna().all(axis=None)
    assert (table.loc[small, "shape"] == "unclear").all()


@pytest.mark.parametrize("name", ["ecsi_mobi", "hbat"])
def test_small_surveys_call_no_kind_and_no_bend(name):
    _, shapes, curves, _ = results_of(name)
    assert (shapes.table["shape"] == "unclear").all()
    assert curves.table["bend"].isin(["none", "untested"]).all()


@pytest.mark.parametrize("name", CLIENTS)
def test_no_rating_is_called_necessary_that_only_goes_with_satisfaction(name):
    table = results_of(name)[3].table
    usual = (table["tolerant_effect"] >= 0.1) & (table["permutation_p"] < 0.05)
    assert not table["necessary"].any()
    assert usual.any()  # the usual test alone would have called some in each of these surveys


def test_the_branches_of_the_bank_have_diminishing_returns():
    row = results_of("bank_weighted")[2].table.iloc[0]
    assert (row["driver"], row["bend"]) == ("Branch", "diminishing")
    assert row["lower_slope_low"] > row["upper_slope_high"]


def test_imputed_answers_of_the_airport_carry_every_driver():
    _, shapes, curves, _ = results_of("sfo_airport_2017")
    assert shapes.base == curves.base == 2687
    assert shapes.table["penalty"].notna().sum() == 10
