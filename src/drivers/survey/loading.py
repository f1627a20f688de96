"""Loading: the survey of one wave, as the client file says it must be read."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers.client import Client
from drivers.client.roles import Role
from drivers.errors import SurveyError
from drivers.survey.change import read_change
from drivers.survey.codes import CodeReader
from drivers.survey.columns import check_columns
from drivers.survey.derived import derived_refusals
from drivers.survey.employees import load_staff
from drivers.survey.exits import choice_notices, choice_plan
from drivers.survey.history import load_history
from drivers.survey.interviews import read_interviews, respondent_codes
from drivers.survey.kinds import contract_notices, contract_plan
from drivers.survey.labels import column_labels, distinct_labels
from drivers.survey.notices import data_notices, table_notices, turned_notices
from drivers.survey.paths import path_notices, path_plan
from drivers.survey.providers import check_provider_columns, in_own_keys, provider_client
from drivers.survey.ratings import read_ratings, turned_round
from drivers.survey.readings import Rating
from drivers.survey.refusals import named_refusals, refused_items
from drivers.survey.respondents import Respondents, read_respondents
from drivers.survey.segments import read_segments
from drivers.survey.selection import Selection, select_items
from drivers.survey.sources import load_table
from drivers.survey.sourcing import read_sourcing
from drivers.survey.survey import Exclusion, Survey
from drivers.survey.table import SurveyTable
from drivers.survey.waves import Wave, select_wave, wave_names
from drivers.wording import sentence


def load_survey(client: Client, wave: str | None = None) -> Survey:
    """Which survey does this client file describe?

    Parameters
    ----------
    client
        The checked client file.
    wave
        Name of the wave; default: the last, or the whole survey where the client file names no wave column.

    Returns
    -------
    Survey
        With every column that the client file uses. The mean of several satisfaction columns is ``satisfaction``,
        for respondents who answered all; leaving is ``left``, 1 for who left, also where the survey says who
        stayed; intention and margin keep their own names. Drivers that nobody was asked are in `not_asked`; those
        on which all give one answer are left out with a notice. Respondents without an answer on satisfaction
        stay, as they may serve other questions, and are counted in `exclusions`.

    Raises
    ------
    ConfigError
        When the file, a column or the wave does not exist, or a driver can be none: part of the outcome, derived,
        known only afterwards, an identifier.
    SurveyError
        When the file cannot be read, or its answers do not mean what the client file says.
    """
    table = load_table(client)
    survey = wave_survey(client, table, wave)
    return survey if client.change is None else replace(survey, earlier=_earlier(client, table, survey.wave))


def _earlier(client: Client, table: SurveyTable, wave: str | None) -> tuple[Survey, ...]:
    """The waves before this one, oldest first, without those whose answers cannot be read."""
    names = wave_names(client, table)
    found = []
    for name in names[: names.index(wave)] if wave in names else ():
        with suppress(SurveyError):  # the report of that wave tells it
            found.append(wave_survey(client, table, name))
    return tuple(found)


def wave_survey(client: Client, table: SurveyTable, wave: str | None = None) -> Survey:
    """Which survey does this table, read already, hold? As `load_survey`, for who reads several waves.

    Raises
    ------
    ConfigError, SurveyError
        As `load_survey` does.
    """
    check_columns(client, table)
    selected = select_wave(client, table, wave)
    forced = refused_items(client, named_refusals(client, selected.table))
    decimal = table.decimal or client.survey.decimal
    reader = CodeReader(selected.table, client.survey.missing, decimal)
    labels = column_labels(client, selected.table)
    ratings = turned_round(client, read_ratings(client, reader, labels))
    forced += refused_items(client, derived_refusals(client, ratings, labels))
    respondents = read_respondents(client, reader)
    _check_outcome(client, selected, ratings, respondents.weights)
    selection = select_items(client, ratings, respondents.weights, labels)
    survey = _survey(selected, _with_parts(ratings), respondents, selection, labels)
    plan = path_plan(client, survey.answers[survey.weights > 0])
    choice = choice_plan(client, reader, survey)
    contracts = contract_plan(client, reader, survey)
    turned = tuple(d for d in selection.drivers if client.drivers.items[d].reversed)
    return replace(
        survey,
        batteries=_batteries(client, selection),
        reversed=turned,
        notices=(
            *table_notices(client, selected.table),
            *forced,
            *data_notices(ratings, respondents, selection, labels),
            *turned_notices(turned, labels),
            *path_notices(plan, labels),
            *choice_notices(client, choice),
            *contract_notices(client, contracts),
        ),
        interviews=read_interviews(client, reader),
        respondents=respondent_codes(client, selected.table),
        missing_policy=client.survey.missing_policy,
        stated=_stated(client, survey),
        paths=plan,
        not_applicable=tuple(c for c, item in client.drivers.items.items() if item.not_applicable),
        period_months=client.loyalty.period_months if client.loyalty else 12.0,
        segments=read_segments(client.survey.segments, reader, labels),
        change=read_change(client, reader, labels, selected.name, wave_names(client, table)),
        providers=_provider_survey(client),
        outcome_parts=client.satisfaction.columns if len(client.satisfaction.columns) > 1 else (),
        before_satisfaction=client.drivers.before_satisfaction,
        history=load_history(client),
        sourcing=read_sourcing(client, reader),
        choice=choice,
        contracts=contracts,
        staff=load_staff(client),
    )


def _provider_survey(client: Client) -> Survey | None:
    reading = provider_client(client)
    if reading is None or client.providers is None:
        return None
    table = load_table(reading)
    check_provider_columns(client, client.providers, table)
    try:
        return wave_survey(reading, table)
    except SurveyError as error:
        raise SurveyError(in_own_keys(str(error))) from None


def _survey(
    selected: Wave,
    ratings: Mapping[str, Rating],
    respondents: Respondents,
    selection: Selection,
    labels: Mapping[str, str],
) -> Survey:
    outcome, *others = (r.column for r in ratings.values() if r.role.name not in ("driver", "control"))
    columns = [outcome, *selection.drivers, *selection.controls, *others]
    answers = pd.DataFrame({column: ratings[column].numbers for column in columns}, dtype=float)
    printed = distinct_labels({column: labels.get(column, column) for column in columns})
    scales = {column: scale for column in columns if (scale := ratings[column].scale)}
    return Survey(
        answers=answers,
        outcome=outcome,
        drivers=selection.drivers,
        controls=selection.controls,
        labels=MappingProxyType(printed),
        scales=MappingProxyType(scales),
        weights=respondents.weights,
        clusters=respondents.clusters,
        not_asked=tuple(labels.get(column, column) for column in selection.not_asked),
        exclusions=_exclusions(selected, answers[outcome]),
        wave=selected.name,
        source=selected.table.source,
        weighted=respondents.weighted,
        strata=respondents.strata,
        raking=respondents.raking,
    )


def _with_parts(ratings: Mapping[str, Rating]) -> Mapping[str, Rating]:
    """The ratings with the columns that satisfaction is the mean of, for its index and for path models."""
    outcome = next(iter(ratings.values()))
    parts = {part.column: replace(part, role=Role(part.column, "part", part.role.key)) for part in outcome.parts}
    return {**ratings, **parts}


def _stated(client: Client, survey: Survey) -> Mapping[str, str]:
    """The column with the stated importance of each driver of this wave of which it has answers."""
    asked = {d: c for d, c in client.drivers.stated.items() if d in survey.drivers}
    return MappingProxyType({d: c for d, c in asked.items() if survey.answers[c].notna().any()})


def _batteries(client: Client, selection: Selection) -> Mapping[str, tuple[str, ...]]:
    """The declared batteries as this wave asked them."""
    asked = {n: tuple(c for c in cs if c in selection.drivers) for n, cs in client.drivers.batteries.items()}
    return MappingProxyType({name: columns for name, columns in asked.items() if columns})


def _exclusions(selected: Wave, outcome: pd.Series) -> tuple[Exclusion, ...]:
    silent = int(outcome.isna().sum())
    return (*selected.exclusions, *([Exclusion(sentence("No answer on satisfaction"), silent)] if silent else []))


def _check_outcome(client: Client, selected: Wave, ratings: Mapping[str, Rating], weights: np.ndarray) -> None:
    outcome = next(iter(ratings.values())).numbers[weights > 0]
    answered = outcome[~np.isnan(outcome)]
    where = selected.table.source + (f", wave {selected.name}" if selected.name else "")
    if len(answered) < client.minimum_base:
        raise SurveyError(
            f"{where}: {len(answered)} respondents answered on satisfaction; expected at least "
            f"{client.minimum_base} (minimum_base). Merge waves or collect more answers."
        )
    if (answered == answered[0]).all():
        raise SurveyError(
            f"{where}: everyone gave satisfaction {answered[0]:g}, so there is nothing to explain. "
            "Check satisfaction.column and survey.missing."
        )
