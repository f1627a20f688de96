import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.core.quantile import weighted_quantile


def by_hand(answers, weights, level):
    """The smallest answer at which the weight up to and including it reaches the level."""
    for answer in sorted(answers):
        if weights[answers <= answer].sum() >= level * weights.sum() - 1e-9:
            return answer
    return max(answers)


@given(st.lists(st.tuples(st.integers(1, 10), st.integers(0, 4)), min_size=1, max_size=30), st.integers(1, 10))
def test_it_is_the_smallest_answer_that_reaches_the_level(rows, tenths):
    x, w = np.array(rows, dtype=float).T
    if w.sum() == 0:
        w = w + 1
    assert weighted_quantile(x[:, None], w, tenths / 10)[0] == by_hand(x, w, tenths / 10)


def test_integer_weights_are_duplicated_rows():
    rng = np.random.default_rng(2)
    x, w = rng.integers(1, 11, (50, 3)).astype(float), rng.integers(0, 4, 50)
    expected = np.quantile(np.repeat(x, w, axis=0), 0.9, axis=0, method="inverted_cdf")
    assert weighted_quantile(x, w.astype(float), 0.9).tolist() == expected.tolist()


@pytest.mark.parametrize("factor", [1e-6, 3.0, 1e6])
def test_only_the_ratios_of_weights_matter(factor):
    x = np.arange(1.0, 11.0)[:, None]
    w = np.full(10, 0.1)
    assert weighted_quantile(x, factor * w, 0.9)[0] == weighted_quantile(x, w, 0.9)[0] == 9.0


def test_a_level_that_is_reached_exactly_counts_as_reached():
    assert weighted_quantile(np.arange(1.0, 11.0)[:, None], np.ones(10), 0.9)[0] == 9.0


def test_an_answer_of_weight_zero_is_never_the_quantile():
    assert weighted_quantile(np.array([[1.0], [5.0], [9.0]]), np.array([1.0, 1.0, 0.0]), 0.9)[0] == 5.0
