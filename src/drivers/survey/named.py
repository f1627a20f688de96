"""Columns whose values a client file names, such as decisions and kinds of contract; one value an organisation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from drivers.survey.codes import EMPTY, CodeReader, code_text, missing_codes


def named_places(
    reader: CodeReader, column: str, names: Sequence[float | str], missing: Sequence[float | str]
) -> tuple[np.ndarray, dict[str, int]]:
    """Which of these names does each row hold, and which values are none of them?

    A value counts by its code or by its value label, whatever the case.

    Parameters
    ----------
    reader
        Of the survey's codes.
    column
        The column.
    names
        What the client file calls the values.
    missing
        Codes that mean no answer here.

    Returns
    -------
    places
        (n,), place among `names`; -1 for none.
    unknown
        Rows by value that is neither one of the names nor no answer.
    """
    which, found = pd.factorize(reader.table.frame[column])
    counts = np.bincount(which[which >= 0], minlength=len(found))
    labels = reader.table.value_labels.get(column, {})
    said = {code_text(code).casefold(): label.strip().casefold() for code, label in labels.items()}
    wanted = {code_text(name).casefold(): place for place, name in enumerate(names)}
    none = missing_codes(tuple(missing), reader.decimal)
    places, unknown = np.full(len(found) + 1, -1), {}
    for k, code in enumerate(found):
        text = code_text(code).casefold()
        place = wanted.get(text, wanted.get(said.get(text, "")))
        if place is not None:
            places[k] = place
        elif not (text in EMPTY or code_text(code) in none or reader.declares_missing(column, code)):
            unknown[code_text(code)] = int(counts[k])
    return np.asarray(places[which]), unknown


def torn_units(places: np.ndarray, clusters: np.ndarray | None) -> int:
    """How many units hold more than one of the names in their rows? 0 where rows are units of their own."""
    if clusters is None:
        return 0
    known = places >= 0
    pairs = np.unique(np.column_stack([clusters[known], places[known]]), axis=0)
    return int((np.unique(pairs[:, 0], return_counts=True)[1] > 1).sum())
