"""Did loyalty change between two waves, by what customers say?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from drivers.analyses.basis import survey_design, weights_phrase
from drivers.analyses.equality import ALPHA
from drivers.analyses.groups import Thresholds, thresholds
from drivers.analyses.scoremeans import means_of
from drivers.analyses.scores import LoyaltyQuestions, Score, index_weights, loyalty_scores
from drivers.core.design import Design, sampling_design
from drivers.core.multiplicity import adjusted_p
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

Identities = tuple[Sequence[object], Sequence[object]]
"""Who answered each row of the earlier and of the later wave, under the same names in both."""


@dataclass(frozen=True, slots=True, eq=False)
class MeasureChange:
    """Measures of loyalty in two waves.

    Attributes
    ----------
    table
        One row a measure that both waves have: level before and after with intervals, change with its interval (that of
        one comparison), p-value, and p-value adjusted by Holm over the measures.
    earlier, later
        Names of the waves.
    overlap
        Respondents of the later wave who answered in the earlier one too; None where it was not said who answered.
    base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    earlier: str
    later: str
    overlap: int | None
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        shown = self.table.loc[self.table["shown"], "measure"].tolist()
        return f"MeasureChange: {self.earlier} to {self.later}: {', '.join(shown) or 'no change'} shown"


def measure_change(
    earlier: Survey,
    later: Survey,
    questions: LoyaltyQuestions | None = None,
    *,
    respondents: Identities | None = None,
    limits: Thresholds | None = None,
    confidence: float = 0.95,
) -> MeasureChange:
    """Did loyalty change between two waves, by what customers say?

    A change of 0.04 in the net promoter score means: it is 4 points higher in the later wave. Nobody asked the same
    questionnaire of the same customers unless `respondents` says so, so other customers may have answered.

    Parameters
    ----------
    earlier, later
        The two waves, on the same scales. The questions that satisfaction is made of have the earlier wave's weights
        in both, so that the index means the same.
    questions
        Columns of recommending, effort and intention; default: satisfaction alone.
    respondents
        Who answered each row of both waves (of a survey of clusters: whose cluster it is), under the same names in
        both. Who answered twice is then one unit, and strata are not used. Default: the waves are independent samples.
    limits
        From where a customer is satisfied, to where dissatisfied; default: those of the earlier wave.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When the waves have no measure in common, or ask a question on different scales.
    """
    limits = thresholds(earlier) if limits is None else limits
    weights = index_weights(earlier) if earlier.outcome_parts == later.outcome_parts else None
    waves = (earlier, later)
    found = [_scores(wave, questions or LoyaltyQuestions(), limits, weights) for wave in waves]
    pairs = [(found[0][m], found[1][m]) for m in found[0] if m in found[1]]
    if not pairs:
        raise EstimationError(sentence("The two waves have no measure of loyalty in common. Name columns of both."))
    joint = _joint(waves, respondents)
    table = pd.DataFrame([_row(joint, a, b, confidence) for a, b in pairs])
    adjusted = adjusted_p(table["p_value"].to_numpy(dtype=float), "holm")
    return MeasureChange(
        table=table.assign(p_adjusted=adjusted, shown=adjusted < ALPHA),
        earlier=earlier.wave or earlier.source,
        later=later.wave or later.source,
        overlap=joint.overlap,
        base=len(joint.w),
        confidence=confidence,
        method=_method(later, joint, len(pairs), confidence),
    )


def _scores(
    wave: Survey, questions: LoyaltyQuestions, limits: Thresholds, weights: np.ndarray | None
) -> dict[str, Score]:
    """The scores of a wave by measure, of the questions that it asked."""
    there = {
        name: column if column is not None and column in wave.answers else None
        for name, column in (("nps", questions.nps), ("effort", questions.effort), ("intention", questions.intention))
    }
    scores = loyalty_scores(wave, replace(questions, **there), limits=limits, part_weights=weights)  # type: ignore[arg-type]
    enough = [s for s in scores if (~np.isnan(s.values) & (wave.weights > 0)).sum() >= 2]
    return {score.measure: score for score in enough}


@dataclass(frozen=True, slots=True, eq=False)
class _Joint:
    """The rows of both waves with weight, one below the other.

    `kept` are the rows with weight of each wave, `codes` (n,) is 0 for the earlier and 1 for the later one.
    """

    kept: tuple[np.ndarray, np.ndarray]
    w: np.ndarray
    codes: np.ndarray
    design: Design | None
    tied: bool
    overlap: int | None


def _joint(waves: tuple[Survey, Survey], respondents: Identities | None) -> _Joint:
    kept = tuple(wave.weights > 0 for wave in waves)
    w = np.concatenate([wave.weights[k] for wave, k in zip(waves, kept, strict=True)])
    codes = np.repeat([0, 1], [int(k.sum()) for k in kept])
    tied = any(wave.strata is not None or wave.clusters is not None for wave in waves)
    if respondents is not None:
        units, overlap = _units(waves, kept, respondents)
        return _Joint((kept[0], kept[1]), w, codes, sampling_design(w, clusters=units), tied=True, overlap=overlap)
    if all(survey_design(wave) is None for wave in waves):
        return _Joint((kept[0], kept[1]), w, codes, None, tied=False, overlap=None)
    strata = _stacked([wave.strata if wave.strata is not None else np.zeros(wave.base) for wave in waves], kept)
    own = [wave.clusters if wave.clusters is not None else np.arange(wave.base) for wave in waves]
    return _Joint((kept[0], kept[1]), w, codes, sampling_design(w, strata, _stacked(own, kept)), tied, None)


def _stacked(columns: Sequence[np.ndarray], kept: Sequence[np.ndarray]) -> np.ndarray:
    """Codes of both waves, one below the other, none in common."""
    first, second = (np.unique(c[k], return_inverse=True)[1] for c, k in zip(columns, kept, strict=True))
    return np.concatenate([first, second + first.max(initial=-1) + 1])


def _units(waves: tuple[Survey, Survey], kept: Sequence[np.ndarray], names: Identities) -> tuple[np.ndarray, int]:
    """Codes (n,) of who answered, and how many of the later wave answered before."""
    for wave, own in zip(waves, names, strict=True):
        if len(own) != wave.base:
            raise EstimationError(sentence(_LENGTHS, names=len(own), base=wave.base))
    told = [pd.Series(list(own), dtype=object)[k] for own, k in zip(names, kept, strict=True)]
    codes, _ = pd.factorize(pd.concat(told, ignore_index=True), use_na_sentinel=False)
    first = int(kept[0].sum())
    return np.asarray(codes), len(set(codes[:first].tolist()) & set(codes[first:].tolist()))


_LENGTHS = "There are {names:count} names for {base:count} respondents of a wave; expected one each."


def _row(joint: _Joint, before: Score, after: Score, confidence: float) -> dict[str, object]:
    if (before.counts_from, before.counts_to) != (after.counts_from, after.counts_to):
        raise EstimationError(sentence(_SCALES, question=after.question))
    values = np.concatenate([s.values[k] for s, k in zip((before, after), joint.kept, strict=True)])
    codes = np.where(np.isnan(values), -1, joint.codes)
    found = means_of(replace(after, values=values), joint.w, codes, joint.design, joint.tied)
    first, second = found.bounds(0, confidence), found.bounds(1, confidence)
    change, p = found.gap(1, 0, confidence)
    return {
        "measure": after.measure,
        "asked": after.question,
        "counts_from": after.counts_from,
        "counts_to": after.counts_to,
        **first.named("level_before"),
        **second.named("level"),
        **change.named("level_change"),
        "p_value": p,
    }


_SCALES = (
    "{question} has another scale, or other limits, in each of the two waves, so they cannot be compared. Declare one "
    "scale for both."
)


def _method(later: Survey, joint: _Joint, tests: int, confidence: float) -> Sentence:
    samples = sentence("the waves as independent samples")
    if joint.overlap is not None:
        samples = sentence("{overlap:count} respondents who answered in both as one unit each", overlap=joint.overlap)
    return sentence(
        "Change between waves: difference of levels, {weights}, {samples}, {errors} errors; p-values adjusted by Holm "
        "for {tests:count} measures; {confidence:percent} intervals, each for one comparison.",
        weights=weights_phrase(later),
        samples=samples,
        errors=sentence("Welch's") if joint.design is None else sentence("design-based (linearised)"),
        tests=tests,
        confidence=confidence,
    )
