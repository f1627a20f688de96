import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.core.linear import linear_fit
from drivers.core.moments import Moments
from drivers.core.paths import (
    PathDesign,
    composite_reliability,
    fit_paths,
    point_paths,
    total_effects,
    variance_extracted,
)

ECSI = Path(__file__).resolve().parents[3] / "shared" / "data" / "ecsi_mobi"
BLOCKS = ("Image", "Expectation", "Quality", "Value", "Satisfaction", "Complaints", "Loyalty")
PREFIX = ("IMAG", "CUEX", "PERQ", "PERV", "CUSA", "CUSCO", "CUSL")
LEADS = ((), (0,), (1,), (1, 2), (0, 1, 2, 3), (4,), (0, 4, 5))
SMALL = PathDesign(((0, 1), (2, 3, 4), (5,), (6, 7)), ((), (0,), (0, 1), (1, 2)))
seeds = st.integers(0, 10_000)
mobi = pytest.mark.skipif(not ECSI.is_dir(), reason="the real surveys are not beside the project")


def ecsi():
    frame = pd.read_csv(ECSI / "mobi.csv")
    items = [[c for c in frame if c.startswith(prefix)] for prefix in PREFIX]
    columns = [c for block in items for c in block]
    places = tuple(tuple(columns.index(c) for c in block) for block in items)
    return frame[columns].to_numpy(dtype=float), columns, PathDesign(places, LEADS)


def smartpls(scheme, table):
    """A table of SmartPLS: row, column, with decimal commas."""
    text = (ECSI / f"thirdparty_SmartPLS_{scheme}_{table}.txt").read_text().replace(",", ".")
    rows = [line.split() for line in text.splitlines() if line.strip()]
    return pd.DataFrame([r[1:] for r in rows[1:]], index=[r[0] for r in rows[1:]], columns=rows[0], dtype=float)


def generated(seed, n=400):
    """Items of four blocks that lead to one another: array (n, 8)."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=n)
    b = 0.6 * a + rng.normal(size=n)
    c = 0.4 * a + 0.3 * b + rng.normal(size=n)
    d = 0.5 * b + 0.4 * c + rng.normal(size=n)
    scores = np.column_stack([a, a, b, b, b, c, d, d])
    return scores * rng.uniform(0.5, 3, 8) + 0.8 * rng.normal(size=(n, 8))


def cross_of(z):
    return Moments.from_rows(tuple(map(str, range(z.shape[1]))), z, np.ones(len(z))).cross


def by_rows(z, design, scheme):
    """Partial least squares on the answers themselves, block by block, with least squares from numpy."""
    z = (z - z.mean(axis=0)) / z.std(axis=0)
    weights = [np.ones(len(items)) for items in design.blocks]
    neighbours = [{*s, *(k for k, t in enumerate(design.sources) if j in t)} for j, s in enumerate(design.sources)]
    for _ in range(200):
        scores = np.column_stack([z[:, list(i)] @ w for i, w in zip(design.blocks, weights, strict=True)])
        scores = scores / scores.std(axis=0)
        r = np.corrcoef(scores, rowvar=False)
        for j, items in enumerate(design.blocks):
            proxy = np.zeros(len(z))
            for k in neighbours[j]:
                towards = {"centroid": np.sign(r[j, k]), "factorial": r[j, k], "path": r[j, k]}[scheme]
                if scheme == "path" and k in design.sources[j]:
                    sources = list(design.sources[j])
                    towards = np.linalg.lstsq(scores[:, sources], scores[:, j])[0][sources.index(k)]
                proxy += towards * scores[:, k]
            weights[j] = z[:, list(items)].T @ proxy / len(z)
    return scores


@mobi
@pytest.mark.parametrize("scheme", ["pathWeighting", "centroid", "factorial"])
def test_the_twelve_paths_and_all_total_effects_are_those_of_smartpls(scheme):
    z, columns, design = ecsi()
    fit = fit_paths(cross_of(z), design, "path" if scheme == "pathWeighting" else scheme)
    order = list(BLOCKS)
    paths, totals = (smartpls(scheme, t).loc[order, order] for t in ("pathCoefficients", "totalEffects"))
    # SmartPLS stops at a change of 1e-5 of a weight
    np.testing.assert_allclose(fit.paths, paths, atol=1e-5)
    np.testing.assert_allclose(total_effects(fit.paths), totals, atol=1e-5)
    loadings = smartpls(scheme, "crossLoadings").loc[columns, order].to_numpy()
    own = loadings[design.membership == 1]
    np.testing.assert_allclose(fit.loadings, own, atol=1e-4)


@mobi
def test_the_twelve_paths_and_r_squared_are_those_of_sempls_and_seminr():
    z, _, design = ecsi()
    fit = fit_paths(cross_of(z), design)
    reference = json.loads((ECSI / "expected.json").read_text())["pls_path"]
    for arrow, path in reference["paths"].items():
        source, target = arrow.split("->")
        assert fit.paths[BLOCKS.index(source), BLOCKS.index(target)] == pytest.approx(path, abs=1e-6)  # six decimals
    for block, explained in reference["r2"].items():
        assert fit.r_squared[BLOCKS.index(block)] == pytest.approx(explained, abs=1e-6)
    assert (fit.paths != 0).sum() == len(reference["paths"]) == 12


@pytest.mark.parametrize("scheme", ["path", "centroid", "factorial"])
def test_scores_are_those_of_the_algorithm_on_the_answers_themselves(scheme):
    z = generated(1)
    fit = fit_paths(cross_of(z), SMALL, scheme)
    expected = np.corrcoef(by_rows(z, SMALL, scheme), rowvar=False)
    np.testing.assert_allclose(fit.correlations, expected, atol=1e-7)
    scores = (z - z.mean(axis=0)) / z.std(axis=0) * fit.weights @ SMALL.membership
    np.testing.assert_allclose(scores.std(axis=0), 1, atol=1e-12)


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_blocks_of_one_item_have_the_paths_of_least_squares(seed):
    z = generated(seed)[:, [0, 2, 5, 6]]
    design = PathDesign(((0,), (1,), (2,), (3,)), ((), (0,), (0, 1), (1, 2)))
    fit, spread = fit_paths(cross_of(z), design), z.std(axis=0)
    points = point_paths(fit, spread, design)
    for target, sources in enumerate(design.sources):
        if sources:
            ols = linear_fit(cross_of(z[:, [*sources, target]]))
            np.testing.assert_allclose(fit.paths[list(sources), target], ols.standardised, atol=1e-9)
            np.testing.assert_allclose(points.paths[list(sources), target], ols.slopes, atol=1e-9)
            assert fit.r_squared[target] == pytest.approx(ols.r_squared, abs=1e-9)


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_total_effects_are_those_of_every_way_through_the_arrows(seed):
    paths = fit_paths(cross_of(generated(seed)), SMALL).paths
    np.testing.assert_allclose(total_effects(paths), np.linalg.inv(np.eye(4) - paths) - np.eye(4), atol=1e-12)


def test_paths_in_points_are_those_of_least_squares_on_scores_that_are_weighted_means():
    z = generated(3)
    fit = fit_paths(cross_of(z), SMALL)
    points = point_paths(fit, z.std(axis=0), SMALL)
    np.testing.assert_allclose(points.weights @ SMALL.membership, 1, atol=1e-12)
    scores = z * points.weights @ SMALL.membership
    for target, sources in enumerate(SMALL.sources):
        if sources:
            ols = linear_fit(cross_of(scores[:, [*sources, target]])).slopes
            np.testing.assert_allclose(points.paths[list(sources), target], ols, atol=1e-9)


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_shift_and_scale_of_an_item_change_nothing_but_the_paths_in_points(seed):
    z = generated(seed)
    scale = np.random.default_rng(seed).uniform(0.1, 10, 8)
    np.testing.assert_allclose(
        fit_paths(cross_of(z * scale + 7), SMALL).paths, fit_paths(cross_of(z), SMALL).paths, atol=1e-8
    )


def test_a_batch_gives_what_its_members_give():
    cross = np.stack([cross_of(generated(seed)) for seed in range(5)])
    whole = fit_paths(cross, SMALL)
    for k in range(5):
        np.testing.assert_allclose(whole.paths[k], fit_paths(cross[k], SMALL).paths, atol=1e-8)


def test_scores_are_turned_to_those_they_are_compared_with():
    cross = cross_of(generated(2))
    plain = fit_paths(cross, SMALL)
    turn = np.where(np.isin(np.arange(8), SMALL.blocks[1]), -1.0, 1.0)
    turned = fit_paths(cross, SMALL, like=plain.weights * turn)
    np.testing.assert_allclose(turned.weights, plain.weights * turn, atol=1e-12)
    assert turned.paths[0, 1] == pytest.approx(-plain.paths[0, 1])


def test_a_score_rises_with_its_items_on_the_whole():
    z = generated(2)
    assert (fit_paths(cross_of(-z), SMALL).loadings > 0).all()
    z[:, 2] *= -1  # one of three items runs the other way
    loadings = fit_paths(cross_of(z), SMALL).loadings
    assert loadings[2] < 0 < min(loadings[3], loadings[4])


def test_an_item_that_never_varies_counts_for_nothing():
    z = generated(4)
    z[:, 3] = 5.0
    fit = fit_paths(cross_of(z), SMALL)
    assert fit.weights[3] == fit.loadings[3] == 0
    assert np.isfinite(fit.paths).all()


def test_duplicated_blocks_share_a_path_and_nothing_is_infinite():
    z = generated(5)[:, [0, 0, 5]]
    design = PathDesign(((0,), (1,), (2,)), ((), (), (0, 1)))
    fit = fit_paths(cross_of(z), design)
    assert fit.paths[0, 2] == pytest.approx(fit.paths[1, 2])
    assert fit.r_squared[2] == pytest.approx(np.corrcoef(z[:, 0], z[:, 2])[0, 1] ** 2)


@mobi
def test_reliability_of_a_block_is_that_of_its_loadings():
    z, _, design = ecsi()
    loadings = fit_paths(cross_of(z), design).loadings
    value = loadings[list(design.blocks[3])]
    rho = value.sum() ** 2 / (value.sum() ** 2 + (1 - value**2).sum())
    assert composite_reliability(loadings, design)[3] == pytest.approx(rho)
    assert variance_extracted(loadings, design)[3] == pytest.approx((value**2).mean())
    assert composite_reliability(loadings, design)[5] == pytest.approx(1)  # one item: it is the score
