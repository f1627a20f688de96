"""Client organisations of Vecht IT, which does not exist: what their people answer, and whether they stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
import pandas as pd

Effect = Literal["quality", "relationship", "switching_costs", "contract", "moderation", "operations", "confounding"]
"""What can be left out of the simulation, for a twin of the same data without that effect.

Without ``contract`` a few hundredths of a point between contracts are left by moderation, as ratings do not average out
to the questions' means exactly; leave both out for a twin in which the contract is nothing to satisfaction.
"""

EFFECTS: tuple[Effect, ...] = get_args(Effect)
LOW, HIGH = 1, 10
ORGANISATIONS = 440
OUTCOMES = ("stay", "switch", "backsource")
CONTRACTS = ("effort", "result", "bonus_malus")
ROLES = ("user", "it", "management")

DECISION: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "switch": {
            "intercept": -1.35, "product": 0.25, "service": 0.25, "relationship": -1.50, "switching_costs": -0.90,
            "prior_experience": 0.20,
        },
        "backsource": {
            "intercept": -1.20, "product": -1.05, "service": -1.05, "relationship": 0.0, "switching_costs": -0.60,
            "prior_experience": -0.20,
        },
    }
)  # fmt: skip
"""Logit of each exit against staying, for one standard deviation of what an organisation as a whole thinks."""

CONTRACT_EFFECT: Mapping[str, float] = MappingProxyType({"effort": 0.0, "result": 0.10, "bonus_malus": 0.17})
SIZE_EFFECT, AGE_EFFECT = 0.40, -0.04  # points of satisfaction a standard deviation of size, a year of the contract
SLA_EFFECT, REPAIR_EFFECT = 2.5, 1.2  # points of satisfaction from none kept to all kept

_SIZE_MEAN, _SIZE_SHAPE = 600.0, 3.0
_AGE_MEAN = 4.0
_CHOICE = {"result": (0.1, 0.9, -0.10), "bonus_malus": (-0.7, 1.9, -0.20)}  # logit: intercept, size, years of age
_KEPT = {"effort": 0.0, "result": 0.010, "bonus_malus": 0.025}  # by contract, added to the mean share of SLAs kept
_REPAIRED = {"effort": 0.0, "result": 0.020, "bonus_malus": 0.050}
_SLA_MEAN, _SLA_SPREAD, _REPAIR_MEAN, _REPAIR_SPREAD = 0.90, 0.045, 0.76, 0.09
_SLA_IN_SERVICE = 0.25  # of a standard deviation of service quality, for one of the SLAs kept
_TOGETHER = 0.30  # correlation of product, service and relationship between organisations
_ORGANISATION = 0.55  # part of a perception's variance that is the organisation's, not the respondent's
_LOADING = 0.80  # of an item on what it asks
_SATISFACTION, _NOISE = 7.0, 0.85
_FEWEST, _MORE, _MOST = 2, 1.8, 8  # respondents of an organisation: 2 and a Poisson number of others
_ROLE_SHARES, _RESPONSE = (0.52, 0.30, 0.18), (0.50, 0.80, 0.65)
_ROLE_VIEW = (-0.10, 0.0, 0.25)  # standard deviations of the relationship, as each layer sees it
_UNANSWERED, _NO_SATISFACTION, _UNDECIDED = 0.02, 0.01, 0.11


@dataclass(frozen=True, slots=True)
class Question:
    """One rated question.

    Attributes
    ----------
    column, scale
        Name in the survey, and which of the four scales it belongs to.
    mean, spread
        Mean and standard deviation of the answer before it is rounded, in scale points.
    slopes
        Points of satisfaction that one point of this answer causes, by kind of contract.
    """

    column: str
    scale: str
    mean: float
    spread: float
    slopes: tuple[float, float, float] = (0.0, 0.0, 0.0)


QUESTIONS = (
    Question("product_reliability", "product", 7.2, 1.7, (0.10, 0.20, 0.30)),
    Question("product_performance", "product", 7.0, 1.7, (0.08, 0.08, 0.08)),
    Question("product_fit", "product", 6.8, 1.8, (0.05, 0.05, 0.05)),
    Question("product_up_to_date", "product", 6.7, 1.8, (0.02, 0.02, 0.02)),
    Question("service_speed", "service", 6.7, 1.8, (0.10, 0.10, 0.10)),
    Question("service_expertise", "service", 7.3, 1.6, (0.06, 0.06, 0.06)),
    Question("service_availability", "service", 7.1, 1.7, (0.02, 0.02, 0.02)),
    Question("promise_kept", "service", 6.6, 1.9, (0.34, 0.18, 0.06)),
    Question("trust", "relationship", 6.9, 1.8, (0.20, 0.12, 0.04)),
    Question("commitment", "relationship", 6.7, 1.8, (0.08, 0.08, 0.08)),
    Question("communication", "relationship", 6.6, 1.8, (0.06, 0.06, 0.06)),
    Question("cultural_fit", "relationship", 6.8, 1.7, (0.03, 0.03, 0.03)),
    Question("switch_effort", "switching_costs", 6.2, 1.9),
    Question("switch_risk", "switching_costs", 6.0, 1.9),
    Question("switch_knowledge", "switching_costs", 5.8, 2.0),
)
SCALES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {s: tuple(q.column for q in QUESTIONS if q.scale == s) for s in dict.fromkeys(q.scale for q in QUESTIONS)}
)


def vecht_survey(
    rng: np.random.Generator, organisations: int = ORGANISATIONS, *, without: Collection[Effect] = ()
) -> pd.DataFrame:
    """What does the survey file hold?

    Parameters
    ----------
    rng
        Source of all randomness; the same state gives the same data whatever is left out.
    organisations
        How many clients were approached; some 4 respondents each.
    without
        Effects that are left out, for a twin in which they are not there.

    Returns
    -------
    pd.DataFrame
        One row a respondent, as the file has it: respondent, organisation, role, weight, csat, the 15 ratings, and of
        the organisation size (employees), contract, contract_age (years), prior_experience (times outsourced before),
        sla_kept and repair_within_4h (shares), decision. Missing answers are NaN; so is the decision of an
        organisation whose contract still runs.
    """
    frame = vecht_population(rng, organisations, without=without)
    blank = rng.random((len(frame), len(QUESTIONS))) < _UNANSWERED
    for k, question in enumerate(QUESTIONS):
        frame.loc[blank[:, k], question.column] = np.nan
    frame.loc[rng.random(len(frame)) < _NO_SATISFACTION, "csat"] = np.nan
    running = rng.random(organisations) < _UNDECIDED
    frame.loc[running[frame["organisation"].to_numpy()], "decision"] = np.nan
    codes = np.sort(rng.choice(np.arange(1000, 10_000), organisations, replace=False))
    frame["organisation"] = [f"C{code}" for code in codes[frame["organisation"]]]
    frame.insert(0, "respondent", [f"R{1 + row:05d}" for row in range(len(frame))])
    return frame


def vecht_population(
    rng: np.random.Generator,
    organisations: int,
    *,
    without: Collection[Effect] = (),
    contract: str | None = None,
) -> pd.DataFrame:
    """What would everybody answer, nothing missing, and what does each organisation decide?

    Parameters
    ----------
    rng, without
        As in `vecht_survey`.
    organisations
        How many.
    contract
        A kind of contract that all of them are given, everything else as it is; None: the one each has.

    Returns
    -------
    pd.DataFrame
        As `vecht_survey`, without a respondent's code; organisation is a number from 0.
    """
    firms = _organisations(rng, organisations, frozenset(without), contract)
    of = np.repeat(np.arange(organisations), np.minimum(_FEWEST + rng.poisson(_MORE, organisations), _MOST))
    role = _roles(rng, len(of))
    ratings = _ratings(rng, firms, of, role)
    noise = _NOISE * rng.standard_normal(len(of))
    weight = 1.0 / np.array(_RESPONSE)[role]
    frame = pd.DataFrame({"organisation": of, "role": np.array(ROLES)[role], "weight": weight / weight.mean()})
    frame["weight"] = frame["weight"].round(4)
    frame["csat"] = _satisfaction(firms, of, ratings, noise, frozenset(without))
    firms = firms.drop(columns=[*SCALES, "kind"])
    return pd.concat([frame, ratings, firms.iloc[of].reset_index(drop=True)], axis=1)


def _organisations(rng: np.random.Generator, n: int, without: frozenset[str], contract: str | None) -> pd.DataFrame:
    """One row an organisation: what it is, what its people think together (in standard deviations), its decision."""
    size = np.maximum(np.rint(rng.gamma(_SIZE_SHAPE, _SIZE_MEAN / _SIZE_SHAPE, n)), 25)
    age = np.clip(rng.gamma(3.0, _AGE_MEAN / 3.0, n), 0.5, 15).round(1)
    kind = _kinds(rng, size, age, contract)
    shifted = np.zeros(n, dtype=int) if "contract" in without else kind
    sla = _share(_SLA_MEAN + np.array(list(_KEPT.values()))[shifted] + _SLA_SPREAD * rng.standard_normal(n))
    kept = (sla - _SLA_MEAN) / _SLA_SPREAD
    repaired = np.array(list(_REPAIRED.values()))[shifted] + 0.03 * kept + _REPAIR_SPREAD * rng.standard_normal(n)
    felt = _felt(rng, n)
    felt["service"] += 0.0 if "operations" in without else _SLA_IN_SERVICE * kept
    firms = pd.DataFrame(
        {
            "size": size.astype(int),
            "contract": np.array(CONTRACTS)[kind],
            "contract_age": age,
            "prior_experience": np.minimum(rng.poisson(1.1, n), 5),
            "sla_kept": sla,
            "repair_within_4h": _share(_REPAIR_MEAN + repaired),
            "kind": kind,
            **felt,
        }
    )
    firms["decision"] = _decisions(rng, firms, without)
    return firms


def _kinds(rng: np.random.Generator, size: np.ndarray, age: np.ndarray, contract: str | None) -> np.ndarray:
    """Place (n,) of each organisation's contract; larger clients choose a bonus-malus, old contracts are for effort."""
    draw = rng.gumbel(size=(len(size), 3))
    for k, (intercept, by_size, by_age) in enumerate(_CHOICE.values(), start=1):
        draw[:, k] += intercept + by_size * standard_size(size) + by_age * (age - _AGE_MEAN)
    return np.asarray(draw.argmax(axis=1)) if contract is None else np.full(len(size), CONTRACTS.index(contract))


def standard_size(size: np.ndarray) -> np.ndarray:
    """Employees in standard deviations from the mean; same shape."""
    return np.asarray((size - _SIZE_MEAN) / (_SIZE_MEAN / _SIZE_SHAPE**0.5))


def _felt(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """What each organisation thinks on the four scales (n,), in standard deviations; three of them go together."""
    halo, own = rng.standard_normal(n), rng.standard_normal((n, len(SCALES)))
    part = np.array([_TOGETHER, _TOGETHER, _TOGETHER, 0.0])
    together = np.sqrt(part) * halo[:, None] + np.sqrt(1 - part) * own
    return {scale: together[:, k] for k, scale in enumerate(SCALES)}


def _decisions(rng: np.random.Generator, firms: pd.DataFrame, without: frozenset[str]) -> np.ndarray:
    """What each organisation decides (n,): the largest of three utilities, so that chances are a multinomial logit."""
    gone = {"relationship", "switching_costs"} & without | ({"product", "service"} if "quality" in without else set())
    utility = rng.gumbel(size=(len(firms), 3))
    for k, exit_ in enumerate(OUTCOMES[1:], start=1):
        for name, slope in DECISION[exit_].items():
            if name not in gone:
                utility[:, k] += slope * (1.0 if name == "intercept" else firms[name].to_numpy())
    return np.asarray(np.array(OUTCOMES)[utility.argmax(axis=1)])


def _roles(rng: np.random.Generator, n: int) -> np.ndarray:
    """The layer (n,) of those who answer: fewer users do than there are."""
    chance = np.array(_ROLE_SHARES) * np.array(_RESPONSE)
    return np.asarray(rng.choice(3, n, p=chance / chance.sum()))


def _ratings(rng: np.random.Generator, firms: pd.DataFrame, of: np.ndarray, role: np.ndarray) -> pd.DataFrame:
    """Whole answers (respondents, 15)."""
    found = {}
    for scale in SCALES:
        own = rng.standard_normal(len(of))
        view = np.sqrt(_ORGANISATION) * firms[scale].to_numpy()[of] + np.sqrt(1 - _ORGANISATION) * own
        view = view + (np.array(_ROLE_VIEW)[role] if scale == "relationship" else 0.0)
        for question in (q for q in QUESTIONS if q.scale == scale):
            z = _LOADING * view + np.sqrt(1 - _LOADING**2) * rng.standard_normal(len(of))
            found[question.column] = _rating(question.mean + question.spread * z)
    return pd.DataFrame(found)


def _satisfaction(
    firms: pd.DataFrame, of: np.ndarray, ratings: pd.DataFrame, noise: np.ndarray, without: frozenset[str]
) -> np.ndarray:
    """Satisfaction (respondents,), from the ratings and what the organisation's contract and operations add."""
    slopes = np.array([q.slopes for q in QUESTIONS])
    if "moderation" in without:
        slopes[:] = slopes.mean(axis=1, keepdims=True)
    kind, means = firms["kind"].to_numpy()[of], np.array([q.mean for q in QUESTIONS])
    points = ((ratings.to_numpy() - means) * slopes.T[kind]).sum(axis=1)
    firm = np.zeros(len(firms))
    if "contract" not in without:
        firm += np.array(list(CONTRACT_EFFECT.values()))[firms["kind"]]
    if "confounding" not in without:
        firm += SIZE_EFFECT * standard_size(firms["size"].to_numpy())
        firm += AGE_EFFECT * (firms["contract_age"].to_numpy() - _AGE_MEAN)
    if "operations" not in without:
        firm += SLA_EFFECT * (firms["sla_kept"].to_numpy() - _SLA_MEAN)
        firm += REPAIR_EFFECT * (firms["repair_within_4h"].to_numpy() - _REPAIR_MEAN)
    return _rating(_SATISFACTION + points + firm[of] + noise)


def _rating(points: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(np.rint(points), LOW, HIGH))


def _share(part: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(part, 0.30, 1.0).round(3))
