"""The sample client: its files are what the generator writes, and they recover the truth that was put in."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from drivers.core.dominance import general_dominance
from drivers.simulate import SEED, Truth, noordzee_population, noordzee_survey, noordzee_truth, write_sample
from drivers.simulate.noordzee import CUSTOMERS, DO_NOT_KNOW, DRIVERS, QUESTIONNAIRES
from drivers.simulate.truth import DISCOUNT_RATE, HORIZON_YEARS
from drivers.simulate.waves import KEPT, PLAN, PLAN_WAVE, followed_population

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "noordzee-telecom"
OLD_ASPECTS = ("talk_time", "greeting", "waiting_music")


@pytest.fixture(scope="module")
def truth() -> Truth:
    return noordzee_truth(np.random.default_rng(7), population=200_000)


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    return pd.read_csv(SAMPLE / "survey.csv")


@pytest.fixture(scope="module")
def client() -> dict[str, dict[str, object]]:
    return tomllib.loads((SAMPLE / "client.toml").read_text(encoding="utf-8"))


def items(wave: int) -> list[str]:
    return [item.column for item in QUESTIONNAIRES[wave]]


def answered(survey: pd.DataFrame, wave: int) -> tuple[np.ndarray, np.ndarray]:
    """Complete answers (n, 1 + p + 1) on tenure, the wave's items and csat; weights (n,)."""
    columns = ["tenure", *items(wave), "csat"]
    rows = survey.loc[survey["wave"] == wave, [*columns, "weight"]]
    rows = rows.mask(rows == DO_NOT_KNOW).dropna()
    return rows[columns].to_numpy(), rows["weight"].to_numpy()


def shares(survey: pd.DataFrame) -> pd.Series:
    """LMG shares of the explained variance in 2025, tenure partialled out by regression residuals."""
    z, w = answered(survey, 2025)
    tenure, rest = sm.add_constant(z[:, :1]), z[:, 1:]
    residuals = rest - tenure @ sm.WLS(rest, tenure, weights=w).fit().params
    lmg = general_dominance((residuals * w[:, None]).T @ residuals)
    return pd.Series(lmg / lmg.sum(), index=items(2025))


def cross_validated(z: np.ndarray, w: np.ndarray) -> float:
    """Weighted R² that the items add to tenure among respondents left out of the fit, in ten folds."""
    x, y, fold = sm.add_constant(z[:, :-1]), z[:, -1], np.arange(len(z)) % 10
    errors = np.zeros(2)
    for k in range(10):
        fit, left_out = fold != k, fold == k
        for model, columns in enumerate((slice(0, 2), slice(None))):
            weighted = x[fit, columns].T * w[fit]
            beta = np.linalg.solve(weighted @ x[fit, columns], weighted @ y[fit])
            errors[model] += w[left_out] @ (y[left_out] - x[left_out, columns] @ beta) ** 2
    return float((errors[0] - errors[1]) / (w @ (y - np.average(y, weights=w)) ** 2))


def yearly_extra_value(rows: pd.DataFrame) -> float:
    """The README's definition, with a weighted logit fitted on these respondents (columns without gaps)."""
    x = sm.add_constant(rows[["csat", "tenure"]].to_numpy(), has_constant="add")
    w = rows["weight"].to_numpy()
    fit = sm.GLM(rows["left_within_12_months"].to_numpy(), x, family=sm.families.Binomial(), freq_weights=w).fit()
    csat, satisfied, dissatisfied = x[:, 1], x[:, 1] >= 8, x[:, 1] <= 5
    low = x.copy()
    low[:, 1] = np.average(csat[dissatisfied], weights=w[dissatisfied])
    years = np.arange(HORIZON_YEARS)[:, None]
    multiple = [(((1 - fit.predict(design)) / (1 + DISCOUNT_RATE)) ** years).sum(axis=0) for design in (x, low)]
    extra = rows["margin"].to_numpy() * (multiple[0] - multiple[1])
    annuity = ((1 + DISCOUNT_RATE) ** -years.astype(float)).sum()
    return float(CUSTOMERS * (w * extra)[satisfied].sum() / w.sum() / annuity)


def test_the_sample_files_are_what_the_generator_writes_from_the_seed(tmp_path):
    # To the byte: nothing is tolerated but a new numpy that changes a distribution's stream (NEP 19); then the
    # sample is written anew in the commit that raises numpy.
    write_sample(tmp_path)
    for name in ("survey.csv", "README.md"):
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes(), name


def test_the_file_holds_exactly_the_generated_frame(survey):
    pd.testing.assert_frame_equal(survey, noordzee_survey(np.random.default_rng(SEED)), check_dtype=False)


def test_another_seed_gives_another_survey():
    one, other = (noordzee_survey(np.random.default_rng(seed), 50) for seed in (1, 2))
    assert not one.equals(other)


def test_each_wave_has_at_least_2700_customers_and_nobody_is_in_both(survey):
    assert (survey["wave"].value_counts() >= 2700).all()
    assert set(survey["wave"]) == {2024, 2025, 2026}
    assert survey["customer_id"].is_unique
    assert survey["customer_id"].str.fullmatch(r"NT\d{6}").all()


def test_what_a_wave_did_not_ask_is_blank_in_it_and_nothing_else_is(survey):
    for wave in QUESTIONNAIRES:
        rows = survey[survey["wave"] == wave].drop(columns="csat")
        not_asked = {c for w in QUESTIONNAIRES for c in items(w)} - set(items(wave))
        assert set(rows.columns[rows.isna().all()]) == not_asked


def test_weights_have_mean_1_and_leave_85_to_95_percent_of_the_base(survey):
    for _, w in survey.groupby("wave")["weight"]:
        assert w.mean() == pytest.approx(1, abs=1e-4)  # four decimals are stored
        assert 0.85 < w.sum() ** 2 / (w**2).sum() / len(w) < 0.95


def test_a_few_answers_are_weet_niet_and_few_are_missing(survey):
    for wave in QUESTIONNAIRES:
        asked = survey.loc[survey["wave"] == wave, items(wave)]
        absent = (asked.isna() | (asked == DO_NOT_KNOW)).mean()
        assert absent.between(0.01, 0.10).all()
        assert (asked == DO_NOT_KNOW).to_numpy().any()


def test_99_is_a_code_in_ratings_only(survey):
    assert not (survey[["tenure", "margin", "csat"]] == DO_NOT_KNOW).to_numpy().any()


def test_the_null_twin_differs_in_nothing_but_the_wave_of_the_plan():
    file, twin = (noordzee_survey(np.random.default_rng(3), 200, plan_works=works) for works in (True, False))
    earlier = file["wave"] < PLAN_WAVE
    pd.testing.assert_frame_equal(file[earlier], twin[earlier])
    later = ["age_group", "contract", "region", "tenure", "team", "reached_by_plan", "empathy", "talk_time"]
    pd.testing.assert_frame_equal(file[later], twin[later])
    assert not file["csat"].equals(twin["csat"])


def test_a_plan_raises_its_items_and_satisfaction_of_those_whom_it_reaches_and_nothing_else():
    drawn = [followed_population(np.random.default_rng(4), 4_000, plan_works=works) for works in (False, True)]
    reached = drawn[1]["reached_by_plan"] == 1
    for column in [item.column for item in DRIVERS] + ["csat"]:
        rise = drawn[1][column] - drawn[0][column]
        assert (rise[~reached] == 0).all(), column
        assert (rise[reached].mean() > 0.3) == (column in PLAN or column == "csat"), column


def test_the_desk_keeps_its_share_of_callers_and_whom_it_kept_stayed():
    frame = noordzee_survey(np.random.default_rng(5), 6_000)
    called = frame[frame["kept_at_desk"].notna()]
    for wave, share in KEPT.items():
        kept = called.loc[called["wave"] == wave, "kept_at_desk"]
        assert abs(kept.mean() - share) < 4 * np.sqrt(share * (1 - share) / len(kept))
    assert (called["kept_at_desk"] == 1 - called["left_within_12_months"]).all()


def test_12_to_15_percent_leave(survey, truth):
    assert 0.12 < survey.loc[survey["wave"] < PLAN_WAVE, "left_within_12_months"].mean() < 0.15
    assert 0.12 < truth.left < 0.15


def test_the_aspects_of_2024_cannot_move_satisfaction_in_truth(truth):
    assert truth.r_squared[2024] == pytest.approx(0.015, abs=0.005)
    assert truth.reach[2024] / 9 < 0.05


def test_the_aspects_of_2024_predict_less_than_5_percent_in_the_file_with_certainty(survey):
    z, w = answered(survey, 2024)
    rng = np.random.default_rng(1)
    drawn = [cross_validated(z, w * rng.multinomial(len(z), np.full(len(z), 1 / len(z)))) for _ in range(60)]
    # the normal end of the interval: 60 draws give its width within a tenth
    assert cross_validated(z, w) + 1.96 * np.std(drawn) < 0.05


def test_the_items_of_2025_explain_more_than_half_of_satisfaction(survey, truth):
    assert truth.r_squared[2025] == pytest.approx(0.55, abs=0.02)
    assert cross_validated(*answered(survey, 2025)) == pytest.approx(truth.r_squared[2025], abs=0.03)


def test_the_file_ranks_the_first_four_drivers_as_the_truth_does(survey, truth):
    true_order = pd.Series(truth.shares).sort_values(ascending=False).index[:4]
    assert list(true_order) == ["first_time_fix", "promise_kept", "empathy", "knowledge"]
    assert list(shares(survey).sort_values(ascending=False).index[:4]) == list(true_order)


def test_the_old_aspects_carry_less_than_2_percent_each(survey, truth):
    assert max(truth.shares[aspect] for aspect in OLD_ASPECTS) < 0.02
    assert shares(survey)[list(OLD_ASPECTS)].max() < 0.02


def test_true_shares_add_up_to_1_and_follow_the_slopes(truth):
    assert sum(truth.shares.values()) == pytest.approx(1, abs=1e-12)
    strength = [truth.slopes[item.column] for item in DRIVERS]
    assert strength == sorted(strength, reverse=True)


def test_leaving_depends_on_nothing_but_the_rating_and_tenure():
    frame = noordzee_population(np.random.default_rng(3), 100_000)
    columns = ["csat", "tenure", "first_time_fix", "empathy", "greeting", "margin"]
    fit = sm.Logit(frame["left_within_12_months"], sm.add_constant(frame[columns])).fit(disp=False)
    known = noordzee_truth(np.random.default_rng(3), 1_000).leaving
    assert (np.abs(fit.params - pd.Series(known).reindex(columns, fill_value=0)) / fit.bse)[columns].max() < 3.5


def test_satisfied_customers_are_worth_1_7_million_a_year_more_in_truth(truth):
    assert 1.65e6 < truth.extra_value_a_year < 1.75e6


def test_the_file_finds_the_extra_value_within_a_tenth_and_its_interval_holds_the_truth(survey, truth):
    columns = ["csat", "tenure", "margin", "left_within_12_months", "weight"]
    rows = survey.loc[survey["wave"] == 2025, columns].dropna().reset_index(drop=True)
    rng = np.random.default_rng(1)
    drawn = [yearly_extra_value(rows.iloc[rng.integers(0, len(rows), len(rows))]) for _ in range(200)]
    assert yearly_extra_value(rows) == pytest.approx(truth.extra_value_a_year, rel=0.10)
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert low < truth.extra_value_a_year < high


def test_the_client_file_names_what_was_simulated(survey, client):
    described = client["drivers"]["items"]
    assert set(described) == {c for w in QUESTIONNAIRES for c in items(w)} | {"tenure"}
    assert set(described) <= set(survey.columns)
    assert client["value"]["customers"] == CUSTOMERS
    assert (client["value"]["discount_rate"], client["value"]["horizon_years"]) == (DISCOUNT_RATE, HORIZON_YEARS)
    assert client["survey"]["missing"] == [DO_NOT_KNOW]
    assert set(client["plan"]) <= set(described)
