import numpy as np
import pytest
from scipy.optimize import linprog

from drivers.core.raking import TOLERANCE, Margin, raked_weights
from drivers.errors import EstimationError


def margin(name, codes, *targets):
    return Margin(name, tuple(map(str, range(len(targets)))), np.asarray(codes, dtype=int), np.array(targets))


def sample(n=500, seed=1):
    rng = np.random.default_rng(seed)
    sex, age = rng.integers(2, size=n), rng.choice(3, p=[0.2, 0.3, 0.5], size=n)
    return rng.uniform(0.8, 1.2, n), [margin("sex", sex, 0.45, 0.55), margin("age", age, 0.3, 0.4, 0.3)]


def test_raked_weights_have_the_margins_of_the_population():
    start, margins = sample()
    raked = raked_weights(start, margins, (0.1, 10.0))
    for one in margins:
        for code, target in enumerate(one.targets):
            assert raked.w[one.codes == code].sum() / raked.w.sum() == pytest.approx(target, abs=TOLERANCE)
    assert raked.w.mean() == pytest.approx(1)
    assert (raked.trimmed, raked.gap <= TOLERANCE) == (0, True)


def test_the_table_of_deming_and_stephan_by_hand():
    codes = np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], [40, 10, 20, 30], axis=0)
    raked = raked_weights(
        np.ones(100), [margin("a", codes[:, 0], 0.6, 0.4), margin("b", codes[:, 1], 0.5, 0.5)], (0.1, 10.0)
    )
    cells = np.array([raked.w[10], raked.w[45], raked.w[55], raked.w[99]]) * [40, 10, 20, 30] / 100
    assert cells[0] + cells[1] == pytest.approx(0.6, abs=1e-6)
    assert cells[0] + cells[2] == pytest.approx(0.5, abs=1e-6)
    odds = cells[0] * cells[3] / (cells[1] * cells[2])
    assert odds == pytest.approx(40 * 30 / (10 * 20), rel=1e-9)  # raking keeps the interaction of the sample


def test_one_margin_is_post_stratification():
    start, margins = sample()
    raked = raked_weights(start, margins[:1], (0.1, 10.0))
    female = margins[0].codes == 1
    np.testing.assert_allclose((raked.w / start)[female], raked.w[female].sum() / start[female].sum(), rtol=1e-12)


def test_bounds_hold_together_with_the_margins():
    rng = np.random.default_rng(3)
    start, codes = rng.uniform(0.2, 3.0, 400), rng.integers(3, size=400)
    wanted = margin("age", codes, 0.5, 0.3, 0.2)
    raked = raked_weights(start, [wanted], (0.5, 2.0))
    assert raked.w.min() == pytest.approx(0.5, abs=1e-5)
    assert raked.w.max() == pytest.approx(2.0, abs=1e-5)
    assert wanted.gap(raked.w) <= 2 * TOLERANCE
    held = np.isclose(raked.w, 0.5, atol=1e-5) | np.isclose(raked.w, 2.0, atol=1e-5)
    assert raked.trimmed == pytest.approx(held.mean())
    assert held.any()


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_only_the_ratios_of_the_first_weights_matter(factor):
    start, margins = sample()
    expected = raked_weights(start, margins, (0.3, 3.0)).w
    np.testing.assert_allclose(raked_weights(factor * start, margins, (0.3, 3.0)).w, expected, rtol=1e-10)


def test_rows_of_weight_zero_stay_there_and_rows_of_no_category_keep_theirs():
    start, margins = sample()
    start[:20] = 0
    codes = margins[0].codes.copy()
    codes[20:50] = -1
    raked = raked_weights(start, [margin("sex", codes, 0.4, 0.6)], (0.1, 10.0))
    assert (raked.w[:20] == 0).all()
    np.testing.assert_allclose(raked.w[20:50], start[20:50] / start[20:].mean(), rtol=1e-6)
    assert margin("sex", codes, 0.4, 0.6).gap(raked.w) <= TOLERANCE


def test_margins_out_of_reach_of_the_bounds_are_refused_by_name():
    start, margins = sample()
    far = margin("region", np.arange(500) % 10 == 0, 0.2, 0.8)
    with pytest.raises(EstimationError, match=r"0\.3 to 3 times their mean cannot meet margin region.*Widen trim"):
        raked_weights(start, [*margins, far], (0.3, 3.0))


def test_a_category_of_nobody_is_refused():
    with pytest.raises(EstimationError, match="Margin sex has a category without anybody"):
        raked_weights(np.ones(4), [margin("sex", [0, 0, 0, 0], 0.5, 0.5)], (0.3, 3.0))


@pytest.mark.parametrize("seed", range(12))
def test_raking_fails_where_a_linear_programme_finds_no_such_weights_and_only_there(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(3, size=60), rng.choice(3, p=[0.6, 0.3, 0.1], size=60)
    margins = [margin("a", a, *rng.dirichlet([12, 12, 12])), margin("b", b, *rng.dirichlet([18, 9, 4]))]
    equations = [np.ones(60), *(one.codes == k for one in margins for k in range(3))]
    totals = 60 * np.concatenate([[1.0], *(one.targets for one in margins)])
    within = linprog(np.zeros(60), A_eq=np.array(equations, dtype=float), b_eq=totals, bounds=(0.4, 2.5))
    if within.success:
        assert raked_weights(rng.uniform(0.5, 2, 60), margins, (0.4, 2.5)).gap <= TOLERANCE
    else:
        with pytest.raises(EstimationError, match="cannot meet margin"):
            raked_weights(rng.uniform(0.5, 2, 60), margins, (0.4, 2.5))
