import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from drivers.client import Client, find_client, load_client
from drivers.client.lines import key_lines
from drivers.errors import ConfigError
from survey_files import CLIENT

TEXT = CLIENT.format(file="survey.csv") + "[plan.fix]\nimprove = 0.5\ncost = 250000\n"


@pytest.fixture
def written(tmp_path):
    def write(*changes: tuple[str, str]) -> Path:
        text = TEXT
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        path = tmp_path / "client.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_client(path)
    return str(caught.value)


def test_a_client_file_becomes_a_client_with_documented_defaults(written):
    client = load_client(written())
    assert (client.client, client.language, client.currency) == ("Noordzee Telecom", "en", "EUR")
    assert (client.seed, client.draws, client.confidence) == (1, 1000, 0.95)
    assert client.satisfaction.scale == (1.0, 10.0)
    assert client.driver_names == ("fix", "friendly")
    assert client.control_names == ("age",)
    assert client.drivers.items["fix"].label == "Solved first time"
    assert client.value.timing == "advance"
    assert client.plan["fix"].cost == 250_000


def test_a_client_cannot_be_changed(written):
    with pytest.raises(ValidationError):
        load_client(written()).draws = 5


def test_a_client_survives_the_way_to_another_process(written):
    client = load_client(written())
    again = pickle.loads(pickle.dumps(client))
    assert again == client
    assert again.survey_path == client.survey_path


def test_the_survey_path_starts_at_the_client_file(written, tmp_path):
    assert load_client(written()).survey_path == tmp_path / "survey.csv"
    elsewhere = tmp_path / "elsewhere" / "s.sav"
    client = load_client(written(('"survey.csv"', f"'{elsewhere}'")))
    assert client.survey_path == elsewhere


def test_several_satisfaction_columns_are_a_list(written):
    client = load_client(written(('column = "csat"', 'column = ["a", "b"]')))
    assert client.satisfaction.columns == ("a", "b")


def test_an_unknown_key_names_file_line_key_and_nearest_key(written):
    path = written(('weight     = "weight"', 'wieght = "weight"'))
    assert refusal(path) == f'{path}, line 6, survey.wieght: unknown key. Did you mean "weight"?'


def test_an_unknown_table_names_the_nearest_table(written):
    text = refusal(written(("[loyalty]", "[loyalti]")))
    assert 'loyalti: unknown key. Did you mean "loyalty"?' in text


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "expected"),
    [
        (
            "customers       = 180000",
            "customers = true",
            26,
            "value.customers",
            "is true; expected a whole number of",
        ),
        (
            "discount_rate   = 0.10",
            'discount_rate = "7"',
            24,
            "value.discount_rate",
            'is "7"; expected a number from',
        ),
        (
            "discount_rate   = 0.10",
            "discount_rate = 10",
            24,
            "value.discount_rate",
            "is 10; expected a number from 0 to",
        ),
        (
            "discount_rate   = 0.10",
            "discount_rate = nan",
            24,
            "value.discount_rate",
            "expected a number from 0 to 1",
        ),
        ("minimum_base = 10", "minimum_base = 10.0", 2, "minimum_base", "expected a whole number of 10 or more"),
        ("minimum_base = 10", "minimum_base = 9", 2, "minimum_base", "expected a whole number of 10 or more"),
        ("minimum_base = 10", "draws = 99", 2, "draws", "is 99; expected a whole number from 100 to 100000"),
        ("minimum_base = 10", 'language = "de"', 2, "language", 'is "de"; expected "nl" or "en"'),
        ("minimum_base = 10", 'currency = "euro"', 2, "currency", "expected three capitals"),
        ('"Noordzee Telecom"', '"  "', 1, "client", "expected text"),
        ("missing    = [99]", "missing = [true]", 7, "survey.missing", "expected a list of numbers and texts"),
        (
            'column = "csat"',
            "column = 5",
            10,
            "satisfaction.column",
            "is 5; expected a column, or a list of columns",
        ),
        ('column = "csat"', "column = []", 10, "satisfaction.column", "expected a column, or a list of columns"),
        ('column = "csat"', 'column = ["a", "a"]', 10, "satisfaction.column", "a stands there twice"),
        ("scale = [1, 5]", "scale = [5, 1]", 16, "drivers.items.friendly.scale", "lowest answer 5 is not below"),
        ("scale = [1, 5]", "scale = [5]", 16, "drivers.items.friendly.scale", "expected [lowest, highest]"),
        ('role = "control"', 'role = "controls"', 17, "drivers.items.age.role", 'expected "driver" or "control"'),
        ('fix      = "Solved first time"', "fix = 3", 15, "drivers.items.fix", "expected a label or a table"),
        ("improve = 0.5", "improve = 0", 28, "plan.fix.improve", "is 0; expected a number above 0"),
        ("cost = 250000", "", 27, "plan.fix.cost", "is missing; expected an amount of 0 or more"),
        ('"survey.csv"', '"survey.xls"', 4, "survey.file", "survey.xls is of no known kind"),
        ("[99]", '[99]\nencoding = "klingon"', 8, "survey.encoding", "klingon is no known encoding"),
    ],
)
def test_a_wrong_value_names_file_line_key_and_what_was_expected(written, old, new, line, key, expected):
    path = written((old, new))
    text = refusal(path)
    assert text.startswith(f"{path}, line {line}, {key}: ")
    assert expected in text


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        (
            "[plan.fix]",
            "[plan.fixx]",
            "plan.fixx",
            'is no driver; expected a driver of [drivers.items]. Did you mean "fix"?',
        ),
        ("[plan.fix]", "[plan.age]", "plan.age", "is no driver"),
        ("improve = 0.5", "improve = 9", "plan.fix.improve", "expected less than the whole scale from 1 to 10"),
        ("improve = 0.5", "improve = 0.5\nimprove_low = 0.6", "plan.fix.improve_low", "expected at most improve"),
        ("improve = 0.5", "improve = 0.5\nimprove_high = 0.4", "plan.fix.improve_high", "or more"),
        ("cost = 250000", "cost = 0\n[budget]\namount = 1000", "budget", "plans that cost something"),
        ("scale  = [1, 10]", "scale = [1, 10]\nsatisfied = 80", "satisfaction.satisfied", "on the scale 1 to 10"),
        (
            "scale  = [1, 10]",
            "scale = [1, 10]\nsatisfied = 5\ndissatisfied = 6",
            "satisfaction.dissatisfied",
            "expected a lower number than satisfied",
        ),
        (
            'left            = "gone"',
            'left = "csat"',
            "loyalty.left",
            'column "csat" is already used as satisfaction',
        ),
        (
            'left            = "gone"',
            'left = "gone"\nstayed = "there"',
            "loyalty.stayed",
            "expected one of the two",
        ),
        ('left            = "gone"', "", "value", "expected loyalty.left or loyalty.stayed"),
        ('intention       = "intends"', "", "loyalty.intention_scale", "Add loyalty.intention"),
        ("[99]", '[99]\nsheet = "Data"', "survey.sheet", "means nothing for a .csv file"),
        ("[99]", '[99]\ndecimal = ","', "survey.decimal", "is the separator too"),
        ("fix      =", "left = { }\nfix =", "drivers.items.left", "Rename the column"),
    ],
)
def test_keys_that_contradict_each_other_are_refused_with_key_and_line(written, old, new, key, expected):
    text = refusal(written((old, new)))
    assert re.search(rf"line \d+, {re.escape(key)}: ", text)
    assert expected in text


def test_a_plan_without_a_value_is_refused(written):
    text = TEXT[: TEXT.index("[value]")] + TEXT[TEXT.index("[plan") :]
    path = written((TEXT, text))
    assert "plan: cannot pay or fail without a value of customers. Add [value]" in refusal(path)


def test_a_file_without_drivers_is_refused(written):
    path = written(
        ('fix      = "Solved first time"', 'fix = { role = "control" }'),
        ('label = "Friendly staff"', 'role = "control"'),
    )
    assert "drivers.items: holds no driver; expected at least one" in refusal(path)


def test_a_loyalty_table_without_a_column_is_refused(tmp_path):
    path = tmp_path / "client.toml"
    path.write_text(TEXT[: TEXT.index("[loyalty]")] + "[loyalty]\n", encoding="utf-8")
    assert "line 18, loyalty: names no column; expected left, stayed, nps, intention, effort, duration" in refusal(path)


def test_a_margin_may_also_be_held_constant(written):
    assert load_client(written(('"margin"', '"age"'))).value.margin_per_year == "age"


def test_an_amount_serves_as_margin(written):
    assert load_client(written(('= "margin"', "= 120"))).value.margin_per_year == 120.0


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('through = "both"\nmargin_per_year = 120', 'through: is "both", but margin_per_year is one amount for all'),
        ('through = "spending"\nmargin_per_year = "age"', 'but "age" is held constant as a control'),
        ('through = "margin"', 'through: is "margin"; expected "retention", "spending" or "both"'),
        (
            'tenure = "ege"',
            'tenure: is "ege", which is no control; expected one of [drivers.items] with role = "control"',
        ),
        ('tenure = "ege"', 'Did you mean "age"?'),
        ('tenure_unit = "month"', "tenure_unit: means nothing without value.tenure"),
    ],
)
def test_what_value_says_of_spending_and_tenure_must_be_possible(written, keys, expected):
    names = [line.split(" = ")[0] for line in keys.splitlines()]
    old = '[value]\nmargin_per_year = "margin"' if "margin_per_year" in names else "[value]"
    assert expected in refusal(written((old, f"[value]\n{keys}")))


def test_margin_may_follow_satisfaction_and_retention_a_control(written):
    value = load_client(written(("[value]", '[value]\nthrough = "both"\ntenure = "age"\ntenure_unit = "month"'))).value
    assert (value.through, value.tenure, value.tenure_unit) == ("both", "age", "month")
    value = load_client(written()).value
    assert (value.through, value.tenure, value.tenure_unit) == ("retention", None, "year")


def test_several_problems_are_listed_together_one_a_line_in_the_order_of_the_file(written):
    path = written(("customers       = 180000", "customers = 0"), ('weight     = "weight"', 'wieght = "w"'))
    head, *problems = refusal(path).split("\n")
    assert head == f"{path}: 2 problems"
    assert [p.split(":")[0] for p in problems] == ["  line 6, survey.wieght", "  line 26, value.customers"]


def test_a_missing_table_is_named(tmp_path):
    path = tmp_path / "client.toml"
    path.write_text('client = "x"\n', encoding="utf-8")
    assert "satisfaction: is missing; expected a table [satisfaction]" in refusal(path)


def test_broken_toml_names_file_line_and_column(written):
    path = written(("[survey]", "[survey"))
    assert re.search(r"client\.toml is not valid TOML: .*line 3, column 8", refusal(path))


def test_a_missing_client_file_is_refused(tmp_path):
    assert "nowhere.toml does not exist; expected a client file" in refusal(tmp_path / "nowhere.toml")


def test_a_folder_is_no_client_file(tmp_path):
    assert "is a folder; expected a client file" in refusal(tmp_path)


def test_a_client_file_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "client.toml"
    path.write_bytes('client = "café"'.encode("cp1252"))
    assert "is not UTF-8 text (byte 14). Save the file as UTF-8" in refusal(path)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "client.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert load_client(path).client == "Noordzee Telecom"


def test_lines_are_found_for_quoted_dotted_and_inline_keys():
    lines = key_lines("a.b = 1\n['t u']\n# x = 1\n\"é\" = { c = 2 }\n[t2] # note\n")
    assert lines == {("a", "b"): 1, ("t u",): 2, ("t u", "é"): 4, ("t2",): 5}


RESERVED = {"con", "prn", "aux", "nul", *(f"{p}{i}" for p in ("com", "lpt") for i in range(10))}


@given(st.text(min_size=1).filter(str.strip))
def test_a_slug_is_a_safe_folder_name_for_any_client(name):
    slug = _client(name).slug
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", slug)
    assert slug not in RESERVED
    assert len(slug) <= 70


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Noordzee Telecom", "noordzee-telecom"),
        ("../../etc", "etc"),
        ("Café Zoë & Co.", "cafe-zoe-co"),
        ("CON", "client-con"),
        ("lpt1", "client-lpt1"),
    ],
)
def test_a_slug_reads_like_the_name(name, slug):
    assert _client(name).slug == slug


def test_clients_in_other_scripts_have_different_slugs():
    assert _client("東京").slug != _client("大阪").slug


def _client(name: str) -> Client:
    return Client.model_validate(
        {
            "client": name,
            "survey": {"file": "s.csv"},
            "satisfaction": {"column": "y"},
            "drivers": {"items": {"x": "X"}},
        }
    )


def test_a_client_file_is_found_from_a_folder_below(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "client.toml").touch()
    (tmp_path / "notebooks" / "deep").mkdir(parents=True)
    for folder in (".", "notebooks", "notebooks/deep"):
        monkeypatch.chdir(tmp_path / folder)
        found = find_client("data/client.toml")
        assert found.samefile(tmp_path / "data" / "client.toml")
        assert not found.is_absolute()


def test_a_client_file_that_is_nowhere_is_an_error_that_names_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"data.nothing\.toml is neither in"):
        find_client("data/nothing.toml")


LEAVING = 'left            = "gone"'


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ('event = "ended"', "loyalty.event: means nothing without loyalty.duration"),
        ('duration_unit = "year"', "loyalty.duration_unit: means nothing without loyalty.duration"),
        (
            'duration = "months"\ntenure_at_interview = "before"\nduration_from = "interview"',
            'loyalty.tenure_at_interview: contradicts duration_from = "interview"',
        ),
        (
            'duration = "months"\nduration_strata = "regoin"',
            'loyalty.duration_strata: "regoin" is no segment; expected a column of survey.segments.',
        ),
        ('spending_label = "Spent"', "loyalty.spending_label: is a label without a column"),
        ('left_date = "day"', "loyalty.left_date: says nothing without the day of the interview. Add survey.date"),
        (
            'duration_unit = "moon"\nduration = "months"',
            'loyalty.duration_unit: is "moon"; expected "day", "week", "month"',
        ),
        ('duration = "csat"', 'column "csat" is already used as satisfaction'),
    ],
)
def test_keys_of_what_customers_do_that_contradict_others_are_refused(written, keys, problem):
    assert problem in refusal(written((LEAVING, f"{LEAVING}\n{keys}")))


def test_time_needs_to_know_who_left(written):
    text = TEXT[: TEXT.index("[value]")].replace(LEAVING, 'duration = "months"')
    path = written((TEXT, text))
    assert "loyalty.duration: needs to know who left at its end" in refusal(path)
    path.write_text(text.replace('"months"', '"months"\nevent = "ended"'), encoding="utf-8")
    assert load_client(path).loyalty.event == "ended"


def test_a_day_of_leaving_needs_to_know_who_left(written):
    text = TEXT[: TEXT.index("[value]")].replace(LEAVING, 'left_date = "day"').replace("[survey]", '[survey]\ndate="d"')
    assert "loyalty.left_date: needs to know who left" in refusal(written((TEXT, text)))


def test_tenure_may_be_held_constant_and_be_the_time(written):
    client = load_client(written((LEAVING, f'{LEAVING}\nduration = "age"')))
    assert client.loyalty.duration in client.control_names
