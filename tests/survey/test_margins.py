import numpy as np
import pytest

from drivers.errors import ConfigError, SurveyError
from drivers.survey.loading import load_survey
from survey_files import client_of, survey_frame, write_survey

REGION = "[weighting.margins.region]\nnorth = 0.7\nsouth = 0.3\n"


def raked(folder, frame=None, margins=REGION, trim="[0.1, 9.0]"):
    frame = survey_frame() if frame is None else frame
    return client_of(folder, frame, ("[value]", f"[weighting]\ntrim = {trim}\n{margins}[value]"))


def refusal(client):
    with pytest.raises(SurveyError) as caught:
        load_survey(client)
    return str(caught.value)


def test_weights_are_raked_to_the_population_from_the_survey_weight_on(tmp_path):
    frame = survey_frame()
    survey = load_survey(raked(tmp_path, frame))
    north = (frame["region"] == "north").to_numpy()
    assert survey.weights[north].sum() / survey.weights.sum() == pytest.approx(0.7, abs=1e-6)
    ratio = survey.weights / frame["weight"]
    np.testing.assert_allclose(ratio[north], ratio[north][0])
    assert survey.weighted
    assert survey.raking.margins[0].values == ("north", "south")


def test_values_may_be_codes_or_labels_in_any_case(tmp_path):
    frame = survey_frame().assign(region=np.tile([1.0, 2.0], 20))
    labels = {"variable_value_labels": {"region": {1.0: "North", 2.0: "South"}}}
    write_survey(frame, tmp_path / "survey.sav", **labels)
    codes = REGION.replace("north", "1").replace("south", "2")
    by_label, by_code = (
        load_survey(client_of(tmp_path, None, ("[value]", f"{margins}[value]"), file="survey.sav"))
        for margins in (REGION, codes)
    )
    assert by_label.weights[::2].sum() / by_label.weights.sum() == pytest.approx(0.7, abs=1e-6)
    np.testing.assert_array_equal(by_label.weights, by_code.weights)


def test_respondents_of_no_category_keep_their_weight_and_are_counted(tmp_path):
    frame = survey_frame()
    frame.loc[:2, "region"] = ""
    survey = load_survey(raked(tmp_path, frame))
    assert str(survey.notices[-1]) == (
        "Respondents without an answer on region, whose weights this margin leaves as they are: 3."
    )


def test_a_value_without_a_share_and_a_share_without_a_respondent_are_refused(tmp_path):
    frame = survey_frame()
    frame.loc[0, "region"] = "west"
    assert 'column "region" (weighting.margins) holds "west", which has no share' in refusal(raked(tmp_path, frame))
    east = REGION.replace("south = 0.3", "south = 0.2\neast = 0.1")
    assert 'has nobody with "east"' in refusal(raked(tmp_path, margins=east))


def test_margins_out_of_reach_name_the_margin(tmp_path):
    far = REGION.replace("0.7", "0.95").replace("0.3", "0.05")
    assert "cannot meet margin region" in refusal(raked(tmp_path, margins=far, trim="[0.8, 1.2]"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0.3", "0.5", "weighting.margins.region: the shares add to 1.2; expected 1"),
        ("0.3", "30", "the shares add to 30.7"),
        ("0.3", "0", "expected a share above 0"),
        ("region", "regoin", 'no column "regoin". Did you mean "region"?'),
    ],
)
def test_shares_that_make_no_population_are_refused(tmp_path, old, new, said):
    with pytest.raises(ConfigError) as caught:
        load_survey(raked(tmp_path, margins=REGION.replace(old, new)))
    assert said in str(caught.value)


def test_bounds_must_hold_the_mean(tmp_path):
    with pytest.raises(ConfigError, match=r"weighting.trim: is \[1.5, 3\]"):
        raked(tmp_path, trim="[1.5, 3]")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[value]", "[weighting]\ntrim = [0.5, 2]\n[value]", "weighting.trim: bounds raked weights only"),
        ('respondent = "customer_id"', 'anonymous = "single"', "survey.anonymous: means nothing without"),
    ],
)
def test_keys_that_would_do_nothing_are_refused(tmp_path, old, new, said):
    with pytest.raises(ConfigError, match=said.replace(".", r"\.")):
        client_of(tmp_path, survey_frame(), (old, new))
