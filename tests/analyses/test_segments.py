"""Groups of customers: the numbers of each are its own, and differences are said only where they are shown."""

import warnings
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from drivers.analyses.basis import joint_resample, linear_basis
from drivers.analyses.equality import ALL, MEAN, equality_tests, slopes_in_groups
from drivers.analyses.findings import client_findings
from drivers.analyses.grouping import customer_groups
from drivers.analyses.importance import driver_importance
from drivers.analyses.reasons import UNRANKED
from drivers.analyses.segments import segment_importance
from drivers.core.multiplicity import adjusted_p
from drivers.errors import DriversWarning, EstimationError
from drivers.present.language import Language
from drivers.present.sections import section
from drivers.present.segments import groups_lines
from drivers.present.verbs import explain, plot, table
from drivers.survey.segments import segmented_survey
from drivers.survey.survey import Survey
from made_surveys import made_client, made_survey, made_weights, with_answers, with_weights

ENGLISH = Language()


def grouped(survey, groups):
    return segmented_survey(survey, pd.DataFrame({"group": groups}), ["group"])


def letters(n, seed=5, k=3):
    return np.random.default_rng(seed).choice(list("ABCDEFGHIJ")[:k], n)


def found_of(survey, draws=200, **keys):
    return segment_importance(survey, "group", joint_resample(survey, draws=draws), **keys)


def said(result, code="en"):
    return " ".join(Language(code).say(line) for line in explain(result))


@pytest.mark.parametrize("weighted", [False, True])
def test_the_numbers_of_a_group_are_those_of_a_survey_of_it_alone(weighted):
    survey = made_survey(900, seed=2)
    survey = with_weights(survey, made_weights(900)) if weighted else survey
    survey = grouped(survey, letters(900))
    found = found_of(survey)
    for name in "ABC":
        alone = survey.rows(survey.segments["group"].codes == "ABC".index(name))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DriversWarning)
            own = driver_importance(alone, draws=20).table.set_index("driver")
        rows = found.table[found.table["segment_group"] == name].set_index("driver")
        for column in ("share", "slope", "rank"):
            np.testing.assert_allclose(rows[column], own.loc[rows.index, column], rtol=1e-9)
        # HC3; weighted ones leave out one less the leverage there
        np.testing.assert_allclose(
            rows["slope_high"] - rows["slope_low"],
            (own["slope_high"] - own["slope_low"])[rows.index],
            rtol=0.06 if weighted else 0.01,
        )
        mean = np.average(alone.answers["csat"], weights=alone.weights)
        assert found.groups.set_index("segment_group").loc[name, "mean_satisfaction"] == pytest.approx(mean)


def test_the_interval_of_a_difference_is_taken_on_the_joint_draws():
    survey = grouped(made_survey(400, seed=3), letters(400, k=2))
    resample = joint_resample(survey, draws=99)
    found = segment_importance(survey, "group", resample)
    basis, codes = linear_basis(survey), survey.segments["group"].codes
    gaps = []
    for b in range(99):
        w = resample.weightings(survey.weights, b, b + 1)[0]
        shares = []
        for g in (0, 1):
            moments = type(basis.moments).from_rows(basis.names, basis.z[codes == g], w[codes == g])
            own = basis.dominance(moments)
            shares.append(own / own.sum())
        gaps.append(shares[0] - shares[1])
    ordered = np.sort(gaps, axis=0)
    row = found.differences.set_index("driver").loc["d0"]
    # (99 + 1) * 0.025 = 2.5: between the second and the third
    assert ordered[1, 0] <= row["difference_low"] <= ordered[2, 0]
    assert ordered[96, 0] <= row["difference_high"] <= ordered[97, 0]


@cache
def false_alarms(kind, seeds):
    """Share of surveys without a difference in which some test says that there is one."""
    hits = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        survey = made_survey(450, slopes=(0.4, 0.2, 0.1, 0.0), seed=seed, tenure=False)
        if kind != "simple":
            survey = with_weights(survey, rng.choice([0.5, 1.0, 2.0], 450))
        if kind == "clusters":
            unit = np.arange(450) // 3
            survey = with_answers(survey, csat=survey.answers["csat"] + rng.normal(size=150)[unit])
            survey = replace(survey, clusters=unit)
        survey = grouped(survey, letters(450, seed=seed))
        basis = linear_basis(survey)
        groups = customer_groups(basis, survey.segments["group"], 30)
        hits.append(equality_tests(slopes_in_groups(basis, groups), basis.drivers)["shown"].any())
    return float(np.mean(hits))


@pytest.mark.parametrize("kind", ["simple", "weights", "clusters"])
def test_where_nothing_differs_a_difference_is_said_in_at_most_one_of_twenty(kind):
    # 250 seeds: 5% has a Monte-Carlo error of 1.4 points there, so up to two of those above it
    assert false_alarms(kind, 250) <= 0.05 + 2 * 0.014


def differing(seed, size=0.35):
    survey = made_survey(900, seed=seed, tenure=False)
    groups = letters(900, seed=seed)
    moved = survey.answers["csat"] + np.where(groups == "C", size, 0) * (survey.answers["d2"] - 6)
    return grouped(with_answers(survey, csat=moved), groups)


def test_a_real_difference_is_found_and_its_driver_named():
    named = [found_of(differing(seed), draws=20).differing for seed in range(20)]
    assert sum("d2" in names for names in named) >= 18
    assert sum(set(names) - {"d2"} != set() for names in named) <= 2


def test_a_difference_is_said_with_its_pair_and_interval():
    found = found_of(differing(1))
    pairs = found.differences.set_index(["driver", "segment_group", "other_group"])
    assert pairs.loc[("d2", "A", "C"), "shown"]
    assert not pairs.loc["d0", "shown"].any()
    assert pairs.loc[("d2", "A", "C"), "slope_difference_high"] < 0
    text = said(found)
    assert "what differs is the effect of d2" in text
    assert "One point more on d2 goes with" in text
    assert "no difference is shown" not in text
    assert "d0" not in text


def test_no_difference_is_said_with_how_large_one_must_be_to_be_shown():
    found = found_of(grouped(made_survey(600, seed=4), letters(600)))
    assert found.differing == ()
    text = said(found)
    assert "no difference is shown" in text
    assert "does not prove" in text
    assert "geen verschil aangetoond" in said(found, "nl")
    assert 0.05 < found.detectable < 0.5


def test_a_difference_of_the_detectable_size_is_shown_in_about_four_of_five():
    size = found_of(differing(0, 0.0), draws=20).detectable
    shown = [
        not found_of(differing(seed, size), draws=20).tests.set_index("test").loc["d2", "shown"] for seed in range(60)
    ]
    assert 1 - np.mean(shown) == pytest.approx(0.85, abs=0.15)  # two pairs have it, which adds to the chance


def test_means_that_differ_are_said():
    survey, groups = made_survey(600, seed=4), letters(600)
    moved = with_answers(survey, csat=survey.answers["csat"] + np.where(groups == "B", 1.0, 0.0))
    found = found_of(grouped(moved, groups))
    assert found.tests.set_index("test").loc[MEAN, "shown"]
    assert found.differing == ()
    assert "highest in B" in said(found)


def test_p_values_allow_for_the_tests_and_the_columns():
    survey = grouped(made_survey(600, seed=4), letters(600))
    one, three = (found_of(survey, columns=k).tests for k in (1, 3))
    p, adjusted = one["p_value"].to_numpy(), one["p_adjusted"].to_numpy()
    order = np.argsort(p)
    brute = np.minimum(np.maximum.accumulate(p[order] * (len(p) - np.arange(len(p)))), 1)
    np.testing.assert_allclose(adjusted[order], brute)
    np.testing.assert_allclose(three["p_adjusted"], np.minimum(3 * adjusted, 1))
    assert list(one["test"]) == [MEAN, ALL, "d0", "d1", "d2"]


def sizes(*counts):
    return np.repeat(list("ABCDEF")[: len(counts)], counts)


def test_a_hidden_group_cannot_be_worked_out_from_the_total():
    survey = grouped(made_survey(700, seed=1), sizes(300, 200, 180, 20))
    found = found_of(survey)
    groups = found.groups.set_index("segment_group")
    assert list(groups.index[groups["suppressed"]]) == ["C", "D"]  # the smallest of the others goes with it
    assert groups.loc[["C", "D"], ["base", "mean_satisfaction", "explained"]].isna().all(axis=None)
    assert set(found.table["segment_group"]) == {"A", "B"}
    assert "fewer than 30" in str(groups.loc["D", "reason"])
    assert "worked out" in str(groups.loc["C", "reason"])
    printed = " ".join(" ".join(row) for row in table(found).rows)
    assert "180" not in printed
    assert "C" not in table(found).headers


def test_two_groups_that_are_too_few_together_take_a_third_with_them():
    found = found_of(grouped(made_survey(500, seed=1), sizes(200, 180, 100, 12, 8)))
    groups = found.groups.set_index("segment_group")
    assert list(groups.index[groups["suppressed"]]) == ["C", "D", "E"]


def test_two_small_groups_of_enough_people_together_hide_nobody_else():
    found = found_of(grouped(made_survey(500, seed=1), sizes(250, 205, 25, 20)))
    groups = found.groups.set_index("segment_group")
    assert list(groups.index[groups["suppressed"]]) == ["C", "D"]


def test_a_group_too_small_for_its_drivers_shows_its_mean_but_no_drivers():
    found = found_of(grouped(made_survey(500, seed=1), sizes(235, 230, 35)))
    row = found.groups.set_index("segment_group").loc["C"]
    assert (row["base"], row["suppressed"]) == (35, False)
    assert np.isfinite(row["mean_satisfaction"])
    assert "too few for 3 drivers" in str(row["reason"])
    assert "C" not in set(found.table["segment_group"])
    assert "Left out: C" in said(found)


def test_a_group_of_one_opinion_is_left_out_with_the_reason():
    survey, groups = made_survey(600, seed=1), sizes(200, 200, 200)
    flat = with_answers(survey, csat=survey.answers["csat"].where(groups != "B", 7.0))
    found = found_of(grouped(flat, groups))
    assert "same answer" in str(found.groups.set_index("segment_group").loc["B", "reason"])


def test_a_driver_that_never_varies_in_a_group_has_no_slope_there_and_is_not_tested():
    survey, groups = made_survey(600, seed=1), sizes(200, 200, 200)
    flat = with_answers(survey, d1=survey.answers["d1"].where(groups != "B", 5.0))
    found = found_of(grouped(flat, groups))
    row = found.table.set_index(["driver", "segment_group"]).loc[("d1", "B")]
    assert np.isnan(row["slope"])
    assert row["share"] == pytest.approx(0, abs=1e-12)
    tests = found.tests.set_index("test")
    assert np.isnan(tests.loc["d1", "p_value"])
    assert tests.loc[ALL, "df_between"] == 4
    assert not tests.loc["d1", "shown"]


def test_twins_are_one_driver_in_every_group():
    survey = made_survey(600, seed=1)
    twins = with_answers(survey, d2=survey.answers["d1"])
    found = found_of(grouped(twins, letters(600))).table
    alone = found_of(grouped(replace(twins, drivers=tuple(d for d in twins.drivers if d != "d2")), letters(600))).table
    assert list(found["driver"].replace("d1 + d2", "d1")) == list(alone["driver"])
    np.testing.assert_allclose(found["slope"], alone["slope"], atol=1e-10)


@pytest.mark.parametrize("policy", ["imputed", "available", "not_applicable"])
def test_every_policy_for_missing_answers_compares_groups(policy):
    survey = made_survey(900, seed=6)
    holes = np.random.default_rng(0).random(900) < 0.2
    holed = with_answers(survey, d1=survey.answers["d1"].mask(holes))
    whole = found_of(grouped(survey, letters(900)))
    found = found_of(grouped(replace(holed, missing_policy=policy), letters(900)))
    np.testing.assert_allclose(found.table["slope"], whole.table["slope"], atol=0.12)  # two to three standard errors
    assert (found.table["slope_low"] < found.table["slope_high"]).all()
    assert found.differing == ()
    assert np.isfinite(found.tests["p_value"]).all()


@pytest.mark.parametrize(
    ("groups", "text"),
    [
        (np.repeat(np.arange(30), 10), "30 groups"),
        (sizes(300), "Fewer than two groups"),
        (sizes(280, 20), "Fewer than two groups"),
        ([""] * 300, "Fewer than two groups"),
    ],
)
def test_a_column_that_cannot_be_compared_is_refused_with_the_reason(groups, text):
    with pytest.raises(EstimationError, match=text):
        found_of(grouped(made_survey(300), groups))


def test_an_unknown_column_is_refused_with_those_there_are():
    with pytest.raises(EstimationError, match='no segments "region"; it has: group'):
        segment_importance(grouped(made_survey(300), letters(300)), "region")


def test_with_many_drivers_fewer_draws_serve_and_the_method_says_how_many():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(900, 16))
    frame = pd.DataFrame(x, columns=[f"d{j}" for j in range(16)]).assign(csat=x.sum(axis=1) + rng.normal(size=900))
    survey = grouped(Survey.from_frame(frame, "csat"), letters(900, k=2))
    found = segment_importance(survey, "group", joint_resample(survey, draws=500))
    assert found.draws == 300
    assert "300 joint resamples" in str(found.method)


def test_the_picture_marks_a_driver_that_differs_and_the_table_has_every_group():
    found = found_of(differing(1))
    labels = [t.get_text() for t in plot(found).axes[0].get_yticklabels()]
    assert [label for label in labels if "≠" in label] == ["d2 ≠"]
    printed = table(found)
    assert printed.headers[1:4] == ("A", "B", "C")
    assert len(printed.rows) == 2 + 3 + 1


def client_findings_of(survey, **columns):
    segmented = segmented_survey(survey, pd.DataFrame(columns), list(columns))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DriversWarning)
        return client_findings(segmented, made_client(survey))


def test_a_report_compares_every_column_and_names_one_that_cannot_be():
    survey = made_survey(900, seed=2)
    found = client_findings_of(survey, one=letters(900), two=letters(900, seed=6, k=2), three=np.arange(900))
    assert [result.segment for result in found.segments] == ["one", "two"]
    assert "groups" not in found.unanswered
    assert any("three divides the respondents into 900 groups" in str(notice) for notice in found.notices)
    p = found.segments[0].tests
    np.testing.assert_allclose(p["p_adjusted"], np.minimum(3 * adjusted_p(p["p_value"].to_numpy(), "holm"), 1))


def test_a_report_without_one_comparable_column_says_why():
    found = client_findings_of(made_survey(300, seed=2), one=np.arange(300))
    assert found.segments == ()
    assert "300 groups" in str(found.unanswered["groups"])


def test_no_groups_are_ranked_where_the_wrong_things_were_measured():
    survey = made_survey(900, slopes=(0.0, 0.0, 0.0), seed=2)
    found = client_findings_of(survey, one=letters(900))
    assert found.potential.verdict == "wrong_aspects"
    assert found.segments == ()
    assert found.unanswered["groups"] == UNRANKED["groups"]
    assert "no ranking of these aspects is drawn" in section(found, "groups")._repr_html_()


def test_a_report_shows_a_picture_where_something_differs_and_says_it_on_its_first_page():
    found = client_findings_of(differing(1), two=letters(900))
    shown = section(found, "groups")
    assert len(shown.pictures) == 1
    assert shown.lead.startswith("By group, satisfaction is not driven alike")
    assert shown.lead in section(found, "summary")._repr_html_()


def test_divisions_without_a_difference_are_told_once_together():
    found = client_findings_of(made_survey(900, seed=2), one=letters(900), two=letters(900, seed=6, k=2))
    assert not any(result.differing for result in found.segments)
    lines = [ENGLISH.say(line) for line in groups_lines(found.segments)]
    assert lines[0] == "By one and two, no difference is shown between the groups in what drives satisfaction."
    smallest, largest = sorted(f"{result.detectable:.2f}" for result in found.segments)
    assert f"some {smallest} to {largest} points" in lines[1]
    assert lines[2:] == ["That mean satisfaction differs by one and two is not shown."]


def test_a_division_with_a_difference_keeps_its_own_lines():
    found = client_findings_of(made_survey(900, seed=2), one=letters(900), two=letters(900, seed=6, k=2))
    alike, other = found.segments
    shown = other.tests["shown"] | (other.tests["test"] == other.table["driver"].iloc[0])
    differing = replace(other, tests=other.tests.assign(shown=shown))
    assert differing.differing
    assert groups_lines([alike, differing]) == [*explain(alike), *explain(differing)]
