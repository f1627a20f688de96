"""Usual scales: on which of them answers seem to lie where no client file and no label says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drivers.survey.survey import Scale

USUAL = (Scale(1, 5), Scale(1, 7), Scale(1, 10), Scale(0, 10))
"""Usual scales, smallest first."""
FAR = frozenset((55.0, 66.0, 77.0, 88.0, *range(95, 100), 888.0, *range(995, 1000), *range(9995, 10000)))
"""Numbers above any rating that survey software writes for no answer."""
NEGATIVE = frozenset((-1.0, -2.0, -3.0, -7.0, -8.0, -9.0, -77.0, -88.0, -97.0, -98.0, -99.0, -999.0, -9999.0))
"""Numbers below 0 that it writes so."""
_DIGITS = (7.0, 8.0, 9.0)  # numbers that it writes so beside a short scale
CODES = FAR | NEGATIVE | frozenset(_DIGITS)
"""Numbers that survey software writes for no answer; the scale decides whether they are."""


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
    coded = (g for g in fits if (g.adjacent or _close(g)) and ends_occur(numbers, g.scale))
    beside = sorted(coded, key=lambda g: (len(g.adjacent), len(g.codes)))
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
    if not inside or not all(n in CODES or n == 0 for n in outside):
        return None
    return ScaleGuess(scale, True, "labelled in the file", outside)


def _fit(numbers: Mapping[float, int], scale: Scale) -> ScaleGuess | None:
    """The scale as a guess; None where answers outside it are no known codes."""
    outside = {n: c for n, c in numbers.items() if not scale.low <= n <= scale.high}
    adjacent = tuple(n for n in outside if n == scale.high + 1 or (n == 0 and scale.low == 1))
    if len(outside) == len(numbers) or any(n not in adjacent and n not in CODES for n in outside):
        return None
    ends = ends_occur(numbers, scale)
    certain = ends and not adjacent and not any(n in _DIGITS for n in outside)
    return ScaleGuess(scale, certain, _reason(numbers, scale, adjacent), outside, adjacent)


def _reason(numbers: Mapping[float, int], scale: Scale, adjacent: Sequence[float]) -> str:
    digits = [n for n in numbers if n in _DIGITS and n > scale.high]
    if adjacent or digits:
        adjacent = sorted({*adjacent, *digits})
        codes = " and ".join(f"{n:g}" for n in adjacent)
        return f"both ends occur, but so {'do' if len(adjacent) > 1 else 'does'} {codes}, outside it"
    if ends_occur(numbers, scale):
        return "both ends occur"
    absent = " and ".join(f"{end:g}" for end in (scale.low, scale.high) if end not in numbers)
    return f"the smallest usual scale that holds the answers, but nobody gave {absent}"


def ends_occur(numbers: Mapping[float, int], scale: Scale) -> bool:
    """Did anyone give the lowest and anyone the highest answer of this scale?"""
    return scale.low in numbers and scale.high in numbers


def _close(guess: ScaleGuess) -> bool:
    """Whether single digits above the scale would be codes."""
    return any(n in _DIGITS for n in guess.codes)


def _unseen(numbers: Mapping[float, int], scale: Scale) -> int:
    return sum(point not in numbers for point in range(int(scale.low), int(scale.high) + 1))
