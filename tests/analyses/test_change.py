"""Waves compared: truth found, the null twin not, and each number against another way to it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.oaxaca import OaxacaBlinder

from drivers import (
    change_decomposition,
    change_verdict,
    joint_resample,
    load_client,
    load_survey,
    plan_effect,
    rate_changes,
    wave_change,
    wave_pair,
)
from drivers.analyses.comparisons import client_change
from drivers.analyses.questions import Questions
from drivers.errors import EstimationError
from drivers.simulate import SEED, noordzee_survey
from drivers.simulate.aftermath import noordzee_change
from drivers.simulate.waves import KEPT
from made_waves import DRIVERS, later_wave, made_wave


@pytest.fixture(scope="module")
def truth():
    # 100,000 customers: the mix's part is known to about 0.01
    return noordzee_change(SEED, 100_000)


@pytest.fixture(scope="module")
def story(sample_folder, tmp_path_factory):
    """What is found in the sample client's file, and in its null twin: the same mix, and no plan."""
    folder = tmp_path_factory.mktemp("twin")
    text = (sample_folder / "client.toml").read_text(encoding="utf-8").replace("seed ", "draws = 200\nseed ", 1)
    (folder / "client.toml").write_text(text, encoding="utf-8")
    twin = noordzee_survey(np.random.default_rng(SEED), plan_works=False)
    twin.to_csv(folder / "twin.csv", index=False, float_format="%g")
    client = load_client(folder / "client.toml")
    found = {}
    for name, file in (("file", (sample_folder / "survey.csv").as_posix()), ("twin", "twin.csv")):
        (folder / "client.toml").write_text(text.replace("survey.csv", file), encoding="utf-8")
        client = load_client(folder / "client.toml")
        survey = load_survey(client, "2026")
        resample = joint_resample(survey, np.random.default_rng(client.seed), client.draws)
        asked = Questions(survey, client, resample)
        link = asked.loyalty() if name == "file" else None
        found[name] = client_change(asked, link, asked.value(link) if link else None)
    return found


def first(result):
    return result.table.iloc[0]


def within(truth, row, name):
    return row[f"{name}_low"] < truth < row[f"{name}_high"]


def test_the_change_of_the_sample_and_the_parts_of_plan_and_mix_hold_their_truth(story, truth):
    found = story["file"]
    assert within(truth.change, first(found.change), "mean_change")
    assert within(truth.plan, first(found.change), "same_mix_change")
    parts = found.decomposition.parts.set_index("change_part")
    assert within(truth.mix, parts.loc["by_mix"], "value")
    assert within(truth.plan, parts.loc["levels"], "value")
    assert found.decomposition.importance_p > 0.05
    assert found.verdict == "plan"


def test_the_plan_of_the_sample_did_what_it_did_to_those_whom_it_reached(story, truth):
    effect = story["file"].plan_effect
    assert effect.effect_low < truth.plan_reached < effect.effect_high
    assert effect.overall_low < truth.plan < effect.overall_high
    rows = effect.table.set_index("measure")
    for item, rise in truth.rises.items():
        assert within(rise, rows.loc[item], "plan_difference"), item
    moved = rows[(rows["measure_kind"] == "driver") & (rows["plan_p"] < 0.05)]
    assert set(moved.index) == set(truth.rises)
    assert effect.parallel is True


def test_the_retention_desk_of_the_sample_kept_twice_as_many(story):
    row = first(story["file"].rate_changes)
    assert within(KEPT[2026] - KEPT[2025], row, "rate_change")
    assert row["rate_change_low"] > 0


def test_the_plan_of_the_sample_is_worth_what_it_is(story, truth):
    assert within(truth.plan_value_a_year, first(story["file"].plan_worth), "plan_yearly")
    assert within(truth.plan_value, first(story["file"].plan_worth), "plan_total")


def test_satisfied_customers_are_worth_what_they_are_in_both_waves(story, truth):
    row = story["file"].loyalty_change.table.set_index("measure").loc["extra_yearly"]
    assert within(truth.extra_value_a_year, row, "value_after")


def test_the_null_twin_changes_as_much_by_its_mix_and_no_plan_is_shown(story):
    found = story["twin"]
    assert first(found.change)["mean_change_low"] > 0
    assert found.verdict == "mix"
    assert found.plan_effect.effect_low < 0 < found.plan_effect.effect_high
    drivers = found.plan_effect.table.query("measure_kind == 'driver'")
    assert (drivers["plan_p"] > 0.05).all()
    assert within(0.0, first(found.change), "same_mix_change")


@pytest.fixture(scope="module")
def moved():
    rng = np.random.default_rng(5)
    before = made_wave(rng, "1", 600, old=0.4)
    return later_wave(before, made_wave(rng, "2", 500, old=0.7, lift=0.8, slopes=(0.7, 0.3, 0.1)))


def test_a_raw_change_is_the_difference_of_the_means(moved):
    row = first(wave_change(moved))
    means = [wave.answers["csat"].mean() for wave in (moved.earlier[0], moved)]
    assert row["mean_before"] == pytest.approx(means[0])
    assert row["mean_change"] == pytest.approx(means[1] - means[0])


def test_a_change_at_the_same_mix_is_that_of_groups_weighted_as_in_the_later_wave(moved):
    # with one division into groups the regression is saturated: direct standardisation (Kitagawa 1955)
    before = moved.earlier[0]
    old, new = (wave.change.mix["age"].codes for wave in (before, moved))
    share = np.bincount(new) / len(new)
    gaps = [moved.answers["csat"][new == k].mean() - before.answers["csat"][old == k].mean() for k in range(2)]
    assert first(wave_change(moved))["same_mix_change"] == pytest.approx(share @ gaps)


def test_the_parts_of_a_change_add_up_to_it(moved):
    found = change_decomposition(moved, joint_resample(moved, draws=50))
    parts = found.parts.set_index("change_part")["value"]
    assert parts[["levels", "mix", "importance", "joint"]].sum() == pytest.approx(parts["change"])
    assert parts[["same_mix", "by_mix"]].sum() == pytest.approx(parts["change"])
    columns = ["level_part", "importance_part", "joint_part"]
    assert found.table[columns].to_numpy().sum() == pytest.approx(parts["change"])


def test_the_three_parts_are_those_of_statsmodels(moved):
    before = moved.earlier[0]
    waves = [before, moved]
    x = np.vstack([np.column_stack([w.answers[list(DRIVERS)], w.change.mix["age"].codes]) for w in waves])
    y = np.concatenate([w.answers["csat"] for w in waves])
    later = np.repeat([0, 1], [before.base, moved.base])
    model = OaxacaBlinder(y, np.column_stack([x, later]), 4, hasconst=False, swap=False)
    endowments, coefficients, interaction, gap = model.three_fold().params
    parts = change_decomposition(moved, joint_resample(moved, draws=50)).parts.set_index("change_part")["value"]
    # statsmodels takes the earlier wave less the later one, at the later slopes: the product counts the other way
    assert gap == pytest.approx(-parts["change"])
    assert endowments == pytest.approx(-(parts["levels"] + parts["mix"] + parts["joint"]))
    assert coefficients == pytest.approx(-(parts["importance"] + parts["joint"]))
    assert interaction == pytest.approx(parts["joint"])


def test_levels_that_moved_are_told_from_slopes_that_moved(moved):
    found = change_decomposition(moved, joint_resample(moved, draws=300))
    rows = found.table.set_index("driver")
    assert rows.loc["fix", "level_part_low"] > 0
    assert rows.loc["promise", "level_part_low"] < 0 < rows.loc["promise", "level_part_high"]
    assert rows.loc["fix", "slope_shift_low"] > 0
    assert found.importance_p < 0.01


def test_an_effect_of_a_plan_without_mix_is_the_difference_of_four_means():
    rng = np.random.default_rng(8)
    plain = [made_wave(rng, name, 300) for name in "12"]
    plain = [replace(w, change=replace(w.change, mix={})) for w in plain]
    survey = later_wave(*plain)
    means = [w.answers.groupby("reached")["csat"].mean() for w in plain]
    change = means[1] - means[0]
    assert plan_effect(survey).effect == pytest.approx(change[1.0] - change[0.0])


def test_errors_of_a_plan_allow_for_units_of_the_roll_out():
    rng = np.random.default_rng(3)
    units = np.repeat(np.arange(20), 30)
    survey = later_wave(*(made_wave(rng, name, 600, units=units, unit_spread=0.8) for name in "12"))
    alone = [replace(w, change=replace(w.change, rollout=None)) for w in survey.earlier]
    single = replace(survey, change=replace(survey.change, rollout=None), earlier=tuple(alone))
    assert plan_effect(survey).units == 20
    assert plan_effect(survey).error > 2 * plan_effect(single).error
    frame = pd.concat([w.answers.assign(later=k) for k, w in enumerate((survey.earlier[0], survey))])
    old = np.concatenate([w.change.mix["age"].codes for w in (survey.earlier[0], survey)])
    x = np.column_stack([frame["later"] * frame["reached"], frame["later"], frame["reached"], np.ones(len(frame)), old])
    fit = sm.OLS(frame["csat"].to_numpy(), x).fit(cov_type="cluster", cov_kwds={"groups": np.tile(units, 2)})
    assert plan_effect(survey).error == pytest.approx(fit.bse[0], rel=1e-9)


def test_a_plan_without_effect_is_called_one_in_about_one_of_twenty_samples():
    shown = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        units = np.repeat(np.arange(24), 10)
        survey = later_wave(*(replace(made_wave(rng, name, 240, units=units), drivers=()) for name in "12"))
        effect = plan_effect(survey)
        shown += effect.effect_low > 0 or effect.effect_high < 0
    assert shown <= 13  # 5 of 100 expected (20 of 400 measured)


def test_the_truth_lies_inside_the_intervals_as_often_as_they_say():
    held = np.zeros(3)
    for seed in range(40):
        rng = np.random.default_rng(1000 + seed)
        before = made_wave(rng, "1", 400, old=0.4)
        survey = later_wave(before, made_wave(rng, "2", 400, old=0.7, lift=1.0))
        row, effect = first(wave_change(survey)), plan_effect(survey)
        held += [
            within(0.5 * 0.5 + 0.8 * 0.3, row, "mean_change"),  # half are reached, and three in ten more are old
            within(0.25, row, "same_mix_change"),
            effect.effect_low < 0.5 < effect.effect_high,
        ]
    assert (held >= 34).all()  # binomial: fewer than 34 of 40 at 95% happens once in a hundred and fifty


def test_groups_that_moved_apart_before_a_plan_leave_it_undecided():
    rng = np.random.default_rng(2)
    survey = later_wave(*(made_wave(rng, name, 800, drift=d) for name, d in (("1", 0.0), ("2", 0.5), ("3", 1.0))))
    effect = plan_effect(survey)
    assert effect.effect_low > 0
    assert effect.parallel is False
    change = wave_change(survey)
    assert change_verdict(change, None, effect) == "undecided"
    assert effect.trends["trend"].iloc[0] == pytest.approx(0.5, abs=0.3)


def test_a_change_everywhere_is_not_the_plans():
    rng = np.random.default_rng(4)
    before, after = made_wave(rng, "1", 800), made_wave(rng, "2", 800)
    after = replace(after, answers=after.answers.assign(csat=after.answers["csat"] + 0.6))
    survey = later_wave(before, after)
    change, effect = wave_change(survey), plan_effect(survey)
    assert change_verdict(change, None, effect) == "elsewhere"
    assert change_verdict(change, None, None) == "undecided"


def test_nothing_that_changed_is_no_change():
    rng = np.random.default_rng(6)
    survey = later_wave(made_wave(rng, "1", 800), made_wave(rng, "2", 800))
    change = wave_change(survey)
    assert change_verdict(change, change_decomposition(survey, joint_resample(survey, draws=50)), None) == "none"


def test_respondents_of_both_waves_are_one_unit_and_make_the_change_surer():
    rng = np.random.default_rng(9)
    before = made_wave(rng, "1", 400)
    names = np.array([f"r{k}" for k in range(400)])
    noise = 0.2 * rng.standard_normal(400)
    answers = before.answers.assign(csat=before.answers["csat"] + 0.2 + noise)
    after = replace(before, wave="2", answers=answers)
    named = [replace(w, change=replace(w.change, units=names)) for w in (before, after)]
    others = [named[0], replace(named[1], change=replace(named[1].change, units=np.char.add("x", names)))]
    joint, apart = (wave_change(later_wave(*waves)) for waves in (named, others))
    assert joint.shared == 400
    assert apart.shared == 0
    width = [first(c)["mean_change_high"] - first(c)["mean_change_low"] for c in (joint, apart)]
    assert width[0] == pytest.approx(2 * 1.966 * noise.std(ddof=1) / 20, rel=0.02)  # a paired test
    assert width[0] < 0.2 * width[1]
    pair = wave_pair(later_wave(*named), joint_resample(after, draws=40))
    assert np.array_equal(pair.draws_before.weightings(np.ones(400)), pair.draws_after.weightings(np.ones(400)))


def test_weights_count_in_a_change():
    rng = np.random.default_rng(10)
    before, after = made_wave(rng, "1", 300), made_wave(rng, "2", 300)
    weights = rng.uniform(0.5, 2, 300)
    survey = later_wave(replace(before, weights=weights, weighted=True), replace(after, weights=2 * weights))
    gap = np.average(after.answers["csat"], weights=weights) - np.average(before.answers["csat"], weights=weights)
    assert first(wave_change(survey))["mean_change"] == pytest.approx(gap)


def test_a_group_that_is_small_in_one_wave_counts_with_the_largest():
    rng = np.random.default_rng(11)
    survey = later_wave(made_wave(rng, "1", 300, old=0.02), made_wave(rng, "2", 300))
    pair = wave_pair(survey, joint_resample(survey, draws=20))
    assert pair.before.controls == ()


def test_waves_without_an_aspect_in_common_are_not_decomposed_but_compared():
    rng = np.random.default_rng(12)
    before = replace(made_wave(rng, "1"), drivers=DRIVERS[:1])
    survey = later_wave(before, replace(made_wave(rng, "2"), drivers=DRIVERS[1:]))
    assert list(wave_change(survey).table["measure"]) == ["csat"]
    with pytest.raises(EstimationError, match="asked no aspect in common"):
        change_decomposition(survey, joint_resample(survey, draws=20))


def test_without_an_earlier_wave_there_is_nothing_to_compare():
    survey = made_wave(np.random.default_rng(1), "1")
    with pytest.raises(EstimationError, match="no earlier wave"):
        wave_change(survey)
    gone = replace(survey, change=replace(survey.change, before="0"))
    with pytest.raises(EstimationError, match="Wave 0 cannot be compared"):
        wave_change(gone)


def test_a_plan_that_reached_everybody_has_nobody_to_compare_with():
    rng = np.random.default_rng(1)
    waves = [made_wave(rng, name) for name in "12"]
    everybody = [replace(w, answers=w.answers.assign(reached=1.0)) for w in waves]
    with pytest.raises(EstimationError, match="nobody to compare"):
        plan_effect(later_wave(*everybody))
    with pytest.raises(EstimationError, match="No plan has reached"):
        plan_effect(waves[1])


def rated(survey, kept):
    answers = survey.answers.assign(kept=np.r_[kept, np.full(survey.base - len(kept), np.nan)])
    return replace(survey, answers=answers, change=replace(survey.change, rates=("kept",)))


def test_the_difference_of_rates_has_newcombes_interval():
    # Newcombe 1998, Statistics in Medicine 17:873, table II, example (a), method 10: 56/70 - 48/80
    rng = np.random.default_rng(1)
    first_wave, second = rated(made_wave(rng, "1"), np.r_[np.ones(48), np.zeros(32)]), made_wave(rng, "2")
    survey = later_wave(first_wave, rated(second, np.r_[np.ones(56), np.zeros(14)]))
    row = first(rate_changes(survey))
    assert row["rate_change"] == pytest.approx(0.2)
    assert [row["rate_change_low"], row["rate_change_high"]] == pytest.approx([0.0524, 0.3339], abs=5e-5)


def test_a_rate_of_few_is_not_told():
    rng = np.random.default_rng(1)
    survey = later_wave(rated(made_wave(rng, "1"), np.ones(12)), rated(made_wave(rng, "2"), np.ones(200)))
    row = first(rate_changes(survey))
    assert np.isnan(row["rate_change"])
    assert pd.isna(row["base"])


def test_an_early_wave_too_small_for_both_groups_is_no_trend_and_the_plan_is_still_judged():
    rng = np.random.default_rng(13)
    survey = later_wave(*(made_wave(rng, name, n) for name, n in (("1", 40), ("2", 300), ("3", 300))))
    effect = plan_effect(survey)
    assert effect.trends.empty
    assert effect.parallel is None
