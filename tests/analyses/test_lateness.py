from dataclasses import replace

import numpy as np
import pytest

from drivers import asked_late, client_findings, explain, joint_resample, retention_link, section, table
from drivers.errors import EstimationError
from drivers.present.language import Language
from drivers.survey.interviews import Interviews
from made_surveys import made_client, made_survey


def said(result, code="en"):
    return " ".join(Language(code).say(line) for line in explain(result))


def dated(lags, n=600):
    """A survey in which those who left did so these many days after the interview, in turn."""
    survey = made_survey(n, tenure=False)
    gone = survey.answers["left"].to_numpy() == 1
    days = np.full(n, np.nan)
    days[gone] = np.resize(np.array(lags, dtype=float), gone.sum())
    return replace(survey, interviews=Interviews(lags=days)), gone, days


def test_those_asked_on_the_day_or_later_are_counted_and_the_link_is_told_without_them():
    survey, gone, days = dated([-3, 0, 20, 90, 200])
    resample = joint_resample(survey, draws=100)
    found = asked_late(survey, resample)
    counts = found.table.set_index("moment")["leavers"]
    assert counts["after"] == (days == -3).sum()
    assert counts["same_day"] == (days == 0).sum()
    assert found.late == (days <= 0).sum()
    assert found.base == gone.sum()
    left = survey.answers["left"].where(~(days <= 0))
    without = retention_link(replace(survey, answers=survey.answers.assign(left=left)), resample)
    assert found.effect == without.marginal_effect
    assert (found.effect_low, found.effect_high) == (without.marginal_effect_low, without.marginal_effect_high)
    assert "were asked on the day they left or later" in said(found)
    assert "rely on that figure" in said(found)
    assert "pas op de dag van hun vertrek of later" in said(found, "nl")


def test_interviews_in_time_are_said_to_be_so():
    survey, *_ = dated([60, 120, 300])
    found = asked_late(survey)
    assert found.late == 0
    assert found.median_days == 120
    assert (
        said(found) == f"All {found.base} customers who left, as far as the days are known, were asked before that day."
    )


def test_leaving_soon_after_the_interview_is_warned_of():
    survey, *_ = dated([3, 10, 31, 120])
    assert "most of those will have decided before" in said(asked_late(survey))


def test_unknown_days_are_unknown_not_in_time():
    survey, *_ = dated([np.nan])
    found = asked_late(survey)
    assert said(found) == "Of nobody who left is it known whether he was asked before."
    assert found.table.set_index("moment").loc["unknown", "leaver_share"] == 1
    table(found)


def test_without_those_asked_late_there_may_be_no_link():
    survey, *_ = dated([-1])
    found = asked_late(survey)
    assert np.isnan(found.effect)
    assert "no link to leaving can be computed" in said(found)


def test_without_days_or_anybody_who_left_there_is_no_answer():
    survey, *_ = dated([5])
    with pytest.raises(EstimationError, match=r"survey\.date and loyalty\.left_date"):
        asked_late(replace(survey, interviews=Interviews()))
    with pytest.raises(EstimationError):
        asked_late(replace(survey, answers=survey.answers.assign(left=0.0)))


def test_the_report_warns_of_it_on_the_first_page_and_under_loyalty():
    survey, *_ = dated([-3, 0, 20, 90])
    findings = client_findings(survey, made_client(survey))
    assert "may be too strong" in " ".join(section(findings, "summary").notices)
    assert "rely on that figure" in " ".join(section(findings, "loyalty").paragraphs)
    plain = client_findings(replace(survey, interviews=Interviews()), made_client(survey))
    assert plain.behaviour.asked_late is None
    assert not [n for n in plain.notices if n.kind == "leakage"]
