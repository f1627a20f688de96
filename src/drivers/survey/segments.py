"""Segments: to which group of customers each respondent belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from drivers.errors import SurveyError
from drivers.survey.codes import EMPTY, CodeReader, code_text, natural_order
from drivers.survey.table import Code

if TYPE_CHECKING:
    from drivers.survey.survey import Survey


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """A division of the respondents into groups.

    Attributes
    ----------
    label
        Printed name of what divides them.
    groups
        Printed names of the groups, in the order of their codes.
    codes
        Array (n,), place in `groups`; -1 where the survey does not say.
    """

    label: str
    groups: tuple[str, ...]
    codes: np.ndarray

    def rows(self, chosen: np.ndarray) -> Segmentation:
        """The same of these respondents only. `chosen` is boolean, (n,)."""
        return replace(self, codes=self.codes[chosen])


def read_segments(columns: Iterable[str], reader: CodeReader, labels: Mapping[str, str]) -> Mapping[str, Segmentation]:
    """Into which groups do these columns divide the respondents?

    Any text is a group, "None" too; only empty cells and codes that the survey file itself declares missing are none.
    """
    table = reader.table
    return MappingProxyType(
        {
            column: _segmentation(
                table.frame[column], labels.get(column, column), table.value_labels.get(column, {}), reader
            )
            for column in columns
        }
    )


def segmented_survey(survey: Survey, frame: pd.DataFrame, columns: Sequence[str]) -> Survey:
    """The same survey with these columns of a data frame as its segments.

    Parameters
    ----------
    survey
        The survey; segments that it has already stay.
    frame
        One row a respondent, in the survey's order; cells may be text or numbers.
    columns
        Columns that divide the respondents.

    Raises
    ------
    SurveyError
        When a column is not in the frame, or the frame has another number of rows than the survey.
    """
    unknown = [column for column in columns if column not in frame.columns]
    if unknown:
        raise SurveyError(
            f"The data frame has no column {unknown[0]!r}. It has: {', '.join(map(str, frame.columns))}. Name one of "
            "these."
        )
    if len(frame) != survey.base:
        raise SurveyError(
            f"The data frame has {len(frame)} rows and the survey {survey.base} respondents; expected one row each. "
            "Take the segments from the frame that the survey was made of."
        )
    found = {column: _segmentation(frame[column], column, {}, None) for column in columns}
    return replace(survey, segments=MappingProxyType({**survey.segments, **found}))


def _segmentation(
    cells: pd.Series, label: str, value_labels: Mapping[Code, str], reader: CodeReader | None
) -> Segmentation:
    names = {code_text(code): text.strip() for code, text in value_labels.items()}
    which, found = pd.factorize(cells.to_numpy(dtype=object), use_na_sentinel=True)
    texts = [code_text(code) for code in found]
    absent = [
        text.casefold() in EMPTY or (reader is not None and reader.declares_missing(str(cells.name), code))
        for text, code in zip(texts, found, strict=True)
    ]
    order = sorted((k for k in range(len(found)) if not absent[k]), key=lambda k: natural_order(found[k]))
    groups = tuple(dict.fromkeys(names.get(texts[k], texts[k]) for k in order))
    place = [-1 if absent[k] else groups.index(names.get(texts[k], texts[k])) for k in range(len(found))]
    return Segmentation(label, groups, np.array([*place, -1], dtype=np.int64)[which])
