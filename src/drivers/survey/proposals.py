"""Proposals: columns of one wave that seem to stand under another name in the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from drivers.client import Client
from drivers.client.roles import column_roles
from drivers.errors import SurveyError
from drivers.survey.codes import EMPTY, code_text
from drivers.survey.labels import column_labels
from drivers.survey.likeness import Rename, near_matches
from drivers.survey.renames import renamed_table
from drivers.survey.table import SurveyTable
from drivers.survey.toml import toml_key, toml_text
from drivers.survey.waves import wave_names, wave_tables


@dataclass(frozen=True, slots=True)
class WaveRename:
    """A rename between two waves that follow each other; `setting` is what the client file must say if it is one."""

    rename: Rename
    wave_before: str
    wave_after: str
    setting: str


def wave_renames(client: Client, table: SurveyTable) -> tuple[WaveRename, ...]:
    """Which column that the client file uses may go under another name in the next or the last wave?

    A column counts as part of a wave where anybody answered it there.
    """
    waves = wave_names(client, table)
    labels = column_labels(client, table)
    tables = wave_tables(client, table)
    asked = {wave: _asked(_renamed(client, tables[wave], wave), labels) for wave in waves}
    used = {role.column for role in column_roles(client)}
    found = []
    for one, other in pairwise(waves):
        pairs = [*_using(asked[one], asked[other], used), *_using(asked[other], asked[one], used)]
        ordered = [p if p.before in asked[one] else Rename(p.after, p.before, p.likeness) for p in pairs]
        found += [WaveRename(pair, one, other, _setting(pair, one, other, used)) for pair in dict.fromkeys(ordered)]
    return tuple(found)


def _renamed(client: Client, table: SurveyTable, wave: str) -> SurveyTable:
    """The rows of a wave under the client file's names; under their own where it lacks one, which is told elsewhere."""
    try:
        return renamed_table(client, table, wave)
    except SurveyError:
        return table


def _setting(pair: Rename, before: str, after: str, used: set[str]) -> str:
    """The line of the client file, below [survey], that makes one column of two."""
    wave, name, column = (after, pair.before, pair.after) if pair.before in used else (before, pair.after, pair.before)
    return f"renamed.{toml_text(wave)}.{toml_key(name)} = {toml_text(column)}"


def _using(before: Mapping[str, str], after: Mapping[str, str], used: Iterable[str]) -> Iterator[Rename]:
    """Renames of columns that are used; they must be gone, and the new column may be any."""
    gone = {name: before[name] for name in used if name in before and name not in after}
    yield from near_matches(gone, {name: label for name, label in after.items() if name not in before})


def _asked(table: SurveyTable, labels: Mapping[str, str]) -> dict[str, str]:
    columns = [column for column in table.frame.columns if _answered(table, column)]
    return {column: labels.get(column, "") for column in columns}


def _answered(table: SurveyTable, column: str) -> bool:
    codes = table.frame[column].dropna().unique()
    return any(code_text(code).casefold() not in EMPTY for code in codes)
