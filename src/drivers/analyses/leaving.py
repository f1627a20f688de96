"""The model of leaving: a logit, its coefficients in every draw, and averages of what it predicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm

from drivers.core.estimate import Estimate
from drivers.core.logit import check_separation, logit_coefficients
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey

MINIMUM_EVENTS = 10
"""Fewer customers who left (or stayed) per column give a logit nobody should sign (Peduzzi et al. 1996)."""

_CELLS = 4_000_000  # draws x respondents held at once: 32 MB an array

Values = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From coefficients (b, k) and a shift of satisfaction (b, 1) to a value per respondent, (b, m) or (m,)."""


@dataclass(frozen=True, slots=True, eq=False)
class LeavingModel:
    """Logit of leaving on satisfaction and controls, on complete cases.

    Attributes
    ----------
    survey, resample
        What it was fitted on.
    rows
        Boolean (n,): respondents in the model (m of them).
    x, left, w
        Design (m, k): ones, satisfaction, controls; 1 for those who left (m,); weights (m,).
    names
        The k columns.
    fitted
        statsmodels' result, with robust errors.
    beta, draws
        Coefficients (k,) and the same in every draw (B, k).
    """

    survey: Survey
    resample: Resample
    rows: np.ndarray
    x: np.ndarray
    left: np.ndarray
    w: np.ndarray
    names: tuple[str, ...]
    fitted: sm.genmod.generalized_linear_model.GLMResults
    beta: np.ndarray
    draws: np.ndarray

    @property
    def satisfaction(self) -> np.ndarray:
        """Satisfaction (m,) of the respondents in the model."""
        return self.x[:, 1]

    def design_at(self, satisfaction: np.ndarray | float) -> np.ndarray:
        """The design (m, k) if satisfaction were this, controls as they are."""
        x = self.x.copy()
        x[:, 1] = satisfaction
        return x

    def mean(self, values: Values, among: np.ndarray | None = None, shift: Estimate | None = None) -> Estimate:
        """Weighted mean of a value over respondents, in the sample and in every draw.

        Parameters
        ----------
        values
            Called with coefficients (b, k) and the shift (b, 1) of those draws; returns (b, m) or (m,).
        among
            Boolean (m,), the respondents to average over; default all.
        shift
            Points of satisfaction gained, with their draws; default none.
        """
        among = np.ones(len(self.w), dtype=bool) if among is None else among
        shift = Estimate(0.0, np.zeros(len(self.draws))) if shift is None else shift
        whole = _averages(values(self.beta[None], np.array([[shift.value]])), among, self.w[None])
        block = max(1, _CELLS // max(self.survey.base, 1))
        parts = []
        for start in range(0, len(self.draws), block):
            part = slice(start, start + block)
            w = self.resample.weightings(self.survey.weights, start, start + block)[:, self.rows]
            parts.append(_averages(values(self.draws[part], shift.replicates[part, None]), among, w))
        return Estimate(float(whole[0]), np.concatenate(parts))

    def share(self, among: np.ndarray) -> Estimate:
        """Weighted share of the respondents that these (m,) are."""
        return self.mean(lambda beta, shift: among.astype(float))


def _averages(values: np.ndarray, among: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted means (b,) of values (b, m) or (m,) over the respondents `among` (m,)."""
    weights = weights * among
    total = weights.sum(axis=1)
    summed = (np.where(among, values, 0.0) * weights).sum(axis=1)
    return np.divide(summed, total, out=np.full(len(total), np.nan), where=total > 0)


def fit_leaving(survey: Survey, resample: Resample, left_column: str = "left") -> LeavingModel:
    """Who leaves? Fits the logit of leaving on satisfaction and controls.

    Raises
    ------
    EstimationError
        When too few left or stayed, or a column separates the two completely.
    """
    names = (survey.outcome, *survey.controls)
    rows = survey.complete((*names, left_column))
    answers = survey.answers.loc[rows]
    x = np.column_stack([np.ones(int(rows.sum())), answers[list(names)].to_numpy()])
    left, w = answers[left_column].to_numpy(), survey.weights[rows]
    _check_events(left, len(names))
    check_separation(x, left, ("intercept", *(survey.labels.get(n, n) for n in names)))
    fitted = _fit(x, left, w, None if survey.clusters is None else survey.clusters[rows])
    beta = np.asarray(fitted.params, dtype=float)
    block = max(1, _CELLS // max(survey.base, 1))
    draws = [
        logit_coefficients(x, left, resample.weightings(survey.weights, i, i + block)[:, rows], beta)
        for i in range(0, resample.draws, block)
    ]
    return LeavingModel(
        survey, resample, rows, x, left, w, ("intercept", *names), fitted, beta, np.concatenate(draws)
    )


def _check_events(left: np.ndarray, columns: int) -> None:
    rarer = int(min((left == 1).sum(), (left == 0).sum()))
    if rarer < MINIMUM_EVENTS * columns:
        raise EstimationError(
            f"{rarer} customers who left (or stayed) cannot support a model of leaving on {columns} columns; at least "
            f"{MINIMUM_EVENTS * columns} are needed. Use a longer period, or merge waves."
        )


def _fit(
    x: np.ndarray, left: np.ndarray, w: np.ndarray, clusters: np.ndarray | None
) -> sm.genmod.generalized_linear_model.GLMResults:
    """Binomial regression; weights scaled to mean 1 enter as variance weights, so errors must be the robust ones."""
    model = sm.GLM(left, x, family=sm.families.Binomial(), var_weights=w / w.mean())
    if clusters is None:
        return model.fit(cov_type="HC1", tol=1e-12, maxiter=200)
    return model.fit(cov_type="cluster", cov_kwds={"groups": clusters}, tol=1e-12, maxiter=200)
