from dataclasses import replace

import numpy as np
import pytest

from core.test_raking import margin
from drivers import client_findings, explain, section, table, weight_report
from drivers.core.raking import raked_weights
from made_surveys import made_client, made_survey, made_weights, with_weights


def raked_survey(trim=(0.1, 10.0)):
    survey = made_survey()
    sex = margin("sex", np.arange(300) % 3 > 0, 0.5, 0.5)
    raking = raked_weights(made_weights(300), [sex], trim)
    return replace(with_weights(survey, raking.w), raking=raking)


def test_the_design_effect_of_weights_is_kishs():
    w = made_weights(300)
    report = weight_report(with_weights(made_survey(), w))
    kept = w[w > 0]
    assert report.design_effect == pytest.approx(1 + kept.var() / kept.mean() ** 2)
    assert report.effective_base == pytest.approx(len(kept) / report.design_effect)
    assert (report.base, report.minimum, report.maximum) == (len(kept), 0.5, 3.0)
    assert (report.trimmed_share, report.largest_gap, len(report.margins)) == (None, None, 0)


def test_equal_weights_cost_nothing():
    report = weight_report(made_survey())
    assert (report.design_effect, report.effective_base) == (1, 300)


def test_the_table_of_margins_shows_population_before_and_after():
    survey = raked_survey()
    report = weight_report(survey)
    w = made_weights(300)
    np.testing.assert_allclose(report.margins["population_share"], 0.5)
    np.testing.assert_allclose(report.margins["share_after"], 0.5, atol=1e-6)
    assert report.margins["share_before"][1] == pytest.approx(w[np.arange(300) % 3 > 0].sum() / w.sum())
    assert report.mean == pytest.approx(1)
    assert table(report).rows[0][:3] == ("sex", "0", "50.0%")


def test_the_quality_section_prints_the_weights_and_the_margins():
    survey = raked_survey((0.3, 3.0))
    shown = section(client_findings(survey, made_client(survey)), "quality")
    text = " ".join(shown.paragraphs)
    assert "around a mean of 1.00; they multiply the variance of a mean by" in text
    assert "They were raked to the population:" in text
    assert len(shown.tables) == 4  # answers, margins, checks, batteries


def test_a_survey_without_weights_says_nothing_about_them():
    survey = made_survey()
    findings = client_findings(survey, made_client(survey))
    assert findings.weights is None
    assert "The weights run" not in " ".join(section(findings, "quality").paragraphs)


def test_raking_is_told_only_where_there_was_any():
    assert len(explain(weight_report(with_weights(made_survey(), made_weights(300))))) == 1
    assert len(explain(weight_report(raked_survey()))) == 2
