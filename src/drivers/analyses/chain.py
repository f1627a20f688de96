"""What is a point of satisfaction worth? From each driver, through satisfaction and retention, to money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers.analyses.basis import linear_basis
from drivers.analyses.leaving import LeavingModel
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.value import ValueTerms, margins, yearly_retention
from drivers.core.estimate import Estimate
from drivers.core.linear import linear_fit
from drivers.core.lifetime import value_multiple
from drivers.core.logit import inverse_logit
from drivers.sentence import Sentence, sentence

DEFAULT_IMPROVEMENT = 0.5
"""Scale points by which each driver is raised where the client file plans nothing else."""


@dataclass(frozen=True, slots=True)
class PlannedImprovement:
    """Scale points by which a driver is to rise, and what that costs once, in whole currency units."""

    improve: float = DEFAULT_IMPROVEMENT
    cost: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ValueChain:
    """What an improvement of each driver is worth to the client's customer base.

    Attributes
    ----------
    table
        One row a driver, largest lifetime value first: improvement, gain in satisfaction, retention, yearly margin and
        lifetime value with intervals, probability that it is above zero, cost and net value of a plan.
    together
        The same, in one row, for all planned drivers at once; empty without a plan.
    base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    together: pd.DataFrame
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
    model = link.model
    basis = linear_basis(model.survey)
    sample = linear_fit(basis.moments.cross).slopes[basis.controls :]
    drawn = linear_fit(basis.resampled(model.survey, model.resample).cross).slopes[:, basis.controls :]
    means = basis.moments.mean[basis.controls : -1]
    worth = _Worth.of(model, terms, confidence)
    rows, planned = [], []
    for j, driver in enumerate(basis.drivers):
        wish = plan.get(driver, PlannedImprovement())
        improvement = min(wish.improve, model.survey.scales[driver].high - float(means[j]))
        gain = Estimate(float(sample[j]), drawn[:, j]) * improvement
        label = model.survey.labels.get(driver, driver)
        names = {"driver": driver, "label": label, "planned": driver in plan, "improvement": improvement}
        rows.append({**names, **worth.row(gain, wish.cost)})
        planned += [(gain, wish.cost)] if driver in plan else []
    table = pd.DataFrame(rows).sort_values("lifetime_value", ascending=False, ignore_index=True)
    return ValueChain(table, worth.together(planned), basis.base, confidence, _method(link, terms, confidence))


@dataclass(frozen=True, slots=True, eq=False)
class _Worth:
    """What a gain in satisfaction is worth to these customers."""

    model: LeavingModel
    terms: ValueTerms
    margin: np.ndarray
    ceiling: float
    confidence: float

    @classmethod
    def of(cls, model: LeavingModel, terms: ValueTerms, confidence: float) -> _Worth:
        return cls(model, terms, margins(model, terms), model.survey.scales[model.survey.outcome].high, confidence)

    def row(self, gain: Estimate, cost: float | None) -> dict[str, object]:
        retention, yearly, lifetime = self._gains(gain)
        net = None if cost is None else lifetime - cost
        return {
            **self._columns("satisfaction_gain", gain),
            **self._columns("retention_gain", retention),
            **self._columns("yearly_margin", yearly),
            **self._columns("lifetime_value", lifetime),
            "positive_probability": lifetime.positive_probability(),
            "cost": cost,
            **(self._columns("net_value", net) if net else dict.fromkeys(_NET)),
            "pays_probability": net.positive_probability() if net else None,
        }

    def together(self, planned: list[tuple[Estimate, float | None]]) -> pd.DataFrame:
        if not planned:
            return pd.DataFrame()
        gain = planned[0][0]
        for other, _ in planned[1:]:
            gain = gain + other
        costs = [cost for _, cost in planned]
        cost = None if None in costs else float(sum(c for c in costs if c is not None))
        return pd.DataFrame([self.row(gain, cost)])

    def _gains(self, gain: Estimate) -> tuple[Estimate, Estimate, Estimate]:
        """Gains in yearly retention, in yearly margin and in lifetime value, the last two for all customers."""
        known = np.isfinite(self.margin)
        retention = self.model.mean(lambda b, s: self._kept(b, s) - self._kept(b, 0 * s), None, gain)
        yearly = self.model.mean(lambda b, s: self.margin * (self._kept(b, s) - self._kept(b, 0 * s)), known, gain)
        worth = self.model.mean(lambda b, s: self.margin * (self._multiple(b, s) - self._multiple(b, 0 * s)), known, gain)
        return retention, yearly * self.terms.customers, worth * self.terms.customers

    def _kept(self, beta: np.ndarray, shift: np.ndarray) -> np.ndarray:
        """Yearly retention (b, m) with satisfaction shifted (b, 1), never above the top of its scale."""
        now = self.model.satisfaction
        moved = np.minimum(now + shift, np.maximum(now, self.ceiling)) - now
        return yearly_retention(inverse_logit(-(beta @ self.model.x.T + beta[:, 1:2] * moved)), self.terms)

    def _multiple(self, beta: np.ndarray, shift: np.ndarray) -> np.ndarray:
        terms = self.terms
        return value_multiple(
            self._kept(beta, shift),
            discount_rate=terms.discount_rate,
            horizon_years=terms.horizon_years,
            timing=terms.timing,
        )

    def _columns(self, name: str, estimate: Estimate) -> dict[str, float]:
        bounds = estimate.bounds(self.confidence)
        return {name: bounds.value, f"{name}_low": bounds.low, f"{name}_high": bounds.high}


_NET = ("net_value", "net_value_low", "net_value_high")


def _method(link: RetentionLink, terms: ValueTerms, confidence: float) -> Sentence:
    return sentence(
        "Each driver is raised by its improvement; satisfaction follows by its regression slope (others held constant), "
        "never above the top of the scale; retention follows by the logit of leaving; margin and lifetime value for "
        "{customers:count} customers as above, all on the same {draws:count} resamples; {confidence:percent} intervals. "
        "Stated as association: it holds for a plan only if satisfaction and retention follow the driver as they do "
        "between customers today.",
        customers=terms.customers,
        draws=link.model.resample.draws,
        confidence=confidence,
    )
