"""Questions: rows below the column names in which a panel tool writes what was asked."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import pandas as pd

from drivers.survey.codes import code_number
from drivers.survey.wording import says_no_answer
from drivers.wording import Sentence, sentence

_IMPORT = re.compile(r"""\s*\{\s*["']ImportId["']""")  # the third header row of Qualtrics
_MARKUP = re.compile(r"<[^<>]*>")
_FEWEST = 3  # columns of numbers that start with a text
_SHOWN_ROWS = 50  # rows that show whether a column holds numbers
_MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class QuestionTexts:
    """How many rows below the header are no answers, and the text of each column's question (empty: none)."""

    rows: int
    texts: tuple[str, ...]
    notices: tuple[Sentence, ...]


def question_texts(body: pd.DataFrame) -> QuestionTexts:
    """Do the rows below the column names say what was asked?

    Two rows do where the second holds import ids, as Qualtrics writes them. One row does where it has texts, nearly
    all of them different, in nearly all columns that hold numbers below; a respondent who answers in words repeats
    them.
    """
    if len(body) >= 2 and _has_import_ids(body.iloc[1]):
        return _texts(body, 2)
    if len(body) and _has_import_ids(body.iloc[0]):
        return QuestionTexts(1, (), ())
    return _texts(body, 1) if _is_asked(body) else QuestionTexts(0, (), ())


def _texts(body: pd.DataFrame, rows: int) -> QuestionTexts:
    texts = tuple("" if pd.isna(cell) else _plain(str(cell)) for cell in body.iloc[0])
    notice = sentence("Rows below the column names that hold the texts of the questions: {n:count}.", n=rows)
    return QuestionTexts(rows, texts, (notice,))


def _plain(text: str) -> str:
    """The text on one line, without the markup of a web page."""
    return " ".join(html.unescape(_MARKUP.sub(" ", text)).split())


def _has_import_ids(row: pd.Series) -> bool:
    return any(isinstance(cell, str) and _IMPORT.match(cell) for cell in row)


def _is_asked(body: pd.DataFrame) -> bool:
    below = body.iloc[1 : _SHOWN_ROWS + 1]
    if len(below) < _FEWEST:
        return False
    numeric = [place for place in range(body.shape[1]) if _holds_numbers(below.iloc[:, place])]
    first = [body.iat[0, place] for place in numeric]
    texts = [
        cell for cell in first if isinstance(cell, str) and code_number(cell) is None and code_number(cell, ",") is None
    ]
    asked = {text for text in texts if not says_no_answer(text)}
    return len(asked) >= _FEWEST and len(asked) >= _MOSTLY * len(numeric)


def _holds_numbers(answers: pd.Series) -> bool:
    known = answers.dropna()
    found = sum(code_number(code) is not None or code_number(code, ",") is not None for code in known)
    return len(known) >= _FEWEST and found >= _MOSTLY * len(known)
