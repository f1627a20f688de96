"""Scales: from which answer to which a question runs, and which codes lie off it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from drivers.survey.codes import CodeReader, code_number, code_text, missing_codes
from drivers.survey.survey import Scale
from drivers.survey.wording import leading_number, says_never_an_answer, says_no_answer

_FEWEST = 3  # labelled codes in a row that make a scale
_ENDS = (3, 10)  # scale points between two labelled ends


@dataclass(frozen=True, slots=True)
class Relabelling:
    """A column's labels are numbers that differ from its codes: number = `sign` x code + `shift`."""

    sign: int
    shift: float

    def numbers(self, codes: np.ndarray) -> np.ndarray:
        """The numbers that the labels of these codes say."""
        return self.sign * codes + self.shift

    def number(self, code: float) -> float:
        """The number that the label of this code says."""
        return self.sign * code + self.shift


def silent_labels(reader: CodeReader, column: str) -> dict[str, str]:
    """Which codes of this column does a value label call no answer? Label by code, without those declared so."""
    labels = _labels(reader, column)
    numbers = [
        n for code, label in labels.items() if (n := code_number(code)) is not None and not says_no_answer(label)
    ]
    low, high = (min(numbers), max(numbers)) if numbers else (np.inf, -np.inf)
    silent = {}
    for code, label in labels.items():
        number = code_number(code)
        inside = number is not None and low < number < high
        if says_never_an_answer(label) or (says_no_answer(label) and not inside):
            silent[code_text(code)] = label.strip()
    return silent


def labelled_scale(reader: CodeReader, column: str) -> Scale | None:
    """The scale of codes that a column's value labels cover without a gap; None if they do not.

    Labelled codes apart from the others (99), or labelled as no answer, do not belong to the scale. Two labels, or
    three at even distances, make one too where they are the ends and the middle of 4 to 11 points.
    """
    labels = _labels(reader, column)
    silent, taken = silent_labels(reader, column), missing_codes(reader.missing, reader.decimal)
    numbers = sorted(n for code in labels if (n := code_number(code)) is not None)
    outer = {n for n in numbers if code_text(n) in silent or n in taken}
    while numbers and numbers[0] in outer:
        numbers.pop(0)
    while numbers and numbers[-1] in outer:
        numbers.pop()
    run = [n for place, n in enumerate(numbers) if n == numbers[0] + place]
    if len(run) >= _FEWEST:
        return Scale(run[0], run[-1])
    return _ends(numbers)


def relabelling(reader: CodeReader, column: str) -> Relabelling | None:
    """How do the labels of this column number its answers, where they differ from the codes? None where they do not.

    A question from 0 to 10 may be stored as 1 to 11; every label of an answer that starts with a number counts, and
    all must agree.
    """
    silent = silent_labels(reader, column)
    pairs = [
        (number, said)
        for code, label in _labels(reader, column).items()
        if (number := code_number(code)) is not None
        and code_text(code) not in silent
        and (said := leading_number(label)) is not None
    ]
    labelled = [label for code, label in _labels(reader, column).items() if code_text(code) not in silent]
    ends = len(labelled) == 2 and _ends(sorted(number for number, _ in pairs))
    if len(pairs) < 2 or (len(pairs) < _FEWEST and not ends) or len(pairs) * 2 < len(labelled):
        return None
    for sign in (1, -1):
        shifts = {said - sign * number for number, said in pairs}
        if len(shifts) == 1 and len({number for number, _ in pairs}) == len(pairs):
            shift = shifts.pop()
            return Relabelling(sign, shift) if (sign, shift) != (1, 0) else None
    return None


def _labels(reader: CodeReader, column: str) -> Mapping[object, str]:
    labels = reader.table.value_labels.get(column, {})
    return {code: label for code, label in labels.items() if not reader.declares_missing(column, code)}


def _ends(numbers: list[float]) -> Scale | None:
    steps = {b - a for a, b in pairwise(numbers)}
    if len(numbers) not in (2, 3) or len(steps) != 1:
        return None
    span = numbers[-1] - numbers[0]
    return Scale(numbers[0], numbers[-1]) if _ENDS[0] <= span <= _ENDS[1] and span == round(span) else None
