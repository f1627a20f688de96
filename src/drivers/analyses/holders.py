"""Holders of contracts: one row an organisation, with its contract, its satisfaction and what is held equal."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from drivers.analyses.disclosure import hidden_groups
from drivers.analyses.organisations import unit_means
from drivers.core.design import Design, sampling_design
from drivers.core.moments import BoolArray, FloatArray, IntArray
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.contracts import ContractPlan
from drivers.survey.survey import Survey
from drivers.wording import sentence

FEWEST = 10
"""Organisations of a kind below which its spread is anybody's guess, and it is not compared."""

_ROUNDING = 1e-12  # spread beside the largest value that is no spread
_BENDS = 4  # different values from which on a column may bend


@dataclass(frozen=True, slots=True, eq=False)
class Holders:
    """The u organisations that are compared.

    Attributes
    ----------
    kinds
        Printed names of the G kinds that are compared, in the client file's order.
    left_out
        Kinds that are not, for too few organisations or respondents.
    codes
        Array (u,): place of the organisation's kind among `kinds`.
    y, w
        Arrays (u,): weighted mean satisfaction of its respondents, and their mean weight.
    x
        Array (u, k): what is held equal, as deviations from the mean in standard deviations.
    adjust
        The k columns of the survey.
    respondents
        Array (u,): respondents with an answer on satisfaction.
    first
        Array (u,): position in the survey of its first respondent with weight.
    strata
        Array (u,) of codes; None for one stratum.
    incomplete
        Organisations left out because something that is held equal is not known of them.
    """

    kinds: tuple[str, ...]
    left_out: tuple[str, ...]
    codes: IntArray
    y: FloatArray
    w: FloatArray
    x: FloatArray
    adjust: tuple[str, ...]
    respondents: IntArray
    first: IntArray
    strata: IntArray | None
    incomplete: int

    @property
    def bent(self) -> FloatArray:
        """What is held equal with its squares (u, k'), so that an effect of it may bend."""
        squares = [c**2 for c in self.x.T if len(np.unique(c)) >= _BENDS]
        return np.column_stack([self.x, *squares])

    @property
    def design(self) -> Design | None:
        """How the organisations were sampled; None for a simple sample."""
        simple = self.strata is None and bool(np.ptp(self.w) == 0)
        return None if simple else sampling_design(self.w, self.strata)

    def drawn(self, resample: Resample, rows: int) -> FloatArray:
        """Weights (B, u) in every draw of a resample of a survey of so many `rows`."""
        spread = np.zeros(rows)
        spread[self.first] = self.w
        return resample.weightings(spread)[:, self.first]

    def chosen(self, rows: BoolArray) -> Holders:
        """The same of these organisations (u,) only."""
        strata = None if self.strata is None else self.strata[rows]
        parts = {name: getattr(self, name)[rows] for name in ("codes", "y", "w", "x", "respondents", "first")}
        return replace(self, **parts, strata=strata)


def contract_holders(survey: Survey, minimum_base: int) -> Holders:
    """Which organisations are compared, and on what?

    The organisation is the unit, as the contract is: with respondents as rows, an organisation would count as often as
    people of it answered. Kinds of fewer than ten organisations, or of fewer respondents than the minimum base, are
    left out; so is the smallest of the others if a kind could be worked out from the total.

    Raises
    ------
    EstimationError
        When the survey says nothing of contracts, fewer than two kinds can be compared, or satisfaction never varies
        within one.
    """
    everyone = _everyone(survey)
    known = np.asarray(np.isfinite(everyone.x).all(axis=1))
    some = everyone.chosen(known)
    places, left_out = _compared(some, minimum_base)
    place = np.full(len(some.kinds), -1)
    place[places] = np.arange(len(places))
    inside = some.chosen(place[some.codes] >= 0)
    found = replace(
        inside,
        kinds=tuple(some.kinds[k] for k in places),
        left_out=tuple(some.kinds[k] for k in left_out),
        codes=place[inside.codes],
        x=_standardised(inside.x),
        incomplete=int((~known).sum()),
    )
    _check_varies(found)
    return found


def _everyone(survey: Survey) -> Holders:
    """Every organisation with a kind, weight and an answer on satisfaction; `x` as it is."""
    plan = _plan(survey)
    unit = np.arange(survey.base) if survey.clusters is None else survey.clusters
    answered = ~np.isnan(survey.answers[survey.outcome].to_numpy())
    rows = np.flatnonzero((survey.weights > 0) & answered & (plan.kinds.codes >= 0))
    kept, first = np.unique(unit[rows], return_index=True)
    values = survey.answers[[survey.outcome, *plan.adjust]].to_numpy()[rows]
    means = unit_means(values, survey.weights[rows], unit[rows])[kept] if len(rows) else np.empty((0, values.shape[1]))
    respondents = np.bincount(unit[rows])[kept] if len(rows) else np.empty(0, dtype=int)
    weight = np.bincount(unit[rows], survey.weights[rows])[kept] / respondents if len(rows) else np.empty(0)
    at = rows[first]
    return Holders(
        kinds=plan.kinds.groups, left_out=(), codes=plan.kinds.codes[at], y=means[:, 0], w=weight, x=means[:, 1:],
        adjust=plan.adjust, respondents=respondents, first=at,
        strata=None if survey.strata is None else survey.strata[at], incomplete=0,
    )  # fmt: skip


def _compared(some: Holders, minimum_base: int) -> tuple[list[int], list[int]]:
    """Places of the kinds that can be compared, and of those with organisations that cannot."""
    count = len(some.kinds)
    organisations = np.bincount(some.codes, minlength=count)
    respondents = np.bincount(some.codes, some.respondents, count)
    hidden = hidden_groups(respondents, minimum_base) | (organisations < FEWEST)
    there = [k for k in range(count) if organisations[k]]
    places = [k for k in there if not hidden[k]]
    if len(places) < 2:
        raise EstimationError(
            sentence(
                "Fewer than two kinds of contract have {organisations:count} organisations and {respondents:count} "
                "respondents to compare. Join kinds in contracts.kinds, or merge waves.",
                organisations=FEWEST,
                respondents=minimum_base,
            )
        )
    return places, [k for k in there if hidden[k]]


def _standardised(x: FloatArray) -> FloatArray:
    spread = x.std(axis=0)
    varies = spread > _ROUNDING * np.abs(x).max(axis=0, initial=0.0)
    return np.where(varies, (x - x.mean(axis=0)) / np.where(varies, spread, 1.0), 0.0)


def _check_varies(found: Holders) -> None:
    least = _ROUNDING * np.abs(found.y).max()
    constant = [name for k, name in enumerate(found.kinds) if np.ptp(found.y[found.codes == k]) <= least]
    if constant:
        raise EstimationError(
            sentence(
                "All organisations with {kinds:list} are equally satisfied, so there is no spread to judge a gap by. "
                "Check the column, or merge waves.",
                kinds=constant,
            )
        )


def _plan(survey: Survey) -> ContractPlan:
    if survey.contracts is None:
        raise EstimationError(
            sentence(
                "The survey does not say which contract each organisation has. Add [contracts] to the client file."
            )
        )
    return survey.contracts
