import numpy as np
import pandas as pd
import pytest

from drivers.survey.codes import CodeReader
from drivers.survey.loading import load_survey
from drivers.survey.scales import labelled_scale, relabelling, silent_labels
from drivers.survey.survey import Scale
from drivers.survey.table import SurveyTable
from drivers.survey.wording import leading_number, says_no_answer
from survey_files import client_of, survey_frame, write_survey


def reader(labels, missing=()):
    return CodeReader(SurveyTable(pd.DataFrame({"q": [1.0]}), "s.sav", value_labels={"q": labels}), missing)


@pytest.mark.parametrize(
    "label",
    [
        "Don't know", "dont know", "I don’t know / no answer", "99 = n.v.t.", "N.V.T.", "Niet van toepassing",
        "weet ik niet", "Weet niet/geen antwoord", "Weet niet / wil niet zeggen", "Refused", "Prefer not to say",
        "Weet niet", "Blank",
        "Not applicable (no visit)", "n/a", "Geen mening", "No opinion", "Never used", "(niet gevraagd)", "Geweigerd",
        "Kan ik niet beoordelen", "Onbekend", "DK/NA", "System missing", "Zeg ik liever niet", "Nooit gebruikt",
    ],
)  # fmt: skip
def test_a_label_says_no_answer_in_dutch_or_english(label):
    assert says_no_answer(label)


@pytest.mark.parametrize(
    "label",
    ["Never", "None", "No", "Nee", "Geen", "Niet tevreden", "Not at all likely", "Neutral", "Unlikely", "Not satisfied",
     "Know it well", "Geen problemen", "Weet het zeker", "Other", "Not important", "Nooit", "Very bad", ""],
)  # fmt: skip
def test_an_answer_that_sounds_negative_is_an_answer(label):
    assert not says_no_answer(label)


@pytest.mark.parametrize(
    ("label", "number"),
    [("0 - not at all", 0), ("10", 10), ("(3) so so", 3), ("-1 worse", -1), ("7 = zeer goed", 7), ("18-24", None),
     ("18 - 24 jaar", None), ("1 t/m 5", None), ("65+", None), ("2.5", None), ("50%", None), ("very good", None)],
)  # fmt: skip
def test_a_label_may_start_with_a_number_but_a_range_is_none(label, number):
    assert leading_number(label) == number


def test_no_opinion_in_the_middle_of_a_scale_is_its_middle():
    labels = {1: "bad", 2: "poor", 3: "no opinion", 4: "fair", 5: "good", 6: "geen mening"}
    assert silent_labels(reader(labels), "q") == {"6": "geen mening"}
    assert labelled_scale(reader(labels), "q") == Scale(1, 5)


def test_a_code_for_no_answer_in_the_middle_leaves_the_scale_whole():
    labels = {1: "bad", 2: "poor", 3: "don't know", 4: "fair", 5: "good"}
    assert set(silent_labels(reader(labels), "q")) == {"3"}
    assert labelled_scale(reader(labels), "q") == Scale(1, 5)


def test_a_code_of_the_client_file_narrows_a_labelled_scale_at_its_end_only():
    labels = {code: f"point {'abcdefghijk'[code]}" for code in range(11)}
    assert labelled_scale(reader(labels, (6,)), "q") == Scale(0, 10)
    assert labelled_scale(reader(labels, (10,)), "q") == Scale(0, 9)


@pytest.mark.parametrize(
    ("labels", "sign", "shift"),
    [
        ({code: str(code - 1) for code in range(1, 12)}, 1, -1),
        ({1: "0 - not at all likely", 11: "10 - extremely likely"}, 1, -1),
        ({1: "0 - no", **{code: str(code - 1) for code in range(2, 12)}, 12: "Don't know"}, 1, -1),
        ({1: "5 very good", 2: "4", 3: "3", 4: "2", 5: "1 very bad"}, -1, 6),
    ],
)
def test_labels_may_number_the_answers_differently(labels, sign, shift):
    found = relabelling(reader(labels), "q")
    assert (found.sign, found.shift) == (sign, shift)


@pytest.mark.parametrize(
    "labels",
    [
        {code: str(code) for code in range(1, 6)},
        {1: "18-24", 2: "25-34", 3: "35-44"},
        {1: "1 bad", 2: "3", 3: "4 good"},
        {1: "bad", 2: "so so", 3: "good"},
        {1: "0 times", 2: "once"},
        {},
    ],
)
def test_other_labels_number_nothing(labels):
    assert relabelling(reader(labels), "q") is None


def test_a_question_from_0_to_10_that_is_stored_as_1_to_11_is_read_as_labelled(tmp_path):
    labels = {float(code): str(code - 1) for code in range(1, 12)} | {12.0: "weet niet"}
    frame = survey_frame().assign(intends=lambda f: f["intends"] + 1)
    frame.loc[5:6, "intends"] = 12
    client = client_of(tmp_path, None, ("intention_scale = [0, 10]\n", ""), file="survey.sav")
    write_survey(frame, client.survey_path, variable_value_labels={"intends": labels})
    survey = load_survey(client)
    expected = survey_frame()["intends"].where(frame["intends"] < 12)
    pd.testing.assert_series_equal(survey.answers["intends"], expected)
    assert survey.scales["intends"] == Scale(0, 10)
    assert [str(notice) for notice in survey.notices] == [
        "intends is stored as 1 to 11, but its labels number it from 0 to 10; the labels are followed.",
        "Answers to intends that their value label calls none (weet niet) and that do not count: 2.",
    ]


def test_a_code_that_lies_on_a_scale_is_an_answer_unless_its_own_column_says_otherwise(tmp_path):
    frame = survey_frame()
    sixes = int((frame["intends"] == 6).sum())
    assert sixes
    client = client_of(tmp_path, frame.assign(friendly=[6.0, *frame["friendly"][1:]]), ("[99]", "[99, 6]"))
    survey = load_survey(client)
    assert np.isnan(survey.answers["friendly"][0])
    assert (survey.answers["intends"] == 6).sum() == sixes
    assert any(f"count: {sixes}." in str(notice) for notice in survey.notices if "intends" in str(notice))
    client = client_of(tmp_path, None, ('intention       = "intends"', 'intention = "intends"\nmissing = [6]'))
    client.survey_path.write_text(frame.to_csv(index=False))
    assert (load_survey(client).answers["intends"] == 6).sum() == 0


def test_drivers_have_codes_of_their_own(tmp_path):
    frame = survey_frame()
    frame.loc[2:3, "friendly"], frame.loc[4, "fix"] = 6.0, 6.0
    client = client_of(tmp_path, frame, ("[drivers]\nscale = [1, 10]", "[drivers]\nscale = [1, 10]\nmissing = [6]"))
    survey = load_survey(client)
    assert survey.answers["friendly"].isna().sum() == 2
    assert survey.answers["fix"][4] == 6
    client = client_of(tmp_path, frame, ("scale = [1, 5] }", "scale = [1, 5], missing = [6, 5] }"))
    assert load_survey(client).answers["friendly"].isna().sum() == 2 + (frame["friendly"] == 5).sum()


def test_a_control_without_a_scale_keeps_every_number_with_a_notice(tmp_path):
    frame = survey_frame()
    frame.loc[3, "age"] = 99.0
    survey = load_survey(client_of(tmp_path, frame))
    assert survey.answers["age"][3] == 99
    assert "Answers to age that equal a code of survey.missing" in str(survey.notices[0])
    survey = load_survey(client_of(tmp_path, frame, ('role = "control"', 'role = "control", missing = [99]')))
    assert np.isnan(survey.answers["age"][3])
