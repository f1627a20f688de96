"""The survey table: a survey file as it is, codes and labels side by side, before anything is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from drivers.wording import Sentence

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
    measures
        Level of measurement that the file declares: nominal, ordinal or scale; by column.
    twice
        The columns that had one name in the file, by that name: the second ``q`` is ``q (2)`` here.
    decimal
        Decimal sign of numbers stored as text, where it was found in the file; None where it was not.
    notices
        What a reader must know about how the file was read.
    places
        Array (n,), number of each row in the file as a spreadsheet shows it; None where rows are simply counted.
    """

    frame: pd.DataFrame
    source: str
    variable_labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[Code, str]] = field(default_factory=dict)
    declared_missing: Mapping[str, tuple[tuple[Code, Code], ...]] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    twice: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decimal: str | None = None
    notices: tuple[Sentence, ...] = ()
    places: np.ndarray | None = None

    def rows(self, chosen: np.ndarray) -> SurveyTable:
        """The same table with only these rows. `chosen` is boolean, (n,)."""
        return replace(self, frame=self.frame.loc[chosen].reset_index(drop=True), places=self.numbers[chosen])

    @property
    def numbers(self) -> np.ndarray:
        """Number of each row, (n,): in the file where that is known, else among the answers."""
        return np.arange(1, len(self.frame) + 1) if self.places is None else self.places
