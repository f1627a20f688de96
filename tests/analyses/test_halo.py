from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from drivers import explain, joint_resample, plot, rating_halo, table
from drivers.errors import EstimationError
from drivers.present.language import Language
from drivers.survey.survey import Survey
from made_surveys import drawn, made_survey, repeated_draw, with_weights

pytestmark = pytest.mark.filterwarnings("ignore::drivers.errors.DriversWarning")

LOADINGS = np.array([0.8, 0.7, 0.75, 0.65, 0.7, 0.6])


def rated(own, tie, seed, n=600, loadings=LOADINGS):
    """Ratings on one factor; satisfaction follows the drivers by `own` and the factor itself by `tie`."""
    rng = np.random.default_rng(seed)
    factor = rng.normal(size=n)
    x = factor[:, None] * loadings + rng.normal(size=(n, len(loadings))) * np.sqrt(1 - loadings**2)
    y = x @ np.asarray(own) + tie * factor + 0.6 * rng.normal(size=n)
    frame = pd.DataFrame(x, columns=[f"d{j}" for j in range(len(loadings))]).assign(csat=y)
    return Survey.from_frame(frame, "csat")


def halo(survey, draws=150):
    return rating_halo(survey, joint_resample(survey, draws=draws))


def said(result):
    return " ".join(Language().say(line) for line in explain(result))


NOTHING = np.zeros(6)
TWO = np.array([0.6, 0.0, 0.0, 0.5, 0.0, 0.0])


def test_a_general_impression_alone_leaves_nothing_attribute_specific_and_says_so():
    """All drivers are judged together at 95%, so that one in twenty surveys may go wrong; of 40 at most five."""
    found = [halo(rated(NOTHING, 0.8, seed)) for seed in range(40)]
    wrong = [h for h in found if h.table["adds"].any()]
    assert len(wrong) <= 5
    assert all(h.general for h in found)
    assert np.mean([h.general_most for h in found]) > 0.97
    assert np.mean([h.general_share for h in found]) > 0.80
    text = said(next(h for h in found if not h.table["adds"].any()))
    assert "no aspect is shown to add anything of its own" in text


def test_without_a_general_impression_the_shares_stay_as_they_are():
    for seed in range(8):
        survey = rated(TWO, 0.0, seed, loadings=np.zeros(6))
        result = halo(survey, 20)
        assert not result.general
        for end in ("", "_low", "_high"):
            np.testing.assert_array_equal(result.table[f"specific_share{end}"], result.table[f"share{end}"])
        assert np.isnan(result.general_share)
    assert "the shares stay as they are" in said(result)


def test_drivers_with_an_effect_of_their_own_are_found_beside_a_general_impression():
    hits, false = 0, 0
    for seed in range(20):
        adds = halo(rated(TWO, 0.3, seed)).table.set_index("driver")["adds"]
        hits += int(adds[["d0", "d3"]].sum())
        false += int(adds[["d1", "d2", "d4", "d5"]].sum())
    assert hits >= 36  # of 40
    assert false <= 2


def test_shares_divide_as_the_truth_does():
    """Satisfaction follows two drivers only: the general part runs through them, the others keep nothing."""
    survey = rated(TWO, 0.0, 1, n=20000)
    result = halo(survey, 20)
    r = np.outer(LOADINGS, LOADINGS)
    np.fill_diagonal(r, 1.0)
    explained = TWO @ r @ TWO
    assert result.general_share == pytest.approx((TWO @ LOADINGS) ** 2 / explained, abs=0.02)
    own = TWO**2 * (1 - LOADINGS**2) / explained
    specific = result.table.set_index("driver")["specific_share"].loc[[f"d{j}" for j in range(6)]]
    np.testing.assert_allclose(specific, own, atol=0.02)
    assert result.general_share < result.general_most < 1


def test_general_and_specific_shares_add_up_to_one_with_a_control_too():
    controlled = replace(rated(NOTHING, 0.8, 2), controls=("d5",), drivers=("d0", "d1", "d2", "d3", "d4"))
    for survey in (rated(TWO, 0.3, 3), controlled):
        result = halo(survey, 20)
        assert result.general
        assert result.general_share + result.table["specific_share"].sum() == pytest.approx(1.0, abs=1e-9)


def test_weights_count_as_copies_of_respondents():
    survey = rated(TWO, 0.3, 5, n=300)
    w = np.random.default_rng(1).integers(1, 4, size=300)
    weighted = halo(with_weights(survey, w), 2)
    copied = replace(
        survey,
        answers=survey.answers.loc[np.repeat(np.arange(300), w)].reset_index(drop=True),
        weights=np.ones(w.sum()),
    )
    copies = halo(copied, 2)
    for name in ("general_share", "general_most", "first_factor", "saturation"):
        assert getattr(weighted, name) == pytest.approx(getattr(copies, name), abs=1e-7)
    np.testing.assert_allclose(weighted.table["specific_share"], copies.table["specific_share"], atol=1e-7)


def test_a_draw_is_the_decomposition_of_the_respondents_it_drew():
    survey = rated(TWO, 0.3, 5, n=300)
    resample = repeated_draw(survey)
    result = rating_halo(survey, resample)
    one = rating_halo(with_weights(survey, drawn(survey, resample)), joint_resample(survey, draws=2))
    assert result.first_factor_low == pytest.approx(one.first_factor, abs=1e-9)
    theirs = one.table.set_index("driver")["specific_share"]
    mine = result.table.set_index("driver")
    ends = np.where(
        mine["specific_share"] > theirs[mine.index], mine["specific_share_low"], mine["specific_share_high"]
    )
    np.testing.assert_allclose(ends, theirs[mine.index], atol=1e-7)


def test_the_first_factor_is_the_largest_eigenvalue_of_the_correlations():
    survey = rated(TWO, 0.3, 5, n=300)
    r = np.corrcoef(survey.answers[list(survey.drivers)].to_numpy(), rowvar=False)
    assert halo(survey, 20).first_factor == pytest.approx(np.linalg.eigvalsh(r)[-1] / 6)


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_few_constant_and_duplicated_drivers_have_an_outcome():
    survey = rated(TWO, 0.3, 5, n=200)
    for odd in (
        made_survey(60, slopes=(0.5,)),
        made_survey(60),
        replace(
            survey,
            answers=survey.answers.assign(d1=survey.answers["d0"]),
            scales={**survey.scales, "d1": survey.scales["d0"]},
        ),
        replace(survey, answers=survey.answers.assign(d1=5.0)),
    ):
        result = halo(odd, 20)
        total = result.table["specific_share"].sum() + (result.general_share if result.general else 0.0)
        assert total == pytest.approx(1.0, abs=1e-9)
        assert explain(result)
        assert table(result).rows
        plot(result)
    assert "too few to tell" in said(halo(made_survey(60), 20))
    with pytest.raises(EstimationError, match="their mean says nothing"):
        halo(replace(survey, answers=survey.answers.assign(d1=survey.answers["d0"] + survey.answers["d2"])), 20)


@pytest.mark.parametrize("policy", ["complete", "available", "imputed", "not_applicable"])
def test_every_policy_for_missing_answers_has_its_halo(policy):
    survey = rated(TWO, 0.3, 6, n=400)
    rng = np.random.default_rng(2)
    holes = survey.answers.mask(rng.random(survey.answers.shape) < 0.1).assign(csat=survey.answers["csat"])
    result = halo(replace(survey, answers=holes, missing_policy=policy), 40)
    assert result.general_share + result.table["specific_share"].sum() == pytest.approx(1.0, abs=1e-9)
    assert result.general_share_low < result.general_share < result.general_share_high


def test_a_factor_of_three_drivers_among_eight_is_not_general():
    loadings = np.array([0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1, 0.1])
    assert not halo(rated(np.full(8, 0.2), 0.0, 1, loadings=loadings), 20).general


def test_who_adds_something_is_named():
    text = said(halo(rated(TWO, 0.3, 1), 200))
    assert "runs through a general impression" in text
    assert "Even then d0 and d3 are shown to add something of their own" in text
    assert "One survey cannot tell" in text
