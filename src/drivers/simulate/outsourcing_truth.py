"""What a correct analysis of Vecht IT must find: computed over a large population, not estimated from the survey."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers.core.likelihood import whole_maximum
from drivers.core.multinomial import MultinomialLogit
from drivers.simulate.outsourcing import CONTRACTS, OUTCOMES, QUESTIONS, SCALES, Effect, vecht_population

REGRESSORS = (*SCALES, "prior_experience", "contract_age")
"""What the decision is explained by, as the sample's client file asks it."""

_FIRM = ("size", "contract_age", "sla_kept", "repair_within_4h")
_DRIVERS = tuple(q.column for q in QUESTIONS if q.scale != "switching_costs")

Table = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class OutsourcingTruth:
    """The numbers that the simulation was built to have; shares and effects are fractions.

    Attributes
    ----------
    shares
        By outcome: part of the organisations that decide so.
    means
        By outcome, by scale: mean over organisations of the mean rating that their respondents give.
    coefficients
        By exit, by regressor: log-odds of that exit against staying for one point of an organisation's mean rating
        (or one time, one year), in the population's multinomial logit. Smaller than what was put in, since four
        respondents show what their organisation thinks with error.
    effects
        By outcome, by regressor: average marginal effect of one point on the chance of that outcome, from that logit.
    contract_gaps
        By kind of contract: mean satisfaction of respondents less that under effort contracts, as they are.
    contract_effects
        The same if every organisation had that kind of contract, whatever its size and age.
    slopes
        By kind of contract, by rated question: points of satisfaction for one point, in the population regression
        within that kind on all rated questions, size, age of the contract, SLAs kept and repairs.
    operations
        By operational share: points of satisfaction for a rise from none to all, in the regression of everybody on
        all rated questions, kind of contract, size, age and both shares.
    operations_whole
        The same without the questions: what runs through the ratings included.
    """

    shares: Mapping[str, float]
    means: Table
    coefficients: Table
    effects: Table
    contract_gaps: Mapping[str, float]
    contract_effects: Mapping[str, float]
    slopes: Table
    operations: Mapping[str, float]
    operations_whole: Mapping[str, float]


def vecht_truth(seed: int, organisations: int = 100_000, *, without: Collection[Effect] = ()) -> OutsourcingTruth:
    """What is true of all organisations like Vecht IT's clients?

    Parameters
    ----------
    seed
        Of the population. Every kind of contract is given to the same organisations, drawn anew from this seed.
    organisations
        How many to compute over; with 100,000 the logit's coefficients are known to about 0.01.
    without
        Effects that are left out.
    """
    frame = vecht_population(np.random.default_rng(seed), organisations, without=without)
    firms = organisation_means(frame)
    theta = _coefficients(firms)
    gaps, within = _contract_means(frame), [frame[frame["contract"] == kind] for kind in CONTRACTS]
    same = {
        kind: _mean(vecht_population(np.random.default_rng(seed), organisations, without=without, contract=kind))
        for kind in CONTRACTS
    }
    return OutsourcingTruth(
        shares=MappingProxyType({o: float((firms["decision"] == o).mean()) for o in OUTCOMES}),
        means=_table(OUTCOMES, SCALES, [firms.loc[firms["decision"] == o, list(SCALES)].mean() for o in OUTCOMES]),
        coefficients=_table(OUTCOMES[1:], REGRESSORS, theta[:, 1:]),
        effects=_table(OUTCOMES, REGRESSORS, _marginal_effects(firms, theta)),
        contract_gaps=_less_first(gaps),
        contract_effects=_less_first(same),
        slopes=_table(CONTRACTS, _DRIVERS, [_slopes(part)[: len(_DRIVERS)] for part in within]),
        operations=_operations(frame, _DRIVERS),
        operations_whole=_operations(frame, ()),
    )


def organisation_means(frame: pd.DataFrame) -> pd.DataFrame:
    """One row an organisation: the weighted mean of its respondents on each scale, what it is, and its decision."""
    scores = pd.DataFrame({scale: frame[list(columns)].mean(axis=1) for scale, columns in SCALES.items()})
    weighted = scores.mul(frame["weight"], axis=0).groupby(frame["organisation"]).sum()
    means = weighted.div(frame["weight"].groupby(frame["organisation"]).sum(), axis=0)
    rest = ["prior_experience", "contract_age", "decision"]
    return means.join(frame.groupby("organisation")[rest].first())


def _coefficients(firms: pd.DataFrame) -> np.ndarray:
    """Intercept and slopes (exits, 1 + k) of the multinomial logit, staying as reference."""
    y = firms["decision"].map({o: k for k, o in enumerate(OUTCOMES)}).to_numpy(dtype=np.int64)
    x = firms[list(REGRESSORS)].to_numpy(dtype=float)
    found = whole_maximum(MultinomialLogit(x, y, np.ones(len(y))))
    return np.asarray(found.reshape(len(OUTCOMES) - 1, -1))


def _marginal_effects(firms: pd.DataFrame, theta: np.ndarray) -> np.ndarray:
    """Average derivative (outcomes, k) of each chance."""
    odds = theta[:, :1] + theta[:, 1:] @ firms[list(REGRESSORS)].to_numpy(dtype=float).T
    powers = np.vstack([np.ones(odds.shape[1]), np.exp(odds)])
    chance = powers / powers.sum(axis=0)
    slopes = np.vstack([np.zeros(len(REGRESSORS)), theta[:, 1:]])
    return np.asarray((chance[:, :, None] * (slopes[:, None] - (chance.T @ slopes)[None])).mean(axis=1))


def _mean(frame: pd.DataFrame) -> float:
    return float(np.average(frame["csat"], weights=frame["weight"]))


def _contract_means(frame: pd.DataFrame) -> dict[str, float]:
    return {kind: _mean(frame[frame["contract"] == kind]) for kind in CONTRACTS}


def _operations(frame: pd.DataFrame, questions: Collection[str]) -> Mapping[str, float]:
    """Slope of each operational share with these questions, the kind of contract, size and age held constant."""
    later = {kind: (frame["contract"] == kind).astype(float) for kind in CONTRACTS[1:]}
    slopes = _slopes(frame.assign(**later), (*questions, *later))
    return MappingProxyType(dict(zip(_FIRM[2:], map(float, slopes[-2:]), strict=True)))


def _slopes(frame: pd.DataFrame, columns: Collection[str] = _DRIVERS) -> np.ndarray:
    """Slopes of satisfaction on these columns, then on size, age, SLAs kept and repairs."""
    x = frame[[*columns, *_FIRM]].to_numpy(dtype=float)
    w, y = frame["weight"].to_numpy(), frame["csat"].to_numpy(dtype=float)
    x, y = x - np.average(x, axis=0, weights=w), y - np.average(y, weights=w)
    return np.asarray(np.linalg.solve((x * w[:, None]).T @ x, (x * w[:, None]).T @ y))


def _less_first(means: Mapping[str, float]) -> Mapping[str, float]:
    first = means[CONTRACTS[0]]
    return MappingProxyType({kind: means[kind] - first for kind in CONTRACTS[1:]})


def _table(rows: Collection[str], columns: Collection[str], values: Collection[Collection[float]]) -> Table:
    made = {
        row: MappingProxyType(dict(zip(columns, map(float, line), strict=True)))
        for row, line in zip(rows, values, strict=True)
    }
    return MappingProxyType(made)
