"""Teams: agreement, links with what they achieve, their null twin, and that ten teams are ten."""

import warnings

import numpy as np
import pandas as pd
import pytest

from drivers.analyses.agreement import team_agreement
from drivers.analyses.employees import staff_reliability
from drivers.analyses.team_link import team_links
from drivers.core.battery import cronbach_alpha
from drivers.errors import EstimationError
from drivers.simulate.employees import employee_truth
from staff_files import simulated_staff, small_staff

RESULTS = {"customers": "customer_satisfaction", "absence": "absence", "turnover": "turnover"}


def test_links_hold_the_truth_over_many_seeds():
    truth, inside, shown = employee_truth().slopes, [], []
    for seed in range(20):
        table = team_links(simulated_staff(seed)).table.set_index("team_result")
        shown.append(table["shown"].mean())
        known = table[table["team_slope"].notna()]
        inside += [
            known.loc[k, "team_slope_low"] <= truth[RESULTS[k]] <= known.loc[k, "team_slope_high"] for k in known.index
        ]
    assert np.mean(inside) >= 0.88  # some 70 intervals of 95%, three of one file not independent
    assert np.mean(shown) > 0.85


def test_the_null_twin_shows_no_link_in_nineteen_of_twenty_seeds():
    wrong = [team_links(simulated_staff(seed, link=0)).table["shown"].any() for seed in range(20)]
    assert sum(wrong) <= 4


def test_ten_teams_show_less_than_forty_however_many_employees():
    few, many = ([team_links(simulated_staff(s, teams=t)).table["shown"].mean() for s in range(20)] for t in (10, 40))
    assert np.mean(few) < np.mean(many) - 0.2
    table = team_links(simulated_staff(1, teams=10)).table
    assert table["teams"].tolist() == [10] * 3
    assert table["least_correlation"].iloc[0] == pytest.approx(np.tanh(2.8016 / np.sqrt(7)), abs=1e-4)


def test_agreement_holds_the_true_share_between_teams():
    truth = employee_truth().icc1
    rows = [team_agreement(simulated_staff(seed)).table.iloc[0] for seed in range(20)]
    assert np.mean([row["icc1_low"] <= truth <= row["icc1_high"] for row in rows]) >= 0.87
    assert np.mean([row["icc1"] for row in rows]) == pytest.approx(truth, abs=0.03)


def test_only_the_floor_counts_in_teams():
    staff = simulated_staff(1)
    found = team_agreement(staff)
    assert found.base <= int((staff.layer == 0).sum())
    changed = staff.answers["work_satisfaction"].where(staff.layer != 1, 1.0)
    other = small_staff(staff.layer.tolist(), {"s": changed.tolist()}, staff.team.tolist(), minimum_base=10)
    assert team_agreement(other).table["icc1"].iloc[0] == found.table["icc1"].iloc[0]


def teams(count, size, more=()):
    rng = np.random.default_rng(5)
    team = np.repeat(np.arange(count), size)
    y = np.clip(np.rint(7 + rng.standard_normal(count)[team] + rng.standard_normal(len(team))), 1, 10)
    return [0] * len(team) + [1] * 12, {"s": [*y, *[5, 7] * 6]}, [*team, *[-1] * 12]


def test_five_teams_are_too_few_to_say_anything():
    with pytest.raises(EstimationError, match="5 teams of A have 3 members"):
        team_agreement(small_staff(*teams(5, 8)))


def test_teams_of_two_do_not_count():
    with pytest.raises(EstimationError, match="0 teams of A"):
        team_agreement(small_staff(*teams(12, 2)))


def test_a_result_of_few_teams_or_the_same_in_all_is_no_link():
    layer, answers, team = teams(8, 5)
    results = pd.DataFrame({"absence": [0.1] * 4 + [np.nan] * 4, "turnover": [0.2] * 8})
    staff = small_staff(layer, answers, team, results=results)
    with pytest.raises(EstimationError, match="No result is known of 6 teams"):
        team_links(staff)


def test_teams_that_do_not_differ_give_no_size_of_a_link():
    rng = np.random.default_rng(8)
    team = np.repeat(np.arange(12), 5)
    y = [float(a) for _ in range(12) for a in rng.permutation([5, 6, 7, 8, 9])]
    y[0] = 6.0
    staff = small_staff([0] * 60, {"s": y}, team.tolist(), results=pd.DataFrame({"absence": rng.random(12)}))
    found = team_links(staff)
    assert not found.differ
    assert found.table["team_slope"].isna().all()
    assert np.isfinite(found.table["p_value"]).all()


def test_members_who_all_answer_like_their_team_end_in_no_number_but_no_failure():
    team = np.repeat(np.arange(8), 4)
    staff = small_staff(
        [0] * 32,
        {"s": [float(3 + k % 5) for k in team]},
        team.tolist(),
        results=pd.DataFrame({"absence": np.arange(8) / 50}),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = team_links(staff).table
    assert np.isfinite(table["team_slope"]).all()


def test_no_number_of_a_single_team_or_employee_is_in_any_table():
    staff = simulated_staff(1)
    frames = (team_agreement(staff).table, team_links(staff).table)
    assert all(len(frame) <= 3 for frame in frames)
    assert all((frame["base"] >= staff.minimum_base).all() for frame in frames)


def test_batteries_of_employees_have_their_reliability_without_hidden_layers():
    staff = simulated_staff(1, board=5)
    found = staff_reliability(staff).table
    rows = staff.answers.loc[staff.layer < 3, ["pride", "growth", "appreciation"]].dropna()
    assert found["battery"].tolist() == ["Joy in the work"]
    assert found["base"].tolist() == [len(rows)]
    assert found["alpha"].iloc[0] == pytest.approx(cronbach_alpha(rows.to_numpy()))
