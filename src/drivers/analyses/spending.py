"""Do satisfied customers spend more? The link from satisfaction to what customers spend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import joint_resample, linear_basis, units_phrase
from drivers.analyses.disclosure import hidden_groups
from drivers.analyses.groups import SATISFACTION_GROUPS, Thresholds, satisfaction_groups, thresholds
from drivers.analyses.method import case_values
from drivers.core.design import kish_base
from drivers.core.estimate import Estimate
from drivers.core.linear import last_shares
from drivers.core.loglink import log_coefficients
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

HARDLY = 0.01
"""Share of the differences in spending under which satisfaction hardly matters, however sure (Cohen 1988: r of 0.1)."""

_FEWEST = 10  # customers for each column
_CELLS = 4_000_000  # draws x respondents held at once


@dataclass(frozen=True, slots=True, eq=False)
class SpendingLink:
    """The regression of spending on satisfaction.

    Attributes
    ----------
    table
        One row a column: what one unit more goes with, as a share of spending, with its interval.
    groups
        One row a satisfaction group: base, mean spending with interval; NaN where the group is under the minimum base,
        or would tell such a group by subtraction.
    effect, effect_low, effect_high
        Average spending that goes with one point of satisfaction, in the currency, controls held constant.
    relative, relative_low, relative_high
        The same as a share of spending.
    added_share
        Share of the differences in spending that satisfaction accounts for beyond the controls (linear).
    mean
        Weighted mean spending.
    spending
        Printed name of spending.
    base, effective_base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    groups: pd.DataFrame
    effect: float
    effect_low: float
    effect_high: float
    relative: float
    relative_low: float
    relative_high: float
    added_share: float
    mean: float
    spending: str
    base: int
    effective_base: float
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        return (
            f"SpendingLink: one point of satisfaction goes with {self.effect:+,.2f} of {self.spending} "
            f"({self.effect_low:+,.2f} to {self.effect_high:+,.2f}); base {self.base}"
        )


def spending_link(
    survey: Survey,
    column: str,
    resample: Resample | None = None,
    *,
    limits: Thresholds | None = None,
    minimum_base: int = 30,
    confidence: float = 0.95,
) -> SpendingLink:
    """Do satisfied customers spend more?

    An effect of 12 means: customers who are one point more satisfied spend 12 more, at the same values of the controls.
    A negative one may come of large customers who are harder to please; it is an association.

    Parameters
    ----------
    survey
        The wave; complete cases on spending, satisfaction and controls.
    column
        What each customer spends in a fixed period; 0 for nothing.
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
        When an amount is negative, too few answered, or spending or satisfaction never varies.

    Notes
    -----
    Regression with a logarithmic link by Poisson pseudo-likelihood (Santos Silva and Tenreyro 2006,
    doi:10.1162/rest.88.4.641): unlike a regression of logarithms it takes customers who spend nothing, and its
    average effect is in the currency.
    """
    resample = joint_resample(survey) if resample is None else resample
    names = (survey.outcome, *survey.controls)
    index = np.flatnonzero(survey.complete((*names, column)))
    x = np.column_stack([np.ones(len(index)), survey.answers[list(names)].to_numpy()[index]])
    amounts = survey.answers[column].to_numpy()[index]
    _check(survey, column, x, amounts)
    codes = satisfaction_groups(x[:, 1], thresholds(survey) if limits is None else limits)
    beta, means = _drawn(survey, resample, index, x, _Spent(amounts, codes))
    if not np.isfinite(beta[0]).all():
        raise EstimationError(sentence("The model of spending has no finite estimate. Take a control out."))
    effect = _estimate(beta[:, 1] * means[:, 0]).bounds(confidence)
    relative = _estimate(np.expm1(beta[:, 1])).bounds(confidence)
    return SpendingLink(
        table=_table(survey, names, beta, confidence),
        groups=_groups(codes, means[:, 1:], minimum_base, confidence),
        effect=effect.value,
        effect_low=effect.low,
        effect_high=effect.high,
        relative=relative.value,
        relative_low=relative.low,
        relative_high=relative.high,
        added_share=_added_share(survey, column),
        mean=float(means[0, 0]),
        spending=survey.labels.get(column, column),
        base=len(index),
        effective_base=kish_base(survey.weights[index]),
        confidence=confidence,
        method=_method(survey, column, len(index), resample.draws, confidence),
    )


def _estimate(values: np.ndarray) -> Estimate:
    return Estimate(float(values[0]), values[1:])


def _check(survey: Survey, column: str, x: np.ndarray, amounts: np.ndarray) -> None:
    label = survey.labels.get(column, column)
    below, needed = int((amounts < 0).sum()), _FEWEST * x.shape[1]
    if below:
        raise EstimationError(sentence(_NEGATIVE, spending=label, n=below))
    if len(amounts) < needed:
        raise EstimationError(sentence(_TOO_FEW, spending=label, base=len(amounts), needed=needed))
    if np.ptp(amounts) == 0 or np.ptp(x[:, 1]) == 0:
        raise EstimationError(sentence(_SAME, spending=label))


_NEGATIVE = (
    "{spending} is below 0 for {n:count} customers; expected what each spends, 0 for nothing. Repair these, or empty "
    "them."
)
_TOO_FEW = "{base:count} customers with an amount of {spending} are too few; {needed:count} are needed. Merge waves."
_SAME = "{spending} or satisfaction is the same for everybody, so nothing can be learnt from differences."


def _drawn(
    survey: Survey, resample: Resample, index: np.ndarray, x: np.ndarray, spent: _Spent
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients (B + 1, k), and mean spending (B + 1, 4) of everybody and of each group, of the sample first."""
    size = max(1, _CELLS // max(survey.base, 1))
    betas, means = [], []
    for start in (None, *range(0, resample.draws, size)):
        w = survey.weights[index][None]
        if start is not None:
            w = resample.weightings(survey.weights, start, start + size)[:, index]
        betas.append(log_coefficients(x, spent.amounts, w))
        means.append(spent.means(w))
    return np.concatenate(betas), np.concatenate(means)


@dataclass(frozen=True, slots=True, eq=False)
class _Spent:
    """Amounts (m,), and the satisfaction group (m,) of who spent them."""

    amounts: np.ndarray
    codes: np.ndarray

    def means(self, w: np.ndarray) -> np.ndarray:
        """Weighted means (b, 4) of everybody and of each group; NaN where nobody carries weight."""
        member = np.column_stack([self.codes >= 0, *(self.codes == k for k in range(len(SATISFACTION_GROUPS)))])
        total = w @ member.astype(float)
        spent, none = w @ (member * self.amounts[:, None]), np.full(total.shape, np.nan)
        return np.asarray(np.divide(spent, total, out=none, where=total > 0))


def _table(survey: Survey, names: tuple[str, ...], beta: np.ndarray, confidence: float) -> pd.DataFrame:
    rows = [
        {
            "term": name,
            "label": survey.labels.get(name, name),
            **_estimate(np.expm1(beta[:, k + 1])).bounds(confidence).named("spending_change"),
        }
        for k, name in enumerate(names)
    ]
    return pd.DataFrame(rows)


def _groups(codes: np.ndarray, means: np.ndarray, minimum_base: int, confidence: float) -> pd.DataFrame:
    bases = np.bincount(codes, minlength=len(SATISFACTION_GROUPS))
    hidden = (bases == 0) | hidden_groups(bases, minimum_base)
    rows: list[dict[str, object]] = []
    for k, name in enumerate(SATISFACTION_GROUPS):
        if hidden[k]:
            rows.append({"group": name, "suppressed": True})
            continue
        found = _estimate(means[:, k]).bounds(confidence).named("mean_spending")
        rows.append({"group": name, "suppressed": False, "base": int(bases[k]), **found})
    columns = ["group", "suppressed", "base", "mean_spending", "mean_spending_low", "mean_spending_high"]
    return pd.DataFrame(rows, columns=columns).astype({"base": "Int64"})


def _added_share(survey: Survey, column: str) -> float:
    """Share of the variance of spending that satisfaction, last of the columns, adds."""
    basis = linear_basis(survey, (*survey.controls, survey.outcome), column, policy="complete")
    return float(last_shares(basis.moments.cross)[-1])


def _method(survey: Survey, column: str, base: int, draws: int, confidence: float) -> Sentence:
    return sentence(
        "Regression of {spending} on {outcome}{controls} with a logarithmic link (Poisson pseudo-likelihood); "
        "{weights}; complete cases, base {base:count} of {all:count}; {confidence:percent} intervals: percentiles of "
        "{draws:count} joint resamples of {units}. An association, not proof of a cause.",
        spending=survey.labels.get(column, column),
        **case_values(survey, base, confidence),
        draws=draws,
        units=units_phrase(survey),
    )
