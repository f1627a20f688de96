"""Layers of employees: what differs, what is hidden, and that the null twin shows nothing."""

import numpy as np
import pytest

from drivers.analyses.layers import layer_satisfaction
from drivers.errors import EstimationError
from drivers.simulate.employees import LAYERS, employee_truth
from staff_files import simulated_staff, small_staff

LABELS = ("Floor", "Team leads", "Sales and office", "Board")


def shown_pairs(found):
    return {(r.layer, r.other_layer) for r in found.pairs.itertuples() if r.shown}


def test_sales_and_office_are_told_to_lie_below_the_floor():
    found = layer_satisfaction(simulated_staff(1))
    assert ("Floor", "Sales and office") in shown_pairs(found)
    assert ("Floor", "Team leads") not in shown_pairs(found)
    assert found.table["layer"].tolist() == list(LABELS)


def test_the_null_twin_shows_no_layer_to_differ_in_nineteen_of_twenty_seeds():
    wrong = [layer_satisfaction(simulated_staff(seed, layer_gap=0)).pairs["shown"].any() for seed in range(20)]
    assert sum(wrong) <= 4  # 1 is expected; more than 4 has a chance of 0.3%


def test_intervals_hold_the_true_means_over_many_seeds():
    truth = employee_truth().means["work_satisfaction"]
    inside = []
    for seed in range(20):
        table = layer_satisfaction(simulated_staff(seed)).table
        inside += [
            r.layer_mean_low <= truth[k] <= r.layer_mean_high for r, k in zip(table.itertuples(), LAYERS, strict=True)
        ]
    assert np.mean(inside) >= 0.90  # 80 intervals of 95%: below this has a chance of 2%, and the seeds are fixed


def test_members_of_a_team_are_not_taken_for_independent():
    staff = simulated_staff(2)
    alone = small_staff(
        staff.layer.tolist(), {"work_satisfaction": staff.answers["work_satisfaction"].tolist()}, minimum_base=10
    )
    together, apart = layer_satisfaction(staff).table, layer_satisfaction(alone).table
    widths = [(t["layer_mean_high"] - t["layer_mean_low"]).to_numpy() for t in (together, apart)]
    assert together["layer_mean"].tolist() == apart["layer_mean"].tolist()
    assert widths[0][0] > 1.2 * widths[1][0]  # the floor, in teams
    assert widths[0][2] == pytest.approx(widths[1][2])  # the office, without


def test_a_board_of_five_counts_in_no_number():
    with_board, without = simulated_staff(3, board=5), simulated_staff(3, board=5)
    found = layer_satisfaction(with_board)
    assert found.hidden == ("Board",)
    assert "Board" not in {*found.table["layer"], *found.pairs["layer"], *found.pairs["other_layer"]}
    assert found.base == int((without.layer[without.answers["work_satisfaction"].notna()] < 3).sum())


def test_a_board_of_five_is_shown_where_the_client_file_allows_five():
    staff = small_staff([0] * 8 + [1] * 5, {"s": [5, 6, 7, 8] * 3 + [9]}, minimum_base=5)
    assert layer_satisfaction(staff).hidden == ()
    assert layer_satisfaction(staff).table["base"].tolist() == [8, 5]


def test_a_layer_of_one_mind_is_hidden_as_it_tells_what_each_answered():
    staff = small_staff([0] * 9 + [1] * 9 + [2] * 9, {"s": [5, 6, 7] * 3 + [7] * 9 + [6, 7, 8] * 3})
    assert layer_satisfaction(staff).hidden == ("B",)


def test_one_layer_is_none_to_compare():
    staff = small_staff([0] * 9 + [1] * 4, {"s": [5, 6, 7] * 3 + [7, 8, 9, 9]})
    with pytest.raises(EstimationError, match="1 of the layers have 5 employees"):
        layer_satisfaction(staff)


def test_adding_a_constant_moves_the_means_and_no_difference():
    staff = simulated_staff(4)
    moved = small_staff(
        staff.layer.tolist(),
        {"s": (staff.answers["work_satisfaction"] + 1).tolist()},
        staff.team.tolist(),
        minimum_base=10,
    )
    before, after = layer_satisfaction(staff), layer_satisfaction(moved)
    assert after.table["layer_mean"].to_numpy() == pytest.approx(before.table["layer_mean"].to_numpy() + 1)
    assert after.pairs["p_adjusted"].to_numpy() == pytest.approx(before.pairs["p_adjusted"].to_numpy())
