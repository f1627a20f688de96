import numpy as np
import pytest

from drivers import explain, joint_resample, leaving_sensitivity, retention_link, table
from drivers.core.sensitivity import e_value
from drivers.present.language import Language
from made_surveys import made_survey, with_answers


def link_of(survey, **keys):
    return retention_link(survey, joint_resample(survey, draws=100), **keys)


def test_the_gap_between_groups_is_the_ratio_of_their_adjusted_shares_that_left():
    link = link_of(made_survey(1500))
    row = leaving_sensitivity(link).table.set_index("comparison").loc["groups"]
    kept = link.groups.set_index("group")["adjusted_retention"]
    ratio = (1 - kept["satisfied"]) / (1 - kept["dissatisfied"])
    assert row["risk_ratio"] == pytest.approx(ratio, abs=1e-10)
    assert row["e_value"] == pytest.approx(float(e_value(np.array(ratio))))
    assert row["risk_ratio_low"] < ratio < row["risk_ratio_high"] < 1
    assert 1 < row["e_value_limit"] < row["e_value"]


def test_one_point_is_the_odds_ratio_of_a_rare_and_its_root_of_a_common_outcome():
    survey = made_survey(3000)
    for rare in (False, True):
        more = (np.random.default_rng(1).random(3000) < 0.3).astype(float)
        asked = survey if rare else with_answers(survey, left=np.maximum(survey.answers["left"], more))
        link = link_of(asked)
        odds = link.table.set_index("term").loc["csat", "odds_ratio"]
        assert (1 - link.retention <= 0.15) == rare
        row = leaving_sensitivity(link).table.set_index("comparison").loc["one_point"]
        assert row["risk_ratio"] == pytest.approx(odds if rare else np.sqrt(odds))


def test_groups_under_the_minimum_base_are_not_compared():
    result = leaving_sensitivity(link_of(made_survey(400), minimum_base=400))
    assert list(result.table["comparison"]) == ["one_point"]


def test_a_link_that_is_not_shown_needs_no_hidden_cause_and_none_is_spoken_of():
    survey = made_survey(400)
    random = np.random.default_rng(0).random(400) < 0.3
    result = leaving_sensitivity(link_of(with_answers(survey, left=random.astype(float))))
    assert result.table["e_value_limit"].eq(1.0).all()
    assert explain(result) == ()


@pytest.mark.parametrize(("base", "words"), [(30, "gap between satisfied"), (2000, "explain this link")])
def test_a_link_that_is_shown_says_what_would_explain_it_away(base, words):
    result = leaving_sensitivity(link_of(made_survey(1500), minimum_base=base))
    assert words in " ".join(Language().say(line) for line in explain(result))
    assert len(table(result).rows) == len(result.table)
