"""Measures of loyalty: levels and intervals, groups and waves, and intention converted only by a stated rule."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from drivers import explain, joint_resample, load_client, load_survey, net_promoter, section, table
from drivers.analyses.findings import client_findings
from drivers.analyses.groups import Thresholds
from drivers.analyses.measurechange import measure_change
from drivers.analyses.measuregroups import measure_groups
from drivers.analyses.measures import loyalty_measures
from drivers.analyses.scores import IntentionRule, LoyaltyQuestions
from drivers.core.composite import component_weights
from drivers.core.multiplicity import adjusted_p
from drivers.core.resample import draw_resample
from drivers.errors import ConfigError, EstimationError, SurveyError
from drivers.present.document import findings_document
from drivers.present.language import Language
from drivers.survey.segments import segmented_survey
from drivers.survey.survey import Scale, Survey
from made_surveys import with_weights
from survey_files import client_of, survey_frame

RULE = IntentionRule("Followed for a year, 2023.", {1.0: 0.1, 2.0: 0.2, 3.0: 0.5, 4.0: 0.7, 5.0: 0.9})
ASKED = LoyaltyQuestions(nps="recommend", effort="easy", intention="stay", rule=RULE)
SCALES = {"csat": (1, 10), "easy": (1, 7), "stay": (1, 5), "recommend": (0, 10)}
FEW = draw_resample(np.random.default_rng(1), 2, 2)


def asked_survey(n=400, seed=1, shift=0.0):
    """Satisfaction, recommendation, ease and intention, all drawn to one common opinion."""
    rng = np.random.default_rng(seed)
    opinion = rng.normal(size=n) + shift
    frame = {"csat": 7 + 1.6 * opinion, "recommend": 7.5 + 2 * opinion, "easy": 5 + opinion, "stay": 3.5 + opinion}
    answers = {c: np.clip(np.rint(x + rng.normal(size=n)), *SCALES[c]) for c, x in frame.items()}
    survey = Survey.from_frame(pd.DataFrame(answers), "csat", ["easy"])
    return replace(
        survey,
        answers=pd.DataFrame(answers).astype(float),
        scales=MappingProxyType({c: Scale(*ends) for c, ends in SCALES.items()}),
    )


def rows_of(result):
    return result.table.set_index("measure")


def said(result, code="en"):
    return " ".join(Language(code).say(line) for line in explain(result))


def test_every_measure_is_the_weighted_mean_that_its_name_says():
    w = np.random.default_rng(2).uniform(0.2, 3, 400)
    survey = with_weights(asked_survey(), w)
    found, a = rows_of(loyalty_measures(survey, ASKED)), survey.answers
    brute = {
        "satisfaction_index": 100 * (a["csat"] - 1) / 9,
        "top_box": a["csat"] >= 8,
        "bottom_box": a["csat"] <= 5,
        "net_promoter": (a["recommend"] >= 9) * 1.0 - (a["recommend"] <= 6),
        "effort": a["easy"],
        "intention": a["stay"],
        "converted": a["stay"].map(RULE.chances),
    }
    assert list(found.index) == list(brute)
    for measure, score in brute.items():
        assert found.loc[measure, "level"] == pytest.approx(np.average(score, weights=w))


def test_the_net_promoter_score_is_the_one_that_stands_beside_it():
    for survey in (asked_survey(), with_weights(asked_survey(), np.tile([0.5, 1.5], 200))):
        row, alone = rows_of(loyalty_measures(survey, ASKED)).loc["net_promoter"], net_promoter(survey, "recommend")
        expected = (alone.score, alone.score_low, alone.score_high, alone.error)
        assert tuple(row[["level", "level_low", "level_high", "level_error"]]) == pytest.approx(expected)


def test_shares_of_a_simple_sample_have_wilsons_interval_and_means_students():
    survey = asked_survey(150)
    found = rows_of(loyalty_measures(survey, ASKED))
    satisfied = int((survey.answers["csat"] >= 8).sum())
    assert tuple(found.loc["top_box", ["level_low", "level_high"]]) == pytest.approx(
        proportion_confint(satisfied, 150, method="wilson")
    )
    easy = survey.answers["easy"]
    expected = stats.t.interval(0.95, 149, easy.mean(), easy.std(ddof=1) / np.sqrt(150))
    assert tuple(found.loc["effort", ["level_low", "level_high"]]) == pytest.approx(expected)


@pytest.mark.parametrize("kind", ["simple", "weights", "clusters", "strata"])
def test_the_joint_resample_gives_the_same_errors(kind):
    survey = asked_survey(600)
    if kind == "weights":
        survey = with_weights(survey, np.random.default_rng(3).uniform(0.3, 3, 600))
    if kind == "clusters":
        answers = survey.answers.iloc[np.repeat(np.arange(300), 2)].reset_index(drop=True)
        survey = replace(survey, answers=answers, clusters=np.repeat(np.arange(300), 2))
    if kind == "strata":
        order = np.argsort(survey.answers["csat"].to_numpy(), kind="stable")  # strata that matter
        answers = survey.answers.iloc[order].reset_index(drop=True)
        survey = replace(survey, answers=answers, strata=np.repeat([0, 1, 2], 200))
    found, a = rows_of(loyalty_measures(survey, ASKED)), survey.answers
    weightings = joint_resample(survey, draws=2000).weightings(survey.weights)
    columns = {
        "satisfaction_index": 100 * (a["csat"] - 1) / 9,
        "top_box": a["csat"] >= 8,
        "net_promoter": (a["recommend"] >= 9) * 1.0 - (a["recommend"] <= 6),
        "effort": a["easy"],
        "converted": a["stay"].map(RULE.chances),
    }
    for measure, score in columns.items():
        drawn = (weightings @ score.to_numpy(dtype=float)) / weightings.sum(axis=1)
        assert found.loc[measure, "level_error"] == pytest.approx(drawn.std(), rel=0.08), measure  # 2,000 draws: 1.6%


def test_intervals_cover_the_truth_as_often_as_they_say():
    truth = rows_of(loyalty_measures(asked_survey(400_000, seed=99), ASKED, FEW))["level"]
    hits = []
    for seed in range(10_000, 10_500):
        found = rows_of(loyalty_measures(asked_survey(120, seed), ASKED, FEW))
        hits.append((found["level_low"] <= truth) & (truth <= found["level_high"]))
    coverage = pd.DataFrame(hits).mean()
    assert coverage.between(0.92, 0.98).all(), coverage  # 95% less and plus 3 standard errors of 500 trials


def battery(n=500, seed=4, noise=(0.5, 1.0, 2.0)):
    rng = np.random.default_rng(seed)
    opinion = 6.5 + 1.5 * rng.normal(size=n)
    parts = {f"s{k}": np.clip(np.rint(opinion + e * rng.normal(size=n)), 1, 10) for k, e in enumerate(noise)}
    answers = pd.DataFrame(parts).astype(float)
    answers["satisfaction"] = answers.mean(axis=1)
    survey = Survey.from_frame(answers, "satisfaction", ["s0"], scale=(1, 10))
    return replace(survey, answers=answers, outcome_parts=tuple(parts))


def test_an_index_of_several_questions_weighs_them_by_their_first_component():
    survey = battery()
    parts = survey.answers[["s0", "s1", "s2"]]
    vector = np.abs(np.linalg.svd((parts - parts.mean()) / parts.std())[2][0]) / parts.std()
    weights = vector / vector.sum()
    result = loyalty_measures(survey)
    np.testing.assert_allclose(result.parts["part_weight"], weights, rtol=1e-9)
    row = rows_of(result).loc["satisfaction_index"]
    assert row["level"] == pytest.approx(100 * (parts.mean() @ weights - 1) / 9)
    scores = 100 * (parts @ weights - 1) / 9
    assert row["level_error"] == pytest.approx(scores.std() / np.sqrt(500), rel=0.08)  # weights cost little
    assert "3 questions, weighted by their first principal component" in str(result.method)


def test_questions_that_run_against_each_other_or_never_vary_weigh_alike():
    against = np.array([[1.0, 0.5, -0.5], [0.5, 1.0, -0.5], [-0.5, -0.5, 1.0]])
    constant = np.diag([1.0, 2.0, 0.0])
    np.testing.assert_allclose(component_weights(np.stack([against, constant])), 1 / 3)
    np.testing.assert_allclose(component_weights(np.eye(2) + 0.5), 0.5)


def test_an_answer_that_all_give_has_no_interval_but_a_share_has():
    survey = replace(asked_survey(40), answers=asked_survey(40).answers.assign(csat=9.0, recommend=10.0, easy=np.nan))
    found = rows_of(loyalty_measures(survey, ASKED))
    assert "effort" not in found.index
    assert found.loc[["satisfaction_index", "net_promoter"], "level_low"].isna().all()
    low, high = found.loc["top_box", ["level_low", "level_high"]]
    assert 0.9 < low < high == 1.0
    assert "100.0 " not in said(loyalty_measures(survey, ASKED)).partition(".")[0]


def test_nobody_to_ask_is_refused():
    survey = asked_survey(40)
    with pytest.raises(EstimationError, match="Fewer than two respondents answered any question"):
        loyalty_measures(replace(survey, answers=survey.answers * np.nan), ASKED)


def test_answers_off_the_scale_of_recommending_are_refused():
    survey = asked_survey(40)
    with pytest.raises(SurveyError, match="no whole numbers from 0 to 10"):
        loyalty_measures(replace(survey, answers=survey.answers.assign(recommend=99.0)), ASKED)


def test_an_intention_is_converted_by_the_stated_rule_only():
    survey = asked_survey()
    told = said(loyalty_measures(survey, ASKED))
    assert "By the rule in the client file" in told
    assert "The rule rests on: Followed for a year, 2023." in told
    without = loyalty_measures(survey, replace(ASKED, rule=None))
    assert "converted" not in rows_of(without).index
    assert "is not converted into behaviour" in said(without)
    assert "is niet omgerekend naar gedrag" in said(without, "nl")


def test_a_converted_intention_without_an_interval_is_said_without_empty_brackets():
    survey = asked_survey()
    told = said(loyalty_measures(replace(survey, answers=survey.answers.assign(stay=5.0)), ASKED))
    assert "90.0% of the customers carry this intention out" in told
    assert "– to –" not in told


def test_a_rule_without_a_chance_for_an_answer_is_refused():
    rule = IntentionRule("x", {k: v for k, v in RULE.chances.items() if k != 4.0})
    with pytest.raises(EstimationError, match="no chance for 4 on stay"):
        loyalty_measures(asked_survey(), replace(ASKED, rule=rule))


def grouped(survey, groups):
    return segmented_survey(survey, pd.DataFrame({"group": groups}), ["group"])


def test_two_groups_of_a_simple_sample_are_tested_as_welch_does():
    survey = asked_survey(500)
    one = np.arange(500) % 3 == 0
    found = measure_groups(grouped(survey, np.where(one, "A", "B")), ASKED)
    tests = found.tests.set_index("measure")
    for measure, column in (("effort", "easy"), ("intention", "stay")):
        answers = survey.answers[column].to_numpy()
        t = stats.ttest_ind(answers[one], answers[~one], equal_var=False)
        assert tests.loc[measure, "f_statistic"] == pytest.approx(t.statistic**2)
        assert tests.loc[measure, "p_value"] == pytest.approx(t.pvalue)
    np.testing.assert_allclose(found.tests["p_adjusted"], adjusted_p(found.tests["p_value"].to_numpy(), "holm"))


def test_several_groups_are_tested_as_welchs_analysis_of_variance():
    survey = asked_survey(300)
    groups = np.random.default_rng(8).choice(list("ABCD"), 300, p=[0.4, 0.3, 0.2, 0.1])
    tests = measure_groups(grouped(survey, groups), ASKED, minimum_base=10).tests.set_index("measure")
    frame = pd.DataFrame({"easy": survey.answers["easy"], "group": groups})
    row = pingouin.welch_anova(frame, dv="easy", between="group").iloc[0]
    assert tests.loc["effort", "f_statistic"] == pytest.approx(row["F"])
    assert tests.loc["effort", "df_within"] == pytest.approx(row["ddof2"])
    assert tests.loc["effort", "p_value"] == pytest.approx(row["p_unc"])


def test_a_group_has_the_numbers_of_a_survey_of_it_alone():
    survey = grouped(with_weights(asked_survey(600), np.tile([0.5, 1.0, 2.0], 200)), np.tile(list("AAABBC"), 100))
    found = measure_groups(survey, ASKED).table
    for k, name in enumerate("ABC"):
        alone = rows_of(loyalty_measures(survey.rows(survey.segments["group"].codes == k), ASKED, FEW))
        own = found[found["segment_group"] == name].set_index("measure")
        np.testing.assert_allclose(own["level"], alone["level"])
        np.testing.assert_allclose(own["level_high"], alone["level_high"], rtol=0.01)  # the design is that of all


def test_a_group_that_differs_is_named_and_small_groups_are_hidden():
    survey = asked_survey(600)
    groups = np.repeat(["old", "older", "new", "newer", "tiny"], [150, 150, 150, 130, 20])
    raised = survey.answers.assign(recommend=np.where(groups == "old", 9.0, survey.answers["recommend"]))
    result = measure_groups(grouped(replace(survey, answers=raised), groups), ASKED, measures=["net_promoter"])
    hidden = result.table[result.table["suppressed"]]
    assert set(hidden["segment_group"]) == {"tiny", "newer"}  # the smallest other one, or the total would tell
    assert "in old" in said(result)
    assert result.differences["shown"].all()
    assert (result.differences["level_gap_low"] > 0).all()
    assert hidden[["level", "base"]].isna().all(axis=None)
    with pytest.raises(EstimationError, match="fewer than two groups have 30 answers"):
        measure_groups(grouped(survey, np.where(np.arange(600) < 20, "tiny", "rest")), ASKED)


@pytest.mark.parametrize(
    ("code", "start"), [("en", "By group, the groups are shown"), ("nl", "Naar group is een versc")]
)
def test_a_difference_is_told_with_its_extremes(code, start):
    survey = asked_survey(600)
    groups = np.tile(list("ABC"), 200)
    easier = np.where(groups == "B", np.minimum(survey.answers["easy"] + 1.5, 7), survey.answers["easy"])
    result = measure_groups(grouped(replace(survey, answers=survey.answers.assign(easy=easier)), groups), ASKED)
    assert result.tests.set_index("measure")["shown"].to_dict()["effort"]
    told = said(result, code)
    assert told.startswith(start)
    assert "B" in told
    assert len(table(result, Language(code)).rows) == 21


def test_groups_that_do_not_differ_are_hardly_ever_said_to():
    alarms = 0
    for seed in range(300):
        survey = grouped(asked_survey(200, seed), np.random.default_rng(seed + 1000).choice(list("ABC"), 200))
        alarms += bool(measure_groups(survey, ASKED, limits=Thresholds(8, 5)).tests["shown"].any())
    assert alarms <= 24  # 5% of 300 and 2.4 standard errors more; Holm over dependent tests gives fewer


def test_independent_waves_have_the_difference_and_error_of_welch():
    before, after = asked_survey(300, 1), asked_survey(200, 2, shift=0.4)
    found = rows_of(measure_change(before, after, ASKED))
    for measure, column in (("effort", "easy"), ("intention", "stay")):
        one, two = after.answers[column], before.answers[column]
        t = stats.ttest_ind(one, two, equal_var=False)
        row, ends = found.loc[measure], t.confidence_interval(0.95)
        assert row["level_change"] == pytest.approx(one.mean() - two.mean())
        assert (row["level_change_low"], row["level_change_high"]) == pytest.approx((ends.low, ends.high))
        assert row["p_value"] == pytest.approx(t.pvalue)
    assert found["shown"].all()
    assert "a rise is shown in the net promoter score" in said(measure_change(before, after, ASKED))


def test_respondents_who_answer_twice_are_compared_with_themselves():
    before = asked_survey(300, 1)
    moved = np.clip(before.answers["easy"] + (np.arange(300) % 4 == 0), 1, 7)
    after = replace(before, answers=before.answers.assign(easy=moved))
    names = [f"R{k}" for k in range(300)]
    order = np.random.default_rng(1).permutation(300)
    shuffled = replace(after, answers=after.answers.iloc[order].reset_index(drop=True))
    result = measure_change(before, shuffled, ASKED, respondents=(names, [names[k] for k in order]))
    row, gap = rows_of(result).loc["effort"], moved - before.answers["easy"]
    assert result.overlap == 300
    error = gap.std() / np.sqrt(300)
    assert row["level_change_high"] - row["level_change"] == pytest.approx(
        stats.t.ppf(0.975, 299) * error, rel=0.002
    )  # a part 1/300 more, as each wave's mean is estimated
    assert row["shown"]
    assert not rows_of(measure_change(before, shuffled, ASKED)).loc["effort", "shown"]  # as independent samples
    assert rows_of(result).loc["intention", "level_change"] == pytest.approx(0, abs=1e-12)
    assert not rows_of(result).loc["intention", "shown"]


def test_no_change_is_hardly_ever_called_one_and_a_change_is_found():
    def shown(shift):
        pairs = ((asked_survey(250, 2 * s), asked_survey(250, 2 * s + 1, shift)) for s in range(150))
        return sum(bool(rows_of(measure_change(*pair, ASKED))["shown"].any()) for pair in pairs)

    assert shown(0.0) <= 15  # 5% of 150 and 2.8 standard errors more
    assert shown(0.5) >= 148


def test_waves_on_other_scales_are_not_compared():
    survey = asked_survey(100)
    other = replace(survey, scales=MappingProxyType({**survey.scales, "easy": Scale(1, 5)}))
    with pytest.raises(EstimationError, match="easy has another scale"):
        measure_change(survey, other, ASKED)
    with pytest.raises(EstimationError, match="There are 3 names for 100 respondents"):
        measure_change(survey, survey, ASKED, respondents=(range(3), range(100)))


def test_a_question_that_one_wave_did_not_ask_is_left_out():
    before, after = asked_survey(100), asked_survey(100, 5)
    after = replace(after, answers=after.answers.drop(columns="easy"))
    assert "effort" not in rows_of(measure_change(before, after, ASKED)).index


EFFORT = ('intention       = "intends"\nintention_scale = [0, 10]', 'effort = "intends"\neffort_scale = [0, 10]')
CHANCES = "\n".join(f"{k} = {k / 10}" for k in range(11))
TABLE = f'[loyalty.conversion]\nsource = "Panel 2023"\n[loyalty.conversion.chances]\n{CHANCES}\n\n[value]'


def test_a_client_file_names_the_effort_and_turns_it_round(tmp_path):
    frame = survey_frame(60)
    plain = load_survey(client_of(tmp_path, frame, EFFORT))
    turned = (EFFORT[0], EFFORT[1] + '\neffort_reversed = true\neffort_label = "Ease"')
    client = client_of(tmp_path, frame, turned)
    survey = load_survey(client)
    np.testing.assert_allclose(survey.answers["intends"], 10 - plain.answers["intends"])
    assert survey.labels["intends"] == "Ease"
    found = client_findings(survey, client.model_copy(update={"draws": 100}))
    assert "effort" in rows_of(found.behaviour.measures).index
    unscaled = client_of(tmp_path, frame, (EFFORT[0], 'effort = "intends"\neffort_reversed = true'))
    with pytest.raises(SurveyError, match=r'"intends" is reversed but has no scale.*Add loyalty\.effort_scale'):
        load_survey(unscaled)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("[loyalty]", "[loyalty]\neffort_scale = [1, 7]"), r"means nothing without a column\. Add loyalty\.effort"),
        (("[value]", TABLE.replace("\n4 = 0.4", "")), "has no chance for 4; expected one for each answer from 0 to 10"),
        (("[value]", TABLE.replace("10 = 1.0", "10 = 1.0\n11 = 1.0")), "is no answer from 0 to 10"),
        (("[value]", TABLE.replace("\n4 =", "\nfour =")), '"four" is no whole answer; expected for instance 4 = 0.6'),
        (("[value]", TABLE.replace("4 = 0.4", "4 = 40")), "chances.4"),
        (("[value]", TABLE.replace('source = "Panel 2023"\n', "")), "source"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_its_line(tmp_path, change, message):
    with pytest.raises(ConfigError, match=message):
        load_client(client_of(tmp_path, survey_frame(60), change).path)


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("measures")
    client = client_of(folder, survey_frame(300), ("[value]", TABLE))
    return client_findings(load_survey(client), client.model_copy(update={"draws": 100}))


def test_the_section_on_loyalty_shows_the_measures_and_the_rule(findings):
    shown = section(findings, "loyalty")
    assert shown.tables[-1].rows[0][0] == Language(findings.language).say("Satisfaction index (0 to 100)")
    assert any("Panel 2023" in line for line in (*shown.paragraphs, *shown.methods))
    document = findings_document(findings)["measures"]
    assert document["rule"] == "Panel 2023"
    assert {row["measure"] for row in document["table"]} >= {"satisfaction_index", "top_box", "intention", "converted"}


def boxed_survey(unhappy, between):
    """Four hundred answers: so many dissatisfied, so many between, the others satisfied."""
    csat = np.repeat([3.0, 6.0, 9.0], [unhappy, between, 400 - unhappy - between])
    return replace(asked_survey(), answers=asked_survey().answers.assign(csat=csat))


@pytest.mark.parametrize(
    ("unhappy", "between", "hidden"),
    [
        (40, 60, []),
        (0, 100, []),
        (7, 100, ["bottom_box"]),  # and how many are between is nowhere told
        (100, 7, ["bottom_box"]),  # both shares would tell that seven are between
        (7, 300, ["top_box", "bottom_box"]),
    ],
)
def test_the_size_of_a_group_that_is_hidden_cannot_be_worked_out(unhappy, between, hidden):
    found = loyalty_measures(boxed_survey(unhappy, between), minimum_base=30)
    rows = rows_of(found)
    assert list(rows.index[rows["suppressed"]]) == hidden
    assert rows.loc[hidden, ["level", "level_low", "level_high", "level_error", "effective_base"]].isna().all(axis=None)
    assert rows.loc[~rows["suppressed"], "level"].notna().all()
    assert ("is not told, because a small group could be worked out" in said(found)) == bool(hidden)
    assert "– (– to –)" not in str(table(found).rows)
