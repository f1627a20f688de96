"""What is a customer worth, and how much more is a satisfied one worth?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.disclosure import hidden_groups
from drivers.analyses.groups import SATISFACTION_GROUPS, check_groups, satisfaction_groups
from drivers.analyses.leaving import LeavingModel, Values
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.margins import margin_bounds, margin_effect, through_phrase
from drivers.analyses.renewals import Renewals, years_phrase
from drivers.analyses.terms import ValueTerms, known_margins
from drivers.core.estimate import Bounds, Estimate
from drivers.core.lifetime import annuity
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class SatisfactionValue:
    """Lifetime value by satisfaction group, and the extra value of satisfied customers.

    Attributes
    ----------
    table
        One row a satisfaction group: customers it stands for, yearly margin, retention, lifetime value per customer if
        everyone were as satisfied as this group is on average; with intervals, suppressed under the minimum base.
    reference
        Mean satisfaction of the dissatisfied, scale points.
    extra_per_customer, _low, _high
        Lifetime value of a satisfied customer above that of the same customer at the satisfaction of the dissatisfied.
    extra_total, _low, _high
        The same for all satisfied customers that the sample stands for.
    extra_yearly, _low, _high
        `extra_total` spread over the horizon as equal yearly amounts at the discount rate (its annuity).
    positive_probability
        Share of the draws in which it is above zero.
    margin_effect, _low, _high
        Yearly margin of a customer that goes with one point of satisfaction; NaN where margin does not follow.
    terms
        Margin, discount rate, horizon, customers and timing.
    base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    reference: float
    extra_per_customer: float
    extra_per_customer_low: float
    extra_per_customer_high: float
    extra_total: float
    extra_total_low: float
    extra_total_high: float
    extra_yearly: float
    extra_yearly_low: float
    extra_yearly_high: float
    positive_probability: float
    margin_effect: float
    margin_effect_low: float
    margin_effect_high: float
    terms: ValueTerms
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        return (
            f"SatisfactionValue: satisfied customers are worth {self.extra_yearly:,.0f} a year more "
            f"({self.extra_yearly_low:,.0f} to {self.extra_yearly_high:,.0f})"
        )


def satisfaction_value(
    link: RetentionLink, terms: ValueTerms, *, minimum_base: int = 30, confidence: float = 0.95
) -> SatisfactionValue:
    """How much more are satisfied customers worth than dissatisfied ones?

    An extra yearly value of 1.7 million means: the satisfied customers are together worth that much margin a year more
    than they would be if they stayed no longer (and, where margin follows satisfaction, brought no more) than the
    dissatisfied do, at the same tenure and other controls. It is what goes with satisfaction, not what a plan is
    certain to bring.

    Parameters
    ----------
    link
        The link from satisfaction to retention; its respondents with a known margin are used.
    terms
        Margin, discount rate, horizon, customers, timing.
    minimum_base
        Groups with fewer respondents are suppressed, and others whose numbers would tell them (``hidden_groups``).
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When the satisfied or the dissatisfied are fewer than the minimum base, or no margin is known.
    """
    margin = known_margins(link.model.survey, link.model.index, terms.margin)
    groups = _Groups.of(link, margin, minimum_base)
    found = _Averages.of(link.model, terms, margin, groups)
    extra, total = found.extra, found.extra * found.share * float(terms.customers)
    yearly = total / float(annuity(np.array(1 / (1 + terms.discount_rate)), terms.horizon_years))
    table = groups.table(link.model, terms, margin)
    return SatisfactionValue(
        table=table.assign(
            **_masked("yearly_retention", found.retention, groups.shown, confidence),
            **_masked("lifetime_value", found.worth, groups.shown, confidence),
        ),
        reference=groups.levels[0],
        **extra.bounds(confidence).named("extra_per_customer"),
        **total.bounds(confidence).named("extra_total"),
        **yearly.bounds(confidence).named("extra_yearly"),
        positive_probability=total.positive_probability(),
        **margin_bounds(found.margin_effect, confidence),
        terms=terms,
        base=int(np.isfinite(margin).sum()),
        confidence=confidence,
        method=_method(link, terms, int(np.isfinite(margin).sum()), confidence),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Satisfaction groups: their members (m,), whether they may be shown, their mean satisfaction."""

    members: list[np.ndarray]
    shown: np.ndarray
    levels: list[float]

    @classmethod
    def of(cls, link: RetentionLink, margin: np.ndarray, minimum_base: int) -> _Groups:
        model, known = link.model, np.isfinite(margin)
        codes = satisfaction_groups(model.satisfaction, link.thresholds)
        members = [codes == code for code in range(len(SATISFACTION_GROUPS))]
        check_groups(codes, known, minimum_base)
        bases = np.array([int((m & known).sum()) or int(m.sum()) for m in members])
        valued = np.array([(m & known).any() for m in members])
        shown = valued & ~hidden_groups(bases, minimum_base)
        levels = [_mean(model.satisfaction[m], model.w[m]) for m in members]
        return cls(members, shown, levels)

    def table(self, model: LeavingModel, terms: ValueTerms, margin: np.ndarray) -> pd.DataFrame:
        """What each group is, without what the model predicts of it."""
        counted = [m & (np.isfinite(margin) | ~s) for m, s in zip(self.members, self.shown, strict=True)]
        frame = pd.DataFrame(
            {
                "group": list(SATISFACTION_GROUPS),
                "suppressed": ~self.shown,
                "base": pd.array([int(m.sum()) for m in self.members], dtype="Int64"),
                "customers": [float(model.w[m].sum() / model.w.sum()) * terms.customers for m in self.members],
                "margin": [_mean(margin[c], model.w[c]) for c in counted],
            }
        )
        frame.loc[~self.shown, ["base", "customers", "margin"]] = pd.NA
        return frame


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    return float(np.average(values, weights=weights)) if weights.sum() > 0 else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class _Averages:
    """Retention and lifetime value at each group's level, the extra value of the satisfied, and their share."""

    retention: list[Estimate]
    worth: list[Estimate]
    extra: Estimate
    share: Estimate
    margin_effect: Estimate | None

    @classmethod
    def of(cls, model: LeavingModel, terms: ValueTerms, margin: np.ndarray, groups: _Groups) -> _Averages:
        """Averages over customers with a known margin; of retention and share over all."""
        known, happy, effect = np.isfinite(margin), groups.members[-1], margin_effect(model, terms)
        everyone, satisfied = model.weighting(), model.weighting(None, happy.astype(float))
        valued, extra = model.weighting(known, margin), model.weighting(happy & known, margin)
        spent, more = model.weighting(known), model.weighting(happy & known)
        levels = len(groups.levels)
        weightings = [*[everyone] * levels, *[valued] * levels, extra, satisfied]
        weightings += [*[spent] * levels, more] if effect is not None else []
        values = _level_values(model, terms, groups.levels)
        found = model.means(values, weightings)[0]
        kept, worth, rest = found[:levels], found[levels : 2 * levels], found[2 * levels :]
        if effect is None:
            return cls(kept, worth, rest[0], rest[1], None)
        worth = [one + effect * part for one, part in zip(worth, rest[2:-1], strict=True)]
        return cls(kept, worth, rest[0] + effect * rest[-1], rest[1], effect)


def _level_values(model: LeavingModel, terms: ValueTerms, levels: list[float]) -> Values:
    """Per pattern: retention at each level, margins it is worth there, how many more its own are than at the first.

    With a margin that follows satisfaction also the points from its own to each level, times the margins there, and
    from the first level to its own.
    """
    renewals, now, x = Renewals.of(model, terms), model.patterns[:, 1], model.patterns
    designs, ones = [model.patterns_at(level) for level in levels], np.ones(len(model.first))

    def values(beta: np.ndarray, _: np.ndarray) -> Iterator[np.ndarray]:
        odds, at = beta @ x.T, [beta @ design.T for design in designs]
        kept = [renewals.kept(one, beta) for one in at]
        own = renewals.multiple(odds, beta, renewals.kept(odds, beta))
        worth = (
            [renewals.multiple(o, beta, k) for o, k in zip(at, kept, strict=True)] if terms.kept else [own] * len(at)
        )
        yield from (*kept, *worth, own - worth[0], np.broadcast_to(ones, own.shape))
        if terms.spent:
            yield from ((level - now) * part for level, part in zip(levels, worth, strict=True))
            yield (now - levels[0]) * worth[0]

    return values


def _masked(name: str, estimates: list[Estimate], shown: np.ndarray, confidence: float) -> dict[str, np.ndarray]:
    """Three columns of a table: the value and the ends of its interval, NaN where the group is not shown."""
    rows = np.array([_ends(estimate.bounds(confidence)) for estimate in estimates])
    rows[~shown] = np.nan
    return {name: rows[:, 0], f"{name}_low": rows[:, 1], f"{name}_high": rows[:, 2]}


def _ends(bounds: Bounds) -> tuple[float, float, float]:
    return bounds.value, bounds.low, bounds.high


_TIMINGS = {
    "advance": sentence("the first margin comes now, the next after each renewal"),
    "arrears": sentence("each margin comes at the end of the year it is earned in"),
    "renewal": sentence("only margins after a renewal count, the first a year from now"),
}


def _method(link: RetentionLink, terms: ValueTerms, base: int, confidence: float) -> Sentence:
    return sentence(
        "Lifetime value: sum over {years:count} yearly margins, each times the probability of still being a customer, "
        "discounted at {rate:percent1} a year; {timing}; {years_after}. With satisfaction {follows}. "
        "Extra value: satisfied customers ({satisfied:number0} or more) against themselves at the average of the "
        "dissatisfied ({dissatisfied:number0} or less), for {customers:count} customers, spread over the horizon as "
        "equal yearly amounts. {weights}; base {base:count}; {confidence:percent} intervals: percentiles of the joint "
        "resamples.",
        years=terms.horizon_years,
        rate=terms.discount_rate,
        timing=_TIMINGS[terms.timing],
        years_after=years_phrase(terms, link.model.survey),
        follows=through_phrase(terms),
        satisfied=link.thresholds.satisfied,
        dissatisfied=link.thresholds.dissatisfied,
        customers=terms.customers,
        weights=sentence("Survey weights") if link.model.survey.weighted else sentence("No weights"),
        base=base,
        confidence=confidence,
    )
