"""Screens: which respondents does each check of their answers single out? Never leaves the analysis itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from drivers.analyses.basis import LinearBasis, linear_basis
from drivers.core.moments import Moments
from drivers.core.outliers import mahalanobis_distances, row_influence
from drivers.core.patterns import half_differences, longest_run, one_answer, repeated_rows, row_means
from drivers.errors import EstimationError
from drivers.survey.survey import Scale, Survey
from drivers.wording import Sentence, sentence

FEWEST_ITEMS = 5
"""Aspects on one scale from which the same answer to all of them is suspect; on fewer it is often meant."""

LONG_STRING = 10
"""Shortest string of one answer that is suspect, if it also fills half of the aspects (Curran 2016)."""

DUPLICATE_ITEMS = 6
"""Ratings, satisfaction with them, from which two equal respondents are suspect; fewer agree by chance."""

OUTLYING_P = 0.001
"""Chance below which a Mahalanobis distance is an outlier's (Tabachnick and Fidell 2013)."""

HALVED_BATTERIES = 2
"""Batteries of two items or more from which halves are compared: in one, a gap between two items is easily meant."""


@dataclass(frozen=True, slots=True)
class ScreeningRules:
    """The limits that a client file can set: a part of the median duration, or a duration in its own unit."""

    too_fast_share: float = 0.48
    too_fast_below: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """One check: its name, its rule in words, and whom it singles out (n,), among those who carry weight."""

    name: str
    rule: Sentence
    flags: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Answers (n, k) as they were given to the drivers that share the most common scale, which of them are reversed."""

    x: np.ndarray
    reversed: np.ndarray
    scale: Scale


def respondent_screens(survey: Survey, rules: ScreeningRules, names: Sequence[str] | None = None) -> tuple[Screen, ...]:
    """Whom does each of these checks single out? Checks that this survey does not allow are left out; None: all."""
    counted = survey.weights > 0
    found = []
    for name in SCREENS if names is None else names:
        made = _CHECKS[name](survey, rules)
        if made is not None:
            rule, flags = made
            found.append(Screen(name, rule, flags & counted))
    return tuple(found)


def singled_out(screens: Sequence[Screen], names: Sequence[str], base: int) -> np.ndarray:
    """Who of the `base` respondents is singled out by one of the checks of these names? Boolean array (n,)."""
    out = np.zeros(base, dtype=bool)
    for screen in screens:
        out |= screen.flags & (screen.name in names)
    return out


_Made = tuple[Sentence, np.ndarray] | None


def _straightliners(survey: Survey, rules: ScreeningRules) -> _Made:
    grid = _grid(survey)
    if grid.x.shape[1] < FEWEST_ITEMS:
        return None
    rule = sentence("the same answer to each of at least {n:count} aspects on one scale", n=FEWEST_ITEMS)
    return rule, one_answer(grid.x, FEWEST_ITEMS)


def _long_strings(survey: Survey, rules: ScreeningRules) -> _Made:
    x = _grid(survey).x
    shortest = max(LONG_STRING, -(-x.shape[1] // 2))
    if x.shape[1] <= LONG_STRING:
        return None
    rule = sentence("the same answer {n:count} times or more in a row, though not throughout", n=shortest)
    return rule, (longest_run(x) >= shortest) & ~one_answer(x, FEWEST_ITEMS)


def _too_fast(survey: Survey, rules: ScreeningRules) -> _Made:
    durations = survey.interviews.durations
    if durations is None or np.isnan(durations).all():
        return None
    if rules.too_fast_below is not None:
        rule = sentence("finished in less than {limit:number1}", limit=rules.too_fast_below)
        return rule, durations < rules.too_fast_below
    limit = rules.too_fast_share * float(np.nanmedian(durations[survey.weights > 0]))
    rule = sentence(
        "finished in less than {share:percent} of the median duration, {limit:number1}",
        share=rules.too_fast_share,
        limit=limit,
    )
    return rule, durations < limit


def _duplicate_answers(survey: Survey, rules: ScreeningRules) -> _Made:
    x = survey.answers[[*survey.drivers, survey.outcome]].to_numpy()
    if x.shape[1] <= DUPLICATE_ITEMS:
        return None
    rule = sentence(
        "{n:count} ratings, satisfaction with them, that equal those of an earlier respondent and differ among "
        "themselves; few ratings agree by chance too",
        n=x.shape[1],
    )
    return rule, repeated_rows(x) & ~one_answer(x[:, :-1], 1)  # those are straightliners


def _duplicate_respondents(survey: Survey, rules: ScreeningRules) -> _Made:
    if survey.respondents is None:
        return None
    repeated = np.ones(survey.base, dtype=bool)
    repeated[np.unique(survey.respondents, return_index=True)[1]] = False
    return sentence("a respondent who has answered before"), repeated


def _impossible_dates(survey: Survey, rules: ScreeningRules) -> _Made:
    impossible = survey.interviews.impossible
    rule = sentence("a date that cannot be read, or lies outside the fieldwork")
    return None if impossible is None else (rule, impossible)


def _contradictory(survey: Survey, rules: ScreeningRules) -> _Made:
    grid = _grid(survey)
    if not grid.reversed.any() or grid.reversed.all():
        return None
    low, high = grid.scale.low + grid.scale.span / 4, grid.scale.high - grid.scale.span / 4
    turned, plain = row_means(grid.x[:, grid.reversed]), row_means(grid.x[:, ~grid.reversed])
    flags = ((turned >= high) & (plain >= high)) | ((turned <= low) & (plain <= low))
    return sentence("reversed and other aspects answered alike, in the same outer quarter of the scale"), flags


def _inconsistent(survey: Survey, rules: ScreeningRules) -> _Made:
    names = [names for names in survey.batteries.values() if len(names) > 1]
    if len(names) < HALVED_BATTERIES:
        return None
    drivers = list(survey.drivers)
    places = [[drivers.index(name) for name in battery] for battery in names]
    differences = half_differences(survey.answers[drivers].to_numpy(), places)
    rule = sentence(
        "odd and even items of {n:count} batteries differ so much that the chance is below {p:percent1} (chi-square)",
        n=len(names),
        p=OUTLYING_P,
    )
    return rule, _far_out(survey, differences)


def _outliers(survey: Survey, rules: ScreeningRules) -> _Made:
    ratings = survey.answers[[*survey.drivers, survey.outcome]].to_numpy()
    rule = sentence("a Mahalanobis distance with a chance below {p:percent1} (chi-square)", p=OUTLYING_P)
    return rule, _far_out(survey, ratings)


def _influential(survey: Survey, rules: ScreeningRules) -> _Made:
    basis = _basis(survey)
    if basis is None:
        return None
    influence = row_influence(basis.z, basis.w)
    moving = (np.abs(influence.dfbetas[:, basis.controls :]) > 1).any(axis=1)
    rule = sentence("alone moves an effect by more than its standard error (DFBETAS), or all of them (Cook's distance)")
    return rule, _among(basis.rows, moving | influence.beyond_median())


_CHECKS: dict[str, Callable[[Survey, ScreeningRules], _Made]] = {
    "straightliners": _straightliners,
    "long_strings": _long_strings,
    "too_fast": _too_fast,
    "duplicate_answers": _duplicate_answers,
    "duplicate_respondents": _duplicate_respondents,
    "impossible_dates": _impossible_dates,
    "contradictory": _contradictory,
    "inconsistent": _inconsistent,
    "outliers": _outliers,
    "influential": _influential,
}
SCREENS = tuple(_CHECKS)


def _grid(survey: Survey) -> _Grid:
    scales = Counter(survey.scales[d] for d in survey.drivers if d in survey.scales)
    scale = scales.most_common(1)[0][0] if scales else Scale(0.0, 1.0)
    chosen = [d for d in survey.drivers if survey.scales.get(d) == scale]
    turned = np.array([d in survey.reversed for d in chosen], dtype=bool)
    x = survey.answers[chosen].to_numpy()
    return _Grid(np.where(turned, scale.low + scale.high - x, x), turned, scale)


def _basis(survey: Survey) -> LinearBasis | None:
    try:
        return linear_basis(survey, policy="complete")
    except EstimationError:
        return None


def _far_out(survey: Survey, z: np.ndarray) -> np.ndarray:
    """Rows (n,) with an outlying Mahalanobis distance in the complete rows of `z` (n, q), if there are enough."""
    rows = ~np.isnan(z).any(axis=1) & (survey.weights > 0)
    if rows.sum() <= z.shape[1] + 1:
        return np.zeros(survey.base, dtype=bool)
    names = tuple(map(str, range(z.shape[1])))
    distances = mahalanobis_distances(z[rows], Moments.from_rows(names, z[rows], survey.weights[rows]))
    return _among(rows, distances.beyond(OUTLYING_P))


def _among(rows: np.ndarray, flags: np.ndarray) -> np.ndarray:
    """Flags (n,) of the whole survey from those of its chosen rows."""
    whole = np.zeros(len(rows), dtype=bool)
    whole[np.flatnonzero(rows)[flags]] = True
    return whole
