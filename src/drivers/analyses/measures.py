"""How loyal do customers say they are? Satisfaction index, boxes, recommendation, effort and intention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import joint_resample, survey_design, units_phrase, weights_phrase
from drivers.analyses.disclosure import hidden_groups
from drivers.analyses.groups import Thresholds
from drivers.analyses.scoremeans import score_means
from drivers.analyses.scores import INDEX_TOP, SHARES, LoyaltyQuestions, Score, index_weights, loyalty_scores
from drivers.core.composite import component_weights
from drivers.core.estimate import Bounds, Estimate
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class LoyaltyMeasures:
    """What customers say: satisfaction, recommendation, effort and intention, each with its interval.

    Attributes
    ----------
    table
        One row a measure: its question, the answers it counts or the ends of its scale, level with interval and
        standard error, base and effective base; suppressed where the level would tell the size of a small group.
    parts
        One row a question that satisfaction is made of: its weight in the satisfaction index.
    rule
        Where the rule comes from that turns intention into behaviour; None where none is stated.
    intention
        Printed name of the intention; None where none was asked.
    base
        Respondents with an answer on at least one of the questions.
    confidence, method
        As in every result.
    """

    table: pd.DataFrame
    parts: pd.DataFrame
    rule: str | None
    intention: str | None
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        return f"LoyaltyMeasures: {', '.join(f'{m} {x:.2f}' for m, x in self.levels().items())}; base {self.base}"

    def levels(self) -> dict[str, float]:
        """The level of each measure."""
        return dict(zip(self.table["measure"], self.table["level"].astype(float), strict=True))


def loyalty_measures(
    survey: Survey,
    questions: LoyaltyQuestions | None = None,
    resample: Resample | None = None,
    *,
    limits: Thresholds | None = None,
    minimum_base: int = 1,
    confidence: float = 0.95,
) -> LoyaltyMeasures:
    """How loyal do customers say they are?

    A satisfaction index of 71 means: the average customer stands at 71% of the way from the worst answer to the best.
    What customers say is not what they do: an intention is converted into behaviour only by a stated rule.

    Parameters
    ----------
    survey
        The wave; each measure takes all who answered its question.
    questions
        Columns of recommending, effort and intention; default: satisfaction alone.
    resample
        The joint resample; default: 1,000 draws of a generator of seed 1. It gives the interval of an index of several
        questions, whose weights are estimated anew in every draw.
    limits
        From where a customer is satisfied (top box), to where dissatisfied (bottom box); default: see ``thresholds``.
    minimum_base
        Boxes with fewer respondents are suppressed, and others whose share would tell them (``hidden_groups``); the
        default suppresses none.
    confidence
        Level of every interval: Wilson's for shares, with the effective base under weights, strata and clusters;
        normal or Student's for others.

    Raises
    ------
    EstimationError
        When fewer than two answered any question, or the rule of conversion lacks an answer.
    SurveyError
        When an answer to recommending is no whole number from 0 to 10.
    """
    questions = LoyaltyQuestions() if questions is None else questions
    resample = joint_resample(survey) if resample is None else resample
    scores = [s for s in loyalty_scores(survey, questions, limits=limits) if _answers(survey, s) >= 2]
    if not scores:
        raise EstimationError(sentence(_NOBODY))
    asked = questions.intention
    answered = np.any([~np.isnan(score.values) for score in scores], axis=0) & (survey.weights > 0)
    return LoyaltyMeasures(
        table=_told(
            pd.DataFrame([_row(survey, score, resample, confidence) for score in scores]),
            _hidden_boxes(survey, scores, minimum_base),
        ),
        parts=_parts(survey),
        rule=questions.rule.source if asked and questions.rule else None,
        intention=None if asked is None else survey.labels.get(asked, asked),
        base=int(answered.sum()),
        confidence=confidence,
        method=_method(survey, questions, resample, confidence),
    )


_NOBODY = "Fewer than two respondents answered any question on satisfaction or loyalty. Check the columns."


def _answers(survey: Survey, score: Score) -> int:
    return int((~np.isnan(score.values) & (survey.weights > 0)).sum())


def _hidden_boxes(survey: Survey, scores: Sequence[Score], minimum_base: int) -> list[str]:
    """The boxes of which, by the rule for groups, no number may be shown."""
    boxes = [score for score in scores if score.measure in SHARES]
    counts = [int(((score.values > 0) & (survey.weights > 0)).sum()) for score in boxes]
    between = (_answers(survey, boxes[0]) - sum(counts),) if boxes else ()
    hidden = hidden_groups(np.array([*counts, *between], dtype=float), minimum_base)
    return [score.measure for score, unseen in zip(boxes, hidden, strict=False) if unseen]


def _told(table: pd.DataFrame, hidden: list[str]) -> pd.DataFrame:
    """The table without the levels of these measures."""
    unseen = table["measure"].isin(hidden)
    levels = ["level", "level_low", "level_high", "level_error", "effective_base"]
    return table.assign(**{name: table[name].where(~unseen) for name in levels}, suppressed=unseen)


def _row(survey: Survey, score: Score, resample: Resample, confidence: float) -> dict[str, object]:
    found = score_means(survey, score, np.zeros(survey.base, dtype=np.int64))
    bounds, error = found.bounds(0, confidence), float(found.estimate.error[0])
    if score.measure == "satisfaction_index" and survey.outcome_parts:
        bounds, error = _composite(survey, resample, confidence)
    return {
        "measure": score.measure,
        "asked": score.question,
        "counts_from": score.counts_from,
        "counts_to": score.counts_to,
        **bounds.named("level"),
        "level_error": error,
        "base": int(found.bases[0]),
        "effective_base": float(found.effective[0]),
    }


def _composite(survey: Survey, resample: Resample, confidence: float) -> tuple[Bounds, float]:
    """The index of several questions, with their weights found anew in every draw, and its standard error."""
    parts, scale = survey.outcome_parts, survey.scales[survey.outcome]
    z, rows = survey.answers[list(parts)].to_numpy(), survey.complete(parts)
    drawn = resample.moments(parts, z, survey.weights, rows)
    level = (drawn.mean * component_weights(drawn.cross)).sum(axis=-1)
    own = np.average(z[rows] @ index_weights(survey), weights=survey.weights[rows])
    value, draws = (INDEX_TOP * (x - scale.low) / scale.span for x in (own, level))
    return Estimate(float(value), np.asarray(draws)).bounds(confidence), float(np.std(draws, ddof=1))


def _parts(survey: Survey) -> pd.DataFrame:
    names = list(survey.outcome_parts) or [survey.outcome]
    labels = [survey.labels.get(name, name) for name in names]
    return pd.DataFrame({"asked": labels, "part_weight": index_weights(survey)})


def _method(survey: Survey, questions: LoyaltyQuestions, resample: Resample, confidence: float) -> Sentence:
    simple = survey_design(survey) is None
    several = sentence(_SEVERAL, k=len(survey.outcome_parts), draws=resample.draws, units=units_phrase(survey))
    return sentence(
        "Measures of loyalty: satisfaction index: mean rescaled to 0 to 100{several}; boxes: shares of the answers; "
        "{weights}; each measure on all who answered its question; {confidence:percent} intervals, of shares Wilson's, "
        "with {errors} errors{rule}.",
        several=several if survey.outcome_parts else sentence(""),
        weights=weights_phrase(survey),
        confidence=confidence,
        errors=sentence("simple-sample (multinomial for shares)") if simple else sentence("design-based (linearised)"),
        rule=sentence(_RULE, source=questions.rule.source.rstrip(".")) if questions.rule else sentence(""),
    )


_SEVERAL = (
    " of {k:count} questions, weighted by their first principal component (Fornell and others 1996), with an interval "
    "from {draws:count} joint resamples of {units}"
)
_RULE = "; rule from intention to behaviour: {source}"
