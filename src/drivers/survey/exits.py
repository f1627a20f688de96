"""Exits: what each client organisation decided, as the survey file writes it."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import numpy as np

from drivers.client import Client
from drivers.client.choice import DECISIONS, Choice, choice_scales
from drivers.errors import SurveyError
from drivers.survey.choice import ChoicePlan
from drivers.survey.codes import CodeReader, code_text
from drivers.survey.complaints import quotable
from drivers.survey.named import named_places, torn_units
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence


def choice_plan(client: Client, reader: CodeReader, survey: Survey) -> ChoicePlan | None:
    """What did each organisation decide? None where the client file does not ask.

    A column that this wave did not ask is left out, and with its last column a scale.

    Raises
    ------
    SurveyError
        When the column holds a value that is none of the three decisions, or an organisation has two of them.
    """
    asked = client.choice
    if asked is None:
        return None
    decisions = _decisions(client, asked, reader)
    _check_one_decision(asked, reader, decisions, survey.clusters)
    there = {str(column) for column in survey.answers if survey.answers[column].notna().any()}
    asked_here = {n: tuple(c for c in cs if c in there) for n, cs in choice_scales(client).items()}
    unit = client.survey.cluster or client.survey.respondent
    frame = reader.table.frame
    names = [str(row) for row in reader.table.numbers] if unit is None else [code_text(c) for c in frame[unit]]
    return ChoicePlan(
        decisions,
        np.array(names, dtype=object),
        MappingProxyType({name: columns for name, columns in asked_here.items() if columns}),
        tuple(column for column in asked.controls if column in there),
        asked.minimum_respondents,
    )


def choice_notices(client: Client, plan: ChoicePlan | None) -> Iterator[Sentence]:
    """Which scales could not be kept?"""
    lost = [name for name in choice_scales(client) if plan is not None and name not in plan.scales]
    if lost:
        yield sentence("Not held against the decisions, because this wave did not ask them: {names:list}.", names=lost)


def _decisions(client: Client, asked: Choice, reader: CodeReader) -> np.ndarray:
    """Place (n,) of each row's decision among ``DECISIONS``; -1 for none."""
    places, unknown = named_places(reader, asked.column, asked.values, (*client.survey.missing, *asked.missing))
    if unknown:
        raise SurveyError(
            f'{reader.table.source}: column "{asked.column}" (choice.column) holds {quotable(unknown)}; expected '
            f"{', '.join(map(code_text, asked.values[:-1]))} or {code_text(asked.values[-1])}, or an empty cell. "
            f"Correct {', '.join(f'choice.{name}' for name in DECISIONS)}, or name codes of no decision in "
            "choice.missing."
        )
    return places


def _check_one_decision(asked: Choice, reader: CodeReader, decisions: np.ndarray, clusters: np.ndarray | None) -> None:
    if torn := torn_units(decisions, clusters):
        raise SurveyError(
            f"{reader.table.source}: {torn:,} organisations have more than one decision in column "
            f'"{asked.column}" (choice.column); expected one in all rows of an organisation, or an empty cell. '
            "Correct the survey, or name the right unit in survey.cluster."
        )
