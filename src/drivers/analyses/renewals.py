"""Renewals: who stays, year after year, and how many of today's margins that is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.analyses.leaving import LeavingModel
from drivers.analyses.terms import ValueTerms, worth_of, yearly_retention
from drivers.core.lifetime import curve_multiple
from drivers.core.logit import inverse_logit
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class Renewals:
    """Retention of patterns over the years: the same in each, or that of customers who are there longer.

    With a tenure the later years are read as in a life table: next year a customer has the retention of those who are
    there a year longer today, at the same satisfaction and other controls, and so on; beyond the longest tenure in the
    survey, that of the longest. So nothing is said of tenures that nobody has.

    Attributes
    ----------
    terms
        Margin, discount rate, horizon and timing.
    column
        The tenure's place in the design; 0 where retention is the same in every year.
    longer
        By how much the tenure of each pattern is longer in each year (T, u); empty where it does not count.
    """

    terms: ValueTerms
    column: int
    longer: np.ndarray

    @classmethod
    def of(cls, model: LeavingModel, terms: ValueTerms) -> Renewals:
        """The renewals of this model's patterns.

        Raises
        ------
        EstimationError
            When the tenure is no control of the model.
        """
        if terms.tenure is None:
            return cls(terms, 0, np.empty((0, 0)))
        if terms.tenure not in model.names[2:]:
            raise EstimationError(
                sentence("Tenure “{name}” is no control. Add it to [drivers.items] as one.", name=terms.tenure)
            )
        column = model.names.index(terms.tenure)
        now, years = model.patterns[:, column], np.arange(terms.horizon_years)[:, None]
        return cls(terms, column, np.minimum(now + terms.tenure_step * years, now.max()) - now)

    @property
    def constant(self) -> bool:
        """Whether retention is the same in every year."""
        return not self.column

    def kept(self, odds: np.ndarray, beta: np.ndarray, year: int = 0) -> np.ndarray:
        """Retention (b, u) of a year, from log-odds of leaving at today's tenure and coefficients (b, k)."""
        if year and self.column:
            odds = odds + beta[:, self.column, None] * self.longer[year]
        return yearly_retention(inverse_logit(-odds), self.terms)

    def multiple(self, odds: np.ndarray, beta: np.ndarray, kept: np.ndarray) -> np.ndarray:
        """How many yearly margins the patterns are worth (b, u); `kept` is the retention of the first year."""
        if self.constant:
            return worth_of(kept, self.terms)
        there = [np.ones_like(kept), kept]
        for year in range(1, self.terms.horizon_years):
            there.append(there[-1] * self.kept(odds, beta, year))
        rate, timing = self.terms.discount_rate, self.terms.timing
        return curve_multiple(np.stack(there, axis=-1), discount_rate=rate, timing=timing)


def years_phrase(terms: ValueTerms, survey: Survey) -> Sentence:
    """How retention runs over the years, for a method sentence."""
    if terms.tenure is None:
        return sentence("retention the same in every year")
    return sentence(
        "retention of later years is that of customers whose “{tenure}” is so much longer today, as in a life table, "
        "and beyond the longest that of the longest",
        tenure=survey.labels.get(terms.tenure, terms.tenure),
    )
