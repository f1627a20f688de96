"""Suspects: answers that look like codes for no answer, where nothing says on which scale a column is.

What neither the client file nor a value label puts on a scale may hold 0, 6, 11, 99 or -1 for "no answer", and each
would be averaged like an answer. The rules:

1. In any column, codes that survey software writes (99, 998, -1, -9) are suspect where they lie off the rest: below 0
   where nothing else is, farther beyond the rest than it is wide, or beyond five empty points and given three times.
2. A rating that is no count is held against the usual scales: 1 to 5, 1 to 7, 1 to 10, 0 to 10. Answers beside one are
   suspect: next to it (0, 6, 8, 11), single digits that are codes (7, 8, 9), farther off than it is long, or beyond a
   point that nobody gave though five would be expected to. A 6 above 1 to 5 is left alone where another rating reaches
   7, or more among fewer than 100 answers: nobody need have given the highest ones.
3. How the same respondents rate the rest decides where it can (`standing`). So a true scale from 1 to 11 is left alone,
   and a 0 beside 1 to 10 is found. Where that cannot be told rule 2 stands, and a scale from 0 to 10 is left alone.
4. Amounts may be below 0. A code is suspect among them when it is given three times, and is below 0 and three times as
   frequent as any other amount below 0, or lies beyond the rest by more than the rest is wide.

Ages, counts and percentages are held against no scale: controls, columns that name or label call a count, and those
whose answers fit no usual scale. What is suspect is never left out: the run stops and asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from drivers.survey.standing import code_standing, other_ratings
from drivers.survey.survey import Scale
from drivers.survey.usual import USUAL, ends_occur, scale_guess

KNOWN = frozenset({-1, -2, -7, -8, -9, -77, -88, -97, -98, -99, -999, -9999, 88, 97, 98, 99, 888, 997, 998, 999, 9999})
"""Numbers that survey tools write for no answer, also where answers run wider than a rating."""

_SHORT, _SHORT_SCALE = frozenset({8.0, 9.0}), 6  # codes beside a scale of at most six points
_FEWEST = 3  # different answers left that show what a column holds
_DIGIT, _TWO_DIGITS = 7, 55  # smallest codes where fewer are left: beside yes and no, and beside other answers
_EMPTY, _OFTEN = 5, 3  # empty points that set a code apart, and how often it is given
_EXPECTED = 5.0  # answers expected at a point that nobody gave
_FEW = 0.05  # of the answers that may lie elsewhere, for a scale to be the scale
_SEVEN, _MANY = 7.0, 100  # what a 6 may lack, and answers among which that is no accident
_SURE = 3.0  # standard errors


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """One column (n,), NaN where unanswered; `scale` is None where nothing says it."""

    numbers: np.ndarray
    kind: Literal["rating", "intention", "count", "amount"] = "rating"
    scale: Scale | None = None


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Answers that look like codes, with their counts, and the scale that the other answers seem to be on."""

    codes: Mapping[float, int] = field(default_factory=dict)
    scale: Scale | None = None


def suspect_answers(columns: Mapping[str, Answers]) -> dict[str, Suspicion]:
    """Which answers of these columns look like codes for no answer? By column, those without any left out."""
    found = {name: _by_numbers(answers) for name, answers in columns.items() if answers.scale is None}
    found |= {name: Suspicion(scale=found[name].scale) for name in _may_lack_seven(columns, found)}
    rated = [name for name, answers in columns.items() if answers.kind in ("rating", "intention")]
    others = other_ratings({name: _core(columns[name], found.get(name)) for name in rated})
    found |= _by_others(columns, found, others)
    return {name: found[name] for name in columns if name in found and found[name].codes}


def suspect_amounts(numbers: np.ndarray) -> dict[float, int]:
    """Which amounts are codes rather than amounts? Count by code."""
    counts = answer_counts(numbers)
    others = {v: c for v, c in counts.items() if v not in KNOWN}
    below = max((c for v, c in others.items() if v < 0), default=0)
    low, high = min(others, default=0.0), max(others, default=0.0)
    often = {v: c for v, c in counts.items() if v in KNOWN and c >= _OFTEN}
    return {v: c for v, c in often.items() if (c >= _OFTEN * below if v < 0 else v > high + (high - low))}


def answer_counts(numbers: np.ndarray) -> dict[float, int]:
    """How often is each answer given? In rising order."""
    values, counts = np.unique(numbers[~np.isnan(numbers)], return_counts=True)
    return {float(v): int(c) for v, c in zip(values, counts, strict=True)}


def _by_numbers(answers: Answers) -> Suspicion:
    """What the numbers of a column alone make suspect."""
    if answers.kind == "amount":
        return Suspicion(suspect_amounts(answers.numbers))
    counts = answer_counts(answers.numbers)
    beside = Suspicion() if answers.kind == "count" else _beside(counts)
    codes = far_codes(counts) | set(beside.codes)
    return Suspicion({v: c for v, c in counts.items() if v in codes}, beside.scale)


def far_codes(counts: Mapping[float, int]) -> set[float]:
    """Which known codes lie off the rest?"""
    rest = [v for v in counts if v not in KNOWN | _SHORT]
    if rest and max(rest) > _SHORT_SCALE:
        rest = [v for v in counts if v not in KNOWN]
    if not rest:
        return set()
    low, high = min(rest), max(rest)
    size = 0 if len(rest) >= _FEWEST else _DIGIT if low >= -1 and high <= 2 else _TWO_DIGITS
    codes = {v for v in counts if v not in rest and abs(v) >= size}
    negative = {v for v in codes if v < 0 <= low}
    if len(negative) >= high / 2 and min(negative, default=0.0) == -high:
        negative = set()  # a scale from -2 to 2
    width = max(high - low, 2.0)
    beyond = {v for v in codes if v > high + (3 if v in _SHORT else width) - 1}
    apart = {v for v in codes if v > high + _EMPTY and counts[v] >= _OFTEN}
    return negative | beyond | apart


def _beside(counts: Mapping[float, int]) -> Suspicion:
    """Answers outside a usual scale; a few that are no whole numbers are another matter."""
    whole = {v: c for v, c in counts.items() if not v % 1}
    if not whole or sum(whole.values()) < (1 - _FEW) * sum(counts.values()):
        return Suspicion()
    guess, low, top = scale_guess(whole), min(whole), max(whole)
    if guess and guess.codes:
        return Suspicion(guess.codes, guess.scale)
    if top in (6, 11) and top - 1 in whole and low >= 0:
        return _outside(whole, Scale(1 if low or top == 6 else 0, top - 1))
    if low == 0 and top in (5, 7):
        return _outside(whole, Scale(1, top))
    return _beyond_a_gap(whole, guess.scale) if guess else _far_away(whole)


def _outside(counts: Mapping[float, int], scale: Scale) -> Suspicion:
    return Suspicion({v: c for v, c in counts.items() if not scale.low <= v <= scale.high}, scale)


def _beyond_a_gap(counts: Mapping[float, int], widest: Scale) -> Suspicion:
    """Answers beyond a point that nobody gave, though the answers beside it make some five expected there."""
    for scale in USUAL:
        above = [v for v in counts if v > scale.high]
        gap = above and scale.low == widest.low and ends_occur(counts, scale) and above[0] > scale.high + 1
        if gap and np.sqrt(counts[scale.high] * counts[above[0]]) >= _EXPECTED:
            return _outside(counts, scale)
    return Suspicion(scale=widest)


def _far_away(counts: Mapping[float, int]) -> Suspicion:
    """Answers farther from a usual scale than it is long."""
    for scale in USUAL:
        found = _outside(counts, scale)
        far = all(v < scale.low - scale.span or v > scale.high + scale.span for v in found.codes)
        if far and ends_occur(counts, scale) and sum(found.codes.values()) <= _FEW * sum(counts.values()):
            return found
    return Suspicion()


def _may_lack_seven(columns: Mapping[str, Answers], found: Mapping[str, Suspicion]) -> list[str]:
    """Columns with a 6 above 1 to 5 that the other ratings show to be an answer."""
    reach = {name: _reach(answers, found.get(name)) for name, answers in columns.items() if answers.kind == "rating"}
    free = []
    for name in reach:
        if name in found and set(found[name].codes) == {_SEVEN - 1}:
            tops = [top for other, top in reach.items() if other != name]
            few = np.isfinite(columns[name].numbers).sum() < _MANY
            if _SEVEN in tops or (few and max(tops, default=0) > _SEVEN):
                free.append(name)
    return free


def _by_others(
    columns: Mapping[str, Answers], found: Mapping[str, Suspicion], others: Mapping[str, np.ndarray]
) -> dict[str, Suspicion]:
    """What is still suspect, given how each respondent rates the rest (n,).

    Columns that share a code and a scale are judged together.
    """
    told: dict[tuple[float, Scale], list[float]] = {}
    names = [name for name in found if name in others]
    for name in names:
        for code, scale in _arguable(found[name]):
            number = code_standing(columns[name].numbers, code, scale, others[name])
            told.setdefault((code, scale), []).extend([] if number is None else [number])
    together = {key: sum(numbers) / max(len(numbers), 1) ** 0.5 for key, numbers in told.items()}
    return {name: _judged(columns[name].numbers, found[name], together) for name in names}


def _judged(numbers: np.ndarray, suspicion: Suspicion, told: Mapping[tuple[float, Scale], float]) -> Suspicion:
    codes, suspected = dict(suspicion.codes), suspicion.scale
    for code, scale in _arguable(suspicion):
        if told[code, scale] > _SURE:
            codes.pop(code, None)
        elif code not in codes and told[code, scale] < -_SURE and (numbers == code).any():
            codes, suspected = {code: int((numbers == code).sum()), **codes}, scale
    return Suspicion(codes, suspected)


def _arguable(suspicion: Suspicion) -> list[tuple[float, Scale]]:
    """The codes that would prolong a scale without a gap, each with that scale."""
    scale, codes = suspicion.scale, suspicion.codes
    if scale is None:
        return []
    above: list[float] = []
    while scale.high + len(above) + 1 in codes:
        above.append(scale.high + len(above) + 1)
    zero = [(0.0, Scale(1, scale.high))] if 0 in codes or scale == Scale(0, 10) else []
    return [*zero, *((code, scale) for code in above)]


def _core(answers: Answers, suspicion: Suspicion | None) -> np.ndarray:
    """The answers (n,) that are beyond doubt, the others NaN."""
    doubtful = [*suspicion.codes, *(code for code, _ in _arguable(suspicion))] if suspicion else []
    return np.where(np.isin(answers.numbers, doubtful), np.nan, answers.numbers)


def _reach(answers: Answers, suspicion: Suspicion | None) -> float:
    """Highest answer that a rating offers, as far as is known."""
    return answers.scale.high if answers.scale else max(answer_counts(_core(answers, suspicion)), default=0.0)
