from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.samples import golden
from drivers.analyses.basis import joint_resample
from drivers.analyses.commonality import driver_commonality
from drivers.analyses.dominance import driver_dominance
from drivers.core.dominance import complete_dominance, general_dominance
from drivers.core.moments import Moments
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.present.language import Language
from drivers.present.verbs import legend, plot
from drivers.survey.survey import Survey
from made_surveys import made_survey


def attitude(columns=None):
    data = golden("attitude")
    frame = pd.DataFrame(data.data)[[data.outcome, *(columns or data.drivers)]]
    return data, Survey.from_frame(frame, data.outcome)


def test_the_levels_of_dominance_of_attitude_follow_from_domirs_proportions():
    data, survey = attitude()
    found = driver_dominance(survey, joint_resample(survey, draws=50)).table
    places = {name: i for i, name in enumerate(data.drivers)}
    complete = np.array(data.complete, dtype=float)
    for _, row in found.iterrows():
        i, j = places[row["driver"]], places[row["other"]]
        assert row["complete_share"] == pytest.approx(complete[i, j], abs=1e-9)
        conditional = np.array(data.conditional)
        level = (
            "complete"
            if complete[i, j] == 1
            else "conditional"
            if (conditional[i] > conditional[j]).all()
            else "general"
        )
        assert row["dominance"] == level


def test_conditional_dominance_is_domirs():
    data, survey = attitude()
    found = driver_dominance(survey, joint_resample(survey, draws=5)).conditional
    np.testing.assert_allclose(found["mean_gain"].to_numpy().reshape(6, 6), data.conditional, atol=1e-10)


def test_reproducibility_is_the_share_of_draws_that_say_the_same():
    data, survey = attitude(("complaints", "learning", "raises"))
    resample = joint_resample(survey, draws=40)
    found = driver_dominance(survey, resample).table.set_index(["driver", "other"])
    z = np.column_stack([data.data[c] for c in ("complaints", "learning", "raises", data.outcome)]).astype(float)
    crosses = [Moments.from_rows(tuple("abcd"), z, counts.astype(float)).cross for counts in resample.counts]
    complete = np.mean([complete_dominance(cross)[1, 2] == 1 for cross in crosses])
    general = np.mean([general_dominance(cross)[1] > general_dominance(cross)[2] for cross in crosses])
    row = found.loc[("learning", "raises")]
    assert row["complete_reproduced"] == pytest.approx(complete, abs=1e-12)
    assert row["general_reproduced"] == pytest.approx(general, abs=1e-12)


def test_a_draw_that_is_the_sample_reproduces_everything():
    _, survey = attitude()
    found = driver_dominance(survey, Resample(np.ones((3, 30), dtype=np.uint8))).table
    assert (found.loc[found["dominance"] == "complete", "complete_reproduced"] == 1.0).all()
    assert (found.loc[found["dominance"] != "complete", "complete_reproduced"] == 0.0).all()


def test_twins_are_one_driver_on_one_scale_and_refused_on_two():
    _, survey = attitude(("complaints", "learning", "raises"))
    twins = replace(survey, answers=survey.answers.assign(learning=survey.answers["complaints"]))
    same = replace(twins, scales={**survey.scales, "learning": survey.scales["complaints"]})
    row = driver_dominance(same, joint_resample(same, draws=20)).table.iloc[0]
    assert (row["driver"], row["other"]) == ("complaints + learning", "raises")
    for analysis in (driver_dominance, driver_commonality):
        with pytest.raises(EstimationError, match="or their scales differ"):
            analysis(twins, joint_resample(twins, draws=20))


def test_the_commonality_of_attitude_is_yhats():
    """R package yhat: unique .2576 .0244 .0003, total .7083."""
    _, survey = attitude(("complaints", "learning", "raises"))
    found = driver_commonality(survey, joint_resample(survey, draws=200))
    unique = found.table.set_index("driver")["unique"]
    np.testing.assert_allclose(unique[["complaints", "learning", "raises"]], [0.2576, 0.0244, 0.0003], atol=5e-5)
    parts = found.parts.set_index("members")["part"]
    assert parts["complaints, learning, raises"] == pytest.approx(0.2843, abs=5e-5)
    assert parts["complaints, raises"] == pytest.approx(0.0614, abs=5e-5)
    assert found.r_squared == pytest.approx(0.7083, abs=5e-5)
    assert parts.sum() == pytest.approx(found.r_squared, abs=1e-12)
    table = found.table
    np.testing.assert_allclose(table["unique"] + table["common"], table["alone"], atol=1e-12)
    assert (table["alone_low"] < table["alone"]).all()


def test_with_drivers_that_do_not_overlap_nothing_is_common():
    x = np.array([[a, b] for a in (-1.0, 1.0) for b in (-1.0, 1.0)] * 25)
    y = x @ [2.0, 1.0] + np.tile([0.5, -0.5, -0.5, 0.5], 25)
    survey = Survey.from_frame(pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "y": y}), "y")
    found = driver_commonality(survey, joint_resample(survey, draws=20))
    assert found.common == pytest.approx(0.0, abs=1e-12)


def test_a_suppressor_has_a_negative_common_part():
    rng = np.random.default_rng(1)
    noise, true = rng.normal(size=(2, 2000))
    frame = pd.DataFrame({"a": true + noise, "b": noise, "y": true + 0.5 * rng.normal(size=2000)})
    survey = Survey.from_frame(frame, "y")
    found = driver_commonality(survey, joint_resample(survey, draws=50))
    assert found.parts["part"].min() < -0.1
    assert found.table.set_index("driver").loc["b", "common"] < -0.1


def test_one_driver_and_its_indicator_of_not_applicable_are_one_player():
    rng = np.random.default_rng(5)
    x = rng.integers(1, 8, size=(400, 3)).astype(float)
    y = x @ [0.6, 0.3, 0.1] + rng.normal(size=400)
    x[rng.random(400) < 0.3, 0] = np.nan
    survey = Survey.from_frame(pd.DataFrame(np.column_stack([x, y]), columns=["a", "b", "c", "y"]), "y")
    asked = replace(survey, missing_policy="not_applicable")
    resample = joint_resample(asked, draws=30)
    assert len(driver_dominance(asked, resample).table) == 3
    assert set(driver_commonality(asked, resample).table["driver"]) == {"a", "b", "c"}


@pytest.mark.parametrize("code", ["en", "nl"])
def test_the_picture_has_one_line_a_driver_with_what_it_adds_and_colours_the_first_four(code):
    found = driver_dominance(made_survey(400, slopes=(0.9, 0.7, 0.5, 0.3, 0.1), seed=3))
    ax = plot(found, Language(code)).axes[0]
    drawn = {tuple(np.round(line.get_ydata(), 12)) for line in ax.lines}
    assert drawn == {tuple(np.round(rows["mean_gain"], 12)) for _, rows in found.conditional.groupby("driver")}
    assert len(ax.get_legend().get_texts()) == 4
    assert "conditional dominance" in Language(code).say(legend(found))
