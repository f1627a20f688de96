"""Columns: whether the survey has those that the client file names."""

from __future__ import annotations

from drivers.client import Client, Problem
from drivers.client.problems import nearest_name
from drivers.client.roles import column_roles
from drivers.survey.renames import renamed_columns
from drivers.survey.table import SurveyTable

_SHOWN = 5  # columns that an error text names


def check_columns(client: Client, table: SurveyTable) -> None:
    """Refuse a client file that names a column which the survey has not.

    Raises
    ------
    ConfigError
        With each such column, its key and line, and the nearest column there is.
    """
    known = list(table.frame.columns)
    renamed = renamed_columns(client)
    roles = [role for role in column_roles(client) if role.column not in renamed]  # of those each wave is asked
    missing = [role for role in roles if role.column not in table.frame.columns]
    if len(missing) > max(3, len(roles) / 2):
        raise client.error(_wrong_file([role.column for role in missing], len(roles), table))
    problems = [
        Problem(role.key, f'{table.source} has no column "{role.column}". {nearest_name(role.column, known)}')
        for role in missing
    ]
    if problems:
        raise client.error(*problems)


def _wrong_file(missing: list[str], columns: int, table: SurveyTable) -> Problem:
    named = ", ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
    text = f"{table.source} lacks {len(missing)} of the {columns} columns that this client file uses: {named}. "
    has = ", ".join(list(table.frame.columns)[:_SHOWN])
    return Problem(("survey", "file"), f"{text}It has {len(table.frame.columns)}: {has}. Is it the right file?")
