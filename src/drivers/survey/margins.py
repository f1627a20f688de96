"""Margins: the shares of the population that the client file states, met with the survey's own columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from drivers.client import Client
from drivers.core.raking import Margin
from drivers.errors import SurveyError
from drivers.survey.codes import EMPTY, CodeReader, code_text

_SHOWN = 5  # values named in a message


def read_margins(client: Client, reader: CodeReader, counted: np.ndarray) -> tuple[Margin, ...]:
    """Which shares of the population must the weights have, and who is in which category?

    Parameters
    ----------
    client
        The client file, with ``[weighting.margins]``.
    reader
        Of the survey's table.
    counted
        Boolean array (n,), rows with a weight.

    Raises
    ------
    SurveyError
        When the survey holds a value that has no share, or nobody with a value that has one.
    """
    stated = client.weighting.margins.items()
    return tuple(_margin(column, shares, reader, counted) for column, shares in stated)


def _margin(column: str, shares: Mapping[str, float], reader: CodeReader, counted: np.ndarray) -> Margin:
    codes, unknown = _codes(column, tuple(shares), reader)
    absent = [value for place, value in enumerate(shares) if not (codes[counted] == place).any()]
    where = f'{reader.table.source}: column "{column}" (weighting.margins)'
    if unknown:
        raise SurveyError(
            f"{where} holds {_named(unknown)}, which has no share of the population; expected {', '.join(shares)}. "
            "Give each value a share, or name it in survey.missing."
        )
    if absent:
        raise SurveyError(
            f"{where} has nobody with {_named(absent)}, so no weight gives it its share. Merge it with another value."
        )
    targets = np.array(list(shares.values()))
    return Margin(column, tuple(shares), codes, targets / targets.sum())


def _codes(column: str, values: tuple[str, ...], reader: CodeReader) -> tuple[np.ndarray, list[str]]:
    """Place among the values of each row's answer, by its code or its label; -1 where there is none."""
    labels = {code_text(c): label.strip() for c, label in reader.table.value_labels.get(column, {}).items()}
    places = {value.casefold(): place for place, value in enumerate(values)}
    which, found = pd.factorize(reader.table.frame[column])
    missing = {code_text(code) for code in reader.missing}
    codes, unknown = [], []
    for code in found:
        text = code_text(code)
        place = places.get(text.casefold(), places.get(labels.get(text, text).casefold(), -1))
        blank = text.casefold() in EMPTY or text in missing or reader.declares_missing(column, code)
        codes.append(place)
        unknown += [labels.get(text, text)] if place < 0 and not blank else []
    return np.array([*codes, -1])[which], unknown


def _named(values: list[str]) -> str:
    more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    return ", ".join(f'"{value}"' for value in values[:_SHOWN]) + more
