import numpy as np
import pandas as pd
import pytest

from drivers.errors import ConfigError
from drivers.survey.derived import follows, recodes
from drivers.survey.loading import load_survey
from survey_files import client_of, survey_frame, write_survey

BARE = ("[drivers]\nscale = [1, 10]", "[drivers]")


def refusal(client) -> str:
    with pytest.raises(ConfigError) as caught:
        load_survey(client)
    return str(caught.value)


def with_column(folder, name, values, item="{ scale = [0, 1000000] }"):
    frame = survey_frame().assign(**{name: values})
    return client_of(folder, frame, ('fix      = "Solved first time"', f'fix = "Solved first time"\n"{name}" = {item}'))


SCORES = list(np.random.default_rng(3).integers(0, 90, 40))


@pytest.mark.parametrize(
    "name",
    ["ChurnScore", "churn_reason", "Churn Category", "CHURN_DATE", "reden_vertrek", "Reden van opzegging", "churnLabel",
     "reason_for_leaving", "opzegreden", "vertrekdatum", "cancellation_reason", "churnScore2"],
)  # fmt: skip
def test_what_is_known_only_afterwards_is_no_driver(tmp_path, name):
    text = refusal(with_column(tmp_path, name, SCORES))
    assert "known only once customers have left" in text
    assert "line 16" in text
    assert "Remove it, or set force = true" in text


@pytest.mark.parametrize(
    "name",
    ["score", "reason", "category", "opening_hours", "left_hand", "value", "switch_ease", "date_kept", "leaflet_value",
     "Exit", "kans", "churn", "vertrekhal"],
)  # fmt: skip
def test_words_of_the_one_kind_alone_are_no_reason(tmp_path, name):
    assert name in load_survey(with_column(tmp_path, name, SCORES)).drivers


def test_the_label_in_the_file_counts_too(tmp_path):
    client = client_of(tmp_path, None, file="survey.sav")
    write_survey(survey_frame(), client.survey_path, column_labels={"fix": "Why did you cancel your contract: reason"})
    assert "drivers.items.fix: Its name or label says" in refusal(client)


def test_a_forced_column_is_used_with_a_notice(tmp_path):
    survey = load_survey(with_column(tmp_path, "ChurnScore", SCORES, "{ scale = [0, 100], force = true }"))
    assert "ChurnScore" in survey.drivers
    assert str(survey.notices[0]) == (
        "The client file forces ChurnScore into the analysis. Its name or label says that it is known only once "
        "customers have left, so it cannot explain why."
    )


@pytest.mark.parametrize(
    "values", [range(1, 41), [f"K-{i}" for i in range(40)], range(90_000, 90_400, 10), [f"0{i}" for i in range(50, 90)]]
)
def test_an_identifier_is_no_driver(tmp_path, values):
    client = client_of(
        tmp_path, survey_frame().assign(nr=list(values)), BARE, ('fix      = "Solved', 'nr = "N"\nfix = "Solved')
    )
    assert "drivers.items.nr: Its values differ in every row" in refusal(client)


def test_incomes_that_differ_between_all_respondents_may_be_held_constant(tmp_path):
    incomes = np.random.default_rng(1).choice(np.arange(20_000, 90_000), 40, replace=False)
    client = client_of(tmp_path, survey_frame().assign(age=incomes))
    assert load_survey(client).controls == ("age",)
    assert "identifier" in refusal(client_of(tmp_path, survey_frame().assign(age=range(7, 47))))


@pytest.mark.parametrize("other", ["csat", "intends", "gone"])
def test_what_follows_from_an_outcome_is_no_driver(tmp_path, other):
    frame = survey_frame()
    frame["age"] = 100 - 2 * frame[other]
    text = refusal(client_of(tmp_path, frame))
    assert "drivers.items.age: It is the same as" in text


RECODED = {
    "promoters": lambda y: 1.0 + (y >= 8),
    "three_groups": lambda y: 1.0 + (y >= 6) + (y >= 9),
    "squares": lambda y: 1 + (y - 7) ** 2 / 2,
}


@pytest.mark.parametrize("name", RECODED)
def test_a_recoded_outcome_is_no_driver_unless_forced(tmp_path, name):
    frame = survey_frame(120)
    frame["fix"] = RECODED[name](frame["csat"]).fillna(3)
    assert "drivers.items.fix: It is the same as csat, or follows exactly from it" in refusal(
        client_of(tmp_path, frame)
    )
    forced = client_of(tmp_path, frame, ('"Solved first time"', '{ label = "Solved first time", force = true }'))
    assert load_survey(forced).drivers == ("fix", "friendly")


def test_one_answer_apart_is_no_recoded_outcome(tmp_path):
    frame = survey_frame(120).assign(fix=lambda f: 1.0 + (f["csat"] >= 8))
    frame.loc[frame.index[frame["csat"] == 9][0], "fix"] = 1
    assert load_survey(client_of(tmp_path, frame)).drivers == ("fix", "friendly")


def test_little_evidence_makes_no_recoded_outcome():
    rng = np.random.default_rng(3)
    apart = np.arange(200.0)
    assert not recodes(rng.integers(0, 2, 200).astype(float), apart)  # each outcome occurs once
    y = rng.integers(1, 11, 200).astype(float)
    assert recodes((y >= 8).astype(float), y)
    assert not recodes(np.ones(200), y)
    assert not recodes((y >= 8).astype(float)[:29], y[:29])
    assert not recodes((y >= 8).astype(float) * 2 + 1, (y >= 8).astype(float))  # a yes or no: `follows` judges it
    y[0] = 0
    assert not recodes((y == 0).astype(float), y)  # the one complaint came with the one zero


def test_a_part_of_the_outcome_is_no_driver(tmp_path):
    frame = survey_frame().assign(csat2=lambda f: np.roll(f["csat"], 1))
    frame["fix"] = frame["csat2"]
    client = client_of(tmp_path, frame, ('column = "csat"', 'column = ["csat", "csat2"]'))
    assert "drivers.items.fix: It is the same as csat2, or follows exactly from it: a part of the outcome" in refusal(
        client
    )


def test_drivers_whose_mean_is_the_outcome_are_parts_of_it(tmp_path):
    frame = survey_frame().assign(fix=survey_frame()["intends"].clip(1, 10))
    frame["csat"] = (frame["fix"] + frame["friendly"]) / 2
    text = refusal(client_of(tmp_path, frame))
    assert text.endswith(
        'drivers.items: 2 columns are refused, "fix", "friendly". Of each: Satisfaction follows exactly from it and '
        "the other drivers: a part of the outcome. Remove them, or set force = true on each."
    )
    assert "items.age" not in text


def test_a_sum_of_drivers_is_no_driver(tmp_path):
    frame = survey_frame().assign(fix=lambda f: f["fix"].clip(1, 10))
    frame["age"] = frame["fix"] + 2 * frame["friendly"]
    expected = "drivers.items.age: It follows exactly from Solved first time and Friendly staff together."
    assert expected in refusal(client_of(tmp_path, frame))


def test_what_only_leavers_answered_is_no_driver(tmp_path):
    frame = survey_frame()
    frame.loc[frame["gone"] == 0, "friendly"] = np.nan
    assert "drivers.items.friendly: Only customers who left have an answer" in refusal(client_of(tmp_path, frame))


def test_almost_equal_drivers_are_two(tmp_path):
    frame = survey_frame().assign(fix=lambda f: f["friendly"])
    frame.loc[5, "fix"] = 6 - frame.loc[5, "fix"] + (frame.loc[5, "fix"] == 3)
    assert load_survey(client_of(tmp_path, frame)).drivers == ("fix", "friendly")


def test_rounding_is_no_difference_and_a_constant_follows_from_nothing():
    x = np.arange(20.0)
    assert follows(0.1 * x + 0.3, x)
    assert not follows(np.ones(20), x)
    assert not follows(x, np.ones(20))
    assert not follows(x[:5], x[:5])
    assert not follows(x**2, x)
    assert follows(pd.Series(x).where(x > 3).to_numpy(), -x)
