import json
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from drivers import (
    client_findings,
    driver_importance,
    explain,
    joint_resample,
    load_client,
    load_survey,
    missing_sensitivity,
    potential,
    table,
)
from drivers.analyses import treatment
from drivers.analyses.basis import linear_basis
from drivers.analyses.policy import chosen_policy
from drivers.core.dominance import general_dominance
from drivers.core.moments import Moments
from drivers.core.resample import jackknife_moments
from drivers.errors import DataWarning, EstimationError
from drivers.present.document import findings_document
from drivers.present.sections import section
from made_surveys import (
    SLOPES,
    drawn,
    made_client,
    made_survey,
    made_weights,
    repeated_draw,
    with_answers,
    with_weights,
)

ROOT = Path(__file__).resolve().parents[2]
BANK = ROOT.parent / "shared" / "data" / "bank_weighted"

pytestmark = pytest.mark.filterwarnings("ignore::drivers.errors.DriversWarning")


def holed(survey, **shares):
    """The survey with these shares of the answers left open at random."""
    rng = np.random.default_rng(8)
    columns = {c: survey.answers[c].mask(rng.random(survey.base) < share) for c, share in shares.items()}
    return with_answers(survey, **columns)


def under(survey, policy, **keys):
    return replace(survey, missing_policy=policy, **keys)


@pytest.fixture
def survey():
    return holed(made_survey(600), d0=0.25, d1=0.2, d2=0.15, tenure=0.1)


def policy_of(survey):
    return chosen_policy(survey, (*survey.controls, *survey.drivers), survey.outcome)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ({}, "complete"),
        ({"d0": 0.30}, "complete"),
        ({"d0": 0.45}, "imputed"),
        ({"d0": 0.30, "d1": 0.30}, "imputed"),
        ({"d0": 0.60}, "available"),
        ({"csat": 0.60}, "complete"),
    ],
)
def test_the_rule_takes_complete_cases_then_imputation_then_available_answers(shares, expected):
    assert policy_of(holed(made_survey(1000), **shares)).name == expected


def test_the_word_of_the_client_file_comes_before_the_rule():
    rule = policy_of(under(holed(made_survey(), d0=0.6), "complete"))
    assert (rule.name, rule.automatic) == ("complete", False)


def test_an_item_that_does_not_apply_is_no_hole():
    rule = policy_of(replace(holed(made_survey(), d0=0.6), not_applicable=("d0",)))
    assert (rule.name, rule.kept) == ("complete", 1.0)


def test_without_holes_every_policy_gives_the_same_shares():
    survey = made_survey()
    whole = driver_importance(survey, draws=100).table.set_index("driver")["share"]
    for policy in ("available", "not_applicable", "imputed"):
        found = driver_importance(under(survey, policy), draws=100).table.set_index("driver")["share"]
        assert found.to_dict() == pytest.approx(whole.to_dict(), abs=1e-9)


def test_available_draws_are_the_pairwise_correlations_of_the_respondents_drawn(survey):
    survey = with_weights(under(survey, "available"), made_weights(600))
    resample = repeated_draw(survey)
    basis = linear_basis(survey, resample=resample)
    w = drawn(survey, resample)
    z = survey.answers[list(basis.names)].to_numpy()
    expected = np.ones((len(basis.names), len(basis.names)))
    for i in range(len(expected)):
        for j in range(i):
            both = ~np.isnan(z[:, [i, j]]).any(axis=1)
            covariance = np.cov(z[both][:, [i, j]].T, aweights=w[both])
            expected[i, j] = expected[j, i] = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
    assert basis.resampled(survey, resample).correlation[3] == pytest.approx(expected, abs=1e-9)


def test_the_jackknife_of_available_answers_leaves_one_group_out(survey):
    survey = under(survey, "available")
    basis = linear_basis(survey)
    left = basis.jackknifed()
    kept = survey.answers[np.arange(600) % len(left.base) != 7]
    expected = kept[list(basis.names)].corr().to_numpy()
    assert left.correlation[7] == pytest.approx(expected, abs=1e-9)


def test_the_effective_base_of_available_answers_is_that_of_the_smallest_pair(survey):
    found = driver_importance(under(survey, "available"), draws=50)
    answered = survey.answers[["tenure", "d0", "d1", "d2", "csat"]].notna().astype(int)
    assert found.effective_base == pytest.approx((answered.T @ answered).to_numpy().min())
    assert found.base == survey.answers[["d0", "d1", "d2"]].notna().any(axis=1).sum()
    assert "available answers: each correlation" in str(found.method)


def contradictory(strength=0.9):
    """Three groups of people, each of whom answered one pair of the columns: no population gives all three."""
    rng = np.random.default_rng(1)
    n = 900
    z = np.full((n, 3), np.nan)
    for k, (i, j) in enumerate([(0, 1), (1, 2), (0, 2)]):
        rows = slice(300 * k, 300 * (k + 1))
        z[rows, i] = rng.normal(size=300)
        z[rows, j] = (1 if k < 2 else -1) * strength * z[rows, i] + np.sqrt(1 - strength**2) * rng.normal(size=300)
    base = made_survey(n, slopes=(0.5, 0.3), tenure=False)
    return under(with_answers(base, d0=z[:, 0], d1=z[:, 1], csat=z[:, 2]), "available")


def test_available_answers_that_contradict_one_another_are_refused():
    with pytest.raises(EstimationError, match="contradict one another: a correlation would have to move by"):
        driver_importance(contradictory(), draws=50)


def test_available_answers_that_nearly_agree_are_repaired_and_it_is_said():
    survey = contradictory(0.52)
    assert np.linalg.eigvalsh(survey.answers[["d0", "d1", "csat"]].corr())[0] < 0
    with pytest.warns(DataWarning, match="nearest consistent correlations were taken"):
        found = driver_importance(survey, draws=50)
    assert 0 < found.r_squared < 1
    assert "missing" in {n.kind for n in found.notices}


def test_pairs_that_nobody_answered_are_refused_by_name(survey):
    first = np.arange(600) < 300
    apart = with_answers(survey, d0=survey.answers["d0"].where(first), d1=survey.answers["d1"].where(~first))
    with pytest.raises(EstimationError, match="Fewer than 10 respondents answered both d0 and d1"):
        driver_importance(under(apart, "available"), draws=50)


def test_an_indicator_enters_with_its_driver_and_slopes_are_those_of_both():
    survey = under(holed(made_survey(), d0=0.3), "not_applicable")
    found = driver_importance(survey, draws=50).table.set_index("driver")
    a = survey.answers
    x = np.column_stack([a["tenure"], a["d0"].isna(), a["d0"].fillna(0.0), a["d1"], a["d2"]])
    fitted = sm.OLS(a["csat"].to_numpy(), sm.add_constant(x.astype(float))).fit(cov_type="HC3", use_t=True)
    assert found.loc[["d0", "d1", "d2"], "slope"].to_numpy() == pytest.approx(fitted.params[3:])
    controls = sm.OLS(a["csat"].to_numpy(), sm.add_constant(a["tenure"].to_numpy())).fit().rsquared
    assert found["share_of_variance"].sum() == pytest.approx(fitted.rsquared - controls)


def test_items_that_were_skipped_together_share_an_indicator():
    skip = np.random.default_rng(2).random(300) < 0.4
    base = made_survey()
    survey = with_answers(base, d0=base.answers["d0"].mask(skip), d1=base.answers["d1"].mask(skip))
    basis = linear_basis(under(survey, "not_applicable"))
    assert basis.names == ("tenure", "d0: does not apply", "d0", "d1", "d2", "csat")
    assert basis.columns.blocks == ((2, 1), (3, 1), (4,))


def test_a_rise_counts_for_those_to_whom_the_item_applies():
    skip = np.arange(300) % 2 == 0
    whole = made_survey(slopes=(0.8,), tenure=False)
    survey = with_answers(whole, d0=whole.answers["d0"].mask(skip))
    basis = linear_basis(under(survey, "not_applicable"))
    assert basis.columns.applies == pytest.approx([0.5])
    found = potential(under(survey, "not_applicable"), draws=50)
    slope = driver_importance(under(survey, "not_applicable"), draws=50).table.loc[0, "slope"]
    way = found.aspects.loc[0, "realistic_best"] - found.aspects.loc[0, "mean"]
    assert found.rise == pytest.approx(0.5 * slope * way)


def test_marked_items_do_not_apply_under_every_policy(survey):
    marked = under(survey, "imputed", not_applicable=("d0",))
    names = linear_basis(marked).names
    assert "d0: does not apply" in names
    assert "d1: does not apply" not in names


def test_imputed_shares_are_the_mean_of_those_of_each_completion(survey):
    survey = under(survey, "imputed")
    resample = joint_resample(survey, draws=60)
    basis = linear_basis(survey, resample=resample)
    completions = basis.completions()
    assert len(completions) == 20
    each = [general_dominance(Moments.from_rows(basis.names, c.z, c.w).cross, controls=1) for c in completions]
    found = driver_importance(survey, resample).table.set_index("driver")["share_of_variance"]
    assert found[["d0", "d1", "d2"]].to_numpy() == pytest.approx(np.mean(each, axis=0))


def test_a_draw_is_taken_of_the_completion_that_is_its_turn(survey):
    survey = under(survey, "imputed")
    resample = joint_resample(survey, draws=45)
    basis = linear_basis(survey, resample=resample)
    moments = basis.resampled(survey, resample)
    for b in (0, 19, 20, 44):
        z = basis.completions()[b % 20].z
        w = resample.weightings(survey.weights, b, b + 1)[0, basis.rows]
        assert moments.cross[b] == pytest.approx(Moments.from_rows(basis.names, z, w).cross)


def test_the_jackknife_of_imputed_answers_is_that_of_all_completions_together(survey):
    basis = linear_basis(under(survey, "imputed"))
    each = [jackknife_moments(basis.names, c.z, c.w, 250) for c in basis.completions()]
    means = np.mean([m.mean for m in each], axis=0)
    assert basis.jackknifed().mean == pytest.approx(means)


def test_analyses_on_the_same_draws_share_their_imputations(survey):
    survey = under(survey, "imputed")
    resample = joint_resample(survey, draws=50)
    first, again = (linear_basis(survey, resample=resample).completions()[4].z for _ in range(2))
    other = linear_basis(survey, resample=joint_resample(survey, np.random.default_rng(2), 50)).completions()[4].z
    assert (first == again).all()
    assert (first != other).any()


def test_imputed_slopes_are_pooled_by_rubins_rules(survey):
    survey = under(survey, "imputed")
    resample = joint_resample(survey, draws=50)
    found = driver_importance(survey, resample).table.set_index("driver").loc["d0"]
    fits = []
    for c in linear_basis(survey, resample=resample).completions():
        fits.append(sm.OLS(c.z[:, -1], sm.add_constant(c.z[:, :-1])).fit(cov_type="HC3", use_t=True))
    slopes, variances = np.array([f.params[2] for f in fits]), np.array([f.bse[2] ** 2 for f in fits])
    total = variances.mean() + 1.05 * slopes.var(ddof=1)
    assert found["slope"] == pytest.approx(slopes.mean())
    assert found["slope_high"] - found["slope"] == pytest.approx(1.96 * np.sqrt(total), rel=0.05)  # t of some 200 df
    assert (found["slope_high"] - found["slope"]) / np.sqrt(total) > 1.96


def test_intervals_of_imputed_shares_are_wider_than_those_of_one_completion():
    survey = under(holed(made_survey(400), d0=0.45), "imputed")
    resample = joint_resample(survey, draws=400)
    filled = linear_basis(survey, resample=resample).completions()[0].z
    single = with_answers(survey, **{c: filled[:, k] for k, c in enumerate(("tenure", "d0", "d1", "d2", "csat"))})
    width = [(t["share_high"] - t["share_low"])["d0"] for t in map(shares_of, (survey, single), [resample] * 2)]
    assert width[0] > 1.1 * width[1]


def shares_of(survey, resample):
    return driver_importance(survey, resample).table.set_index("driver")


def test_means_missing_at_random_are_repaired_by_imputation_and_not_by_complete_cases():
    errors = []
    for seed in range(12):
        survey = made_survey(800, seed=seed, tenure=False)
        rng = np.random.default_rng(seed)
        chance = 1 / (1 + np.exp(-1.2 * (survey.answers["csat"] - 6)))
        open_ = with_answers(survey, d0=survey.answers["d0"].mask(rng.random(800) < 0.8 * chance))
        truth = linear_basis(survey).pooled(lambda m: m.mean[..., 0])
        found = [linear_basis(under(open_, p)).pooled(lambda m: m.mean[..., 0]) for p in ("imputed", "complete")]
        errors.append(np.array(found) - truth)
    imputed, complete = np.mean(errors, axis=0)
    assert abs(imputed) < 0.05  # scale points; three standard errors of the mean
    assert complete < -0.2


def test_an_improvement_moves_those_to_whom_the_item_applies():
    skip = np.arange(300) % 3 == 0
    whole = made_survey()
    survey = under(with_answers(whole, d0=whole.answers["d0"].mask(skip)), "not_applicable")
    resample = repeated_draw(survey)
    basis = linear_basis(survey, resample=resample)
    share = basis.columns.applies[0]
    found = client_findings(survey, made_client(survey))
    row = found.chain.table.set_index("driver").loc["d0"]
    slopes = found.importance.table.set_index("driver").loc["d0"]
    assert share == pytest.approx(2 / 3)
    assert row["satisfaction_gain"] == pytest.approx(0.5 * share * slopes["slope"])
    reach = slopes["slope_high"] - slopes["slope"]  # of the interval: smaller by the share, as the gain itself is
    assert row["satisfaction_gain_high"] - row["satisfaction_gain"] < 0.5 * reach * (1 + share) / 2


@pytest.mark.parametrize("policy", ["available", "not_applicable", "imputed"])
def test_every_policy_gives_every_result_with_its_intervals(survey, policy):
    survey = with_weights(under(survey, policy), made_weights(600))
    found = client_findings(survey, made_client(survey, plan={"d0": {"improve": 0.5, "cost": 1.0}}))
    answered = survey.answers[["d0", "d1", "d2"]].notna().any(axis=1) | (policy == "not_applicable")
    inside = (survey.weights > 0) & answered
    assert {found.potential.base, found.importance.base, found.chain.base} == {int(inside.sum())}
    order = found.importance.table
    assert order["driver"].tolist() == ["d0", "d1", "d2"]
    assert (order["share_low"] <= order["share"]).all()
    assert (order["share"] <= order["share_high"]).all()
    assert order["slope"].to_numpy() == pytest.approx(np.array(SLOPES), abs=0.15)
    assert found.potential.verdict == "relevant"


@pytest.mark.parametrize("policy", ["available", "imputed"])
def test_clusters_widen_the_intervals_of_every_policy(policy):
    base = under(holed(made_survey(200), d0=0.3), policy)
    copies = replace(
        base,
        answers=pd.concat([base.answers] * 4, ignore_index=True),
        weights=np.ones(800),
        clusters=np.tile(np.arange(200), 4),
    )
    apart = replace(copies, clusters=None)
    width = [(f.r_squared_high - f.r_squared_low) for f in (driver_importance(s, draws=200) for s in (copies, apart))]
    assert width[0] > 1.5 * width[1]


def test_imputations_are_drawn_within_the_strata_of_the_survey(monkeypatch):
    seen = []
    whole = treatment.imputed_answers
    monkeypatch.setattr(treatment, "imputed_answers", lambda *a, **k: seen.append(k) or whole(*a, **k))
    survey = under(holed(made_survey(200), d0=0.3, csat=0.1), "imputed", strata=np.repeat([0, 1], 100))
    linear_basis(replace(survey, clusters=np.arange(200) // 2))
    answered = survey.answers["csat"].notna().to_numpy()
    np.testing.assert_array_equal(seen[0]["strata"], survey.strata[answered])
    np.testing.assert_array_equal(seen[0]["units"], (np.arange(200) // 2)[answered])


def test_the_sensitivity_names_the_item_that_costs_most_of_the_sample():
    survey = holed(made_survey(1000), d0=0.05, d1=0.55)
    found = missing_sensitivity(survey)
    answered = survey.answers[["tenure", "d0", "d2"]].notna().all(axis=1)
    assert (found.chosen, found.automatic, found.costly) == ("available", True, "d1")
    assert found.kept_without == pytest.approx(answered.mean())
    assert found.losses["label"].tolist()[0] == "d1"
    assert found.policies.set_index("policy").loc["complete", "base"] == survey.answers.notna().all(axis=1).sum()


def test_the_sensitivity_has_the_shares_of_driver_importance_under_each_policy(survey):
    resample = joint_resample(survey, draws=50)
    cells = missing_sensitivity(survey, resample).table.set_index(["policy", "driver"])
    for policy in ("complete", "available", "imputed"):
        own = driver_importance(under(survey, policy), resample).table.set_index("driver")
        assert cells.loc[policy]["share"].to_dict() == pytest.approx(own["share"].to_dict())
        assert cells.loc[policy]["rank"].to_dict() == own["rank"].to_dict()


def test_a_policy_that_must_be_refused_says_why_beside_the_others():
    found = missing_sensitivity(under(holed(made_survey(300), d0=0.98), "complete", drivers=("d0", "d1")))
    reasons = found.policies.set_index("policy")["reason"]
    assert reasons["complete"] == ""
    assert "cannot be imputed" in reasons["imputed"]
    assert set(found.table["policy"]) == {"complete"}


def test_a_whole_survey_has_no_word_on_missing_answers():
    survey = made_survey()
    assert client_findings(survey, made_client(survey)).missing is None


def test_aspects_that_do_not_matter_are_not_ranked_under_any_policy():
    survey = holed(made_survey(400, slopes=(0.0, 0.0)), d0=0.2)
    found = client_findings(survey, made_client(survey))
    assert found.importance is None
    assert found.missing.table.empty
    assert table(found.missing).headers[1:] == ("Missing", "Complete without it")


def test_a_client_file_says_the_policy_and_what_does_not_apply(tmp_path):
    (tmp_path / "s.csv").write_text(
        "csat,a,b\n" + "".join(f"{5 + i % 5},{4 + i % 6},\n" for i in range(30)) + "7,6,5\n"
    )
    text = (
        'client = "A"\n[survey]\nfile = "s.csv"\nmissing_policy = "available"\n[satisfaction]\ncolumn = "csat"\n'
        '[drivers.items]\na = "A"\nb = { label = "B", not_applicable = true }\n'
    )
    (tmp_path / "client.toml").write_text(text, encoding="utf-8")
    assert tomllib.loads(text)["survey"]["missing_policy"] == "available"
    client = load_client(tmp_path / "client.toml")
    assert client.drivers.items["b"].not_applicable
    survey = load_survey(client)
    assert survey.missing_policy == "available"
    assert survey.not_applicable == ("b",)


@pytest.fixture(scope="module")
def bank():
    if not BANK.is_dir():
        pytest.skip("the real surveys are not beside the project")
    client = load_client(ROOT / "tests" / "clients" / "bank_missing.toml")
    return client, load_survey(client), json.loads((BANK / "expected.json").read_text(encoding="utf-8"))


def test_the_bank_survey_loses_seven_in_ten_rows_and_branch_is_the_cause(bank):
    found = missing_sensitivity(bank[1])
    assert found.policies.set_index("policy").loc["complete", "base"] == 267
    assert bank[1].base == 896
    assert found.costly == "Branch"
    assert (found.chosen, found.automatic) == ("available", True)
    assert found.kept_without == pytest.approx(594 / 762)  # expected.json: without_Branch keeps 594
    said = [str(line) for line in explain(found)]
    assert said[2] == "The others mostly left Branch open: without that question 78% would be complete."
    assert found.leaders == ("Phone", "Fees", "Branch")
    assert "Which driver comes first depends on how missing answers are treated" in said[3]


def test_the_bank_shares_are_those_of_the_reference_under_both_policies(bank):
    cells = missing_sensitivity(bank[1]).table.set_index(["policy", "driver"])["share"]
    complete = {d: row["shapley_pct"] / 100 for d, row in bank[2]["complete_case_unweighted"]["table"].items()}
    pairwise = {d: share / 100 for d, share in bank[2]["pairwise"]["shapley_pct"].items()}
    assert cells["complete"].to_dict() == pytest.approx(complete, abs=1e-6)
    assert cells["available"].to_dict() == pytest.approx(pairwise, abs=1e-5)


def test_the_bank_report_says_in_both_languages_that_the_third_rank_depends_on_it(bank):
    client = bank[0].model_copy(update={"draws": 100})
    found = client_findings(bank[1], client)
    assert found.importance.r_squared == pytest.approx(bank[2]["pairwise"]["r2"], abs=1e-5)
    assert any("Branch alone costs most" in str(n) for n in found.notices)
    assert findings_document(found)["missing"]["costly"] == "Branch"
    for language, kept in (("en", "35% are complete"), ("nl", "35% volledig ingevuld")):
        shown = section(replace(found, language=language), "quality")
        assert any(kept in p for p in shown.paragraphs)
        assert any("24.6% (2)" in c or "24,6% (2)" in c for row in shown.tables[1].rows for c in row)
