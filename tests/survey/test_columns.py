"""Columns that the client file names and the survey has not: what is said, and what is not shown."""

import pytest

from drivers.errors import ConfigError
from drivers.survey.loading import load_survey
from drivers.survey.waves import survey_waves
from survey_files import client_of, survey_frame

NAMES = list(survey_frame().columns)


def refusal(folder, frame, *changes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_survey(client_of(folder, frame, *changes))
    return str(caught.value).removeprefix(f"{folder}/client.toml").splitlines()


def test_a_first_row_of_answers_is_not_shown(tmp_path):
    people = [f"Jansen {i},Kerkstraat {i},tevreden over de hulp van {i},geen idee {i}" for i in range(20)]
    client = client_of(tmp_path)
    client.survey_path.write_text("\n".join(people) + "\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        survey_waves(client)
    text = str(caught.value)
    assert "survey.csv has none of the 10 columns that this client file uses: customer_id, weight" in text
    assert "does its first row name the columns?" in text
    assert not [word for word in ("Jansen", "Kerkstraat", "tevreden", "idee") if word in text]


@pytest.mark.parametrize(
    ("column", "other", "said"),
    [
        ("fix", "fixes", 'drivers.items.fix: survey.csv has no column "fix". Did you mean "fixes"? Then write fixes '),
        ("fix", "q 5 fix", 'Did you mean "q 5 fix"? Then write "q 5 fix" in the place of fix.'),
        ("customer_id", "*customer_id", 'Did you mean "*customer_id"? Then write survey.respondent = "*customer_id".'),
        ("csat", "CSAT1", 'satisfaction.column: survey.csv has no column "csat".'),
        ("intends", "intend", 'Then write loyalty.intention = "intend".'),
        ("region", "regio", 'survey.segments: survey.csv has no column "region". Did you mean "regio"? Then write "re'),
    ],
)  # fmt: skip
def test_a_column_that_seems_to_have_another_name_is_told_with_the_key_to_write(tmp_path, column, other, said):
    lines = refusal(tmp_path, survey_frame().rename(columns={column: other}))
    assert said in lines[0]
    assert len(lines) == 1


def test_columns_that_are_not_there_under_any_name_are_one_line(tmp_path):
    lines = refusal(tmp_path, survey_frame().drop(columns=["fix", "intends", "region"]))
    assert lines == [
        ', line 4, survey.file: survey.csv has no columns "region", "fix", "intends", and none under a name like '
        "these. Correct or remove them."
    ]


def test_a_question_number_that_moved_between_files_is_seen(tmp_path):
    frame = survey_frame().rename(columns={"fix": "Q7ART", "friendly": "Q8FOOD", "age": "Q19AGE"})
    changes = (("fix  ", "Q7ART"), ("friendly =", "Q8FOOD ="), ("age  ", "Q18AGE"))
    (line,) = refusal(tmp_path, frame, *changes)
    assert 'has no column "Q18AGE". Did you mean "Q19AGE"? Then write Q19AGE in the place of Q18AGE.' in line
