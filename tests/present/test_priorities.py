"""What to fix first, stated importance and paths: what is said, drawn and printed."""

import warnings
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from drivers.analyses.findings import client_findings
from drivers.analyses.paths import path_model, path_priorities
from drivers.analyses.priorities import driver_priorities
from drivers.analyses.stated import stated_importance
from drivers.errors import DriversWarning
from drivers.present.language import Language
from drivers.present.sections import SECTIONS, section
from drivers.present.style import svg_text
from drivers.present.verbs import explain, legend, plot, table
from drivers.survey.paths import PathPlan
from drivers.survey.survey import Scale
from made_surveys import made_client, made_survey, with_answers

PLAN = PathPlan(
    MappingProxyType({"d0": ("d0",), "Rest": ("d1", "d2"), "satisfaction": ("csat",)}),
    MappingProxyType({"Rest": ("d0",), "satisfaction": ("d0", "Rest")}),
)


def said(result, code="en"):
    return [Language(code).say(line) for line in explain(result)]


@pytest.fixture(scope="module")
def survey():
    made = made_survey(600)
    rng = np.random.default_rng(5)
    stated = {f"s{j}": np.clip(np.rint(mean + rng.normal(size=600)), 1, 10) for j, mean in enumerate((5, 7, 9))}
    low = {"d0": np.clip(made.answers["d0"] - 1, 1, 10)}
    survey = with_answers(made, **low, **stated)
    scales = MappingProxyType({**made.scales, **dict.fromkeys(stated, Scale(1, 10))})
    return replace(survey, scales=scales, stated=MappingProxyType({f"d{j}": f"s{j}" for j in range(3)}), paths=PLAN)


@pytest.fixture(scope="module")
def results(survey):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DriversWarning)
        model = path_model(survey, draws=60)
    return {
        "effect": driver_priorities(survey, draws=60),
        "share": driver_priorities(survey, draws=60, importance="share"),
        "stated": stated_importance(survey, draws=60),
        "paths": model,
        "blocks": path_priorities(model),
    }


def changed(result, driver, **cells):
    frame = result.table.copy()
    for column, cell in cells.items():
        frame.loc[frame["driver"] == driver, column] = cell
    return replace(result, table=frame)


def nothing(result):
    frame = result.table.assign(call="undecided")
    return replace(result, table=frame)


@pytest.mark.parametrize("name", ["effect", "share", "stated", "paths", "blocks"])
@pytest.mark.parametrize("code", ["en", "nl"])
def test_every_result_is_said_drawn_and_printed(results, name, code):
    language = Language(code)
    assert all(said(results[name], code))
    assert language.say(legend(results[name]))
    printed = table(results[name], language)
    assert {len(row) for row in printed.rows} == {len(printed.headers)}
    assert not [cell for row in printed.rows for cell in row if cell in ("nan", "None", "")]
    assert svg_text(plot(results[name], language), "a") == svg_text(plot(results[name], language), "a")


def test_what_is_first_is_named_with_its_probability(results):
    result = changed(nothing(results["effect"]), "d0", call="fix_first", fix_first_probability=0.92)
    assert said(result)[0] == (
        "Fix first: d0 (probability 92%). It matters more than the average aspect and is rated lower."
    )
    both = changed(result, "d1", call="fix_first", fix_first_probability=0.997)
    assert "d0 (probability 92%) and d1 (probability >99%). They matter more" in said(both)[0]


def test_what_cannot_be_told_apart_is_named_with_it(results):
    result = changed(changed(nothing(results["effect"]), "d0", call="fix_first"), "d1", call="rival")
    assert said(result)[1].startswith("Not clearly behind: d1.")


def test_nothing_is_called_first_without_the_certainty(results):
    result = changed(nothing(results["effect"]), "d0", fix_first_probability=0.7, effect_shown=True)
    lines = said(result)
    assert lines[0].startswith("Nothing can be called first")
    assert lines[1] == "Nearest to it comes d0 (probability 70%)."


def test_an_effect_that_is_not_shown_is_said_to_be_no_reason(results):
    result = changed(nothing(results["effect"]), "d0", fix_first_probability=0.95, effect_shown=False)
    lines = said(result)
    assert not any("Nearest" in line for line in lines)
    assert any(line.startswith("Not recommended, though rated low: d0.") for line in lines)
    assert not any("gained with d0" in line for line in lines)


@pytest.mark.parametrize(("probability", "start"), [(0.95, "Most is"), (0.5, "Perhaps most is")])
def test_the_largest_gain_is_hedged_by_its_probability(results, probability, start):
    top = results["effect"].table.iloc[0]["driver"]
    result = changed(results["effect"], top, first_gain_probability=probability, effect_shown=True, gain_low=1.0)
    assert any(line.startswith(f"{start} to be gained with {top}") for line in said(result))


def test_a_path_through_others_only_is_said_so(results):
    frame = results["paths"].effects.copy()
    place = (frame["block"] == "d0") & (frame["target"] == "satisfaction")
    frame.loc[place, ["direct_effect_low", "direct_effect_high", "indirect_effect_low"]] = (-0.1, 0.1, 0.2)
    lines = said(replace(results["paths"], effects=frame))
    assert "Only through other aspects, as no effect of its own beside that is shown: d0." in lines
    assert "assumption" in lines[-1]


@pytest.mark.parametrize(
    ("low", "high", "start"),
    [(0.2, 0.9, "What customers call important and"), (-0.5, 0.5, "It is not shown"), (-0.9, -0.2, "Customers call")],
)
def test_stated_importance_is_graded_by_its_interval(results, low, high, start):
    result = replace(results["stated"], rank_correlation_low=low, rank_correlation_high=high)
    assert said(result)[0].startswith(start)


@pytest.fixture(scope="module")
def findings(survey):
    return client_findings(survey, made_client(survey))


def test_the_section_shows_the_map_then_the_blocks_and_what_customers_say(findings):
    made = section(findings, "priorities")
    assert [len(p.data.rows) for p in made.pictures] == [3, 2]
    assert len(made.tables) == 2
    assert any("Taken in blocks" in line for line in made.paragraphs)
    assert any("rank correlation" in line for line in made.paragraphs)
    assert len(made.methods) == 3
    assert "Fix first" in made._repr_html_()


def test_the_summary_says_what_comes_first(findings):
    made = section(findings, "summary")
    listed = [line for _, lines in made.lists for line in lines]
    assert made.lead.startswith("Begin with ‘d0’:")
    assert any(line.startswith("Fix ‘d0’ first") for line in listed)
    assert said(findings.priorities)[0] not in listed  # the answer says it; its probability is beyond doubt


def test_the_summary_tells_the_probability_of_what_comes_first_where_it_is_in_doubt(findings):
    doubtful = findings.priorities.table.assign(fix_first_probability=0.95)
    unsure = replace(findings, priorities=replace(findings.priorities, table=doubtful))
    line = said(unsure.priorities)[0]
    assert line.startswith("Fix first: d0 (probability 95%)")
    assert line in [line for _, lines in section(unsure, "summary").lists for line in lines]


def test_without_a_ranking_there_is_no_map_and_no_path(survey):
    noise = np.random.default_rng(1).integers(1, 11, 600).astype(float)
    empty = with_answers(survey, csat=noise)
    findings = client_findings(empty, made_client(empty, leaving=False))
    assert findings.importance is None
    assert findings.priorities is findings.stated is findings.paths is findings.path_priorities is None
    made = section(findings, "priorities")
    assert not made.pictures
    assert not made.tables
    assert made.lead == "What to fix first is not said, because no ranking of these aspects is drawn."


def test_a_part_that_has_no_result_leaves_its_reason(survey):
    only = replace(survey, stated=MappingProxyType({"d0": "s0"}), paths=replace(PLAN, to=MappingProxyType({})))
    findings = client_findings(only, made_client(only))
    made = section(findings, "priorities")
    assert any("at least three drivers" in line for line in made.paragraphs)
    assert any("No path model was computed" in line for line in made.paragraphs)
    assert len(made.pictures) == 1


def test_the_section_comes_after_the_drivers():
    assert SECTIONS.index("drivers") < SECTIONS.index("priorities") < SECTIONS.index("loyalty")
