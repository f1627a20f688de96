"""Refusals: columns that can never be drivers, whatever the client file hopes, unless it forces them."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from drivers.client import Client, Problem
from drivers.survey.codes import code_number
from drivers.survey.table import SurveyTable
from drivers.wording import Sentence, sentence

_FEWEST_ROWS = 30  # respondents among whom differing values tell an identifier
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-zà-ÿ]+|\d+")
_CHURN = r"(churn\w*|attrition|opzeg\w*|opgezegd|cancel\w*|vertrek\w*|vertrokken|departure|leav\w+|exit|beëindig\w*)"
_BETWEEN = r"( (of|for|to|the|your|you|did|have|has|was|is|van|voor|het|de|uw|u|je|bent|ben|heeft|heb|of))*"
_AFTERWARDS = r"(reasons?|score|categor\w*|date|reden\w*|datum|probability|risk|risico|kans|why|waarom)"
_STRICTLY = r"(churn\w*|attrition) (label|value|status|type|flag|segment|predict\w*)"
_POST_OUTCOME = re.compile(
    rf"\b({_CHURN}({_BETWEEN} )?{_AFTERWARDS}|{_AFTERWARDS}{_BETWEEN} {_CHURN}|{_STRICTLY})\b",
)
_IDENTIFIER = re.compile(
    r"\b(id|ids|uuid|guid|respnum|resp(ondent)? ?(id|nr|no|number|nummer)?|customer ?(id|number)|klant ?nummer|"
    r"e ?mail|phone|telefoon\w*|iban|account ?(id|number|no))\b"
)

AFTERWARDS = sentence(
    "Its name or label says that it is known only once customers have left, so it cannot explain why."
)
IDENTIFIER = sentence("Its values differ in every row, as those of an identifier do, so it explains nothing.")


def named_refusals(client: Client, table: SurveyTable) -> dict[str, Sentence]:
    """Which drivers and controls are known only after the outcome, or tell respondents apart? Reason by column."""
    found = {}
    for column, item in client.drivers.items.items():
        texts = [column, item.label or "", table.variable_labels.get(column, "")]
        words = [" ".join(_WORDS.findall(text)).casefold() for text in texts]
        if any(_POST_OUTCOME.search(text) for text in words):
            found[column] = AFTERWARDS
        elif _identifies(client, table, column, named=any(_IDENTIFIER.search(text) for text in words[:1])):
            found[column] = IDENTIFIER
    return found


def refused_items(client: Client, reasons: Mapping[str, Sentence]) -> tuple[Sentence, ...]:
    """Refuse these columns; what is told of those that the client file forces.

    Raises
    ------
    ConfigError
        With key, line and reason of every column that is not forced.
    """
    items = client.drivers.items
    refused: dict[str, list[str]] = {}
    for column, reason in reasons.items():
        if not items[column].force:
            refused.setdefault(str(reason), []).append(column)
    if refused:
        raise client.error(*(_problem(reason, columns) for reason, columns in refused.items()))
    return tuple(
        sentence("The client file forces {name} into the analysis. {reason}", name=column, reason=reason)
        for column, reason in reasons.items()
    )


def _problem(reason: str, columns: list[str]) -> Problem:
    """One problem for all columns that are refused for one reason."""
    if len(columns) == 1:
        return Problem(
            ("drivers", "items", columns[0]), f"{reason} Remove it, or set force = true to use it all the same."
        )
    names = ", ".join(f'"{column}"' for column in columns)
    text = f"{len(columns)} columns are refused, {names}. Of each: {reason} Remove them, or set force = true on each."
    return Problem(("drivers", "items"), text)


def _identifies(client: Client, table: SurveyTable, column: str, *, named: bool) -> bool:
    """Does every row hold a value of its own: text, or whole numbers on no scale?"""
    answers = table.frame[column].dropna()
    if len(answers) < _FEWEST_ROWS or answers.nunique() < len(answers):
        return False
    numbers = [code_number(code) for code in answers]
    if any(number is None for number in numbers):
        return sum(number is None for number in numbers) > len(numbers) / 2 and not _are_dates(answers)
    found = np.array(numbers, dtype=float)
    if (found != np.round(found)).any():
        return False
    item = client.drivers.items[column]
    scale = item.scale or (client.drivers.scale if item.role == "driver" else None)
    if scale and found.min() >= scale[0] and found.max() <= scale[1]:
        return False
    return item.role == "driver" or named or float(np.ptp(found)) == len(found) - 1


def _are_dates(answers: pd.Series) -> bool:
    return bool(pd.api.types.is_datetime64_any_dtype(answers))
