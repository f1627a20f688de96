"""Headers: which row of a sheet names the columns, and how columns of one name are told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.errors import SurveyError
from drivers.survey.codes import code_number
from drivers.wording import Sentence, sentence

_TITLES_MOST = 30  # rows among which the header is looked for
_PANEL = '{"ImportId"'  # the third header row of a panel tool's export


@dataclass(frozen=True, slots=True, eq=False)
class HeadedFrame:
    """A frame under its column names; `twice` maps a name to the columns that share it; `labels` are question texts."""

    frame: pd.DataFrame
    twice: dict[str, tuple[str, ...]]
    labels: dict[str, str]
    notices: tuple[Sentence, ...]


def headed_frame(cells: pd.DataFrame, source: str) -> HeadedFrame:
    """The frame under the row that names its columns; empty rows and columns are gone.

    The header is the first row in which at least half of the columns are named: rows of titles above it hold less.
    Rows below that repeat it are no answers and go too.

    Raises
    ------
    SurveyError
        When nothing is there, a column has answers but no name, or no row of answers follows.
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
    _check_names(names, source)
    body, questions = _without_questions(filled.iloc[titles + 1 :])
    body, repeats = _without_repeats(body, names)
    frame, twice = named_frame(body, names, source)
    labels = dict(zip(frame.columns, questions, strict=True)) if questions else {}
    return HeadedFrame(frame, twice, labels, tuple(_notices(titles, repeats)))


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


def _check_names(names: list[str], source: str) -> None:
    """Refuse a first row of answers; columns may be called 1, 2, 3, but answers repeat or have decimals."""
    numbers = [number for name in names if (number := code_number(name)) is not None]
    if len(numbers) * 2 >= len(names) and (len(set(numbers)) < len(numbers) or any(n % 1 for n in numbers)):
        raise SurveyError(
            f"{source} has numbers where the column names should be; expected a first row of names. Add it, or export "
            "the survey with a header."
        )


def _filled(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells without rows and columns in which nothing stands."""
    values = cells.to_numpy(dtype=object, copy=True)  # one block: thousands of columns stay quick
    empty = pd.isna(values) | (values == "")
    values[empty] = np.nan
    rows, columns = ~empty.all(axis=1), ~empty.all(axis=0)
    return pd.DataFrame(values if rows.all() and columns.all() else values[rows][:, columns])


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


def _without_questions(body: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The answers of a panel tool's export, and the texts of its questions; they stand in two rows below the names."""
    if len(body) < 2 or not str(body.iat[1, 0]).startswith(_PANEL):
        return body, []
    return body.iloc[2:], ["" if pd.isna(text) else str(text) for text in body.iloc[0]]


def _notices(titles: int, repeats: int) -> list[Sentence]:
    found = []
    if titles:
        found.append(sentence("Rows of titles above the column names that were skipped: {n:count}.", n=titles))
    if repeats:
        found.append(sentence("Rows that repeat the column names and are no answers: {n:count}.", n=repeats))
    return found
