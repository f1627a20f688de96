"""Assumptions: what a driver analysis takes for granted of its columns, each held against the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from drivers.analyses.basis import LinearBasis
from drivers.analyses.movement import ENOUGH_PER_DRIVER, RELEVANCE_BAR
from drivers.analyses.residuals import Residuals
from drivers.core.linear import adjusted_r_squared, linear_fit
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

Status = Literal["pass", "warn", "fail"]

NOTHING = sentence("Nothing to do.")
ALPHA = 0.05

COMFORTABLE_PER_DRIVER = 20
FEWEST_PER_DRIVER = 5
FEW_LEVELS = 5
"""Different answers below which the steps between them matter, and a linear regression is only an approximation."""
MOST_LEVELS = 11
FEWEST_AT_LEVEL = 10
MUCH_INFLATION, TOO_MUCH_INFLATION = 5.0, 10.0
CLEARLY_NEGATIVE = -0.20
WELL_EXPLAINED = 0.25


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its outcome, its number, the p-value behind it (NaN without), what was found, what to do."""

    name: str
    status: Status
    number: float
    p: float
    found: Sentence
    advice: Sentence


def enough_respondents(basis: LinearBasis) -> Check:
    """Are there enough respondents for each driver?"""
    effective = min(float(basis.moments.effective_base), float(basis.answers.errors_base))
    each = effective / (len(basis.names) - 1)
    least = ENOUGH_PER_DRIVER
    status: Status = "fail" if each < FEWEST_PER_DRIVER else "pass" if each >= COMFORTABLE_PER_DRIVER else "warn"
    weighed = effective < basis.base - 1
    found = sentence(
        _COUNTED if weighed else _ANSWERED,
        base=basis.base,
        effective=effective,
        drivers=len(basis.names) - 1,
        each=each,
    )
    advice = sentence(
        "Read the intervals before the ranks. Merge waves or drop drivers to have {least:count} for each at the least.",
        least=least,
    )
    return Check("enough_respondents", status, each, np.nan, found, NOTHING if status == "pass" else advice)


_ANSWERED = "{base:count} answers for {drivers:count} drivers and controls: {each:number0} for each."
_COUNTED = (
    "{base:count} answers, which count as {effective:count}, for {drivers:count} drivers and controls: {each:number0} "
    "for each."
)


def outcome_scale(found: Residuals | None, basis: LinearBasis) -> Check:
    """Is the outcome a number that rises with satisfaction?"""
    if found is None:
        return unknown("outcome_scale")
    outcome = found.z[:, -1]
    levels = len(np.unique(outcome))
    steps = _steps(_classes(outcome), found.fitted, found.w)
    worst = float(steps.min(initial=np.inf)) if len(steps) else np.nan
    if worst < ndtri(ALPHA / (2 * max(len(steps), 1))):
        text = sentence(
            "Customers who gave a higher answer on satisfaction rate the aspects lower, at {falls:count} of "
            "{steps:count} steps of the scale.",
            falls=(steps < ndtri(ALPHA / (2 * len(steps)))).sum(),
            steps=len(steps),
        )
        return Check("outcome_scale", "fail", float(levels), np.nan, text, _CODES)
    if levels < FEW_LEVELS:
        text = sentence("Satisfaction has {levels:count} different answers only.", levels=levels)
        return Check("outcome_scale", "fail" if levels < 3 else "warn", float(levels), np.nan, text, _FEW_LEVELS)
    text = sentence("Satisfaction has {levels:count} different answers, and they rise with the aspects.", levels=levels)
    return Check("outcome_scale", "pass", float(levels), np.nan, text, NOTHING)


_CODES = sentence(
    "See whether a code for no answer counts as an answer (missing), or a scale runs the other way round (reversed)."
)
_FEW_LEVELS = sentence(
    "A linear regression takes the steps between the answers as equal. Ask on a longer scale in the next wave."
)


def driver_scales(found: Residuals | None, basis: LinearBasis, labels: Sequence[str]) -> Check:
    """Are the drivers numbers, of which more means more?"""
    if found is None:
        return unknown("driver_scales")
    columns = range(basis.controls, found.z.shape[1] - 1)
    steps = [_steps(_classes(found.z[:, j]), found.z[:, -1], found.w) for j in columns]
    limit = -ndtri(ALPHA / (2 * max(sum(map(len, steps)), 1)))
    both = [k for k, own in enumerate(steps) if len(own) and own.max() > limit and own.min() < -limit]
    if not both:
        text = sentence("Of no driver does satisfaction both rise and fall with the answer.")
        return Check("driver_scales", "pass", 0.0, np.nan, text, NOTHING)
    text = sentence(
        "With higher answers satisfaction both rises and falls: {names:list}.", names=[labels[k] for k in both]
    )
    status: Status = "fail" if 2 * len(both) >= len(steps) else "warn"
    return Check("driver_scales", status, float(len(both)), np.nan, text, _NO_NUMBERS)


_NO_NUMBERS = sentence(
    "See whether these are categories without an order, or codes for no answer; if so, leave them out or set missing."
)


def _classes(values: np.ndarray) -> np.ndarray:
    """Codes (m,) of the answers in their order; tenths of the respondents where there are many different ones."""
    levels, codes = np.unique(values, return_inverse=True)
    if len(levels) <= MOST_LEVELS:
        return np.asarray(codes)
    ends = np.unique(np.quantile(values, np.arange(1, 10) / 10))
    return np.asarray(np.searchsorted(ends, values, side="left"))


def _steps(codes: np.ndarray, values: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Differences, in standard errors, of weighted means between classes of ten or more and the one below each."""
    base = np.bincount(codes)
    total, square = np.bincount(codes, w), np.bincount(codes, w**2)
    kept = (base >= FEWEST_AT_LEVEL) & (total > 0)
    whole = np.where(kept, total, 1.0)
    mean = np.bincount(codes, w * values) / whole
    error = np.bincount(codes, w * (values - mean[codes]) ** 2) / whole * square / whole**2
    mean, error = mean[kept], error[kept]
    spread = np.sqrt(error[1:] + error[:-1])
    return np.asarray(np.divide(np.diff(mean), spread, out=np.zeros(len(spread)), where=spread > 0))


def causal_order(survey: Survey) -> Check:
    """Can the drivers come before satisfaction?"""
    declared = survey.before_satisfaction
    if declared is None:
        text = sentence("The client file does not say whether the aspects came before satisfaction.")
        return Check("causal_order", "warn", np.nan, np.nan, text, _DECLARE)
    if declared:
        text = sentence("The client file declares that the aspects came before satisfaction.")
        return Check("causal_order", "pass", 1.0, np.nan, text, _STILL)
    text = sentence("The client file declares that the aspects did not come before satisfaction.")
    return Check("causal_order", "fail", 0.0, np.nan, text, _NO_CAUSE)


_DECLARE = sentence("Think it through with the client and set drivers.before_satisfaction in the client file.")
_STILL = sentence("Nothing to do. Shares and effects remain associations: only a trial proves a cause.")
_NO_CAUSE = sentence("Read the shares as what goes with satisfaction, not as what would change it.")


def collinearity(vif: np.ndarray, labels: Sequence[str]) -> Check:
    """Can the drivers be told apart?"""
    worst = float(vif.max())
    names = [label for label, v in zip(labels, vif, strict=True) if v > MUCH_INFLATION]
    if not names:
        text = sentence("The drivers can be told apart: variance inflation is {vif:number1} at most.", vif=worst)
        return Check("collinearity", "pass", worst, np.nan, text, NOTHING)
    status: Status = "fail" if worst > TOO_MUCH_INFLATION else "warn"
    if np.isfinite(worst):
        text = sentence("{names:list} overlap: variance inflation up to {vif:number1}.", names=names, vif=worst)
    else:
        text = sentence("{names:list} follow exactly from other drivers.", names=names)
    return Check("collinearity", status, worst, np.nan, text, _OVERLAP)


_OVERLAP = sentence("Read them together, keep one of them, or take their mean as one driver.")


def unexpected_correlations(correlation: np.ndarray, p: np.ndarray, labels: Sequence[str]) -> Check:
    """Does satisfaction fall where a driver is rated higher? `p` (drivers,) is of each correlation."""
    worst = int(np.argmin(correlation))
    shown = (correlation < 0) & (p * len(p) < ALPHA)
    number, chance = float(correlation[worst]), float(min(p[worst] * len(p), 1.0))
    if not shown.any():
        text = sentence(
            "No driver is shown to go with lower satisfaction; the lowest correlation is {r:number2}.", r=number
        )
        return Check("unexpected_correlations", "pass", number, chance, text, NOTHING)
    names = [label for label, s in zip(labels, shown, strict=True) if s]
    text = sentence(
        "Higher ratings go with lower satisfaction: {names:list} (down to {r:number2}).", names=names, r=number
    )
    status: Status = "fail" if number <= CLEARLY_NEGATIVE else "warn"
    return Check("unexpected_correlations", status, number, chance, text, _CODES)


def signs(slope: np.ndarray, p: np.ndarray, correlation: np.ndarray, labels: Sequence[str]) -> Check:
    """Does each driver's slope have the sign of its correlation?"""
    turned = (slope * correlation < 0) & (p < ALPHA)
    if not turned.any():
        text = sentence("No slope is shown to have another sign than the correlation with satisfaction.")
        return Check("signs", "pass", 0.0, np.nan, text, NOTHING)
    names = [label for label, t in zip(labels, turned, strict=True) if t]
    text = sentence("The slope has another sign than the correlation with satisfaction: {names:list}.", names=names)
    status: Status = "fail" if 2 * len(names) >= len(labels) else "warn"
    return Check("signs", status, float(len(names)), float(p[turned].min()), text, _TURNED)


_TURNED = sentence("Do not read these slopes: overlap turns them. It is no reason to make these aspects worse.")


def missing_predictors(basis: LinearBasis) -> Check:
    """Do the drivers explain enough, or are important ones missing?"""
    full = linear_fit(basis.moments.cross).r_squared
    held, outcome = basis.columns.held, len(basis.names) - 1
    alone = [*range(held), outcome]
    controls = linear_fit(basis.moments.cross[np.ix_(alone, alone)]).r_squared if held else np.zeros(())
    base = np.asarray(basis.answers.errors_base)
    share = float(adjusted_r_squared(full, base, outcome) - adjusted_r_squared(controls, base, held))
    status: Status = "fail" if share < RELEVANCE_BAR else "pass" if share >= WELL_EXPLAINED else "warn"
    text = sentence(
        "The drivers explain {share:percent} of the differences in satisfaction (adjusted R²).", share=max(share, 0.0)
    )
    advice = NOTHING if status == "pass" else _ASK
    return Check("missing_predictors", status, share, np.nan, text, advice)


_ASK = sentence("Ask customers what else decides their satisfaction, and measure that in the next wave.")


def printed_p(p: float) -> Sentence:
    """A p-value in a sentence; below a thousandth it is only said to be that."""
    return sentence("p < {p:number3}", p=0.001) if p < 0.001 else sentence("p = {p:number3}", p=p)


def unknown(name: str) -> Check:
    """A check that needs more complete answers than there are."""
    return Check(name, "warn", np.nan, np.nan, _UNKNOWN, _MORE)


_UNKNOWN = sentence("Not checked: too few respondents answered every question.")
_MORE = sentence("Drop drivers that many left open, or merge waves.")
