"""Perception gaps: floor against board, layers against customers, and the null twin."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from drivers.analyses.perception import BOARD, CUSTOMERS, INFORMATION, perception_gaps
from drivers.errors import EstimationError
from drivers.simulate.employees import employee_truth
from drivers.survey.survey import Scale, Survey
from staff_files import simulated_staff, small_staff

KNOWS, CONTENT, SYSTEMS = "The board knows what goes on", "Our customers are content", "The systems work"


def customers(mean=6.6, n=900, seed=1, weight=None):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {c: np.clip(np.rint(rng.normal(mean, 1.6, n)), 1, 10) for c in ("csat", "understood", "other")}
    )
    frame = frame if weight is None else frame.assign(w=weight(frame["csat"]))
    return Survey.from_frame(
        frame, "csat", ["understood", "other"], scale=(1, 10), weight_column="w" if weight else None
    )


def gap(found, kind, question=None, layer=None):
    rows = found.gaps[found.gaps["gap_kind"] == kind]
    rows = rows if question is None else rows[rows["staff_question"] == question]
    rows = rows if layer is None else rows[rows["layer"] == layer]
    return rows.iloc[0]


def test_the_board_sees_customers_and_itself_brighter_than_the_floor_does():
    found = perception_gaps(simulated_staff(1), customers())
    assert gap(found, BOARD, KNOWS)["shown"]
    assert gap(found, BOARD, CONTENT)["shown"]
    assert gap(found, INFORMATION)["shown"]
    assert not found.gaps.loc[found.gaps["staff_question"] == SYSTEMS, "shown"].any()


def test_the_floor_sees_customers_as_they_see_themselves_and_the_board_does_not():
    found = [perception_gaps(simulated_staff(seed), customers(seed=seed)) for seed in range(12)]
    floor, board = ([gap(one, CUSTOMERS, CONTENT, layer) for one in found] for layer in ("Floor", "Board"))
    assert sum(row["shown"] for row in floor) <= 2
    assert sum(row["shown"] and row["view_gap"] > 0 for row in board) >= 9


def test_intervals_hold_the_true_gaps_over_many_seeds():
    means, inside = employee_truth().means, []
    true = {
        KNOWS: means["board_knows_floor"]["board"] - means["board_knows_floor"]["floor"],
        CONTENT: means["customers_content"]["board"] - means["customers_content"]["floor"],
        SYSTEMS: 0.0,
    }
    down = means["information_down"]["floor"] - means["information_up"]["board"]
    for seed in range(20):
        found = perception_gaps(simulated_staff(seed)).gaps.set_index(["gap_kind", "staff_question"])
        known = {(BOARD, q): t for q, t in true.items()}
        rows = [(found.loc[key], t) for key, t in known.items() if key in found.index]
        rows.append((found.loc[INFORMATION].iloc[0], down))
        inside += [row["view_gap_low"] <= t <= row["view_gap_high"] for row, t in rows]
    assert np.mean(inside) >= 0.90  # some 95 intervals of 95%


def test_the_null_twin_shows_no_gap_in_nineteen_of_twenty_seeds():
    wrong = [perception_gaps(simulated_staff(s, view_gap=0, layer_gap=0)).gaps["shown"].any() for s in range(20)]
    assert sum(wrong) <= 4  # Holm holds all gaps of a report together at 5%


def test_a_gap_is_welchs_and_holms():
    rng = np.random.default_rng(3)
    floor, board = rng.integers(3, 8, 30).astype(float), rng.integers(5, 10, 12).astype(float)
    rows = {"s": [*floor[::-1], *board[::-1]], "a": [*floor, *board], "b": [*floor + 1, *board]}
    found = perception_gaps(small_staff([0] * 30 + [1] * 12, rows)).gaps.set_index("staff_question")
    p = [stats.ttest_ind(board, floor + k, equal_var=False).pvalue for k in (0, 1)]
    assert found["p_value"].to_numpy() == pytest.approx(p, rel=1e-9)
    assert found["p_adjusted"].min() == pytest.approx(2 * min(p), rel=1e-9)


def test_customers_count_with_their_weights():
    light = customers(weight=lambda y: np.where(y > 6, 0.2, 1.0))
    plain, weighted = (
        gap(perception_gaps(simulated_staff(1), s), CUSTOMERS, CONTENT, "Floor") for s in (customers(), light)
    )
    expected = np.average(light.answers["csat"], weights=light.weights)
    assert weighted["other_mean"] == pytest.approx(expected)
    assert weighted["other_mean"] < plain["other_mean"] - 0.3


def test_customers_on_another_scale_are_not_held_beside_employees():
    other = customers()
    other = replace(other, scales={**other.scales, "csat": Scale(0.0, 10.0)})
    with pytest.raises(EstimationError, match="Customers answered csat from 0 to 10, employees from 1 to 10"):
        perception_gaps(simulated_staff(1), other)


def test_few_customers_or_a_question_that_this_wave_did_not_ask_give_no_gap():
    few = customers(n=9)
    without = replace(customers(), answers=customers().answers[["csat", "other"]], drivers=("other",))
    assert CUSTOMERS not in set(perception_gaps(simulated_staff(1), few).gaps["gap_kind"])
    asked = perception_gaps(simulated_staff(1), without).gaps
    assert set(asked.loc[asked["gap_kind"] == CUSTOMERS, "staff_question"]) == {CONTENT}


def test_a_hidden_board_has_no_gap_and_no_row():
    found = perception_gaps(simulated_staff(1, board=5), customers())
    assert not found.board_told
    assert set(found.gaps["gap_kind"]) == {CUSTOMERS}
    assert "Board" not in set(found.table["layer"])


def test_a_question_that_few_of_a_layer_answered_is_not_told_of_that_layer():
    rows = {"s": [5, 6, 7] * 8, "a": [*[4, 5, 6] * 4, *[6, 8] * 2, *[np.nan] * 8], "b": [4, 5, 6, 7] * 6}
    found = perception_gaps(small_staff([0] * 12 + [1] * 12, rows))
    assert set(found.table.loc[found.table["staff_question"] == "a", "layer"]) == {"A"}
    assert found.gaps["staff_question"].tolist() == ["b"]


def test_without_a_question_put_to_two_sides_there_is_no_gap():
    rows = {"s": [5, 6, 7] * 8, "a": [*[4, 5, 6] * 4, *[np.nan] * 12]}
    with pytest.raises(EstimationError, match="No question was put to two layers"):
        perception_gaps(small_staff([0] * 12 + [1] * 12, rows))


def test_a_battery_is_one_question():
    asked = set(perception_gaps(simulated_staff(1)).table["staff_question"])
    assert "Joy in the work" in asked
    assert "Proud of the work" not in asked
