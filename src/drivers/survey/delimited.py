"""Delimited text: a csv file of any separator and encoding that can be told for certain."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pandas as pd

from drivers.client import Client, Problem
from drivers.errors import SurveyError
from drivers.survey.header import HeadedFrame, headed_frame
from drivers.survey.table import SurveyTable
from drivers.wording import Sentence, sentence

SEPARATORS = {";": ";", "\t": "\\t", ",": ",", "|": "|"}
"""What stands between columns, and how the client file writes it."""

_FOUND = {
    ";": sentence("A semicolon stands between the columns of the file; this was found, not declared."),
    "\t": sentence("A tab stands between the columns of the file; this was found, not declared."),
    "|": sentence("A vertical bar stands between the columns of the file; this was found, not declared."),
}

_SAID = re.compile(r"\A[\"']?sep=([;,|\t])[\"']?\s*?\r?\n", re.I)  # the first line that spreadsheets write
_TABLE = 2  # rows that a table has at least
_SAMPLE = 200  # rows, and characters of a column's text, that a guess is drawn from
_COMMA = re.compile(r"[+-]?\d+,\d+")
_POINT = re.compile(r"[+-]?\d+\.\d+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")


def csv_table(client: Client, path: Path) -> SurveyTable:
    """What does this csv file hold? The separator, decimal sign and encoding are guessed where only one can be right.

    Raises
    ------
    ConfigError
        When the separator gives one column only.
    SurveyError
        When the file is no text, or ends in the middle of a row.
    """
    text, notices = _text(client, path)
    declared = client.survey.model_fields_set
    separator = client.survey.separator
    said = _SAID.match(text)
    if "separator" not in declared and said:
        separator = said[1]
    elif "separator" not in declared and (found := found_separator(text)) != separator:
        separator = found
        notices = (*notices, _FOUND[found])
    headed = _headed(_SAID.sub("\n", text), separator, path.name)
    _check_columns(client, headed.frame, separator)
    notices = (*notices, *headed.notices)
    table = SurveyTable(
        headed.frame, path.name, headed.labels, notices=notices, twice=headed.twice, places=headed.places
    )
    return with_decimal(table) if separator != "," and "decimal" not in declared else table


def with_decimal(table: SurveyTable) -> SurveyTable:
    """The same table, marked with a decimal comma where its numbers have one and none has a point.

    Numbers such as 1,234 alone decide nothing: they may be thousands.
    """
    commas = False
    for column in table.frame.columns:
        texts = [text.strip() for text in table.frame[column].iloc[:_SAMPLE] if isinstance(text, str)]
        if any(_POINT.fullmatch(text) for text in texts):
            return table
        decimals = [text for text in texts if _COMMA.fullmatch(text)]
        commas = commas or any(not _THOUSANDS.fullmatch(text) for text in decimals)
    if not commas:
        return table
    guess = sentence("Numbers have a decimal comma; this was found, not declared.")
    return replace(table, decimal=",", notices=(*table.notices, guess))


def _text(client: Client, path: Path) -> tuple[str, tuple[Sentence, ...]]:
    raw = path.read_bytes()
    encoding = client.survey.encoding
    wide = (encoding or "").lower().startswith(("utf-16", "utf_16", "utf-32", "utf_32"))
    if b"\x00" in raw and not wide and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise SurveyError(f"{path.name} cannot be read as a .csv file: it holds bytes of no text. Export it again.")
    if encoding:
        return raw.decode("utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding), ()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16"), ()  # the first two bytes say so
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        guess = sentence("Letters are read as Windows-1252, as the file is not UTF-8; check accents in labels.")
        return raw.decode("cp1252"), (guess,)


def _headed(text: str, separator: str, source: str) -> HeadedFrame:
    titles, width = _shape(text, separator)
    cells = pd.read_csv(
        io.StringIO(text),
        sep=separator,
        header=None,
        names=list(range(width)) if titles else None,  # else the first row says how wide the table is
        dtype=object,  # 007 stays 007: what is a number is decided column by column
        keep_default_na=False,
    )
    if len(cells) > 1 and _is_cut(text, separator, cells.shape[1]):
        raise SurveyError(f"{source} ends in the middle of a row; expected a whole file. Export it again.")
    cells.index = _line_numbers(text, len(cells))
    return headed_frame(cells, source)


def _line_numbers(text: str, rows: int) -> pd.Index:
    """Number of each row's line; rows are only counted where quoted texts run over several lines."""
    filled = [number for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    return pd.Index(filled if len(filled) == rows else range(1, rows + 1))


def _is_cut(text: str, separator: str, width: int) -> bool:
    """Does the text end without a line break in a row that is too short?"""
    last = text[text.rfind("\n") + 1 :]
    return bool(last.strip()) and '"' not in last and last.count(separator) + 1 < width


def _check_columns(client: Client, frame: pd.DataFrame, separator: str) -> None:
    header = str(frame.columns[0])
    other = next((sign for sign in SEPARATORS if sign in header and sign != separator), None)
    if frame.shape[1] == 1 and other:
        asked = SEPARATORS.get(separator, separator)
        text = f'is "{asked}", which gives one column only. Set separator = "{SEPARATORS[other]}".'
        raise client.error(Problem(("survey", "separator"), text))


def found_separator(text: str) -> str:
    """The comma, unless one other sign alone gives each of the first rows the same number of columns."""
    if _divides(text, ","):
        return ","
    others = [sign for sign in SEPARATORS if sign != "," and _divides(text, sign)]
    return others[0] if len(others) == 1 else ","


def _divides(text: str, sign: str) -> bool:
    """Does this sign give all rows as many columns, but for titles above the table?"""
    rows = _first_rows(text, sign)
    titles = _titles(rows)
    if any(other in cell for row in rows[:titles] for cell in row for other in SEPARATORS if other != sign):
        titles = 0  # a header, of which the other sign parts the names
    return len({len(row) for row in rows[titles:]}) == 1 and len(rows[-1]) > 1


def _shape(text: str, sign: str) -> tuple[bool, int]:
    """Whether rows of titles stand above the table, narrower than it, and how many columns that has."""
    rows = _first_rows(text, sign)
    return _titles(rows) > 0, max(map(len, rows), default=1)


def _titles(rows: list[list[str]]) -> int:
    """How many of the first rows are narrower than all others, which are one table?"""
    widths = [len(row) for row in rows]
    titles = 0
    while titles < len(widths) - _TABLE and widths[titles] < max(widths):
        titles += 1
    return titles if len(set(widths[titles:])) == 1 else 0


def _first_rows(text: str, sign: str) -> list[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    return list(islice((row for row in rows if row), _SAMPLE))
