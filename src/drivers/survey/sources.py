"""Sources: survey files of five kinds, each read into one SurveyTable."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

from drivers.client import Client, Problem
from drivers.client.problems import nearest_name
from drivers.client.sections import FORMATS
from drivers.errors import ConfigError, SurveyError
from drivers.survey.table import SurveyTable, headed_frame, named_frame

_UNREADABLE = (
    pd.errors.ParserError,
    pd.errors.EmptyDataError,
    pa.ArrowException,
    pyreadstat.PyreadstatError,
    pyreadstat.ReadstatError,
    zipfile.BadZipFile,
    ParseError,
    KeyError,  # a zip file without the parts of a workbook
    ValueError,
)


def load_table(client: Client) -> SurveyTable:
    """What does the survey file of this client hold?

    Raises
    ------
    ConfigError
        When the file or the sheet does not exist.
    SurveyError
        When the file cannot be read as what its ending says, is empty, or names a column twice.
    """
    path = client.survey_path
    if not path.is_file():
        raise _no_file(client, path)
    try:
        return _READERS[path.suffix.lower()](client, path)
    except UnicodeError as error:
        raise SurveyError(
            f"{path.name} holds letters that are not {client.survey.encoding or 'UTF-8'}; expected one encoding "
            'throughout. Set survey.encoding, for instance encoding = "cp1252".'
        ) from error
    except OSError as error:
        text = f'"{client.survey.file}" cannot be read: {error.strerror or error}. Check the file and your rights.'
        raise client.error(Problem(("survey", "file"), text)) from error
    except _UNREADABLE as error:
        raise SurveyError(
            f"{path.name} cannot be read as a {path.suffix} file: {str(error).strip()}. Expected a whole file of "
            "the kind its ending says. Export it again."
        ) from error


def _no_file(client: Client, path: Path) -> ConfigError:
    folder = path.parent
    if not folder.is_dir():
        text = f'"{client.survey.file}" lies in a folder that does not exist. Correct the path.'
    elif path.is_dir():
        text = f'"{client.survey.file}" is a folder; expected a survey file. Name the file in it.'
    else:
        near = nearest_name(path.name, sorted(f.name for f in folder.iterdir() if f.suffix.lower() in FORMATS))
        text = f'"{client.survey.file}" does not exist; expected a survey file, relative to the client file. {near}'
    return client.error(Problem(("survey", "file"), text))


def _csv_table(client: Client, path: Path) -> SurveyTable:
    survey = client.survey
    cells = pd.read_csv(
        path,
        sep=survey.separator,
        encoding=survey.encoding or "utf-8-sig",
        header=None,
        dtype=str,  # 007 stays 007: what is a number is decided column by column
        keep_default_na=False,
    )
    frame = headed_frame(cells, path.name)
    header = str(frame.columns[0])
    other = next((sign for sign in (";", "\t", ",", "|") if sign in header), None)
    if frame.shape[1] == 1 and other:
        sign = "\\t" if other == "\t" else other
        text = f'is "{survey.separator}", which gives one column only. Set separator = "{sign}".'
        raise client.error(Problem(("survey", "separator"), text))
    return SurveyTable(frame, path.name)


def _xlsx_table(client: Client, path: Path) -> SurveyTable:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl speaks of styles and menus, which we do not read
        with pd.ExcelFile(path, engine="openpyxl") as book:
            sheet = client.survey.sheet or book.sheet_names[0]
            if sheet not in book.sheet_names:
                near = nearest_name(str(sheet), map(str, book.sheet_names))
                raise client.error(Problem(("survey", "sheet"), f'{path.name} has no sheet "{sheet}". {near}'))
            cells = pd.read_excel(book, sheet_name=sheet, header=None, dtype=object, keep_default_na=False)
    return SurveyTable(headed_frame(cells, path.name), path.name)


def _parquet_table(_client: Client, path: Path) -> SurveyTable:
    with pq.ParquetFile(path) as file:
        names = file.schema_arrow.names
        named_frame(pd.DataFrame([names]), names, path.name)  # refuses a name that stands twice, before it is read
        frame = file.read().to_pandas(ignore_metadata=True)  # else a column saved as index would be out of sight
    return SurveyTable(named_frame(frame, names, path.name), path.name)


def _sav_table(client: Client, path: Path) -> SurveyTable:
    frame, meta = pyreadstat.read_sav(str(path), user_missing=True, encoding=client.survey.encoding)
    ranges: Any = meta.missing_ranges
    declared = {column: tuple((r["lo"], r["hi"]) for r in found) for column, found in ranges.items() if found}
    return _labelled_table(frame, meta, path.name, declared)


def _dta_table(client: Client, path: Path) -> SurveyTable:
    frame, meta = pyreadstat.read_dta(str(path), user_missing=True, encoding=client.survey.encoding)
    declared = {column: tuple((c, c) for c in codes) for column, codes in meta.missing_user_values.items() if codes}
    return _labelled_table(frame, meta, path.name, declared)


def _labelled_table(frame: pd.DataFrame, meta: Any, source: str, declared: dict[str, Any]) -> SurveyTable:  # noqa: ANN401
    return SurveyTable(
        named_frame(frame, meta.column_names, source),
        source,
        variable_labels={column: label for column, label in meta.column_names_to_labels.items() if label},
        value_labels=meta.variable_value_labels,
        declared_missing=declared,
    )


_READERS: dict[str, Callable[[Client, Path], SurveyTable]] = {
    ".csv": _csv_table,
    ".xlsx": _xlsx_table,
    ".parquet": _parquet_table,
    ".sav": _sav_table,
    ".zsav": _sav_table,
    ".dta": _dta_table,
}
