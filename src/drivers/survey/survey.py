"""The survey: answers with the roles, labels, scales and weights that give them meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from drivers.core.raking import RakedWeights
from drivers.errors import SurveyError
from drivers.survey.change import ChangeTerms
from drivers.survey.choice import ChoicePlan
from drivers.survey.contracts import ContractPlan
from drivers.survey.interviews import Interviews
from drivers.survey.paths import PathPlan
from drivers.survey.segments import Segmentation
from drivers.survey.sourcing import SourcingPlan
from drivers.survey.staff import Staff
from drivers.wording import Sentence

MissingPolicy = Literal["complete", "available", "not_applicable", "imputed"]


@dataclass(frozen=True, slots=True)
class Scale:
    """The lowest and highest answer that a question offers, in scale points.

    `observed` says that nobody declared them: they are the ends of the answers given, which need not be a rating's.
    """

    low: float
    high: float
    observed: bool = field(default=False, compare=False, metadata={"internal": True})

    @property
    def span(self) -> float:
        """Scale points between the lowest and the highest answer."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows left out before any analysis, and why."""

    reason: Sentence
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """One wave of one client's survey, ready for analysis; nothing in it is ever modified.

    Attributes
    ----------
    answers
        Frame (n respondents, columns), float64, missing answers NaN. Holds the outcome, the drivers, the controls
        and whatever column an analysis may be asked for (left, margin, intention …). The index is 0 … n-1.
    outcome
        Column of `answers` that holds satisfaction.
    drivers
        Columns of the measured aspects, in the client file's order.
    controls
        Columns that every model holds constant and no ranking shows.
    labels
        Printed name of each column; the column's own name where the survey gives none.
    scales
        Lowest and highest possible answer of each rating column.
    weights
        Array (n,), non-negative; ones where the survey has no weights. Only their ratios matter.
    clusters
        Array (n,) of integer codes of the units that were sampled, for surveys in which a unit answers more than
        once; None when every row is a respondent of its own.
    strata
        Array (n,) of integer codes of the strata within which units were sampled; None for one stratum.
    raking
        How the weights were made to fit the population; None where they were not.
    respondents
        Array (n,) of integer codes of who answered; None where the survey does not say.
    not_asked
        Labels of drivers in the client file that nobody answered in this wave.
    exclusions
        Rows left out while reading, with reasons.
    notices
        What a reader must know about the data; `str` of each is plain English.
    wave, source
        Name of the wave (None: the survey has none) and name, without folder, of the file that was read.
    weighted
        Whether `weights` came from the survey, or were raked.
    batteries
        Drivers that measure one thing together, by the name of each battery; empty where none are declared.
    reversed
        Drivers that were turned round on their scale, so that more is better.
    interviews
        How long the respondents took, and whose date cannot be.
    missing_policy
        How missing answers on drivers and controls are treated; None: chosen by rule.
    not_applicable
        Columns whose missing answers mean that the item does not apply to the respondent.
    stated
        Column with the stated importance of each driver, by driver; empty where it was not asked.
    paths
        Blocks of questions and the arrows between them; None where the client file draws none.
    segments
        Divisions of the respondents into groups, by column.
    history
        What customers did so far, renewals of cohorts or purchases; None where the client file names no such file.
    staff
        What employees answered; None where the client file names no survey of employees.
    before_satisfaction
        Whether the client file declares that the aspects came before satisfaction; None: it says nothing.
    change
        How the wave is to be compared with those before it; None where the client file does not ask.
    earlier
        The waves before it, oldest first; empty where waves are not compared.
    sourcing
        Which site and centre handled each contact; None where the client file does not say.
    choice
        What each client organisation decided, and what may tell; None where the client file does not ask.
    contracts
        Which kind of contract each organisation has; None where the client file does not ask.
    members
        Drivers that a driver is the mean of, because they cannot be told apart; empty for those asked as they are.
    outcome_parts
        Columns of `answers` that satisfaction is the mean of; empty where it was asked as one question.
    providers
        What client organisations say of their providers: recommending as outcome, attributes as drivers; None where the
        client file has no such table.
    """

    answers: pd.DataFrame
    outcome: str
    drivers: tuple[str, ...]
    controls: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    scales: Mapping[str, Scale] = field(default_factory=lambda: MappingProxyType({}))
    weights: np.ndarray = field(default_factory=lambda: np.empty(0))
    clusters: np.ndarray | None = None
    respondents: np.ndarray | None = None
    not_asked: tuple[str, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    notices: tuple[Sentence, ...] = ()
    wave: str | None = None
    source: str = "a data frame"
    weighted: bool = False
    period_months: float = 12.0
    strata: np.ndarray | None = None
    raking: RakedWeights | None = None
    batteries: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    reversed: tuple[str, ...] = ()
    interviews: Interviews = field(default_factory=Interviews)
    missing_policy: MissingPolicy | None = None
    not_applicable: tuple[str, ...] = ()
    stated: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    paths: PathPlan | None = None
    segments: Mapping[str, Segmentation] = field(default_factory=lambda: MappingProxyType({}))
    before_satisfaction: bool | None = None
    members: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    history: pd.DataFrame | None = None
    change: ChangeTerms | None = None
    earlier: tuple[Survey, ...] = ()
    sourcing: SourcingPlan | None = None
    choice: ChoicePlan | None = None
    outcome_parts: tuple[str, ...] = ()
    contracts: ContractPlan | None = None
    providers: Survey | None = None
    staff: Staff | None = None

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        outcome: str,
        drivers: Sequence[str] | None = None,
        *,
        weight_column: str | None = None,
        scale: tuple[float, float] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> Survey:
        """Which survey is in this data frame?

        Parameters
        ----------
        frame
            One row a respondent; the columns used must be numeric, missing answers NaN.
        outcome
            Column of satisfaction.
        drivers
            Columns of the measured aspects; default: every other column but the weights.
        weight_column
            Column of survey weights; default: everyone counts once.
        scale
            Lowest and highest answer of the outcome and every driver; default: the observed range of each.
        labels
            Printed names by column.

        Raises
        ------
        SurveyError
            When a column is missing, not numeric or twice there, or a weight is negative or missing.
        """
        chosen = [c for c in frame.columns if c not in (outcome, weight_column)] if drivers is None else list(drivers)
        columns = [outcome, *chosen]
        answers = _numeric(frame, columns)
        weights = np.ones(len(frame)) if weight_column is None else _numeric(frame, [weight_column]).to_numpy()[:, 0]
        check_weights(weights, weight_column or "weights")
        return cls(
            answers=answers,
            outcome=outcome,
            drivers=tuple(chosen),
            labels=MappingProxyType({c: (labels or {}).get(c, str(c)) for c in columns}),
            scales=MappingProxyType(_scales(answers, scale)),
            weights=weights,
            weighted=weight_column is not None,
        )

    @property
    def base(self) -> int:
        """Respondents in the survey, unweighted."""
        return len(self.answers)

    @property
    def rated(self) -> tuple[str, ...]:
        """Drivers known to be ratings: on a scale of three points or more that was declared or labelled."""
        scales = {d: self.scales[d] for d in self.drivers if d in self.scales}
        return tuple(d for d, scale in scales.items() if scale.span >= 2 and not scale.observed)

    def complete(self, columns: Sequence[str]) -> np.ndarray:
        """Which respondents answered all of these columns and carry weight? Boolean array (n,)."""
        answered: np.ndarray = ~np.isnan(self.answers[list(columns)].to_numpy()).any(axis=1)
        return answered & (self.weights > 0)

    def rows(self, chosen: np.ndarray) -> Survey:
        """The same survey of these respondents only; `raking` stays the one of all. `chosen` is boolean, (n,)."""
        return replace(
            self,
            answers=self.answers.loc[chosen].reset_index(drop=True),
            weights=self.weights[chosen],
            clusters=None if self.clusters is None else _renumbered(self.clusters[chosen]),
            strata=None if self.strata is None else self.strata[chosen],
            interviews=self.interviews.rows(chosen),
            respondents=None if self.respondents is None else self.respondents[chosen],
            segments=MappingProxyType({c: s.rows(chosen) for c, s in self.segments.items()}),
            change=None if self.change is None else self.change.rows(chosen),
            sourcing=None if self.sourcing is None else self.sourcing.rows(chosen),
            choice=None if self.choice is None else self.choice.rows(chosen),
            contracts=None if self.contracts is None else self.contracts.rows(chosen),
        )

    def __repr__(self) -> str:
        wave = f", wave {self.wave}" if self.wave else ""
        return f"Survey of {self.base} respondents{wave}: {self.outcome} and {len(self.drivers)} drivers"


def _renumbered(clusters: np.ndarray) -> np.ndarray | None:
    """Codes (n,) without gaps; None where every row has become a respondent of its own."""
    units, codes = np.unique(clusters, return_inverse=True)
    return codes if len(units) < len(codes) else None


def check_weights(weights: np.ndarray, name: str) -> None:
    """Refuse weights that are missing, negative or all zero."""
    if not np.isfinite(weights).all() or (weights < 0).any():
        bad = int((~np.isfinite(weights) | (weights < 0)).sum())
        raise SurveyError(
            f"{bad:,} {'weight is' if bad == 1 else 'weights are'} missing, infinite or negative in {name}; every "
            "respondent needs a weight of 0 or more. Repair the weights, or leave the weight key out to count everyone "
            "once."
        )
    if not weights.sum() > 0:
        raise SurveyError(f"All weights in {name} are 0, so nobody counts. Repair the weights.")


def _numeric(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise SurveyError(f"The data frame has no column {missing[0]!r}. It has: {', '.join(map(str, frame.columns))}.")
    if frame.columns.has_duplicates and frame.columns[frame.columns.duplicated()].isin(columns).any():
        raise SurveyError("A column that is used stands twice in the data frame. Rename one of the two.")
    try:
        numbers = frame[list(columns)].to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise SurveyError(f"A column is not numeric: {error}. Convert the answers to numbers first.") from error
    return pd.DataFrame(numbers, columns=list(columns))


def _scales(answers: pd.DataFrame, scale: tuple[float, float] | None) -> dict[str, Scale]:
    if scale is not None:
        return {c: Scale(*scale) for c in answers.columns}
    values = answers.to_numpy()
    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    return {c: Scale(float(a), float(b), observed=True) for c, a, b in zip(answers.columns, low, high, strict=True)}
