"""What is said, drawn and printed of employees, in both languages; and the page."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from drivers.analyses.agreement import team_agreement
from drivers.analyses.layers import layer_satisfaction
from drivers.analyses.perception import perception_gaps
from drivers.analyses.team_link import team_links
from drivers.present.language import Language
from drivers.present.style import svg_text
from drivers.present.verbs import explain, legend, plot, table
from drivers.survey.survey import Survey
from staff_files import simulated_staff, small_staff

MADE = {
    "layers": lambda staff: layer_satisfaction(staff),
    "perception": lambda staff: perception_gaps(staff, customers()),
    "agreement": lambda staff: team_agreement(staff),
    "link": lambda staff: team_links(staff),
}


def customers():
    answers = np.tile([5.0, 6.0, 7.0, 8.0], 100)
    frame = pd.DataFrame({"csat": answers, "understood": answers, "other": np.arange(400) % 7 + 1.0})
    return Survey.from_frame(frame, "csat", ["understood", "other"], scale=(1, 10))


@pytest.fixture(scope="module")
def results():
    return {name: make(simulated_staff(1)) for name, make in MADE.items()}


@pytest.fixture(scope="module")
def nothing():
    """The null twin of everything; this seed shows nothing, as nineteen in twenty."""
    return {name: make(simulated_staff(4, layer_gap=0, view_gap=0, link=0)) for name, make in MADE.items()}


def said(result, code="en"):
    return " ".join(Language(code).say(line) for line in explain(result))


def test_a_layer_that_differs_is_told_with_its_interval(results):
    row = results["layers"].table.set_index("layer")["layer_mean"]
    text = said(results["layers"])
    assert text.startswith("Layers differ on “Satisfaction with the work”: the mean is ")
    assert f"{row['Sales and office']:.1f} for Sales and office" in text


def test_the_null_twin_is_answered_with_not_shown_everywhere(nothing):
    assert "That layers differ on “Satisfaction with the work” is not shown" in said(nothing["layers"])
    text = said(nothing["perception"])
    assert "that these differ is not shown" in text
    assert "No gap between Board and Floor is shown" in text
    assert "a gap of" not in text
    assert "who is right" not in text
    assert "No link of employee satisfaction with the team's" in said(nothing["link"])
    assert "Teams whose members" not in said(nothing["link"])
    assert "niet aangetoond" in said(nothing["layers"], "nl")


def test_the_level_of_the_layers_is_told_with_the_difference_that_is_left_open(nothing):
    ends = nothing["layers"].pairs[["layer_difference_low", "layer_difference_high"]].abs().to_numpy().max()
    assert f"leave room for a difference of {ends:.1f} points" in said(nothing["layers"])


def test_gaps_are_told_with_both_sides_and_who_is_right_is_left_open(results):
    text = said(results["perception"])
    assert "“The board knows what goes on” gets " in text
    assert "Information that comes down gets" in text
    assert text.endswith("A gap says that two sides see it differently, not who is right.")


def test_a_gap_below_zero_is_told_by_its_size(results):
    found = results["perception"]
    turned = found.gaps.assign(view_gap=-found.gaps["view_gap"])
    turned["view_gap_low"], turned["view_gap_high"] = -found.gaps["view_gap_high"], -found.gaps["view_gap_low"]
    assert "a gap of -" not in said(replace(found, gaps=turned))
    assert "less favourable than that: " in said(replace(found, gaps=turned))


def test_a_hidden_layer_is_named_with_the_reason_and_without_a_number():
    staff = simulated_staff(1, board=5)
    text = said(layer_satisfaction(staff))
    assert "Not shown: Board, as fewer than 10 answered, or all alike." in text
    assert "What Board sees is not shown" in said(perception_gaps(staff, customers()))


def test_a_question_that_nobody_may_be_shown_of_is_named():
    rows = {"s": [5, 6, 7] * 8, "a": [3, 4, *[np.nan] * 22], "b": [4, 5, 6, 7] * 6}
    text = said(perception_gaps(small_staff([0] * 12 + [1] * 12, rows)))
    assert "Not shown, as too few of any layer answered: “a”." in text


def test_more_gaps_than_a_board_reads_are_named_together(results):
    found = results["perception"]
    row = found.gaps[(found.gaps["gap_kind"] == "board") & found.gaps["shown"]].iloc[0]
    many = pd.DataFrame([row.to_dict() | {"staff_question": f"Q{k}", "view_gap": 4.0 - k / 10} for k in range(5)])
    text = said(replace(found, gaps=many))
    assert "A gap is shown too on “Q3” and “Q4”." in text
    assert text.count("a gap of") == 3


def test_links_are_told_in_points_and_percentage_points(results):
    rows = results["link"].table.set_index("team_result")
    text = said(results["link"])
    assert f"customers who are {rows.loc['customers', 'team_slope']:.2f} points more satisfied" in text
    assert f"an absence that is {-100 * rows.loc['absence', 'team_slope']:.1f} percentage points lower" in text
    assert "What comes first does not follow" in text
    assert "40 teams count, not" in text


def test_links_the_other_way_round_keep_their_sign(results):
    found = results["link"]
    ends = -found.table[["team_slope_high", "team_slope_low"]].to_numpy()
    turned = found.table.assign(
        team_slope=-found.table["team_slope"], team_slope_low=ends[:, 0], team_slope_high=ends[:, 1]
    )
    text = said(replace(found, table=turned))
    assert "points less satisfied" in text
    assert "absence that is" in text
    assert "percentage points higher" in text
    assert "lower" not in text


def test_a_link_whose_size_is_unknown_is_told_without_one(results):
    unsized = results["link"].table.assign(team_slope=np.nan, team_slope_low=np.nan, team_slope_high=np.nan)
    text = said(replace(results["link"], table=unsized))
    assert "how large it is cannot be told" in text
    assert "–" not in text
    assert [row[3] for row in table(replace(results["link"], table=unsized)).rows] == ["–"] * 3


def test_ten_teams_are_told_to_be_ten():
    assert "10 teams are 10 observations, however many employees" in said(team_links(simulated_staff(1, teams=10)))


def test_teams_that_do_not_differ_are_told_so(results):
    assert "little that could go with" in said(replace(results["link"], differ=False))
    assert "little that could go with" not in said(results["link"])
    level = results["agreement"].table.assign(p_value=0.4)
    assert "That teams of Floor differ in satisfaction is not shown." in said(
        replace(results["agreement"], table=level)
    )


@pytest.mark.parametrize("code", ["en", "nl"])
@pytest.mark.parametrize("name", sorted(MADE))
def test_every_result_prints_in_both_languages(results, name, code):
    printed = table(results[name], Language(code))
    assert all(len(row) == len(printed.headers) == len(printed.numeric) for row in printed.rows)
    assert len(printed.rows) > 0
    assert "{" not in said(results[name], code) + Language(code).say(results[name].method)


@pytest.mark.parametrize("name", ["layers", "perception"])
def test_pictures_hold_every_layer_and_the_whole_scale(results, name):
    drawn = svg_text(plot(results[name], Language("nl")), "x")
    assert all(layer in drawn for layer in ("Floor", "Board", *(["Klanten"] if name == "perception" else [])))
    assert plot(results[name]).axes[0].get_xlim() == (1, 10)
    assert "whole scale" in str(legend(results[name]))


def test_a_result_names_itself_in_one_line(results):
    for result in results.values():
        assert type(result).__name__ in repr(result)
        assert "\n" not in repr(result)
