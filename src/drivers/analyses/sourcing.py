"""Onshore or offshore: are customers served as well, and why not?"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from drivers.analyses.basis import weights_phrase
from drivers.analyses.sites import DrawnMoments, SiteContacts, estimate_of
from drivers.core.estimate import Estimate
from drivers.core.linear import linear_fit
from drivers.core.mediation import linear_mediation
from drivers.errors import EstimationError
from drivers.wording import Sentence, sentence

SATISFACTION, FIX, REPEATS, LEFT = "satisfaction", "first_time_fix", "repeats", "left"
OTHERS, DIRECT = "others", "direct"


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
    shown = _clear(table.iloc[0]["relative_gap_low"], table.iloc[0]["relative_gap_high"])
    paths, base = _paths(contacts)
    held = contacts.bounds(first.adjusted, confidence)
    through = _share(contacts, paths, shown, confidence)
    survey = contacts.survey
    scale = survey.scales.get(survey.outcome)
    return SiteGap(
        table=table,
        paths=_path_table(contacts, paths, bool(np.isfinite(through["through"])), confidence),
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
        path_base=base,
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
    alone = _at_both(found, linear_fit(found.cross[:, -2:, -2:]).slopes[:, 0])
    onshore, offshore = _levels(found, alone)
    adjusted = _at_both(found, linear_fit(found.cross).slopes[:, held])
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


def _at_both(found: DrawnMoments, difference: np.ndarray, place: int = -2) -> np.ndarray:
    """The difference (1 + B,) between the sites; NaN in a draw with answers of one site only."""
    return np.where(found.cross[:, place, place] > 0, difference, np.nan)


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
    label = _printed(contacts, name, column)
    means = {"onshore_mean": gap.onshore.value, "offshore_mean": gap.offshore.value}
    return {"measure": name, "label": label, **means, **ends, "base": gap.base}


def _printed(contacts: SiteContacts, name: str, column: str) -> str:
    """The printed name of a measure; its own name where the column has none, for the suite to print."""
    label = contacts.survey.labels.get(column, column)
    return name if label == column else label


def _paths(contacts: SiteContacts) -> tuple[dict[str, Estimate], int]:
    """Points of satisfaction that go along each mediator, the other aspects, and neither; and the base."""
    survey = contacts.survey
    named = [c for c in contacts.plan.mediators if c in survey.answers.columns]
    others = [c for c in survey.drivers if c not in named]
    columns = [*named, *others]
    if not columns or not contacts.carried(survey.outcome, *columns):
        return {}, 0
    place, answers = contacts.mix.shape[1], [contacts.column(c) for c in (*columns, survey.outcome)]
    found = contacts.drawn(np.column_stack([contacts.mix, contacts.plan.offshore, *answers]))
    effects = linear_mediation(found.cross, controls=place, mediators=len(columns))
    specific = np.stack([_at_both(found, column, place) for column in effects.specific[:, 0].T], axis=1)
    points = {_named(contacts, c): estimate_of(specific[:, k]) for k, c in enumerate(named)}
    rest = {OTHERS: estimate_of(specific[:, len(named) :].sum(axis=1))} if others else {}
    return {**points, **rest, DIRECT: estimate_of(_at_both(found, effects.direct[:, 0], place))}, found.base


def _named(contacts: SiteContacts, column: str) -> str:
    """The name of the measure in this column."""
    plan = contacts.plan
    return {plan.first_time_fix: FIX, plan.repeats: REPEATS}.get(column, column)


_NONE = dict.fromkeys(("through", "through_low", "through_high"), float("nan"))


def _share(contacts: SiteContacts, paths: dict[str, Estimate], shown: bool, confidence: float) -> dict[str, float]:
    """Share of the gap along the mediators; none where the gap is not shown or parts of it run against each other."""
    named = [estimate for name, estimate in paths.items() if name not in (OTHERS, DIRECT)]
    if not named:
        return _NONE
    total = _total(list(paths.values()))
    signs = {np.sign(e.value) for e in (*named, paths[DIRECT]) if _sure(contacts, e, confidence)}
    if not shown or len(signs | {np.sign(total.value)}) > 1:
        return _NONE
    return contacts.bounds(_total(named) / total, confidence).named("through")


def _total(parts: list[Estimate]) -> Estimate:
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    return whole


def _sure(contacts: SiteContacts, estimate: Estimate, confidence: float) -> bool:
    ends = contacts.bounds(estimate, confidence)
    return _clear(ends.low, ends.high)


def _clear(low: float, high: float) -> bool:
    return bool(low > 0 or high < 0)


def _path_table(contacts: SiteContacts, paths: dict[str, Estimate], shared: bool, confidence: float) -> pd.DataFrame:
    columns, rows = _measures(contacts), []
    for name, estimate in paths.items():
        points = contacts.bounds(estimate, confidence).named("gap_points")
        part = contacts.bounds(estimate / _total(list(paths.values())), confidence).named("gap_share")
        rows.append(
            {
                "gap_route": name,
                "label": _printed(contacts, name, columns.get(name, name)),
                **points,
                **(part if shared else dict.fromkeys(part, float("nan"))),
            }
        )
    return pd.DataFrame(rows)


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
