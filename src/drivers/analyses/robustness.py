"""Would a hidden cause, or another way of computing, overturn the ranking?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import LinearBasis, joint_resample, linear_basis, units_phrase, weights_phrase
from drivers.analyses.hidden import hidden_causes
from drivers.analyses.importance import DriverImportance, driver_importance
from drivers.analyses.missing import MissingSensitivity, missing_sensitivity
from drivers.analyses.policy import missing_answers
from drivers.analyses.screens import ScreeningRules
from drivers.analyses.slopes import errors_phrase
from drivers.analyses.twins import united_survey
from drivers.analyses.variants import MOST_LEFT_OUT, Variant, other_variants
from drivers.core.resample import Resample
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

TOP = 3
"""Ranks that a board acts on."""


@dataclass(frozen=True, slots=True, eq=False)
class DriverRobustness:
    """How firm the ranking is: against a cause that was not asked, and against other ways of computing.

    Attributes
    ----------
    table
        One row a driver, in the order of the report: share and rank in the report; lowest and highest share, best and
        worst rank over all other ways; partial R² with satisfaction; robustness value with its interval, and that at
        which an effect is just no longer shown; the measured driver whose like would take most of the effect away, what
        a hidden cause as strong as that would leave of the effect of one point, and whether that would no longer be
        shown (fragile; null where the effect is not shown now).
    variants
        One row a driver and other way of computing: its share and rank. A way "without_driver" names the driver left
        out, which keeps its place in the ranks; shares are then parts of what all drivers together explain. Shares
        without a group under the minimum base are rounded to whole percents.
    ways
        One row a way: its first driver, whether that is the report's first driver (null where that one is left out),
        whether the first three are others or in another order, and respondents.
    bounds
        One row a driver and multiple (1, 2, 3) of its benchmark: partial R² that such a cause would have with driver
        and satisfaction, and what it would leave of the effect; null where no cause can be that strong.
    leader
        Label of the first driver.
    leader_stays, leader_ways
        In how many ways it comes first, of how many.
    first_probability
        Share of the resamples in which it comes first.
    base, effective_base, draws, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    variants: pd.DataFrame
    ways: pd.DataFrame
    bounds: pd.DataFrame
    leader: str
    leader_stays: int
    leader_ways: int
    first_probability: float
    base: int
    effective_base: float
    draws: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        value = self.table.iloc[0]["robustness_value"]
        return (
            f"DriverRobustness: {self.leader} comes first in {self.leader_stays} of {self.leader_ways} other ways; "
            f"robustness value {value:.2f}, base {self.base}"
        )


def driver_robustness(
    survey: Survey,
    resample: Resample | None = None,
    *,
    importance: DriverImportance | None = None,
    missing: MissingSensitivity | None = None,
    rules: ScreeningRules | None = None,
    minimum_base: int = 30,
) -> DriverRobustness:
    """Would a hidden cause, or another way of computing, overturn the ranking?

    A robustness value of 0.20 means: a cause that was not asked would have to explain 20% of what the other drivers
    leave open, both of this driver and of satisfaction, to take its effect to zero; a weaker one cannot (Cinelli and
    Hazlett 2020). It says nothing of whether there is such a cause.

    Parameters
    ----------
    survey
        The wave.
    resample
        The joint resample; default: 1,000 draws of a generator of seed 1.
    importance, missing
        What ``driver_importance`` and ``missing_sensitivity`` say on the same draws, where they are known already.
    rules
        Limits of the checks that single respondents out.
    minimum_base
        Shares without a smaller group of respondents are rounded to whole percents.

    Raises
    ------
    EstimationError
        When the answers cannot support the drivers.
    """
    resample = joint_resample(survey) if resample is None else resample
    importance = driver_importance(survey, resample) if importance is None else importance
    united = united_survey(survey, resample)
    basis = linear_basis(united, resample=resample)
    labels = [united.labels.get(d, d) for d in basis.drivers]
    reported = importance.table.set_index("driver").loc[list(basis.drivers)]
    missing = _missing(survey, resample) if missing is None else missing
    variants = other_variants(survey, basis, reported, missing, rules or ScreeningRules(), minimum_base)
    hidden = hidden_causes(basis, basis.resampled(united, resample), labels, importance.confidence)
    ways = _ways(variants, reported, labels)
    known = ways["same_leader"].dropna()
    first = importance.table.iloc[0]
    return DriverRobustness(
        table=_table(reported, variants, hidden.columns).loc[list(importance.table["driver"])].reset_index(),
        variants=_long(variants, reported, labels),
        ways=ways,
        bounds=hidden.bounds,
        leader=str(first["label"]),
        leader_stays=int(known.sum()),
        leader_ways=len(known),
        first_probability=float(first["first_probability"]),
        base=basis.base,
        effective_base=float(basis.moments.effective_base),
        draws=resample.draws,
        confidence=importance.confidence,
        method=_method(survey, basis, resample, importance.confidence),
    )


def _missing(survey: Survey, resample: Resample) -> MissingSensitivity | None:
    open_ = missing_answers(survey, [*survey.controls, *survey.drivers], survey.outcome).any()
    return missing_sensitivity(survey, resample) if open_ else None


_REPORTED = ["label", "share", "share_low", "share_high", "rank"]


def _table(reported: pd.DataFrame, variants: Sequence[Variant], columns: dict[str, object]) -> pd.DataFrame:
    own = reported["share"].to_numpy(dtype=float)
    shares = np.array([own, *(v.told for v in variants)])
    places = np.array([reported["rank"].to_numpy(dtype=float), *(v.ranks(own) for v in variants)])
    ranges = {
        "share_least": np.nanmin(shares, axis=0),
        "share_most": np.nanmax(shares, axis=0),
        "rank_best": np.nanmin(places, axis=0).astype(int),
        "rank_worst": np.nanmax(places, axis=0).astype(int),
    }
    return reported[_REPORTED].assign(**ranges, **columns)


def _long(variants: Sequence[Variant], reported: pd.DataFrame, labels: list[str]) -> pd.DataFrame:
    own, names = reported["share"].to_numpy(dtype=float), dict(zip(reported.index, labels, strict=True))
    parts = [
        pd.DataFrame(
            {
                "variant": variant.name,
                "left_out": names.get(variant.left_out, ""),
                "driver": list(reported.index),
                "label": labels,
                "share": variant.told,
                "rank": variant.ranks(own),
            }
        ).dropna(subset=["share"])
        for variant in variants
    ]
    return pd.concat(parts, ignore_index=True).astype({"rank": int})


def _ways(variants: Sequence[Variant], reported: pd.DataFrame, labels: list[str]) -> pd.DataFrame:
    own, names = reported["share"].to_numpy(dtype=float), dict(zip(reported.index, labels, strict=True))
    rows = [
        {
            "variant": v.name,
            "left_out": names.get(v.left_out, ""),
            **_compared(v.shares, own, labels),
            "base": v.base,
        }
        for v in variants
    ]
    return pd.DataFrame(rows)


def _compared(shares: np.ndarray, own: np.ndarray, labels: list[str]) -> dict[str, object]:
    """Who leads, whether that is the report's leader, and whether the first three are otherwise."""
    there = np.flatnonzero(np.isfinite(shares))
    if not len(there):
        return {"leader": "", "same_leader": None, "order_changes": None}
    now, then = (there[np.argsort(-values[there], kind="stable")] for values in (shares, own))
    stays = bool(shares[then[0]] >= shares[now[0]])  # a tie with the first is no other first
    return {
        "leader": labels[then[0] if stays else now[0]],
        "same_leader": stays if int(np.argmax(own)) in there else None,
        "order_changes": list(now[:TOP]) != list(then[:TOP]),
    }


def _method(survey: Survey, basis: LinearBasis, resample: Resample, confidence: float) -> Sentence:
    left_out = len(basis.drivers) <= MOST_LEFT_OUT
    return sentence(
        "Robustness value: how much of what is left unexplained of both driver and satisfaction a hidden cause must "
        "explain to take the effect to zero (Cinelli and Hazlett 2020); {weights}; {confidence:percent} intervals: "
        "percentiles of {draws:count} joint resamples of {units}; whether an effect is still shown: {errors} errors. "
        "Other ways of computing: shares without intervals{left_out}.",
        weights=weights_phrase(survey),
        confidence=confidence,
        draws=resample.draws,
        units=units_phrase(survey),
        errors=errors_phrase(basis),
        left_out=sentence(", as parts of what all drivers together explain where one of them is left out")
        if left_out
        else sentence("; drivers are too many to leave each out in turn"),
    )
