"""Headers: which row of a sheet names the columns, and how columns of one name are told apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.errors import SurveyError
from drivers.survey.closing import check_closing, notes_below
from drivers.survey.codes import code_number
from drivers.survey.questions import question_texts
from drivers.wording import Sentence, sentence

_TITLES_MOST = 30  # rows among which the header is looked for
_ADDRESS = re.compile(r"\S+@\S+\.\S+")
_FEWEST_ROWS = 5  # rows that show what a column holds


@dataclass(frozen=True, slots=True, eq=False)
class HeadedFrame:
    """A frame under its column names.

    `twice` maps a name to the columns that share it; `labels` are question texts; `places` (n,) are the numbers of the
    rows in the file.
    """

    frame: pd.DataFrame
    twice: dict[str, tuple[str, ...]]
    labels: dict[str, str]
    notices: tuple[Sentence, ...]
    places: np.ndarray


def headed_frame(cells: pd.DataFrame, source: str) -> HeadedFrame:
    """The frame under the row that names its columns; empty rows and columns are gone.

    The header is the first row in which at least half of the columns are named: rows of titles above it hold less.
    Rows below that repeat it, or hold the texts of the questions, are no answers and go too. The index of `cells`
    numbers the rows.

    Raises
    ------
    SurveyError
        When nothing is there, a column has answers but no name, no row of answers follows, or totals stand at the end.
    """
    filled = _filled(cells)
    if filled.empty:
        raise SurveyError(f"{source} is empty; expected a row of column names and rows of answers. Export it again.")
    titles = _title_rows(filled)
    names = ["" if pd.isna(name) else str(name).strip() for name in filled.iloc[titles]]
    if "" in names:
        raise SurveyError(
            f"{source}: column {names.index('') + 1} has answers but no name. Give it a name in the first row."
        )
    asked = question_texts(filled.iloc[titles + 1 :])
    body, repeats = _without_repeats(filled.iloc[titles + 1 + asked.rows :], names)
    notes = notes_below(body)
    body = body.iloc[: len(body) - notes]
    _check_names(names, body, source)
    frame, twice = named_frame(body, names, source)
    places = body.index.to_numpy()
    check_closing(frame, places, source)
    labels = {column: text for column, text in zip(frame.columns, asked.texts, strict=False) if text}
    return HeadedFrame(frame, twice, labels, (*_notices(titles, repeats, notes), *asked.notices), places)


def named_frame(
    frame: pd.DataFrame, names: Sequence[object], source: str
) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]]]:
    """The frame under these column names, and which columns share a name: the second `q` is read as ``q (2)``.

    Raises
    ------
    SurveyError
        When there are no rows.
    """
    if frame.empty:
        raise SurveyError(f"{source} has no rows; expected one for each respondent. Export it again.")
    columns, twice = _distinct([str(name) for name in names])
    return frame.set_axis(pd.Index(columns), axis=1).reset_index(drop=True), twice


def _distinct(names: list[str]) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    taken, counts = set(names), Counter(names)
    if len(taken) == len(names):
        return names, {}
    shared: dict[str, list[str]] = {name: [] for name, count in counts.items() if count > 1}
    columns = []
    for name in names:
        column, place = name, 2
        while name in shared and shared[name] and column in taken:
            column, place = f"{name} ({place})", place + 1
        taken.add(column)
        columns.append(column)
        if name in shared:
            shared[name].append(column)
    return columns, {name: tuple(found) for name, found in shared.items()}


def _check_names(names: list[str], body: pd.DataFrame, source: str) -> None:
    """Refuse a first row of answers.

    Columns may be called 1, 2, 3, but answers repeat or have decimals; and they are given again further down. A column
    of one answer may be called like it: those of a question with several answers are.
    """
    numbers = [number for name in names if (number := code_number(name)) is not None]
    numeric = len(numbers) * 2 >= len(names) and (len(set(numbers)) < len(numbers) or any(n % 1 for n in numbers))
    texts = [place for place, name in enumerate(names) if code_number(name) is None]
    given = sum(_is_given(names[place], body.iloc[:, place]) for place in texts) if len(body) >= _FEWEST_ROWS else 0
    if numeric or any(_ADDRESS.fullmatch(name) for name in names) or (given >= 2 and given * 2 >= len(texts)):
        kind = "numbers" if numeric else "answers"
        raise SurveyError(
            f"{source} has {kind} where the column names should be; expected a first row of names. Add it, or export "
            "the survey with a header."
        )


def _is_given(name: str, answers: pd.Series) -> bool:
    """Is this name one of several answers of its own column?"""
    return bool((answers == name).any()) and answers.nunique() > 1


def _filled(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells without rows and columns in which nothing stands."""
    values = cells.to_numpy(dtype=object, copy=True)  # one block: thousands of columns stay quick
    empty = pd.isna(values) | (values == "")
    values[empty] = np.nan
    rows, columns = ~empty.all(axis=1), ~empty.all(axis=0)
    kept = values if rows.all() and columns.all() else values[rows][:, columns]
    return pd.DataFrame(kept, index=cells.index[rows])


def _title_rows(filled: pd.DataFrame) -> int:
    """How many rows of titles stand above the header?"""
    named = filled.iloc[:_TITLES_MOST].notna().sum(axis=1).to_numpy()
    wide = np.flatnonzero(named >= filled.shape[1] / 2)
    return int(wide[0]) if wide.size else 0


def _without_repeats(body: pd.DataFrame, names: list[str]) -> tuple[pd.DataFrame, int]:
    """The rows that do not say the column names once more, and how many did."""
    if body.empty:
        return body, 0
    candidates = np.flatnonzero((body.iloc[:, 0].astype(str).str.strip() == names[0]).to_numpy())
    repeats = [row for row in candidates if [str(cell).strip() for cell in body.iloc[row]] == names]
    keep = np.ones(len(body), dtype=bool)
    keep[repeats] = False
    return (body[keep] if repeats else body), len(repeats)


def _notices(titles: int, repeats: int, notes: int) -> list[Sentence]:
    found = []
    if titles:
        found.append(sentence("Rows of titles above the column names that were skipped: {n:count}.", n=titles))
    if repeats:
        found.append(sentence("Rows that repeat the column names and are no answers: {n:count}.", n=repeats))
    if notes:
        found.append(sentence("Rows of notes below the answers that were skipped: {n:count}.", n=notes))
    return found
