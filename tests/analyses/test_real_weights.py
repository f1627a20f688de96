"""Weights on the real surveys: numbers of their expected.json."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from drivers import driver_importance, load_client, load_survey, net_promoter
from drivers.errors import SurveyError
from drivers.survey.survey import Survey

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
pytestmark = [
    pytest.mark.skipif(not DATA.is_dir(), reason="the real surveys are not beside the project"),
    pytest.mark.filterwarnings(
        "ignore:.*questionnaires with an answer:drivers.errors.DataWarning"
    ),  # as the client file asks
]


@pytest.fixture(scope="module")
def bank():
    return load_survey(load_client(ROOT / "tests" / "clients" / "bank_weighted.toml"))


def shares(result):
    return 100 * result.table.set_index("driver")["share"]


def test_the_weighted_shares_of_the_bank_are_those_of_flipregression(bank):
    result = driver_importance(bank, draws=100)
    assert result.base == 244
    assert result.r_squared == pytest.approx(0.493651, abs=5e-7)
    assert shares(result)["Fees"] == pytest.approx(22.0854, abs=5e-5)
    assert shares(result)["Branch"] == pytest.approx(20.89653, abs=5e-6)


def test_the_unweighted_shares_of_the_same_customers_are_others(bank):
    counted = (bank.weights > 0).astype(float)
    result = driver_importance(replace(bank, weights=counted, weighted=False), draws=100)
    assert result.base == 244
    assert result.r_squared == pytest.approx(0.498865, abs=5e-7)
    assert shares(result)["Fees"] == pytest.approx(23.1667, abs=5e-5)


def test_customers_who_rate_several_banks_are_one_unit_each(bank):
    notices = [str(notice) for notice in bank.notices]
    assert notices == [
        "Respondents without a survey weight, who count for nothing: 89.",
        "Rows that do not say who answered, each counted as one of its own: 42.",
        "Respondents who answered more than once, their answers kept together in the intervals: 241.",
    ]
    assert len(np.unique(bank.clusters)) == 391 + 42
    assert "joint resamples of clusters of answers" in str(driver_importance(bank, draws=100).method)


def airport(blank):
    """The survey of 2017; `blank` is what the code 11, no answer, is read as."""
    frame = pd.read_csv(DATA / "sfo_airport" / "2017_SFO_Customer_Survey.csv", low_memory=False)
    frame["NETPRO"] = frame["NETPRO"].replace(11, blank)
    kept = frame[["NETPRO", "WEIGHT", "STRATA"]]
    survey = Survey.from_frame(kept[["NETPRO", "WEIGHT"]].astype(float), "NETPRO", weight_column="WEIGHT")
    return survey, np.unique(kept["STRATA"].astype(str), return_inverse=True)[1]


def test_the_weighted_score_of_the_airport_counts_blanks_for_nothing():
    survey, _ = airport(np.nan)
    result = net_promoter(survey, "NETPRO")
    assert result.base == 2746
    assert 100 * result.score == pytest.approx(40.398, abs=5e-4)
    assert 100 * result.multinomial_error == pytest.approx(1.457, abs=5e-4)
    assert result.error == pytest.approx(result.multinomial_error, rel=0.02)
    assert result.effective_base == pytest.approx(2266.5, abs=0.05)
    assert net_promoter(replace(survey, weights=np.ones(2831), weighted=False), "NETPRO").score == pytest.approx(
        0.3984, abs=5e-5
    )


def test_blanks_of_the_airport_are_refused_rather_than_promoters():
    survey, _ = airport(11)
    with pytest.raises(SurveyError, match="84 answers to NETPRO are no whole numbers from 0 to 10, for instance 11"):
        net_promoter(survey, "NETPRO")


def test_the_strata_of_the_airport_are_used():
    survey, strata = airport(np.nan)
    result = net_promoter(replace(survey, strata=strata), "NETPRO")
    assert 0 < result.error < net_promoter(survey, "NETPRO").error
