"""What is a point of satisfaction worth? From each driver, through satisfaction and what follows it, to money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from drivers.analyses.improvement import PlannedImprovement, capped_notices
from drivers.analyses.levers import driver_levers, united_plan
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.margins import margin_bounds, through_phrase
from drivers.analyses.notice import Notice
from drivers.analyses.renewals import years_phrase
from drivers.analyses.responses import Response, satisfaction_responses, top_share
from drivers.analyses.terms import ValueTerms
from drivers.analyses.twins import united_survey
from drivers.core.estimate import Estimate
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class ValueChain:
    """What an improvement of each driver is worth to the client's customer base.

    Attributes
    ----------
    table
        One row a driver, largest lifetime value first: improvement, gain in satisfaction, retention, yearly margin and
        lifetime value with intervals, the part of it that comes from the margin of a customer, probability that it is
        above zero, cost and net value of a plan.
    together
        The same, in one row, for all planned drivers at once; empty without a plan.
    top_share
        Weighted share of the customers who give satisfaction the highest mark of its scale, and cannot rise.
    doubled, _low, _high
        Lifetime value of twice the largest gain in satisfaction, as a multiple of that of the gain itself: below 2,
        returns diminish.
    margin_effect, _low, _high
        Yearly margin of a customer that goes with one point of satisfaction; NaN where margin does not follow.
    terms
        Margin, discount rate, horizon, customers and timing.
    notices
        Plans that ask for more than the scale of their driver allows.
    base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    together: pd.DataFrame
    top_share: float
    doubled: float
    doubled_low: float
    doubled_high: float
    margin_effect: float
    margin_effect_low: float
    margin_effect_high: float
    terms: ValueTerms
    notices: tuple[Notice, ...]
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        top = self.table.iloc[0]
        return (
            f"ValueChain: {top['improvement']:g} points of {top['label']} go with {top['yearly_margin']:,.0f} a year "
            f"({top['yearly_margin_low']:,.0f} to {top['yearly_margin_high']:,.0f})"
        )


def value_chain(
    link: RetentionLink,
    terms: ValueTerms,
    plan: Mapping[str, PlannedImprovement] = MappingProxyType({}),
    *,
    confidence: float = 0.95,
) -> ValueChain:
    """What is half a point on each driver worth in money?

    A yearly margin of 200,000 means: if the driver rose by its improvement, and satisfaction and retention followed
    as they go together in these data, the client would keep that much more margin in a year. It is an association; only
    a plan that was tested shows a cause.

    Parameters
    ----------
    link
        The link from satisfaction to retention, with the survey and the draws that the whole chain shares.
    terms
        Margin, discount rate, horizon, customers, timing.
    plan
        Improvements and costs by driver; a driver without one is raised by half a point.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When the complete answers cannot support the drivers, or no margin is known.
    """
    model, levers = link.model, driver_levers(link.model)
    survey, plan = united_survey(model.survey, model.resample), united_plan(levers, plan)
    gains, names, planned = [], [], []
    for j, (driver, lever) in enumerate(levers.items()):
        improvement = min(plan.get(driver, PlannedImprovement()).rise, lever.room)
        gains.append(lever.slope * improvement)
        names.append({"driver": driver, "label": lever.label, "planned": driver in plan, "improvement": improvement})
        planned += [j] if driver in plan else []
    costs, most = [plan[d].cost if d in plan else None for d in levers], max(gains, key=lambda gain: gain.value)
    together = _together([gains[j] for j in planned], [costs[j] for j in planned])
    found = satisfaction_responses(model, terms, [*gains, *(gain for gain, _ in together), most * 2.0])
    *worth, twice = found.gains
    doubled = twice.lifetime / worth[gains.index(most)].lifetime
    rows = [_row(gain, w, cost, confidence) for gain, w, cost in zip(gains, worth, costs, strict=False)]
    whole = [_row(gain, worth[-1], cost, confidence) for gain, cost in together]
    table = pd.DataFrame([{**name, **row} for name, row in zip(names, rows, strict=True)])
    return ValueChain(
        table=table.sort_values("lifetime_value", ascending=False, ignore_index=True),
        together=pd.DataFrame(whole),
        top_share=top_share(model),
        **doubled.bounds(confidence).named("doubled"),
        **margin_bounds(found.margin_effect, confidence),
        terms=terms,
        notices=capped_notices(survey, {d: lever.mean for d, lever in levers.items()}, plan),
        base=next(iter(levers.values())).base,
        confidence=confidence,
        method=_method(link, terms, confidence),
    )


def _together(gains: list[Estimate], costs: list[float | None]) -> list[tuple[Estimate, float | None]]:
    """All planned gains at once with their whole cost; nothing without a plan."""
    if not gains:
        return []
    whole = gains[0]
    for gain in gains[1:]:
        whole = whole + gain
    known = [cost for cost in costs if cost is not None]
    return [(whole, float(sum(known)) if len(known) == len(costs) else None)]


def _row(gain: Estimate, worth: Response, cost: float | None, confidence: float) -> dict[str, object]:
    net = None if cost is None else worth.lifetime - cost
    return {
        **gain.bounds(confidence).named("satisfaction_gain"),
        **worth.retention.bounds(confidence).named("retention_gain"),
        **worth.yearly.bounds(confidence).named("yearly_margin"),
        **worth.lifetime.bounds(confidence).named("lifetime_value"),
        "from_margin": float("nan") if worth.spent is None else worth.spent.value,
        "positive_probability": worth.lifetime.positive_probability(),
        "cost": cost,
        **(net.bounds(confidence).named("net_value") if net else dict.fromkeys(_NET)),
        "pays_probability": net.positive_probability() if net else None,
    }


_NET = ("net_value", "net_value_low", "net_value_high")


def _method(link: RetentionLink, terms: ValueTerms, confidence: float) -> Sentence:
    return sentence(
        "Each driver is raised by its improvement; satisfaction follows by its regression slope (others held "
        "constant), never above the top of the scale; with it {follows}. Margin and lifetime value for "
        "{customers:count} customers ({years_after}), all on the same {draws:count} resamples; {confidence:percent} "
        "intervals. Stated as association: it holds for a plan only if all of it follows the driver as "
        "it does between customers today.",
        follows=through_phrase(terms),
        years_after=years_phrase(terms, link.model.survey),
        customers=terms.customers,
        draws=link.model.resample.draws,
        confidence=confidence,
    )
