import re
import tomllib
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers import client_findings, explain, load_client, load_survey, net_promoter, section, table
from drivers.errors import ConfigError, EstimationError, SurveyError
from drivers.present.document import findings_document
from drivers.survey.draft import client_draft
from drivers.survey.guess import survey_guess
from drivers.survey.survey import Scale, Survey
from drivers.survey.table import SurveyTable
from made_surveys import made_client, made_survey
from survey_files import client_of, survey_frame

ROOT = Path(__file__).resolve().parents[2]
AIRPORT = ROOT.parent / "shared" / "data" / "sfo_airport" / "2017_SFO_Customer_Survey.csv"


def survey_of(answers, weights=None):
    frame = pd.DataFrame({"csat": np.arange(len(answers)) % 10, "recommend": np.asarray(answers, dtype=float)})
    survey = Survey.from_frame(frame, "csat")
    return survey if weights is None else replace(survey, weights=np.asarray(weights, dtype=float), weighted=True)


def test_a_hundred_promoters_sixty_passives_and_forty_detractors_score_thirty():
    result = net_promoter(survey_of(np.repeat([9, 10, 7, 8, 0, 6], [40, 60, 30, 30, 5, 35])), "recommend")
    assert 100 * result.score == pytest.approx(30)
    assert 100 * result.error == pytest.approx(5.522681, abs=1e-6)
    assert 100 * result.score_low == pytest.approx(19.175745, abs=1e-5)
    assert 100 * result.score_high == pytest.approx(40.824255, abs=1e-5)
    assert result.table["base"].tolist() == [100, 60, 40]
    assert repr(result) == "NetPromoter: +30.0 (+19.2 to +40.8), base 200"


def test_half_promoters_a_third_passives_and_a_sixth_detractors_have_the_published_error():
    result = net_promoter(survey_of(np.repeat([10, 7, 2], [162, 108, 54])), "recommend")
    assert 100 * result.score == pytest.approx(100 / 3)
    assert 100 * result.error == pytest.approx(4.140867, abs=1e-6)


def test_the_weighted_error_is_the_linearised_one_and_the_multinomial_one_stands_beside_it():
    rng = np.random.default_rng(1)
    answers, w = rng.integers(0, 11, 300), rng.uniform(0.3, 3.0, 300)
    result = net_promoter(survey_of(answers, w), "recommend")
    points = (answers >= 9) * 1.0 - (answers <= 6)
    score = (w * points).sum() / w.sum()
    scores = w * (points - score)
    assert result.score == pytest.approx(score)
    assert result.error == pytest.approx(np.sqrt(300 / 299 * (scores**2).sum()) / w.sum())
    kish = w.sum() ** 2 / (w**2).sum()
    assert result.multinomial_error == pytest.approx(np.sqrt((w * (points - score) ** 2).sum() / w.sum() / kish))
    assert result.effective_base == pytest.approx(kish)


def test_answers_of_one_household_count_together():
    answers = np.tile([10, 8, 3, 9, 5], 40)
    survey = survey_of(np.repeat(answers, 2))
    single = net_promoter(survey_of(answers), "recommend")
    clustered = net_promoter(replace(survey, clusters=np.arange(400) // 2), "recommend")
    assert clustered.error == pytest.approx(single.error * np.sqrt(200 / 199))  # the second answer adds nothing
    assert net_promoter(survey, "recommend").error == pytest.approx(single.error / np.sqrt(2))


@given(st.floats(1e-6, 1e6))
def test_only_the_ratios_of_weights_matter(factor):
    w = np.tile([0.5, 1.0, 2.0, 0.0], 20)
    answers = np.arange(80) % 11
    one, other = (net_promoter(survey_of(answers, f * w), "recommend") for f in (1.0, factor))
    assert (other.score, other.error, other.base) == pytest.approx((one.score, one.error, one.base))


def test_missing_answers_are_left_out_and_counted():
    result = net_promoter(survey_of([10, 0, np.nan, 8, 9, np.nan]), "recommend")
    assert result.base == 4
    assert result.score == pytest.approx(0.25)
    assert "base 4 of 6" in str(result.method)


@pytest.mark.parametrize("code", [11, -1, 7.5])
def test_a_code_that_is_no_answer_is_refused_and_never_a_promoter(code):
    with pytest.raises(SurveyError, match=rf"1 answers to recommend are no whole numbers.*instance {code}"):
        net_promoter(survey_of([10, 8, 6, code]), "recommend")


def test_a_score_of_nobody_is_refused():
    with pytest.raises(EstimationError, match="recommend has 0 answers"):
        net_promoter(replace(survey_of([9] * 5), weights=np.zeros(5)), "recommend")


def test_the_score_is_told_in_words_and_a_table():
    result = net_promoter(survey_of(np.repeat([9, 7, 0], [100, 60, 40])), "recommend")
    assert [str(line) for line in explain(result)] == [
        "The net promoter score is 30.0 (19.2 to 40.8).",
        "50.0% would recommend (9 or 10), 20.0% would not (0 to 6).",
    ]
    assert table(result).rows[0] == ("Promoters (9 and 10)", "100", "50.0%")


NPS = ('intention       = "intends"\nintention_scale = [0, 10]', 'nps = "intends"')


def test_a_client_file_names_the_question_and_its_scale_is_known(tmp_path):
    frame = survey_frame(60)
    client = client_of(tmp_path, frame, NPS)
    survey = load_survey(client)
    assert survey.scales["intends"] == Scale(0, 10)
    found = client_findings(survey, client.model_copy(update={"draws": 100}))
    points = (frame["intends"] >= 9) * 1.0 - (frame["intends"] <= 6)
    assert found.net_promoter.score == pytest.approx(np.average(points, weights=frame["weight"]))
    assert found.intention is None


def test_the_question_may_be_the_intention_too_and_needs_no_scale_twice(tmp_path):
    both = ("intention_scale = [0, 10]", 'nps = "intends"\nnps_label = "Would recommend"')
    frame = survey_frame(60).assign(intends=lambda f: f["intends"].clip(upper=9))  # no 10 was given
    client = client_of(tmp_path, frame, both)
    survey = load_survey(client)
    assert (survey.scales["intends"], survey.labels["intends"]) == (Scale(0, 10), "Would recommend")
    assert not any("No scale is declared" in str(n) for n in survey.notices)
    found = client_findings(survey, client.model_copy(update={"draws": 100}))
    assert found.net_promoter.question == found.intention.intention == "Would recommend"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((NPS[0], 'nps_label = "Recommend"\nnps_scale = [1, 10]'), "nps_scale"),
        ((NPS[0], 'nps_label = "Recommend"'), "is a label without a column. Add loyalty.nps."),
        ((NPS[0], NPS[0].replace("[0, 10]", "[1, 10]") + '\nnps = "intends"'), "runs from 0 to 10. Leave it out."),
        ((NPS[0], 'nps = "fix"'), 'column "fix" is already used as driver; expected one use a column.'),
        ((NPS[0], 'nps = "csat"'), 'column "csat" is already used as satisfaction'),
    ],
)
def test_what_makes_no_sense_of_the_score_is_refused(tmp_path, change, said):
    with pytest.raises(ConfigError, match=re.escape(said)):
        client_of(tmp_path, survey_frame(60), change)


def test_a_driver_that_is_the_score_in_another_column_is_refused(tmp_path):
    frame = survey_frame(60)
    frame["friendly"] = 1 + 0.4 * frame["intends"]
    with pytest.raises(ConfigError, match=r"friendly.*It is the same as intends, or follows exactly from it"):
        load_survey(client_of(tmp_path, frame, NPS))


def test_an_answer_off_the_scale_of_0_to_10_stops_the_survey(tmp_path):
    frame = survey_frame(60)
    frame.loc[3, "intends"] = 11
    with pytest.raises(SurveyError, match=r"outside its scale 0 to 10: 11 \(1 time\).*loyalty\.missing"):
        load_survey(client_of(tmp_path, frame, NPS))


@pytest.fixture(scope="module")
def recommended():
    """A survey of 400 with a recommendation and who left, and its client file."""
    survey = made_survey(400)
    answers = survey.answers.assign(intent=np.clip(survey.answers["intent"], 0, 10))
    survey = replace(survey, answers=answers, labels=MappingProxyType({**survey.labels, "intent": "Recommend us"}))
    client = made_client(survey)
    return survey, client.model_copy(update={"loyalty": client.loyalty.model_copy(update={"nps": "intent"})})


@pytest.mark.parametrize(
    ("language", "said", "group"),
    [("en", "The net promoter score is", "Promoters (9 and 10)"), ("nl", "De Net Promoter Score is", "Promoters")],
)
def test_the_report_tells_the_score_with_its_table_its_method_and_a_card(recommended, language, said, group):
    survey, client = recommended
    findings = client_findings(survey, client.model_copy(update={"language": language}))
    shown = section(findings, "loyalty")
    assert any(text.startswith(said) for text in shown.paragraphs)
    assert shown.tables[0].rows[0][0].startswith(group.split(" ")[0])
    assert any("Recommend us" in text for text in shown.methods)
    summary = section(findings, "summary")
    assert any(text.startswith(said) for _, lines in summary.lists for text in lines)
    assert [c for c in summary.cards if "romoter" in c.label]
    document = findings_document(findings)["net_promoter"]
    assert document["score"] == findings.net_promoter.score
    assert [row["promoter_group"] for row in document["table"]] == ["promoters", "passives", "detractors"]


def test_without_leaving_the_score_leads_the_section_on_loyalty(recommended):
    survey, client = recommended
    loyalty = client.loyalty.model_copy(update={"left": None})
    alone = client.model_copy(update={"loyalty": loyalty, "value": None})
    shown = section(client_findings(survey, alone), "loyalty")
    assert shown.lead.startswith("The net promoter score is")
    assert "names no column for leaving" in shown.paragraphs[-1]


def test_a_score_of_too_few_answers_is_a_notice_and_no_failure(recommended):
    survey, client = recommended
    silent = replace(survey, answers=survey.answers.assign(intent=np.nan))
    findings = client_findings(silent, client)
    assert findings.net_promoter is None
    assert any("a net promoter score needs 2 at least" in str(n) for n in findings.notices)


@pytest.mark.skipif(not AIRPORT.is_file(), reason="the real surveys are not beside the project")
def test_the_report_on_the_airport_counts_blanks_for_nothing():
    client = load_client(ROOT / "tests" / "clients" / "sfo_airport_2017.toml")
    findings = client_findings(load_survey(client), client.model_copy(update={"draws": 100}))
    assert 100 * findings.net_promoter.score == pytest.approx(40.398, abs=5e-4)  # 42.2 with blanks as promoters
    assert findings.net_promoter.base == 2746
    card = next(c for c in section(findings, "summary").cards if "promoter" in c.label)
    assert card.value == "40.4"


@pytest.mark.parametrize("lowest", [0, 1])
def test_a_draft_names_the_question_where_it_was_surely_asked_from_0_to_10(lowest):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({f"item_{c}": rng.integers(0, 11, 200).astype(float) for c in ("speed", "price", "staff")})
    frame["recommend"] = rng.integers(lowest, 11, 200)
    frame["csat"] = rng.integers(0, 11, 200)
    loyalty = tomllib.loads(client_draft(survey_guess(SurveyTable(frame, "survey.csv")), "survey.csv").text)["loyalty"]
    assert loyalty["intention"] == "recommend"
    assert loyalty.get("nps") == ("recommend" if lowest == 0 else None)
