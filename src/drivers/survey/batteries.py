"""Batteries: rating columns of an unknown survey, on the scale that they seem to share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from drivers.survey.profiles import ColumnProfile
from drivers.survey.usual import USUAL, ScaleGuess, ends_occur, scale_guess
from drivers.survey.words import COUNTED, RATED, TENURE, searchable

FEWEST = 3  # columns that make a battery
_FEWEST_POINTS = 4  # different answers that a rating column has at least
_WIDE = 7  # scale points from which neighbours are of one battery whatever their names
_SMALL_SHARE = 0.02  # of the rows, answered at least
_STEM = re.compile(r"([^\W\d_]+\d+)(?=\D)|([^\W\d_]+)[ _.]?\d+$")


@dataclass(frozen=True, slots=True)
class Battery:
    """Rating columns in a row that share one scale."""

    columns: tuple[ColumnProfile, ...]
    guess: ScaleGuess


def rating_batteries(profiles: Sequence[ColumnProfile]) -> tuple[Battery, ...]:
    """Which rating columns stand together on one scale? In the order of the file; a rating alone is a battery of one.

    Columns belong together while they follow each other, have the same value labels and the same question number
    or stem (Q7ART and Q7FOOD); on scales of seven points or more, neighbours with other names do too.
    """
    found: list[Battery] = []
    for rated, run in groupby(profiles, key=_is_rating):
        if rated:
            found.extend(_joined([b for group in _groups(list(run)) for b in _same_scale(group)]))
    return tuple(found)


def _is_rating(profile: ColumnProfile) -> bool:
    """Whether the answers look like ratings: few numbers on a usual scale, or a labelled one."""
    if not profile.numeric or profile.answered < max(10, _SMALL_SHARE * profile.rows):
        return False
    if COUNTED.search(profile.words) or TENURE.search(profile.words) or profile.flag:
        return False
    guess = scale_guess(profile.numbers, profile.code_labels)
    if guess is None or len(set(profile.numbers) - set(guess.codes)) < _FEWEST_POINTS:
        return False
    if profile.code_labels:
        return profile.categories is False or bool(RATED.search(searchable(*profile.code_labels.values())))
    return profile.whole


def _groups(run: list[ColumnProfile]) -> Iterator[list[ColumnProfile]]:
    for _, group in groupby(run, key=lambda p: (tuple(p.code_labels.items()), name_stem(p.name))):
        yield list(group)


def name_stem(name: str) -> str:
    """What a name shares with its battery: the question number (Q7 of Q7ART), or the letters before a number."""
    return stem_in_name(name).casefold()


def stem_in_name(name: str) -> str:
    """The same stem in the letters of the name; empty where there is none."""
    found = _STEM.match(name)
    return found[1] or found[2] if found else ""


def _same_scale(group: list[ColumnProfile]) -> Iterator[Battery]:
    """The columns of one stem, cut where the scale changes; answers are counted as columns are added."""
    kept: list[ColumnProfile] = []
    counts: Counter[float] = Counter()
    for profile in group:
        if kept and not _agree(counts, profile):
            yield _battery(kept)
            kept, counts = [], Counter()
        kept.append(profile)
        counts.update(profile.numbers)
    yield _battery(kept)


def _agree(counts: Counter[float], profile: ColumnProfile) -> bool:
    """Whether this column's answers fit the scale of those counted before it, and the other way round."""
    one, other = (scale_guess(numbers, profile.code_labels) for numbers in (counts, profile.numbers))
    if one is None or other is None or (one.certain and other.certain and one.scale != other.scale):
        return False
    if scale_guess(counts + Counter(profile.numbers), profile.code_labels) is None:
        return False
    full = ends_occur(counts, one.scale) and ends_occur(profile.numbers, other.scale)
    return one.scale == other.scale or not full


def _joined(parts: list[Battery]) -> list[Battery]:
    """Neighbours of other names, put together on wide scales, and where no name has a stem."""
    found: list[Battery] = []
    for part in parts:
        before = found[-1] if found else None
        if before and _neighbours(before, part) and (guess := _pooled([*before.columns, *part.columns])):
            found[-1] = Battery((*before.columns, *part.columns), guess)
        else:
            found.append(part)
    return found


def _neighbours(before: Battery, after: Battery) -> bool:
    one, other = before.guess, after.guess
    if before.columns[-1].code_labels != after.columns[0].code_labels or one.scale.low != other.scale.low:
        return False
    wide = min(one.scale.high, other.scale.high) >= _WIDE
    return wide and one.scale == other.scale and not (_numbered(before) and _numbered(after))


def _numbered(battery: Battery) -> bool:
    """Whether the columns carry a question number, which bounds a battery."""
    return bool(re.search(r"\d$", name_stem(battery.columns[0].name)))


def _battery(columns: list[ColumnProfile]) -> Battery:
    guess = _pooled(columns)
    if guess is None:  # each column alone has one, so this cannot be; kept for the type
        guess = scale_guess(columns[0].numbers, columns[0].code_labels) or ScaleGuess(USUAL[-1], False, "a guess", {})
    return Battery(tuple(columns), guess)


def _pooled(columns: Sequence[ColumnProfile]) -> ScaleGuess | None:
    return scale_guess(_counts(columns), columns[0].code_labels)


def _counts(columns: Sequence[ColumnProfile]) -> Mapping[float, int]:
    counts: Counter[float] = Counter()
    for column in columns:
        counts.update(column.numbers)
    return counts
