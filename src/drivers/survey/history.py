"""The history of customers: the file of cohorts or of purchases that a client file names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from drivers.client import Client, Problem
from drivers.client.problems import nearest_name
from drivers.client.source import SurveyFile
from drivers.errors import SurveyError
from drivers.survey.codes import CodeReader
from drivers.survey.sources import load_table

COLUMNS = {
    "cohorts": ("renewal", "customers"),
    "purchases": ("repeats", "last", "observed", "amount"),
}
"""Columns that each kind of file must have; a file of cohorts may have `cohort` too."""


def load_history(client: Client) -> pd.DataFrame | None:
    """What did customers do so far? The table of ``value.history`` in numbers; None where the client file names none.

    Returns
    -------
    pd.DataFrame
        `renewal`, `customers` and, where there are several, `cohort`; for ``model = "purchases"`` `repeats`, `last`,
        `observed` and `amount`.

    Raises
    ------
    ConfigError
        When the file does not exist.
    SurveyError
        When it cannot be read, lacks a column, or holds something that is no number.
    """
    path = client.history_path
    if client.value is None or path is None:
        return None
    if not path.is_file():
        text = f'"{client.value.history}" does not exist; expected a table of cohorts or of purchases. Check the name.'
        raise client.error(Problem(("value", "history"), text))
    reading = client.model_copy(update={"survey": SurveyFile.model_validate({"file": str(path.absolute())})})
    table = load_table(reading)
    wanted = COLUMNS["purchases" if client.value.model == "purchases" else "cohorts"]
    _check_columns(path.name, wanted, list(table.frame.columns))
    reader = CodeReader(table, (), table.decimal or ".")
    numbers = pd.DataFrame({column: _numbers(path.name, column, reader) for column in wanted})
    if "amount" in wanted:
        numbers.loc[numbers["repeats"] == 0, "amount"] = 0.0  # without repeats there is no mean amount
    _check_known(path.name, numbers)
    named = wanted[0] == "renewal" and "cohort" in table.frame.columns
    return numbers.assign(cohort=table.frame["cohort"].astype(str).to_numpy()) if named else numbers


def _check_columns(file: str, wanted: tuple[str, ...], there: list[str]) -> None:
    for column in wanted:
        if column not in there:
            near = nearest_name(column, there)
            raise SurveyError(f"{file} has no column {column}; expected {', '.join(wanted)}. {near}")


def _numbers(file: str, column: str, reader: CodeReader) -> np.ndarray:
    read = reader.numbers(column)
    if read.unreadable:
        shown = next(iter(read.unreadable))
        raise SurveyError(f'{file}, column {column}: "{shown}" is no number. Correct it, or leave the row out.')
    return read.numbers


def _check_known(file: str, numbers: pd.DataFrame) -> None:
    empty = numbers.isna()
    if empty.to_numpy().any():
        column = str(empty.any().idxmax())
        raise SurveyError(
            f"{file}, column {column}: {int(empty[column].sum())} cells are empty; expected a number in each. Fill "
            "them in, or leave the rows out."
        )
