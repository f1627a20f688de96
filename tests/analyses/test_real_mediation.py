"""Through satisfaction or around it on the real surveys, against pingouin on the same columns."""

import warnings
from pathlib import Path

import pingouin
import pytest

from drivers import driver_mediation, explain, joint_resample, load_client, load_survey
from drivers.errors import DriversWarning, EstimationError

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real surveys are not beside the project")


def survey_of(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DriversWarning)
        return load_survey(load_client(ROOT / "tests" / "clients" / f"{name}.toml"))


@pytest.mark.parametrize(("name", "intention"), [("hbat", "x20"), ("ecsi_mobi", "CUSL3")])
def test_effects_on_the_intention_are_those_of_pingouin(name, intention):
    survey = survey_of(name)
    rows = driver_mediation(survey, joint_resample(survey, draws=50), intention=intention).table.set_index("driver")
    for driver in survey.drivers[:3]:
        others = [d for d in survey.drivers if d != driver]
        peer = pingouin.mediation_analysis(
            survey.answers, x=driver, m=survey.outcome, y=intention, covar=others, n_boot=10
        ).set_index("path")["coef"]
        assert rows.loc[driver, "through_points"] == pytest.approx(peer["Indirect"], abs=1e-8)
        assert rows.loc[driver, "around_points"] == pytest.approx(peer["Direct"], abs=1e-8)


def test_hbat_shows_nothing_around_satisfaction_on_its_hundred_answers():
    survey = survey_of("hbat")
    result = driver_mediation(survey, intention="x20")
    assert result.labelled("around", "both", "opposed") == []
    assert "cannot be ruled out" in " ".join(map(str, explain(result)))


def test_an_innovative_image_goes_with_recommending_a_provider_at_equal_satisfaction():
    survey = survey_of("ecsi_mobi")
    result = driver_mediation(survey, intention="CUSL3")
    assert result.labelled("around") == ["Image: innovative"]
    assert result.fragile == ()


def test_leaving_that_satisfaction_tells_without_error_is_refused():
    survey = survey_of("telco_v11")
    with pytest.raises(EstimationError, match="separate those who left"):
        driver_mediation(survey, joint_resample(survey, draws=20))
