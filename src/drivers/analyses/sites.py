"""Sites: whose contacts count onshore and offshore, and the draws of whole contact centres.

Contacts of one centre are alike: what tells onshore from offshore is the number of centres. So centres are drawn,
within each site, and intervals are as wide as Student's t with as many degrees of freedom as there are centres, less
two, makes them (Cameron & Miller 2015, doi:10.3368/jhr.50.2.317, on few clusters).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri, stdtrit

from drivers.analyses.basis import DEFAULT_DRAWS, DEFAULT_SEED
from drivers.core.estimate import Bounds, Estimate
from drivers.core.resample import Resample, draw_resample
from drivers.errors import EstimationError
from drivers.survey.sourcing import SourcingPlan
from drivers.survey.survey import Survey
from drivers.wording import sentence

_LEAST_CENTRES = 2


@dataclass(frozen=True, slots=True, eq=False)
class SiteContacts:
    """The contacts whose site and centre are known.

    Attributes
    ----------
    survey
        Of these contacts (n), with the centres as its clusters and the sites as its strata.
    plan
        Their sites, centres and columns.
    mix
        Array (n, c): controls, and an indicator of each group but one of the columns of `mix`; NaN where not known.
    mix_labels
        What is held equal, in print.
    resample
        Centres drawn within each site.
    centres
        How many centres there are, onshore and offshore.
    minimum_base
        Fewest answers at each site, and fewest contacts of a centre, for which anything is said.
    """

    survey: Survey
    plan: SourcingPlan
    mix: np.ndarray
    mix_labels: tuple[str, ...]
    resample: Resample
    centres: tuple[int, int]
    minimum_base: int

    @property
    def degrees(self) -> int:
        """Degrees of freedom of a difference between the sites: centres less sites."""
        return sum(self.centres) - 2

    def column(self, name: str) -> np.ndarray:
        """The answers (n,) in a column."""
        return np.asarray(self.survey.answers[name].to_numpy())

    def carried(self, *columns: str) -> bool:
        """Are there enough contacts at each site with an answer in all of these columns, and in the mix?"""
        known = set(columns) <= set(self.survey.answers.columns)
        rows = known and self.survey.complete(columns) & ~np.isnan(self.mix).any(axis=1)
        return known and min(int((rows & (self.plan.offshore == site)).sum()) for site in (0, 1)) >= self.minimum_base

    def bounds(self, estimate: Estimate, confidence: float) -> Bounds:
        """The percentile interval, stretched about the estimate as Student's t is wider than the normal."""
        return self.stretched(estimate, confidence).bounds(confidence)

    def stretched(self, estimate: Estimate, confidence: float) -> Estimate:
        """The estimate with its draws spread as far as so few centres demand at this confidence."""
        level = (1 + confidence) / 2
        wider = float(stdtrit(self.degrees, level) / ndtri(level))
        return Estimate(estimate.value, estimate.value + wider * (estimate.replicates - estimate.value))

    def drawn(self, z: np.ndarray) -> DrawnMoments:
        """Moments of the complete rows of `z` (n, q), in the sample and in every draw."""
        rows = ~np.isnan(z).any(axis=1)
        centre, w = np.asarray(self.survey.clusters)[rows], self.survey.weights[rows]
        known = z[rows]
        middle = np.average(known, axis=0, weights=w) if len(known) else np.zeros(z.shape[1])
        ones = np.column_stack([np.ones(len(known)), known - middle])
        sums = np.stack([(ones[g] * w[g, None]).T @ ones[g] for g in _members(centre, sum(self.centres))])
        counts = self.resample.counts * (1.0 if self.resample.factors is None else self.resample.factors)
        whole = np.concatenate([np.ones((1, len(sums))), counts]) @ sums.reshape(len(sums), -1)
        second = whole.reshape(-1, *sums.shape[1:])
        total = second[:, :1, 0]
        mean = np.divide(second[:, 0, 1:], total, out=np.zeros((len(second), z.shape[1])), where=total > 0)
        cross = second[:, 1:, 1:] - mean[:, :, None] * second[:, :1, 1:]
        return DrawnMoments(mean + middle, cross, int(rows.sum()))


def _members(centre: np.ndarray, centres: int) -> list[np.ndarray]:
    return [np.flatnonzero(centre == code) for code in range(centres)]


@dataclass(frozen=True, slots=True, eq=False)
class DrawnMoments:
    """Means (1 + B, q) and cross-products about them (1 + B, q, q), the sample first; rows used."""

    mean: np.ndarray
    cross: np.ndarray
    base: int


def estimate_of(values: np.ndarray) -> Estimate:
    """The estimate whose value in the sample comes first, and in the draws after it (1 + B,)."""
    return Estimate(float(values[0]), values[1:])


def site_contacts(
    survey: Survey,
    rng: np.random.Generator | None = None,
    *,
    draws: int = DEFAULT_DRAWS,
    minimum_base: int = 30,
) -> SiteContacts:
    """Whose contacts can tell onshore from offshore?

    Parameters
    ----------
    survey
        With `sourcing`.
    rng
        Source of the draws; default: a generator of seed 1.
    draws
        Number of draws of centres.
    minimum_base
        Fewest contacts of each site with an answer on satisfaction.

    Raises
    ------
    EstimationError
        When the survey names no sites, a site has fewer contacts than that or fewer than two centres, or a centre
        handles contacts of both.
    """
    if survey.sourcing is None:
        raise EstimationError(sentence("The client file names no site of the contacts. Add a table [sourcing]."))
    plan = survey.sourcing
    known = ~np.isnan(plan.offshore) & (plan.centre >= 0) & (survey.weights > 0)
    kept = survey.rows(known)
    plan = kept.sourcing or plan
    _check_bases(kept, plan, minimum_base)
    centre = np.unique(plan.centre, return_inverse=True)[1]
    offshore = plan.offshore.astype(np.int64)
    centres = _centres(centre, offshore)
    mix, labels = _mix(kept, plan)
    rng = np.random.default_rng(DEFAULT_SEED) if rng is None else rng
    resample = draw_resample(rng, kept.base, draws, centre, offshore)
    clustered = replace(kept, clusters=centre, strata=offshore)
    return SiteContacts(clustered, plan, mix, labels, resample, centres, minimum_base)


def _check_bases(survey: Survey, plan: SourcingPlan, minimum_base: int) -> None:
    answered = survey.complete([survey.outcome])
    bases = [int((answered & (plan.offshore == site)).sum()) for site in (0, 1)]
    if min(bases) < minimum_base:
        raise EstimationError(
            sentence(
                "{onshore:count} contacts onshore and {offshore:count} offshore have an answer on satisfaction; "
                "expected {least:count} of each. Check the values of onshore and offshore, or merge waves.",
                onshore=bases[0],
                offshore=bases[1],
                least=minimum_base,
            )
        )


def _centres(centre: np.ndarray, offshore: np.ndarray) -> tuple[int, int]:
    """How many centres each site has."""
    units = [np.unique(centre[offshore == site]) for site in (0, 1)]
    both = np.intersect1d(units[0], units[1])
    if len(both):
        raise EstimationError(
            sentence(
                "{n:count} contact centres handle contacts both onshore and offshore; expected one site a centre. "
                "Correct the columns, or split these centres.",
                n=len(both),
            )
        )
    if min(map(len, units)) < _LEAST_CENTRES:
        raise EstimationError(
            sentence(
                "There are {onshore:count} centres onshore and {offshore:count} offshore. With one centre at a site, "
                "what is of the site cannot be told from what is of that centre; expected two of each or more.",
                onshore=len(units[0]),
                offshore=len(units[1]),
            )
        )
    return len(units[0]), len(units[1])


def _mix(survey: Survey, plan: SourcingPlan) -> tuple[np.ndarray, tuple[str, ...]]:
    """Controls and groups in which the customers of the sites may differ (n, c), and their printed names."""
    columns = [survey.answers[list(survey.controls)].to_numpy()]
    segments = [survey.segments[column] for column in plan.mix]
    for division in segments:
        held = np.arange(1, len(division.groups))
        flags = (division.codes[:, None] == held).astype(float)
        flags[division.codes < 0] = np.nan
        columns.append(flags)
    labels = [*(survey.labels.get(c, c) for c in survey.controls), *(s.label for s in segments)]
    return np.column_stack(columns), tuple(labels)
