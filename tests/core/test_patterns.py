from itertools import groupby

import numpy as np
import pytest

from drivers.core.patterns import half_differences, longest_run, one_answer, repeated_rows, row_means

NAN = float("nan")


@pytest.fixture(scope="module")
def answers():
    x = np.random.default_rng(3).integers(1, 4, size=(300, 6)).astype(float)
    x[np.random.default_rng(4).random(x.shape) < 0.1] = NAN
    return x


def test_the_longest_run_is_the_longest_group_of_equal_neighbours(answers):
    expected = [max((len(list(g)) for k, g in groupby(row) if k == k), default=0) for row in answers]
    assert longest_run(answers).tolist() == expected


def test_a_missing_answer_ends_a_string():
    assert longest_run(np.array([[2, 2, NAN, 2, 2, 2], [NAN] * 6])).tolist() == [3, 0]


def test_one_answer_throughout_is_no_variance_in_enough_answers(answers):
    expected = [
        np.nanstd(row) == 0 and np.isfinite(row).sum() >= 3 if np.isfinite(row).any() else False for row in answers
    ]
    assert one_answer(answers, 3).tolist() == expected
    assert sum(expected) > 0


def test_without_items_nobody_gives_one_answer():
    assert not one_answer(np.empty((3, 0)), 0).any()


def test_copies_are_all_but_the_first_of_equal_complete_rows(answers):
    seen, expected = set(), []
    for row in map(tuple, answers[:, :4]):
        complete = row == row and not any(v != v for v in row)
        expected.append(complete and row in seen)
        seen.add(row if complete else None)
    assert repeated_rows(answers[:, :4]).tolist() == expected
    assert any(expected)


def test_half_differences_are_odd_less_even_means_in_each_battery():
    x = np.array([[1, 2, 3, 10, 4], [5, NAN, 5, 1, NAN]])
    expected = [[(1 + 3) / 2 - 2, 10 - 4], [NAN, NAN]]
    np.testing.assert_array_equal(half_differences(x, [[0, 1, 2], [3, 4]]), expected)


def test_means_are_of_the_answers_there_are():
    np.testing.assert_array_equal(row_means(np.array([[1, NAN, 4], [NAN, NAN, NAN]])), [2.5, NAN])
