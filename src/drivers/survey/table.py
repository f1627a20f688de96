"""The survey table: a survey file as it is, codes and labels side by side, before anything is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from drivers.errors import SurveyError

Code = float | str


@dataclass(frozen=True, slots=True, eq=False)
class SurveyTable:
    """What a survey file holds.

    Attributes
    ----------
    frame
        Frame (n rows, every column of the file) of raw codes; text where the file has text, column names as text.
    source
        Name of the file, without folder.
    variable_labels
        Label of each column that has one.
    value_labels
        Label of each code, for each column that has such labels.
    declared_missing
        Ranges (lowest, highest) of codes that the file itself declares to be no answer, by column.
    """

    frame: pd.DataFrame
    source: str
    variable_labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[Code, str]] = field(default_factory=dict)
    declared_missing: Mapping[str, tuple[tuple[Code, Code], ...]] = field(default_factory=dict)

    def rows(self, chosen: np.ndarray) -> SurveyTable:
        """The same table with only these rows. `chosen` is boolean, (n,)."""
        return replace(self, frame=self.frame.loc[chosen].reset_index(drop=True))


def headed_frame(cells: pd.DataFrame, source: str) -> pd.DataFrame:
    """The frame under its first row of cells as the header; empty rows and columns are gone."""
    filled = cells.replace("", np.nan).dropna(how="all").dropna(axis=1, how="all")
    if filled.empty:
        raise SurveyError(f"{source} is empty; expected a row of column names and rows of answers. Export it again.")
    names = ["" if pd.isna(name) else str(name).strip() for name in filled.iloc[0]]
    if "" in names:
        raise SurveyError(
            f"{source}: column {names.index('') + 1} has answers but no name. Give it a name in the first row."
        )
    return named_frame(filled.iloc[1:], names, source)


def named_frame(frame: pd.DataFrame, names: Sequence[object], source: str) -> pd.DataFrame:
    """The frame under these column names, refused if a name stands twice or there are no rows."""
    columns = pd.Index([str(name) for name in names])
    twice = columns[columns.duplicated()]
    if len(twice):
        raise SurveyError(
            f'{source} has the column "{twice[0]}" twice; expected different names. Rename one of the two.'
        )
    if frame.empty:
        raise SurveyError(f"{source} has no rows; expected one for each respondent. Export it again.")
    return frame.set_axis(columns, axis=1).reset_index(drop=True)
