"""How long do satisfied customers stay? Time until leaving, by satisfaction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import joint_resample, survey_design, units_phrase, weights_phrase
from drivers.analyses.disclosure import hidden_groups
from drivers.analyses.followed import YEARS, FollowedCustomers, TimeTerms, followed_customers
from drivers.analyses.groups import SATISFACTION_GROUPS, Thresholds, satisfaction_groups, thresholds
from drivers.analyses.hazards import group_test, hazard_table
from drivers.analyses.method import and_phrase
from drivers.core.design import kish_base
from drivers.core.estimate import Bounds, Estimate
from drivers.core.resample import Resample
from drivers.core.separation import separated
from drivers.core.survival import SurvivalCurves, survival_curves
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

_AT_RISK = 10  # customers still followed, under which a curve is not drawn on
_POINTS = 80  # of a curve at most
_CELLS = 4_000_000  # draws x respondents held at once


@dataclass(frozen=True, slots=True, eq=False)
class SatisfactionSurvival:
    """Time until leaving by satisfaction.

    Attributes
    ----------
    groups
        One row a satisfaction group, and "all": base, how many left, share still there at the horizon, the time after
        which half had left (missing where that is not reached), and mean time there within the horizon; NaN where the
        group is under the minimum base, or would tell such a group by subtraction.
    curve
        One row a group and a time: share still there, with its interval, as long as ten were followed.
    model
        One row a column of the proportional hazards model: hazard ratio with interval, p-value of the test that it is
        the same through time, and the odds ratio of the discrete-time hazard where time is in whole units. No rows
        where there is no such model.
    gap, gap_low, gap_high
        Mean time there of satisfied less dissatisfied customers within the horizon, as observed.
    group_p
        P-value of the log-rank test of the groups shown.
    horizon
        The longest time at which every group shown has enough customers left to follow.
    separated
        Whether satisfaction and the controls tell who left (almost) without error; there is then no model.
    late
        Customers left out because they had left when they were asked.
    terms
        Columns, unit and start of the time.
    base, effective_base, confidence, method
        As in every result.
    """

    groups: pd.DataFrame
    curve: pd.DataFrame
    model: pd.DataFrame
    gap: float
    gap_low: float
    gap_high: float
    group_p: float
    horizon: float
    separated: bool
    late: int
    terms: TimeTerms
    base: int
    effective_base: float
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        kept = self.groups.set_index("group").loc["all", "still_there"]
        return f"SatisfactionSurvival: {kept:.1%} still there after {self.horizon:g} {self.terms.unit}s"


def satisfaction_survival(
    survey: Survey,
    terms: TimeTerms,
    resample: Resample | None = None,
    *,
    limits: Thresholds | None = None,
    minimum_base: int = 30,
    confidence: float = 0.95,
) -> SatisfactionSurvival:
    """Do satisfied customers stay longer?

    A hazard ratio of 0.8 means: with one point more, the chance of leaving at any moment is a fifth lower, at the same
    time there and the same values of the controls. It is an association.

    Parameters
    ----------
    survey
        The wave; complete cases on time, leaving, satisfaction and controls.
    terms
        Which columns tell how long customers stay.
    resample
        The joint resample; default: 1,000 draws of a generator of seed 1.
    limits
        From where a customer is satisfied, to where dissatisfied; default: see ``thresholds``.
    minimum_base
        Groups with fewer respondents are suppressed, and others whose numbers would tell them.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When times are negative, or fewer than ten left.

    Notes
    -----
    Where tenure at the interview is known, curves start at the interview, and the model compares customers of the same
    tenure (left truncation). Where duration counts from the start of the relation and tenure at the interview is not
    known, satisfaction was asked after the time it is held against (immortal time): ``terms.asked_first`` is False,
    and nothing is foretold.
    """
    resample = joint_resample(survey) if resample is None else resample
    customers = followed_customers(survey, terms)
    codes = satisfaction_groups(customers.x[:, 0], thresholds(survey) if limits is None else limits)
    curves = _Curves(survey, resample, customers, codes, minimum_base)
    apart = separated(np.column_stack([np.ones(len(customers.w)), customers.x]), customers.event.astype(float))
    gap = curves.gap().bounds(confidence)
    model = hazard_table(survey, terms, customers, confidence=confidence, fitted=not apart)
    modelled = _model_phrase(survey, terms, customers, fitted=len(model) > 0)
    return SatisfactionSurvival(
        groups=curves.table(confidence),
        curve=curves.points(YEARS[terms.unit], confidence),
        model=model,
        gap=gap.value,
        gap_low=gap.low,
        gap_high=gap.high,
        group_p=group_test(survey, customers, np.where(curves.shown[codes], codes, -1)),
        horizon=curves.horizon,
        separated=apart,
        late=customers.late,
        terms=terms,
        base=len(customers.w),
        effective_base=kish_base(customers.w),
        confidence=confidence,
        method=_method(survey, customers, resample, confidence, modelled),
    )


class _Curves:
    """The curve of everybody and of each group shown, in the sample and in every draw."""

    def __init__(
        self, survey: Survey, resample: Resample, customers: FollowedCustomers, codes: np.ndarray, minimum_base: int
    ) -> None:
        bases = np.bincount(codes, minlength=len(SATISFACTION_GROUPS))
        self.shown = (bases > 0) & ~hidden_groups(bases, minimum_base)
        members = {name: codes == k for k, name in enumerate(SATISFACTION_GROUPS) if self.shown[k]}
        self.members = {"all": np.ones(len(codes), dtype=bool)} | members
        self.customers = customers
        self.curves = _curves(survey, resample, customers, self.members)
        self.ends = {name: _end(customers.seen[among]) for name, among in self.members.items()}
        self.horizon = min(self.ends.values())

    def gap(self) -> Estimate:
        """Mean time there of the satisfied less the dissatisfied; NaN where one of them is not shown."""
        if not {"satisfied", "dissatisfied"} <= set(self.curves):
            return Estimate(float("nan"), np.full(2, np.nan))
        happy, unhappy = (self._mean(name) for name in ("satisfied", "dissatisfied"))
        return happy - unhappy

    def _mean(self, name: str) -> Estimate:
        return _estimate(self.curves[name].restricted_mean(self.horizon))

    def table(self, confidence: float) -> pd.DataFrame:
        """One row a group."""
        rows = [self._row(name, confidence) for name in (*SATISFACTION_GROUPS, "all")]
        return pd.DataFrame(rows).astype({"base": "Int64", "leavers": "Int64"})

    def _row(self, name: str, confidence: float) -> dict[str, object]:
        if name not in self.curves:
            return {"group": name, "suppressed": True}
        among, curve = self.members[name], self.curves[name]
        median = float(curve.median()[0])
        return {
            "group": name,
            "suppressed": False,
            "base": int(among.sum()),
            "leavers": int(self.customers.event[among].sum()),
            **self._share(name, self.horizon, confidence).named("still_there"),
            "median_time": median if median <= self.ends[name] else float("nan"),
            **self._mean(name).bounds(confidence).named("mean_time"),
        }

    def _share(self, name: str, time: float, confidence: float) -> Bounds:
        """Share still there; where nobody left, at least what as many followed would show by chance."""
        among = self.members[name]
        found = _estimate(self.curves[name].at(np.array([time]))[:, 0]).bounds(confidence)
        if found.value < 1 or time <= 0:
            return found
        still = self.customers.w[among & (self.customers.seen >= time)]
        worth = max(kish_base(still), 1.0)
        return Bounds(1.0, float(((1 - confidence) / 2) ** (1 / worth)), 1.0)

    def points(self, year: float, confidence: float) -> pd.DataFrame:
        """One row a group and a time."""
        rows = []
        for name, curve in self.curves.items():
            for time in _times(curve.times, self.ends[name], self.horizon, year):
                share = self._share(name, float(time), confidence)
                rows.append({"group": name, "time": float(time), **share.named("still_there")})
        return pd.DataFrame(rows)


def _estimate(values: np.ndarray) -> Estimate:
    return Estimate(float(values[0]), values[1:])


def _curves(
    survey: Survey, resample: Resample, customers: FollowedCustomers, members: dict[str, np.ndarray]
) -> dict[str, SurvivalCurves]:
    """The curve of each group of respondents (m,), in the sample first, then in every draw."""
    size = max(1, _CELLS // max(survey.base, 1))
    parts: dict[str, list[SurvivalCurves]] = {name: [] for name in members}
    for start in (None, *range(0, resample.draws, size)):
        w = customers.w[None]
        if start is not None:
            w = resample.weightings(survey.weights, start, start + size)[:, customers.index]
        for name, among in members.items():
            parts[name].append(survival_curves(customers.seen[among], customers.event[among], w[:, among]))
    return {
        name: SurvivalCurves(found[0].times, np.concatenate([part.share for part in found]))
        for name, found in parts.items()
    }


def _end(seen: np.ndarray) -> float:
    """The longest time for which enough customers were followed."""
    return float(np.sort(seen)[-min(_AT_RISK, len(seen))])


def _times(times: np.ndarray, end: float, horizon: float, year: float) -> np.ndarray:
    """Where a curve is drawn: when somebody left, or evenly where that are many; after each year, and at the ends."""
    within = times[times <= end]
    if len(within) > _POINTS:
        within = np.linspace(0, end, _POINTS)
    years = np.arange(1, int(end / year) + 1)[:10] * year
    ends = [0.0, end, *([horizon] if horizon <= end else [])]
    return np.unique(np.concatenate([ends, years, within]))


def _method(
    survey: Survey, customers: FollowedCustomers, resample: Resample, confidence: float, model: Sentence
) -> Sentence:
    simple = survey_design(survey) is None
    return sentence(
        "Share still there by Kaplan and Meier (1958), {weights}; log-rank test{tested}; {model}complete cases, base "
        "{base:count} of {all:count}; {confidence:percent} intervals: percentiles of {draws:count} joint resamples of "
        "{units}. An association, not proof of a cause.",
        weights=weights_phrase(survey),
        tested=sentence("") if simple else sentence(" with the errors of the design"),
        model=model,
        base=len(customers.w),
        all=survey.base,
        confidence=confidence,
        draws=resample.draws,
        units=units_phrase(survey),
    )


def _model_phrase(survey: Survey, terms: TimeTerms, customers: FollowedCustomers, *, fitted: bool) -> Sentence:
    """How the chance of leaving was modelled, where it was."""
    if not fitted:
        return sentence("")
    strata = terms.strata and survey.labels.get(terms.strata, terms.strata)
    simple = survey_design(survey) is None
    return sentence(
        "proportional hazards (Cox 1972, ties by Efron) on {outcome}{controls}{strata}, {errors}; constancy by the "
        "score test with log time; ",
        outcome=survey.labels.get(survey.outcome, survey.outcome),
        controls=and_phrase(survey, customers.names[1:]),
        strata=sentence(", within groups of {column}", column=strata) if strata else sentence(""),
        errors=sentence("robust errors") if simple else sentence("design-based errors (linearised)"),
    )
