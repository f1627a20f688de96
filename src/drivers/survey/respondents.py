"""Respondents: how much each counts, and who answered more than once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.client import Client
from drivers.errors import SurveyError
from drivers.survey.codes import EMPTY, CodeReader, code_text
from drivers.survey.survey import check_weights
from drivers.survey.table import SurveyTable


@dataclass(frozen=True, slots=True, eq=False)
class Respondents:
    """How much each row counts and whose it is.

    `weights` (n,), ones unless `weighted`; `clusters` (n,) integer codes of the respondents, or None where every
    row is a respondent of its own.
    """

    weights: np.ndarray
    clusters: np.ndarray | None
    weighted: bool


def read_respondents(client: Client, reader: CodeReader) -> Respondents:
    """How much does each respondent count, and who answered more than once?

    Raises
    ------
    SurveyError
        When a weight is missing, no number or negative, all are 0, or a row does not say who answered.
    """
    return Respondents(
        weights=_weights(client, reader),
        clusters=_clusters(client, reader.table),
        weighted=client.survey.weight is not None,
    )


def _weights(client: Client, reader: CodeReader) -> np.ndarray:
    column = client.survey.weight
    if column is None:
        return np.ones(len(reader.table.frame))
    weights = reader.numbers(column, missing=False).numbers
    try:
        check_weights(weights, f'column "{column}" (survey.weight)')
    except SurveyError as error:
        raise SurveyError(f"{reader.table.source}: {error}") from None
    return weights


def _clusters(client: Client, table: SurveyTable) -> np.ndarray | None:
    column = client.survey.respondent
    if column is None:
        return None
    which, found = pd.factorize(table.frame[column])
    blank = np.array([code_text(code).casefold() in EMPTY for code in found] + [True])
    if nameless := int(blank[which].sum()):
        raise SurveyError(
            f'{table.source}: {nameless} rows have no respondent in column "{column}"; expected one in each row. '
            "Fill the column, or remove survey.respondent to count every row as a respondent of its own."
        )
    return which if len(found) < len(which) else None
