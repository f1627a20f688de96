"""Guessers: what columns may be for, one use at a time, each guess with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from drivers.survey import words
from drivers.survey.batteries import FEWEST, Battery
from drivers.survey.dates import day_formats
from drivers.survey.profiles import ColumnProfile
from drivers.survey.words import searchable

_MOST_GROUPS, _MOST_SEGMENTS, _MOST_WAVES = 8, 8, 30
_MOST_TIMES, _MOST_POINTS = 15, 11  # different answers of a rating, and points of a scale in words
_NEAR_ONE = (0.8, 1.25)  # mean of a weight that needs no doubt


@dataclass(frozen=True, slots=True)
class Guess:
    """What one column is probably for, in the words of the client file's keys.

    `post` is never a driver, and `words` holds a scale in words; `form` is how the dates of a column are written.
    """

    role: str
    column: ColumnProfile
    certain: bool
    reason: str
    form: str = ""


Columns = Sequence[ColumnProfile]
Batteries = Sequence[Battery]


def _weight(columns: Columns, _batteries: Batteries) -> Iterator[Guess]:
    found = [c for c in columns if words.WEIGHT.search(c.words) and c.numeric and min(c.numbers) >= 0 and not c.whole]
    for column in found:
        reason = f"named like a weight; 0 or more, mean {column.mean:.2f}"
        near = _NEAR_ONE[0] <= column.mean <= _NEAR_ONE[1]
        if column.blank:
            reason += f", but {column.blank:,} rows have none: see weighting.unweighted"
        elif not near:
            reason += ", and weights usually have a mean near 1"
        elif len(found) > 1:
            reason += "; another column would do as well"
        yield Guess("weight", column, near and not column.blank and len(found) == 1, reason)


def _respondent(columns: Columns, _batteries: Batteries) -> Iterator[Guess]:
    found = [c for c in columns if words.IDENTITY.search(c.words) and c.distinct > max(2, c.rows / 10)]
    found = sorted(found, key=lambda c: -c.distinct)[:3]
    if not found:
        yield from _numbered(columns)
    for place, column in enumerate(found):
        unique = column.distinct == column.rows
        share = f"{column.distinct:,} different values in {column.rows:,} rows"
        reason = f"named like an identifier; {'a different value in every row' if unique else share}"
        if column.blank:
            reason += f", but {column.blank:,} rows have none: see survey.anonymous"
        sure = place == 0 and not column.blank and column.distinct > 0.5 * column.rows
        yield Guess("respondent", column, sure, reason)


def _numbered(columns: Columns) -> Iterator[Guess]:
    """A column with a value of its own in every row, whose name says no more than that it numbers something."""
    own = [c for c in columns if c.distinct == c.rows and not c.blank and (c.whole if c.numeric else not c.numbers)]
    named = [c for c in own if words.NUMBERED.search(searchable(c.name)) and not day_formats(c.texts)]
    others = [c for c in own if c not in named and c.numeric and _consecutive(c)]
    for column in named[:2]:
        sure = named == [column]
        reason = "a number or code that differs in every row" + ("" if sure else "; another column would do as well")
        yield Guess("respondent", column, sure, reason)
    for column in others[:1] if not named else ():
        yield Guess("respondent", column, False, "counts the rows; is it the respondent?")


def _consecutive(column: ColumnProfile) -> bool:
    numbers = list(column.numbers)
    return numbers[-1] - numbers[0] == len(numbers) - 1 and numbers[0] in (0, 1)


def _interview(columns: Columns, _batteries: Batteries) -> Iterator[Guess]:
    dated = [(c, day_formats(c.texts)) for c in columns if words.INTERVIEW_DATE.search(c.words) and not c.numbers]
    dated = [(c, forms) for c, forms in dated if forms and not words.OTHER_DATE.search(c.words)]
    for column, forms in dated:
        sure = len(dated) == 1 and len(forms) == 1
        reason = "named like the day of the interview" + ("" if len(dated) == 1 else "; so is another column")
        if len(forms) > 1:
            reason += ", but day and month cannot be told apart"
        yield Guess("date", column, sure, reason, forms[0])
    timed = [c for c in columns if words.DURATION.search(c.words) and not words.TENURE.search(c.words) and _is_time(c)]
    for column in timed:
        sure = len(timed) == 1
        reason = "named like the time that an interview took" + ("" if sure else "; so is another column")
        yield Guess("duration", column, sure, reason)


def _is_time(column: ColumnProfile) -> bool:
    return column.numeric and min(column.numbers) >= 0 and column.distinct > _MOST_TIMES


def _strata(columns: Columns, _batteries: Batteries) -> Iterator[Guess]:
    for column in columns:
        if words.STRATUM.search(column.words) and 2 <= column.distinct <= column.rows / 4 and not column.blank:
            reason = f"named like a stratum, of {column.distinct}; right only if the sample was drawn within each"
            yield Guess("strata", column, False, reason)


def _in_words(columns: Columns, _batteries: Batteries) -> Iterator[Guess]:
    """Scales that were exported as the words of their answers."""
    for column in columns:
        several = not column.numbers and 3 <= column.distinct <= _MOST_POINTS
        if several and sum(bool(words.RATED.search(searchable(text))) for text in column.texts) * 2 > column.distinct:
            yield Guess("words", column, True, "answers are the words of a scale; export the survey with numbers")


def _wave(columns: Columns, _batteries: Batteries) -> Iterator[Guess]:
    found = [c for c in columns if words.WAVE.search(c.words) and 2 <= c.distinct <= _MOST_WAVES]
    found = [c for c in found if not words.TENURE.search(c.words) and c.answered > 0.5 * c.rows]
    plain = [c for c in found if c.periods or re.search(r"\b(wave|golf|meting|ronde|round|meetmoment)\b", c.words)]
    for column in found:
        kind = "years or dates" if column.periods else "values"
        reason = f"named like a wave; {column.distinct} {kind}"
        yield Guess(
            "wave", column, plain == [column], reason + ("" if plain == [column] else ", but not plainly waves")
        )


def _leaving(columns: Columns, _batteries: Batteries) -> Iterator[Guess]:
    flags = [c for c in columns if c.flag and c.distinct == 2 and c.answered > 0.5 * c.rows]
    for role, pattern in (("left", words.LEFT), ("stayed", words.STAYED)):
        found = [c for c in flags if pattern.search(c.words)]
        for column in found:
            others = len(found) > 1 or (role == "stayed" and any(words.LEFT.search(c.words) for c in flags))
            reason = f"named like {'leaving' if role == 'left' else 'staying'}; yes or no"
            yield Guess(role, column, not others, reason + ("; another column would do as well" if others else ""))


def _post(columns: Columns, _batteries: Batteries) -> Iterator[Guess]:
    for column in columns:
        if words.LEFT.search(column.words) or words.STAYED.search(column.words):
            yield Guess("post", column, True, "known only after customers left or stayed, so never a driver")


def _outcome(columns: Columns, found: Batteries) -> Iterator[Guess]:
    rated = {column.name for battery in found for column in battery.columns}
    scores = {c.name: _outcome_score(c) for c in columns if c.numeric}
    ratings = [c for c in columns if c.name in rated and scores.get(c.name, 0) > 0]
    candidates = ratings or [c for c in columns if scores.get(c.name, 0) > 0 and words.SATISFIED.search(c.words)]
    best = max((scores[c.name] for c in candidates), default=0)
    first = [c for c in candidates if scores[c.name] == best]
    for column in first[:6]:
        reason = (
            "named like overall satisfaction, and a rating" if ratings else "named like satisfaction, but no rating"
        )
        if len(first) > 1:
            reason = f"one of {len(first)} ratings named like satisfaction"
        yield Guess("outcome", column, len(first) == 1 and bool(ratings), reason)


def _outcome_score(column: ColumnProfile) -> int:
    if words.RECOMMEND.search(column.words) or words.INTENTION.search(column.words):
        return 0
    whole = bool(words.WHOLE.search(column.words))
    aspect = bool(words.ASPECT.search(column.words)) and not whole
    return 2 * whole + 2 * bool(words.SATISFIED.search(column.words)) - 3 * aspect


def _intention(columns: Columns, found: Batteries) -> Iterator[Guess]:
    rated = {column.name for battery in found for column in battery.columns}
    recommend = [c for c in columns if c.name in rated and words.RECOMMEND.search(c.words)]
    others = [c for c in columns if c.name in rated and c not in recommend and words.INTENTION.search(c.words)]
    for column in recommend:
        sure = len(recommend) == 1
        yield Guess("intention", column, sure, "named like recommending" + ("" if sure else "; so is another column"))
    for column in others:
        yield Guess("intention", column, False, "named like an intention to stay or buy")


def _amounts(columns: Columns, _batteries: Batteries) -> Iterator[Guess]:
    for column in columns:
        if column.numeric and column.distinct > _MOST_GROUPS and words.MARGIN.search(column.words):
            yield Guess("margin", column, False, "named like a margin; is it per year?")
        elif column.numeric and column.distinct > _MOST_GROUPS and words.REVENUE.search(column.words):
            yield Guess("revenue", column, False, "named like revenue or value, which is no margin")


def _tenure(columns: Columns, _batteries: Batteries) -> Iterator[Guess]:
    for column in columns:
        if column.numeric and words.TENURE.search(column.words):
            yield Guess("control", column, False, "named like how long someone is a customer: hold it constant?")


def _drivers(columns: Columns, found: Batteries) -> Iterator[Guess]:
    free = {column.name for column in columns}
    for battery in found:
        large = len(battery.columns) >= FEWEST
        scale = f"{battery.guess.scale.low:g} to {battery.guess.scale.high:g}"
        reason = (
            f"one of {len(battery.columns)} columns in a row on one scale" if large else f"rated {scale}, but alone"
        )
        yield from (Guess("driver", c, large, reason) for c in battery.columns if c.name in free)


def _segments(columns: Columns, _batteries: Batteries) -> Iterator[Guess]:
    found = [c for c in columns if c.categories and 2 <= c.distinct <= _MOST_GROUPS and c.answered > 0.5 * c.rows]
    found = [c for c in found if not words.SPLIT.search(c.words) and not day_formats(c.texts)]
    few = len(found) <= _MOST_SEGMENTS
    for column in found:
        reason = f"{column.distinct} groups" + ("" if few else f"; one of {len(found)} such columns")
        yield Guess("segment", column, few, reason)


Guesser = Callable[[Columns, Batteries], Iterator[Guess]]
GUESSERS: tuple[Guesser, ...] = (
    _respondent,
    _weight,
    _wave,
    _interview,
    _strata,
    _leaving,
    _post,
    _outcome,
    _intention,
    _amounts,
    _tenure,
    _drivers,
    _in_words,
    _segments,
)
