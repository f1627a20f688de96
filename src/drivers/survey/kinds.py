"""Kinds: which contract each organisation has, as the survey file writes it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from drivers.client import Client
from drivers.client.contracts import Contracts
from drivers.errors import SurveyError
from drivers.survey.codes import CodeReader
from drivers.survey.complaints import quotable
from drivers.survey.contracts import PERCENT, ContractPlan
from drivers.survey.named import named_places, torn_units
from drivers.survey.segments import Segmentation
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence


def contract_plan(client: Client, reader: CodeReader, survey: Survey) -> ContractPlan | None:
    """Which kind of contract does each respondent's organisation have? None where the client file does not ask.

    A column of adjust or operations that this wave did not ask is left out.

    Raises
    ------
    SurveyError
        When the column holds a value that is no kind, an organisation has two kinds, or a share is no share.
    """
    asked = client.contracts
    if asked is None:
        return None
    codes = _kinds(asked, client, reader)
    _check_one_kind(asked, reader, codes, survey.clusters)
    there = {str(column) for column in survey.answers if survey.answers[column].notna().any()}
    operations = tuple(column for column in asked.operations if column in there)
    for column in operations:
        _check_share(reader, column, survey.answers[column].to_numpy())
    label = reader.table.variable_labels.get(asked.column) or asked.column
    kinds = Segmentation(label, tuple(asked.kinds.values()), codes)
    adjust = tuple(column for column in asked.adjust if column in there)
    return ContractPlan(kinds, adjust, operations, asked.equivalence_margin)


def contract_notices(client: Client, plan: ContractPlan | None) -> Iterator[Sentence]:
    """Which columns could not be compared on?"""
    asked = client.contracts
    if asked is None or plan is None:
        return
    lost = [c for c in (*asked.adjust, *asked.operations) if c not in (*plan.adjust, *plan.operations)]
    if lost:
        names = [asked.column_labels.get(column, column) for column in lost]
        yield sentence("Contracts are compared without {names:list}, because this wave does not have it.", names=names)


def _kinds(asked: Contracts, client: Client, reader: CodeReader) -> np.ndarray:
    """Place (n,) of each row's kind; -1 for none."""
    missing = (*client.survey.missing, *asked.missing)
    places, unknown = named_places(reader, asked.column, tuple(asked.kinds), missing)
    if unknown:
        raise SurveyError(
            f'{reader.table.source}: column "{asked.column}" (contracts.column) holds {quotable(unknown)}; expected '
            f"{', '.join(asked.kinds)}, or an empty cell. Add a line to contracts.kinds, or name codes of no contract "
            "in contracts.missing."
        )
    return places


def _check_one_kind(asked: Contracts, reader: CodeReader, codes: np.ndarray, clusters: np.ndarray | None) -> None:
    if torn := torn_units(codes, clusters):
        raise SurveyError(
            f"{reader.table.source}: {torn:,} organisations have more than one kind of contract in column "
            f'"{asked.column}" (contracts.column); expected one in all rows of an organisation. Correct the survey, or '
            "name the right unit in survey.cluster."
        )


def _check_share(reader: CodeReader, column: str, values: np.ndarray) -> None:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if low < 0 or high > PERCENT:
        raise SurveyError(
            f'{reader.table.source}: column "{column}" (contracts.operations) runs from {low:g} to {high:g}; expected '
            "shares from 0 to 1, or percentages from 0 to 100. Correct the survey, or leave the column out."
        )
