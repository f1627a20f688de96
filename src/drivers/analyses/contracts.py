"""Does the kind of contract matter for satisfaction, and is that the contract?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import joint_resample, units_phrase, weights_phrase
from drivers.analyses.contract_gaps import RARE, Comparison, balance_table, compared, gap_table, gap_tests, kind_table
from drivers.analyses.holders import Holders, contract_holders
from drivers.analyses.moderation import NO_SLOPES, kind_slopes, with_held
from drivers.analyses.notice import Notice
from drivers.analyses.promises import NO_PROMISES, promise_effects
from drivers.analyses.questions import Questions
from drivers.core.design import kish_base
from drivers.core.resample import Resample
from drivers.core.wald import WaldTest
from drivers.errors import EstimationError
from drivers.survey.contracts import ContractPlan
from drivers.survey.segments import Segmentation
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

BALANCED = 0.10
"""Standardised difference up to which two groups count as alike (Austin 2009, doi:10.1002/sim.3697)."""

RARE_SHARE = 0.10
"""Part of the organisations that may hardly ever have a kind of contract before it is said."""


@dataclass(frozen=True, slots=True, eq=False)
class ContractComparison:
    """Satisfaction by kind of contract.

    Attributes
    ----------
    kinds
        One row a kind: organisations, respondents, mean satisfaction with its interval, effective base (Kish) under
        the weights that make the kinds alike, and the share of all organisations that would have it with a chance
        below 5%.
    gaps
        One row a pair of kinds, the later less the earlier: gap as it is with simultaneous interval and p-value
        (Games-Howell), Hedges' g, gap with other things equal by regression (p-value by Holm) and by
        inverse-probability weighting, p-value of equivalence (by Holm), and the verdict on the gap by regression:
        "higher", "lower", "equal" (inside the margin) or "not_shown".
    tests
        Whether all kinds are equally satisfied, as they are (Welch) and with other things equal (Wald), and whether all
        drivers count alike (Wald).
    balance
        One row a pair and column held equal: standardised difference before and after weighting.
    moderation
        One row a driver and kind: slope with its interval, p-value (Holm over the drivers) that it is the same under
        all kinds, and whether it is shown to differ. Empty where no ranking is drawn.
    promises
        One row a share of promises kept: points of satisfaction that ten percentage points more go with, the ratings
        held constant, and in all. Empty without any.
    margin
        Gap below which two kinds count as equal; None where equality is not tested.
    held
        Printed names of what is held equal.
    notices
        What a reader must know.
    base, effective_base, organisations, confidence, method
        As in every result; the base are the respondents of the organisations.
    """

    kinds: pd.DataFrame
    gaps: pd.DataFrame
    tests: pd.DataFrame
    balance: pd.DataFrame
    moderation: pd.DataFrame
    promises: pd.DataFrame
    margin: float | None
    held: tuple[str, ...]
    organisations: int
    base: int
    effective_base: float
    confidence: float
    notices: tuple[Notice, ...]
    method: Sentence

    def __repr__(self) -> str:
        said = "; ".join(
            f"{row['contract_kind']} {row['contract_verdict']} against {row['other_kind']}"
            for _, row in self.gaps.iterrows()
        )
        return f"ContractComparison of {self.organisations} organisations: {said}"


def contract_comparison(
    survey: Survey,
    resample: Resample | None = None,
    *,
    minimum_base: int = 30,
    confidence: float = 0.95,
    ranked: bool = True,
) -> ContractComparison:
    """Does the kind of contract matter for satisfaction, and is that the contract?

    An adjusted gap of 0.35 means: of two organisations alike in what is held equal, the one with this contract is
    0.35 points more satisfied on average. What was not measured may still differ between them: an association.

    Parameters
    ----------
    survey
        With `contracts`: kinds, what is held equal, shares of promises kept, margin of equivalence.
    resample
        The joint resample; default: one of 1,000 draws.
    minimum_base
        Kinds with fewer respondents are left out.
    confidence
        Level of the intervals.
    ranked
        Whether a ranking of the drivers may be drawn; without it they are not compared between kinds.

    Raises
    ------
    EstimationError
        When the survey says nothing of contracts, fewer than two kinds can be compared, or satisfaction never varies
        within one.

    Notes
    -----
    Satisfaction of an organisation is the weighted mean of its respondents'. Gaps with other things equal come from a
    regression on the kinds, what is held equal and its squares, with errors robust to unequal variance (HC3), and from
    weights by the inverse of a multinomial logit's chance of the kind that the organisation has, stabilised, truncated
    at the 1st and 99th percentile and fitted anew in every resample. The first asks that satisfaction is told well, the
    second that the choice of contract is; where they agree neither can be far off.
    """
    resample = joint_resample(survey) if resample is None else resample
    holders = contract_holders(survey, minimum_base)
    plan = survey.contracts or ContractPlan(Segmentation("", (), np.empty(0, dtype=int)))
    comparison = compared(holders, holders.drawn(resample, survey.base))
    kinds, notices = _segments(plan, holders), list(_notices(survey, comparison))
    slopes, joint = NO_SLOPES, None
    if ranked:
        try:
            held = with_held(survey, plan.adjust)
            slopes, joint = kind_slopes(held, kinds, resample, minimum_base=minimum_base, confidence=confidence)
        except EstimationError as error:
            notices.append(Notice("moderation", error.reason))
    promises = NO_PROMISES
    try:
        promises = promise_effects(survey, plan, kinds, confidence)
    except EstimationError as error:
        notices.append(Notice("promises", error.reason))
    tests = {**gap_tests(comparison), **({} if joint is None else {"contracts_slopes": joint})}
    counted = np.isin(np.arange(survey.base), _respondents(survey, holders))
    return ContractComparison(
        kinds=kind_table(comparison, confidence),
        gaps=gap_table(comparison, plan.margin, confidence),
        tests=_test_table(tests),
        balance=balance_table(comparison, dict(survey.labels)),
        moderation=slopes,
        promises=promises,
        margin=plan.margin,
        held=tuple(survey.labels.get(c, c) for c in holders.adjust),
        organisations=len(holders.y),
        base=int(holders.respondents.sum()),
        effective_base=kish_base(survey.weights[counted]),
        confidence=confidence,
        notices=tuple(notices),
        method=_method(survey, holders, resample, confidence),
    )


def client_contracts(questions: Questions) -> ContractComparison | None:
    """The kinds of contract, where the client file asks for them and the data carry them."""
    if questions.survey.contracts is None:
        return None
    client = questions.client
    try:
        return contract_comparison(
            questions.survey, questions.resample, minimum_base=client.minimum_base, confidence=client.confidence,
            ranked="drivers" not in questions.unanswered,
        )  # fmt: skip
    except EstimationError as error:
        questions.unanswered["contracts"] = error.reason
        return None


def _segments(plan: ContractPlan, holders: Holders) -> Segmentation:
    """The kinds that are compared, as groups of respondents."""
    place = {name: k for k, name in enumerate(holders.kinds)}
    codes = np.array([*(place.get(name, -1) for name in plan.kinds.groups), -1])[plan.kinds.codes]
    return Segmentation(plan.kinds.label, holders.kinds, codes)


def _respondents(survey: Survey, holders: Holders) -> np.ndarray:
    """Positions of the respondents with weight and an answer, of the organisations that are compared."""
    unit = np.arange(survey.base) if survey.clusters is None else survey.clusters
    answered = ~np.isnan(survey.answers[survey.outcome].to_numpy())
    return np.flatnonzero(np.isin(unit, unit[holders.first]) & answered & (survey.weights > 0))


def _test_table(tests: dict[str, WaldTest]) -> pd.DataFrame:
    rows = [
        {"test": name, "f_statistic": t.f, "df_between": t.between, "df_within": t.within, "p_value": t.p}
        for name, t in tests.items()
    ]
    return pd.DataFrame(rows)


def _notices(survey: Survey, comparison: Comparison) -> Iterator[Notice]:
    holders = comparison.holders
    if holders.left_out:
        yield Notice("small_base", sentence(_SMALL, kinds=holders.left_out))
    if holders.incomplete:
        yield Notice("incomplete", sentence(_INCOMPLETE, n=holders.incomplete))
    if not holders.adjust:
        yield Notice("unadjusted", sentence(_NOTHING_HELD))
    elif comparison.chances is None or comparison.inverse is None:
        yield Notice("no_overlap", sentence(_NO_OVERLAP))
    else:
        rare = (comparison.chances < RARE) @ holders.w / holders.w.sum()
        for kind, share in zip(holders.kinds, rare, strict=True):
            if share > RARE_SHARE:
                yield Notice("overlap", sentence(_HARDLY, kind=kind, share=share))
        yield from _imbalances(survey, comparison)


def _imbalances(survey: Survey, comparison: Comparison) -> Iterator[Notice]:
    table = balance_table(comparison, dict(survey.labels))
    left = list(dict.fromkeys(table.loc[table["balance_after"].abs() > BALANCED, "label"]))
    if left:
        yield Notice("imbalance", sentence(_UNBALANCED, names=left))


_SMALL = "Too small to compare, or left out so that a smaller one cannot be worked out: {kinds:list}."
_INCOMPLETE = "{n:count} organisations are left out because something that is held equal is not known of them."
_NOTHING_HELD = (
    "The client file names nothing to hold equal (contracts.adjust), so a gap may be due to which organisations have "
    "which contract."
)
_NO_OVERLAP = (
    "What is held equal tells the kinds of contract apart, so that weighting cannot make them alike: the adjusted gap "
    "rests on the regression alone."
)
_HARDLY = (
    "Of the organisations, {share:percent} would hardly ever have {kind} (a chance below 5%): for them the comparison "
    "rests on few organisations, or on the model alone."
)
_UNBALANCED = (
    "Also after weighting the kinds of contract are not quite alike in {names:list}, so that the gap by regression is "
    "the better one to go by."
)


def _method(survey: Survey, holders: Holders, resample: Resample, confidence: float) -> Sentence:
    return sentence(
        "Mean satisfaction of {organisations:count} organisations, each the weighted mean of its respondents; "
        "{weights}. As they are: Welch's test, and Games-Howell for pairs, with simultaneous {confidence:percent} "
        "intervals. Other things equal: regression on the kind{held}, HC3 errors, Holm over the pairs; and "
        "inverse-probability weights of a multinomial logit, stabilised, truncated at the 1st and 99th percentile, "
        "fitted anew in {draws:count} "
        "joint resamples of {units}. Equality: two one-sided tests. Drivers by kind and kept promises: regression of "
        "respondents, errors by the sampling design, Holm. An association, not proof of a cause.",
        organisations=len(holders.y),
        weights=weights_phrase(survey),
        confidence=confidence,
        held=sentence(", {names:list} and their squares", names=[survey.labels.get(c, c) for c in holders.adjust])
        if holders.adjust
        else sentence(""),
        draws=resample.draws,
        units=units_phrase(survey),
    )
