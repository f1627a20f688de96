import numpy as np
import pytest

from core.samples import cross_of, generated
from drivers.core.blocks import block_dominance
from drivers.core.collinear import alike_groups, condensed_columns, twins_alike
from drivers.core.dominance import general_dominance


def mixed(seed=1, n=400, p=6):
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.normal(size=(n, p)), rng.normal(size=n)])


def with_column(z, place, values):
    z = z.copy()
    z[:, place] = values
    return z


def noise(z, size, seed=9):
    return size * np.random.default_rng(seed).normal(size=len(z))


def test_drivers_that_can_be_told_apart_are_not_grouped():
    assert alike_groups(cross_of(mixed())) == ()
    assert alike_groups(cross_of(generated(1, 8))) == ()


@pytest.mark.parametrize("sign", [1, -1])
def test_a_copy_is_grouped_also_when_it_is_reversed(sign):
    z = mixed()
    z = with_column(z, 4, 3 + sign * 2 * z[:, 1])
    assert alike_groups(cross_of(z)) == ((1, 4),)
    assert twins_alike(cross_of(z), (1, 4)) == (sign > 0)


@pytest.mark.parametrize(("spread", "grouped"), [(0.25, True), (0.45, False)])
def test_two_drivers_are_twins_from_a_correlation_of_095_on(spread, grouped):
    z = mixed()
    z = with_column(z, 4, z[:, 1] + noise(z, spread))
    assert (np.corrcoef(z[:, 1], z[:, 4])[0, 1] >= 0.95) == grouped
    assert alike_groups(cross_of(z)) == (((1, 4),) if grouped else ())


def test_a_sum_is_grouped_with_its_terms_and_with_nothing_else():
    z = mixed()
    cross = cross_of(with_column(z, 5, z[:, 0] + z[:, 2]))
    assert alike_groups(cross) == ((0, 2, 5),)
    assert not twins_alike(cross, (0, 2, 5))


def test_two_dependencies_are_two_groups():
    z = mixed()
    z = with_column(with_column(z, 5, z[:, 0] + z[:, 2]), 4, z[:, 1])
    assert alike_groups(cross_of(z)) == ((0, 2, 5), (1, 4))


def test_a_near_sum_is_grouped_from_a_condition_index_of_30_on():
    z = mixed()
    tight, loose = (with_column(z, 5, z[:, 0] + z[:, 2] + noise(z, size)) for size in (0.05, 0.3))
    assert alike_groups(cross_of(tight)) == ((0, 2, 5),)
    assert alike_groups(cross_of(loose)) == ()


def test_a_constant_driver_is_grouped_with_none():
    assert alike_groups(cross_of(with_column(mixed(), 2, 4.1))) == ()


def test_one_driver_is_no_group():
    assert alike_groups(cross_of(generated(1, 1))) == ()


def test_a_group_of_copies_gets_the_share_of_one_of_them():
    z = generated(3, 4)
    doubled = np.column_stack([z[:, :4], z[:, 0], z[:, -1]])
    condensed = condensed_columns(cross_of(doubled), [(0, 4), (1,), (2,), (3,)], 0)
    assert [len(block) for block in condensed.blocks] == [1, 1, 1, 1]
    found = general_dominance(condensed.cross(cross_of(doubled)))
    np.testing.assert_allclose(found, general_dominance(cross_of(z)), atol=1e-12)


def test_a_group_that_is_no_copy_keeps_all_of_its_columns_share():
    z = generated(3, 5)
    blocks = [(1, 4), (2,), (3,)]
    condensed = condensed_columns(cross_of(z), blocks, 1)
    found = block_dominance(condensed.cross(cross_of(z)), condensed.blocks, controls=1)
    np.testing.assert_allclose(found, block_dominance(cross_of(z), blocks, controls=1), atol=1e-12)


def test_a_sum_adds_no_column_to_its_terms():
    z = mixed()
    cross = cross_of(with_column(z, 5, z[:, 0] + z[:, 2]))
    assert [len(b) for b in condensed_columns(cross, [(0, 2, 5), (1,)], 0).blocks] == [2, 1]
