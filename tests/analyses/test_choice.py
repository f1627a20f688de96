"""Stay, switch or backsource: the truth is found, its null twin is not, and what cannot be told is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from drivers import early_warning, exit_choice, explain, joint_resample, load_client, load_survey, plot, table
from drivers.analyses.exit_tables import link_p
from drivers.analyses.exits import EVENTS_PER_COLUMN, fit_exits
from drivers.analyses.organisations import respondent_scores, survey_organisations
from drivers.errors import EstimationError
from drivers.present.choice import contrast_table
from drivers.present.language import Language
from drivers.simulate import vecht_survey, vecht_truth
from drivers.simulate.outsourcing import SCALES
from organisation_surveys import NO_LINK, choice_survey, survey_of

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "vecht-it"
NAMES = dict(zip(("Productkwaliteit", "Servicekwaliteit", "Relatiekwaliteit", "Overstapkosten"), SCALES, strict=True))


@pytest.fixture(scope="module")
def truth():
    return vecht_truth(11, 30_000)


@pytest.fixture(scope="module")
def sample():
    survey = load_survey(load_client(SAMPLE / "client.toml"))
    return survey, exit_choice(survey, joint_resample(survey, draws=400))


@pytest.fixture(scope="module")
def null_twin():
    survey = choice_survey(20060316, without=NO_LINK)
    return survey, exit_choice(survey, joint_resample(survey, draws=200))


def said(result, code="en"):
    return " ".join(Language(code).say(line) for line in explain(result))


def test_the_truth_lies_inside_the_intervals_of_the_sample(sample, truth):
    survey, found = sample
    outside = []
    for _, row in found.effects[~found.effects["held"]].iterrows():
        true = truth.effects[row["decision"]][NAMES[row["label"]]]
        if not row["decision_effect_low"] < true < row["decision_effect_high"]:
            outside.append(("effect", row["label"], row["decision"]))
    together = exit_choice(survey, joint_resample(survey, draws=10), confidence=1 - 0.05 / 12)  # 12 means at once
    for _, row in together.profile.iterrows():
        true = truth.means[row["decision"]][NAMES[row["label"]]]
        if not row["scale_mean_low"] < true < row["scale_mean_high"]:
            outside.append(("mean", row["label"], row["decision"]))
    for _, row in found.contrasts[found.contrasts["other_decision"] == "stay"].iterrows():
        true = truth.coefficients[row["decision"]][NAMES[row["label"]]]
        if not row["decision_odds_low"] < true < row["decision_odds_high"]:
            outside.append(("odds", row["label"], row["decision"]))
    assert outside == []


def test_the_sample_tells_the_story_that_was_put_in(sample):
    _, found = sample
    rows = found.contrasts.set_index(["decision", "other_decision", "label"]).sort_index()
    clear = rows["mean_gap_p"] < 0.05
    assert clear.loc[("backsource", "stay", "Productkwaliteit")]
    assert clear.loc[("backsource", "stay", "Servicekwaliteit")]
    assert not clear.loc[("switch", "stay", "Productkwaliteit")]
    assert not clear.loc[("switch", "stay", "Servicekwaliteit")]
    assert clear.loc[("switch", "stay", "Relatiekwaliteit")]
    effects = found.effects.set_index(["decision", "label"]).sort_index()
    assert effects.loc[("stay", "Overstapkosten"), "decision_effect_low"] > 0
    shares = rows["decision_share"]
    assert shares.loc["switch", "stay"].idxmax() == "Relatiekwaliteit"
    assert shares.loc["backsource", "stay"].nlargest(2).index.sort_values().tolist() == [
        "Productkwaliteit",
        "Servicekwaliteit",
    ]


def test_the_null_twin_is_answered_with_not_shown(null_twin):
    survey, found = null_twin
    assert not found.shown
    assert "not shown that" in said(found)
    assert "Niet aangetoond" in said(found, "nl")
    warning = early_warning(found, survey)
    assert not warning.useful
    assert warning.table.empty
    assert "Nobody is warned of" in said(warning)
    assert "voor niemand gewaarschuwd" in said(warning, "nl")


def test_an_effect_that_was_left_out_is_not_told():
    survey = choice_survey(7, without=("relationship",))
    found = exit_choice(survey, joint_resample(survey, draws=200))
    effects = found.effects.set_index(["label", "decision"]).sort_index()
    assert found.shown
    assert effects.loc["relationship", "decision_effect_p"].min() > 0.05
    assert effects.loc[("service", "backsource"), "decision_effect_p"] < 0.05


def test_intervals_hold_the_truth_over_many_surveys(truth):
    held = []
    for seed in range(12):
        survey = choice_survey(300 + seed)
        found = exit_choice(survey, joint_resample(survey, draws=120))
        rows = found.effects[~found.effects["held"]]
        true = np.array([truth.effects[d][s] for s, d in zip(rows["label"], rows["decision"], strict=True)])
        held += list((rows["decision_effect_low"] < true) & (true < rows["decision_effect_high"]))
    assert np.mean(held) > 0.90  # 144 intervals of 95%, correlated within a survey


def test_surveys_without_a_link_seldom_show_one():
    shown = []
    for seed in range(40):
        survey = choice_survey(seed, without=NO_LINK)
        shown.append(link_p(fit_exits(survey, joint_resample(survey, draws=4)), (0, 1, 2, 3)) < 0.05)
    assert sum(shown) <= 5  # of 40 at 5%: more than five in 1% of the runs


def test_the_score_of_an_organisation_is_the_weighted_mean_of_its_respondents():
    survey = choice_survey(2, 60)
    firms, scores = survey_organisations(survey), respondent_scores(survey)
    place = 7
    rows = (survey.choice.organisations == firms.codes[place]) & ~np.isnan(scores[:, 1])
    assert firms.x[place, 1] == pytest.approx(np.average(scores[rows, 1], weights=survey.weights[rows]))
    assert firms.w[place] == pytest.approx(survey.weights[survey.choice.organisations == firms.codes[place]].mean())


def test_a_score_needs_half_of_the_questions():
    frame = vecht_survey(np.random.default_rng(2), 60)
    columns = list(SCALES["product"])
    frame.loc[0, columns[:2]] = np.nan
    frame.loc[1, columns[:3]] = np.nan
    frame.loc[:1, columns[2:]] = frame.loc[:1, columns[2:]].fillna(5.0)
    frame.loc[1, columns[2]] = np.nan
    scores = respondent_scores(survey_of(frame))[:, 0]
    assert scores[0] == pytest.approx(frame.loc[0, columns[2:]].mean())
    assert np.isnan(scores[1])


def test_weights_count_by_their_ratios_only():
    survey = choice_survey(3)
    heavy = replace(survey, weights=survey.weights * 7.0)
    one, other = (exit_choice(s, joint_resample(s, draws=20)) for s in (survey, heavy))
    numbers = one.effects.select_dtypes("number")
    assert numbers.to_numpy() == pytest.approx(other.effects[numbers.columns].to_numpy(), rel=1e-7, nan_ok=True)
    assert one.p == pytest.approx(other.p, rel=1e-6)


def test_writing_every_respondent_down_twice_changes_nothing():
    survey = choice_survey(3)
    twice = np.repeat(np.arange(survey.base), 2)
    plan = survey.choice
    double = replace(
        survey,
        answers=survey.answers.loc[twice].reset_index(drop=True),
        weights=survey.weights[twice],
        clusters=survey.clusters[twice],
        choice=replace(plan, decisions=plan.decisions[twice], organisations=plan.organisations[twice]),
    )
    one, other = (exit_choice(s, joint_resample(s, draws=20)) for s in (survey, double))
    for name in ("effects", "profile", "contrasts"):
        numbers = getattr(one, name).select_dtypes("number")
        found = getattr(other, name)[numbers.columns].to_numpy()
        assert numbers.to_numpy() == pytest.approx(found, rel=1e-6, abs=1e-9, nan_ok=True), name


def test_errors_are_cluster_robust_as_a_multinomial_logit_of_organisations_has_them():
    import statsmodels.api as sm

    survey = choice_survey(3)
    survey = replace(survey, weights=np.ones(survey.base), weighted=False)
    found = exit_choice(survey, joint_resample(survey, draws=20))
    firms = found.model.firms
    theirs = sm.MNLogit(firms.y, sm.add_constant(firms.x)).fit(disp=0, cov_type="HC0")
    units = len(np.unique(survey.clusters))
    errors = found.model.fitted.error / np.sqrt(units / (units - 1))
    assert found.model.theta == pytest.approx(np.asarray(theirs.params).T, rel=1e-5, abs=1e-7)
    assert errors == pytest.approx(np.asarray(theirs.bse).T.ravel(), rel=1e-4)


def test_each_respondent_is_an_organisation_where_there_are_no_clusters():
    rng = np.random.default_rng(5)
    frame = vecht_survey(rng).drop_duplicates("organisation").reset_index(drop=True)
    survey = replace(survey_of(frame), clusters=None)
    found = exit_choice(survey, joint_resample(survey, draws=50))
    assert found.base <= found.organisations + found.undecided
    assert found.scales["agreement"].isna().all()
    assert "lies between organisations" not in said(found)


def test_effects_add_up_to_nothing_and_shares_to_one(sample):
    _, found = sample
    sums = found.effects.groupby("label", sort=False)["decision_effect"].sum()
    assert sums.to_numpy() == pytest.approx(0.0, abs=1e-12)
    shares = found.contrasts.groupby(["decision", "other_decision"])["decision_share"].sum()
    assert shares.to_numpy() == pytest.approx(1.0)
    assert found.decisions["organisation_share"].sum() == pytest.approx(1.0)


def test_a_decision_that_few_took_is_refused_with_the_number_that_is_needed():
    survey = choice_survey(3)
    plan = survey.choice
    rare = np.where(plan.decisions == 2, np.where(np.arange(survey.base) % 9, 0, 2), plan.decisions)
    first = np.unique(survey.clusters, return_index=True)[1]
    one_each = rare[first][survey.clusters]
    with pytest.raises(EstimationError, match=f"needs {EVENTS_PER_COLUMN * 6}"):
        exit_choice(replace(survey, choice=replace(plan, decisions=one_each)), joint_resample(survey, draws=10))


def test_few_organisations_are_said():
    survey = choice_survey(3, 260)
    found = exit_choice(survey, joint_resample(survey, draws=20))
    assert "effects may be told somewhat too large" in said(found)


def test_decisions_that_the_scales_tell_apart_are_refused():
    survey = choice_survey(3)
    firms = survey_organisations(survey)
    told = np.digitize(firms.x[:, 0], np.nanquantile(firms.x[:, 0], [0.3, 0.6]))
    plan = replace(survey.choice, decisions=told[survey.clusters])
    with pytest.raises(EstimationError, match="separate"):
        exit_choice(replace(survey, choice=plan), joint_resample(survey, draws=10))


def test_a_scale_on_which_all_agree_is_refused_by_name():
    frame = vecht_survey(np.random.default_rng(3)).assign(**dict.fromkeys(SCALES["product"], 7.0))
    survey = survey_of(frame)
    with pytest.raises(EstimationError, match="one value on product"):
        exit_choice(survey, joint_resample(survey, draws=10))


def test_a_survey_without_decisions_is_refused():
    survey = replace(choice_survey(3, 50), choice=None)
    with pytest.raises(EstimationError, match=r"Add \[choice\]"):
        exit_choice(survey, joint_resample(survey, draws=10))


def test_a_scale_without_anything_in_common_is_named():
    frame = vecht_survey(np.random.default_rng(3))
    rng = np.random.default_rng(1)
    frame = frame.assign(**{c: rng.integers(1, 11, len(frame)).astype(float) for c in SCALES["product"]})
    found = exit_choice(survey_of(frame), joint_resample(survey_of(frame), draws=20))
    assert "The questions of product have little in common" in said(found)


def test_the_early_warning_names_organisations_with_enough_respondents_that_have_yet_to_decide(sample):
    survey, found = sample
    warning = early_warning(found, survey)
    undecided = set(survey.choice.organisations[survey.choice.decisions < 0])
    assert warning.useful
    assert set(warning.table["organisation"]) <= undecided
    assert warning.table["respondents"].min() >= 3
    assert len(warning.table) + warning.few == len(undecided)
    chances = warning.table["switch_chance"] + warning.table["backsource_chance"]
    assert chances.to_numpy() == pytest.approx(warning.table["exit_chance"].to_numpy())
    assert warning.table["exit_chance"].is_monotonic_decreasing
    shown = table(warning).rows
    assert len(shown) == warning.table["warned"].sum() < len(warning.table)


def test_the_early_warning_says_why(sample):
    survey, found = sample
    rows = early_warning(found, survey).table
    first = rows[rows["likely_exit"] == "backsource"].iloc[0]
    assert first["pull"] in ("Productkwaliteit", "Servicekwaliteit")
    firms, model = found.model.everyone, found.model
    place = int(np.flatnonzero(firms.codes == first["organisation"])[0])
    mean = np.average(model.firms.x[:, :4], axis=0, weights=model.firms.w)
    pulls = model.theta[1, 1:5] * (firms.x[place, :4] - mean)
    assert first["pull"] == model.names[int(pulls.argmax())]


def test_chances_foretold_for_the_undecided_come_true():
    frame = vecht_survey(np.random.default_rng(8), 3000)
    survey = survey_of(frame)
    plan = survey.choice
    hidden = np.isin(survey.clusters, np.arange(0, survey.clusters.max(), 2))
    masked = replace(survey, choice=replace(plan, decisions=np.where(hidden, -1, plan.decisions)))
    found = exit_choice(masked, joint_resample(masked, draws=20))
    rows = early_warning(found, masked).table.set_index("organisation")
    decided = pd.Series(plan.decisions, index=plan.organisations).groupby(level=0).first()
    outcome = decided[rows.index].to_numpy()
    known = outcome >= 0
    for bound in (0.2, 0.4, 0.6, 0.8):
        near = known & (np.abs(rows["exit_chance"] - bound) < 0.1).to_numpy()
        left = (outcome[near] > 0).mean()
        assert left == pytest.approx(rows["exit_chance"][near].mean(), abs=4 * np.sqrt(0.25 / near.sum()))


def test_where_nobody_has_yet_to_decide_those_who_stayed_are_listed():
    survey = choice_survey(9)
    kept = survey.rows(survey.choice.decisions >= 0)
    warning = early_warning(exit_choice(kept, joint_resample(kept, draws=100)), kept)
    assert warning.stayers
    assert "none has yet to decide" in said(warning)


def test_picture_and_tables_have_every_scale_and_decision(sample):
    _, found = sample
    figure = plot(found, Language("nl"))
    assert len(figure.axes) == 2
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == list(NAMES)
    assert len(table(found).rows) == 18
    assert len(contrast_table(found, Language("nl")).rows) == 12
