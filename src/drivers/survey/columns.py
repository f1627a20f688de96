"""Columns: whether the survey has those that the client file names."""

from __future__ import annotations

from drivers.client import Client, Problem
from drivers.client.problems import nearest_name
from drivers.client.roles import column_roles
from drivers.survey.table import SurveyTable


def check_columns(client: Client, table: SurveyTable) -> None:
    """Refuse a client file that names a column which the survey has not.

    Raises
    ------
    ConfigError
        With each such column, its key and line, and the nearest column there is.
    """
    known = list(table.frame.columns)
    missing = [role for role in column_roles(client) if role.column not in table.frame.columns]
    problems = [
        Problem(role.key, f'{table.source} has no column "{role.column}". {nearest_name(role.column, known)}')
        for role in missing
    ]
    if problems:
        raise client.error(*problems)
