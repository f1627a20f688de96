"""Columns of a regression: the answers with the indicators of items that do not apply to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from drivers.survey.survey import Survey


@dataclass(frozen=True, slots=True, eq=False)
class RegressionColumns:
    """Controls, indicators, drivers and outcome, in that order.

    An item that was not asked of everybody is set to its mean where it was not, and an indicator of that enters
    with it (Cohen and Cohen 1975). It assumes that the item has no true answer for those people. Where it has one
    that is only unknown, slopes are biased, those of other drivers too (Jones 1996, Journal of the American
    Statistical Association 91:222).

    Attributes
    ----------
    names
        The q columns.
    z
        Array (n, q), NaN where missing.
    held
        How many columns come first as controls proper (c).
    controls
        How many stand before the drivers: controls and indicators.
    blocks
        For each driver the places of its own column and its indicator, if any.
    applies
        Array (p,), weighted share of the respondents to whom each driver applies.
    answered
        Boolean array (n,), who answered on the outcome and one driver at least; "does not apply" is an answer.
    """

    names: tuple[str, ...]
    z: np.ndarray
    held: int
    controls: int
    blocks: tuple[tuple[int, ...], ...]
    applies: np.ndarray
    answered: np.ndarray


@lru_cache(maxsize=4)  # one object for one question: what is imputed from it is kept by it
def regression_columns(
    survey: Survey, drivers: tuple[str, ...], outcome: str, not_applicable: tuple[str, ...]
) -> RegressionColumns:
    """Which columns enter the regression, with an indicator for each of those that do not apply to everybody?"""
    names, held = (*survey.controls, *drivers, outcome), len(survey.controls)
    z = survey.answers[list(names)].to_numpy(dtype=float, copy=True)
    inside, open_ = survey.complete([outcome]), np.isnan(z)
    some = open_[inside].any(axis=0) & ~open_[inside].all(axis=0)
    marked = [j for j, name in enumerate(names[:-1]) if name in not_applicable and some[j]]
    for j in marked:
        seen = inside & ~open_[:, j]
        z[open_[:, j], j] = np.average(z[seen, j], weights=survey.weights[seen])
    first, place = _patterns(open_[inside][:, marked])
    indicator = {j: held + k for j, k in zip(marked, place, strict=True)}
    controls, columns = held + len(first), range(held, held + len(drivers))
    own = [marked[k] for k in first]
    return RegressionColumns(
        names=(*names[:held], *(f"{names[j]}: does not apply" for j in own), *names[held:]),
        z=np.column_stack([z[:, :held], open_[:, own], z[:, held:]]),
        held=held,
        controls=controls,
        blocks=tuple((controls + j - held, *([indicator[j]] if j in indicator else [])) for j in columns),
        applies=np.array([_asked(survey, inside, open_[:, j]) if j in indicator else 1.0 for j in columns]),
        answered=inside & (~np.isnan(z[:, held:-1])).any(axis=1),
    )


def _asked(survey: Survey, inside: np.ndarray, open_: np.ndarray) -> float:
    """Weighted share of the respondents with an outcome who did not leave the item open."""
    return float(np.average(~open_[inside], weights=survey.weights[inside]))


def _patterns(open_: np.ndarray) -> tuple[list[int], list[int]]:
    """Which columns (n, k) are different indicators, and for each the place of its own among them."""
    found: list[int] = []
    place = []
    for j, column in enumerate(open_.T):
        same = [k for k, other in enumerate(found) if np.array_equal(column, open_[:, other])]
        place.append(same[0] if same else len(found))
        found += [] if same else [j]
    return found, place
