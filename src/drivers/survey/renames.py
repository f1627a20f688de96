"""Renames: columns that have another name in some waves."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from drivers.client import Client, Problem
from drivers.client.problems import nearest_name
from drivers.errors import SurveyError
from drivers.survey.codes import EMPTY, code_text
from drivers.survey.table import SurveyTable
from drivers.survey.toml import toml_key, toml_text

_Meaning = TypeVar("_Meaning")
_NEAR = 0.75  # likeness of two names, from 0 to 1, from which one may be meant by the other


def renamed_columns(client: Client) -> Mapping[str, str]:
    """Which columns need not exist under their own name, as some wave has them under another? Other name by name."""
    return {name: column for names in client.survey.renamed.values() for name, column in names.items()}


def check_renames(client: Client, table: SurveyTable, waves: tuple[str, ...]) -> None:
    """Refuse renames of waves or to columns that do not exist.

    Raises
    ------
    ConfigError
        With each of them, and the nearest name there is.
    """
    known, problems = list(table.frame.columns), []
    for wave, names in client.survey.renamed.items():
        if wave not in waves:
            near = nearest_name(wave, waves)
            problems.append(Problem(("survey", "renamed", wave), f'the survey has no wave "{wave}". {near}'))
        problems += [
            Problem(
                ("survey", "renamed", wave, name),
                f'{table.source} has no column "{column}". {nearest_name(column, known)}',
            )
            for name, column in names.items()
            if column not in table.frame.columns
        ]
    if problems:
        raise client.error(*problems)


def renamed_table(client: Client, table: SurveyTable, wave: str | None) -> SurveyTable:
    """The rows of one wave under the names that the client file uses.

    Raises
    ------
    SurveyError
        When the wave has no answers under a name that it, or another wave, has in the client file's ``renamed``; or
        has them under both names.
    """
    if wave is None or not client.survey.renamed:
        return table
    here = client.survey.renamed.get(wave, {})
    where = f"{table.source}, wave {wave}"
    for name, column in here.items():
        if name in table.frame.columns and answered(table, name):
            raise SurveyError(
                f'{where}: both "{name}" and "{column}" have answers, though survey.renamed.{wave} says that the one '
                "is the other. Remove that line, or empty one of the two columns."
            )
        if not answered(table, column):
            raise SurveyError(f"{where} {_lacks(table, name, column)} Correct survey.renamed.{wave}.{name}.")
    for name in renamed_columns(client):
        if name not in here and not (name in table.frame.columns and answered(table, name)):
            raise SurveyError(
                f"{where} {_lacks(table, name, name)} Say what it is called there: "
                f"renamed.{toml_text(wave)}.{toml_key(name)} = "
                f"{toml_text(_near(table, name) or '…')} under [survey]."
            )
    return _renamed(table, here)


def answered(table: SurveyTable, column: str) -> bool:
    """Does any row hold something in this column?"""
    codes = table.frame[column].dropna().unique()
    return any(code_text(code).casefold() not in EMPTY for code in codes)


def _renamed(table: SurveyTable, names: Mapping[str, str]) -> SurveyTable:
    new = {column: name for name, column in names.items()}
    kept = table.frame.drop(columns=[name for name in names if name in table.frame.columns])

    def moved(meta: Mapping[str, _Meaning]) -> dict[str, _Meaning]:
        return {new.get(c, c): meaning for c, meaning in meta.items() if c not in names}

    return replace(
        table,
        frame=kept.rename(columns=new),
        variable_labels=moved(table.variable_labels),
        value_labels=moved(table.value_labels),
        declared_missing=moved(table.declared_missing),
        measures=moved(table.measures),
    )


def _near(table: SurveyTable, name: str) -> str | None:
    """The column with answers whose name is nearest to this one, if one is near."""
    others = [c for c in table.frame.columns if c != name and answered(table, c)]
    return next(iter(difflib.get_close_matches(name, others, n=1, cutoff=_NEAR)), None)


def _lacks(table: SurveyTable, name: str, column: str) -> str:
    near = _near(table, name)
    asked = f'"{column}"' if name == column else f'"{column}", which is to be "{name}"'
    return f"has no answers in column {asked}." + (f' Did you mean "{near}"?' if near and near != column else "")
