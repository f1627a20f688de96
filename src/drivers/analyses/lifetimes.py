"""Lifetimes of a client's customers, from the history that the client file names, and what follows for other values."""

from __future__ import annotations

import numpy as np

from drivers.analyses.contract import ContractLifetime, fit_contract_lifetime
from drivers.analyses.lifetime_terms import LifetimeTerms
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.notice import Notice
from drivers.analyses.purchases import PurchaseLifetime, fit_purchase_lifetime
from drivers.client import Client
from drivers.client.value import Value
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.survey.words import TENURE, searchable
from drivers.wording import sentence

LIFETIME_NOTICES = ("constant_retention", "related_amounts", "beyond_history", "rising_retention")
"""Kinds of notices that belong to the value of customers, not to the first page."""

_STREAM = 2  # of the client file's seed, so that these draws share nothing with those of respondents


def client_lifetime(survey: Survey, client: Client) -> ContractLifetime | PurchaseLifetime | None:
    """What is a customer worth, given what customers did so far? None where the client file names no history.

    Raises
    ------
    EstimationError
        When the history does not carry the model, or no margin is known.
    """
    stated, history = client.value, survey.history
    if stated is None or history is None:
        return None
    terms = LifetimeTerms(
        _margin(survey, stated), stated.discount_rate, stated.horizon_years, stated.timing, stated.history_unit
    )
    rng = np.random.default_rng(client.seed).spawn(_STREAM)[-1]
    draws, confidence = client.draws, client.confidence
    if stated.model == "purchases":
        return fit_purchase_lifetime(history, terms, draws=draws, rng=rng, confidence=confidence)
    return fit_contract_lifetime(history, terms, model=stated.model, draws=draws, rng=rng, confidence=confidence)


def _margin(survey: Survey, stated: Value) -> float:
    """Share of margin for purchases; else the yearly margin, averaged over respondents where it is a column."""
    if stated.margin_share is not None:
        return stated.margin_share
    if not isinstance(stated.margin_per_year, str):
        return float(stated.margin_per_year)
    margin = survey.answers[stated.margin_per_year].to_numpy()
    known = np.isfinite(margin) & (survey.weights > 0)
    if not known.any():
        text = "No respondent has a value in {column}. Give margin_per_year as one amount."
        raise EstimationError(sentence(text, column=stated.margin_per_year))
    return float(np.average(margin[known], weights=survey.weights[known]))


def rising_retention(link: RetentionLink | None, lifetime: object) -> tuple[Notice, ...]:
    """Whether values that hold retention constant over the years must be read with care, and why."""
    if link is None:
        return ()
    if isinstance(lifetime, ContractLifetime) and lifetime.rises:
        return (Notice("rising_retention", sentence(_IN_COHORTS)),)
    longer = [row for _, row in link.table.iloc[2:].iterrows() if TENURE.search(searchable(row["term"], row["label"]))]
    for row in longer:
        if row["log_odds_high"] < 0:
            return (Notice("rising_retention", sentence(_WITH_TENURE, label=row["label"])),)
    return ()


_IN_COHORTS = (
    "The extra value of satisfied customers takes each customer's retention as the same in every year, but in the "
    "cohorts it rises with tenure. The value of each group is therefore rough; what that does to the difference was "
    "not computed."
)
_WITH_TENURE = (
    "The extra value of satisfied customers takes each customer's retention as the same in every year, but in this "
    "survey longer-standing customers leave less often ({label}). Those who stay may become harder to lose, so the "
    "value of each group is probably too low; what that does to the difference is computed with that column as "
    "value.tenure in the client file."
)
