"""What does going offshore, or coming home, save and cost?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.leaving import LeavingModel, fit_leaving
from drivers.analyses.routes import REPEATS
from drivers.analyses.sites import SiteContacts
from drivers.analyses.sourcing import SATISFACTION, SiteGap
from drivers.analyses.terms import ValueTerms, known_margins, worth_of, yearly_retention
from drivers.core.estimate import Estimate
from drivers.core.lifetime import annuity
from drivers.core.logit import inverse_logit
from drivers.errors import EstimationError
from drivers.wording import Sentence, sentence

MOVES = ("offshoring", "homecoming")


@dataclass(frozen=True, slots=True)
class SiteTerms:
    """What contacts cost.

    Attributes
    ----------
    onshore, offshore
        Cost of one contact at each site.
    contacts
        New questions a year that the decision is about; repeats come on top.
    customers
        Customers whom these contacts come from.
    switch_cost, return_cost
        Cost of going offshore and of coming home, once.
    """

    onshore: float
    offshore: float
    contacts: float
    customers: int
    switch_cost: float = 0.0
    return_cost: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class SourcingCase:
    """The business case of going offshore, and of coming home.

    Attributes
    ----------
    table
        One row a move (offshoring, homecoming), amounts a year: what the other unit cost saves on the same contacts,
        what more (or fewer) repeat contacts cost, the lifetime value that goes with the change in satisfaction, the
        cost of moving spread over the horizon, and the net result; with intervals, the probability that it pays, and
        the difference between the unit costs at which it would break even.
    terms
        Costs, contacts and customers.
    unit_saving
        Cost of a contact onshore less that of one offshore.
    horizon_years, discount_rate
        Over which lifetime value counts and the cost of moving is spread, and at what interest.
    lost_shown
        Whether the lifetime value that goes with offshoring is clear of zero.
    base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    terms: SiteTerms
    unit_saving: float
    horizon_years: int
    discount_rate: float
    lost_shown: bool
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        row = self.table.iloc[0]
        return (
            f"SourcingCase: offshoring nets {row['net_yearly']:,.0f} a year "
            f"({row['net_yearly_low']:,.0f} to {row['net_yearly_high']:,.0f})"
        )


def sourcing_case(gap: SiteGap, value: ValueTerms, terms: SiteTerms, *, confidence: float = 0.90) -> SourcingCase:
    """What does going offshore, or coming home, save and cost a year?

    A net result of -0.8 million means: if the contacts went offshore and customers then differed as they differ
    between the sites now, the insurer would be that much worse off a year than onshore.

    Parameters
    ----------
    gap
        The gap between the sites; its draws of centres are used for the leaving model too.
    value
        What a customer who stays is worth. Lifetime value counts for the customers of `terms`.
    terms
        What contacts cost.
    confidence
        Level of every interval; amounts usually have 90%.

    Raises
    ------
    EstimationError
        When repeat contacts were not asked, the model of leaving cannot be fitted, or no margin is known.
    """
    if REPEATS not in gap.points:
        raise EstimationError(
            sentence("Too few contacts tell how often customers came back, so what repeats cost is not known.")
        )
    contacts = gap.contacts
    model = fit_leaving(contacts.survey, contacts.resample)
    spread = float(annuity(np.array(1 / (1 + value.discount_rate)), value.horizon_years))
    lost = _lost_value(gap, model, value, terms.customers / spread)
    moves = [
        _Move.offshoring(gap, terms, lost[0], terms.switch_cost / spread),
        _Move.homecoming(gap, terms, lost[1], terms.return_cost / spread),
    ]
    table = pd.DataFrame([move.row(contacts, confidence) for move in moves])
    first = table.iloc[0]
    return SourcingCase(
        table=table,
        terms=terms,
        unit_saving=terms.onshore - terms.offshore,
        horizon_years=value.horizon_years,
        discount_rate=value.discount_rate,
        lost_shown=bool(first["lost_value_low"] > 0 or first["lost_value_high"] < 0),
        base=len(model.w),
        confidence=confidence,
        method=_method(contacts, value, terms, confidence),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Move:
    """Amounts a year of one move, and the difference of unit costs at which it breaks even."""

    name: str
    saving: Estimate
    repeats: Estimate
    lost: Estimate
    once: float
    break_even: Estimate

    @classmethod
    def offshoring(cls, gap: SiteGap, terms: SiteTerms, lost: Estimate, once: float) -> _Move:
        """From onshore: contacts of a question here, and there."""
        here = _contacts(gap, 0)
        there = here + gap.points[REPEATS]
        saving = here * (terms.contacts * (terms.onshore - terms.offshore))
        repeats = (there - here) * (terms.contacts * terms.offshore)
        burden = (lost + once) / terms.contacts
        needed = (here * terms.onshore - burden) / there * -1.0 + terms.onshore
        return cls(MOVES[0], saving, repeats, lost, once, needed)

    @classmethod
    def homecoming(cls, gap: SiteGap, terms: SiteTerms, lost: Estimate, once: float) -> _Move:
        """From offshore: contacts of a question there, and here."""
        there = _contacts(gap, 1)
        here = there - gap.points[REPEATS]
        saving = there * (terms.contacts * (terms.offshore - terms.onshore))
        repeats = (here - there) * (terms.contacts * terms.onshore)
        burden = (lost + once) / terms.contacts
        needed = (here * terms.onshore + burden) / there * -1.0 + terms.onshore
        return cls(MOVES[1], saving, repeats, lost, once, needed)

    @property
    def net(self) -> Estimate:
        """What is left."""
        return self.saving - self.repeats - self.lost - self.once

    def row(self, contacts: SiteContacts, confidence: float) -> dict[str, object]:
        """One row of the table."""
        spreads = {
            "unit_cost_saving": self.saving,
            "repeat_cost": self.repeats,
            "lost_value": self.lost,
            "net_yearly": self.net,
            "break_even_saving": self.break_even,
        }
        ends = {k: v for key, e in spreads.items() for k, v in contacts.bounds(e, confidence).named(key).items()}
        pays = contacts.stretched(self.net, confidence).positive_probability()
        return {"move": self.name, **ends, "moving_cost": self.once, "move_pays_probability": pays}


def _contacts(gap: SiteGap, site: int) -> Estimate:
    """Contacts that one question takes at a site (0 onshore, 1 offshore), repeats included."""
    return gap.repeats[site] + 1.0


def _lost_value(gap: SiteGap, model: LeavingModel, value: ValueTerms, scaled: float) -> tuple[Estimate, Estimate]:
    """Lifetime value a year lost by going offshore, and by coming home: below zero where it is gained."""
    contacts = gap.contacts
    margin = known_margins(model.survey, model.index, value.margin)
    offshore, known = contacts.plan.offshore[model.index] == 1, np.isfinite(margin)
    scale = contacts.survey.scales.get(contacts.survey.outcome)
    ends = (scale.low, scale.high) if scale else (-np.inf, np.inf)
    rating = model.patterns[:, 1]

    def worth(beta: np.ndarray, moved: np.ndarray) -> Sequence[np.ndarray]:
        now = beta @ model.patterns.T
        then = now + beta[:, 1:2] * (np.clip(rating + moved, *ends) - rating)
        found = [worth_of(yearly_retention(inverse_logit(-x), value), value) for x in (now, then)]
        return [found[0] - found[1]] * 2

    weightings = [model.weighting(known & ~offshore, margin), model.weighting(known & offshore, margin)]
    points = gap.points[SATISFACTION]
    lost = model.means(worth, weightings, (points, points * -1.0))
    return lost[0][0] * scaled, lost[1][1] * scaled


def _method(contacts: SiteContacts, value: ValueTerms, terms: SiteTerms, confidence: float) -> Sentence:
    return sentence(
        "Business case for {contacts:count} new questions a year of {customers:count} customers. Saving: the same "
        "contacts at the other unit cost. Repeats: the gap in repeat contacts, at an equal mix. Lifetime value: "
        "satisfaction of the customers who would move shifted by the gap, within its scale, through the logit of "
        "leaving; {years:count} yearly margins at {rate:percent1}, spread over these years as equal amounts, as is "
        "the cost of moving. {confidence:percent} intervals and probabilities: {draws:count} draws of whole contact "
        "centres within each site, stretched to Student's t with {degrees:count} degrees of freedom; costs and "
        "numbers count as certain.",
        contacts=terms.contacts,
        customers=terms.customers,
        years=value.horizon_years,
        rate=value.discount_rate,
        confidence=confidence,
        draws=contacts.resample.draws,
        degrees=contacts.degrees,
    )
