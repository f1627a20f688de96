from dataclasses import replace

import numpy as np
import pytest

from drivers.analyses.curves import effect_curves
from drivers.analyses.necessity import necessary_conditions
from drivers.analyses.shape import driver_shapes
from drivers.present.language import Language
from drivers.present.necessity import bottleneck_table
from drivers.present.sections import section
from drivers.present.verbs import explain, legend, plot, table
from shaped_surveys import needing_survey, shaped_survey

LANGUAGES = (Language("en"), Language("nl"))


@pytest.fixture(scope="module")
def shapes():
    return driver_shapes(shaped_survey(2000, 0), draws=100)


@pytest.fixture(scope="module")
def curves():
    return effect_curves(shaped_survey(2000, 0), draws=100)


@pytest.fixture(scope="module")
def needed():
    return necessary_conditions(needing_survey(2000, 1), permutations=200)


def said(result, language=LANGUAGES[0]):
    return [language.say(line) for line in explain(result)]


def changed(result, driver, **cells):
    frame = result.table.copy()
    for column, cell in cells.items():
        frame.loc[frame["driver"] == driver, column] = cell
    return replace(result, table=frame)


@pytest.mark.parametrize("name", ["shapes", "curves", "needed"])
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda x: x.code)
def test_every_result_is_told_drawn_and_printed_in_both_languages(name, language, request):
    result = request.getfixturevalue(name)
    assert all(said(result, language))
    assert plot(result, language).axes
    assert language.say(legend(result))
    printed = table(result, language)
    assert len(printed.rows) == 4
    assert {len(row) for row in printed.rows} == {len(printed.headers)}
    assert not [cell for row in printed.rows for cell in row if cell in ("nan", "None", "")]


def test_the_kinds_lead_and_each_is_told_with_both_sides(shapes):
    lines = said(shapes)
    assert lines[0].endswith("one): must.")
    assert lines[1].endswith("one): delight.")
    row = shapes.table.set_index("driver").loc["must"]
    told = next(line for line in lines if line.startswith("must (basic factor)"))
    assert f"a low rating (3 or lower) goes with {-row['penalty']:+.2f} points of satisfaction" in told
    assert f"({-row['penalty_high']:+.2f} to {-row['penalty_low']:+.2f})" in told
    assert f"a high one (8 or higher) with {row['reward']:+.2f}" in told


def test_where_no_kind_is_called_that_is_said_first(shapes):
    unclear = replace(shapes, table=shapes.table.assign(shape="unclear", shape_reason="between"))
    lines = said(unclear)
    assert lines[0].startswith("In these data no driver is shown to be one that must be right")
    assert lines[1].startswith("An effect is shown, but not clearly of one kind: ")
    assert not [line for line in lines if "basic" in line or "goes with -" in line]


@pytest.mark.parametrize(
    "reason", ["few_low", "few_middle", "few_high", "not_shown", "turned", "collinear", "two_answers"]
)
def test_every_reason_names_its_drivers(shapes, reason):
    result = changed(shapes, "step", shape="unclear", shape_reason=reason)
    with_it = [line for line in said(result) if "step" in line]
    assert len(with_it) == 1
    assert not with_it[0].startswith("What")
    assert ("fewer than 30" in " ".join(said(result))) == reason.startswith("few")
    assert next(row[5] for row in table(result).rows if row[0] == "step").startswith("unclear: ")


def test_a_ceiling_is_told_with_its_share(shapes):
    full = changed(shapes, "step", ceiling=True, top_share=0.62)
    assert said(full)[-1] == "62% already give the highest answer on step, so for them there is no room left."
    two = changed(full, "must", ceiling=True, top_share=0.5)
    assert said(two)[-1].startswith("50% or more already give the highest answer")
    assert said(two)[-1].endswith(": step and must.")


def test_a_driver_without_estimate_is_printed_as_dashes_and_drawn_without_bars(shapes):
    row = dict.fromkeys(
        [c for c in shapes.table if c.startswith(("penalty", "reward")) or c.endswith("_probability")], np.nan
    )
    gone = changed(shapes, "step", **row, shape="unclear", shape_reason="few_low")
    printed = next(r for r in table(gone).rows if r[0] == "step")
    assert printed[3] == printed[4] == "–"
    assert len(plot(gone).axes[0].patches) == len(plot(shapes).axes[0].patches) - 2


def test_bends_are_told_and_straight_lines_are_not(curves):
    lines = said(curves)
    assert any(line.startswith("must: the effect flattens. One point more goes with +0.") for line in lines)
    assert any(line.startswith("delight: the effect steepens.") for line in lines)
    assert not any(line.startswith(("step", "idle")) for line in lines)
    bent = said(changed(curves, "step", bend="other"))
    assert any(line.startswith("step: the effect is no straight line") for line in bent)


def test_without_a_bend_or_without_a_test_that_is_said(curves):
    straight = replace(curves, table=curves.table.assign(bend="none"))
    assert said(straight) == ["For no driver is it shown that its effect bends: straight lines are used for all."]
    untested = replace(curves, table=curves.table.assign(bend="untested"))
    assert said(untested)[0].startswith("There are too few answers")


def test_at_most_six_curves_are_drawn(curves):
    many = replace(curves, table=curves.table.loc[[0, 1, 2, 3, 0, 1, 2, 3]].reset_index(drop=True))
    assert len([ax for ax in plot(many).axes if ax.get_visible()]) == 6


def test_a_condition_is_told_by_its_respondents_and_never_as_a_cause(needed):
    row = needed.table.set_index("driver").loc["needed"]
    lines = said(needed)
    assert row["exceptions"] == 0
    whom = f"Of the {row['below_base']} customers who rated needed below 5, "
    assert lines[0] == whom + "nobody was satisfied (8 or higher)."
    assert "no proof of cause" in lines[1]
    few = changed(needed, "needed", exceptions=3)
    assert said(few)[0].startswith(whom + "only 3 (")
    assert said(few)[0].endswith("were satisfied (8 or higher).")


def test_without_a_condition_that_is_said_and_nothing_else(needed):
    nothing = replace(needed, table=needed.table.assign(necessary=False))
    assert len(said(nothing)) == 1
    assert said(nothing)[0].startswith("No driver is shown to be one without which")


def test_the_bottleneck_table_has_a_row_a_level_and_a_column_a_condition(needed):
    printed = bottleneck_table(needed, Language("en"))
    assert printed.headers == ("Satisfaction", "needed: rating needed")
    assert [row[0] for row in printed.rows] == [f"{k}0%" for k in range(1, 11)]
    assert printed.rows[0][1] == "not needed"
    assert printed.rows[-1][1].endswith("%")


def test_the_section_shows_curves_and_bottlenecks_only_where_there_is_something_to_see(sample_findings, curves, needed):
    findings = sample_findings["2025"]  # in truth straight, and nothing necessary
    assert len(section(findings, "shape").pictures) == 1
    assert not section(findings, "shape").tables
    bent = section(replace(findings, curves=curves, necessity=needed), "shape")
    assert len(bent.pictures) == 2
    assert len(bent.tables) == 1
    assert len(section(replace(findings, curves=None, necessity=None), "shape").methods) == 1


def test_without_any_estimate_the_section_has_no_picture_of_penalties(sample_findings):
    findings = sample_findings["2025"]
    nothing = findings.shape.table.assign(penalty=np.nan, reward=np.nan, shape="unclear", shape_reason="few_low")
    assert not section(replace(findings, shape=replace(findings.shape, table=nothing)), "shape").pictures
