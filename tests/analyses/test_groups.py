import numpy as np
import pytest

from drivers.analyses.groups import SATISFACTION_GROUPS, Thresholds, satisfaction_groups, thresholds
from made_surveys import made_survey


@pytest.mark.parametrize(
    ("scale", "satisfied", "dissatisfied"),
    [((1, 10), 8, 5), ((0, 10), 8, 4), ((1, 5), 4, 2), ((1, 7), 6, 3), ((1, 4), 4, 2), ((1, 3), 3, 1), ((0, 1), 1, 0)],
)
def test_satisfied_is_the_upper_quarter_and_dissatisfied_below_the_middle(scale, satisfied, dissatisfied):
    assert thresholds(made_survey(30, scale=scale)) == Thresholds(satisfied, dissatisfied)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"satisfied": 9, "dissatisfied": 6}, Thresholds(9, 6)),
        ({"satisfied": 5}, Thresholds(5, 4)),
        ({"satisfied": 4.5}, Thresholds(4.5, 4)),
        ({"dissatisfied": 8}, Thresholds(9, 8)),
        ({"dissatisfied": 8.5}, Thresholds(9, 8.5)),
        ({"satisfied": 9}, Thresholds(9, 5)),
        ({"dissatisfied": 3}, Thresholds(8, 3)),
    ],
)
def test_a_stated_threshold_is_kept_and_the_other_gives_way(stated, expected):
    assert thresholds(made_survey(30), **stated) == expected


def test_every_answer_is_in_one_group_and_no_answer_in_none():
    answers = np.array([1, 5, 5.5, 7.9, 8, 10, np.nan])
    assert satisfaction_groups(answers, Thresholds(8, 5)).tolist() == [0, 0, 1, 1, 2, 2, -1]
    assert SATISFACTION_GROUPS == ("dissatisfied", "in_between", "satisfied")
