import warnings

import numpy as np
import pandas as pd
import pytest

from drivers.errors import ConfigError, SurveyError
from drivers.survey.loading import load_survey
from drivers.survey.survey import Exclusion, Scale
from drivers.wording import sentence
from survey_files import FORMATS, client_of, survey_frame, write_survey


def refusal(client, kind=SurveyError) -> str:
    with pytest.raises(kind) as caught:
        load_survey(client)
    return str(caught.value)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_same_survey(tmp_path, kind):
    survey = load_survey(client_of(tmp_path, survey_frame(), file=f"survey.{kind}"))
    frame = survey_frame()
    expected = frame[["csat", "fix", "friendly", "age", "gone", "intends", "margin"]].rename(columns={"gone": "left"})
    expected.loc[0, "fix"] = np.nan
    pd.testing.assert_frame_equal(survey.answers, expected)
    assert (survey.weights == frame["weight"]).all()
    assert survey.weighted
    assert survey.drivers == ("fix", "friendly")
    assert survey.controls == ("age",)
    assert survey.labels["fix"] == "Solved first time"
    assert survey.labels["left"] == "Left within 12 months"
    assert survey.scales == {
        "csat": Scale(1, 10),
        "fix": Scale(1, 10),
        "friendly": Scale(1, 5),
        "intends": Scale(0, 10),
    }
    assert survey.exclusions == (Exclusion(sentence("No answer on satisfaction"), 1),)
    assert (survey.notices, survey.not_asked, survey.wave, survey.clusters) == ((), (), None, None)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_survey_holds_neither_respondents_nor_folders(tmp_path, kind):
    survey = load_survey(client_of(tmp_path, survey_frame(), file=f"survey.{kind}"))
    assert survey.source == f"survey.{kind}"
    assert "customer_id" not in survey.answers
    assert survey.answers.dtypes.eq(float).all()
    assert survey.answers.index.equals(pd.RangeIndex(40))


def test_reading_leaves_no_warning_and_no_change_in_the_file(tmp_path):
    client = client_of(tmp_path, survey_frame())
    before = client.survey_path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_survey(client)
    assert client.survey_path.read_bytes() == before


def test_a_missing_survey_names_key_line_and_the_nearest_file(tmp_path):
    client = client_of(tmp_path, survey_frame(), ('"survey.csv"', '"survye.csv"'))
    text = refusal(client, ConfigError)
    assert text.startswith(f'{client.path}, line 4, survey.file: "survye.csv" does not exist')
    assert 'Did you mean "survey.csv"?' in text


def test_every_unknown_column_is_named_with_key_line_and_the_nearest_column(tmp_path):
    client = client_of(
        tmp_path, survey_frame(), ('"gone"', '"gnoe"'), ('"region"', '"regio"'), ("friendly =", "frendly =")
    )
    text = refusal(client, ConfigError)
    assert text.startswith(f"{client.path}: 3 problems")
    assert 'line 8, survey.segments: survey.csv has no column "regio". Did you mean "region"?' in text
    assert 'line 16, drivers.items.frendly: survey.csv has no column "frendly". Did you mean "friendly"?' in text
    assert 'line 19, loyalty.left: survey.csv has no column "gnoe". Did you mean "gone"?' in text


def test_codes_for_no_answer_count_as_numbers_and_as_text(tmp_path):
    frame = survey_frame().astype({"fix": object})
    frame.loc[:4, "fix"] = ["99", "99.0", " 99 ", "weet niet", "n/a"]
    survey = load_survey(client_of(tmp_path, frame, ("[99]", '[99, "weet niet"]')))
    assert survey.answers["fix"].isna().tolist() == [True] * 5 + [False] * 35


def test_a_text_code_also_stands_for_the_number(tmp_path):
    survey = load_survey(client_of(tmp_path, survey_frame(), ("[99]", '["99"]')))
    assert np.isnan(survey.answers["fix"][0])


def test_text_in_a_rating_is_refused_with_column_values_counts_and_the_key_to_set(tmp_path):
    frame = survey_frame().astype({"fix": object})
    frame.loc[2:13, "fix"] = ["weet niet"] * 3 + ["zeg ik niet"] * 5 + ["Kees 0612345678"] * 2 + ["a", "b"]
    assert refusal(client_of(tmp_path, frame)) == (
        'survey.csv: column "fix" (Solved first time) has answers that are not numbers: "zeg ik niet" (5 times), '
        '"weet niet" (3 times) and 4 texts not quoted, as they may be personal. Expected numbers only. Set '
        'survey.missing = [99, "weet niet", "zeg ik niet"] if they mean no answer; a column of texts can be no rating.'
    )


def test_text_is_never_evaluated(tmp_path):
    frame = survey_frame().astype({"fix": object})
    frame.loc[2:9, "fix"] = ["=1+1"] * 5 + ["1_0", "0x10", "inf"]
    text = refusal(client_of(tmp_path, frame))
    assert '"=1+1" (5 times), "inf" (1 time) and 2 texts not quoted' in text


def test_what_a_respondent_typed_is_not_repeated_in_an_error(tmp_path):
    frame = survey_frame().astype({"fix": object})
    frame.loc[2:7, "fix"] = ["jan.jansen@example.nl"] * 6
    frame.loc[8:9, "fix"] = ["Mijn dochter Sanne is ziek", "Kees"]
    text = refusal(client_of(tmp_path, frame))
    assert not any(typed in text for typed in ("jan", "Sanne", "Kees"))
    assert "8 texts not quoted, as they may be personal" in text


def test_a_decimal_comma_is_read_where_it_is_declared(tmp_path):
    frame = survey_frame()
    frame["margin"] = [f"{m:.2f}".replace(".", ",") for m in frame["margin"]]
    assert 'set survey.decimal = ","' in refusal(client_of(tmp_path, frame))
    client = client_of(tmp_path, None, ("[99]", '[99]\ndecimal = ","\nseparator = ";"'))
    frame = survey_frame()
    frame.to_csv(client.survey_path, sep=";", decimal=",", index=False)
    assert load_survey(client).answers["margin"].tolist() == survey_frame()["margin"].tolist()


def test_answers_outside_the_scale_are_refused_with_values_counts_and_both_keys(tmp_path):
    frame = survey_frame()
    frame.loc[2:5, "fix"] = [11.0, 11.0, 0.0, 98.0]
    frame.loc[9, "friendly"] = 6.0
    text = refusal(client_of(tmp_path, frame))
    assert text.startswith("survey.csv: 2 columns cannot be used as they are\n")
    assert 'column "fix" (Solved first time) has answers outside its scale 1 to 10: 11 (2 times)' in text
    assert (
        "If they mean no answer, set survey.missing = [99, 0, 11, 98] (or add them to drivers.items.fix.missing for "
        "this column alone); if the scale is wider, correct drivers.scale."
    ) in text
    assert "outside its scale 1 to 5: 6 (1 time)" in text
    assert "correct drivers.items.friendly.scale" in text


def test_without_a_declared_scale_the_observed_range_serves_with_a_notice(tmp_path):
    survey = load_survey(client_of(tmp_path, survey_frame(), ("[drivers]\nscale = [1, 10]", "[drivers]")))
    assert survey.scales["fix"] == Scale(1, survey.answers["fix"].max())
    assert str(survey.notices[0]).startswith("No scale is declared for Solved first time (1–10); the lowest")


LABELLED = [("scale  = [1, 10]\n", ""), ("[99]", "[]")]


def labelled_client(tmp_path, labels, **meta):
    frame = survey_frame()
    frame["fix"] = frame["fix"].clip(upper=10)
    frame["csat"] = frame["csat"].clip(upper=5)
    frame.loc[3, "csat"] = 9
    client = client_of(tmp_path, None, *LABELLED, file="survey.sav")
    write_survey(frame, client.survey_path, variable_value_labels={"csat": labels}, **meta)
    return client


def test_value_labels_give_the_scale_and_codes_beyond_it_are_refused(tmp_path):
    labels = {1: "very bad", 2: "bad", 3: "so so", 4: "good", 5: "very good", 9: "other"}
    text = refusal(labelled_client(tmp_path, labels))
    assert 'column "csat" has answers outside its scale 1 to 5: 9 (1 time)' in text
    assert "satisfaction.scale" in text


def test_a_code_whose_label_says_no_answer_is_missing_with_a_notice(tmp_path):
    labels = {1: "very bad", 2: "bad", 3: "so so", 4: "good", 5: "very good", 9: "Don't know"}
    survey = load_survey(labelled_client(tmp_path, labels))
    assert survey.scales["csat"] == Scale(1, 5)
    assert np.isnan(survey.answers["csat"][3])
    assert str(survey.notices[0]) == (
        "Answers to csat that their value label calls none (Don't know) and that do not count: 1."
    )


def test_missing_values_declared_by_the_file_are_honoured(tmp_path):
    labels = {1: "very bad", 2: "bad", 3: "so so", 4: "good", 5: "very good", 9: "don't know"}
    survey = load_survey(labelled_client(tmp_path, labels, missing_ranges={"csat": [{"lo": 8, "hi": 9}]}))
    assert survey.scales["csat"] == Scale(1, 5)
    assert np.isnan(survey.answers["csat"][3])
    assert not survey.notices


@pytest.mark.parametrize("labels", [{1: "bad", 9: "good"}, {1: "bad", 5: "so so", 9: "good"}])
def test_labels_at_the_ends_alone_give_the_scale(tmp_path, labels):
    survey = load_survey(labelled_client(tmp_path, labels))
    assert survey.scales["csat"] == Scale(1, 9)
    assert survey.notices == ()


@pytest.mark.parametrize("labels", [{3: "bad", 5: "good"}, {3: "bad", 4: "so so", 9: "good"}, {3: "bad", 25: "good"}])
def test_labels_that_are_no_ends_give_no_scale_and_a_code_off_the_others_is_asked_about(tmp_path, labels):
    assert refusal(labelled_client(tmp_path, labels)) == (
        'survey.sav: column "csat" has no scale, and answers that look like codes for no answer: 9 (1 time), in row '
        "4. If they mean no answer, set satisfaction.missing = [9]; if they are answers, declare satisfaction.scale."
    )


def test_the_label_of_the_file_serves_where_the_client_file_has_none(tmp_path):
    client = client_of(tmp_path, None, file="survey.sav")
    column_labels = {"fix": "Q1 fix", "age": "Age  in\nyears", "csat": "Overall"}
    write_survey(survey_frame(), client.survey_path, column_labels=column_labels)
    labels = load_survey(client).labels
    assert (labels["fix"], labels["age"], labels["csat"]) == ("Solved first time", "Age in years", "Overall")
    assert labels["intends"] == "intends"


def test_equal_labels_are_told_apart_by_the_column(tmp_path):
    survey = load_survey(client_of(tmp_path, survey_frame(), ("Friendly staff", "Solved first time")))
    assert survey.labels["friendly"] == "Solved first time (friendly)"
    assert survey.labels["fix"] == "Solved first time (fix)"


def test_the_mean_of_several_satisfaction_columns_needs_all_answers(tmp_path):
    frame = survey_frame().assign(csat2=lambda f: 11 - f["csat"].fillna(1))
    frame.loc[5, "csat2"] = 99
    survey = load_survey(
        client_of(
            tmp_path,
            frame,
            ('column = "csat"', 'column = ["csat", "csat2", "intends"]'),
            ('intention       = "intends"\nintention_scale = [0, 10]\n', ""),
            ("scale  = [1, 10]", "scale = [0, 10]"),
        )
    )
    assert survey.outcome == "satisfaction"
    assert survey.labels["satisfaction"] == "Satisfaction"
    assert survey.answers["satisfaction"].isna().tolist() == [i in (1, 5) for i in range(40)]
    assert survey.answers["satisfaction"][2] == pytest.approx((11 + frame["intends"][2]) / 3)
    assert survey.scales["satisfaction"] == Scale(0, 10)
    assert survey.exclusions[-1].rows == 2
    assert survey.outcome_parts == ("csat", "csat2", "intends")  # kept for an index of them


@pytest.mark.parametrize(
    ("no", "yes"), [("nee", "ja"), ("No", "YES"), ("false", "TRUE"), (False, True), (0, 1), ("0", "1"), (" no ", "1")]
)
def test_leaving_may_be_written_in_many_ways(tmp_path, no, yes):
    frame = survey_frame()
    expected = frame["gone"].tolist()
    frame["gone"] = pd.Series([yes if g else no for g in expected], dtype=object)
    for kind in ("csv", "xlsx"):
        survey = load_survey(client_of(tmp_path, frame, file=f"survey.{kind}"))
        assert survey.answers["left"].tolist() == expected


def test_staying_is_turned_round(tmp_path):
    survey = load_survey(client_of(tmp_path, survey_frame(), ('left            = "gone"', 'stayed = "gone"')))
    assert survey.answers["left"].tolist() == (1 - survey_frame()["gone"]).tolist()


def test_value_labels_say_what_is_yes_whatever_the_codes(tmp_path):
    frame = survey_frame().assign(gone=lambda f: 2 - f["gone"])  # 1 yes, 2 no
    client = client_of(tmp_path, None, file="survey.sav")
    write_survey(frame, client.survey_path, variable_value_labels={"gone": {1: "Ja", 2: "Nee"}})
    assert load_survey(client).answers["left"].tolist() == survey_frame()["gone"].tolist()


def test_leaving_that_is_neither_yes_nor_no_is_refused(tmp_path):
    frame = survey_frame().astype({"gone": object})
    frame["gone"] = "perhaps"
    text = refusal(client_of(tmp_path, frame))
    assert 'column "gone" has answers that are neither yes nor no: "perhaps" (40 times). Expected 0/1' in text


def test_a_driver_that_nobody_answered_was_not_asked(tmp_path):
    survey = load_survey(client_of(tmp_path, survey_frame().assign(friendly=99)))
    assert survey.not_asked == ("Friendly staff",)
    assert survey.drivers == ("fix",)
    assert "friendly" not in survey.answers


def test_a_driver_that_does_not_vary_is_left_out_with_a_notice(tmp_path):
    survey = load_survey(client_of(tmp_path, survey_frame().assign(friendly=5, age=50)))
    assert (survey.drivers, survey.controls) == (("fix",), ())
    assert str(survey.notices[0]).endswith("do not differ between respondents: Friendly staff and age.")


def test_a_survey_without_any_driver_is_refused(tmp_path):
    text = refusal(client_of(tmp_path, survey_frame().assign(friendly=5, fix=99)))
    assert "No driver has answers that differ: Solved first time, Friendly staff" in text


def test_fewer_respondents_than_the_minimum_base_are_refused(tmp_path):
    frame = survey_frame()
    frame.loc[9:, "csat"] = np.nan
    text = refusal(client_of(tmp_path, frame))
    assert text.startswith("survey.csv: 8 respondents answered on satisfaction; expected at least 10 (minimum_base)")


def test_satisfaction_that_does_not_vary_is_refused(tmp_path):
    assert "everyone gave satisfaction 8" in refusal(client_of(tmp_path, survey_frame().assign(csat=8)))


def test_margins_that_equal_a_missing_code_are_amounts_with_a_notice(tmp_path):
    survey = load_survey(client_of(tmp_path, survey_frame().assign(margin=[99.0, *range(1, 40)])))
    assert survey.answers["margin"][0] == 99
    assert str(survey.notices[0]) == (
        "Answers to margin that equal a code of survey.missing, yet are answers there and count: 1."
    )


def test_margins_have_codes_of_their_own(tmp_path):
    frame = survey_frame().assign(margin=[-1.0, *range(1, 40)])
    survey = load_survey(client_of(tmp_path, frame, ("[value]", "[value]\nmissing = [-1]")))
    assert np.isnan(survey.answers["margin"][0])
    survey = load_survey(client_of(tmp_path, frame))
    assert survey.answers["margin"][0] == -1
    assert str(survey.notices[0]).startswith("Amounts of margin that look like a code for no answer")


def test_a_column_of_formulas_stays_text(tmp_path):
    survey = load_survey(client_of(tmp_path, survey_frame().assign(region="=cmd|' /C calc'!A0")))
    assert survey.base == 40


def test_time_its_end_and_spending_are_read_beside_leaving(tmp_path):
    frame = survey_frame().assign(months=np.arange(40.0), ended=["ja", "nee"] * 20, spent=np.arange(40.0) * 10)
    keys = (
        'left            = "gone"\nduration = "months"\nevent = "ended"\nspending = "spent"\nspending_label = "Spent"'
    )
    survey = load_survey(client_of(tmp_path, frame, ('left            = "gone"', keys)))
    np.testing.assert_array_equal(survey.answers["months"], frame["months"])
    np.testing.assert_array_equal(survey.answers["event"], [1.0, 0.0] * 20)
    np.testing.assert_array_equal(survey.answers["spent"], frame["spent"])
    assert survey.labels["spent"] == "Spent"
    assert {"months", "event", "spent"}.isdisjoint(survey.scales)


def test_a_code_among_amounts_of_spending_names_its_own_key(tmp_path):
    frame = survey_frame(60).assign(spent=[*np.arange(50.0), *[9999.0] * 10])
    asked = ('left            = "gone"', 'left            = "gone"\nspending = "spent"')
    with pytest.raises(SurveyError, match=r"loyalty\.missing"):
        load_survey(client_of(tmp_path, frame, asked))
    decided = (asked[0], asked[1] + "\nmissing = [9999]")
    assert load_survey(client_of(tmp_path, frame, decided)).answers["spent"].isna().sum() == 10


def test_tenure_that_is_held_constant_may_be_the_time_too(tmp_path):
    asked = ('left            = "gone"', 'left            = "gone"\nduration = "age"')
    survey = load_survey(client_of(tmp_path, survey_frame(), asked))
    assert survey.controls == ("age",)
    assert list(survey.answers.columns).count("age") == 1
