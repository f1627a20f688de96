"""Guess: what the columns of an unknown survey file are for, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from drivers.survey import words
from drivers.survey.batteries import FEWEST, Battery, rating_batteries
from drivers.survey.codes import CodeReader
from drivers.survey.profiles import ColumnProfile, column_profiles
from drivers.survey.table import SurveyTable
from drivers.survey.usual import ScaleGuess, scale_guess

_MOST_GROUPS, _MOST_SEGMENTS, _MOST_WAVES = 8, 8, 30
_NEAR_ONE = (0.8, 1.25)  # mean of a weight that needs no doubt
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True, slots=True)
class Guess:
    """What one column is probably for, in the words of the client file's keys; `post` is never a driver."""

    role: str
    column: ColumnProfile
    certain: bool
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class SurveyGuess:
    """What the columns of a file are probably for.

    Attributes
    ----------
    source, rows
        Name of the file without folder, and its rows.
    guesses
        The guesses, in the order of the client file's keys; a column stands in one at most.
    scales
        Scale of each rating column.
    unused
        Columns without a guess, in the order of the file.
    language
        "nl" or "en"; None where the words do not tell.
    decimal
        Decimal sign of numbers that are stored as text.
    """

    source: str
    rows: int
    guesses: tuple[Guess, ...]
    scales: Mapping[str, ScaleGuess]
    unused: tuple[ColumnProfile, ...]
    language: str | None
    decimal: str

    def of(self, role: str, *, certain: bool | None = None) -> tuple[Guess, ...]:
        """The guesses of this role, only the certain or the uncertain ones where asked."""
        return tuple(g for g in self.guesses if g.role == role and certain in (None, g.certain))

    def __repr__(self) -> str:
        sure = sum(guess.certain for guess in self.guesses)
        return f"SurveyGuess of {self.source}: {sure} columns certain, {len(self.guesses) - sure} uncertain"


def survey_guess(table: SurveyTable) -> SurveyGuess:
    """What are the columns of this file for?

    A guess is certain only where name or label and the answers themselves agree, and no second column would do as
    well.
    """
    decimal = decimal_sign(table)
    profiles = [p for p in column_profiles(table, decimal) if p.name == p.name.strip()]
    found = rating_batteries(profiles)
    guesses: list[Guess] = []
    for guesser in _GUESSERS:
        taken = {guess.column.name for guess in guesses}
        guesses.extend(guesser([p for p in profiles if p.name not in taken and p.distinct], found))
    used = {guess.column.name for guess in guesses}
    texts = [*(p.name for p in profiles if " " in p.name), *(p.label for p in profiles)]  # a code name tells nothing
    labels = [label for p in profiles for label in table.value_labels.get(p.name, {}).values()]
    return SurveyGuess(
        source=table.source,
        rows=len(table.frame),
        guesses=tuple(guesses),
        scales={column: guess for battery in found for column, guess in _column_scales(battery)},
        unused=tuple(p for p in profiles if p.name not in used),
        language=words.language([*texts, *labels])[0],
        decimal=decimal,
    )


def decimal_sign(table: SurveyTable) -> str:
    """A comma where numbers with one stand as text and none with a point does; else the point."""
    commas = 0
    for column in table.frame.columns:
        texts = [text for text in table.frame[column].dropna().unique()[:200] if isinstance(text, str)]
        if not texts:
            continue
        read = CodeReader(SurveyTable(table.frame[[column]], table.source)).numbers(column)
        if any(number != round(number) for number in read.numbers[:1000] if number == number):
            return "."
        commas += bool(texts) and all(_DECIMAL_COMMA.fullmatch(t.strip()) or t.strip().isdigit() for t in texts if t)
        commas -= bool(texts) and all(t.strip().isdigit() for t in texts if t)
    return "," if commas > 0 else "."


def _column_scales(battery: Battery) -> Iterator[tuple[str, ScaleGuess]]:
    """Scale of each column: what its own answers make certain, else what its battery shares."""
    shared = battery.guess
    for column in battery.columns:
        own = scale_guess(column.numbers, column.code_labels)
        if own and own.certain and not (shared.certain and own.scale.span < shared.scale.span):
            yield column.name, own
        else:
            codes = {n: c for n, c in column.numbers.items() if n in shared.codes}
            adjacent = tuple(n for n in shared.adjacent if n in codes)
            yield column.name, replace(shared, codes=codes, adjacent=adjacent)


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
    for place, column in enumerate(found):
        unique = column.distinct == column.rows
        share = f"{column.distinct:,} different values in {column.rows:,} rows"
        reason = f"named like an identifier; {'a different value in every row' if unique else share}"
        if column.blank:
            reason += f", but {column.blank:,} rows have none: see survey.anonymous"
        sure = place == 0 and not column.blank and column.distinct > 0.5 * column.rows
        yield Guess("respondent", column, sure, reason)


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
    found = [c for c in found if not words.SPLIT.search(c.words)]
    few = len(found) <= _MOST_SEGMENTS
    for column in found:
        reason = f"{column.distinct} groups" + ("" if few else f"; one of {len(found)} such columns")
        yield Guess("segment", column, few, reason)


_Guesser = Callable[[Columns, Batteries], Iterator[Guess]]
_GUESSERS: tuple[_Guesser, ...] = (
    _respondent,
    _weight,
    _wave,
    _leaving,
    _post,
    _outcome,
    _intention,
    _amounts,
    _tenure,
    _drivers,
    _segments,
)
