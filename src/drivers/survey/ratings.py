"""Ratings: the numbers of each column that the client file uses, on the scale they were asked on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from drivers.client import Client
from drivers.client.roles import Role, column_roles
from drivers.errors import SurveyError
from drivers.survey.codes import CodeReader
from drivers.survey.complaints import complaints_text
from drivers.survey.doubts import reading_complaints, scaled
from drivers.survey.labels import OUTCOME
from drivers.survey.readings import Rating, read_column
from drivers.survey.survey import Scale

_READ = (
    "satisfaction",
    "driver",
    "control",
    "stated importance",
    "path block",
    "choice item",
    "choice control",
    "contract column",
    "left",
    "stayed",
    "intention",
    "nps",
    "effort",
    "margin",
    "reached",
    "rate",
    "first time fix",
    "repeats",
    "talk time",
    "event",
    "time",
    "tenure",
    "spending",
)


def read_ratings(client: Client, reader: CodeReader, labels: Mapping[str, str]) -> dict[str, Rating]:
    """The numbers of every column with answers, by its name among the answers; satisfaction comes first.

    Raises
    ------
    SurveyError
        With every column that holds text which is no number, or answers outside its scale.
    """
    roles = [role for role in column_roles(client) if role.name in _READ and not _read_as_nps(client, role)]
    readings = [read_column(client, reader, role, labels.get(role.column, role.column)) for role in roles]
    tables = {"margin": client.value, "spending": client.loyalty}
    decided = [role for role, table in tables.items() if table and "missing" in table.model_fields_set]
    complaints = reading_complaints(readings, reader.table.numbers, amounts_decided=decided)
    if complaints:
        raise SurveyError(f"{reader.table.source}: {complaints_text(client, complaints)}")
    ratings = [scaled(reading) for reading in readings]
    satisfaction = [rating for rating in ratings if rating.role.name == "satisfaction"]
    first = satisfaction_index(satisfaction) if len(satisfaction) > 1 else satisfaction[0]
    return {rating.column: rating for rating in (first, *ratings[len(satisfaction) :])}


def _read_as_nps(client: Client, role: Role) -> bool:
    """Is this intention, or part of a path block, the question of the net promoter score too, and read as that?"""
    stated = role.name in ("intention", "path block")
    return stated and client.loyalty is not None and role.column == client.loyalty.nps


def turned_round(client: Client, ratings: Mapping[str, Rating]) -> dict[str, Rating]:
    """The same ratings, those that the client file calls reversed turned round on their scale.

    Raises
    ------
    SurveyError
        When the scale of such a column is not declared: the ends observed need not be those that were offered.
    """
    turned, without = dict(ratings), []
    for column, key in _reversed(client).items():
        rating = ratings[column]
        if np.isnan(rating.numbers).all():
            continue
        if rating.scale is None or rating.observed:
            without.append((column, key))
            continue
        turned[column] = replace(rating, numbers=rating.scale.low + rating.scale.high - rating.numbers)
    if without:
        raise SurveyError(_unturnable(without))
    return turned


def _reversed(client: Client) -> dict[str, str]:
    """The columns that the client file calls reversed, with the key of the scale that they are turned round on."""
    found = {c: f"drivers.items.{c}.scale, or drivers.scale" for c, i in client.drivers.items.items() if i.reversed}
    loyalty = client.loyalty
    if loyalty and loyalty.effort and loyalty.effort_reversed:
        found[loyalty.effort] = "loyalty.effort_scale"
    return found


def _unturnable(without: Sequence[tuple[str, str]]) -> str:
    if len(without) == 1:
        column, key = without[0]
        return f'column "{column}" is reversed but has no scale to turn it round on. Add {key}.'
    names = ", ".join(f'"{column}"' for column, _ in without)
    keys = dict.fromkeys("drivers.scale" if key.startswith("drivers") else key for _, key in without)
    return f"columns {names} are reversed but have no scale to turn them round on. Add {' and '.join(keys)}."


def satisfaction_index(ratings: Sequence[Rating]) -> Rating:
    """The mean of these ratings, for the respondents who answered all of them.

    Raises
    ------
    SurveyError
        When they were declared to be on different scales, so that their mean means nothing.
    """
    scales = {rating.scale for rating in ratings if rating.scale}
    observed = any(rating.observed for rating in ratings)
    if len(scales) > 1 and not observed:
        found = ", ".join(f"{r.column} {r.scale.low:g} to {r.scale.high:g}" for r in ratings if r.scale)
        raise SurveyError(
            f"The satisfaction columns are on different scales: {found}. Expected one scale, as their mean "
            "is taken. Use one of them, or rescale the answers."
        )
    scale = Scale(min(s.low for s in scales), max(s.high for s in scales), observed=observed) if scales else None
    numbers = np.mean([rating.numbers for rating in ratings], axis=0)  # NaN where one of them is
    return Rating(OUTCOME, Role(OUTCOME, "satisfaction", ratings[0].role.key), numbers, scale, parts=tuple(ratings))
