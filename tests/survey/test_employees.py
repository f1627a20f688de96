"""The employees' survey: where the client file says it is, what is read of it, and what is wrong with it."""

import numpy as np
import pytest

from drivers.client import load_client
from drivers.errors import ConfigError, SurveyError
from drivers.survey.employees import load_staff, surveyed_staff
from drivers.survey.loading import load_survey
from report_client import write_client

TABLE = """
[employees]
file = "staff.csv"
layer = "layer"
satisfaction = "work"
scale = [1, 10]
team = "team"
missing = [99]
[employees.layers]
floor = "Floor"
board = "Board"
[employees.items]
seen = { label = "Customers are content", customers = "csat" }
[employees.batteries]
[employees.teams]
file = "teams.csv"
team = "team"
absence = "absent"
"""
STAFF = "layer;team;work;seen\nfloor;T1;7;6\nfloor;T2;99;5\nboard;;9;\n;T1;3;3\n"
TEAMS = "team,absent\nT2,0.04\nT1,0.06\nT9,0.5\n"


@pytest.fixture
def written(tmp_path):
    def write(table=TABLE, staff=STAFF, teams=TEAMS):
        file = write_client(tmp_path)
        file.write_text(file.read_text(encoding="utf-8") + table, encoding="utf-8")
        for name, text in {"staff.csv": staff, "teams.csv": teams}.items():
            if text is not None:
                (tmp_path / name).write_text(text, encoding="utf-8")
        return file

    return write


def test_layers_teams_and_answers_are_read_as_the_client_file_says(written):
    staff = load_staff(load_client(written()))
    assert staff.layers == ("Floor", "Board")
    assert staff.layer.tolist() == [0, 0, 1]
    assert staff.team.tolist() == [0, 1, -1]
    assert staff.unplaced == 1
    assert np.isnan(staff.answers["work"]).tolist() == [False, True, False]
    assert staff.labels["seen"] == "Customers are content"
    assert staff.customers == {"seen": "csat"}
    assert staff.results["absence"].tolist() == [0.06, 0.04]


def test_who_is_in_a_team_depends_on_its_members_and_others_on_nobody(written):
    units = load_staff(load_client(written())).units
    assert len(set(units.tolist())) == 3


def test_the_staff_is_part_of_the_survey_and_none_where_the_client_file_names_none(written):
    assert load_survey(load_client(written())).staff.source == "staff.csv"
    assert load_survey(load_client(write_client(written().parent))).staff is None


def test_a_survey_without_employees_says_what_to_add(written):
    file = written()
    assert surveyed_staff(load_survey(load_client(file))).source == "staff.csv"
    with pytest.raises(SurveyError, match=r"Add a table \[employees\]"):
        surveyed_staff(load_survey(load_client(write_client(file.parent))))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('layer = "layer"', 'layer = "level"', r'line \d+, employees.layer: staff.csv has no column "level"'),
        ('"staff.csv"', '"nobody.csv"', r'employees.file: "nobody.csv" does not exist'),
        ('"teams.csv"', '"nobody.csv"', r'employees.teams.file: "nobody.csv" does not exist'),
        ('absence = "absent"', 'absence = "sick"', r'employees.teams.absence: teams.csv has no column "sick"'),
        ("seen = {", "sen = {", 'employees.items.sen: staff.csv has no column "sen". Did you mean "seen"'),
        ('customers = "csat"', 'customers = "cast"', '"cast" is neither satisfaction nor a driver.*"csat"'),
        ("scale = [1, 10]\nteam", "scale = [1, 5]\nteam", "customers answered .* from 1 to 10, employees from 1 to 5"),
        ('board = "Board"\n', "", "employees.layers: expected two layers or more"),
        ('board = "Board"', 'board = "Floor"', "two layers have one printed name"),
        ("[employees.batteries]", '[employees.batteries]\nB = ["sen"]', '"sen" is no item.*"seen"'),
        ('absence = "absent"', "", "names no outcome; expected customers, absence or turnover"),
        ('team = "team"\nmissing', "missing", "needs to know who is in which team. Add employees.team"),
        ("missing = [99]", 'missing = [99]\ninformation_up = "seen"', "information_down: is missing"),
        ("missing = [99]", "missing = [99]\nminimum_base = 4", "expected a whole number of 5 or more"),
        ("missing = [99]", 'missing = [99]\nsalary = "x"', "unknown key"),
        ('seen = {', 'work = "Work"\nseen = {', "has another use already"),
    ],
)  # fmt: skip
def test_a_client_file_that_cannot_be_is_refused_with_key_and_remedy(written, old, new, words):
    assert old in TABLE
    with pytest.raises(ConfigError, match=words):
        load_staff(load_client(written(TABLE.replace(old, new, 1))))


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("staff", "board;;", "bord;;", '"bord" is no layer of .*Did you mean "board"'),
        ("staff", ";T1;7;6", ";T1;11;6", "column work: 11 lies off the scale from 1 to 10"),
        ("staff", ";T1;7;6", ";T1;seven;6", 'column work: "seven" is no number'),
        ("teams", "T9,0.5", "T1,0.5", 'team "T1" stands there twice'),
        ("teams", "0.06", "6.0", "6 is no share; expected a number from 0 to 1"),
        ("teams", "T1,0.06", "A1,0.06", None),
        ("teams", "T2,0.04\nT1,", "A2,0.04\nA1,", "holds no team of the employees' file, such as T1"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_is_refused_with_what_is_wrong(written, file, old, new, words):
    text = {"staff": STAFF, "teams": TEAMS}[file]
    assert old in text
    client = load_client(written(**{file: text.replace(old, new, 1)}))
    if words is None:  # a team without a result is none to link, and no error
        assert np.isnan(load_staff(client).results["absence"].iloc[0])
        return
    with pytest.raises(SurveyError, match=words):
        load_staff(client)
