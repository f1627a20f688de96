"""How many respondents are needed: held to what surveys of that many respondents really show."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import drivers
from drivers.analyses.importance import driver_importance
from drivers.analyses.power import respondents_needed, survey_population
from drivers.core.population import Population, stated_population
from drivers.errors import DriversWarning, EstimationError
from drivers.present.language import Language
from drivers.present.verbs import explain, plot, table
from drivers.simulate.stated import simulate_survey
from made_surveys import made_survey, with_weights

SHARES = {"a": 0.5, "b": 0.3, "c": 0.2}


def needed(found, question, driver, other=""):
    return found.needed.set_index(["question", "driver", "other"]).loc[(question, driver, other), "base_needed"]


def chances(found, question, driver, other=""):
    rows = found.table.set_index(["question", "driver", "other"]).loc[(question, driver, other)]
    return rows.set_index("base")["power"]


def test_the_chance_is_that_of_surveys_whose_letters_differ():
    population = stated_population(shares=SHARES, noise=0.5, overlap=0.3)
    found = respondents_needed(population, bases=(150, 300))
    for base in (150, 300):
        told = []
        for seed in range(150):
            made = simulate_survey(base, shares=SHARES, rng=np.random.default_rng(seed)).survey
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DriversWarning)
                letters = driver_importance(made, draws=200).table.set_index("driver")["letters"]
            told.append(not set(letters["a"]) & set(letters["b"]))
        # Monte-Carlo error of 150 surveys: 4 points
        assert chances(found, "pair", "a", "b")[base] == pytest.approx(np.mean(told), abs=0.10)


def test_the_chance_of_an_effect_is_that_of_the_noncentral_t():
    population = stated_population(slopes={"a": 0.2, "b": 0.1}, noise=0.8, overlap=0.0)
    found = respondents_needed(population, bases=(50, 100, 200), simulations=4000)
    spread = population.covariance[-1, -1] * 0.8
    for driver, slope in (("a", 0.2), ("b", 0.1)):
        for base, power in chances(found, "slope", driver).items():
            left = stats.chi2.ppf((np.arange(500) + 0.5) / 500, base - 2)  # of the driver, the other held constant
            centre = slope * np.sqrt(left / spread)
            expected = stats.nct.sf(stats.t.ppf(0.975, base - 3), base - 3, centre).mean()
            assert power == pytest.approx(expected, abs=0.03)  # four Monte-Carlo errors


def test_more_respondents_show_more_and_the_interval_holds_the_chance():
    found = respondents_needed(stated_population(shares=SHARES))
    assert chances(found, "leader", "a").is_monotonic_increasing
    assert (found.table["power_low"] <= found.table["power"]).all()
    assert (found.table["power"] <= found.table["power_high"]).all()


def test_the_base_needed_lies_between_those_that_bracket_the_chance():
    found = respondents_needed(stated_population(shares=SHARES))
    chance, base = chances(found, "pair", "a", "b"), needed(found, "pair", "a", "b")
    assert chance[[n for n in chance.index if n <= base]].iloc[-1] < 0.8
    assert chance[[n for n in chance.index if n > base]].iloc[0] >= 0.8


def test_equal_drivers_are_never_told_apart():
    found = respondents_needed(stated_population(shares={"a": 1, "b": 1, "c": 1}))
    assert found.needed.loc[found.needed["question"] != "slope", "base_needed"].isna().all()
    assert found.table.loc[found.table["question"] == "pair", "power"].max() < 0.06
    assert "too few" in str(explain(found)[0])


def test_the_design_effect_multiplies_the_respondents():
    plain = stated_population(shares=SHARES)
    double = Population(plain.names, plain.covariance, design_effect=2.0)
    bases = tuple(int(100 * 2 ** (k / 2)) for k in range(12))
    once, twice = (needed(respondents_needed(p, bases=bases), "leader", "a") for p in (plain, double))
    assert twice / once == pytest.approx(2.0, rel=0.1)


def test_weights_of_a_survey_give_it_a_design_effect():
    survey = made_survey(4000, seed=1)
    w = np.random.default_rng(0).choice([0.2, 1.0, 4.0], 4000)
    kish = len(w) * (w @ w) / w.sum() ** 2
    assert survey_population(with_weights(survey, w)).design_effect == pytest.approx(kish, rel=0.1)
    assert survey_population(survey).design_effect == 1.0


def test_a_survey_is_taken_for_true_with_its_controls_held_constant():
    survey = made_survey(600, seed=1)
    found = respondents_needed(survey, bases=(100, 200, 400))
    assert found.base == 600
    shares = driver_importance(survey, draws=20).table.set_index("driver")["share"]
    population = survey_population(survey)
    np.testing.assert_allclose(population.shares, shares[list(population.drivers)], rtol=1e-9)


def test_named_pairs_are_asked_about_the_larger_first():
    found = respondents_needed(stated_population(shares=SHARES), pairs=[("c", "a")], bases=(200,))
    pairs = found.needed[found.needed["question"] == "pair"]
    assert list(zip(pairs["driver"], pairs["other"], strict=True)) == [("a", "c")]


@pytest.mark.parametrize(
    ("keys", "text"), [({"pairs": [("a", "z")]}, 'no driver "z"'), ({"bases": (4, 5)}, "No base exceeds")]
)
def test_what_cannot_be_asked_is_refused(keys, text):
    with pytest.raises(EstimationError, match=text):
        respondents_needed(stated_population(shares=SHARES), **keys)


def test_one_driver_has_no_rival():
    found = respondents_needed(stated_population(slopes={"a": 0.5}), bases=(50, 100))
    assert set(found.needed["question"]) == {"slope"}
    assert repr(found) == "RespondentsNeeded: 1 of 1 questions answered with a chance of 80% by 100 respondents"


def test_the_same_seed_gives_the_same_curve():
    first, second = (respondents_needed(stated_population(shares=SHARES), bases=(100, 200)) for _ in range(2))
    pd.testing.assert_frame_equal(first.table, second.table)


@pytest.mark.parametrize("code", ["en", "nl"])
def test_it_is_said_shown_and_tabled(code):
    language = Language(code)
    found = respondents_needed(made_survey(600, seed=1), bases=(100, 200, 400, 800))
    said = [language.say(line) for line in explain(found)]
    assert len(said) == 1 + 2 + 1  # the first driver, two pairs of neighbours, the base now
    lines = plot(found, language).axes[0].get_lines()
    assert len({line.get_linestyle() for line in lines[:3]}) == 3  # not by colour alone
    assert len(table(found, language).rows) == 1 + 2 + 3


def test_a_simulated_survey_has_the_truth_that_was_stated():
    made = drivers.simulate_survey(40_000, shares=SHARES, noise=0.4, overlap=0.3)
    np.testing.assert_allclose(made.truth["share"], [0.5, 0.3, 0.2], atol=1e-6)
    assert list(made.truth["rank"]) == [1, 2, 3]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DriversWarning)
        found = driver_importance(made.survey, draws=20)
    np.testing.assert_allclose(found.table["share"], [0.5, 0.3, 0.2], atol=0.02)
    assert found.r_squared == pytest.approx(0.6, abs=0.015)
    slopes = made.truth.set_index("driver")["slope"]
    np.testing.assert_allclose(found.table.set_index("driver")["slope"], slopes, atol=0.03)
    with pytest.raises(EstimationError, match="two or more"):
        drivers.simulate_survey(1, shares=SHARES)
