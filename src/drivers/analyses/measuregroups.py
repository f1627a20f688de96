"""Are customers in all groups equally loyal, by what they say?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from drivers.analyses.basis import survey_design, weights_phrase
from drivers.analyses.disclosure import hidden_groups
from drivers.analyses.equality import ALPHA
from drivers.analyses.grouping import MOST_GROUPS
from drivers.analyses.groups import Thresholds
from drivers.analyses.scoremeans import ScoreMeans, score_means
from drivers.analyses.scores import LoyaltyQuestions, Measure, Score, loyalty_scores
from drivers.core.estimate import Bounds
from drivers.core.multiplicity import adjusted_p
from drivers.core.wald import WaldTest
from drivers.errors import EstimationError
from drivers.survey.segments import Segmentation
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class MeasureGroups:
    """Measures of loyalty in groups of customers.

    Attributes
    ----------
    table
        One row a measure and group of each division: base, level with interval; NaN where the group is under the
        minimum base, or would tell such a group by subtraction.
    tests
        One row a measure and division: whether the groups have the same level; p-values adjusted by Holm over all rows.
    differences
        One row a pair of groups of each division in which a measure is shown to differ: how far the first lies above
        the other, with its interval (of one comparison), and p-values adjusted by Holm over the pairs.
    base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    tests: pd.DataFrame
    differences: pd.DataFrame
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        return f"MeasureGroups: {int(self.tests['shown'].sum())} of {len(self.tests)} tests show a difference"


def measure_groups(
    survey: Survey,
    questions: LoyaltyQuestions | None = None,
    *,
    measures: Sequence[Measure] | None = None,
    minimum_base: int = 30,
    limits: Thresholds | None = None,
    confidence: float = 0.95,
) -> MeasureGroups:
    """Are customers in all groups equally loyal, by what they say?

    Parameters
    ----------
    survey
        The wave, with its segments; divisions into more than 24 groups are left out.
    questions
        Columns of recommending, effort and intention; default: satisfaction alone.
    measures
        Which measures are compared; default: all.
    minimum_base
        Groups with fewer answers are suppressed, and others whose numbers would tell them (``hidden_groups``).
    limits
        From where a customer is satisfied, to where dissatisfied; default: see ``thresholds``.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When no division has two groups to compare.
    """
    scores = loyalty_scores(survey, questions or LoyaltyQuestions(), limits=limits)
    chosen = [score for score in scores if measures is None or score.measure in measures]
    rows: list[dict[str, object]] = []
    found: list[_Compared] = []
    for division in survey.segments.values():
        for score in chosen if len(division.groups) <= MOST_GROUPS else ():
            compared = _compared(survey, score, division, minimum_base)
            rows += compared.rows(confidence)
            found += [compared] if len(compared.shown) > 1 else []
    if not found:
        raise EstimationError(sentence(_NOTHING, least=minimum_base))
    tests = _adjusted(pd.DataFrame([compared.test() for compared in found]))
    apart = [compared for compared, shown in zip(found, tests["shown"], strict=True) if shown]
    return MeasureGroups(
        table=pd.DataFrame(rows).astype({"base": "Int64"}),
        tests=tests,
        differences=pd.DataFrame(
            [row for compared in apart for row in compared.pairs(confidence)], columns=_PAIR_COLUMNS
        ),
        base=int((survey.weights > 0).sum()),
        confidence=confidence,
        method=_method(survey, len(tests), confidence),
    )


_NOTHING = (
    "No measure of loyalty can be compared between groups: fewer than two groups have {least:count} answers. Name "
    "other columns in survey.segments, or put groups together."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """One measure in the groups of one division: which exist, which are hidden, and the means of the others."""

    score: Score
    division: Segmentation
    present: list[int]
    hidden: np.ndarray
    means: ScoreMeans | None

    def rows(self, confidence: float) -> list[dict[str, object]]:
        place, rows = 0, []
        for g, unseen in zip(self.present, self.hidden, strict=True):
            bounds, base = Bounds(np.nan, np.nan, np.nan), None
            if not unseen and self.means is not None:
                bounds, base = self.means.bounds(place, confidence), int(self.means.bases[place])
                place += 1
            named = {"segment_group": self.division.groups[g], "suppressed": bool(unseen or self.means is None)}
            rows.append({**self.about, **named, "base": base, **bounds.named("level")})
        return rows

    @property
    def shown(self) -> list[str]:
        """Names of the groups that are not hidden."""
        return [self.division.groups[g] for g, unseen in zip(self.present, self.hidden, strict=True) if not unseen]

    @property
    def about(self) -> dict[str, object]:
        return {"measure": self.score.measure, "asked": self.score.question, "division": self.division.label}

    def test(self) -> dict[str, object]:
        """Whether the groups have the same level."""
        test = self.means.equal() if self.means else _NO_TEST
        found = {"f_statistic": test.f, "df_between": test.between, "df_within": test.within, "p_value": test.p}
        return {**self.about, **found}

    def pairs(self, confidence: float) -> list[dict[str, object]]:
        """How far each two groups are apart; the higher of the two comes first."""
        means, names, rows, p = self.means, self.shown, [], []
        if means is None:
            return []
        for i, j in combinations(range(len(names)), 2):
            first, other = (i, j) if means.estimate.value[i] >= means.estimate.value[j] else (j, i)
            bounds, chance = means.gap(first, other, confidence)
            named = {"segment_group": names[first], "other_group": names[other]}
            rows.append({**self.about, **named, **bounds.named("level_gap")})
            p.append(chance)
        adjusted = adjusted_p(np.array(p), "holm")
        return [row | {"p_adjusted": a, "shown": bool(a < ALPHA)} for row, a in zip(rows, adjusted, strict=True)]


_NO_TEST = WaldTest(float("nan"), 0, float("nan"), float("nan"))
_PAIR_COLUMNS = [
    "measure", "asked", "division", "segment_group", "other_group", "level_gap", "level_gap_low", "level_gap_high",
    "p_adjusted", "shown",
]  # fmt: skip


def _compared(survey: Survey, score: Score, division: Segmentation, minimum_base: int) -> _Compared:
    answered = ~np.isnan(score.values) & (survey.weights > 0)
    present = [g for g in range(len(division.groups)) if (answered & (division.codes == g)).any()]
    hidden = hidden_groups(np.array([int((answered & (division.codes == g)).sum()) for g in present]), minimum_base)
    shown = [g for g, unseen in zip(present, hidden, strict=True) if not unseen]
    codes = np.full(survey.base, -1)
    for place, g in enumerate(shown):
        codes[division.codes == g] = place
    return _Compared(score, division, present, hidden, score_means(survey, score, codes) if shown else None)


def _adjusted(tests: pd.DataFrame) -> pd.DataFrame:
    adjusted = adjusted_p(tests["p_value"].to_numpy(dtype=float), "holm")
    return tests.assign(p_adjusted=adjusted, shown=adjusted < ALPHA)


def _method(survey: Survey, tests: int, confidence: float) -> Sentence:
    simple = survey_design(survey) is None
    return sentence(
        "Measures in groups: F tests of equal levels, {weights}, {errors} errors; p-values adjusted by Holm for "
        "{tests:count} tests; {confidence:percent} intervals.",
        weights=weights_phrase(survey),
        errors=sentence("Welch's") if simple else sentence("design-based (linearised)"),
        tests=tests,
        confidence=confidence,
    )
