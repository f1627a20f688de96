from itertools import pairwise

import numpy as np
import pytest

from core.samples import golden
from drivers.core.necessity import (
    MOST_LEVELS,
    Scope,
    ceiling_effect,
    ceiling_line,
    ceiling_steps,
    chance_p,
    effects_by_chance,
    random_tables,
    required_level,
    respondents_below,
    scatter,
)


def observed(x, y):
    seen = scatter(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    return seen, Scope(seen.x[0], seen.x[-1], seen.y[0], seen.y[-1])


def effect_of(x, y, allowed=0):
    seen, scope = observed(x, y)
    return float(ceiling_effect(ceiling_steps(seen.counts, seen.y, scope.y_low, allowed), seen.x, scope))


def brute_effect(x, y, allowed=0):
    """Area by definition: at each x the highest y that more than `allowed` with this x or less reach."""
    xs, total = np.unique(x), 0.0
    for left, right in pairwise(xs):
        reached = np.sort(y[x <= left])[::-1]
        ceiling = reached[allowed] if len(reached) > allowed else y.min()
        total += (right - left) * (y.max() - ceiling)
    return total / (np.ptp(x) * np.ptp(y))


def test_the_published_example_has_its_zones_effect_sizes_and_accuracy():
    data, printed = golden("nca_example").data, golden("nca_example").individualism
    x, y = np.array(data["individualism"]), np.array(data["innovation"])
    seen, scope = observed(x, y)
    line = ceiling_line(seen, scope)
    assert effect_of(x, y) * scope.area == pytest.approx(printed["ce_fdh_zone"], abs=0.005)
    assert line.effect * scope.area == pytest.approx(printed["cr_fdh_zone"], abs=0.005)
    assert effect_of(x, y) == pytest.approx(printed["ce_fdh"], abs=0.005)
    assert line.effect == pytest.approx(printed["cr_fdh"], abs=0.005)
    assert line.accuracy == pytest.approx(printed["cr_fdh_accuracy"], abs=0.005)


def test_the_published_example_needs_individualism_for_the_upper_levels():
    data = golden("nca_example").data
    seen, scope = observed(data["individualism"], data["innovation"])
    steps = ceiling_steps(seen.counts, seen.y, scope.y_low)
    # Japan (46; 171.6) is the first country above 150, the USA (91; 214.4) the only one above 190
    assert required_level(steps, seen.x, np.array([150.0, 190.0])).tolist() == [46.0, 91.0]


def test_a_small_ceiling_by_hand():
    """Corners (1, 2), (2, 3), (4, 5): empty are 1 x 3 above the first step and 2 x 2 above the second, of 3 x 4."""
    x, y = [1, 2, 3, 4, 4], [2, 3, 1, 5, 2]
    assert effect_of(x, y) == pytest.approx((1 * 3 + 2 * 2) / (3 * 4))
    seen, scope = observed(x, y)
    line = ceiling_line(seen, scope)  # through (1, 2), (2, 3), (4, 5): y = 1 + x
    assert (line.slope, line.level) == (pytest.approx(1), pytest.approx(1))
    assert line.effect == pytest.approx(0.5 * 3 * 3 / 12)
    assert line.accuracy == 1


def test_the_scope_of_the_scales_adds_what_nobody_used():
    seen, _ = observed([2, 3], [1, 4])
    scope = Scope(1, 5, 0, 5)
    steps = ceiling_steps(seen.counts, seen.y, scope.y_low)
    # left of 2 all is empty (1 x 5), from 2 to 3 above 1 (1 x 4), from 3 to 5 above 4 (2 x 1)
    assert ceiling_effect(steps, seen.x, scope) == pytest.approx((5 + 4 + 2) / 20)


@pytest.mark.parametrize("allowed", [0, 1, 5])
@pytest.mark.parametrize("seed", range(6))
def test_the_effect_is_that_of_brute_force(seed, allowed):
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 8, 60).astype(float)
    y = np.clip(x + rng.integers(-4, 4, 60), 1, 7).astype(float)
    assert effect_of(x, y, allowed) == pytest.approx(brute_effect(x, y, allowed), abs=1e-12)


def test_one_respondent_can_close_a_strict_ceiling_but_not_a_tolerant_one():
    x = np.repeat(np.arange(1.0, 11.0), 20)
    strict = effect_of(x, x)
    odd = np.append(x, 1.0), np.append(x, 10.0)
    assert strict == pytest.approx(0.5 + 0.5 / 9)  # the staircase lies half a step under the diagonal
    assert effect_of(*odd) == 0
    assert effect_of(*odd, allowed=2) == pytest.approx(strict, abs=1e-9)


def test_a_perfect_opposite_has_no_empty_corner_and_no_line():
    x = np.arange(1.0, 11.0)
    assert effect_of(x, -x) == 0
    line = ceiling_line(*observed(x, -x))
    assert line.effect == 0
    assert np.isnan(line.slope)


def test_effects_are_unmoved_by_the_units_of_both():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=50), rng.normal(size=50)
    assert effect_of(3 * x - 7, 0.1 * y + 2) == pytest.approx(effect_of(x, y), abs=1e-12)


def test_fine_answers_are_counted_in_steps():
    rng = np.random.default_rng(6)
    x = rng.uniform(size=400)
    y = np.minimum(rng.uniform(size=400), x + 0.2)
    seen, _ = observed(x, y)
    assert len(seen.x) <= MOST_LEVELS
    assert effect_of(x, y) == pytest.approx(brute_effect(x, y), abs=0.02)  # a step is 0.01 of either range


def test_random_tables_keep_their_margins_and_are_permutations():
    rng = np.random.default_rng(7)
    rows, columns = np.array([3, 0, 5, 2]), np.array([4, 1, 5])
    tables = random_tables(rng, rows, columns, 4000)
    assert (tables.sum(axis=2) == rows).all()
    assert (tables.sum(axis=1) == columns).all()
    assert (tables >= 0).all()
    expected = np.outer(rows, columns) / 10
    spread = expected * np.outer(1 - rows / 10, 1 - columns / 10) * 10 / 9  # variance of a hypergeometric count
    np.testing.assert_allclose(tables.mean(axis=0), expected, atol=4 * np.sqrt(spread.max() / 4000))
    np.testing.assert_allclose(tables.var(axis=0), spread, atol=0.12)


def test_tables_and_permuted_rows_give_the_same_p():
    rng = np.random.default_rng(8)
    x = rng.integers(1, 5, 200).astype(float)
    y = np.clip(x + rng.integers(-3, 3, 200), 1, 5).astype(float)
    seen, scope = observed(x, y)
    by_table = effects_by_chance(seen.shuffled(rng, 4000), seen, scope, 4)
    by_rows = [effect_of(x, rng.permutation(y), 4) for _ in range(1000)]
    assert by_table.mean() == pytest.approx(np.mean(by_rows), abs=5 * np.std(by_rows) / np.sqrt(1000))


def test_few_respondents_on_fine_scales_are_permuted_by_rows():
    rng = np.random.default_rng(9)
    seen, _ = observed(rng.normal(size=20), rng.normal(size=20))
    tables = seen.shuffled(rng, 50)
    assert (tables.sum(axis=(1, 2)) == 20).all()
    assert (tables.sum(axis=1) == 1).all()


def test_answers_on_a_straight_line_have_the_respondents_and_nearly_the_slope_of_the_sample():
    rng = np.random.default_rng(10)
    x = rng.integers(1, 11, 2000).astype(float)
    y = np.clip(np.rint(3 + 0.4 * x + rng.normal(size=2000)), 1, 10)
    seen, _ = observed(x, y)
    tables = seen.along_line(rng, 200)
    assert (tables.sum(axis=2) == seen.counts.sum(axis=1)).all()
    total = tables.sum(axis=0)
    means = total @ seen.y / total.sum(axis=1)
    assert np.polyfit(seen.x, means, 1)[0] == pytest.approx(0.4, abs=0.03)


def test_the_p_value_counts_the_observed_effect_in():
    assert chance_p(0.5, np.zeros(99)) == 0.01
    assert chance_p(0.5, np.full(99, 0.5)) == 1


def test_respondents_below_and_those_satisfied_all_the_same():
    seen, _ = observed([1, 1, 2, 3, 3], [5, 2, 4, 5, 1])
    assert respondents_below(seen, 3.0, 4.0) == (3, 2)
