import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from core.samples import answers
from drivers import driver_importance, driver_robustness, explain, joint_resample, missing_sensitivity, plot, table
from drivers.analyses.basis import linear_basis
from drivers.analyses.screens import ScreeningRules, respondent_screens
from drivers.core.dominance import general_dominance
from drivers.core.moments import Moments
from drivers.core.sensitivity import HiddenCause, adjusted_estimate, benchmark_cause, partial_strengths
from drivers.present.language import Language
from drivers.survey.survey import Survey
from made_surveys import drawn, made_survey, made_weights, repeated_draw, with_answers, with_weights

pytestmark = pytest.mark.filterwarnings("ignore::drivers.errors.DriversWarning")


def robustness(survey, draws=50, **known):
    return driver_robustness(survey, joint_resample(survey, draws=draws), **known)


def said(result):
    return " ".join(Language().say(line) for line in explain(result))


def framed(x, y, **keys):
    frame = pd.DataFrame(x, columns=[f"d{j}" for j in range(x.shape[1])]).assign(csat=y)
    return Survey.from_frame(frame, "csat", **keys)


def of(result, variant, left_out=""):
    rows = result.variants[(result.variants["variant"] == variant) & (result.variants["left_out"] == left_out)]
    return rows.set_index("driver")["share"]


def complete(survey):
    return survey.answers[[*survey.controls, *survey.drivers, survey.outcome]].to_numpy()


def lmg(survey, w, z=None):
    moments = Moments.from_rows(linear_basis(survey).names, complete(survey) if z is None else z, w)
    worth = general_dominance(moments.cross, controls=len(survey.controls))
    return worth / worth.sum()


# hidden causes


def test_robustness_values_of_attitude_are_those_of_sensemakr():
    names, z = answers("attitude")
    survey = Survey.from_frame(pd.DataFrame(z, columns=names), "rating")
    row = robustness(survey).table.set_index("driver").loc["complaints"]
    assert row["partial_r_squared"] == pytest.approx(0.3868076082, abs=1e-10)
    assert row["robustness_value"] == pytest.approx(0.539165126, abs=1e-9)


def test_whether_an_effect_is_shown_follows_the_errors_of_the_report():
    """A simple sample has HC3 errors: at the value where an effect is just shown, its t is that of R's formula."""
    survey = made_survey(tenure=False)
    fit = sm.OLS(survey.answers["csat"], sm.add_constant(survey.answers[list(survey.drivers)])).fit(cov_type="HC3")
    row = robustness(survey).table.set_index("driver").loc["d0"]
    strength, degrees = row["robustness_value_shown"], fit.df_resid
    classical = sm.OLS(survey.answers["csat"], sm.add_constant(survey.answers[list(survey.drivers)])).fit()
    cause = HiddenCause(np.array(strength), np.array(strength))
    left = adjusted_estimate(classical.params["d0"], classical.bse["d0"], degrees, cause)
    inflated = left.error * fit.bse["d0"] / classical.bse["d0"]
    assert left.value / inflated == pytest.approx(float(stats.t.isf(0.025, degrees - 1)), abs=1e-8)


def test_the_value_of_an_effect_does_not_depend_on_the_design_but_whether_it_is_shown_does():
    survey = made_survey(tenure=False)
    units = np.repeat(np.arange(150), 2)
    twice = replace(
        survey,
        answers=pd.concat([survey.answers.iloc[:150]] * 2).sort_index().reset_index(drop=True),
        clusters=units,
    )
    alone = replace(survey, answers=survey.answers.iloc[:150].reset_index(drop=True), weights=np.ones(150))
    a, b = (robustness(s).table.set_index("driver") for s in (alone, twice))
    np.testing.assert_allclose(a["robustness_value"], b.loc[a.index, "robustness_value"], atol=1e-10)
    simple = robustness(replace(twice, clusters=None)).table.set_index("driver")
    assert (simple.loc["d0", "robustness_value_shown"] > b.loc["d0", "robustness_value_shown"] + 0.01).all()
    assert b.loc["d0", "robustness_value_shown"] == pytest.approx(a.loc["d0", "robustness_value_shown"], abs=0.02)


def test_weights_count_by_their_ratios_only_and_as_copies_of_respondents():
    w = np.random.default_rng(3).integers(1, 4, size=300)
    survey = made_survey(tenure=False)
    one, three = (robustness(with_weights(survey, w * k)).table for k in (1.0, 3.0))
    pd.testing.assert_frame_equal(one, three, rtol=1e-8)
    z = np.repeat(complete(survey), w, axis=0)
    copies = partial_strengths(Moments.from_rows(tuple("abcd"), z, np.ones(len(z))).cross)
    np.testing.assert_allclose(one.set_index("driver").loc[list(survey.drivers), "partial_r_squared"], copies.outcome)


def test_what_a_cause_like_a_measured_driver_leaves_is_the_worst_of_them_in_sample_and_draw():
    survey = made_survey(tenure=False)
    resample = repeated_draw(survey)
    result = driver_robustness(survey, resample)
    row = result.table.set_index("driver").loc["d1"]
    for w, expected in ((np.ones(300), "left_effect"), (drawn(survey, resample), "left_effect_low")):
        found = partial_strengths(Moments.from_rows(tuple("abcd"), complete(survey), w).cross)
        left = [
            adjusted_estimate(
                found.slope[1], found.scale[1] / 10, 100, benchmark_cause(found.between[1, j], found.outcome[j])
            ).value
            for j in (0, 2)
        ]
        assert row[expected] == pytest.approx(min(left), abs=1e-9)
    assert row["benchmark"] == "d0"
    assert (result.bounds["times"].unique() == [1, 2, 3]).all()
    once = result.bounds[(result.bounds["driver"] == "d1") & (result.bounds["times"] == 1)].iloc[0]
    assert once["left_effect"] == row["left_effect"]


def test_stronger_causes_leave_less():
    bounds = robustness(made_survey(tenure=False)).bounds
    left = bounds[bounds["driver"] == "d0"].sort_values("times")["left_effect"].to_numpy()
    assert (np.diff(left) < 0).all()


def hidden(own, strength, seed, n=4000):
    """Satisfaction that a hidden cause, as strong (partial R²) on driver d0 as on it, moves beside `own` of d0."""
    rng = np.random.default_rng(seed)
    z, x, e = rng.normal(size=(3, n))
    root = np.sqrt(strength)
    d = root * z + np.sqrt(1 - strength) * rng.normal(size=n)
    rest = np.sqrt(1 - strength)  # what d leaves of z has this spread: then z explains `strength` of the rest of y
    pull = np.sqrt(strength / (1 - strength)) / rest
    return framed(np.column_stack([d, x]), own * d + 0.8 * x + pull * z + e)


@pytest.mark.parametrize("strength", [0.1, 0.3])
def test_a_hidden_cause_that_is_the_whole_effect_is_as_strong_as_the_robustness_value(strength):
    found = [robustness(hidden(0.0, strength, seed), 2).table.set_index("driver").loc["d0"] for seed in range(10)]
    values = np.array([row["robustness_value"] for row in found])
    assert values.mean() == pytest.approx(strength, abs=0.015)  # ten seeds: error about 0.005


@pytest.mark.parametrize(("own", "above"), [(0.3, True), (-0.2, False)])
def test_a_real_effect_needs_a_stronger_cause_and_one_that_a_cause_has_turned_a_weaker(own, above):
    """With an effect of its own the value lies above the true strength of the cause, against it below."""
    found = [robustness(hidden(own, 0.3, seed), 2).table.set_index("driver").loc["d0"] for seed in range(10)]
    assert all((row["robustness_value"] > 0.3) == above for row in found)


def flagged(own, seed, n=1000):
    """Is a driver fragile that has this effect of its own, and a hidden cause just like the measured d1 behind it?"""
    rng = np.random.default_rng(seed)
    measured, cause, e = rng.normal(size=(3, n))
    d = 0.8 * measured + 0.8 * cause + rng.normal(size=n)
    survey = framed(np.column_stack([d, measured]), own * d + 0.8 * measured + 0.8 * cause + e)
    return robustness(survey, 100).table.set_index("driver").loc["d0", "fragile"]


def test_an_effect_that_a_cause_like_a_measured_driver_made_is_flagged():
    assert all(flagged(0.0, seed) for seed in range(12))


def test_an_effect_far_stronger_than_such_a_cause_makes_is_not_flagged():
    assert not any(flagged(3.0, seed) for seed in range(12))


def test_an_effect_that_is_not_shown_now_is_neither_firm_nor_fragile():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 2))
    result = robustness(framed(x, 2 * x[:, 0] + rng.normal(size=200)))
    row = result.table.set_index("driver").loc["d1"]
    assert row["fragile"] is None
    assert row["robustness_value_shown"] == 0.0


# other ways of computing


def test_a_driver_left_out_leaves_the_shares_of_a_regression_without_it():
    survey = made_survey()
    result, w = robustness(survey), np.ones(300)
    moments = Moments.from_rows(linear_basis(survey).names, complete(survey), w)
    whole = general_dominance(moments.cross, controls=1).sum()
    for gone in survey.drivers:
        kept = [d for d in survey.drivers if d != gone]
        cross = moments.select((*survey.controls, *kept, "csat")).cross
        shares = general_dominance(cross, controls=1) / whole
        np.testing.assert_allclose(of(result, "without_driver", gone)[kept], shares, atol=1e-12)


def test_a_driver_left_out_keeps_its_place():
    result = robustness(made_survey(600))
    without = result.variants[result.variants["left_out"] == "d0"].set_index("driver")
    assert without["rank"].to_dict() == {"d1": 2, "d2": 3}
    assert result.ways.set_index("left_out").loc["d0", "same_leader"] is None
    assert result.leader_stays == result.leader_ways == len(result.ways) - 1


def test_without_weights_and_without_outliers_are_those_regressions():
    rng = np.random.default_rng(8)
    survey = with_weights(made_survey(400), made_weights(400))
    wild = rng.integers(1, 11, size=(40, 3)).astype(float)
    answers_ = survey.answers.copy()
    answers_.loc[:39, list(survey.drivers)] = wild
    survey = replace(survey, answers=answers_)
    result = robustness(survey, minimum_base=1)
    counted = (survey.weights > 0).astype(float)
    np.testing.assert_allclose(of(result, "unweighted"), lmg(survey, counted), atol=1e-10)
    flags = {s.name: s.flags for s in respondent_screens(survey, ScreeningRules())}["outliers"]
    assert flags.any()
    np.testing.assert_allclose(of(result, "without_outliers"), lmg(survey, survey.weights * ~flags), atol=1e-10)
    left = result.ways.set_index("variant").loc["without_outliers", "base"]
    assert left == ((survey.weights > 0) & ~flags).sum()


def test_shares_without_a_small_group_are_told_in_whole_percents():
    survey = made_survey(400, slopes=(0.5, 0.3, 0.1, 0.0, 0.0))
    answers_ = survey.answers.copy()
    answers_.loc[:4, list(survey.drivers)] = 9.0
    survey = replace(survey, answers=answers_)
    coarse, fine = (of(robustness(survey, minimum_base=m), "without_straightliners") for m in (400, 1))
    np.testing.assert_array_equal(coarse, np.round(fine, 2))
    assert not np.allclose(coarse, fine, atol=1e-6)


def test_a_way_in_which_nobody_stands_out_is_not_told():
    result = robustness(made_survey(tenure=False))
    assert set(result.ways["variant"]) == {"without_driver", "relative_weights"}


@pytest.mark.parametrize("policy", ["complete", "available", "imputed", "not_applicable"])
def test_every_other_policy_for_missing_answers_is_a_way(policy):
    rng = np.random.default_rng(1)
    survey = made_survey(300, tenure=False)
    holes = survey.answers.mask(rng.random(survey.answers.shape) < 0.15)
    survey = replace(survey, answers=holes.assign(csat=survey.answers["csat"]), missing_policy=policy)
    resample = joint_resample(survey, draws=40)
    result, missing = driver_robustness(survey, resample), missing_sensitivity(survey, resample)
    others = {f"policy_{p}" for p in missing.policies["policy"]} - {f"policy_{policy}"}
    assert {w for w in result.ways["variant"] if w.startswith("policy")} == others
    for way in others:
        rows = missing.table[missing.table["policy"] == way.removeprefix("policy_")].set_index("driver")["share"]
        np.testing.assert_allclose(of(result, way), rows.loc[list(survey.drivers)])
    assert np.isfinite(result.table["robustness_value"]).all()
    assert result.table["left_effect"].notna().all()


def test_relative_weights_are_those_of_the_report_and_ranges_hold_every_way():
    survey = made_survey()
    resample = joint_resample(survey, draws=40)
    importance = driver_importance(survey, resample)
    result = driver_robustness(survey, resample, importance=importance)
    reported = importance.table.set_index("driver")
    np.testing.assert_allclose(
        of(result, "relative_weights"), reported.loc[list(survey.drivers), "relative_weight"], atol=1e-12
    )
    rows = result.table.set_index("driver")
    for driver, shares in result.variants.groupby("driver")["share"]:
        assert rows.loc[driver, "share_least"] == pytest.approx(min(shares.min(), rows.loc[driver, "share"]))
        assert rows.loc[driver, "share_most"] == pytest.approx(max(shares.max(), rows.loc[driver, "share"]))
    pd.testing.assert_series_equal(rows["share"], reported["share"])


def test_drivers_beyond_the_most_are_not_left_out_in_turn_and_the_method_says_so(monkeypatch):
    for module in ("variants", "robustness"):
        monkeypatch.setattr(f"drivers.analyses.{module}.MOST_LEFT_OUT", 2)
    result = robustness(made_survey())
    assert "without_driver" not in set(result.ways["variant"])
    assert "too many to leave each out" in str(result.method)
    assert "comes first in the other way too" in said(result)


def test_two_twins_are_as_robust_as_either_alone():
    survey = made_survey()
    twins = with_answers(survey, d1=survey.answers["d0"])
    result, alone = robustness(twins), robustness(replace(twins, drivers=tuple(d for d in twins.drivers if d != "d1")))
    rows, own = result.table.set_index("driver"), alone.table.set_index("driver")
    assert "d0" not in rows.index
    for column in ("share", "robustness_value", "rank_worst"):
        assert rows.loc["d0 + d1", column] == pytest.approx(own.loc["d0", column])
    assert result.leader_stays == result.leader_ways


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_constant_drivers_perfect_fits_and_single_drivers_have_an_outcome():
    survey = made_survey(tenure=False)
    for odd in (
        with_answers(survey, d2=5.0),
        with_answers(survey, csat=survey.answers["d0"] + survey.answers["d1"]),
        made_survey(60, slopes=(0.5,)),
        made_survey(9),
    ):
        result = robustness(odd)
        assert result.table["robustness_value"].between(0, 1).all()
        assert explain(result)
        assert table(result).rows
        plot(result)


# words


def test_a_first_place_that_holds_everywhere_is_said_to_hold():
    text = said(robustness(made_survey(600)))
    assert "The first place of d0 does not depend on how it is computed" in text
    assert "The first three are the same, in the same order" in text
    assert "not whether there is one" in text


def test_another_first_driver_is_named_with_where():
    """Two drivers that overlap share their credit; without the one the other rises above the first."""
    rng = np.random.default_rng(4)
    common, own, e = rng.normal(size=(3, 800))
    x = np.column_stack([own, common + 0.3 * rng.normal(size=800), common + 0.3 * rng.normal(size=800)])
    result = robustness(framed(x, 1.0 * own + 0.5 * x[:, 1] + 0.5 * x[:, 2] + e))
    assert result.leader == "d0"
    assert result.leader_stays < result.leader_ways
    text = said(result)
    assert "The first place of d0 depends on how it is computed" in text
    assert "d1 comes first if d2 had not been asked." in text
    assert "d2 comes first if d1 had not been asked." in text


def test_a_first_place_by_chance_is_not_called_firm_without_saying_so():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(150, 2))
    text = said(robustness(framed(x, x @ [0.5, 0.49] + rng.normal(size=150)), 200))
    assert "Chance is another matter" in text


def test_overlap_with_the_benchmark_is_said_to_allow_anything():
    rng = np.random.default_rng(1)
    common = rng.normal(size=500)
    x = common[:, None] + 0.4 * rng.normal(size=(500, 2))
    assert "overlap so much" in said(robustness(framed(x, x @ [0.5, 0.4] + 0.5 * rng.normal(size=500))))


def test_where_many_draws_allow_no_such_cause_there_is_no_interval_and_the_effect_is_fragile():
    rng = np.random.default_rng(3)
    common = rng.normal(size=(200, 1))
    x = common + rng.normal(size=(200, 2))
    x = (x - x.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(x, rowvar=False)).T)
    x = np.column_stack([x[:, 0], np.sqrt(0.48) * x[:, 0] + np.sqrt(0.52) * x[:, 1]])  # partial R² of 0.48
    result = robustness(framed(x, x @ [1.0, 0.2] + 0.5 * rng.normal(size=200)), 200)
    row = result.table.iloc[0]
    assert np.isfinite(row["left_effect"])
    assert np.isnan(row["left_effect_low"])
    assert row["fragile"]
    assert "overlap so much" in said(result)


def test_a_fragile_effect_is_named():
    rng = np.random.default_rng(1)
    measured, cause, e = rng.normal(size=(3, 1000))
    d = 0.8 * measured + 0.8 * cause + rng.normal(size=1000)
    survey = framed(np.column_stack([d, measured]), 0.8 * measured + 0.8 * cause + e)
    result = robustness(survey)
    assert result.table.iloc[0]["driver"] == "d0"
    assert "would not be shown any more" in said(result)


def test_the_picture_is_the_same_each_time_and_the_table_has_every_driver():
    from drivers.present.style import svg_text

    result = robustness(made_survey())
    assert svg_text(plot(result), "a") == svg_text(plot(result), "a")
    printed = table(result, Language("nl"))
    assert [row[0] for row in printed.rows] == list(result.table["label"])
    assert len({len(printed.headers), *(len(row) for row in printed.rows)}) == 1


def test_no_warning_is_given_when_importance_is_known():
    survey = made_survey()
    resample = joint_resample(survey, draws=20)
    importance = driver_importance(survey, resample)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        driver_robustness(survey, resample, importance=importance)
