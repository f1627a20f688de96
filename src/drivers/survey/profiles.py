"""Profiles: what one column of an unknown survey file holds, counted code by code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from drivers.survey.codes import EMPTY, FLAGS, CodeReader, code_number, code_text
from drivers.survey.scales import relabelling
from drivers.survey.table import SurveyTable
from drivers.survey.words import NO_ANSWER, searchable

_YEARS = (1990.0, 2060.0)
_PERIOD = re.compile(
    r"(19|20)\d\d([-/. ]?(q|k|kw)?[1-4]|[-/.]\d{1,2}([-/.]\d{1,2})?)?|(q|k)[1-4][-/. ]?(19|20)\d\d", re.I
)


@dataclass(frozen=True, eq=False)
class ColumnProfile:
    """What one column holds.

    Attributes
    ----------
    name, label
        The column, and its label in the file (empty: none).
    rows, blank
        Rows of the file, and those of them without an answer, declared missing codes included.
    numbers
        How often each number occurs, in rising order.
    texts
        How often each text that is no number occurs.
    code_labels
        Label of each number that the file labels, codes for no answer left out.
    no_answer
        Codes that occur and that the file, or their own text, says are no answer.
    """

    name: str
    label: str
    rows: int
    blank: int
    numbers: Mapping[float, int] = field(default_factory=dict)
    texts: Mapping[str, int] = field(default_factory=dict)
    code_labels: Mapping[float, str] = field(default_factory=dict)
    no_answer: Mapping[float | str, int] = field(default_factory=dict)

    @cached_property
    def words(self) -> str:
        """Name and label as small words with blanks between, to search in."""
        return searchable(self.name, self.label)

    @property
    def answered(self) -> int:
        """Rows with an answer."""
        return sum(self.numbers.values()) + sum(self.texts.values())

    @property
    def distinct(self) -> int:
        """Different answers."""
        return len(self.numbers) + len(self.texts)

    @property
    def numeric(self) -> bool:
        """Whether every answer is a number, and there is one."""
        return bool(self.numbers) and not self.texts

    @property
    def whole(self) -> bool:
        """Whether every number is a whole one."""
        return all(number.is_integer() for number in self.numbers)

    @property
    def mean(self) -> float:
        """Mean of the numbers; NaN without any."""
        if not self.numbers:
            return float("nan")
        return float(np.average(list(self.numbers), weights=list(self.numbers.values())))

    @property
    def flag(self) -> bool:
        """Whether the answers are yes and no, by their labels or as they are."""
        if self.code_labels and set(self.numbers) <= set(self.code_labels):
            said = {self.code_labels[number].strip().casefold() for number in self.numbers}
        else:
            said = {code_text(number) for number in self.numbers} | {text.strip().casefold() for text in self.texts}
        return 1 <= len(said) <= 2 and said <= set(FLAGS)

    @property
    def categories(self) -> bool:
        """Whether the answers are names of groups: texts, or numbers that are all labelled."""
        return not self.numbers or set(self.numbers) <= set(self.code_labels)

    @property
    def periods(self) -> bool:
        """Whether the answers are years, quarters, months or dates."""
        years = all(number.is_integer() and _YEARS[0] <= number <= _YEARS[1] for number in self.numbers)
        return self.distinct > 0 and years and all(_PERIOD.fullmatch(text.strip()) for text in self.texts)


def column_profiles(table: SurveyTable, decimal: str = ".") -> tuple[ColumnProfile, ...]:
    """What does each column of this table hold? In the order of the file."""
    reader = CodeReader(table, decimal=decimal)
    return tuple(_profile(reader, str(column)) for column in table.frame.columns)


def _profile(reader: CodeReader, column: str) -> ColumnProfile:
    table = reader.table
    which, found = pd.factorize(table.frame[column])
    counts = np.bincount(which[which >= 0], minlength=len(found))
    labels = {code: label for code, label in table.value_labels.get(column, {}).items()}
    silent = {code_text(code) for code, label in labels.items() if NO_ANSWER.fullmatch(searchable(label))}
    turned = relabelling(reader, column)
    numbers: dict[float, int] = {}
    texts: dict[str, int] = {}
    no_answer: dict[float | str, int] = {}
    blank = int((which < 0).sum())
    for code, count in zip(found, counts, strict=True):
        number, text = code_number(code, reader.decimal), code_text(code)
        if text.casefold() in EMPTY or reader.declares_missing(column, code):
            blank += int(count)
        elif text in silent or (number is None and NO_ANSWER.fullmatch(searchable(text))):
            no_answer[text if number is None else number] = int(count)
        elif number is None:
            texts[text] = texts.get(text, 0) + int(count)
        else:
            number = turned.number(number) if turned else number
            numbers[number] = numbers.get(number, 0) + int(count)
    return ColumnProfile(
        name=column,
        label=" ".join(table.variable_labels.get(column, "").split()),
        rows=len(table.frame),
        blank=blank,
        numbers=dict(sorted(numbers.items())),
        texts=texts,
        code_labels=_code_labels(reader, column, silent),
        no_answer=no_answer,
    )


def _code_labels(reader: CodeReader, column: str, silent: set[str]) -> dict[float, str]:
    """Labels of the numbers that are answers."""
    found, turned = {}, relabelling(reader, column)
    for code, label in reader.table.value_labels.get(column, {}).items():
        number = code_number(code)
        if number is not None and code_text(code) not in silent and not reader.declares_missing(column, code):
            found[turned.number(number) if turned else number] = label
    if all(code_number(label) == number for number, label in found.items()):
        return {}  # labels that only repeat the number name nothing
    return dict(sorted(found.items()))
