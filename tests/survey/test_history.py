"""The history of customers: where the client file says it is, and what is wrong with it."""

import re

import pytest

from drivers.analyses.findings import client_findings
from drivers.client import load_client
from drivers.errors import ConfigError, SurveyError
from drivers.present.sections import section
from drivers.survey.history import load_history
from drivers.survey.loading import load_survey
from report_client import write_client

COHORT = "renewal;customers\n0;1000\n1;631\n2;468\n3;382\n4;326\n"
BUYERS = "repeats,last,observed,amount\n2,30.4,38.9,22.35\n1,1.7,38.9,11.77\n0,0,38.9,\n"
VALUE = "\n[value]\nmargin_per_year = 100\ndiscount_rate = 0.1\nhorizon_years = 4\ncustomers = 1000\n"
PURCHASES = 'model = "purchases"\nmargin_share = 0.3\nhistory_unit = "week"\nhistory = "past.csv"'


@pytest.fixture
def written(tmp_path):
    def write(keys, history=None):
        file = write_client(tmp_path)
        file.write_text(file.read_text(encoding="utf-8") + VALUE + keys + "\n", encoding="utf-8")
        if history is not None:
            (tmp_path / "past.csv").write_text(history, encoding="utf-8")
        return file

    return write


def test_a_cohort_file_is_read_whatever_divides_its_columns(written):
    found = load_history(load_client(written('model = "curve"\nhistory = "past.csv"', COHORT)))
    assert found["customers"].tolist() == [1000, 631, 468, 382, 326]
    assert load_history(load_client(written('history = "past.csv"', COHORT.replace(";", ",")))).equals(found)


def test_cohorts_keep_their_names(written):
    text = "cohort,renewal,customers\n2020,0,100\n2020,1,80\n2021,0,90\n2021,1,70\n"
    found = load_history(load_client(written('history = "past.csv"', text)))
    assert found["cohort"].tolist() == ["2020", "2020", "2021", "2021"]


def test_an_amount_is_not_needed_of_a_customer_who_never_came_back(written):
    found = load_history(load_client(written(PURCHASES, BUYERS)))
    assert found["amount"].tolist() == [22.35, 11.77, 0.0]


def test_a_client_without_a_history_has_none(written):
    file = write_client(written("").parent)
    assert load_history(load_client(file)) is None


@pytest.mark.parametrize(
    ("keys", "history", "words"),
    [
        ('history = "past.csv"', COHORT.replace("renewal", "renewals"), 'no column renewal; .* "renewals"'),
        ('history = "past.csv"', COHORT.replace("631", "many"), 'column customers: "many" is no number'),
        ('history = "past.csv"', COHORT.replace("631", ""), "column customers: 1 cells are empty"),
        (PURCHASES, BUYERS.replace("11.77", ""), "column amount: 1 cells are empty"),
        (PURCHASES, COHORT, "no column repeats"),
    ],
)
def test_a_history_that_is_none_is_refused(written, keys, history, words):
    with pytest.raises(SurveyError, match=words):
        load_history(load_client(written(keys, history)))


def test_a_history_that_is_not_there_is_refused_with_its_key(written):
    with pytest.raises(ConfigError, match=r'value.history: "past.csv" does not exist'):
        load_history(load_client(written('history = "past.csv"')))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('model = "contract"', 'value.history: is needed by model = "contract"'),
        ('history_unit = "month"', "value.history_unit: means nothing without value.history"),
        ('history = "past.csv"\nmargin_share = 0.3', "value.margin_share: means nothing without"),
        ('history = "past.csv"\nmodel = "purchases"', "value.margin_share: is needed by"),
        ('history = "past.csv"\nhistory_unit = "week"', "value.history_unit: is .week.; expected the time between"),
        ('history = "past.docx"', "value.history: .*past.docx is of no known kind"),
        ("", "value: needs to know who leaves"),
    ],
)
def test_keys_that_do_not_go_together_are_refused(written, keys, words):
    with pytest.raises(ConfigError) as caught:
        load_client(written(keys))
    assert re.search(words, str(caught.value))


def report(file):
    client = load_client(file).model_copy(update={"draws": 100})
    findings = client_findings(load_survey(client), client)
    return findings, section(findings, "value")


def test_the_value_section_tells_the_lifetime_and_why_there_is_no_extra_value(written):
    findings, shown = report(written('model = "contract"\nhistory = "past.csv"', COHORT))
    assert findings.contract.base == 1000
    assert shown.lead.startswith("Een nieuwe klant is over 4 jaar €")
    assert len(shown.pictures) == len(shown.tables) == 1
    assert "respondenten" not in shown.pictures[0].caption
    assert findings.unanswered["value"]


def test_a_model_that_does_not_converge_gives_its_reason_and_no_number(written):
    flat = "renewal,customers\n0,1024\n1,512\n2,256\n3,128\n4,64\n"
    findings, shown = report(written('model = "contract"\nhistory = "past.csv"', flat))
    assert findings.contract is None
    assert "did not converge" in str(findings.unanswered["lifetime"])
    assert shown.pictures == ()


def test_constant_retention_that_rises_is_warned_of_in_the_value_section(written):
    _, shown = report(written('history = "past.csv"', COHORT))
    assert any("één behoud" in notice for notice in shown.notices)
