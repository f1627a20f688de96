"""Likeness: columns that may be those of the client file under another name."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from drivers.client import Client
from drivers.client.roles import column_roles
from drivers.survey.renames import answered
from drivers.survey.table import SurveyTable
from drivers.survey.waves import wave_tables

_NEAR = 0.75  # likeness of two names, from 0 to 1, that is worth a person's look


@dataclass(frozen=True, slots=True)
class NearMatch:
    """A column of the client file that `wave` lacks, and a column of the survey like it that nobody uses there."""

    wave: str | None
    name: str
    column: str
    likeness: float


def near_matches(client: Client, table: SurveyTable) -> tuple[NearMatch, ...]:
    """Which columns may be those of the client file under another name?

    Parameters
    ----------
    client
        The client file.
    table
        The whole survey.

    Returns
    -------
    tuple of NearMatch
        For each column that a wave lacks or leaves empty, the unused columns with answers there whose name or label
        is like it, likest first.
    """
    used = {role.column for role in column_roles(client)}
    found = []
    for wave, part in wave_tables(client, table).items():
        mapped = client.survey.renamed.get(wave or "", {})
        free = [c for c in part.frame.columns if c not in used | set(mapped.values()) and answered(part, c)]
        lacking = [n for n in used if n not in mapped and not (n in part.frame.columns and answered(part, n))]
        found += [
            NearMatch(wave, name, column, likeness)
            for name in sorted(lacking)
            for column in free
            if (likeness := _likeness(table, name, column)) >= _NEAR
        ]
    return tuple(sorted(found, key=lambda match: (str(match.wave), match.name, -match.likeness, match.column)))


def _likeness(table: SurveyTable, name: str, column: str) -> float:
    texts = [(name, column), (table.variable_labels.get(name, ""), table.variable_labels.get(column, ""))]
    scores = [difflib.SequenceMatcher(None, a.casefold(), b.casefold()).ratio() for a, b in texts if a and b]
    return max(scores, default=0.0)
