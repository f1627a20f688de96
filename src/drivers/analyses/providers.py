"""Would client organisations recommend their provider, and on what do providers score worst?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtr

from drivers.analyses.basis import joint_resample, survey_design, weights_phrase
from drivers.analyses.disclosure import hidden_groups
from drivers.analyses.equality import ALPHA
from drivers.analyses.promoter import NetPromoter, net_promoter
from drivers.analyses.scoremeans import score_means
from drivers.analyses.scores import Score, promoter_score
from drivers.core.domains import column_means
from drivers.core.interval import student_reach
from drivers.core.multiplicity import adjusted_p
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class ProviderProfile:
    """What client organisations say of their providers: recommending, and the attributes from worst to best.

    Attributes
    ----------
    table
        One row an attribute, lowest mean first: mean with interval, how far it lies above the lowest with its interval
        (that of one comparison), p-value adjusted by Holm over all pairs of attributes, whether the difference is
        shown, and the share of the resamples in which the attribute is the lowest.
    providers
        One row a provider: base, net promoter score and share that would recommend with intervals; NaN under the
        minimum base. Empty where providers are not told apart.
    score, score_low, score_high
        Net promoter score as a fraction, with its interval.
    recommend_share, recommend_share_low, recommend_share_high
        Share that would recommend (9 or 10), with Wilson's interval.
    detractors
        Share that answers 0 to 6.
    worst
        Label of the attribute that is shown to lie below every other; None where none is.
    equal_p
        p-value of the test that all providers shown have the same net promoter score; null without two of them.
    scale_low, scale_high
        Ends of the scale of the attributes.
    organisations
        Client organisations that answered; null where the client file does not name their column.
    source
        Name of the file of answers, without its folder.
    base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    providers: pd.DataFrame
    score: float
    score_low: float
    score_high: float
    recommend_share: float
    recommend_share_low: float
    recommend_share_high: float
    detractors: float
    worst: str | None
    equal_p: float
    scale_low: float
    scale_high: float
    organisations: int | None
    source: str
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        worst = self.worst or "no attribute shown to be the worst"
        return f"ProviderProfile: {100 * self.score:+.1f} ({worst}), base {self.base}"


def provider_profile(
    survey: Survey, resample: Resample | None = None, *, minimum_base: int = 30, confidence: float = 0.95
) -> ProviderProfile:
    """Would client organisations recommend their provider, and on what do providers score worst?

    An attribute is called the worst only when it is shown to lie below every other one.

    Parameters
    ----------
    survey
        A survey whose outcome is recommending (0 to 10), whose drivers are the attributes, whose clusters are the
        client organisations and whose segment, if any, is the provider.
    resample
        The joint resample of that survey; default: 1,000 draws of a generator of seed 1.
    minimum_base
        Fewest answers on recommending, of all and of a provider that is shown.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When fewer than `minimum_base` answered, or fewer than two attributes were rated.
    SurveyError
        When an answer to recommending is no whole number from 0 to 10.
    """
    resample = joint_resample(survey) if resample is None else resample
    answered = survey.complete([survey.outcome])
    _check(survey, int(answered.sum()), minimum_base)
    score = net_promoter(survey, survey.outcome, confidence=confidence)
    points = promoter_score(survey, survey.outcome)
    share = _promoters(points)
    bounds = score_means(survey, share, np.zeros(survey.base, dtype=np.int64)).bounds(0, confidence)
    table = _attributes(survey, resample, confidence)
    below = table.loc[1:, "shown"].all()
    providers, equal = _by_provider(survey, (points, share), minimum_base, confidence)
    scale = survey.scales[survey.drivers[0]]
    clusters = survey.clusters
    return ProviderProfile(
        table=table,
        providers=providers,
        score=score.score,
        score_low=score.score_low,
        score_high=score.score_high,
        recommend_share=bounds.value,
        recommend_share_low=bounds.low,
        recommend_share_high=bounds.high,
        detractors=_share_of(score, "detractors"),
        worst=str(table.loc[0, "label"]) if below else None,
        equal_p=equal,
        scale_low=scale.low,
        scale_high=scale.high,
        organisations=None if clusters is None else len(np.unique(clusters[answered])),
        source=survey.source,
        base=score.base,
        confidence=confidence,
        method=_method(survey, score, resample, confidence),
    )


def _check(survey: Survey, base: int, minimum_base: int) -> None:
    if base < minimum_base:
        raise EstimationError(sentence(_FEW, n=base, least=minimum_base))
    rated = [d for d in survey.drivers if survey.complete([d]).sum() > 1]
    if len(rated) < 2 or len(rated) < len(survey.drivers):
        raise EstimationError(sentence(_UNRATED))


_FEW = (
    "{n:count} respondents say whether they would recommend their provider; at least {least:count} are needed. Collect "
    "more answers."
)
_UNRATED = "Fewer than two attributes of the providers were rated by several respondents. Name others in [providers]."


def _promoters(points: Score) -> Score:
    values = np.where(np.isnan(points.values), np.nan, points.values > 0)
    return Score("top_box", points.question, values, 0.0, 1.0, 9.0, 10.0)


def _share_of(score: NetPromoter, group: str) -> float:
    return float(score.table.set_index("promoter_group").loc[group, "customer_share"])


def _attributes(survey: Survey, resample: Resample, confidence: float) -> pd.DataFrame:
    columns, counted = list(survey.drivers), survey.weights > 0
    z = survey.answers[columns].to_numpy()
    found = column_means(z[counted], survey.weights[counted], survey_design(survey))
    order = np.argsort(found.value, kind="stable")
    lowest = int(order[0])
    variance = np.diagonal(found.covariance)
    gap = found.value - found.value[lowest]
    error = np.sqrt(np.maximum(variance + variance[lowest] - 2 * found.covariance[lowest], 0.0))
    reach = student_reach(error, found.degrees, confidence)
    own = student_reach(found.error, found.degrees, confidence)
    adjusted = _pairs_p(found.value, found.covariance, found.degrees)[lowest]
    adjusted[lowest] = np.nan
    scale = survey.scales[columns[0]]
    frame = pd.DataFrame(
        {
            "attribute": columns,
            "label": [survey.labels.get(c, c) for c in columns],
            "base": (~np.isnan(z[counted])).sum(axis=0),
            "attribute_mean": found.value,
            "attribute_mean_low": np.maximum(found.value - own, scale.low),
            "attribute_mean_high": np.minimum(found.value + own, scale.high),
            "above_lowest": gap,
            "above_lowest_low": np.where(error > 0, gap - reach, np.nan),
            "above_lowest_high": np.where(error > 0, gap + reach, np.nan),
            "p_adjusted": adjusted,
            "shown": adjusted < ALPHA,
            "lowest_probability": _lowest_share(survey, z, resample),
        }
    )
    return frame.iloc[order].reset_index(drop=True)


def _pairs_p(value: np.ndarray, covariance: np.ndarray, degrees: float) -> np.ndarray:
    """p-values (k, k) of the differences of all pairs, adjusted by Holm over them all."""
    pairs = list(combinations(range(len(value)), 2))
    i, j = np.array(pairs).T
    error = np.sqrt(np.maximum(covariance[i, i] + covariance[j, j] - 2 * covariance[i, j], 0.0))
    ratio = np.divide(np.abs(value[i] - value[j]), error, out=np.zeros(len(pairs)), where=error > 0)
    found = np.full((len(value), len(value)), np.nan)
    found[i, j] = found[j, i] = adjusted_p(2 * stdtr(degrees, -ratio), "holm")
    return found


def _lowest_share(survey: Survey, z: np.ndarray, resample: Resample) -> np.ndarray:
    """Share of the draws (k,) in which each attribute has the lowest mean; ties are divided."""
    known = ~np.isnan(z)
    weightings = resample.weightings(survey.weights)
    total = weightings @ known
    drawn = np.divide(weightings @ np.where(known, z, 0.0), total, out=np.full(total.shape, np.inf), where=total > 0)
    lowest = drawn <= drawn.min(axis=1, keepdims=True) + 1e-12
    return np.asarray((lowest / lowest.sum(axis=1, keepdims=True)).mean(axis=0))


_COLUMNS = (
    "provider", "suppressed", "base", "provider_score", "provider_score_low", "provider_score_high",
    "recommend_share", "recommend_share_low", "recommend_share_high",
)  # fmt: skip


def _by_provider(
    survey: Survey, scores: tuple[Score, Score], minimum_base: int, confidence: float
) -> tuple[pd.DataFrame, float]:
    """Each provider, the best first and the hidden last, and the p-value of the test that they are alike."""
    division = next(iter(survey.segments.values()), None)
    frame = pd.DataFrame(columns=list(_COLUMNS))
    if division is None:
        return frame, float("nan")
    answered = ~np.isnan(scores[0].values) & (survey.weights > 0)
    present = [g for g in range(len(division.groups)) if (answered & (division.codes == g)).any()]
    bases = np.array([int((answered & (division.codes == g)).sum()) for g in present])
    hidden = hidden_groups(bases, minimum_base)
    shown = [g for g, unseen in zip(present, hidden, strict=True) if not unseen]
    rows = [dict.fromkeys(_COLUMNS, np.nan) | {"provider": division.groups[g], "suppressed": True} for g in present]
    rows = [row for row, unseen in zip(rows, hidden, strict=True) if unseen]
    if not shown:
        return pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"base": "Int64"}), float("nan")
    codes = np.full(survey.base, -1)
    for place, g in enumerate(shown):
        codes[division.codes == g] = place
    net, share = (score_means(survey, score, codes) for score in scores)
    told: list[dict[str, Any]] = [
        {"provider": division.groups[g], "suppressed": False, "base": int(net.bases[k])}
        | net.bounds(k, confidence).named("provider_score")
        | share.bounds(k, confidence).named("recommend_share")
        for k, g in enumerate(shown)
    ]
    told.sort(key=lambda row: (-float(row["provider_score"]), str(row["provider"])))
    frame = pd.DataFrame([*told, *rows], columns=list(_COLUMNS)).astype({"base": "Int64"})
    return frame, net.equal().p if len(shown) > 1 else float("nan")


def _method(survey: Survey, score: NetPromoter, resample: Resample, confidence: float) -> Sentence:
    simple = survey_design(survey) is None
    return sentence(
        "Net promoter score: share of 9 and 10 less share of 0 to 6; attributes: means of all who rated each; "
        "{weights}; {units} as units; {errors} errors; all pairs of attributes compared (t, Holm): the worst is named "
        "when it lies below every other; chance of being the lowest from {draws:count} joint resamples; providers: "
        "F test (Welch) of equal scores; base {base:count} of {all:count}; {confidence:percent} intervals.",
        weights=weights_phrase(survey),
        units=sentence("respondents") if survey.clusters is None else sentence("client organisations"),
        errors=sentence("simple-sample (multinomial for shares)") if simple else sentence("design-based (linearised)"),
        draws=resample.draws,
        base=score.base,
        all=survey.base,
        confidence=confidence,
    )
