from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from drivers import TimeTerms, client_findings, explain, joint_resample, plot, satisfaction_survival, section, table
from drivers.analyses.groups import satisfaction_groups, thresholds
from drivers.errors import EstimationError
from drivers.present.language import Language
from followed_surveys import followed_survey, with_segment
from made_surveys import made_client, made_weights, with_answers, with_weights

TERMS = TimeTerms("months", "gone", start="interview")


def said(result, code="en"):
    return " ".join(Language(code).say(line) for line in explain(result))


def found_in(survey, terms=TERMS, draws=60, **keys):
    return satisfaction_survival(survey, terms, joint_resample(survey, draws=draws), **keys)


def ratio_of(result):
    return result.model.set_index("term").loc["csat"]


def width_of(row):
    return float(np.log(row["hazard_ratio_high"] / row["hazard_ratio_low"]))


def test_curves_are_those_of_statsmodels_for_each_group():
    survey = followed_survey()
    found = found_in(survey)
    codes = satisfaction_groups(survey.answers["csat"].to_numpy(), thresholds(survey))
    for name, among in (("all", codes >= 0), ("dissatisfied", codes == 0), ("satisfied", codes == 2)):
        rows = found.curve[found.curve["group"] == name]
        answers = survey.answers[among]
        reference = SurvfuncRight(answers["months"], answers["gone"])
        place = np.searchsorted(reference.surv_times, rows["time"], side="right")
        np.testing.assert_allclose(rows["still_there"], np.r_[1.0, reference.surv_prob][place], atol=1e-12)
        assert (rows["still_there_low"] <= rows["still_there"]).all()


def test_weights_count_as_that_many_customers():
    survey = followed_survey(300)
    counts = np.random.default_rng(2).integers(1, 4, 300)
    weighted = with_weights(survey, counts)
    copied = survey.rows(np.ones(300, dtype=bool))
    copied = replace(
        copied,
        answers=survey.answers.loc[np.repeat(np.arange(300), counts)].reset_index(drop=True),
        weights=np.ones(counts.sum()),
    )
    one, other = found_in(weighted).groups.set_index("group"), found_in(copied).groups.set_index("group")
    for column in ("still_there", "mean_time"):
        assert one.loc["all", column] == pytest.approx(other.loc["all", column], abs=1e-12)


def test_the_hazard_ratio_is_that_of_statsmodels_with_robust_errors():
    survey = followed_survey(whole=False)
    row, answers = ratio_of(found_in(survey)), survey.answers
    other = PHReg(answers["months"], answers[["csat", "tenure"]], status=answers["gone"], ties="efron").fit()
    assert row["hazard_ratio"] == pytest.approx(np.exp(other.params[0]), rel=1e-7)
    reach = np.log(row["hazard_ratio_high"] / row["hazard_ratio"])
    assert reach == pytest.approx(1.96 * other.bse[0], rel=0.12)  # robust against model-based, where the model holds
    assert np.isnan(row["odds_ratio"])  # time is not in whole months


def test_the_discrete_hazard_is_the_logit_of_persons_and_months():
    survey = followed_survey(200)
    answers = survey.answers
    rows = [
        (1.0, np.log(t), a.csat, a.tenure, float(t == a.months and a.gone))
        for a in answers.itertuples()
        for t in range(1, int(a.months) + 1)
    ]
    data = np.array(rows)
    other = sm.GLM(data[:, -1], data[:, :-1], family=sm.families.Binomial()).fit(tol=1e-12)
    assert ratio_of(found_in(survey))["odds_ratio"] == pytest.approx(np.exp(other.params[2]), rel=1e-6)


def test_the_test_of_groups_is_the_log_rank_test_of_statsmodels():
    survey = followed_survey(log_ratio=-0.08)
    codes = satisfaction_groups(survey.answers["csat"].to_numpy(), thresholds(survey))
    p = survdiff(survey.answers["months"], survey.answers["gone"], codes)[1]
    found = found_in(survey)
    assert found.group_p == pytest.approx(p, rel=1e-9)
    weighted = found_in(with_weights(survey, np.full(800, 2.0)))  # a design: errors of the score itself
    assert np.log(weighted.group_p) == pytest.approx(np.log(p), rel=0.1)  # robust against model-based variance


def test_known_hazard_ratios_lie_in_their_intervals():
    inside = []
    for seed in range(40):
        row = ratio_of(found_in(followed_survey(300, seed=seed), draws=20))
        inside.append(row["hazard_ratio_low"] < np.exp(-0.3) < row["hazard_ratio_high"])
    assert sum(inside) >= 34  # of 40 at 95%: fewer has a chance of 1 in 200


def test_no_effect_is_shown_where_there_is_none():
    shown = 0
    for seed in range(40):
        row = ratio_of(found_in(followed_survey(300, seed=seed, log_ratio=0.0), draws=20))
        shown += row["hazard_ratio_high"] < 1 or row["hazard_ratio_low"] > 1
    assert shown <= 6
    null = found_in(followed_survey(log_ratio=0.0, seed=1))
    assert "it is not shown that satisfied customers stay longer" in said(null)
    assert "niet aangetoond dat tevreden klanten langer blijven" in said(null, "nl")


def test_satisfied_customers_who_stay_longer_are_told_so_with_the_gap():
    found = found_in(followed_survey(log_ratio=-0.5))
    assert said(found).startswith("Satisfied customers stayed longer: with one point more the chance of leaving")
    assert found.gap_low > 0
    assert "months more on average than dissatisfied ones" in said(found)
    assert "24 months" in said(found)
    assert "start of the relation" not in said(found)
    assert said(found, "nl").startswith("Tevreden klanten bleven langer")


def test_satisfied_customers_who_leave_sooner_are_never_turned_round():
    found = found_in(followed_survey(log_ratio=0.4))
    assert said(found).startswith("In these data more satisfied customers left sooner")
    assert found.gap_high < 0
    assert "months less on average than dissatisfied ones" in said(found)
    assert "juist eerder" in said(found, "nl")


def test_time_from_the_start_of_the_relation_is_said_to_foretell_nothing():
    found = found_in(followed_survey(), TimeTerms("months", "gone"))
    assert "does not foretell who will" in said(found)
    assert "voorspelt niet wie zal blijven" in said(found, "nl")


def test_known_tenure_at_the_interview_takes_the_immortal_time_away():
    survey = followed_survey(600, log_ratio=0.0, seed=4)
    rng = np.random.default_rng(4)
    before = np.ceil(rng.exponential(30, 600))
    total = before + survey.answers["months"]
    pleased = np.clip(np.rint(survey.answers["csat"] + (before > 40) * 2), 1, 10)  # who stays long grows content
    survey = with_answers(survey, total=total, before=before, csat=pleased)
    naive = found_in(survey, TimeTerms("total", "gone"))
    truncated = found_in(survey, TimeTerms("total", "gone", tenure="before"))
    assert ratio_of(naive)["hazard_ratio_high"] < 0.95
    assert ratio_of(truncated)["hazard_ratio_high"] > 1
    assert "start of the relation" not in said(truncated)


def test_customers_asked_after_leaving_are_left_out_and_counted():
    survey = followed_survey(300)
    before = np.where(np.arange(300) < 7, 90.0, 0.0)
    survey = with_answers(survey, before=before, gone=np.where(np.arange(300) < 7, 1.0, survey.answers["gone"]))
    found = found_in(survey, TimeTerms("months", "gone", tenure="before"))
    assert found.late == 7
    assert found.base == 293
    assert "gone before they were asked: 7 customers" in said(found)


def test_a_control_that_is_time_itself_is_left_out():
    survey = followed_survey(300)
    survey = replace(with_answers(survey, years=survey.answers["months"] / 12), controls=("tenure", "months", "years"))
    assert list(found_in(survey, TimeTerms("months", "gone")).model["term"]) == ["csat", "tenure"]


def test_customers_are_compared_within_strata():
    survey = followed_survey(600, log_ratio=0.0, seed=2)
    fast = np.arange(600) % 2
    months = np.where(fast == 1, np.ceil(survey.answers["months"] / 6), survey.answers["months"])
    sour = np.clip(survey.answers["csat"] - 3 * fast, 1, 10)
    survey = with_segment(with_answers(survey, months=months, csat=sour), "contract", fast, ("year", "month"))
    alone, within = found_in(survey), found_in(survey, replace(TERMS, strata="contract"))
    assert ratio_of(alone)["hazard_ratio_high"] < 1
    assert ratio_of(within)["hazard_ratio_high"] > 1
    assert "within groups of contract" in str(within.method)


def test_separated_answers_give_curves_and_no_claim():
    survey = followed_survey(600)
    survey = with_answers(survey, gone=(survey.answers["csat"] < 6).astype(float))
    found = found_in(survey)
    assert found.separated
    assert not len(found.model)
    assert said(found).startswith("Whether satisfied customers stay longer cannot be judged")
    assert "Cox" not in str(found.method)
    satisfied = found.groups.set_index("group").loc["satisfied"]
    assert satisfied["still_there"] == 1
    assert 0.9 < satisfied["still_there_low"] < 1  # nobody left so far; more than nobody may


def test_weights_clusters_and_strata_widen_the_interval():
    survey = followed_survey(600)
    plain, heavy = ratio_of(found_in(survey)), ratio_of(found_in(with_weights(survey, made_weights(600))))
    assert width_of(heavy) > width_of(plain)
    twice = replace(survey, clusters=np.arange(600) // 2)
    assert "with the errors of the design" in str(found_in(twice).method)
    doubled = replace(
        survey,
        answers=survey.answers.loc[np.repeat(np.arange(600), 2)].reset_index(drop=True),
        weights=np.ones(1200),
        clusters=np.repeat(np.arange(600), 2),
    )
    assert width_of(ratio_of(found_in(doubled))) == pytest.approx(width_of(plain), rel=0.05)


def test_small_groups_are_suppressed_with_what_would_tell_them():
    survey = followed_survey(300)
    found = found_in(survey, minimum_base=90)
    hidden = found.groups.set_index("group")["suppressed"]
    assert hidden.sum() >= 2
    assert not hidden["all"]
    assert set(found.curve["group"]) == set(hidden.index[~hidden])
    plot(found)
    table(found)


def test_too_few_who_left_and_times_below_zero_are_refused():
    survey = followed_survey(200)
    with pytest.raises(EstimationError, match="at least 10 are needed"):
        found_in(with_answers(survey, gone=(np.arange(200) < 9).astype(float)))
    with pytest.raises(EstimationError, match="Of 1 customers the time in months is below 0"):
        found_in(with_answers(survey, months=np.where(np.arange(200) == 3, -1.0, survey.answers["months"])))


def test_few_who_left_give_curves_without_a_model():
    survey = followed_survey(200)
    few = found_in(with_answers(survey, gone=(np.arange(200) % 17 == 0).astype(float)))
    assert not len(few.model)
    assert "Too few customers left" in said(few)


def test_the_report_shows_the_curves_where_the_client_file_asks():
    survey = followed_survey(400)
    loyalty = {"left": "left", "duration": "months", "event": "gone", "duration_from": "interview"}
    client = made_client(survey, loyalty=loyalty)
    findings = client_findings(with_answers(survey, event=survey.answers["gone"]), client)
    shown = section(findings, "loyalty")
    assert "stayed longer" in " ".join(shown.paragraphs)
    assert len(shown.pictures) == 2
    assert "Kaplan and Meier" in " ".join(shown.methods)
    late = client_findings(with_answers(survey, event=0.0), client)
    assert late.behaviour.survival is None
    assert "at least 10 are needed" in " ".join(section(late, "loyalty").paragraphs)
