"""What to fix first in real surveys: what a correct analysis must and must not recommend."""

from pathlib import Path

import numpy as np
import pytest

from drivers.analyses.priorities import driver_priorities
from drivers.client import load_client
from drivers.survey.loading import load_survey

HERE = Path(__file__).resolve().parents[1]
DATA = HERE.parents[1] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real surveys are not beside the project")


def rows_of(name, **options):
    survey = load_survey(load_client(HERE / "clients" / f"{name}.toml"))
    return driver_priorities(survey, **options).table.set_index("driver")


def test_the_supplier_survey_never_recommends_the_driver_whose_sign_turns():
    rows = rows_of("hbat")
    assert rows.loc["x7", "fix_first_probability"] == 0
    # delivery speed, product line and price flexibility measure the same: their effects are anybody's guess
    assert set(rows.loc[["x11", "x17", "x18"], "call"]) == {"undecided"}


def test_the_banks_are_placed_by_their_weighted_means():
    survey = load_survey(load_client(HERE / "clients" / "bank_weighted.toml"))
    rows = driver_priorities(survey, draws=50).table.set_index("driver")
    inside = survey.complete([survey.outcome, *survey.drivers])
    part, weights = survey.answers.loc[inside, list(survey.drivers)], survey.weights[inside]
    weighted = 100 * (np.average(part, axis=0, weights=weights) - 1) / 6
    np.testing.assert_allclose(rows.loc[list(survey.drivers), "performance"], weighted, rtol=1e-12)
    assert np.abs(weighted - 100 * (part.mean() - 1) / 6).max() > 0.5  # the weights count


@pytest.mark.parametrize("importance", ["effect", "share"])
def test_the_airport_fixes_its_restaurants_first_by_either_measure(importance):
    rows = rows_of("sfo_airport_2017", draws=300, importance=importance)
    assert rows.iloc[0]["call"] == "fix_first"
    assert rows.iloc[0]["label"] == "Restaurants"
