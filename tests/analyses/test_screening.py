import json
import re
import warnings
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import chi2

from drivers import client_findings, explain, section, table
from drivers.analyses.screening import answer_screening
from drivers.analyses.screens import ScreeningRules, respondent_screens
from drivers.core.dominance import general_dominance
from drivers.core.moments import Moments
from drivers.present.document import SCHEMA_VERSION, findings_document
from drivers.present.language import Language
from drivers.survey.interviews import Interviews
from drivers.survey.survey import Survey
from made_surveys import with_answers, with_weights

N, ITEMS = 400, 12
DRIVERS = tuple(f"d{j}" for j in range(ITEMS))


def graded(seed=0, n=N):
    """Ratings 1 to 10 on twelve aspects of which the first three cause satisfaction; nobody is careless."""
    rng = np.random.default_rng(seed)
    x = np.clip(np.rint(6 + 1.2 * rng.normal(size=(n, 1)) + 1.6 * rng.normal(size=(n, ITEMS))), 1, 10)
    y = np.clip(np.rint(6 + (x[:, :3] - 6) @ [0.6, 0.45, 0.3] + rng.normal(size=n)), 1, 10)
    frame = pd.DataFrame(np.column_stack([y, x]), columns=["csat", *DRIVERS])
    return Survey.from_frame(frame, "csat", scale=(1, 10))


def planted(survey, rows, values):
    """The survey in which these rows gave these values (rows, items) to the drivers."""
    answers = survey.answers.copy()
    answers.loc[rows, list(DRIVERS)] = values
    return replace(survey, answers=answers)


def flags(survey, name, rules=None):
    """Whom one check singles out, as row numbers; None where the survey does not allow it."""
    found = {s.name: s.flags for s in respondent_screens(survey, rules or ScreeningRules())}
    return np.flatnonzero(found[name]).tolist() if name in found else None


@pytest.fixture(scope="module")
def survey():
    return graded()


def test_honest_answers_are_no_straight_lines_strings_or_copies(survey):
    assert flags(survey, "straightliners") == flags(survey, "long_strings") == flags(survey, "duplicate_answers") == []


def test_who_answers_all_aspects_alike_is_a_straightliner(survey):
    made = planted(survey, [3, 9], np.repeat([[7.0], [10.0]], ITEMS, axis=1))
    assert flags(made, "straightliners") == [3, 9]
    assert flags(made, "long_strings") == []


def test_a_straight_line_of_too_few_answers_is_none(survey):
    four = np.where(np.arange(ITEMS) < 4, 7.0, np.nan)
    five = np.where(np.arange(ITEMS) < 5, 7.0, np.nan)
    assert flags(planted(survey, [3, 4], [four, five]), "straightliners") == [4]
    assert flags(replace(survey, drivers=DRIVERS[:4]), "straightliners") is None


def test_aspects_on_another_scale_break_no_line(survey):
    scales = MappingProxyType({**survey.scales, "d0": replace(survey.scales["d0"], high=5.0)})
    line = np.where(np.arange(ITEMS) == 0, 2.0, 7.0)
    assert flags(replace(planted(survey, [3], line), scales=scales), "straightliners") == [3]


def test_a_line_through_a_reversed_aspect_is_seen_in_the_answers_as_given(survey):
    line = np.where(np.arange(ITEMS) < 3, 2.0, 9.0)  # answered 9 throughout, three of them turned round since
    made = replace(planted(survey, [3], line), reversed=DRIVERS[:3])
    assert 3 in flags(made, "straightliners")
    assert 3 in flags(made, "contradictory")
    assert flags(made, "contradictory") == _agreeing_with_both(made)
    assert flags(survey, "contradictory") is None


def _agreeing_with_both(survey):
    plain = survey.answers[list(DRIVERS[3:])].mean(axis=1)
    turned = 11 - survey.answers[list(DRIVERS[:3])].mean(axis=1)
    return np.flatnonzero(
        ((plain >= 7.75) & (turned >= 7.75)) | ((plain <= 3.25) & (turned <= 3.25))
    ).tolist()  # the outer quarters of 1 to 10


def test_a_string_through_most_of_the_aspects_is_long(survey):
    string = np.where(np.arange(ITEMS) < 10, 7.0, 3.0)
    short = np.where(np.arange(ITEMS) < 9, 7.0, 3.0)
    assert flags(planted(survey, [5, 6], [string, short]), "long_strings") == [5]


def test_copies_are_flagged_but_not_the_original(survey):
    answers = survey.answers.copy()
    answers.loc[[50, 60]] = answers.loc[[10, 10]].to_numpy()
    assert flags(replace(survey, answers=answers), "duplicate_answers") == [50, 60]
    answers.loc[60, "csat"] += 1 if answers.loc[60, "csat"] < 10 else -1
    assert flags(replace(survey, answers=answers), "duplicate_answers") == [50]
    assert flags(replace(survey, drivers=DRIVERS[:5]), "duplicate_answers") is None


def test_two_straightliners_are_no_copies_of_one_another(survey):
    made = planted(survey, [3, 9], np.full((2, ITEMS), 7.0))
    made = with_answers(made, csat=np.where(np.isin(np.arange(N), [3, 9]), 8.0, made.answers["csat"]))
    assert flags(made, "duplicate_answers") == []
    assert flags(made, "straightliners") == [3, 9]


def test_too_fast_is_under_48_percent_of_the_median_or_under_a_stated_time(survey):
    durations = np.linspace(100, 900, N)
    durations[7] = np.nan
    timed = replace(survey, interviews=Interviews(durations=durations))
    limit = 0.48 * np.nanmedian(durations)
    assert flags(timed, "too_fast") == [i for i in range(N) if durations[i] < limit]
    stated = ScreeningRules(too_fast_below=150.0)
    assert flags(timed, "too_fast", stated) == [i for i in range(N) if durations[i] < 150]
    assert flags(survey, "too_fast") is None


def test_who_answers_again_is_flagged_from_the_second_time_on(survey):
    clusters = np.arange(N)
    clusters[[20, 30]] = 4
    assert flags(replace(survey, respondents=clusters), "duplicate_respondents") == [20, 30]


def test_halves_of_batteries_that_differ_are_flagged_as_a_chi_square_says(survey):
    batteries = {"first": DRIVERS[:6], "second": DRIVERS[6:]}
    made = planted(survey, [8], np.tile([1.0, 10.0], 6))
    found = flags(replace(made, batteries=batteries), "inconsistent")
    halves = [
        made.answers[list(b[::2])].mean(axis=1) - made.answers[list(b[1::2])].mean(axis=1) for b in batteries.values()
    ]
    gaps = np.column_stack(halves) - np.mean(halves, axis=1)
    squared = np.einsum("ni,ij,nj->n", gaps, np.linalg.inv(np.cov(gaps.T, ddof=0)), gaps)
    assert found == np.flatnonzero(squared > chi2.isf(0.001, 2)).tolist()
    assert 8 in found
    assert flags(replace(made, batteries={"all": DRIVERS}), "inconsistent") is None


def test_an_impossible_combination_is_an_outlier(survey):
    made = planted(survey, [8], np.tile([1.0, 10.0], 6))
    assert 8 in flags(made, "outliers")
    assert 8 not in flags(survey, "outliers")


def test_influential_is_who_moves_a_slope_by_its_standard_error(survey):
    small = survey.rows(np.arange(N) < 40)
    answers = small.answers.copy()
    answers.loc[0] = [10.0, *np.where(np.arange(ITEMS) == 5, 10.0, 1.0)]
    made = replace(small, answers=answers)
    x = sm.add_constant(answers[list(DRIVERS)].to_numpy())
    influence = sm.OLS(answers["csat"].to_numpy(), x).fit().get_influence()
    expected = np.flatnonzero((np.abs(influence.dfbetas[:, 1:]) > 1).any(axis=1)).tolist()
    assert flags(made, "influential") == expected
    assert 0 in expected


def test_who_carries_no_weight_is_never_flagged(survey):
    weights = np.ones(N)
    weights[3] = 0
    made = with_weights(planted(survey, [3, 4], np.full((2, ITEMS), 7.0)), weights)
    assert flags(made, "straightliners") == [4]
    assert answer_screening(made).base == N - 1


@pytest.fixture(scope="module")
def lined():
    """Forty straightliners at both ends, with an outcome that contradicts them, and ten who were too fast."""
    survey = with_weights(graded(), np.linspace(0.5, 1.5, N))
    ends = np.where(np.arange(40) % 2, 10.0, 1.0)
    made = planted(survey, np.arange(40), np.repeat(ends[:, None], ITEMS, axis=1))
    made = with_answers(made, csat=np.r_[11 - ends, made.answers["csat"][40:]])
    durations = np.where(np.arange(N) >= N - 10, 60.0, 600.0)
    return replace(made, interviews=Interviews(durations=durations))


@pytest.fixture(scope="module")
def hurried():
    """Eighty who were too fast, and whose satisfaction is their answer on the sixth aspect."""
    survey = with_weights(graded(), np.linspace(0.5, 1.5, N))
    fast = np.arange(N) < 80
    answers = survey.answers.copy()
    answers.loc[fast, "d5"] = np.where(np.arange(80) % 2, 10.0, 1.0)
    answers.loc[fast, "csat"] = answers.loc[fast, "d5"]
    return replace(survey, answers=answers, interviews=Interviews(durations=np.where(fast, 60.0, 600.0)))


def test_the_table_counts_heads_and_weighs_shares(lined):
    rows = answer_screening(lined).table.set_index("screen")
    assert rows.loc["straightliners", "flagged"] == 40
    assert rows.loc["straightliners", "flagged_share"] == pytest.approx(lined.weights[:40].sum() / lined.weights.sum())


def test_a_group_under_the_minimum_base_is_only_fewer_than_that(lined):
    result = answer_screening(lined)
    row = result.table.set_index("screen").loc["too_fast"]
    assert row["suppressed"]
    assert np.isnan(row["flagged"])
    assert np.isnan(row["flagged_share"])
    printed = {r[0]: r for r in table(result).rows}
    assert printed["Too fast"][2:4] == ("fewer than 30", "–")
    coarse = result.robustness.query("screen == 'too_fast'")["share_without"]
    np.testing.assert_array_equal(coarse, coarse.round(2))
    assert answer_screening(lined, minimum_base=10).table.set_index("screen").loc["too_fast", "flagged"] == 10


def test_nobody_flagged_is_zero_and_not_few(survey):
    row = answer_screening(survey).table.set_index("screen").loc["straightliners"]
    assert row["flagged"] == 0
    assert not row["suppressed"]


def test_shares_without_a_group_are_those_of_the_survey_without_it(hurried):
    result = answer_screening(hurried)
    names = (*DRIVERS, "csat")

    def shares(keep):
        z = hurried.answers.loc[keep, list(names)].to_numpy()
        parts = general_dominance(Moments.from_rows(names, z, hurried.weights[keep]).cross)
        return dict(zip(DRIVERS, parts / parts.sum(), strict=True))

    everyone, without = shares(np.ones(N, bool)), shares(np.arange(N) >= 80)
    rows = result.robustness.query("screen == 'too_fast'")
    leading = sorted(DRIVERS, key=lambda d: -everyone[d])[:5]
    assert leading[0] == "d5"
    assert rows["driver"].tolist() == leading
    np.testing.assert_allclose(rows["share"], [everyone[d] for d in leading], atol=1e-9)
    np.testing.assert_allclose(rows["share_without"], [without[d] for d in leading], atol=1e-9)
    first = sorted(DRIVERS, key=lambda d: -without[d])[:3]
    changes = result.table.set_index("screen").loc["too_fast", "order_changes"]
    assert changes == (first != leading[:3])
    assert changes


def test_without_a_ranking_no_shares_are_shown(lined):
    result = answer_screening(lined, ranked=False)
    assert result.robustness.empty
    assert result.table["order_changes"].isna().all()
    assert not any("driver" in str(line) for line in explain(result))


def test_a_group_that_holds_nearly_everybody_leaves_no_shares_and_no_order(survey):
    durations = np.where(np.arange(N) < 10, 900.0, 10.0)
    result = answer_screening(
        replace(survey, interviews=Interviews(durations=durations)), ScreeningRules(too_fast_below=20.0)
    )
    rows = result.robustness.query("screen == 'too_fast'")
    assert rows["share_without"].isna().all()
    assert result.table.set_index("screen").loc["too_fast", "order_changes"] is None


def test_nobody_is_left_out_unless_it_is_said(lined):
    result = answer_screening(lined)
    assert (result.excluded, result.excluded_rows) == ((), 0)
    assert not result.table["excluded"].any()


def test_who_is_left_out_is_counted(hurried):
    result = answer_screening(hurried, exclude=("too_fast",))
    assert (result.excluded, result.excluded_rows, result.base) == (("too_fast",), 80, N)


def test_a_small_group_does_not_follow_from_all_checks_together(lined):
    """Forty straightliners, ten too fast, nobody both: 50 less 40 would tell the ten."""
    rows = answer_screening(lined).table.set_index("screen")
    assert rows.loc["too_fast", "suppressed"]
    assert rows.loc["straightliners", "flagged"] == 40
    together = rows.loc["any"]
    assert (together["flagged"], together["rounded"]) == (60, True)  # 50 to the nearest multiple of 30
    share = lined.weights[[*range(40), *range(N - 10, N)]].sum() / lined.weights.sum()
    assert together["flagged_share"] == pytest.approx(30 * round(N * share / 30) / N)
    exact = answer_screening(lined, minimum_base=10).table.set_index("screen").loc["any"]
    assert (exact["flagged"], exact["rounded"]) == (50, False)


def test_a_small_group_does_not_follow_from_how_many_were_left_out(lined):
    both = answer_screening(lined, exclude=("straightliners", "too_fast"))
    assert (both.excluded_rows, both.base) == (60, 390)  # 50 of 400
    one = answer_screening(lined, exclude=("too_fast",))
    assert (one.excluded_rows, one.base) == (None, 390)
    assert "fewer than 30 left out" in repr(one)
    said = " ".join(map(str, explain(one)))
    assert "Left out of all results, as the client file says: Too fast, together fewer than 30 questionnaires." in said
    said = " ".join(map(str, explain(both)))
    assert "together about 60 questionnaires" in said


@pytest.mark.parametrize(("fast", "impossible"), [(10, 40), (3, 80), (29, 31), (7, 12)])
def test_no_small_group_can_be_told_from_what_is_shown_beside_it(survey, fast, impossible):
    """Another number of hurried respondents under the minimum base would have given the very same report."""

    def shown(hurried):
        rows = np.arange(N)
        interviews = Interviews(
            durations=np.where(rows < hurried, 60.0, 600.0),
            impossible=(rows >= hurried) & (rows < hurried + impossible),
        )
        checks = ("too_fast", "impossible_dates")
        made = replace(survey, interviews=interviews)
        result = answer_screening(made, exclude=checks, minimum_base=30, ranked=False)
        return (
            str(result.table[["screen", "flagged", "flagged_share"]].values.tolist()),
            result.excluded_rows,
            result.base,
        )

    real = shown(fast)
    assert sum(shown(other) == real for other in range(1, 30) if other != fast) >= 1


def test_who_answered_before_is_not_among_all_checks_together(survey):
    again = np.arange(N)
    again[100:180] = again[:80]
    made = planted(replace(survey, respondents=again, clusters=again), np.arange(40), np.full((40, ITEMS), 7.0))
    rows = answer_screening(made).table.set_index("screen")
    assert rows.loc["duplicate_respondents", "flagged"] == 80
    assert rows.loc["any", "flagged"] == 40
    assert "leaving aside who had answered before" in str(rows.loc["any", "rule"])


def test_many_drivers_are_compared_by_relative_weights():
    rng = np.random.default_rng(2)
    x = rng.integers(1, 11, size=(200, 20)).astype(float)
    frame = pd.DataFrame(x, columns=[f"v{j}" for j in range(20)]).assign(
        csat=x[:, :3].sum(axis=1) + rng.normal(size=200)
    )
    result = answer_screening(Survey.from_frame(frame, "csat"))
    assert "relative weights" in str(result.method)
    assert set(result.robustness["driver"].head(3)) == {"v0", "v1", "v2"}


def test_the_sentences_say_how_many_stand_out_and_what_that_changes(hurried):
    result = answer_screening(hurried, exclude=("too_fast",))
    said = " ".join(map(str, explain(result)))
    assert re.search(r"single out about \d+ of 400 questionnaires", said)  # a few are unusual: not told exactly
    assert "Left out of all results, as the client file says: Too fast, together 80 questionnaires." in said
    assert "in another order, without these groups: Too fast" in said
    assert "The share of d5 changes most: from" in said
    assert "Te snel" in Language("nl").say(explain(result)[1])


def test_a_change_that_whole_percents_do_not_show_is_not_told(survey):
    said = " ".join(map(str, explain(answer_screening(survey, minimum_base=1))))
    assert "the first three drivers stay the same" in said
    assert "largest change" not in said


@pytest.fixture(scope="module")
def client():
    from drivers.client import Client

    items = {name: name for name in DRIVERS}
    return Client.model_validate(
        {
            "client": "Made",
            "draws": 100,
            "survey": {"file": "made.csv", "duration": "seconds"},
            "satisfaction": {"column": "csat", "scale": [1, 10]},
            "drivers": {"scale": [1, 10], "items": items},
            "quality": {"exclude": ["straightliners"]},
        }
    )


def test_every_result_is_on_those_who_are_left_and_the_screening_on_all(lined, client):
    findings = client_findings(lined, client)
    assert findings.quality.base == findings.potential.base == findings.reliability.base == N - 40
    assert findings.screening.base == N
    assert findings.screening.excluded_rows == 40
    assert findings.weights.base == N - 40
    document = findings_document(findings)
    assert document["schema_version"] == SCHEMA_VERSION
    json.dumps(document["screening"], allow_nan=False)
    quality = section(findings, "quality")
    assert len(quality.tables) == 3
    assert any("The same answer throughout" in text for text in quality.paragraphs)


def test_no_result_holds_anything_about_one_respondent(lined):
    result = answer_screening(lined, minimum_base=10)
    for frame in (result.table, result.robustness):
        assert len(frame) < 60
    assert result.table["flagged"].dropna().map(lambda n: n == 0 or n >= 10).all()


def test_the_screening_is_quiet(lined):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer_screening(lined)


def test_members_of_a_cluster_are_not_called_repeated_respondents(survey):
    assert flags(replace(survey, clusters=np.arange(survey.base) // 2), "duplicate_respondents") is None


@pytest.mark.parametrize("policy", ["complete", "available", "imputed"])
def test_what_changes_without_a_group_is_computed_under_every_policy_for_missing_answers(survey, policy):
    holes = survey.answers.copy()
    holes.loc[::9, survey.drivers[0]] = np.nan
    result = answer_screening(replace(survey, answers=holes, missing_policy=policy))
    assert not result.robustness.empty
    assert result.robustness["share"].notna().all()
