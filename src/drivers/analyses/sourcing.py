"""Onshore or offshore: are customers served as well, and why not?"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from drivers.analyses.basis import weights_phrase
from drivers.analyses.routes import FIX, NO_SHARE, REPEATS, at_both, clear, gap_routes, printed_label
from drivers.analyses.sites import DrawnMoments, SiteContacts, estimate_of
from drivers.core.estimate import Estimate
from drivers.core.linear import linear_fit
from drivers.errors import EstimationError
from drivers.wording import Sentence, sentence

SATISFACTION, LEFT = "satisfaction", "left"


@dataclass(frozen=True, slots=True, eq=False)
class SiteGap:
    """What is different offshore, and through what satisfaction is.

    Attributes
    ----------
    table
        One row a measure: means onshore and offshore, their difference, and the relative gap (offshore over onshore,
        less 1), as the contacts are and at an equal mix of customers; with intervals.
    paths
        One row a mediator, then the other aspects together and what runs through none of them: the points of the gap
        in satisfaction that go along it, at an equal mix. Shares of the gap only where it is shown and they are
        shares.
    gap, gap_low, gap_high
        Points of satisfaction by which offshore lies above onshore, at an equal mix.
    through, through_low, through_high
        Share of `gap` along the mediators together; NaN where there is no share.
    shown
        Whether the interval of the relative gap in satisfaction, as the contacts are, leaves out zero.
    onshore_centres, offshore_centres
        Number of contact centres at each site.
    lowest, highest
        Ends of the scale of satisfaction; NaN where it is not known.
    mix
        What is held equal, in print.
    contacts, points, repeats
        The contacts, the differences at an equal mix by measure, and the mean repeats of both sites, with their draws;
        for what follows, never printed or written.
    base, path_base, confidence, method
        As in every result; `path_base` is that of `paths`.
    """

    table: pd.DataFrame
    paths: pd.DataFrame
    gap: float
    gap_low: float
    gap_high: float
    through: float
    through_low: float
    through_high: float
    shown: bool
    onshore_centres: int
    offshore_centres: int
    lowest: float
    highest: float
    mix: tuple[str, ...]
    base: int
    path_base: int
    confidence: float
    method: Sentence
    contacts: SiteContacts = field(metadata={"internal": True})
    points: dict[str, Estimate] = field(metadata={"internal": True})
    repeats: tuple[Estimate, ...] = field(metadata={"internal": True})

    def __repr__(self) -> str:
        row = self.table.iloc[0]
        return (
            f"SiteGap: offshore satisfaction {row['relative_gap']:+.0%} "
            f"({row['relative_gap_low']:+.0%} to {row['relative_gap_high']:+.0%})"
        )


def site_gap(contacts: SiteContacts, *, confidence: float = 0.95) -> SiteGap:
    """Are customers served as well offshore as onshore, and if not, through what?

    A relative gap of -0.27 means: mean satisfaction is 27% lower offshore. It is an association: which centre a
    contact went to was not decided by lot.

    Parameters
    ----------
    contacts
        See ``site_contacts``.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When too few contacts of a site have an answer on satisfaction and on all that is held equal.
    """
    if not contacts.carried(contacts.survey.outcome):
        raise EstimationError(
            sentence(
                "Of one site fewer than {least:count} contacts have an answer on satisfaction and on all that is held "
                "equal. Take controls or columns of sourcing.mix out, or merge waves.",
                least=contacts.minimum_base,
            )
        )
    gaps = {name: _gap(contacts, column) for name, column in _measures(contacts).items()}
    first = gaps[SATISFACTION]
    table = pd.DataFrame([_row(contacts, name, gap, confidence) for name, gap in gaps.items()])
    shown = clear(table.iloc[0]["relative_gap_low"], table.iloc[0]["relative_gap_high"])
    routes = gap_routes(contacts)
    held = contacts.bounds(first.adjusted, confidence)
    through = routes.through(confidence) if shown else NO_SHARE
    survey = contacts.survey
    scale = survey.scales.get(survey.outcome)
    return SiteGap(
        table=table,
        paths=routes.table(confidence, shared=bool(np.isfinite(through["through"]))),
        gap=held.value,
        gap_low=held.low,
        gap_high=held.high,
        **through,
        shown=shown,
        onshore_centres=contacts.centres[0],
        offshore_centres=contacts.centres[1],
        lowest=scale.low if scale else float("nan"),
        highest=scale.high if scale else float("nan"),
        mix=contacts.mix_labels,
        base=first.base,
        path_base=routes.base,
        confidence=confidence,
        method=_method(contacts, confidence),
        contacts=contacts,
        points={name: gap.adjusted for name, gap in gaps.items()},
        repeats=(gaps[REPEATS].onshore, gaps[REPEATS].offshore) if REPEATS in gaps else (),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Gap:
    """One measure at both sites: means, difference and relative gap, raw and at an equal mix."""

    onshore: Estimate
    offshore: Estimate
    raw: Estimate
    relative: Estimate
    adjusted: Estimate
    adjusted_relative: Estimate
    base: int


def _measures(contacts: SiteContacts) -> dict[str, str]:
    """Column of each measure by its name: satisfaction, the operational ones, then the mediators and the drivers."""
    survey, plan = contacts.survey, contacts.plan
    named = {SATISFACTION: survey.outcome, FIX: plan.first_time_fix, REPEATS: plan.repeats}
    named |= {c: c for c in (*plan.mediators, *survey.drivers) if c not in named.values()}
    named[LEFT] = LEFT
    return {name: column for name, column in named.items() if column and contacts.carried(column)}


def _gap(contacts: SiteContacts, column: str) -> _Gap:
    z = np.column_stack([contacts.mix, contacts.plan.offshore, contacts.column(column)])
    found, held = contacts.drawn(z), contacts.mix.shape[1]
    alone = at_both(found, linear_fit(found.cross[:, -2:, -2:]).slopes[:, 0])
    onshore, offshore = _levels(found, alone)
    adjusted = at_both(found, linear_fit(found.cross).slopes[:, held])
    home, away = _levels(found, adjusted)
    return _Gap(
        estimate_of(onshore),
        estimate_of(offshore),
        estimate_of(alone),
        estimate_of(_ratio(offshore, onshore)),
        estimate_of(adjusted),
        estimate_of(_ratio(away, home)),
        found.base,
    )


def _levels(found: DrawnMoments, difference: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means (1 + B,) if all contacts were onshore, and if all were offshore."""
    share, mean = found.mean[:, -2], found.mean[:, -1]
    return mean - difference * share, mean + difference * (1 - share)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Relative gap (1 + B,); NaN where nothing can be relative to what it is compared with."""
    return np.asarray(np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0) - 1)


def _row(contacts: SiteContacts, name: str, gap: _Gap, confidence: float) -> dict[str, object]:
    column = _measures(contacts)[name]
    spreads = {
        "site_gap": gap.raw,
        "relative_gap": gap.relative,
        "adjusted_gap": gap.adjusted,
        "adjusted_relative_gap": gap.adjusted_relative,
    }
    ends = {k: v for key, e in spreads.items() for k, v in contacts.bounds(e, confidence).named(key).items()}
    label = printed_label(contacts, name, column)
    means = {"onshore_mean": gap.onshore.value, "offshore_mean": gap.offshore.value}
    return {"measure": name, "label": label, **means, **ends, "base": gap.base}


def _method(contacts: SiteContacts, confidence: float) -> Sentence:
    held = contacts.mix_labels
    return sentence(
        "Relative gap: mean offshore over mean onshore, less 1 (of a rating it depends on where its scale starts); "
        "{weights}, complete answers on each measure{mix}. Paths: linear regressions with all aspects at once, the "
        "difference of each between the sites times its slope on satisfaction. {confidence:percent} intervals: "
        "percentiles of {draws:count} draws of whole contact centres within each site, stretched to Student's t with "
        "{degrees:count} degrees of freedom ({onshore:count} and {offshore:count} centres). An association: contacts "
        "were not assigned to centres by lot.",
        weights=weights_phrase(contacts.survey),
        mix=sentence("; equal mix: {names:list} held constant", names=list(held)) if held else sentence(""),
        confidence=confidence,
        draws=contacts.resample.draws,
        degrees=contacts.degrees,
        onshore=contacts.centres[0],
        offshore=contacts.centres[1],
    )
