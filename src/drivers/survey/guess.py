"""Guess: what the columns of an unknown survey file are for, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from drivers.survey import words
from drivers.survey.batteries import Battery, rating_batteries
from drivers.survey.codes import CodeReader
from drivers.survey.guessers import GUESSERS, Batteries, Guess
from drivers.survey.profiles import ColumnProfile, column_profiles
from drivers.survey.survey import Scale
from drivers.survey.table import SurveyTable
from drivers.survey.usual import ScaleGuess, scale_guess

_WORD = 4  # letters of a part of a name from which it may be a word
_MOST_WORDS = 11  # different texts of a column whose words tell the language
_ONE_TO_TEN, _ZERO_TO_TEN = Scale(1, 10), Scale(0, 10)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


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
    notices
        What a person must know about how the file was read.
    """

    source: str
    rows: int
    guesses: tuple[Guess, ...]
    scales: Mapping[str, ScaleGuess]
    unused: tuple[ColumnProfile, ...]
    language: str | None
    decimal: str
    notices: tuple[str, ...] = ()

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
    for guesser in GUESSERS:
        taken = {guess.column.name for guess in guesses}
        guesses.extend(guesser([p for p in profiles if p.name not in taken and p.distinct], found))
    used = {guess.column.name for guess in guesses}
    names = [word for p in profiles for word in words.searchable(p.name).split() if len(word) >= _WORD]
    spoken = [text for p in profiles if not p.numbers and p.distinct <= _MOST_WORDS for text in p.texts]
    texts = [*names, *spoken, *(p.label for p in profiles)]
    labels = [label for p in profiles for label in table.value_labels.get(p.name, {}).values()]
    return SurveyGuess(
        source=table.source,
        rows=len(table.frame),
        guesses=tuple(guesses),
        scales=_scales(found, [g.column for g in guesses if g.role == "intention"]),
        unused=tuple(p for p in profiles if p.name not in used),
        language=words.language([*texts, *labels])[0],
        decimal=decimal,
        notices=tuple(map(str, table.notices)),
    )


def decimal_sign(table: SurveyTable) -> str:
    """A comma where numbers with one stand as text and none with a point does; else the point."""
    commas = 0
    for column in table.frame.columns:
        texts = [text for text in table.frame[column].dropna().unique()[:200] if isinstance(text, str)]
        if not any("," in text or "." in text for text in texts):  # whole numbers tell nothing
            continue
        read = CodeReader(SurveyTable(table.frame[[column]], table.source)).numbers(column)
        if any(number != round(number) for number in read.numbers[:1000] if number == number):
            return "."
        commas += bool(texts) and all(_DECIMAL_COMMA.fullmatch(t.strip()) or t.strip().isdigit() for t in texts if t)
        commas -= bool(texts) and all(t.strip().isdigit() for t in texts if t)
    return "," if commas > 0 else "."


def _scales(found: Batteries, intentions: Sequence[ColumnProfile]) -> dict[str, ScaleGuess]:
    """Scale of each rating column. Recommending is asked from 0 to 10, so answers from 1 to 10 leave it open."""
    scales = {column: guess for battery in found for column, guess in _column_scales(battery)}
    for column in intentions:
        guess = scales.get(column.name)
        recommends = words.RECOMMEND.search(column.words) and not column.code_labels
        if recommends and guess and guess.scale == _ONE_TO_TEN:
            reason = "nobody gave 0, but a net promoter score is asked from 0 to 10; it may be 1 to 10"
            scales[column.name] = replace(guess, scale=_ZERO_TO_TEN, certain=False, reason=reason)
    return scales


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
