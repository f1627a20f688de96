from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pingouin
import pytest

from core.samples import golden
from drivers import explain, load_client, load_survey, table
from drivers.analyses.items import item_table
from drivers.analyses.reliability import battery_notices, battery_reliability
from drivers.survey.survey import Scale, Survey
from made_surveys import made_survey, with_answers

ROOT = Path(__file__).resolve().parents[2]
REAL = pytest.mark.skipif(
    not (ROOT.parent / "shared" / "data").is_dir(), reason="the real surveys are not beside the project"
)

MOBI_ALPHA = {"Image": 0.714446802, "Expectation": 0.4325968438, "Quality": 0.8724063714, "Value": 0.816694539}
"""R 4.2.2, psych 2.2.9, alpha of each block of the mobile phone survey."""


def attitude():
    data = golden("attitude")
    columns = [data.outcome, *data.drivers]
    frame = pd.DataFrame(data.data)[columns].assign(csat=np.arange(30.0))
    return Survey.from_frame(frame, "csat", columns)


def halves(seed=0, n=500, shared=0.0):
    """Two batteries of four items; `shared` is the part of both factors that is one."""
    rng = np.random.default_rng(seed)
    common, factors = rng.normal(size=(n, 1)), rng.normal(size=(n, 2))
    factors = np.sqrt(shared) * common + np.sqrt(1 - shared) * factors
    x = np.repeat(factors, 4, axis=1) + 0.8 * rng.normal(size=(n, 8))
    x = np.clip(np.rint(5.5 + 1.3 * x), 1, 10)
    names = [f"{battery}{j}" for battery in "ab" for j in range(4)]
    frame = pd.DataFrame(x, columns=names).assign(csat=np.clip(np.rint(x.mean(axis=1)), 1, 10))
    survey = Survey.from_frame(frame, "csat", scale=(1, 10))
    return replace(survey, batteries=MappingProxyType({"A": tuple(names[:4]), "B": tuple(names[4:])}))


def kinds(result):
    return [notice.kind for notice in result.notices]


def test_attitude_has_the_alpha_omega_and_alphas_if_dropped_of_psych():
    result = battery_reliability(attitude())
    row = result.table.iloc[0]
    assert (row["battery"], row["items"], row["base"]) == ("", 7, 30)
    assert row["alpha"] == pytest.approx(0.84314276956476, abs=1e-12)
    assert row["omega"] == pytest.approx(0.850992465078405, abs=1e-6)  # psych's search stops earlier
    assert result.items["alpha_if_dropped"].iloc[5] == pytest.approx(0.8638723114, abs=1e-10)


@REAL
def test_the_blocks_of_the_mobile_phone_survey_have_rs_alphas_and_the_weak_one_is_named():
    client = load_client(ROOT / "tests" / "clients" / "ecsi_mobi_batteries.toml")
    result = battery_reliability(load_survey(client))
    found = dict(zip(result.table["battery"], result.table["alpha"], strict=True))
    assert found == pytest.approx(MOBI_ALPHA, abs=1e-9)
    weak = [str(n) for n in result.notices if n.kind == "unreliable"]
    assert weak == [
        "The items of Expectation have little in common (alpha 0.43, below 0.50): do not read them as one score."
    ]


@REAL
def test_the_airports_rarely_used_services_are_named_with_their_base():
    path = ROOT.parent / "shared" / "data" / "sfo_airport" / "2017_SFO_Customer_Survey.csv"
    frame = pd.read_csv(path, usecols=lambda c: c.startswith("Q7") or c == "WEIGHT", low_memory=False)
    rated = frame.apply(pd.to_numeric, errors="coerce").where(lambda x: x.isin([1, 2, 3, 4, 5]))
    result = battery_reliability(
        Survey.from_frame(rated.assign(WEIGHT=frame["WEIGHT"]), "Q7ALL", weight_column="WEIGHT")
    )
    bases = result.items.set_index("driver")["base"]
    counted = rated.drop(columns=["Q7ALL", "WEIGHT"]).notna().sum()
    assert bases.to_dict() == counted.to_dict()
    assert bases["Q7LTPARKING"] / len(frame) == pytest.approx(0.29, abs=0.01)  # 25 to 29% by the set's README
    (notice,) = [str(n) for n in result.notices if n.kind == "unequal_bases"]
    assert "Q7LTPARKING (834)" in notice
    assert "Q7SIGN (2,703)" in notice


def test_the_interval_of_alpha_is_pingouins():
    survey = halves()
    _, (low, high) = pingouin.cronbach_alpha(survey.answers[list(survey.batteries["B"])])
    row = battery_reliability(survey).table.iloc[1]
    assert (row["alpha_low"], row["alpha_high"]) == (pytest.approx(low), pytest.approx(high))


def test_an_item_that_runs_against_its_battery_is_named_and_not_recoded():
    survey = halves()
    turned = replace(survey, answers=survey.answers.assign(a2=11 - survey.answers["a2"]))
    result = battery_reliability(turned)
    assert result.items.set_index("driver")["possibly_reversed"].pipe(lambda s: s.index[s].tolist()) == ["a2"]
    assert "reversed" in kinds(result)
    assert result.table["alpha"].iloc[0] < battery_reliability(survey).table["alpha"].iloc[0]
    assert "reversed" not in kinds(battery_reliability(survey))


def test_a_chance_correlation_below_zero_is_not_called_reversed():
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.integers(1, 11, size=(40, 5)).astype(float), columns=list("abcde"))
    result = battery_reliability(Survey.from_frame(frame.assign(csat=frame["a"]), "csat", list("abcde")))
    assert (result.items["item_rest"] < -0.1).any()
    assert not result.items["possibly_reversed"].any()


def test_batteries_of_one_factor_cannot_be_told_apart_and_those_of_two_can():
    same, other = battery_reliability(halves(shared=1.0)), battery_reliability(halves(shared=0.0))
    assert same.pairs["same"].tolist() == [True]
    assert other.pairs["same"].tolist() == [False]
    assert "same_battery" in kinds(same)
    assert "halo" in kinds(same)
    assert same.first_factor > 0.5 > other.first_factor


def test_the_corrected_correlation_is_spearmans_of_1904():
    survey = halves(shared=0.4)
    result = battery_reliability(survey)
    means = [survey.answers[list(columns)].mean(axis=1) for columns in survey.batteries.values()]
    r = np.corrcoef(*means)[0, 1]
    row = result.pairs.iloc[0]
    assert row["battery_correlation"] == pytest.approx(r)
    assert row["corrected_correlation"] == pytest.approx(r / np.sqrt(result.table["alpha"].prod()))


def test_the_first_factor_share_is_a_principal_components_by_singular_values():
    survey = halves(shared=0.4)
    x = survey.answers[list(survey.drivers)].to_numpy()
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    s = np.linalg.svd(z, compute_uv=False) ** 2
    assert battery_reliability(survey).first_factor == pytest.approx(s[0] / s.sum())


def test_items_answered_by_half_as_many_are_named_with_their_base():
    survey = halves()
    thin = survey.answers["a1"].where(np.arange(500) < 120)
    result = battery_reliability(replace(survey, answers=survey.answers.assign(a1=thin)))
    (notice,) = [n for n in result.notices if n.kind == "unequal_bases"]
    assert str(notice) == "Answered at most half as often as b3 (500): a1 (120)."
    assert result.items.set_index("driver").loc["a1", "base"] == 120
    assert "unequal_bases" not in kinds(battery_reliability(survey))


def test_a_ceiling_is_three_times_an_even_spread_or_15_percent():
    n = 1000
    rng = np.random.default_rng(0)

    def item(top, high):
        body = rng.integers(2, high, size=n).astype(float)
        body[: round(top * n)] = high
        return body

    frame = pd.DataFrame({"low10": item(0.29, 10), "high10": item(0.31, 10), "csat": rng.integers(1, 11, n)}).astype(
        float
    )
    items = battery_reliability(Survey.from_frame(frame, "csat", scale=(1, 10))).items.set_index("driver")
    assert items["ceiling"].to_dict() == {"low10": False, "high10": True}
    assert not items["floor"].any()
    frame = pd.DataFrame({"low": item(0.14, 100), "high": item(0.17, 100), "csat": rng.integers(1, 101, n)}).astype(
        float
    )
    items = battery_reliability(Survey.from_frame(frame, "csat", scale=(1, 100))).items.set_index("driver")
    assert items["ceiling"].to_dict() == {"low": False, "high": True}


def test_shares_at_the_ends_are_weighted():
    survey = halves()
    weights = np.where(survey.answers["a0"] == 10, 5.0, 1.0)
    items = battery_reliability(replace(survey, weights=weights)).items.set_index("driver")
    assert items.loc["a0", "top_share"] == pytest.approx(np.average(survey.answers["a0"] == 10, weights=weights))


def test_an_item_that_hardly_varies_is_named():
    survey = halves()
    flat = np.where(np.arange(500) < 480, 7.0, 3.0)
    result = battery_reliability(replace(survey, answers=survey.answers.assign(b0=flat)))
    assert result.items.set_index("driver")["near_constant"].pipe(lambda s: s.index[s].tolist()) == ["b0"]
    assert "near_constant" in kinds(result)


@pytest.mark.parametrize("columns", [("a0",), ("a0", "a1")])
def test_short_batteries_leave_open_what_cannot_be_computed(columns):
    survey = halves()
    row = battery_reliability(replace(survey, batteries={"short": columns})).table.iloc[0]
    assert np.isnan(row["alpha"]) == (len(columns) == 1)
    assert np.isnan(row["omega"])


def test_items_that_nobody_answered_together_leave_all_open():
    survey = halves()
    half = np.arange(500) < 250
    answers = survey.answers.assign(a0=survey.answers["a0"].where(half), a1=survey.answers["a1"].where(~half))
    result = battery_reliability(replace(survey, answers=answers))
    assert result.table.iloc[0][["alpha", "omega", "first_factor"]].isna().all()
    assert np.isnan(result.first_factor)
    assert result.pairs["same"].tolist() == [False]


def test_overlapping_batteries_are_compared_item_by_item():
    survey = halves()
    both = {"A": ("a0", "a1", "a2"), "C": ("a2", "a3", "a0")}
    expected = np.corrcoef(*(survey.answers[list(c)].mean(axis=1) for c in both.values()))[0, 1]
    pair = battery_reliability(replace(survey, batteries=both)).pairs.iloc[0]
    assert pair["battery_correlation"] == pytest.approx(expected)


def test_the_report_names_every_battery_with_its_alpha():
    result = battery_reliability(halves())
    assert str(explain(result)[0]).startswith("Cronbach's alpha of the batteries: A 0.")
    assert [row[0] for row in table(result).rows] == ["A", "B"]
    plain = battery_reliability(replace(halves(), batteries=MappingProxyType({})))
    assert [row[0] for row in table(plain).rows] == ["All drivers"]


def test_the_alpha_of_three_items_is_that_of_psych():
    frame = pd.DataFrame(golden("attitude").data)[["rating", "privileges", "learning", "raises"]]
    row = battery_reliability(Survey.from_frame(frame, "rating")).table.iloc[0]
    assert row["alpha"] == pytest.approx(0.7646370857, abs=1e-10)
    assert row["alpha"] == pytest.approx(pingouin.cronbach_alpha(frame.drop(columns="rating"))[0], abs=1e-12)


def test_a_constant_item_is_left_out_of_the_first_factor():
    survey = made_survey()
    result = battery_reliability(with_answers(survey, d2=5.0))
    assert result.first_factor == pytest.approx((1 + survey.answers[["d0", "d1"]].corr().iloc[0, 1]) / 2)
    assert np.isfinite(result.table["alpha"].iloc[0])


def test_items_that_never_differ_have_neither_alpha_nor_a_factor():
    result = battery_reliability(with_answers(made_survey(), d0=5.0, d1=5.0, d2=5.0))
    assert result.table[["alpha", "alpha_low", "alpha_high", "omega", "first_factor"]].isna().all(axis=None)
    assert np.isnan(result.first_factor)


def test_one_driver_has_no_alpha():
    assert battery_reliability(made_survey(slopes=(0.5,))).table["alpha"].isna().all()


def noise(seed):
    """Ratings of a random number of customers on a random number of items that have nothing to do with one another."""
    rng = np.random.default_rng(seed)
    n, items = int(rng.integers(40, 500)), int(rng.integers(4, 25))
    x = rng.choice(np.arange(1, 11), p=np.array([1, 1, 2, 3, 5, 8, 12, 10, 5, 3]) / 50, size=(n, items)).astype(float)
    names = [f"d{j}" for j in range(items)]
    return Survey.from_frame(pd.DataFrame(x, columns=names).assign(csat=x[:, 0]), "csat", names, scale=(1, 10))


def test_noise_gives_a_hint_of_a_reversed_item_in_one_survey_of_twenty_at_most():
    surveys = [noise(seed) for seed in range(300)]
    hints = [item_table(s, {"": s.drivers})["possibly_reversed"].any() for s in surveys]
    assert np.mean(hints) <= 0.05
    single = [(item_table(s, {"": s.drivers})["item_rest"] < -1.96 / np.sqrt(s.base)).any() for s in surveys]
    assert np.mean(single) > 0.15  # each item by itself, as if it were the only one


def test_an_item_asked_the_other_way_round_is_found_nineteen_times_in_twenty():
    found = 0
    for seed in range(300):
        survey = halves(seed, n=200)
        turned = replace(survey, answers=survey.answers.assign(a2=11 - survey.answers["a2"]))
        hints = item_table(turned, turned.batteries).set_index("driver")["possibly_reversed"]
        found += hints.pipe(lambda s: s.index[s].tolist()) == ["a2"]
    assert found >= 0.95 * 300


def test_answers_of_one_household_are_one_answer_when_a_hint_is_weighed():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(60, 4))
    x[:, 0] -= 0.35 * x[:, 1:].sum(axis=1)
    frame = pd.DataFrame(np.repeat(x, 10, axis=0), columns=list("abcd")).assign(csat=np.arange(600) % 10)
    copies = Survey.from_frame(frame, "csat", list("abcd"), scale=(-9, 9))
    households = replace(copies, clusters=np.repeat(np.arange(60), 10))
    alone = Survey.from_frame(frame[::10].reset_index(drop=True), "csat", list("abcd"), scale=(-9, 9))
    hints = [item_table(s, {"": s.drivers})["possibly_reversed"].tolist() for s in (households, alone)]
    assert hints[0] == hints[1]
    assert item_table(copies, {"": copies.drivers})["possibly_reversed"].sum() > sum(hints[0])


def test_ages_amounts_and_yes_or_no_are_no_ratings():
    rng = np.random.default_rng(2)
    n = 400
    frame = pd.DataFrame(
        {
            "csat": rng.integers(1, 11, n),
            "age": np.minimum(rng.integers(18, 120, n), 80),  # the highest age given is common
            "referrals": rng.poisson(0.4, n),
            "yes": rng.random(n) < 0.9,
            **{f"d{j}": rng.integers(1, 11, n) for j in range(3)},
        }
    ).astype(float)
    declared = {c: Scale(1, 10) for c in ("csat", "d0", "d1", "d2")} | {"yes": Scale(0, 1)}
    observed = {c: Scale(frame[c].min(), frame[c].max(), observed=True) for c in ("age", "referrals")}
    survey = Survey.from_frame(frame, "csat")
    survey = replace(survey, scales=MappingProxyType(declared | observed))
    result = battery_reliability(survey)
    items = result.items.set_index("driver")
    assert survey.rated == ("d0", "d1", "d2")
    assert items["rated"].pipe(lambda s: s.index[s].tolist()) == ["d0", "d1", "d2"]
    assert not items.loc[["age", "referrals", "yes"], ["ceiling", "floor"]].any(axis=None)
    assert result.table["items"].tolist() == [3]
    assert table(result).rows[0][0] == "All ratings"
    assert len(items) == 6
    numbers = replace(survey, drivers=("age", "referrals"))
    assert not [line for line in explain(battery_reliability(numbers)) if "rate" in str(line) or "Rating" in str(line)]


def test_three_batteries_that_are_one_are_told_in_one_notice():
    survey = halves(shared=1.0)
    names = list(survey.drivers)
    three = {"A": tuple(names[:3]), "B": tuple(names[3:5]), "C": tuple(names[5:])}
    result = battery_reliability(replace(survey, batteries=MappingProxyType(three)))
    (notice,) = [str(n) for n in result.notices if n.kind == "same_battery"]
    assert notice.startswith("A, B and C cannot be told apart (correlation ")


def test_the_notices_without_intervals_are_those_of_the_report():
    survey = halves(shared=1.0)
    assert [str(n) for n in battery_notices(survey)] == [str(n) for n in battery_reliability(survey).notices]


def test_two_unrelated_ratings_are_no_general_impression_although_one_factor_holds_half_of_them():
    unrelated, alike = (battery_reliability(made_survey(slopes=(0.5, 0.3), halo=halo)) for halo in (0.0, 0.95))
    assert unrelated.first_factor >= 0.5
    assert "halo" not in kinds(unrelated)
    assert "halo" in kinds(alike)
