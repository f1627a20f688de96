"""Who is left of a survey once those are gone whom the client file leaves out?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from drivers.analyses.screens import ScreeningRules, respondent_screens, singled_out
from drivers.client import Client
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence


def kept_survey(survey: Survey, client: Client) -> Survey:
    """Who is left by the word of this client file? The survey that every result of a report is on.

    Raises
    ------
    EstimationError
        When fewer are left than the client's minimum base, or they cannot have the margins of the population.
    """
    exclude = client.quality.exclude
    kept = screened_survey(survey, screening_rules(client), exclude=exclude)
    left = int(kept.complete([kept.outcome]).sum())
    if kept is not survey and left < client.minimum_base:
        raise EstimationError(
            f"{left} respondents are left after the checks in quality.exclude; expected at least "
            f"{client.minimum_base} (minimum_base). Remove some of the checks."
        )
    return kept


def exclusion_sentences(survey: Survey, client: Client) -> Iterator[Sentence]:
    """What does ``quality.exclude`` do to this survey? Nothing is told of groups under the minimum base but that."""
    exclude, least = client.quality.exclude, client.minimum_base
    if not exclude:
        return
    screens = respondent_screens(survey, screening_rules(client), exclude)
    counts = [sentence("{name}: {n}", name=s.name, n=_count(int(s.flags.sum()), least)) for s in screens]
    out = int(singled_out(screens, exclude, survey.base).sum())
    yield sentence(
        "Left out by quality.exclude: {n} of {base:count} ({checks:list}).",
        n=_count(out, least),
        base=int((survey.weights > 0).sum()),
        checks=counts,
    )
    if absent := [name for name in exclude if name not in {s.name for s in screens}]:
        yield sentence("Named in quality.exclude, but this wave does not allow the check: {names:list}.", names=absent)


def _count(n: int, least: int) -> Sentence:
    return sentence("fewer than {n:count}", n=least) if 0 < n < least else sentence("{n:count}", n=n)


def screening_rules(client: Client) -> ScreeningRules:
    """The limits of the checks that this client file sets."""
    return ScreeningRules(client.quality.too_fast_share, client.quality.too_fast_below)


def screened_survey(survey: Survey, rules: ScreeningRules | None = None, *, exclude: Sequence[str] = ()) -> Survey:
    """What is left of the survey without the respondents whom these checks single out?

    Raked weights are raked anew, from the weights they started with: the population's margins are to hold for those who
    are left. The checks themselves look at the survey as it was.

    Raises
    ------
    EstimationError
        When nobody is left, or those who are left cannot have the margins of the population.
    """
    screens = respondent_screens(survey, rules or ScreeningRules(), exclude) if exclude else ()
    kept = ~singled_out(screens, exclude, survey.base)
    if kept.all():
        return survey
    if (survey.weights[kept] == 0).all():
        raise EstimationError(
            f"The checks {', '.join(exclude)} leave nobody out of {survey.base} respondents. Remove some of them from "
            "quality.exclude."
        )
    return _raked_again(survey.rows(kept), survey, kept)


def _raked_again(left: Survey, survey: Survey, kept: np.ndarray) -> Survey:
    if survey.raking is None:
        return left
    try:
        raking = survey.raking.among(kept)
    except EstimationError as error:
        raise EstimationError(
            f"Those who are left after the checks in quality.exclude cannot be raked: {error} Or remove some of the "
            "checks."
        ) from error
    return replace(left, weights=raking.w, raking=raking)
