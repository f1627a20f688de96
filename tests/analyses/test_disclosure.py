import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.analyses.disclosure import coarse_count, hidden_groups


@pytest.mark.parametrize(
    ("bases", "hidden"),
    [
        ([40, 50, 60], [False, False, False]),
        ([40, 5, 600], [True, True, False]),  # 645 less 600 less 40 would be the five
        ([5, 7, 600], [True, True, True]),  # twelve together are too few still
        ([20, 25, 600], [True, True, False]),
        ([0, 50, 60], [False, False, False]),  # nobody is no group to hide
        ([0, 5, 60], [False, True, True]),
        ([5, 0, 0], [True, False, False]),
    ],
)
def test_a_small_group_is_hidden_with_another_that_would_tell_it(bases, hidden):
    assert hidden_groups(np.array(bases), 30).tolist() == hidden


@given(st.lists(st.integers(0, 200), min_size=2, max_size=6), st.integers(10, 60))
def test_the_total_less_what_is_shown_is_never_one_group_nor_too_small(bases, minimum):
    bases = np.array(bases)
    hidden = hidden_groups(bases, minimum)
    assert not ((bases > 0) & (bases < minimum) & ~hidden).any()
    if hidden.any() and (~hidden & (bases > 0)).any():
        assert hidden.sum() > 1
        assert bases[hidden].sum() >= minimum
    if not ((bases > 0) & (bases < minimum)).any():
        assert not hidden.any()


@given(st.integers(0, 100_000), st.integers(10, 60))
def test_a_coarse_count_is_a_multiple_at_most_half_of_one_away(count, minimum):
    coarse = coarse_count(count, minimum)
    assert coarse % minimum == 0
    assert abs(coarse - count) <= minimum / 2
