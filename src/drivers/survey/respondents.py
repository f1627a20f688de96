"""Respondents: how much each counts, who answered more than once, and how they were sampled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.client import Client
from drivers.core.raking import RakedWeights, raked_weights
from drivers.errors import EstimationError, SurveyError
from drivers.survey.codes import EMPTY, CodeReader, code_number, code_text
from drivers.survey.complaints import quotable, rows_text
from drivers.survey.margins import read_margins
from drivers.survey.readings import unreadable_rows
from drivers.survey.survey import check_weights
from drivers.survey.table import SurveyTable

_SHOWN = 5  # strata named in a message


@dataclass(frozen=True, slots=True, eq=False)
class Respondents:
    """How much each row counts, whose it is and how it was sampled.

    Attributes
    ----------
    weights
        Array (n,), ones unless `weighted`.
    clusters
        Array (n,), codes of the units sampled; None where every row is one of its own.
    strata
        Array (n,), codes of the strata; None for one.
    weighted, clustered
        Whether there are weights, and whether the units are those of ``survey.cluster`` rather than respondents.
    without_weight, anonymous
        Rows whose weight was empty, and rows that did not say whose they are.
    raking
        How the weights were raked; None where they were not.
    """

    weights: np.ndarray
    clusters: np.ndarray | None
    strata: np.ndarray | None
    weighted: bool
    clustered: bool
    without_weight: int
    anonymous: int
    raking: RakedWeights | None


def read_respondents(client: Client, reader: CodeReader) -> Respondents:
    """How much does each respondent count, who answered more than once, and how were they sampled?

    Raises
    ------
    SurveyError
        When a weight is missing, no number or negative, all are 0, margins cannot be met, a row does not say who
        answered or in which stratum, all rows are of one unit, or a stratum holds one unit only.
    """
    weights, without = _weights(client, reader)
    raking = _raking(client, reader, weights) if client.weighting.margins else None
    weights = weights if raking is None else raking.w
    units, anonymous = _units(client, reader.table)
    _check_several(client, reader.table, units[weights > 0])
    return Respondents(
        weights=weights,
        clusters=units if int(units.max(initial=-1)) + 1 < len(units) else None,
        strata=_strata(client, reader, units, weights > 0),
        weighted=client.survey.weight is not None or raking is not None,
        clustered=client.survey.cluster is not None,
        without_weight=without,
        anonymous=anonymous,
        raking=raking,
    )


def _weights(client: Client, reader: CodeReader) -> tuple[np.ndarray, int]:
    """Weights (n,), and how many rows have none and may stay without."""
    column = client.survey.weight
    if column is None:
        return np.ones(len(reader.table.frame)), 0
    read = reader.numbers(column, missing=False)
    if read.unreadable:
        where = rows_text(unreadable_rows(reader, column, read.unreadable))
        raise SurveyError(f"{reader.table.source}: {_no_weights(column, read.unreadable, where)}")
    empty = np.isnan(read.numbers)
    without = int(empty.sum()) if client.weighting.unweighted == "exclude" else 0
    weights = np.where(empty, 0.0, read.numbers) if without else read.numbers
    try:
        bad = reader.table.numbers[~np.isfinite(weights) | (weights < 0)]
        check_weights(weights, f'column "{column}" (survey.weight){rows_text(bad)}')
    except SurveyError as error:
        hint = ' Or set weighting.unweighted = "exclude" to let rows without a weight count for nothing.'
        raise SurveyError(f"{reader.table.source}: {error}{hint if empty.any() else ''}") from None
    return weights, without


def _no_weights(column: str, unreadable: Mapping[str, int], where: str) -> str:
    comma = any("," in text and code_number(text, ",") is not None for text in unreadable)
    hint = ' Set survey.decimal = "," if they have a decimal comma.' if comma else ""
    return (
        f'column "{column}" (survey.weight) has weights that are not numbers: {quotable(unreadable)}{where}; every '
        f"respondent needs a weight of 0 or more. Repair the weights, or leave the weight key out to count "
        f"everyone once.{hint}"
    )


def _raking(client: Client, reader: CodeReader, weights: np.ndarray) -> RakedWeights:
    margins = read_margins(client, reader, weights > 0)
    try:
        return raked_weights(weights, margins, client.weighting.trim)
    except EstimationError as error:
        raise SurveyError(f"{reader.table.source}: {error} (weighting.margins)") from None


def _units(client: Client, table: SurveyTable) -> tuple[np.ndarray, int]:
    """Code (n,) of the unit that each row belongs to, and how many rows do not say to which."""
    key, column = _unit_column(client)
    if column is None:
        return np.arange(len(table.frame)), 0
    which, found = pd.factorize(table.frame[column])
    nameless = _blank(found)[which]
    if not nameless.any():
        return which, 0
    if client.survey.anonymous == "single":
        which[nameless] = len(found) + np.arange(nameless.sum())
        return np.unique(which, return_inverse=True)[1], int(nameless.sum())
    raise SurveyError(
        f'{table.source}: {_rows_have(int(nameless.sum()))} no {key} in column "{column}"'
        f"{rows_text(table.numbers[nameless].tolist())}; expected one in each row. Fill the "
        f'column, set survey.anonymous = "single" to count each such row as one of its own, or remove survey.{key} '
        "to do so with every row."
    )


def _rows_have(count: int) -> str:
    return f"{count:,} row has" if count == 1 else f"{count:,} rows have"


def _unit_column(client: Client) -> tuple[str, str | None]:
    """Key of the client file that says which unit was sampled, and the column that it names."""
    key = "cluster" if client.survey.cluster else "respondent"
    return key, client.survey.cluster or client.survey.respondent


def _check_several(client: Client, table: SurveyTable, units: np.ndarray) -> None:
    key, column = _unit_column(client)
    if column is not None and len(units) > 1 and (units == units[0]).all():
        raise SurveyError(
            f'{table.source}: all {len(units)} rows that count are of one {key} according to column "{column}"; '
            f"expected at least two, as one shows no spread. Leave survey.{key} out, or name the right column there."
        )


def _strata(client: Client, reader: CodeReader, units: np.ndarray, counted: np.ndarray) -> np.ndarray | None:
    column, table = client.survey.strata, reader.table
    if column is None:
        return None
    where = f'{table.source}: column "{column}" (survey.strata)'
    which, found = pd.factorize(table.frame[column])
    if nameless := int(_blank(found)[which].sum()):
        raise SurveyError(f"{where} is empty in {nameless} rows; expected the stratum of each. Fill the column.")
    _check_nested(units, which, where)
    labels = {code_text(code): label.strip() for code, label in table.value_labels.get(column, {}).items()}
    names = [labels.get(code_text(code), code_text(code)) for code in found]
    _check_strata(units[counted], which[counted], names, where)
    return np.asarray(which)


def _check_nested(units: np.ndarray, strata: np.ndarray, where: str) -> None:
    spread = len(np.unique(np.column_stack([units, strata]), axis=0)) - len(np.unique(units))
    if spread:
        raise SurveyError(
            f"{where} splits sampled units over strata, {spread} times; expected each respondent (or cluster) in one "
            "stratum. Name the strata that were used in sampling, or the unit that was sampled in survey.cluster."
        )


def _check_strata(units: np.ndarray, strata: np.ndarray, names: list[str], where: str) -> None:
    sizes = np.bincount(np.unique(np.column_stack([units, strata]), axis=0)[:, 1], minlength=len(names))
    lonely = [f'"{name}"' for name, size in zip(names, sizes, strict=True) if size == 1]
    if lonely:
        more = f" and {len(lonely) - _SHOWN} more" if len(lonely) > _SHOWN else ""
        raise SurveyError(
            f"{where} has strata with one respondent (or cluster) only: {', '.join(lonely[:_SHOWN])}{more}; expected "
            "at least two, as one shows no spread. Merge each with a stratum like it."
        )


def _blank(found: pd.Index) -> np.ndarray:
    """Which of these codes say nothing; the last place is that of an empty cell."""
    return np.array([*(code_text(code).casefold() in EMPTY for code in found), True])
