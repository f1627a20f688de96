"""Columns: whether the survey has those that the client file names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from drivers.client import Client, Problem
from drivers.client.problems import nearest_name
from drivers.client.roles import Role, column_roles
from drivers.survey.likeness import near_matches
from drivers.survey.renames import renamed_columns
from drivers.survey.table import SurveyTable
from drivers.survey.toml import toml_key, toml_text

_SHOWN = 5  # columns that an error text names


def check_columns(client: Client, table: SurveyTable) -> None:
    """Refuse a client file that names a column which the survey has not.

    Raises
    ------
    ConfigError
        With each such column, its key and line, and what to write where another column seems to be meant; those
        without one are one problem. Where none of them is there the first row may hold answers, and is not shown.
    """
    renamed = renamed_columns(client)
    roles = [role for role in column_roles(client) if role.column not in renamed]  # of those each wave is asked
    missing = [role for role in roles if role.column not in table.frame.columns]
    if not missing:
        return
    if len(missing) == len(roles) or len(missing) > max(3, len(roles) / 2):
        raise client.error(_wrong_file(missing, len(roles), table))
    raise client.error(*_missing_problems(client, table, missing))


def _missing_problems(client: Client, table: SurveyTable, missing: Sequence[Role]) -> Iterator[Problem]:
    other = _likely(client, table, missing)
    unlike = [role for role in missing if role.column not in other]
    for role in missing:
        has = f'{table.source} has no column "{role.column}".'
        if role.column in other:
            yield Problem(role.key, f"{has} {_advice(role, other[role.column])}")
        elif len(unlike) == 1:
            yield Problem(role.key, f"{has} {nearest_name(role.column, map(str, table.frame.columns))}")
    if len(unlike) > 1:
        names = ", ".join(f'"{role.column}"' for role in unlike)
        text = f"{table.source} has no columns {names}, and none under a name like these. Correct or remove them."
        yield Problem(("survey", "file"), text)


def _likely(client: Client, table: SurveyTable, missing: Sequence[Role]) -> Mapping[str, str]:
    """The column that each of these may be under another name, where there is one that nothing else uses."""
    used = {role.column for role in column_roles(client)}
    labels = {column: item.label or "" for column, item in client.drivers.items.items()}
    free = {str(c): table.variable_labels.get(str(c), "") for c in table.frame.columns if c not in used}
    found = near_matches({role.column: labels.get(role.column, "") for role in missing}, free)
    return {pair.before: pair.after for pair in found}


def _advice(role: Role, column: str) -> str:
    """What to write if that is the column."""
    if role.key[:2] in (("drivers", "items"), ("weighting", "margins")) or role.key[2:] == (role.column,):
        return f'Did you mean "{column}"? Then write {toml_key(column)} in the place of {toml_key(role.column)}.'
    if role.key == ("survey", "segments") or role.name == "satisfaction":
        return f'Did you mean "{column}"? Then write {toml_text(column)} there.'
    return f'Did you mean "{column}"? Then write {".".join(role.key)} = {toml_text(column)}.'


def _wrong_file(missing: Sequence[Role], columns: int, table: SurveyTable) -> Problem:
    names = [role.column for role in missing]
    named = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    if len(missing) == columns:
        text = f"{table.source} has none of the {columns} columns that this client file uses: {named}. "
        return Problem(("survey", "file"), f"{text}Is it the right file, and does its first row name the columns?")
    text = f"{table.source} lacks {len(missing)} of the {columns} columns that this client file uses: {named}. "
    has = ", ".join(list(table.frame.columns)[:_SHOWN])
    return Problem(("survey", "file"), f"{text}It has {len(table.frame.columns)}: {has}. Is it the right file?")
