"""Onshore or offshore, as a client file asks it: the gap, talk time and the business case."""

from __future__ import annotations

import numpy as np

from drivers.analyses.offshoring import SiteTerms, SourcingCase, sourcing_case
from drivers.analyses.prospects import money_confidence
from drivers.analyses.questions import Questions
from drivers.analyses.sites import SiteContacts, site_contacts
from drivers.analyses.sourcing import SiteGap, site_gap
from drivers.analyses.talktime import TalkTime, talk_time
from drivers.analyses.terms import value_terms
from drivers.client import Client
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import sentence

_STREAM = 2  # which child of the client file's seed the draws of centres come from; others serve other questions


def client_gap(questions: Questions) -> SiteGap | None:
    """The gap between the sites; None where the client file does not ask, or with the reason where there is none."""
    client = questions.client
    if client.sourcing is None:
        return None
    try:
        return site_gap(client_contacts(questions.survey, client), confidence=client.confidence)
    except EstimationError as error:
        questions.unanswered["sourcing"] = error.reason
        return None


def client_contacts(survey: Survey, client: Client) -> SiteContacts:
    """Whose contacts can tell onshore from offshore, on the draws that the client file's seed gives?

    Raises
    ------
    EstimationError
        As ``site_contacts`` does.
    """
    rng = np.random.default_rng(client.seed).spawn(_STREAM + 1)[_STREAM]
    return site_contacts(survey, rng, draws=client.draws, minimum_base=client.minimum_base)


def client_talk(questions: Questions, gap: SiteGap | None) -> TalkTime | None:
    """Talk time, where the client file names it and the sites can be compared."""
    asked = questions.client.sourcing
    if gap is None or asked is None or asked.talk_time is None:
        return None
    try:
        return talk_time(gap.contacts, confidence=questions.client.confidence)
    except EstimationError as error:
        questions.unanswered["talk_time"] = error.reason
        return None


def client_sourcing(questions: Questions, gap: SiteGap | None) -> SourcingCase | None:
    """The business case, where the client file states what contacts cost and the sites can be compared."""
    client = questions.client
    asked = client.sourcing
    if gap is None or asked is None or asked.cost_per_contact is None:
        return None
    try:
        return sourcing_case(gap, value_terms(client), site_terms(client), confidence=money_confidence(client))
    except EstimationError as error:
        questions.unanswered["sourcing_case"] = error.reason
        return None


def site_terms(client: Client) -> SiteTerms:
    """What contacts cost, as the client file states it.

    Raises
    ------
    EstimationError
        When the client file does not state it, or has no table [value].
    """
    asked, value = client.sourcing, client.value
    if asked is None or asked.cost_per_contact is None or asked.contacts_per_year is None or value is None:
        raise EstimationError(sentence("The client file does not say what a contact costs. Add cost_per_contact."))
    return SiteTerms(
        asked.cost_per_contact.onshore,
        asked.cost_per_contact.offshore,
        asked.contacts_per_year,
        asked.customers or value.customers,
        asked.switch_cost,
        asked.return_cost,
    )
