"""Which column is used for what, and what does it hold? The codebook of a client's survey, wave by wave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers.analyses.exclusion import exclusion_sentences, kept_survey
from drivers.analyses.outlook import ReportOutlook, report_outlook
from drivers.analyses.quality import answer_table
from drivers.client import Client
from drivers.client.roles import column_roles
from drivers.errors import DriversError
from drivers.survey.codes import EMPTY, code_text
from drivers.survey.columns import check_columns
from drivers.survey.labels import column_labels
from drivers.survey.loading import wave_survey
from drivers.survey.proposals import wave_renames
from drivers.survey.sources import load_table
from drivers.survey.survey import Survey
from drivers.survey.table import SurveyTable
from drivers.survey.waves import wave_names
from drivers.wording import Sentence, sentence

_VALUES = ["missing_share", "mean", "top_two_share", "bottom_two_share"]


@dataclass(frozen=True, slots=True, eq=False)
class WaveCodebook:
    """What every column that is used holds in one wave.

    Attributes
    ----------
    table
        One row a column: role, scale, base, share missing, weighted mean, share in the top two and bottom two points;
        all of them missing, with `suppressed` true, where fewer than `minimum_base` answered.
    notices
        What a person must know about the wave, and whom the client file leaves out of it.
    wave
        Its name; None where the survey has no waves.
    base, answered, complete
        Respondents, those with an answer on satisfaction, and those with one on every driver too, unweighted.
    minimum_base
        Fewest answers of a column that is shown.
    outlook
        What a report on the wave will rest on and warn of; None where there can be no report.
    """

    table: pd.DataFrame
    notices: tuple[Sentence, ...]
    wave: str | None
    base: int
    answered: int
    complete: int
    minimum_base: int
    outlook: ReportOutlook | None = None

    def __repr__(self) -> str:
        wave = f", wave {self.wave}" if self.wave else ""
        return f"WaveCodebook of {len(self.table)} columns{wave}: base {self.base}"


@dataclass(frozen=True, slots=True, eq=False)
class Codebook:
    """What a client's survey holds.

    Attributes
    ----------
    waves
        The codebook of each wave that can be read, oldest first.
    uses
        One row a column that says who answered, how much they count or in which group they are, over all waves: role,
        label, base and share missing.
    problems
        Why a wave cannot be read, or give a report, with the wave (None: the survey has no waves).
    notices
        What a person must know about the whole.
    """

    waves: tuple[WaveCodebook, ...]
    uses: pd.DataFrame
    problems: tuple[tuple[str | None, DriversError], ...]
    notices: tuple[Sentence, ...]

    @property
    def exit_code(self) -> int:
        """0 without problems, else that of the first."""
        return self.problems[0][1].exit_code if self.problems else 0

    def __repr__(self) -> str:
        return f"Codebook of {len(self.waves)} waves, {len(self.problems)} problems"


def client_codebook(client: Client) -> Codebook:
    """Can this client's survey be used, and what does every column hold?

    A top two share of 0.60 means: six in ten of those who answered gave one of the two highest answers.

    Raises
    ------
    ConfigError
        When the file or a column does not exist.
    SurveyError
        When the file cannot be read at all; what is wrong with one wave stands in `problems`.
    """
    table = load_table(client)
    check_columns(client, table)
    roles = {role.column: role.name for role in column_roles(client)}
    waves: list[WaveCodebook] = []
    problems: list[tuple[str | None, DriversError]] = []
    for wave in wave_names(client, table) or (None,):
        try:
            everyone = wave_survey(client, table, wave)
        except DriversError as error:
            problems.append((wave, error))
            continue
        found, problem = _checked(everyone, client, roles)
        waves.append(found)
        problems += [(wave, problem)] if problem else []
    notices = (*_group_notices(client, table), *_rename_notices(client, table))
    return Codebook(tuple(waves), _uses(client, table), tuple(problems), notices)


def _checked(everyone: Survey, client: Client, roles: Mapping[str, str]) -> tuple[WaveCodebook, DriversError | None]:
    """The codebook of those whom a report will be on, with its outlook, or with why there will be no report."""
    kept, outlook, problem = everyone, None, None
    try:
        kept = kept_survey(everyone, client)
        outlook = report_outlook(kept, client)
    except DriversError as error:
        problem = error
    found = wave_codebook(kept, client.minimum_base, roles)
    told = (*found.notices, *exclusion_sentences(everyone, client))
    return replace(found, notices=told, outlook=outlook), problem


def wave_codebook(
    survey: Survey, minimum_base: int = 30, roles: Mapping[str, str] = MappingProxyType({})
) -> WaveCodebook:
    """What does every column of this survey hold? Columns with fewer answers than `minimum_base` are not shown.

    `roles` names what columns beside satisfaction, drivers and controls are for.

    Raises
    ------
    EstimationError
        Never: what cannot be computed is NaN.
    """
    known = {survey.outcome, *survey.drivers, *survey.controls}
    others = {str(c): roles.get(c, str(c)) for c in survey.answers.columns if c not in known}
    table = answer_table(survey, others)
    scales = [survey.scales.get(column) for column in table["column"]]
    table["scale_low"] = [np.nan if scale is None else scale.low for scale in scales]
    table["scale_high"] = [np.nan if scale is None else scale.high for scale in scales]
    return WaveCodebook(
        table=_suppressed(table, minimum_base),
        notices=tuple(_notices(survey)),
        wave=survey.wave,
        base=survey.base,
        answered=int(survey.complete([survey.outcome]).sum()),
        complete=int(survey.complete([survey.outcome, *survey.drivers]).sum()),
        minimum_base=minimum_base,
    )


def _suppressed(table: pd.DataFrame, minimum_base: int) -> pd.DataFrame:
    few = table["base"] < minimum_base
    shown = table.assign(
        suppressed=few, base=table["base"].astype(float), **{c: table[c].astype(float) for c in _VALUES}
    )
    shown.loc[few, ["base", *_VALUES]] = np.nan
    order = ["column", "label", "role", "scale_low", "scale_high", "base", *_VALUES, "suppressed"]
    return shown[order]


def _notices(survey: Survey) -> Iterator[Sentence]:
    yield from survey.notices
    if survey.not_asked:
        yield sentence("Not asked in this wave: {names:list}.", names=survey.not_asked)
    for exclusion in survey.exclusions:
        yield sentence("{reason}: {n:count} rows.", reason=exclusion.reason, n=exclusion.rows)


def _uses(client: Client, table: SurveyTable) -> pd.DataFrame:
    labels = column_labels(client, table)
    rows = []
    for role in column_roles(client):
        if role.key[0] in ("survey", "weighting"):
            column = role.column
            base = int(_groups(table, column).sum())
            missing = 1 - base / len(table.frame)
            label = labels.get(column, column)
            rows.append({"column": column, "role": role.name, "label": label, "base": base, "missing_share": missing})
    return pd.DataFrame(rows, columns=["column", "role", "label", "base", "missing_share"])


def _groups(table: SurveyTable, column: str) -> pd.Series:
    """Rows of each different answer, empty ones left out."""
    counts = table.frame[column].value_counts()
    empty = [code_text(code).casefold() in EMPTY for code in counts.index]
    return counts[~np.array(empty, dtype=bool)]


def _group_notices(client: Client, table: SurveyTable) -> Iterator[Sentence]:
    labels = column_labels(client, table)
    for column in client.survey.segments:
        groups = _groups(table, column)
        if few := int((groups < client.minimum_base).sum()):
            yield sentence(
                "Groups of {label} with fewer than {base:count} respondents: {few:count} of {all:count}.",
                label=labels.get(column, column),
                base=client.minimum_base,
                few=few,
                all=len(groups),
            )


def _rename_notices(client: Client, table: SurveyTable) -> Iterator[Sentence]:
    labels = column_labels(client, table)
    for found in wave_renames(client, table):
        yield sentence(
            'Wave {one} has "{before}" and wave {other} has "{after}": is it one column under two names? If so, write '
            "{setting} under [survey].",
            setting=found.setting,
            one=found.wave_before,
            other=found.wave_after,
            before=_named(found.rename.before, labels),
            after=_named(found.rename.after, labels),
        )


def _named(column: str, labels: dict[str, str]) -> str:
    label = labels.get(column, column)
    return column if label == column else f"{column} ({label})"
