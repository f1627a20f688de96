"""Routes: along which aspects the gap in satisfaction between the sites goes; stays inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.sites import DrawnMoments, SiteContacts, estimate_of
from drivers.core.estimate import Estimate
from drivers.core.mediation import linear_mediation

FIX, REPEATS = "first_time_fix", "repeats"
OTHERS, DIRECT = "others", "direct"
NO_SHARE = dict.fromkeys(("through", "through_low", "through_high"), float("nan"))


@dataclass(frozen=True, slots=True, eq=False)
class GapRoutes:
    """Points of satisfaction along each mediator, the other aspects together, and none of them.

    Attributes
    ----------
    contacts
        Whose they are.
    parts
        Points by route, with their draws; empty where too few contacts have all answers.
    labels
        Printed name of each route; its own where the suite prints it.
    base
        Contacts with all answers.
    """

    contacts: SiteContacts
    parts: Mapping[str, Estimate]
    labels: Mapping[str, str]
    base: int

    @property
    def named(self) -> list[Estimate]:
        """The parts along the mediators."""
        return [estimate for name, estimate in self.parts.items() if name not in (OTHERS, DIRECT)]

    def through(self, confidence: float) -> dict[str, float]:
        """Share of the gap along the mediators; none where parts of it run against each other."""
        if not self.named:
            return NO_SHARE
        total = _total(list(self.parts.values()))
        signs = {np.sign(e.value) for e in (*self.named, self.parts[DIRECT]) if self._sure(e, confidence)}
        if signs | {np.sign(total.value)} != {np.sign(total.value)}:
            return NO_SHARE
        return self.contacts.bounds(_total(self.named) / total, confidence).named("through")

    def table(self, confidence: float, *, shared: bool) -> pd.DataFrame:
        """One row a route: its points and, where the gap is `shared` out, its share; with intervals."""
        rows = []
        for name, estimate in self.parts.items():
            points = self.contacts.bounds(estimate, confidence).named("gap_points")
            whole = _total(list(self.parts.values()))
            part = self.contacts.bounds(estimate / whole, confidence).named("gap_share")
            share = part if shared else dict.fromkeys(part, float("nan"))
            rows.append({"gap_route": name, "label": self.labels[name], **points, **share})
        return pd.DataFrame(rows)

    def _sure(self, estimate: Estimate, confidence: float) -> bool:
        ends = self.contacts.bounds(estimate, confidence)
        return clear(ends.low, ends.high)


def gap_routes(contacts: SiteContacts) -> GapRoutes:
    """Along which aspects does the gap in satisfaction go?

    All aspects are mediators at once: those that the client file names, and the other drivers, so that an aspect does
    not answer for what another does (Preacher & Hayes 2008).
    """
    survey = contacts.survey
    named = [c for c in contacts.plan.mediators if c in survey.answers.columns]
    others = [c for c in survey.drivers if c not in named]
    columns = [*named, *others]
    if not columns or not contacts.carried(survey.outcome, *columns):
        return GapRoutes(contacts, {}, {}, 0)
    place, answers = contacts.mix.shape[1], [contacts.column(c) for c in (*columns, survey.outcome)]
    found = contacts.drawn(np.column_stack([contacts.mix, contacts.plan.offshore, *answers]))
    effects = linear_mediation(found.cross, controls=place, mediators=len(columns))
    specific = np.stack([at_both(found, column, place) for column in effects.specific[:, 0].T], axis=1)
    names = [_named(contacts, c) for c in named]
    parts = {name: estimate_of(specific[:, k]) for k, name in enumerate(names)}
    rest = {OTHERS: estimate_of(specific[:, len(named) :].sum(axis=1))} if others else {}
    direct = estimate_of(at_both(found, effects.direct[:, 0], place))
    labels = {n: printed_label(contacts, n, c) for n, c in zip(names, named, strict=True)}
    return GapRoutes(
        contacts, {**parts, **rest, DIRECT: direct}, {**labels, OTHERS: OTHERS, DIRECT: DIRECT}, found.base
    )


def at_both(found: DrawnMoments, difference: np.ndarray, place: int = -2) -> np.ndarray:
    """The difference (1 + B,) between the sites; NaN in a draw with answers of one site only."""
    return np.where(found.cross[:, place, place] > 0, difference, np.nan)


def clear(low: float, high: float) -> bool:
    """Does the interval leave out zero?"""
    return bool(low > 0 or high < 0)


def printed_label(contacts: SiteContacts, name: str, column: str) -> str:
    """The printed name of a measure; its own name where the column has none, for the suite to print."""
    label = contacts.survey.labels.get(column, column)
    return name if label == column else label


def _named(contacts: SiteContacts, column: str) -> str:
    """The name of the measure in this column."""
    plan = contacts.plan
    return {plan.first_time_fix: FIX, plan.repeats: REPEATS}.get(column, column)


def _total(parts: list[Estimate]) -> Estimate:
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    return whole
