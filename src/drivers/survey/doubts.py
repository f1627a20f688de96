"""Doubts: answers that a person must decide about before they are used, found column by column.

What lies off a declared or labelled scale; what looks like a code where there is no scale (`suspects`); codes of
``survey.missing`` that lie among the other answers of a column without a scale, so that they may be answers there; and
numbers that are no whole ones where nearly all are, as in a row of means.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from drivers.survey.codes import code_number
from drivers.survey.complaints import Complaint, Kind, few_rows, written
from drivers.survey.readings import Rating, Reading, answer_ends
from drivers.survey.survey import Scale
from drivers.survey.suspects import Answers, Suspicion, answer_counts, far_codes, suspect_answers
from drivers.survey.terms import AMOUNTS, RATED
from drivers.survey.usual import scale_guess
from drivers.survey.words import COUNTED, TENURE, searchable

_BROKEN_MOST, _BROKEN_SHARE = 3, 0.01  # answers that are no whole numbers, where the others are
_ALIKE = ("satisfaction", "driver", "path block", "choice item")  # roles of questions that are often asked on one scale
_WHOLE = 10  # whole answers to one that is not


def reading_complaints(
    readings: Sequence[Reading], places: np.ndarray, *, amounts_decided: Collection[str]
) -> list[Complaint]:
    """What must a person decide about these columns?

    Parameters
    ----------
    readings
        The columns.
    places
        Number (n,) of each row in the file.
    amounts_decided
        Roles of amounts of which the client file says which mean none.
    """
    usable = [r for r in readings if not r.unreadable]
    suspects = suspect_answers({r.rating.column: _answers(r) for r in usable if _is_asked(r, amounts_decided)})
    found: list[Complaint] = []
    for reading in readings:
        if reading.unreadable:
            rows = few_rows(reading.rows)
            role, label = reading.rating.role, reading.label
            found.append(Complaint("unreadable", role, label, reading.terms, reading.unreadable, rows=rows))
        elif not reading.terms.flags:
            found += _column_complaints(reading, suspects.get(reading.rating.column), places)
    return found


def scaled(reading: Reading) -> Rating:
    """The rating with a scale, the observed one where no other is known, and with what a reader must know of it."""
    rating = reading.rating
    if reading.terms.flags or np.isnan(rating.numbers).all():
        return rating
    if rating.role.name in AMOUNTS:
        counts = answer_counts(rating.numbers)
        return replace(rating, suspect=sum(counts[code] for code in far_codes(counts)))
    if rating.role.name in RATED:
        rating = replace(rating, halves=int(_broken(rating.numbers).sum()))
        if rating.scale is None:
            return replace(rating, scale=replace(answer_ends(rating.numbers), observed=True))
    return rating


def _is_asked(reading: Reading, amounts_decided: Collection[str]) -> bool:
    return not reading.terms.flags and reading.rating.role.name not in amounts_decided


def _answers(reading: Reading) -> Answers:
    role, rating = reading.rating.role, reading.rating
    counted = searchable(role.column, reading.label)
    if role.name in AMOUNTS:
        return Answers(rating.numbers, "amount")
    if role.name not in RATED or COUNTED.search(counted) or TENURE.search(counted):
        return Answers(rating.numbers, "count", rating.scale)
    alike = role.name in _ALIKE
    return Answers(rating.numbers, "rating" if alike else "intention", rating.scale)


def _column_complaints(reading: Reading, suspicion: Suspicion | None, places: np.ndarray) -> Iterator[Complaint]:
    rating, rated = reading.rating, reading.rating.role.name in RATED
    offered = answer_ends(rating.numbers)
    if rating.scale is not None:
        outside = (rating.numbers < rating.scale.low) | (rating.numbers > rating.scale.high)
        yield from _complaint("off_scale", reading, outside, places, scale=rating.scale)
    elif rated and (among := _among(reading, offered)):
        ends = _all_ends(rating, among)
        yield Complaint("among", rating.role, reading.label, reading.terms, among, offered, ends)
    elif suspicion:
        kind: Kind = "amounts" if rating.role.name in AMOUNTS else "suspect"
        chosen = np.isin(rating.numbers, list(suspicion.codes))
        yield from _complaint(kind, reading, chosen, places, scale=suspicion.scale)
    if rated:
        broken = _broken(rating.numbers)
        yield from _complaint("broken", reading, broken & (rating.numbers * 2 % 1 != 0), places)


def _complaint(
    kind: Kind, reading: Reading, chosen: np.ndarray, places: np.ndarray, *, scale: Scale | None = None
) -> Iterator[Complaint]:
    """A complaint about the chosen answers (n,), if there are any."""
    if chosen.any():
        rating, rows = reading.rating, few_rows(places[chosen].tolist())
        found = written(answer_counts(rating.numbers[chosen]))
        offered = answer_ends(rating.numbers)
        yield Complaint(kind, rating.role, reading.label, reading.terms, found, scale, offered, rows)


def _among(reading: Reading, others: Scale) -> Mapping[str, int]:
    """Codes of ``survey.missing`` that were taken although one of them lies between the other answers."""
    own = {code_number(code) for code in reading.terms.own}
    taken = {code: number for code in reading.taken if (number := code_number(code)) is not None and number not in own}
    if not any(others.low < number < others.high for number in taken.values()):
        return {}
    return {code: reading.taken[code] for code in taken}


def _all_ends(rating: Rating, among: Mapping[str, int]) -> Scale:
    """The scale of these answers together with the codes among them, as far as it can be guessed."""
    counts = answer_counts(rating.numbers) | {float(code): count for code, count in among.items()}
    guess = scale_guess(counts)
    return guess.scale if guess else Scale(min(counts), max(counts))


def _broken(numbers: np.ndarray) -> np.ndarray:
    """Which answers (n,) are no whole numbers, where nearly all are?"""
    answered = ~np.isnan(numbers)
    broken = answered & (numbers % 1 != 0)
    count, whole = int(broken.sum()), int(answered.sum()) - int(broken.sum())
    few = count <= max(_BROKEN_MOST, _BROKEN_SHARE * whole) and whole >= _WHOLE * count
    return broken if few else np.zeros(len(numbers), dtype=bool)
