"""Which are the true drivers of another kind of outcome: a share of customers, leaving, ordered answers, a choice?"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtri

from drivers.analyses.basis import LinearBasis, joint_resample, linear_basis
from drivers.analyses.division import Division, divided_fit
from drivers.analyses.outcome_method import shares_method
from drivers.analyses.outcomes import Outcome, OutcomeKind, outcome_column, seen_outcome
from drivers.analyses.players import ModelTerms, Players, model_players
from drivers.analyses.twins import united_survey
from drivers.core.interval import (
    bca_interval,
    first_probability,
    indistinguishable_letters,
    pairwise_intervals,
    rank_interval,
    ranks,
)
from drivers.core.resample import Resample
from drivers.core.worth import conditional_gains, dominance_proportions
from drivers.errors import EstimationError, SurveyError
from drivers.survey.survey import Survey
from drivers.wording import Sentence

_TIE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeImportance:
    """How the fit of an outcome of any kind divides over the drivers, and how sure that is.

    Attributes
    ----------
    table
        One row a driver, factor or interaction, largest share first; columns explained in ``drivers.glossary``.
    dominance
        One row a pair: how far the one dominates the other.
    fit
        One row a measure of fit of the whole model: R² of a mean; McFadden's, Nagelkerke's, Cox and Snell's of the
        others, and Tjur's where the outcome is one of two.
    blocks
        One row a block of drivers, with its share; without blocks one row a driver.
    kind, outcome
        How the outcome is seen, and its printed name.
    explained, explained_low, explained_high
        What the drivers explain beyond the controls, as a part of what there is to explain (R², else McFadden's
        measure), with its BCa interval. Equals ``table["share_of_fit"].sum()``.
    chance
        Probability of so good a fit if no driver said anything beyond the controls (likelihood ratio on the effective
        base). Where it is large, the shares divide nothing.
    base, effective_base, draws, confidence, method
        As in every result.
    drawn
        Shares (B, drivers) in every draw, in the order of the table; never printed or written.
    """

    table: pd.DataFrame
    dominance: pd.DataFrame
    fit: pd.DataFrame
    blocks: pd.DataFrame
    kind: OutcomeKind
    outcome: Sentence
    explained: float
    explained_low: float
    explained_high: float
    chance: float
    base: int
    effective_base: float
    draws: int
    confidence: float
    method: Sentence
    drawn: np.ndarray = field(metadata={"internal": True})

    def __repr__(self) -> str:
        top = self.table.iloc[0]
        return (
            f"OutcomeImportance of {self.outcome}: {top['label']} has {top['share']:.0%} of the explained "
            f"{self.explained:.0%}; base {self.base}"
        )


def outcome_importance(
    survey: Survey,
    resample: Resample | None = None,
    outcome: Outcome | OutcomeKind = "top_box",
    *,
    terms: ModelTerms | None = None,
    exact_to: int = 10,
    confidence: float = 0.95,
) -> OutcomeImportance:
    """Which drivers tell the satisfied from the others, those who leave from those who stay, one choice from another?

    A share of 0.30 means: of all that the drivers together explain of this outcome, 30% goes to this driver, averaged
    over every order in which they can enter the model. It is an association: it does not prove that changing the
    driver changes the outcome.

    Parameters
    ----------
    survey
        The wave to analyse.
    resample
        The joint resample of this survey's respondents; default: 1,000 draws of a generator of seed 1.
    outcome
        How the outcome is seen: its kind, or an ``Outcome`` with column and limit.
    terms
        Factors, blocks and interactions; default: a straight effect of each driver.
    exact_to
        Most drivers of which every set is fitted; beyond, sets along balanced orders are, and the quadratic
        approximation about the whole model, known for every set, does the rest.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When too few gave the rarer answers, the drivers separate the answers, or there are more than 16 drivers.
    SurveyError
        When the survey has no such column.

    Notes
    -----
    General dominance of a logit: Azen and Traxel 2009 (doi:10.3102/1076998609332754), with McFadden's measure. In the
    draws no set of drivers is fitted again: see ``drivers.core.expansion``.
    """
    asked = Outcome(outcome) if isinstance(outcome, str) else outcome
    resample = joint_resample(survey) if resample is None else resample
    survey = united_survey(survey, resample) if terms is None else survey
    terms = ModelTerms() if terms is None else terms
    basis = _basis(survey, asked, terms, resample)
    players = model_players(survey, basis, terms, exact_to)
    seen = seen_outcome(survey, asked, basis.z[:, -1], players.width)
    division = divided_fit(survey, basis, players, seen, resample)
    total = bca_interval(division.values.sum(), division.drawn.sum(axis=1), division.total_left, confidence)
    frame = _frame(players, division, confidence)
    order = np.argsort(-division.values, kind="stable")
    return OutcomeImportance(
        table=frame.iloc[order].reset_index(drop=True),
        dominance=_dominance(players, division, order),
        fit=pd.DataFrame({"measure": list(division.measures), "value": list(division.measures.values())}),
        blocks=_blocks(players, division, confidence),
        kind=seen.kind,
        outcome=seen.named,
        explained=float(division.values.sum()),
        explained_low=float(total.low),
        explained_high=float(total.high),
        chance=float(chdtrc(division.degrees, division.ratio * basis.moments.effective_base)),
        base=basis.base,
        effective_base=float(basis.moments.effective_base),
        draws=resample.draws,
        confidence=confidence,
        method=shares_method(survey, basis, players, seen, division, (resample.draws, confidence)),
        drawn=division.shares_drawn[:, order],
    )


def _basis(survey: Survey, asked: Outcome, terms: ModelTerms, resample: Resample) -> LinearBasis:
    """Whose answers count; without completions of the answers only complete cases can be fitted."""
    more = tuple(name for name in terms.factors if name not in survey.drivers)
    drivers, column = (*survey.drivers, *more), outcome_column(survey, asked)
    if column in (*drivers, *survey.controls):
        raise EstimationError(
            f"{column!r} is the outcome and a driver or control too. Name another outcome or drop it."
        )
    absent = [name for name in more if name not in survey.answers.columns]
    if absent:
        there = ", ".join(map(str, survey.answers.columns))
        raise SurveyError(f"The survey has no column {absent[0]!r} for a factor. It has: {there}. Name one of these.")
    basis = linear_basis(survey, drivers, column, resample=resample)
    if basis.policy.name == "available":
        return linear_basis(survey, drivers, column, resample=resample, policy="complete")
    return basis


def _frame(players: Players, division: Division, confidence: float) -> pd.DataFrame:
    bca = bca_interval(division.shares, division.shares_drawn, division.shares_left, confidence)
    rank = rank_interval(division.shares_drawn, confidence)
    pairs = pairwise_intervals(division.shares_drawn, confidence)
    odds, error = division.odds
    reach = ndtri(0.5 + confidence / 2) * error
    return pd.DataFrame(
        {
            "driver": list(players.names),
            "label": list(players.labels),
            "driver_block": list(players.blocks),
            "share": division.shares,
            "share_low": bca.low,
            "share_high": bca.high,
            "share_of_fit": division.values,
            "rank": ranks(division.shares).astype(int),
            "rank_low": rank.low.astype(int),
            "rank_high": rank.high.astype(int),
            "first_probability": first_probability(division.shares_drawn),
            "letters": list(indistinguishable_letters(division.shares, pairs.low, pairs.high)),
            "log_odds": odds,
            "log_odds_low": odds - reach,
            "log_odds_high": odds + reach,
            "odds_ratio": np.exp(odds),
            "tjur_share": division.tjur,
        }
    )


def _blocks(players: Players, division: Division, confidence: float) -> pd.DataFrame:
    """Shares of blocks: the sum of their members'; a driver in none is a block of its own."""
    named = np.array(
        [block or label for block, label in zip(players.blocks, players.labels, strict=True)], dtype=object
    )
    blocks = list(dict.fromkeys(named))
    member = np.array([named == block for block in blocks], dtype=float)
    share, drawn, left = (part @ member.T for part in (division.shares, division.shares_drawn, division.shares_left))
    interval = bca_interval(share, drawn, left, confidence)
    frame = pd.DataFrame(
        {"driver_block": blocks, "share": share, "share_low": interval.low, "share_high": interval.high}
    )
    return frame.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _dominance(players: Players, division: Division, order: np.ndarray) -> pd.DataFrame:
    complete, gains = _proofs(division)
    names, places = np.array(players.names, dtype=object), [int(i) for i in order]
    pairs = [(i, j) for k, i in enumerate(places) for j in places[k + 1 :]]
    rows = [(names[i], names[j], _level(i, j, complete, gains), complete[i, j]) for i, j in pairs]
    return pd.DataFrame(rows, columns=["driver", "other", "dominance", "complete_share"])


def _proofs(division: Division) -> tuple[np.ndarray, np.ndarray]:
    """Proportions of complete dominance (g, g) and mean gains (g, k); where sets are missing, general gains alone."""
    if division.worth is None:
        return np.full(2 * (len(division.values),), np.nan), division.values[:, None]
    return dominance_proportions(division.worth), conditional_gains(division.worth)


def _level(i: int, j: int, complete: np.ndarray, gains: np.ndarray) -> str:
    """The strongest sense in which player i dominates player j (Azen and Budescu 2003)."""
    if complete[i, j] == 1.0:
        return "complete"
    if gains.shape[1] > 1 and (gains[i] > gains[j] + _TIE).all():
        return "conditional"
    return "general" if gains[i].mean() > gains[j].mean() + _TIE else "none"
