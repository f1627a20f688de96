"""What the answers themselves say, before any driver: how many, how they are weighted, who would recommend.

Completes `explain`, which is therefore taken from here by those who explain any result.
"""

from __future__ import annotations

from drivers.analyses.missing import MissingSensitivity
from drivers.analyses.promoter import NetPromoter
from drivers.analyses.quality import AnswerQuality
from drivers.analyses.reliability import BatteryReliability
from drivers.analyses.screening import AnswerScreening
from drivers.analyses.weighting import WeightReport
from drivers.present.missing import missing_lines
from drivers.present.scrutiny import quality_lines, reliability_lines, screening_lines
from drivers.present.sentences import explain
from drivers.wording import Sentence, sentence

explain.register(MissingSensitivity, missing_lines)


explain.register(AnswerQuality, quality_lines)
explain.register(AnswerScreening, screening_lines)
explain.register(BatteryReliability, reliability_lines)


@explain.register
def _(result: WeightReport) -> tuple[Sentence, ...]:
    spread = sentence(
        "The weights run from {low:number2} to {high:number2} around a mean of {mean:number2}; they multiply the "
        "variance of a mean by {effect:number2} (Kish).",
        low=result.minimum,
        high=result.maximum,
        mean=result.mean,
        effect=result.design_effect,
    )
    if result.trimmed_share is None:
        return (spread,)
    raked = sentence(
        "They were raked to the population: {trimmed:percent1} of the customers are held at a bound, and the largest "
        "gap that is left between a share and the population's is {gap:percent1}.",
        trimmed=result.trimmed_share,
        gap=result.largest_gap,
    )
    anew = sentence(
        "Some respondents were left out; the weights of the others were raked anew, so that these have the margins of "
        "the population too."
    )
    return (spread, raked, anew) if result.raked_again else (spread, raked)


@explain.register
def _(result: NetPromoter) -> tuple[Sentence, ...]:
    shares = result.table.set_index("promoter_group")["customer_share"]
    lead = sentence(
        "The net promoter score is {score:pp1} ({low:pp1} to {high:pp1}).",
        score=result.score,
        low=result.score_low,
        high=result.score_high,
    )
    parts = sentence(
        "{promoters:percent1} would recommend (9 or 10), {detractors:percent1} would not (0 to 6).",
        promoters=shares["promoters"],
        detractors=shares["detractors"],
    )
    return (lead, parts)
