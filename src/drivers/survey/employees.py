"""The employees' survey and the teams' results that a client file names, read and checked."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers.client import Client, Employees, Problem
from drivers.client.lines import Key
from drivers.client.problems import nearest_name
from drivers.client.source import SurveyFile
from drivers.errors import SurveyError
from drivers.survey.codes import EMPTY, CodeReader, code_text
from drivers.survey.sources import load_table
from drivers.survey.staff import Staff
from drivers.survey.survey import Survey
from drivers.survey.table import SurveyTable


def load_staff(client: Client) -> Staff | None:
    """What did employees answer, and what did their teams achieve? None where the client file has no [employees].

    Raises
    ------
    ConfigError
        When a file or a column does not exist.
    SurveyError
        When a file cannot be read, or holds what cannot be: a layer that is not declared, an answer off the scale, a
        team twice, a share above 1.
    """
    stated = client.employees
    if stated is None:
        return None
    table = _table(client, stated.file, ("employees", "file"))
    results = _table(client, stated.teams.file, ("employees", "teams", "file")) if stated.teams else None
    _check_columns(client, table, _employee_columns(stated))
    if results is not None and stated.teams is not None:
        named = {"team": stated.teams.team, **stated.teams.columns}
        _check_columns(client, results, {("employees", "teams", key): column for key, column in named.items()})
    return staff_of(stated, table, results)


def surveyed_staff(survey: Survey) -> Staff:
    """Which employees were surveyed beside these customers?

    Raises
    ------
    SurveyError
        When the client file has no [employees].
    """
    if survey.staff is None:
        raise SurveyError(
            "No survey of employees belongs to this one. Add a table [employees] to the client file, as in "
            "data/sample/maasland-verzekeringen/client.toml."
        )
    return survey.staff


def staff_of(stated: Employees, table: SurveyTable, results: SurveyTable | None = None) -> Staff:
    """The staff in these tables, read already; every column that is used is there.

    Raises
    ------
    SurveyError
        As `load_staff` does.
    """
    layer = _layers(stated, table)
    placed = layer >= 0
    rows, layer = table.rows(placed), layer[placed]
    reader = CodeReader(rows, stated.missing, rows.decimal or ".")
    columns = (stated.satisfaction, *stated.items)
    answers = pd.DataFrame({column: _ratings(reader, column, stated.scale) for column in columns}, dtype=float)
    team, names = _teams(stated, rows)
    labels = {stated.satisfaction: stated.label or stated.satisfaction}
    labels |= {column: item.label for column, item in stated.items.items()}
    asked = {column: item.customers for column, item in stated.items.items() if item.customers is not None}
    down, up = stated.information_down, stated.information_up
    return Staff(
        answers=answers,
        satisfaction=stated.satisfaction,
        labels=MappingProxyType(labels),
        scale=stated.scale,
        layers=tuple(stated.layers.values()),
        layer=layer,
        team=team,
        customers=MappingProxyType(asked),
        batteries=MappingProxyType(dict(stated.batteries)),
        information=(down, up) if down is not None and up is not None else None,
        results=_results(stated, results, names),
        minimum_base=stated.minimum_base,
        unplaced=int((~placed).sum()),
        source=table.source,
    )


def _table(client: Client, file: str, key: Key) -> SurveyTable:
    path = client.path.parent / Path(file)
    if not path.is_file():
        raise client.error(Problem(key, f'"{file}" does not exist; expected a table beside the client file. Check it.'))
    reading = client.model_copy(update={"survey": SurveyFile.model_validate({"file": str(path.absolute())})})
    return load_table(reading)


def _employee_columns(stated: Employees) -> dict[Key, str]:
    named: dict[Key, str] = {("employees", "layer"): stated.layer, ("employees", "satisfaction"): stated.satisfaction}
    if stated.team is not None:
        named["employees", "team"] = stated.team
    return {**named, **{("employees", "items", item): item for item in stated.items}}


def _check_columns(client: Client, table: SurveyTable, named: dict[Key, str]) -> None:
    there = [str(column) for column in table.frame.columns]
    problems = [
        Problem(key, f'{table.source} has no column "{column}". {nearest_name(column, there)}')
        for key, column in named.items()
        if column not in there
    ]
    if problems:
        raise client.error(*problems)


def _layers(stated: Employees, table: SurveyTable) -> np.ndarray:
    """Place of each row's layer (n,); -1 where the cell is empty."""
    texts = _texts(stated, table, stated.layer)
    places = {name: place for place, name in enumerate(stated.layers)}
    strange = sorted({text for text in texts if text is not None and text not in places})
    if strange:
        raise SurveyError(
            f'{table.source}, column {stated.layer}: "{strange[0]}" is no layer of [employees.layers]. '
            f"{nearest_name(strange[0], places)} Add it there, or correct the file."
        )
    return np.array([-1 if text is None else places[text] for text in texts], dtype=np.int64)


def _texts(stated: Employees, table: SurveyTable, column: str) -> list[str | None]:
    """The cells of a column that names something, None where empty."""
    gone = {code_text(code) for code in stated.missing}
    cells = ["" if pd.isna(cell) else code_text(cell) for cell in table.frame[column]]
    return [None if cell.casefold() in EMPTY or cell in gone else cell for cell in cells]


def _ratings(reader: CodeReader, column: str, scale: tuple[float, float]) -> np.ndarray:
    numbers = _numbers(reader, column)
    off = numbers[(numbers < scale[0]) | (numbers > scale[1])]
    if len(off):
        raise SurveyError(
            f"{reader.table.source}, column {column}: {off[0]:g} lies off the scale from {scale[0]:g} to {scale[1]:g}. "
            "Name it in employees.missing if it means no answer, or correct employees.scale."
        )
    return numbers


def _numbers(reader: CodeReader, column: str) -> np.ndarray:
    read = reader.numbers(column)
    if read.unreadable:
        shown = next(iter(read.unreadable))
        raise SurveyError(
            f'{reader.table.source}, column {column}: "{shown}" is no number. Correct it, or name it in '
            "employees.missing if it means no answer."
        )
    return read.numbers


def _teams(stated: Employees, rows: SurveyTable) -> tuple[np.ndarray, tuple[str, ...]]:
    """Team code of each row (n,), -1 without one, and the names of the teams by code."""
    if stated.team is None:
        return np.full(len(rows.frame), -1), ()
    texts = _texts(stated, rows, stated.team)
    names = tuple(sorted({text for text in texts if text is not None}))
    places = {name: place for place, name in enumerate(names)}
    return np.array([-1 if text is None else places[text] for text in texts], dtype=np.int64), names


def _results(stated: Employees, results: SurveyTable | None, names: tuple[str, ...]) -> pd.DataFrame:
    """What each of these teams achieved; teams of which no employee answered are left out."""
    if results is None or stated.teams is None:
        return pd.DataFrame(index=range(len(names)))
    reader = CodeReader(results, stated.missing, results.decimal or ".")
    numbers = {outcome: _outcomes(reader, outcome, column) for outcome, column in stated.teams.columns.items()}
    texts = _texts(stated, results, stated.teams.team)
    twice = sorted({text for text in texts if text is not None and texts.count(text) > 1})
    if twice:
        raise SurveyError(
            f'{results.source}, column {stated.teams.team}: team "{twice[0]}" stands there twice; expected one row a '
            "team. Merge its rows."
        )
    known = pd.DataFrame(numbers, index=pd.Index(texts, dtype=object))
    found = known[known.index.notna()].reindex(list(names)).reset_index(drop=True)
    if names and found.notna().to_numpy().sum() == 0:
        raise SurveyError(
            f"{results.source} holds no team of the employees' file, such as {names[0]}. Write the teams alike in both."
        )
    return found


def _outcomes(reader: CodeReader, outcome: str, column: str) -> np.ndarray:
    numbers = _numbers(reader, column)
    off = numbers[(numbers < 0) | (numbers > 1)]
    if outcome != "customers" and len(off):
        raise SurveyError(
            f"{reader.table.source}, column {column}: {off[0]:g} is no share; expected a number from 0 to 1, such as "
            "0.05 for 5%."
        )
    return numbers
