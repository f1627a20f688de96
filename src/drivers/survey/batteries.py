"""Batteries: rating columns of an unknown survey, on the scale that they seem to share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from drivers.survey.profiles import ColumnProfile
from drivers.survey.survey import Scale
from drivers.survey.words import COUNTED, RATED, TENURE, searchable

USUAL = (Scale(1, 5), Scale(1, 7), Scale(1, 10), Scale(0, 10))
"""Usual scales, smallest first."""
CODES = frozenset((7.0, 8.0, 9.0, 55.0, 66.0, 77.0, 88.0, *range(95, 100), *range(995, 1000), *range(9995, 10000)))
"""Numbers that survey software writes for no answer, besides negative ones; the scale decides whether they are."""
NEGATIVE = frozenset((-1.0, -2.0, -3.0, -7.0, -8.0, -9.0, -77.0, -88.0, -97.0, -98.0, -99.0, -999.0, -9999.0))
FEWEST = 3  # columns that make a battery
_FEWEST_POINTS = 4  # different answers that a rating column has at least
_WIDE = 7  # scale points from which neighbours are of one battery whatever their names
_SMALL_SHARE = 0.02  # of the rows, answered at least
_STEM = re.compile(r"([^\W\d_]+\d+)(?=\D)|([^\W\d_]+)[ _.]?\d+$")


@dataclass(frozen=True, slots=True)
class ScaleGuess:
    """The scale that these answers seem to be on.

    `certain` when labels or observed ends bear it out; `codes` counts the answers outside it that look like no
    answer, and `adjacent` those of them next to the scale, which might be answers on a wider one.
    """

    scale: Scale
    certain: bool
    reason: str
    codes: Mapping[float, int]
    adjacent: tuple[float, ...] = ()


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


def scale_guess(numbers: Mapping[float, int], labels: Mapping[float, str] | None = None) -> ScaleGuess | None:
    """On which scale are these answers? None where no usual scale holds them.

    Labels come first. Then a usual scale whose both ends occur and that holds every answer but far codes; then one
    whose ends occur beside codes next to it (0 and 6 of 1 to 5), unless the next scale lacks but one point; then the
    smallest that holds the answers.
    """
    if labelled := _labelled(numbers, labels or {}):
        return labelled
    fits = [guess for scale in USUAL if (guess := _fit(numbers, scale))]
    ended = [g for g in fits if g.certain]
    whole = [g for g in fits if not g.adjacent and not _close(g) and _unseen(numbers, g.scale) <= g.scale.span / 2]
    coded = (g for g in fits if (g.adjacent or _close(g)) and _ends_occur(numbers, g.scale))
    beside = sorted(coded, key=lambda g: len(g.adjacent))
    if ended:
        return ended[0]
    if beside and not (whole and _unseen(numbers, whole[0].scale) <= 1):
        return beside[0]
    return whole[0] if whole else None


def _labelled(numbers: Mapping[float, int], labels: Mapping[float, str]) -> ScaleGuess | None:
    codes = sorted(labels)
    if len(codes) < 2 or codes[-1] - codes[0] < 2 or codes[-1] - codes[0] > 11:
        return None
    scale = Scale(codes[0], codes[-1])
    inside = [number for number in numbers if scale.low <= number <= scale.high]
    outside = {n: c for n, c in numbers.items() if n not in inside}
    if not inside or not all(n in CODES or n in NEGATIVE or n == 0 for n in outside):
        return None
    return ScaleGuess(scale, True, "labelled in the file", outside)


def _fit(numbers: Mapping[float, int], scale: Scale) -> ScaleGuess | None:
    """The scale as a guess; None where answers outside it are no known codes."""
    outside = {n: c for n, c in numbers.items() if not scale.low <= n <= scale.high}
    adjacent = tuple(n for n in outside if n == scale.high + 1 or (n == 0 and scale.low == 1))
    if len(outside) == len(numbers) or any(n not in adjacent and n not in CODES | NEGATIVE for n in outside):
        return None
    ends = _ends_occur(numbers, scale)
    certain = ends and not adjacent and not any(n in (7.0, 8.0, 9.0) for n in outside)
    return ScaleGuess(scale, certain, _reason(numbers, scale, adjacent), outside, adjacent)


def _reason(numbers: Mapping[float, int], scale: Scale, adjacent: Sequence[float]) -> str:
    digits = [n for n in numbers if n in (7.0, 8.0, 9.0) and n > scale.high]
    if adjacent or digits:
        adjacent = sorted({*adjacent, *digits})
        codes = " and ".join(f"{n:g}" for n in adjacent)
        return f"both ends occur, but so {'do' if len(adjacent) > 1 else 'does'} {codes}, outside it"
    if _ends_occur(numbers, scale):
        return "both ends occur"
    absent = " and ".join(f"{end:g}" for end in (scale.low, scale.high) if end not in numbers)
    return f"the smallest usual scale that holds the answers, but nobody gave {absent}"


def _ends_occur(numbers: Mapping[float, int], scale: Scale) -> bool:
    return scale.low in numbers and scale.high in numbers


def _close(guess: ScaleGuess) -> bool:
    """Whether single digits above the scale would be codes."""
    return any(n in (7.0, 8.0, 9.0) for n in guess.codes)


def _unseen(numbers: Mapping[float, int], scale: Scale) -> int:
    return sum(point not in numbers for point in range(int(scale.low), int(scale.high) + 1))


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
    found = _STEM.match(name)
    return (found[1] or found[2]).casefold() if found else ""


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
    full = _ends_occur(counts, one.scale) and _ends_occur(profile.numbers, other.scale)
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
