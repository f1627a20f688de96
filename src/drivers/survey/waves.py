"""Waves: which there are, and the rows of one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.client import Client, Problem
from drivers.client.problems import nearest_name
from drivers.errors import ConfigError, SurveyError
from drivers.survey.codes import EMPTY, CodeReader, code_text, natural_order
from drivers.survey.columns import check_columns
from drivers.survey.renames import check_renames, renamed_table
from drivers.survey.sources import load_table
from drivers.survey.survey import Exclusion
from drivers.survey.table import SurveyTable
from drivers.wording import sentence


@dataclass(frozen=True, slots=True, eq=False)
class Wave:
    """The rows of one wave; `name` is None where the survey has no waves."""

    table: SurveyTable
    name: str | None
    exclusions: tuple[Exclusion, ...] = ()


def survey_waves(client: Client) -> tuple[str, ...]:
    """Which waves does the survey have, oldest first? Empty where the client file names no wave column.

    Numbers are put in order of size (2 before 10), also inside names (Wave 2 before Wave 10); labelled codes are
    put in the order of the codes and named by their labels.

    Raises
    ------
    ConfigError
        When the file or a column does not exist.
    SurveyError
        When the file cannot be read.
    """
    table = load_table(client)
    check_columns(client, table)
    return wave_names(client, table)


def report_waves(client: Client, wave: str | None = None) -> tuple[str | None, ...]:
    """Which waves are to be reported on: the one asked for, else all; None for a survey without waves.

    Raises
    ------
    ConfigError
        When the survey has no such wave.
    """
    names = survey_waves(client)
    if wave is None:
        return names or (None,)
    if not names:
        raise _no_waves(client, wave)
    if wave not in names:
        raise _unknown(client, wave, names)
    return (wave,)


def wave_names(client: Client, table: SurveyTable) -> tuple[str, ...]:
    """Which waves does this table have, oldest first?"""
    if client.survey.wave is None:
        return ()
    names = _named_waves(client.survey.wave, table)
    keys = dict(zip(names, table.frame[client.survey.wave], strict=True))  # a code for each name
    keys.pop("", None)
    labelled = client.survey.wave in table.value_labels
    return tuple(sorted(keys, key=lambda name: (natural_order(keys[name]) if labelled else (), natural_order(name))))


def select_wave(client: Client, table: SurveyTable, wave: str | None) -> Wave:
    """The rows of this wave, or of the last where none is named.

    Raises
    ------
    ConfigError
        When the survey has no such wave, or no waves at all.
    SurveyError
        When no row says of which wave it is.
    """
    column = client.survey.wave
    if column is None:
        if wave is not None:
            raise _no_waves(client, wave)
        return Wave(table, None)
    names = wave_names(client, table)
    if not names:
        raise SurveyError(f'{table.source}: column "{column}" names no wave. Fill it, or remove survey.wave.')
    chosen = names[-1] if wave is None else str(wave)
    if chosen not in names:
        raise _unknown(client, chosen, names)
    named = np.array(_named_waves(column, table))
    nameless = int((named == "").sum())
    exclusions = (Exclusion(sentence("No wave named"), nameless),) if nameless else ()
    check_renames(client, table, names)
    return Wave(renamed_table(client, table.rows(named == chosen), chosen), chosen, exclusions)


def wave_tables(client: Client, table: SurveyTable) -> dict[str | None, SurveyTable]:
    """The rows of each wave by its name, as they stand in the survey; all rows under None where there are no waves."""
    if client.survey.wave is None:
        return {None: table}
    named = np.array(_named_waves(client.survey.wave, table))
    return {name: table.rows(named == name) for name in wave_names(client, table)}


def _no_waves(client: Client, wave: str) -> ConfigError:
    said = f'names no wave column, so there is no wave "{wave}". Name it as survey.wave, or ask for no wave.'
    return client.error(Problem(("survey",), said))


def _unknown(client: Client, wave: str, names: tuple[str, ...]) -> ConfigError:
    text = f'the survey has no wave "{wave}"; it has {", ".join(names)}. {nearest_name(wave, names)}'
    return client.error(Problem(("survey", "wave"), text))


def _named_waves(column: str, table: SurveyTable) -> list[str]:
    """Name of the wave of each row, empty where there is none."""
    reader = CodeReader(table)
    labels = {code_text(code): label.strip() for code, label in table.value_labels.get(column, {}).items()}
    which, found = pd.factorize(table.frame[column])
    names = []
    for code in found:
        text = code_text(code)
        absent = text.casefold() in EMPTY or reader.declares_missing(column, code)
        names.append("" if absent else labels.get(text, text))
    names.append("")  # of an empty cell, which has the place -1
    return [names[place] for place in which]
