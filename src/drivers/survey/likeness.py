"""Likeness: which names of columns may mean one column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

ALIKE = 0.7
"""Likeness from which two names are proposed as one column."""
_MOVED = 0.95  # a question number that moved makes a pair a little less likely
_MOST = 60_000  # pairs that are compared; beyond it the names tell too little to be worth the time
_QUESTION = re.compile(r"^\W*[a-z]{0,2}\d+(?=\D*[^\W\d])")  # a leading question number may move
_LAST = re.compile(r"\d+$")  # a last number tells items apart
_APART = re.compile(r"[\W_]+")
_SHORTEST = 3  # letters of a name that can be the start of another


@dataclass(frozen=True, slots=True)
class Rename:
    """A pair of columns that may be one, with their likeness from 0 to 1."""

    before: str
    after: str
    likeness: float


def near_matches(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Rename, ...]:
    """Which columns that are only in the one seem to be columns that are only in the other?

    Parameters
    ----------
    before, after
        Label of each column by its name; an empty label where there is none.

    Returns
    -------
    tuple of Rename
        Each column once at most, the likest pair first. Likeness is that of the names, without a question number
        that moved (Q18AGE and Q19AGE), or of the labels, whichever is higher.
    """
    gone = {name: label for name, label in before.items() if name not in after}
    new = {name: label for name, label in after.items() if name not in before}
    if len(gone) * len(new) > _MOST:
        return ()
    pairs = [Rename(one, other, _likeness(one, other, gone[one], new[other])) for one in gone for other in new]
    taken: set[tuple[str, str]] = set()
    chosen = []
    for pair in sorted(pairs, key=lambda p: -p.likeness):
        ends = {("before", pair.before), ("after", pair.after)}
        if pair.likeness >= ALIKE and not ends & taken:
            taken |= ends
            chosen.append(pair)
    return tuple(chosen)


def _likeness(one: str, other: str, label: str, other_label: str) -> float:
    by_name = _name_likeness(one.casefold(), other.casefold())
    by_label = _ratio(label.casefold(), other_label.casefold()) if label and other_label else 0.0
    return max(by_name, by_label if label.casefold() != one.casefold() else 0.0)


def _name_likeness(one: str, other: str) -> float:
    numbers = [_QUESTION.match(name) for name in (one, other)]
    moved = numbers[0] and numbers[1] and numbers[0][0].strip("*_ ") != numbers[1][0].strip("*_ ")
    return _core_likeness(one, other) * (_MOVED if moved else 1)


def _core_likeness(one: str, other: str) -> float:
    one, other = (_APART.sub("", _QUESTION.sub("", name)) for name in (one, other))
    if _number(one) != _number(other) or not one or not other:
        return 0.0
    if len(min(one, other, key=len)) >= _SHORTEST and (one.startswith(other) or other.startswith(one)):
        return max(0.8, _ratio(one, other))
    return _ratio(one, other)


def _number(name: str) -> str:
    found = _LAST.search(name)
    return found[0] if found else ""


def _ratio(one: str, other: str) -> float:
    match = SequenceMatcher(None, one, other, autojunk=False)
    return match.ratio() if match.real_quick_ratio() >= ALIKE and match.quick_ratio() >= ALIKE else 0.0
