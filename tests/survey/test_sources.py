import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from drivers.errors import ConfigError, SurveyError
from drivers.survey.sources import load_table
from survey_files import FORMATS, client_of, survey_frame


def refusal(client, kind=SurveyError) -> str:
    with pytest.raises(kind) as caught:
        load_table(client)
    return str(caught.value)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("content", [b'this is no survey, \x00\xff\xfe\n"', b""], ids=["noise", "empty"])
def test_a_file_that_is_not_what_its_ending_says_is_refused(tmp_path, kind, content):
    client = client_of(tmp_path, None, file=f"survey.{kind}")
    client.survey_path.write_bytes(content)
    text = refusal(client)
    assert text.startswith(f"survey.{kind}")
    assert "Export it again" in text or "survey.encoding" in text


@pytest.mark.parametrize("kind", [k for k in FORMATS if k != "csv"])
def test_half_a_file_is_refused(tmp_path, kind):
    client = client_of(tmp_path, survey_frame(400), file=f"survey.{kind}")
    whole = client.survey_path.read_bytes()
    client.survey_path.write_bytes(whole[: len(whole) // 2])
    assert refusal(client).startswith(f"survey.{kind}")


@pytest.mark.parametrize("kind", FORMATS)
def test_a_survey_without_rows_is_refused(tmp_path, kind):
    text = refusal(client_of(tmp_path, survey_frame().iloc[:0], file=f"survey.{kind}"))
    assert text.startswith(f"survey.{kind}")
    assert "no rows; expected one for each respondent" in text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_two_columns_of_one_name_stay_two(tmp_path, kind):
    frame = survey_frame().rename(columns={"margin": "csat", "age": "csat (2)"})
    table = load_table(client_of(tmp_path, frame, file=f"survey.{kind}"))
    assert list(table.frame.columns[-4:]) == ["csat (2)", "gone", "intends", "csat (3)"]
    assert float(table.frame["csat (3)"][5]) == frame.iloc[5, -1]
    assert dict(table.twice) == {"csat": ("csat", "csat (3)")}


def test_two_columns_of_one_name_in_parquet_stay_two(tmp_path):
    client = client_of(tmp_path, None, file="survey.parquet")
    pq.write_table(pa.table([pa.array([1]), pa.array([2])], names=["a", "a"]), client.survey_path)
    assert load_table(client).frame.to_dict("list") == {"a": [1], "a (2)": [2]}


def test_a_parquet_index_is_a_column_like_the_others(tmp_path):
    client = client_of(tmp_path, None, file="survey.parquet")
    survey_frame().set_index("customer_id").to_parquet(client.survey_path)
    assert "customer_id" in load_table(client).frame


def test_letters_of_windows_are_read_with_a_notice_until_they_are_declared(tmp_path):
    frame = survey_frame().assign(region="Fryslân")
    client = client_of(tmp_path)
    frame.to_csv(client.survey_path, index=False, encoding="cp1252")
    table = load_table(client)
    assert table.frame["region"][0] == "Fryslân"
    assert [str(n) for n in table.notices] == [
        "Letters are read as Windows-1252, as the file is not UTF-8; check accents in labels."
    ]
    client = client_of(tmp_path, None, ("[99]", '[99]\nencoding = "cp1252"'))
    assert load_table(client).frame["region"][0] == "Fryslân"
    assert load_table(client).notices == ()


def test_letters_that_are_not_of_the_declared_encoding_are_refused(tmp_path):
    client = client_of(tmp_path, None, ("[99]", '[99]\nencoding = "utf-8"'))
    survey_frame().assign(region="Fryslân").to_csv(client.survey_path, index=False, encoding="cp1252")
    text = refusal(client)
    assert "survey.csv holds letters that are not utf-8" in text
    assert 'encoding = "cp1252"' in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_and_without_a_mark(tmp_path, encoding):
    client = client_of(tmp_path)
    survey_frame().assign(region="Fryslân").to_csv(client.survey_path, index=False, encoding=encoding)
    table = load_table(client)
    assert (table.frame.columns[0], table.frame["region"][0], table.notices) == ("customer_id", "Fryslân", ())


@pytest.mark.parametrize(
    ("sign", "written", "said"), [(";", ";", "semicolon"), ("\t", "\\t", "tab"), ("|", "|", "vertical bar")]
)
def test_another_separator_is_found_with_a_notice_and_corrected_where_one_is_declared(tmp_path, sign, written, said):
    client = client_of(tmp_path)
    survey_frame().to_csv(client.survey_path, index=False, sep=sign)
    table = load_table(client)
    assert len(table.frame.columns) == 10
    expected = f"A {said} stands between the columns of the file; this was found, not declared."
    assert str(table.notices[0]) == expected
    client = client_of(tmp_path, None, ("[99]", '[99]\nseparator = ","'))
    expected = f'survey.separator: is ",", which gives one column only. Set separator = "{written}".'
    assert expected in refusal(client, ConfigError)


def test_a_decimal_comma_is_found_where_only_it_can_be_meant(tmp_path):
    client = client_of(tmp_path)
    survey_frame().to_csv(client.survey_path, sep=";", decimal=",", index=False)
    assert load_table(client).decimal == ","
    assert "decimal comma" in str(load_table(client).notices[-1])
    survey_frame().to_csv(client.survey_path, sep=";", index=False)
    assert load_table(client).decimal is None
    survey_frame().assign(margin="1,234", weight="1").to_csv(client.survey_path, sep=";", index=False)
    assert load_table(client).decimal is None  # thousands, perhaps


def test_separators_and_breaks_within_quotes_belong_to_the_text(tmp_path):
    client = client_of(tmp_path)
    client.survey_path.write_text('a;b\n"x;\ny, z";2\n"""q""";3\n', newline="")
    assert load_table(client).frame.to_dict("list") == {"a": ["x;\ny, z", '"q"'], "b": ["2", "3"]}


def test_a_row_longer_than_the_header_is_refused_with_its_line(tmp_path):
    client = client_of(tmp_path)
    client.survey_path.write_text("a,b\n1,2\n3,4,5\n")
    assert "Expected 2 fields in line 3, saw 3" in refusal(client)


def test_empty_rows_and_spaces_round_names_do_no_harm(tmp_path):
    client = client_of(tmp_path)
    client.survey_path.write_text(" a ,b\n1,2\n,\n\n3,4\n")
    assert load_table(client).frame.to_dict("list") == {"a": ["1", "3"], "b": ["2", "4"]}


def test_text_in_a_csv_stays_as_it_is(tmp_path):
    client = client_of(tmp_path)
    client.survey_path.write_text("id,b\n007,NA\n1e3,x\n")
    assert load_table(client).frame.to_dict("list") == {"id": ["007", "1e3"], "b": ["NA", "x"]}


def test_answers_without_a_column_name_are_refused(tmp_path):
    client = client_of(tmp_path)
    client.survey_path.write_text("a,\n1,2\n")
    assert "column 2 has answers but no name" in refusal(client)


def test_the_sheet_is_chosen_by_name(tmp_path):
    client = client_of(tmp_path, None, ("[99]", '[99]\nsheet = "Data"'), file="survey.xlsx")
    with pd.ExcelWriter(client.survey_path, engine="openpyxl") as book:
        pd.DataFrame({"about": [1]}).to_excel(book, sheet_name="Cover", index=False)
        survey_frame().to_excel(book, sheet_name="Data", index=False)
    assert "csat" in load_table(client).frame
    client = client_of(tmp_path, None, ("[99]", '[99]\nsheet = "Dta"'), file="survey.xlsx")
    text = refusal(client, ConfigError)
    assert 'line 8, survey.sheet: survey.xlsx has no sheet "Dta". Did you mean "Data"?' in text


def test_a_folder_is_no_survey(tmp_path):
    (tmp_path / "survey.csv").mkdir()
    assert "is a folder; expected a survey file" in refusal(client_of(tmp_path), ConfigError)


def test_a_survey_in_a_folder_that_is_not_there_is_refused(tmp_path):
    client = client_of(tmp_path, None, ("survey.csv", "nowhere/survey.csv"))
    assert "lies in a folder that does not exist" in refusal(client, ConfigError)


def test_spss_codes_labels_and_declared_missing_are_kept_apart(tmp_path):
    client = client_of(tmp_path, None, file="survey.sav")
    pyreadstat.write_sav(
        pd.DataFrame({"q": [1.0, 5, 9, np.nan], "s": ["a", "b", "-", ""]}),
        str(client.survey_path),
        column_labels={"q": "Question"},
        variable_value_labels={"q": {1.0: "bad", 5.0: "good"}},
        missing_ranges={"q": [9, {"lo": 97, "hi": 99}], "s": ["-"]},
    )
    table = load_table(client)
    assert table.frame["q"].tolist()[:3] == [1, 5, 9]
    assert table.variable_labels == {"q": "Question"}
    assert table.value_labels["q"] == {1: "bad", 5: "good"}
    assert set(table.declared_missing["q"]) == {(9, 9), (97, 99)}
    assert table.declared_missing["s"] == (("-", "-"),)


def test_spss_names_labels_and_levels_of_any_letters_and_length_are_kept(tmp_path):
    client = client_of(tmp_path, None, file="survey.sav")
    long = "tevredenheid_over_de_bereikbaarheid_van_de_klantenservice_é"
    frame = pd.DataFrame({"prijs_€": [1.0, 2], long: [3.0, 4]})
    labels = {"prijs_€": "Prijs–kwaliteit: café", long: "x" * 250}
    pyreadstat.write_sav(
        frame, str(client.survey_path), column_labels=labels, variable_measure={"prijs_€": "ordinal", long: "nominal"}
    )
    table = load_table(client)
    assert list(table.frame.columns) == ["prijs_€", long]
    assert dict(table.variable_labels) == labels
    assert dict(table.measures) == {"prijs_€": "ordinal", long: "nominal"}


def test_spss_cases_that_are_weighted_in_the_file_alone_are_told(tmp_path):
    client = client_of(tmp_path, survey_frame(), ('weight     = "weight"\n', ""), file="survey.sav")
    assert load_table(client).notices == ()
    raw = bytearray(client.survey_path.read_bytes())
    raw[76:80] = (2).to_bytes(4, "little")  # the index of the weight variable
    client.survey_path.write_bytes(raw)
    assert [str(notice) for notice in load_table(client).notices] == [
        "The SPSS file says that its cases are weighted, but the client file names no weight."
    ]
    client = client_of(tmp_path, None, file="survey.sav")
    assert load_table(client).notices == ()


def test_stata_labels_and_letters_for_no_answer_are_kept_apart(tmp_path):
    client = client_of(tmp_path, None, file="survey.dta")
    pyreadstat.write_dta(
        pd.DataFrame({"q": pd.Series([1, 5, "a"], dtype=object)}),
        str(client.survey_path),
        column_labels={"q": "Vraag één"},
        variable_value_labels={"q": {1: "slecht", 5: "goed", "a": "weet niet"}},
        missing_user_values={"q": ["a"]},
    )
    table = load_table(client)
    assert table.variable_labels == {"q": "Vraag één"}
    assert table.value_labels["q"] == {1: "slecht", 5: "goed", "a": "weet niet"}
    assert table.declared_missing == {"q": (("a", "a"),)}


def test_a_file_of_ten_thousand_columns_is_read(tmp_path):
    client = client_of(tmp_path)
    wide = pd.DataFrame([[1] * 10_000] * 50, columns=[f"q{i}" for i in range(10_000)])
    survey_frame(50).join(wide).to_csv(client.survey_path, index=False)
    assert load_table(client).frame.shape == (50, 10_010)
