from pathlib import Path

import pytest

from drivers.client import load_client
from drivers.survey.loading import load_survey
from drivers.survey.survey import Scale

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(
    not (ROOT.parent / "shared" / "data").is_dir(), reason="the real surveys are not beside the project"
)


def survey_of(name: str):
    return load_survey(load_client(ROOT / "tests" / "clients" / f"{name}.toml"))


def test_the_mobile_phone_survey_is_read_whole():
    survey = survey_of("ecsi_mobi")
    assert (survey.base, survey.outcome, len(survey.drivers)) == (250, "CUSA1", 14)
    assert not survey.answers.isna().any(axis=None)
    assert set(survey.scales.values()) == {Scale(1, 10)}
    assert survey.notices == ()


def test_the_mobile_phone_index_is_the_mean_of_three_columns():
    survey = survey_of("ecsi_mobi_index")
    assert survey.outcome == "satisfaction"
    assert survey.answers["satisfaction"][0] == pytest.approx((6 + 4 + 7) / 3)


def test_the_supplier_survey_is_read_from_spss():
    survey = survey_of("hbat")
    assert (survey.base, survey.outcome, len(survey.drivers)) == (100, "x19", 13)
    assert survey.labels["x20"] == "X20 - Likely to Recommend"
    assert survey.scales["x7"] == Scale(0, 10)
    assert survey.notices == ()
