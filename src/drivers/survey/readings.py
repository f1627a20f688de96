"""Readings: one column that the client file uses, as numbers on the scale it was asked on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from drivers.client import Client
from drivers.client.roles import Role
from drivers.survey.codes import CodeReader, code_text
from drivers.survey.labels import EVENT, LEFT
from drivers.survey.survey import Scale
from drivers.survey.terms import AnswerTerms, answer_terms


@dataclass(frozen=True, slots=True, eq=False)
class Rating:
    """One column as numbers (n,), NaN where unanswered.

    `column` is its name among the answers; `scale` is None where a column needs none; `kept` counts the answers that
    equal a code of ``survey.missing`` and count nevertheless; `labelled` counts the answers that value labels call
    none, by label; `stored` is the range of the codes where the labels number the answers differently; `suspect`
    counts the amounts that look like a code; `halves` those that lie half-way between two points of a scale on which
    nearly all are whole; `parts` are the ratings of which this one is the mean.
    """

    column: str
    role: Role
    numbers: np.ndarray
    scale: Scale | None = None
    kept: int = 0
    labelled: Mapping[str, int] = field(default_factory=dict)
    stored: Scale | None = None
    suspect: int = 0
    halves: int = 0
    parts: tuple[Rating, ...] = ()

    @property
    def observed(self) -> bool:
        """Whether no scale was declared, so that the ends are those of the answers given."""
        return self.scale is not None and self.scale.observed


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One column, how it was read, and what could not be.

    `label` is its printed name; `taken` counts the answers that codes for no answer took away, by code; `unreadable`
    those that are no numbers, and `rows` are the numbers of their rows in the file.
    """

    rating: Rating
    label: str
    terms: AnswerTerms
    taken: Mapping[str, int] = field(default_factory=dict)
    unreadable: Mapping[str, int] = field(default_factory=dict)
    rows: tuple[int, ...] = ()


def read_column(client: Client, reader: CodeReader, role: Role, label: str) -> Reading:
    """The column of this role; its rating has a scale where one is declared or labelled."""
    terms = answer_terms(client, reader, role)
    codes = reader.taking(terms.taken)
    read = codes.flags(role.column) if terms.flags else codes.numbers(role.column)
    spoken = {terms.labelled[code]: count for code, count in read.taken.items() if code in terms.labelled}
    rows = unreadable_rows(reader, role.column, read.unreadable)
    if terms.flags:
        name = {"event": EVENT, "left": LEFT, "stayed": LEFT}.get(role.name, role.column)
        flags = Rating(name, role, 1 - read.numbers if role.name == "stayed" else read.numbers, labelled=spoken)
        return Reading(flags, label, terms, read.taken, read.unreadable, rows)
    numbers = terms.relabelling.numbers(read.numbers) if terms.relabelling else read.numbers
    kept = int(np.isin(read.numbers, terms.kept).sum())
    rating = Rating(role.column, role, numbers, terms.scale, kept=kept, labelled=spoken)
    if terms.relabelling:
        rating = replace(rating, stored=answer_ends(read.numbers))
    return Reading(rating, label, terms, read.taken, read.unreadable, rows)


def unreadable_rows(reader: CodeReader, column: str, unreadable: Mapping[str, int]) -> tuple[int, ...]:
    """Number in the file of each row in which one of these texts stands."""
    if not unreadable:
        return ()
    texts = reader.table.frame[column].map(code_text, na_action="ignore")
    return tuple(reader.table.numbers[texts.isin(list(unreadable)).to_numpy()].tolist())


def answer_ends(numbers: np.ndarray) -> Scale:
    """The lowest and the highest answer given; 0 to 0 without any."""
    answered = numbers[~np.isnan(numbers)]
    return Scale(float(answered.min()), float(answered.max())) if answered.size else Scale(0.0, 0.0)
