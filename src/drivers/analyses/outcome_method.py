"""How the shares of an outcome were computed, in one sentence."""

from __future__ import annotations

from drivers.analyses.basis import LinearBasis, answers_phrase, units_phrase, weights_phrase
from drivers.analyses.division import COMPLETIONS, Division
from drivers.analyses.dominance import controls_phrase
from drivers.analyses.outcomes import SeenOutcome
from drivers.analyses.players import Players
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

_MODELS = {
    "linear": sentence("linear regression (R²)"),
    "top_box": sentence("logit (McFadden's measure)"),
    "leaving": sentence("logit (McFadden's measure)"),
    "ordered": sentence("ordered logit (proportional odds, McFadden's measure)"),
    "multinomial": sentence("multinomial logit (McFadden's measure)"),
}


def shares_method(
    survey: Survey,
    basis: LinearBasis,
    players: Players,
    seen: SeenOutcome,
    division: Division,
    shown: tuple[int, float],
) -> Sentence:
    """The method sentence; `shown` are the number of draws and the level of intervals."""
    draws, confidence = shown
    return sentence(
        "General dominance (Shapley{owen}) shares of the fit of {outcome}: {model}, {sets} {players:count} drivers"
        "{controls}; {weights}; {answers}{some}; {confidence:percent} intervals: BCa over {draws:count} joint "
        "resamples "
        "of {units}{expanded}. An association, not proof of a cause.",
        owen=sentence(", within blocks Owen") if any(players.blocks) else sentence(""),
        outcome=seen.named,
        model=_MODELS[seen.kind],
        sets=_sets(players, division),
        players=len(players.names),
        controls=controls_phrase(survey, basis),
        weights=weights_phrase(survey),
        answers=answers_phrase(survey, basis),
        some=_some(basis, seen),
        confidence=confidence,
        draws=draws,
        units=units_phrase(survey),
        expanded=sentence("") if seen.kind == "linear" else sentence(_EXPANDED),
    )


_EXPANDED = (
    ", in which the fits of the sample are expanded about their weights (exact to first order, quadratic "
    "beyond) and not "
    "fitted again"
)


def _some(basis: LinearBasis, seen: SeenOutcome) -> Sentence:
    if seen.kind == "linear" or len(list(basis.completions())) <= COMPLETIONS:
        return sentence("")
    return sentence(", of which the first {times:count} serve here", times=COMPLETIONS)


def _sets(players: Players, division: Division) -> Sentence:
    if players.plan.orders is None or division.worth is not None:
        return sentence("all sets of")
    return sentence(
        "{sets:count} of the {all:count} sets, along balanced orders, the others approximated from these "
        "(standard error of "
        "a share at most {error:number2} percentage points), of",
        sets=len(players.plan.sets),
        all=2 ** len(players.names),
        error=100 * division.error,
    )
