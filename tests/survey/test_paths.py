"""Stated importance and [paths]: from the client file to the survey."""

from itertools import pairwise

import numpy as np
import pytest

from drivers.client import load_client
from drivers.errors import ConfigError, SurveyError
from drivers.survey.loading import load_survey
from survey_files import CLIENT, survey_frame, write_survey

MORE = """\
[drivers.batteries]
Staff = ["friendly"]
[drivers.stated]
fix      = "says_fix"
friendly = "says_friendly"
[paths]
scale = [1, 10]
[paths.blocks]
Loyalty = ["intends", "again"]
[paths.to]
satisfaction = ["fix", "Staff"]
Loyalty      = ["satisfaction"]
"""


def frame():
    rng = np.random.default_rng(3)
    asked = {name: rng.integers(1, 11, 40).astype(float) for name in ("says_fix", "says_friendly", "again", "csat2")}
    return survey_frame().assign(**asked)


@pytest.fixture
def loaded(tmp_path):
    def load(*changes, answers=None):
        write_survey(frame() if answers is None else answers, tmp_path / "survey.csv")
        text = CLIENT.format(file="survey.csv").replace("[loyalty]", MORE + "[loyalty]")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        (tmp_path / "client.toml").write_text(text, encoding="utf-8")
        return load_survey(load_client(tmp_path / "client.toml"))

    return load


def refusal(loaded, *changes):
    with pytest.raises(ConfigError) as caught:
        loaded(*changes)
    return str(caught.value)


def test_stated_importance_is_read_by_driver(loaded):
    survey = loaded()
    assert dict(survey.stated) == {"fix": "says_fix", "friendly": "says_friendly"}
    np.testing.assert_array_equal(survey.answers["says_fix"], frame()["says_fix"])


def test_the_scale_of_stated_importance_is_declared_or_observed_with_a_notice(loaded):
    assert any("says_fix" in str(n) and "No scale is declared" in str(n) for n in loaded().notices)
    survey = loaded(("scale = [1, 10]\n[drivers.items]", "scale = [1, 10]\nstated_scale = [0, 11]\n[drivers.items]"))
    assert (survey.scales["says_fix"].low, survey.scales["says_fix"].high) == (0, 11)
    assert not any("says_fix" in str(n) for n in survey.notices)


def test_stated_importance_off_its_scale_is_refused_with_the_key(loaded):
    with pytest.raises(SurveyError, match=r"drivers\.stated_scale"):
        loaded(("scale = [1, 10]\n[drivers.items]", "scale = [1, 10]\nstated_scale = [1, 5]\n[drivers.items]"))


def test_blocks_hold_batteries_drivers_satisfaction_and_further_columns(loaded):
    plan = loaded().paths
    expected = {"fix": ("fix",), "Staff": ("friendly",), "satisfaction": ("csat",), "Loyalty": ("intends", "again")}
    assert dict(plan.blocks) == expected
    assert dict(plan.to) == {"satisfaction": ("fix", "Staff"), "Loyalty": ("satisfaction",)}
    assert plan.lost == ()


def test_of_several_satisfaction_columns_each_is_an_item_of_the_block(loaded):
    survey = loaded(('column = "csat"', 'column = ["csat", "csat2"]'))
    assert survey.paths.blocks["satisfaction"] == ("csat", "csat2")
    np.testing.assert_array_equal(
        survey.answers["satisfaction"], survey.answers[["csat", "csat2"]].mean(axis=1, skipna=False)
    )


def test_a_block_that_was_not_asked_is_left_out_with_a_notice(loaded):
    survey = loaded(answers=frame().assign(intends=np.nan, again=np.nan))
    assert "Loyalty" not in survey.paths.blocks
    assert survey.paths.lost == ("Loyalty",)
    assert any("Not in the path model" in str(n) and "Loyalty" in str(n) for n in survey.notices)


def test_codes_of_paths_missing_are_no_answers_there(loaded):
    answers = frame()
    answers.loc[0, "again"] = 77
    survey = loaded(("[paths]\n", "[paths]\nmissing = [77]\n"), answers=answers)
    assert np.isnan(survey.answers.loc[0, "again"])


def test_arrows_in_a_circle_are_refused_with_the_circle(loaded):
    circle = ('satisfaction = ["fix", "Staff"]', 'satisfaction = ["fix", "Staff"]\nfix = ["Loyalty"]')
    text = refusal(loaded, circle)
    assert "runs in a circle" in text
    ways = text.split("circle: ")[1].split(". Remove")[0].split(" → ")
    assert ways[0] == ways[-1]
    assert set(ways) == {"fix", "satisfaction", "Loyalty"}
    arrows = {"satisfaction": ("fix", "Staff"), "Loyalty": ("satisfaction",), "fix": ("Loyalty",)}
    assert all(source in arrows[target] for source, target in pairwise(ways))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('satisfaction = ["fix", "Staff"]', 'satisfaction = ["fix", "Stafff"]', 'Did you mean "Staff"'),
        ('satisfaction = ["fix", "Staff"]\n', "", "leads nowhere near satisfaction"),
        ('Loyalty      = ["satisfaction"]', 'Loyalty = ["Loyalty"]', "runs in a circle: Loyalty → Loyalty"),
        ('Loyalty      = ["satisfaction"]\n', "", "is in no arrow"),
        (
            'satisfaction = ["fix", "Staff"]',
            'satisfaction = ["fix", "friendly", "Staff"]',
            "expected one block a column",
        ),
        ('Loyalty = ["intends", "again"]', 'Staff = ["again"]', "is the name of something else"),
        ('Loyalty = ["intends", "again"]', 'Loyalty = ["again", "age"]', "is a control"),
        ('Loyalty = ["intends", "again"]', 'Loyalty = ["again", "gone"]', "already used as"),
        ('Loyalty      = ["satisfaction"]', "Loyalty = []", "expected a list of blocks"),
        ('fix      = "says_fix"', 'fixx = "says_fix"', 'Did you mean "fix"'),
        ('fix      = "says_fix"', 'fix = "gone"', "already used as"),
        ('fix      = "says_fix"', 'fix = "says_nothing"', "has no column"),
        ("[paths]\n", '[paths]\nscheme = "pls"\n', 'expected "path", "centroid" or "factorial"'),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(loaded, old, new, said):
    assert said in refusal(loaded, (old, new))


def test_a_scale_of_stated_importance_without_columns_is_refused(loaded):
    stated = MORE[MORE.index("[drivers.stated]") : MORE.index("[paths]")]
    text = refusal(loaded, (stated, ""), ("[drivers.items]", "stated_scale = [1, 5]\n[drivers.items]"))
    assert "stated_scale" in text
    assert "without columns" in text
