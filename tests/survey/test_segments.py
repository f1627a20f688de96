import numpy as np
import pandas as pd
import pytest

from drivers.client import load_client
from drivers.errors import ConfigError, SurveyError
from drivers.survey.loading import load_survey
from drivers.survey.segments import segmented_survey
from made_surveys import made_survey

CLIENT = """\
client = "Made"
[survey]
file     = "survey.csv"
segments = ["kind", "size"]
missing  = [9]
[satisfaction]
column = "csat"
scale  = [1, 10]
[drivers]
scale = [1, 10]
[drivers.items]
d0 = "First"
"""


@pytest.fixture
def survey(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"csat": rng.integers(1, 11, 60), "d0": rng.integers(1, 11, 60)})
    frame["kind"] = ["None", "a", " b ", "", "NA", "a"] * 10
    frame["size"] = [10, 9, 2, 2, 10, np.nan] * 10
    frame.to_csv(tmp_path / "survey.csv", index=False)
    (tmp_path / "client.toml").write_text(CLIENT, encoding="utf-8")
    return load_survey(load_client(tmp_path / "client.toml"))


def test_text_names_a_group_and_none_is_a_group_too(survey):
    found = survey.segments["kind"]
    assert found.groups == ("a", "b", "None")
    np.testing.assert_array_equal(found.codes[:6], [2, 0, 1, -1, -1, 0])


def test_a_table_of_segments_gives_each_its_printed_name(tmp_path, survey):
    labelled = CLIENT.replace('["kind", "size"]', '{ kind = "Soort  klant", size = "Grootte" }')
    (tmp_path / "client.toml").write_text(labelled, encoding="utf-8")
    found = load_survey(load_client(tmp_path / "client.toml")).segments
    assert {column: segments.label for column, segments in found.items()} == {"kind": "Soort klant", "size": "Grootte"}
    assert found["kind"].groups == survey.segments["kind"].groups
    assert survey.segments["kind"].label == "kind"


def test_a_labelled_segment_that_is_no_column_names_the_nearest(tmp_path, survey):
    wrong = CLIENT.replace('["kind", "size"]', '{ kinds = "Soort", size = "Grootte" }')
    (tmp_path / "client.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(ConfigError, match=r'line 4, survey\.segments\.kinds: .* Did you mean "kind"'):
        load_survey(load_client(tmp_path / "client.toml"))


@pytest.mark.parametrize("segments", ["{ kind = 3 }", '{ kind = "" }', '"kind"', '["kind", "kind"]'])
def test_segments_are_a_list_of_columns_or_a_label_for_each(tmp_path, segments):
    (tmp_path / "client.toml").write_text(CLIENT.replace('["kind", "size"]', segments), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"line 4, survey\.segments.* a list of columns, or a label for each column"):
        load_client(tmp_path / "client.toml")


def test_numbers_name_groups_in_their_order_and_codes_for_no_answer_are_no_answer_only_to_questions(survey):
    found = survey.segments["size"]
    assert found.groups == ("2", "9", "10")
    np.testing.assert_array_equal(found.codes[:6], [2, 1, 0, 0, 2, -1])


def test_groups_follow_their_respondents(survey):
    part = survey.rows(np.arange(60) < 3)
    np.testing.assert_array_equal(part.segments["kind"].codes, [2, 0, 1])


def test_a_survey_made_by_hand_gets_segments_from_a_frame():
    made = made_survey(20)
    found = segmented_survey(made, pd.DataFrame({"g": ["x", "y"] * 10, "h": range(20)}), ["g"])
    assert list(found.segments) == ["g"]
    assert not made.segments
    assert segmented_survey(found, pd.DataFrame({"h": range(20)}), ["h"]).segments.keys() == {"g", "h"}


@pytest.mark.parametrize(("rows", "column", "text"), [(20, "other", "no column 'other'"), (19, "g", "19 rows")])
def test_a_frame_that_does_not_fit_is_refused(rows, column, text):
    with pytest.raises(SurveyError, match=text):
        segmented_survey(made_survey(20), pd.DataFrame({"g": ["x"] * rows}), [column])
