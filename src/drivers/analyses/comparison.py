"""Does the ranking hold when the outcome is seen otherwise: as a share of customers, as answers, as leaving?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from drivers.analyses.basis import joint_resample, linear_basis, units_phrase, weights_phrase
from drivers.analyses.outcomes import Outcome
from drivers.analyses.ranking import OutcomeImportance, outcome_importance
from drivers.analyses.twins import united_survey
from drivers.core.interval import percentile_interval, ranks
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

BY_CHANCE = 0.05
"""A fit that chance alone would give more often than this is not divided over the drivers."""

EXACT_TO = 8
"""Most drivers of which every set is fitted here; beyond, the shares are off by some hundredths of a point."""

_CHANCE = "The aspects say nothing about {outcome} that could not be chance, so no shares are given."


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeComparison:
    """Shares of the drivers under several views of the outcome, on the same draws.

    Attributes
    ----------
    table
        One row a driver and view, in the order of the ranking; columns explained in ``drivers.glossary``.
    views
        One row a view, the mean of satisfaction first: what the drivers explain, and which of them comes first.
    unanswered
        Why a view has no shares, one sentence a view.
    base
        Respondents of the view that has most.
    draws, confidence, method
        As in every result.
    names
        What a report calls each view; never printed or written by itself.
    """

    table: pd.DataFrame
    views: pd.DataFrame
    unanswered: tuple[Sentence, ...]
    base: int
    draws: int
    confidence: float
    method: Sentence
    names: Mapping[str, Sentence] = field(metadata={"internal": True})

    def __repr__(self) -> str:
        same = int((self.views["first_driver"] == self.views["first_driver"].iloc[0]).sum()) - 1
        return f"OutcomeComparison: the first driver stays first in {same} of {len(self.views) - 1} other views"


def outcome_comparison(
    survey: Survey,
    resample: Resample | None = None,
    *,
    left_column: str | None = None,
    satisfied: float | None = None,
    confidence: float = 0.95,
) -> OutcomeComparison:
    """Does the ranking hold when the outcome is seen as a share of satisfied customers, as ordered answers, as leaving?

    A share that changes by 0.05 means: of what the drivers together explain, this driver has 5 percentage points more
    when the outcome is seen so. Leaving is another outcome; its shares may differ because other things make people
    leave.

    Parameters
    ----------
    survey
        The wave to analyse.
    resample
        The joint resample of this survey's respondents; default: 1,000 draws of a generator of seed 1.
    left_column
        Column that is 1 for customers who left; default: leaving is not looked at.
    satisfied
        Lowest answer that counts as satisfied; default: see ``thresholds``.
    confidence
        Level of every interval. A change is called shown when it is beyond chance among all drivers (Bonferroni).

    Raises
    ------
    EstimationError
        When the answers cannot support the drivers. A view that they cannot support is left out with the reason.
    """
    resample = joint_resample(survey) if resample is None else resample
    survey = united_survey(survey, resample)
    asked = [Outcome("top_box", satisfied=satisfied), Outcome("ordered")]
    asked += [] if left_column is None else [Outcome("leaving", left_column)]
    unanswered: list[Sentence] = []
    found: dict[str, OutcomeImportance] = {
        o.kind: one for o in asked if (one := _view(survey, resample, o, confidence, unanswered)) is not None
    }
    shares, drawn, ranked = _ranking(survey, resample)
    label = survey.labels.get(survey.outcome, survey.outcome)
    frames = [_linear(survey, shares, drawn, confidence)]
    frames += [_compared(survey, one, shares, drawn, confidence) for one in found.values()]
    table = pd.concat(frames, ignore_index=True)
    return OutcomeComparison(
        table=table,
        views=_views(table, found, ranked),
        names={"linear": sentence("{outcome} (mean)", outcome=label), **{k: one.outcome for k, one in found.items()}},
        unanswered=tuple(unanswered),
        base=max([int(survey.complete([survey.outcome]).sum()), *(one.base for one in found.values())]),
        draws=resample.draws,
        confidence=confidence,
        method=_method(survey, found, resample),
    )


def _view(
    survey: Survey, resample: Resample, outcome: Outcome, confidence: float, unanswered: list[Sentence]
) -> OutcomeImportance | None:
    """The shares under one view; None, with the reason noted, where there are none."""
    try:
        one = outcome_importance(survey, resample, outcome, exact_to=EXACT_TO, confidence=confidence)
    except EstimationError as error:
        reason = error.args[0]
        unanswered.append(sentence("{view} {reason}", view=_WITHOUT[outcome.kind], reason=reason))
        return None
    if one.chance > BY_CHANCE:
        unanswered.append(sentence(_CHANCE, outcome=one.outcome))
        return None
    return one


_WITHOUT = {
    "top_box": sentence("Whether the ranking holds for the share of satisfied customers cannot be said."),
    "ordered": sentence("Whether the ranking holds for ordered answers cannot be said."),
    "leaving": sentence("Which aspects matter for leaving cannot be said."),
}


def _ranking(survey: Survey, resample: Resample) -> tuple[np.ndarray, np.ndarray, tuple[float, int]]:
    """Shares of the ranking itself (p,), and in every draw (B, p); what it explains, and its base."""
    basis = linear_basis(survey, resample=resample)
    values, drawn = basis.pooled(basis.dominance), basis.dominance(basis.resampled(survey, resample))
    explained = float(values.sum())
    return values / explained, drawn / drawn.sum(axis=1, keepdims=True), (explained, basis.base)


def _linear(survey: Survey, shares: np.ndarray, drawn: np.ndarray, confidence: float) -> pd.DataFrame:
    interval = percentile_interval(drawn, confidence)
    frame = pd.DataFrame(
        {
            "view": "linear",
            "driver": list(survey.drivers),
            "label": [survey.labels.get(d, d) for d in survey.drivers],
            "share": shares,
            "share_low": interval.low,
            "share_high": interval.high,
            "rank": ranks(shares),
            "share_change": 0.0,
            "share_change_low": 0.0,
            "share_change_high": 0.0,
            "moved": False,
        }
    )
    return frame.iloc[np.argsort(-shares, kind="stable")]


def _compared(
    survey: Survey, one: OutcomeImportance, shares: np.ndarray, drawn: np.ndarray, confidence: float
) -> pd.DataFrame:
    """The shares of one view, in the order of the ranking, and what changes."""
    order = np.argsort(-shares, kind="stable")
    names = [survey.drivers[i] for i in order]
    place = one.table.reset_index().set_index("driver").loc[names, "index"].to_numpy()
    rows = one.table.iloc[place]
    change = one.drawn[:, place] - drawn[:, order]
    interval = percentile_interval(change, confidence)
    wide = percentile_interval(change, 1 - (1 - confidence) / len(names))
    frame = rows[["driver", "label", "share", "share_low", "share_high", "rank"]].assign(
        share_change=rows["share"].to_numpy() - shares[order],
        share_change_low=interval.low,
        share_change_high=interval.high,
        moved=(wide.low > 0) | (wide.high < 0),
    )
    frame.insert(0, "view", one.kind)
    return frame


def _views(table: pd.DataFrame, found: Mapping[str, OutcomeImportance], ranked: tuple[float, int]) -> pd.DataFrame:
    rows = []
    for view, group in table.groupby("view", sort=False):
        one = found.get(str(view))
        first = group.loc[group["rank"].idxmin()]
        rows.append(
            {
                "view": view,
                "explained_share": ranked[0] if one is None else one.explained,
                "base": ranked[1] if one is None else one.base,
                "first_driver": first["label"],
                "share": first["share"],
                "first_probability": float("nan") if one is None else one.table["first_probability"].iloc[0],
                "same_order": list(group.nsmallest(3, "rank")["driver"]) == list(group["driver"].head(3)),
            }
        )
    return pd.DataFrame(rows)


def _method(survey: Survey, found: Mapping[str, OutcomeImportance], resample: Resample) -> Sentence:
    if not found:
        return sentence("Shares of the ranking only: no other view of the outcome can be fitted.")
    return sentence(
        "Other views: {views:list}; general dominance (Shapley) shares of McFadden's measure; {weights}; same "
        "treatment "
        "of missing answers where the model allows it, base {least:count} to {most:count}. Changes of shares: on the "
        "same {draws:count} joint resamples of {units}, in which models are expanded about the sample's and not fitted "
        "again; shown where they are beyond chance among all drivers (Bonferroni).",
        views=[sentence("{outcome} by {model}", outcome=one.outcome, model=MODELS[one.kind]) for one in found.values()],
        weights=weights_phrase(survey),
        least=min(one.base for one in found.values()),
        most=max(one.base for one in found.values()),
        draws=resample.draws,
        units=units_phrase(survey),
    )


MODELS = {
    "top_box": sentence("logit"),
    "ordered": sentence("ordered logit"),
    "leaving": sentence("logit"),
}
