"""Which are the true drivers? Shares of the explained differences in satisfaction, with their certainty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import joint_resample, linear_basis
from drivers.analyses.cautions import importance_notices, suppressors
from drivers.analyses.certainty import (
    DrawnShares,
    difference_table,
    noise_beside,
    rank_table,
    relative_columns,
    share_columns,
    share_letters,
)
from drivers.analyses.method import method_values
from drivers.analyses.notice import Notice, warn_of
from drivers.analyses.slopes import errors_phrase
from drivers.analyses.twins import DriverUnits, driver_units, unit_slopes
from drivers.core.moments import Moments
from drivers.core.multiplicity import Multiplicity, adjusted_p
from drivers.core.resample import Resample
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class DriverImportance:
    """How the explained part of satisfaction divides over the drivers, and how sure that is.

    Attributes
    ----------
    table
        One row a driver, largest share first; columns explained in ``drivers.glossary``. Drivers that cannot be told
        apart are one row, with their labels in ``members``; that of a driver by itself is empty.
    differences
        One row a pair of drivers: difference of their shares with its interval and p-values.
    rank_probabilities
        One row a driver and rank that it has in any resample, with the share of the resamples in which it has it.
    r_squared, r_squared_low, r_squared_high
        Share of the differences in satisfaction that the drivers account for, beyond the controls; BCa interval.
        Equals ``table["share_of_variance"].sum()``.
    noise_share
        Share of the explanation that a driver of pure noise would exceed in 5 of 100 such surveys only (with
        confidence 95%).
    groups
        Columns of the drivers that cannot be told apart, a group each.
    monte_carlo_error, orders
        Largest standard error of share_of_variance that comes from sampling orders, and how many were used; 0 and 0
        where all subsets of drivers were gone through.
    multiplicity
        How the p-values of drivers are adjusted for their number: holm, hochberg, bh, by or none.
    pairwise
        How those of the differences are.
    base, effective_base
        Respondents with complete answers, unweighted, and Kish's effective number of them.
    draws, confidence
        Resamples, and the level of every interval.
    notices
        What a reader must know: collinear drivers, signs that turn, a small base.
    method
        One sentence for the report's footnote.
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    rank_probabilities: pd.DataFrame
    r_squared: float
    r_squared_low: float
    r_squared_high: float
    noise_share: float
    groups: tuple[tuple[str, ...], ...]
    monte_carlo_error: float
    orders: int
    multiplicity: str
    pairwise: str
    base: int
    effective_base: float
    draws: int
    confidence: float
    notices: tuple[Notice, ...]
    method: Sentence

    def __repr__(self) -> str:
        top = self.table.iloc[0]
        return (
            f"DriverImportance: {top['label']} has {top['share']:.0%} of the explained {self.r_squared:.0%}; "
            f"{len(self.table)} drivers, base {self.base}"
        )


def driver_importance(
    survey: Survey,
    resample: Resample | None = None,
    *,
    draws: int = 1000,
    confidence: float = 0.95,
    multiplicity: Multiplicity = "holm",
    pairwise: Multiplicity = "holm",
) -> DriverImportance:
    """Which of the measured aspects are the true drivers of satisfaction?

    A share of 0.30 means: of all differences in satisfaction that these drivers account for together, 30% goes to
    this driver, averaged over every order in which the drivers can enter the regression (LMG; Lindeman, Merenda and
    Gold 1980; Shapley 1953). It is an association: it does not prove that changing the driver changes satisfaction.

    Parameters
    ----------
    survey
        The wave to analyse, with its policy for missing answers.
    resample
        The joint resample of this survey's respondents; default: `draws` draws of a generator of seed 1.
    draws
        Resamples to draw when `resample` is not given; more of them make the ends of intervals steadier.
    confidence
        Level of every interval.
    multiplicity
        How the p-values of slopes and of shares beyond noise are adjusted for the number of drivers: ``"holm"``,
        ``"hochberg"``, ``"bh"``, ``"by"`` or ``"none"``. Default Holm (1979), which bounds the chance that any driver
        is wrongly said to matter, whatever the dependence between them.
    pairwise
        How those of the differences are, and with them the letters. Default Holm, so that drivers that are equally
        strong share a letter in 95 of 100 surveys; ``"bh"`` (Benjamini and Hochberg 1995) tells more pairs apart, and
        is wrong in up to 5 of 100 of those it tells apart.

    Raises
    ------
    EstimationError
        When the complete answers cannot support the drivers.
    """
    resample = joint_resample(survey, draws=draws) if resample is None else resample
    basis = linear_basis(survey, resample=resample)
    units, drawn = driver_units(basis), basis.resampled(survey, resample)
    shares = DrawnShares(basis.pooled(units.shares), units.shares(drawn), units.shares(basis.jackknifed()))
    differences = difference_table(units, shares.of_explained(), confidence, pairwise)
    noise = noise_beside(units)
    p = noise.exceedance(shares.estimate, units.columns)
    frame = pd.DataFrame(
        {
            **_names(units, survey),
            **share_columns(shares, p < 1.0 - confidence, confidence),
            "noise_p": p,
            "noise_p_adjusted": adjusted_p(p, multiplicity),
            **relative_columns(units, drawn, confidence),
            **unit_slopes(units, survey, resample, confidence),
        }
    )
    frame = _judged(frame, units, drawn, differences, confidence=confidence, multiplicity=multiplicity)
    order = np.argsort(-shares.estimate, kind="stable")
    interval, total = shares.total().bca(confidence), float(shares.estimate.sum())
    return DriverImportance(
        table=frame.iloc[order].reset_index(drop=True),
        differences=differences,
        rank_probabilities=rank_table(frame, order, shares.replicates),
        r_squared=total,
        r_squared_low=float(interval.low),
        r_squared_high=float(interval.high),
        noise_share=noise.quantile(confidence) / total if total > 0 else float("nan"),
        groups=tuple(tuple(basis.drivers[i] for i in group) for group in units.groups),
        monte_carlo_error=float(units.plan.error.max()),
        orders=units.plan.orders,
        multiplicity=multiplicity,
        base=basis.base,
        effective_base=float(basis.moments.effective_base),
        draws=resample.draws,
        confidence=confidence,
        notices=warn_of(importance_notices(frame, survey, units)),
        pairwise=pairwise,
        method=_method(
            survey, units, resample, confidence, drawn=_drawn(units, drawn), adjusted=(pairwise, multiplicity)
        ),
    )


def _names(units: DriverUnits, survey: Survey) -> dict[str, object]:
    labels = units.labels(survey)
    return {
        "driver": units.names(),
        "label": [" + ".join(names) for names in labels],
        "members": [tuple(names) if len(names) > 1 else () for names in labels],
    }


def _judged(
    frame: pd.DataFrame,
    units: DriverUnits,
    drawn: Moments,
    differences: pd.DataFrame,
    *,
    confidence: float,
    multiplicity: Multiplicity,
) -> pd.DataFrame:
    """The table with what follows from its p-values, their number allowed for."""
    told = frame.assign(
        letters=share_letters(frame, differences, confidence),
        beyond_noise=frame["noise_p_adjusted"] < 1.0 - confidence,
        slope_p_adjusted=adjusted_p(frame["slope_p"].to_numpy(), multiplicity),
    )
    return told.assign(suppressor=suppressors(told, units, drawn, confidence))


def _method(
    survey: Survey,
    units: DriverUnits,
    resample: Resample,
    confidence: float,
    *,
    drawn: Sentence,
    adjusted: tuple[Multiplicity, Multiplicity],
) -> Sentence:
    basis = units.basis
    return sentence(
        "LMG (Shapley) shares of the explained variance of {outcome}, linear regression on {drivers:count} drivers"
        "{controls}{sampling}; {weights}; {answers}, effective base {effective:count}; "
        "{confidence:percent} intervals: shares BCa over {draws:count} joint resamples of {units}{drawn}, slopes with "
        "{errors} errors; p-values adjusted for their number: differences and letters {pairs}, drivers {adjusted}.",
        **method_values(survey, basis, resample),
        sampling=_sampling(units),
        effective=float(basis.moments.effective_base),
        confidence=confidence,
        drawn=drawn,
        errors=errors_phrase(basis),
        pairs=_ADJUSTED[adjusted[0]],
        adjusted=_ADJUSTED[adjusted[1]],
    )


_ADJUSTED: dict[Multiplicity, str | Sentence] = {
    "holm": "Holm",
    "hochberg": "Hochberg",
    "bh": "Benjamini-Hochberg",
    "by": "Benjamini-Yekutieli",
    "none": sentence("not at all"),
}


def _sampling(units: DriverUnits) -> Sentence:
    """How the shares of the sample were computed, where not through all subsets."""
    plan = units.plan
    if not plan.orders:
        return sentence("")
    return sentence(
        ", sampled from {orders:count} balanced orders (Monte-Carlo error at most {error:percent2} of R²)",
        orders=plan.orders,
        error=float(plan.error.max() / max(plan.value.sum(), 1e-300)),
    )


def _drawn(units: DriverUnits, drawn: Moments) -> Sentence:
    """How the shares of the draws were computed, where not through all subsets."""
    cross = units.cross(drawn)
    if units.plan.exact(len(cross)):
        return sentence("")
    return sentence(
        ", each from the same {orders:count} orders (Monte-Carlo error about {error:percent2} of R²)",
        orders=len(units.plan.draw_orders),
        error=units.plan.draw_error(cross),
    )
