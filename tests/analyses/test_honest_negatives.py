"""What these analyses must not claim, on surveys whose truth is known."""

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from drivers.analyses.basis import joint_resample
from drivers.analyses.findings import client_findings
from drivers.analyses.importance import driver_importance
from drivers.analyses.reliability import battery_reliability
from drivers.present.sections import section
from drivers.present.verbs import explain, plot, table
from drivers.survey.survey import Survey
from made_surveys import made_client, made_survey, with_answers


def importance(survey, draws=200):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return driver_importance(survey, joint_resample(survey, draws=draws))


def noise_only(seed, n=400, p=5):
    survey = made_survey(n, slopes=(0.0,) * p, seed=seed)
    return with_answers(
        survey, csat=np.clip(np.rint(np.random.default_rng(10_000 + seed).normal(7, 1.5, size=n)), 1, 10)
    )


def test_noise_is_ranked_in_five_of_a_hundred_surveys_at_most():
    ranked = [importance(noise_only(seed), draws=20).table["beyond_noise"].any() for seed in range(100)]
    assert np.mean(ranked) <= 0.1  # 5%, and two sigmas of 100 surveys


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_report_on_noise_shows_no_ranking_anywhere(seed):
    survey = noise_only(seed)
    findings = client_findings(survey, made_client(survey))
    assert findings.importance is None
    assert findings.chain is None
    pages = {name: section(findings, name)._repr_html_() for name in ("summary", "drivers", "plan", "quality")}
    assert "No ranking is drawn" in pages["drivers"]
    assert not [name for name, page in pages.items() if "strongest" in page or "comes first" in page]


def test_of_noise_no_leader_is_named_and_neither_ranks_nor_letters_are_printed():
    result = importance(noise_only(0))
    assert not result.table["beyond_noise"].any()
    said = [str(line) for line in explain(result)]
    assert said[0].startswith("None of these drivers accounts for more than pure noise could")
    assert len(said) == 1
    assert set(table(result).headers) & {"Rank", "Group", "Probability of each rank"} == set()
    axes = plot(result).axes[0]
    assert not [text.get_text() for text in axes.texts if text.get_text().isalpha()]
    assert len({patch.get_facecolor() for patch in axes.patches}) == 1


def test_two_twins_are_grouped_in_every_survey():
    for seed in range(40):
        survey = made_survey(300, seed=seed)
        rng = np.random.default_rng(seed)
        twin = survey.answers["d0"] + rng.choice([-1, 0, 0, 0, 0, 0, 0, 0, 0, 1], size=300) * 0.9
        result = importance(with_answers(survey, d2=twin), draws=20)
        assert result.groups == (("d0", "d2"),)


def with_suppressor(seed, n=600):
    """d1 measures only what is wrong with d0: unrelated to the outcome, it helps beside d0 alone."""
    rng = np.random.default_rng(seed)
    real, error = rng.normal(size=n), rng.normal(size=n)
    frame = pd.DataFrame({"d0": real + error, "d1": error + 0.4 * rng.normal(size=n), "d2": rng.normal(size=n)})
    return Survey.from_frame(frame.assign(y=real + 0.3 * frame["d2"] + 0.8 * rng.normal(size=n)), "y")


def test_a_suppressor_is_named_and_not_recommended():
    named = []
    for seed in range(25):
        result = importance(with_suppressor(seed))
        row = result.table.set_index("driver").loc["d1"]
        assert row["slope_high"] < 0
        named.append(bool(row["suppressor"]) or "d1" in _named(result, "sign_flip"))
        assert not [line for line in map(str, explain(result)) if line.startswith("One point more on d1")]
        assert not result.table.set_index("driver").loc[["d0", "d2"], "suppressor"].any()
    assert np.mean(named) == 1
    result = importance(with_suppressor(0))
    assert _named(result, "suppressor") == ["d1"]
    assert any("Do not act on it" in str(n) for n in result.notices)


def _named(result, kind):
    return [name for n in result.notices if n.kind == kind for name in n.sentence.values["names"]]


def test_noise_and_ordinary_drivers_are_hardly_ever_called_suppressors():
    named = [
        importance(made_survey(300, slopes=(0.5, 0.3, 0.0), seed=s), draws=100).table["suppressor"].sum()
        for s in range(50)
    ]
    assert np.mean(named) <= 0.02


def test_a_reversed_item_is_found_and_its_effect_is_told_the_right_way_round():
    survey = made_survey(500, slopes=(0.5, 0.4, 0.3, 0.3), halo=0.7)
    turned = with_answers(survey, d1=11 - survey.answers["d1"])
    found = battery_reliability(replace(turned, batteries={"all": turned.drivers}))
    items = found.items.set_index("driver")["possibly_reversed"]
    assert items[items].index.tolist() == ["d1"]
    said = [str(line) for line in explain(importance(turned))]
    assert any(line.startswith("One point more on d1") and "less satisfaction" in line for line in said)
