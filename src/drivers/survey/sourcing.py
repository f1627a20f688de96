"""Sourcing: which site and which contact centre handled each contact."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from drivers.client import Client, Problem
from drivers.client.sourcing import Sourcing
from drivers.survey.codes import EMPTY, CodeReader, code_text

_SHOWN = 5  # values that an error text lists


@dataclass(frozen=True, slots=True, eq=False)
class SourcingPlan:
    """Onshore and offshore, as the client file tells them apart.

    Attributes
    ----------
    offshore
        Array (n,): 1 offshore, 0 onshore, NaN where the survey names neither.
    centre
        Array (n,) of integer codes of the contact centres; -1 where the survey does not say.
    first_time_fix, repeats, talk_time
        Columns of the answers; None where the client file names none.
    mediators
        Columns of the answers through which the gap may run.
    mix
        Columns of the segments in which the customers of both sites may differ.
    """

    offshore: np.ndarray
    centre: np.ndarray
    first_time_fix: str | None = None
    repeats: str | None = None
    talk_time: str | None = None
    mediators: tuple[str, ...] = ()
    mix: tuple[str, ...] = ()

    def rows(self, chosen: np.ndarray) -> SourcingPlan:
        """The same of these respondents only. `chosen` is boolean, (n,)."""
        return replace(self, offshore=self.offshore[chosen], centre=self.centre[chosen])


def read_sourcing(client: Client, reader: CodeReader) -> SourcingPlan | None:
    """Which site and centre handled each contact? None where the client file has no table [sourcing].

    Raises
    ------
    ConfigError
        When no contact has the value that the client file gives for onshore, or that for offshore.
    """
    asked = client.sourcing
    if asked is None:
        return None
    names, codes = _texts(reader, asked.column)
    offshore = np.full(len(names), np.nan)
    for key, flag in (("onshore", 0.0), ("offshore", 1.0)):
        value = code_text(getattr(asked, key)).casefold()
        offshore[((names == value) | (codes == value)).to_numpy()] = flag
    if np.isnan(offshore).all():
        raise client.error(_absent(asked, names))
    centre = _texts(reader, asked.centre)[0]
    places = pd.factorize(centre.where(~centre.isin(EMPTY)), sort=True)[0]
    return SourcingPlan(
        offshore, places, asked.first_time_fix, asked.repeats, asked.talk_time, asked.through, asked.mix
    )


def _texts(reader: CodeReader, column: str) -> tuple[pd.Series, pd.Series]:
    """The cells of a column in small letters, by their value labels where they have some, and as codes."""
    names = {code_text(code): text.strip() for code, text in reader.table.value_labels.get(column, {}).items()}
    codes = reader.table.frame[column].map(code_text, na_action="ignore").astype(object).fillna("")
    return codes.map(lambda text: str(names.get(text, text)).casefold()), codes.str.casefold()


def _absent(asked: Sourcing, site: pd.Series) -> Problem:
    found = [text for text, _ in Counter(site[~site.isin(EMPTY)]).most_common(_SHOWN)]
    wanted, listed = code_text(asked.onshore), ", ".join(f'"{name}"' for name in found) or "nothing"
    text = f'"{wanted}" and "{code_text(asked.offshore)}" are nowhere in column "{asked.column}"; it holds {listed}.'
    return Problem(("sourcing", "onshore"), f"{text} Write two of these in onshore and offshore.")
