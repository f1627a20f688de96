"""Sources: survey files of five kinds, each read into one SurveyTable."""

from __future__ import annotations

import csv
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

from drivers.client import Client, Problem
from drivers.errors import SurveyError
from drivers.survey.delimited import csv_table
from drivers.survey.files import check_file
from drivers.survey.header import named_frame
from drivers.survey.table import SurveyTable
from drivers.survey.workbook import xlsx_table
from drivers.wording import Sentence, sentence

_UNREADABLE = (  # what the readers raise on a broken file
    pd.errors.ParserError,
    pd.errors.EmptyDataError,
    pa.ArrowException,
    pyreadstat.PyreadstatError,
    pyreadstat.ReadstatError,
    zipfile.BadZipFile,
    SyntaxError,  # what either library of XML calls a text that is none
    KeyError,  # a zip file without the parts of a workbook
    ValueError,
    csv.Error,
    struct.error,
    zlib.error,
    EOFError,
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
    try:
        check_file(client)
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


def _parquet_table(_client: Client, path: Path) -> SurveyTable:
    with pq.ParquetFile(path) as file:
        arrow = file.read()
    named = arrow.rename_columns([str(place) for place in range(arrow.num_columns)])  # names may stand twice
    frame = named.to_pandas(ignore_metadata=True)  # else a column saved as index would be out of sight
    for place, field in enumerate(arrow.schema):
        if pa.types.is_nested(field.type):
            frame[str(place)] = frame[str(place)].map(str)  # a list in a cell is no code
    frame, twice = named_frame(frame, arrow.schema.names, path.name)
    return SurveyTable(frame, path.name, twice=twice)


def _sav_table(client: Client, path: Path) -> SurveyTable:
    frame, meta = pyreadstat.read_sav(str(path), user_missing=True, encoding=client.survey.encoding)
    ranges: Any = meta.missing_ranges
    declared = {column: tuple((r["lo"], r["hi"]) for r in found) for column, found in ranges.items() if found}
    return _labelled_table(frame, meta, path.name, declared, _weight_notices(client, path))


def _dta_table(client: Client, path: Path) -> SurveyTable:
    frame, meta = pyreadstat.read_dta(str(path), user_missing=True, encoding=client.survey.encoding)
    declared = {column: tuple((c, c) for c in codes) for column, codes in meta.missing_user_values.items() if codes}
    return _labelled_table(frame, meta, path.name, declared)


def _labelled_table(
    frame: pd.DataFrame,
    meta: Any,  # noqa: ANN401 - pyreadstat has no types
    source: str,
    declared: dict[str, Any],
    notices: tuple[Sentence, ...] = (),
) -> SurveyTable:
    frame, twice = named_frame(frame, meta.column_names, source)
    return SurveyTable(
        frame,
        source,
        variable_labels={column: label for column, label in meta.column_names_to_labels.items() if label},
        value_labels=meta.variable_value_labels,
        declared_missing=declared,
        measures={column: m for column, m in meta.variable_measure.items() if m and m != "unknown"},
        twice=twice,
        notices=notices,
    )


def _weight_notices(client: Client, path: Path) -> tuple[Sentence, ...]:
    """SPSS keeps in a file that its cases are weighted; a weight that the client file leaves out must be said."""
    with path.open("rb") as file:
        header = file.read(80)
    order: Literal["little", "big"] = "little" if int.from_bytes(header[64:68], "little") in (2, 3) else "big"
    if client.survey.weight or not int.from_bytes(header[76:80], order):
        return ()
    return (sentence("The SPSS file says that its cases are weighted, but the client file names no weight."),)


_READERS: dict[str, Callable[[Client, Path], SurveyTable]] = {
    ".csv": csv_table,
    ".xlsx": xlsx_table,
    ".parquet": _parquet_table,
    ".sav": _sav_table,
    ".zsav": _sav_table,
    ".dta": _dta_table,
}
