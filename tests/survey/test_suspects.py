"""Answers that look like codes where nothing says on which scale they are: what is asked, and what is left alone."""

import numpy as np
import pytest

from drivers.errors import SurveyError
from drivers.survey.loading import load_survey
from drivers.survey.standing import code_standing, other_ratings
from drivers.survey.survey import Scale
from drivers.survey.suspects import Answers, suspect_amounts, suspect_answers
from survey_files import client_of, survey_frame


def suspects(values, kind="rating", times=1):
    found = suspect_answers({"q": Answers(np.repeat(np.array(values, dtype=float), times), kind)})
    return set(found["q"].codes) if found else set()


@pytest.mark.parametrize("times", [1, 50])
@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([*range(1, 6), 99, 99], {99}),
        ([*range(1, 6), -1, -9], {-1, -9}),
        ([0, 5, 10, -1], {-1}),
        ([*range(1, 6), 8, 9], {8, 9}),
        ([*range(1, 6), 7, 8, 9], {7, 8, 9}),
        ([*range(1, 8), 9], {9}),
        ([*range(1, 9)], {8}),
        ([*range(12)], {11}),
        ([*range(1, 12)], {11}),
        ([*range(5, 12)], {11}),
        ([*range(7)], {0, 6}),
        ([*range(1, 7)], {6}),
        ([*range(3, 7)], {6}),
        ([*range(6)], {0}),
        ([*range(8)], {0}),
        ([1, 2, 99], {99}),
        ([0, 1, 9], {9}),
        ([0, 1, -9], {-9}),
        ([1, 2, 8, 9], {8, 9}),
        ([0, 1, 999], {999}),
        ([1.5, 2, 3, 99], {99}),
        ([*range(18, 80), 999], {999}),
        ([*range(1, 11)], set()),
        ([*range(11)], set()),
        ([*range(1, 8)], set()),
        ([*range(1, 10)], set()),
        ([*range(5)], set()),
        ([1, 2, 3, 4], set()),
        ([2, 3, 4], set()),
        ([0, 1], set()),
        ([-1, 1], set()),
        ([-1, 0, 1], set()),
        ([-2, -1, 0, 1, 2], set()),
        ([*range(18, 99), 99], set()),
        ([*range(101)], set()),
    ],
)
def test_what_lies_beside_a_usual_scale_is_suspect_and_other_answers_are_not(values, found, times):
    assert suspects(values, times=times) == found


def test_a_scale_of_seven_points_of_which_few_used_7_is_left_alone():
    assert suspects([*range(1, 6)] * 40 + [6] * 9 + [7]) == set()
    assert suspects([*range(1, 6)] * 20 + [7]) == set()  # nobody gave 6, which is an accident here

    assert suspects([*range(1, 6)] * 40 + [7] * 5) == {7}


def test_a_6_is_an_answer_where_another_question_of_the_survey_reaches_7():
    six, seven, ten = (np.resize(np.arange(1.0, top + 1), 420) for top in (6, 7, 10))
    assert suspect_answers({"a": Answers(six), "b": Answers(seven)}) == {}
    assert suspect_answers({"a": Answers(six), "b": Answers(six, scale=Scale(1, 7))}) == {}
    assert set(suspect_answers({"a": Answers(six), "b": Answers(ten)})) == {"a"}
    assert set(suspect_answers({"a": Answers(six), "b": Answers(ten, "intention")})) == {"a"}


def test_among_few_answers_none_at_the_highest_points_is_an_accident():
    low, high = np.resize(np.arange(2.0, 7), 40), np.resize(np.arange(1.0, 11), 40)
    assert suspect_answers({"low": Answers(low), "high": Answers(high)}) == {}


def test_a_typing_error_far_from_the_scale_is_suspect():
    assert suspects([*range(1, 11)] * 10 + [45]) == {45}
    assert suspects([*range(1, 11)] * 10 + [101, 12]) == set()  # a scale of amounts, perhaps


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([*range(18, 76), 99, 99, 99], {99}),
        ([*range(18, 76), 99], set()),
        ([*range(18, 95), 99, 99, 99], set()),
        ([*range(12)], set()),
        ([*range(18, 80), -1], {-1}),
        ([*range(6)], set()),
    ],
)
def test_ages_and_counts_are_held_against_no_scale(values, found):
    assert suspects(values, "count") == found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([*range(50, 90), -99, -99, -99], {-99: 3}),
        ([*range(50, 90), -99, -99], {}),
        ([*np.linspace(-80, 200, 150), -99, -99, -99, -99], {-99: 4}),
        ([-100] * 2 + [-50] * 3 + [-99] * 5 + [*range(20, 60)], {}),
        ([*range(50, 90), 99, 99, 99, 99], {}),
        ([*range(50, 90), 9999, 9999, 9999], {9999: 3}),
        ([*range(50, 90), -1, -1, -1], {-1: 3}),
    ],
)
def test_amounts_below_zero_are_amounts_unless_one_code_is_given_again_and_again(values, found):
    assert suspect_amounts(np.array(values, dtype=float)) == found


def ratings(rng, n, low, high, halo=0.6, columns=6):
    common = rng.normal(size=(n, 1))
    own = rng.normal(size=(n, columns))
    unit = 0.65 + 0.22 * (halo * common + np.sqrt(1 - halo**2) * own)
    return np.clip(np.rint(low + (high - low) * unit), low, high)


def found_share(low, high, code=None, n=400, seeds=25):
    """Share of made surveys with a suspect; a tenth of the answers are `code`, half of these in whole rows."""
    found = 0
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        x = ratings(rng, n, low, high)
        if code is not None:
            x[(rng.random(x.shape) < 0.05) | (rng.random((n, 1)) < 0.05)] = code
        found += bool(suspect_answers({f"q{j}": Answers(x[:, j]) for j in range(x.shape[1])}))
    return found / seeds


@pytest.mark.parametrize(("low", "high"), [(0, 10), (1, 5), (1, 7), (1, 10), (1, 11), (1, 6)])
def test_a_true_scale_is_left_alone_where_ratings_hang_together(low, high):
    assert found_share(low, high) == 0


@pytest.mark.parametrize(("low", "high", "code"), [(1, 5, 6), (1, 5, 0), (1, 10, 11), (1, 10, 0), (0, 10, 11)])
def test_a_code_beside_a_scale_is_found_where_ratings_hang_together(low, high, code):
    assert found_share(low, high, code) >= (0.8 if code == 0 and high == 10 else 1)  # a 0 to 10 is a usual scale


def test_a_code_is_told_from_an_answer_by_how_the_rest_is_rated():
    rng = np.random.default_rng(3)
    x = ratings(rng, 400, 1, 11)
    others = other_ratings({str(j): x[:, j] for j in range(6)})
    np.testing.assert_allclose(others["0"], np.mean((x - x.mean(0))[:, 1:] / x.std(0)[1:], axis=1))
    assert code_standing(x[:, 0], 11, Scale(1, 10), others["0"]) > 3
    shuffled = np.where(x[:, 0] == 11, 10, x[:, 0])
    shuffled[rng.choice(400, 40, replace=False)] = 11
    assert code_standing(shuffled, 11, Scale(1, 10), others["0"]) < 0
    assert code_standing(x[:, 0], 11, Scale(1, 10), rng.normal(size=400)) is None
    assert code_standing(x[:, 0], 12, Scale(1, 11), others["0"]) is None


def test_others_are_known_only_for_who_answered_one_and_where_two_columns_vary():
    x = {"a": np.array([1.0, 2, np.nan]), "b": np.array([np.nan, 4, 5]), "c": np.ones(3)}
    assert np.isnan(other_ratings(x)["a"]).tolist() == [True, False, False]
    assert other_ratings({"a": x["a"], "c": x["c"]}) == {}


# what a person is asked

UNSCALED = ('column = "csat"\nscale  = [1, 10]', 'column = "csat"'), ("[drivers]\nscale = [1, 10]", "[drivers]")
PLAIN = (*UNSCALED, (", scale = [1, 5] }", " }"), ("[99]", "[]"), ("intention_scale = [0, 10]\n", ""))


def refusal(folder, frame, *changes):
    with pytest.raises(SurveyError) as caught:
        load_survey(client_of(folder, frame, *changes))
    return str(caught.value)


def test_columns_that_share_a_code_are_one_line_with_the_keys_to_set(tmp_path):
    frame = survey_frame(200)
    frame.loc[0, "fix"] = 5
    frame["csat"] = frame["csat"].clip(1, 5).fillna(3)
    frame["fix"] = frame["fix"].clip(1, 5)
    for column, at in (("csat", 3), ("fix", 7), ("friendly", 11)):
        frame.loc[at : at + 9, column] = 0
        frame.loc[at + 50 : at + 70, column] = 6
    text = refusal(tmp_path, frame, *PLAIN)
    assert text == (
        "survey.csv: 3 columns have no scale, and answers beside 1 to 5 that look like codes for no answer: 6 (63 "
        'times), 0 (30 times), in "csat", "fix", "friendly". If they mean no answer, set survey.missing = [0, 6]; if '
        "they are answers, set satisfaction.scale and drivers.scale = [0, 6]."
    )
    survey = load_survey(client_of(tmp_path, frame, *PLAIN[:3], ("[99]", "[0, 6]")))
    assert survey.answers[["csat", "fix", "friendly"]].max().max() == 5


def test_one_column_has_keys_of_its_own(tmp_path):
    frame = survey_frame(100)
    frame.loc[5:9, "fix"] = 11
    text = refusal(tmp_path, frame, *PLAIN[:2], ("[99]", '[99, "weet niet"]'))
    assert text == (
        'survey.csv: column "fix" (Solved first time) has no scale, and answers beside 1 to 10 that look like codes '
        "for no answer: 11 (5 times). If they mean no answer, set drivers.items.fix.missing = [11]; if they are "
        "answers, set drivers.items.fix.scale = [1, 11]."
    )


def test_off_scale_answers_of_several_columns_are_one_line(tmp_path):
    frame = survey_frame(100)
    frame.loc[5:9, ["fix", "csat"]] = 11
    frame.loc[8:9, "fix"] = 0
    text = refusal(tmp_path, frame, ("[99]", '[99, "?"]'))
    assert text == (
        'survey.csv: 2 columns have answers outside their scale 1 to 10: 11 (8 times), 0 (2 times), in "csat", "fix". '
        'If they mean no answer, set survey.missing = [99, "?", 0, 11]; if the scale is wider, correct '
        "satisfaction.scale and drivers.scale."
    )


def test_texts_that_several_columns_share_are_one_line(tmp_path):
    frame = survey_frame(100).astype(object)
    frame.loc[5:9, ["fix", "csat"]] = "Blank"
    frame.loc[3, "intends"] = "x"
    text = refusal(tmp_path, frame)
    assert text.splitlines()[0] == "survey.csv: 3 columns cannot be used as they are"
    assert text.splitlines()[1] == (
        '  2 columns have answers that are not numbers: "Blank" (10 times), in "csat", "fix". Expected numbers only. '
        'Set survey.missing = [99, "Blank"] if they mean no answer; a column of texts can be no rating.'
    )
    assert len(text.splitlines()) == 3
    assert "1 text not quoted" in text.splitlines()[2]


def test_a_code_for_no_answer_that_may_be_an_answer_of_another_scale_is_asked(tmp_path):
    frame = survey_frame(200)
    counts = frame["intends"].value_counts()
    text = refusal(tmp_path, frame, ("[99]", "[0, 6, 99]"), PLAIN[4])
    assert text == (
        'survey.csv: column "intends" has no scale, and codes of survey.missing among its other answers, 1 to 10: '
        f"{'6' if counts[6] >= counts[0] else '0'} ({max(counts[6], counts[0])} times), "
        f"{'0' if counts[6] >= counts[0] else '6'} ({min(counts[6], counts[0])} times). If they are answers, set "
        "loyalty.intention_scale = [0, 10]; if they mean no answer, set loyalty.missing = [0, 6]."
    )
    kept = load_survey(client_of(tmp_path, frame, ("[99]", "[0, 6, 99]")))
    assert (kept.answers["intends"] == 0).sum() == counts[0]


def test_amounts_that_are_codes_are_asked_until_the_client_file_says_what_they_are(tmp_path):
    frame = survey_frame(100)
    frame.loc[5:9, "margin"] = -99
    text = refusal(tmp_path, frame)
    assert text == (
        'survey.csv: column "margin" has amounts that look like codes for no amount: -99 (5 times). If they mean no '
        "amount, set value.missing = [-99]; if they are amounts, set value.missing = []."
    )
    for missing, left in (("[-99]", 0), ("[]", 5)):
        survey = load_survey(client_of(tmp_path, frame, ("customers ", f"missing = {missing}\ncustomers ")))
        assert (survey.answers["margin"] == -99).sum() == left
        assert any("look like a code" in str(n) for n in survey.notices) == bool(left)


def test_a_code_that_is_given_once_among_amounts_is_told_and_counts(tmp_path):
    frame = survey_frame(100)
    frame.loc[5, "margin"] = -99
    notices = [str(n) for n in load_survey(client_of(tmp_path, frame)).notices]
    assert any(n.startswith("Amounts of margin that look like a code for no answer and count") for n in notices)


@pytest.mark.parametrize("values", [np.linspace(0, 100, 100).round(), np.arange(100) % 12, np.arange(100) / 7])
def test_percentages_counts_and_amounts_as_controls_are_left_alone(tmp_path, values):
    survey = load_survey(client_of(tmp_path, survey_frame(100).assign(age=values)))
    assert survey.answers["age"].max() == values.max()


def test_a_driver_that_is_called_a_count_is_left_alone(tmp_path):
    frame = survey_frame(100).assign(fix=np.arange(100) % 12)
    change = ('fix      = "Solved first time"', 'fix = "Number of calls"')
    assert load_survey(client_of(tmp_path, frame, UNSCALED[1], change)).scales["fix"] == Scale(0, 11)
    assert "11 (8 times)" in refusal(tmp_path, frame, UNSCALED[1])


def test_the_ends_that_are_taken_for_a_scale_are_told(tmp_path):
    notices = [str(n) for n in load_survey(client_of(tmp_path, survey_frame(200), *UNSCALED)).notices]
    assert notices[0].startswith("No scale is declared for csat (3–10) and Solved first time (1–10); ")


# numbers that are no whole ones, where nearly all are


def test_a_row_of_means_without_a_name_is_named_by_its_row(tmp_path):
    frame = survey_frame(60)
    frame.loc[60] = {**frame.loc[3], "csat": 6.87, "fix": 5.52, "friendly": 3.0, "intends": 4.5}
    text = refusal(tmp_path, frame)
    assert text == (
        'survey.csv: 2 columns have answers that are no whole number, where nearly all others are, in "csat", "fix", '
        "in row 62. Such a row is often a total or a mean: remove it. If it is a respondent, round the answers."
    )


def test_half_points_that_few_gave_are_told_and_count(tmp_path):
    frame = survey_frame(100)
    frame.loc[7, "csat"] = 7.5
    survey = load_survey(client_of(tmp_path, frame))
    assert survey.answers["csat"][7] == 7.5
    assert [str(n) for n in survey.notices if "half-way" in str(n)] == [
        "Answers to csat half-way between two points, where nearly all others are whole: 1."
    ]


def test_a_scale_of_decimals_is_left_alone(tmp_path):
    frame = survey_frame(100).assign(csat=np.linspace(1, 10, 100).round(1))
    assert load_survey(client_of(tmp_path, frame)).base == 100


def test_sums_below_the_answers_are_named_by_their_row(tmp_path):
    frame = survey_frame(60)
    frame.loc[60] = {**frame.loc[3], "csat": 312.0, "fix": 298.0, "friendly": 171.0}
    lines = refusal(tmp_path, frame).splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("  2 columns have answers outside their scale 1 to 10: 312 (1 time), 298 (1 time)")
    assert 'in "csat", "fix", in row 62.' in lines[1]
    assert lines[1].endswith("If that row holds totals, remove it.")
    assert "171 (1 time), in row 62" in lines[2]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("80%", "export them without signs for thousands, currency or percent"),
        ("1.234,50", "export them without signs"),
        ("€ 12", "export them without signs"),
        ("Zeer tevreden", "If they are the words of a scale, export the survey with its numbers."),
        ("#DIV/0!", '"#DIV/0!" (10 times)'),
        ("#REF!", "Repair the formulas that end in an error"),
        ("7,5", 'set survey.decimal = ","'),
    ],
)
def test_what_such_texts_often_are_is_said(tmp_path, answer, said):
    frame = survey_frame(60).astype(object)
    frame.loc[2:11, "fix"] = answer
    assert said in refusal(tmp_path, frame)


def test_a_number_too_large_to_square_is_off_the_scale(tmp_path):
    frame = survey_frame(60)
    frame.loc[3, "csat"] = 1e300
    assert "1e+300 (1 time), in row 5" in refusal(tmp_path, frame, *UNSCALED[1:])


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([1.0] * 57 + [-1, 2, 3], "1 weight is missing, infinite or negative"),
        ([1.0] * 58 + [-1, -2], 'negative in column "weight" (survey.weight), in rows 60, 61;'),
        (["0,5"] * 60, 'weights that are not numbers: "0,5" (60 times)'),
        (["0,5"] * 60, 'Set survey.decimal = ","'),
    ],
)
def test_weights_that_are_none_are_named_by_row(tmp_path, weights, said):
    assert said in refusal(tmp_path, survey_frame(60).assign(weight=weights))
