"""Without which rating of a driver is hardly anybody satisfied?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.groups import Thresholds, thresholds
from drivers.analyses.shape import FEWEST
from drivers.analyses.significance import SIGNIFICANT
from drivers.core.multiplicity import adjusted_p
from drivers.core.necessity import (
    CeilingLine,
    Scatter,
    Scope,
    ceiling_effect,
    ceiling_line,
    ceiling_steps,
    chance_p,
    effects_by_chance,
    required_level,
    respondents_below,
    scatter,
)
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

WORTH = 0.10
"""Effect size from which a necessary condition is worth telling (Dul 2016: 0.1 to 0.3 is medium)."""

TOLERANCE = 0.01
"""Share of the respondents who may be exceptions at each level of satisfaction."""

FEW_EXCEPTIONS = 0.10
"""Of those who rate lower than needed, the share who may be satisfied all the same; more is no condition."""

PERMUTATIONS = 1000
LEVELS = tuple(k / 10 for k in range(1, 11))
"""Levels of satisfaction, as shares of its observed range, of the bottleneck table."""


@dataclass(frozen=True, slots=True, eq=False)
class NecessaryConditions:
    """Which ratings hardly any satisfied customer goes without.

    Attributes
    ----------
    table
        One row a driver, largest effect first: respondents, effect size of the stepwise ceiling without and with
        exceptions, on the observed range and on the whole scale, of the straight ceiling with its accuracy and fit;
        p-values against chance and against a straight line, whether the condition is shown, the lowest rating with
        which customers are satisfied, how many rated lower, and how many of these were satisfied all the same.
    bottlenecks
        One row a driver and level of satisfaction: the rating needed, as a share of the driver's observed range and in
        scale points; NaN where none is.
    satisfied
        From which answer on a customer counts as satisfied.
    tolerance
        Share of the respondents who may be exceptions at each level.
    permutations
        Random orders of the test.
    base
        Respondents who answered on satisfaction and a driver at least.
    method
        One sentence for the report's footnote.
    """

    table: pd.DataFrame
    bottlenecks: pd.DataFrame
    satisfied: float
    tolerance: float
    permutations: int
    base: int
    method: Sentence

    def __repr__(self) -> str:
        shown = int(self.table["necessary"].sum())
        return f"NecessaryConditions: {shown} of {len(self.table)} drivers shown; base {self.base}"


@dataclass(frozen=True, slots=True, eq=False)
class _Condition:
    """One driver against satisfaction: its scatter, its observed scope and its ceiling with exceptions."""

    driver: str
    seen: Scatter
    scope: Scope
    allowed: int
    steps: np.ndarray

    @property
    def effect(self) -> float:
        return float(ceiling_effect(self.steps, self.seen.x, self.scope))

    def strict(self, scope: Scope) -> float:
        """Effect size in this scope without exceptions."""
        return float(ceiling_effect(ceiling_steps(self.seen.counts, self.seen.y, scope.y_low), self.seen.x, scope))

    def required(self, y: np.ndarray) -> np.ndarray:
        """Rating needed for each outcome; NaN where the lowest will do."""
        x = required_level(self.steps, self.seen.x, y)
        return np.where(x > self.seen.x[0], x, np.nan)


def necessary_conditions(
    survey: Survey,
    rng: np.random.Generator | None = None,
    *,
    limits: Thresholds | None = None,
    tolerance: float = TOLERANCE,
    permutations: int = PERMUTATIONS,
    minimum_base: int = FEWEST,
) -> NecessaryConditions:
    """Without which rating of a driver is hardly anybody satisfied?

    An effect size of 0.20 means: a fifth of the field of ratings and satisfaction, the corner of low ratings with high
    satisfaction, is empty. Whether the rating makes satisfied is another question: other drivers may still fail.

    Parameters
    ----------
    survey
        The wave; each driver counts those who answered it and satisfaction.
    rng
        Source of the permutations; None: a generator of seed 1.
    limits
        Who counts as satisfied; default: by the rules of ``thresholds``.
    tolerance
        Share of the respondents who may be exceptions at each level. 0 is the classical ceiling, which a single
        mistaken answer can move.
    permutations
        Random orders of the test.
    minimum_base
        Respondents who must have rated lower than the rating needed: the silence of a few shows nothing.

    Raises
    ------
    EstimationError
        When nobody answered both satisfaction and a driver, or `tolerance` is not a share.

    Notes
    -----
    Necessary condition analysis: Dul 2016 (doi:10.1177/1094428115584005). Every respondent counts once, whatever the
    weight: a ceiling is about who exists. A condition is shown when its effect with exceptions is at least `WORTH`,
    larger than among permuted answers (Dul et al. 2020; Holm over the drivers tested), and larger than answers leave
    empty that only follow a straight line: any driver that goes with satisfaction leaves that corner thin. That line
    is fitted by least squares, with deviations drawn from all there are, rounded to answers that exist. Of those who
    rate lower than needed, at most `FEW_EXCEPTIONS` may be satisfied all the same.
    """
    if not 0 <= tolerance < 1:
        raise EstimationError(f"A tolerance of {tolerance} is no share of the respondents. Give one from 0 to 0.10.")
    rng = np.random.default_rng(1) if rng is None else rng
    limits = thresholds(survey, None, None) if limits is None else limits
    conditions = [_condition(survey, driver, tolerance) for driver in survey.drivers]
    if not any(c.seen.base for c in conditions):
        raise EstimationError(sentence("Nobody answered both satisfaction and a driver. Check the columns."))
    p = _tests(conditions, rng, permutations)
    table = pd.DataFrame([_row(survey, c, limits.satisfied) for c in conditions])
    table["permutation_p"], table["line_p"] = p
    shown = (table["tolerant_effect"] >= WORTH) & (table["permutation_p"] < SIGNIFICANT)
    few = table["exceptions"] <= FEW_EXCEPTIONS * table["below_base"]
    enough = (table["below_base"] >= minimum_base) & few
    table["necessary"] = shown & (table["line_p"] < SIGNIFICANT) & enough
    order = np.argsort(-table["tolerant_effect"].fillna(-1.0).to_numpy(), kind="stable")
    return NecessaryConditions(
        table=table.iloc[order].reset_index(drop=True),
        bottlenecks=pd.concat([_bottleneck(survey, conditions[k]) for k in order], ignore_index=True),
        satisfied=limits.satisfied,
        tolerance=tolerance,
        permutations=permutations,
        base=max(c.seen.base for c in conditions),
        method=_method(survey, tolerance, permutations),
    )


def _condition(survey: Survey, driver: str, tolerance: float) -> _Condition:
    known = survey.complete([driver, survey.outcome])
    x, y = (survey.answers.loc[known, column].to_numpy() for column in (driver, survey.outcome))
    if not len(x):
        none = np.empty(0)
        places = np.empty(0, dtype=np.int64)
        return _Condition(driver, Scatter(none, none, places, places), Scope(0.0, 0.0, 0.0, 0.0), 0, none)
    seen = scatter(x, y)
    scope = Scope(seen.x[0], seen.x[-1], seen.y[0], seen.y[-1])
    allowed = int(tolerance * seen.base)
    return _Condition(driver, seen, scope, allowed, ceiling_steps(seen.counts, seen.y, scope.y_low, allowed))


def _tests(conditions: list[_Condition], rng: np.random.Generator, permutations: int) -> np.ndarray:
    """P-values (2, p) of each condition, against unrelated answers and a straight line; NaN without scope or effect."""
    p = np.full((2, len(conditions)), np.nan)
    for j, c in enumerate(conditions):
        if not (c.scope.area > 0 and c.effect >= WORTH):
            continue
        for k, tables in enumerate((c.seen.shuffled(rng, permutations), c.seen.along_line(rng, permutations))):
            p[k, j] = chance_p(c.effect, effects_by_chance(tables, c.seen, c.scope, c.allowed))
    untested = np.isnan(p)
    families = np.where(untested, 1.0, p)  # of all drivers, also the small ones
    corrected = np.array([adjusted_p(row, "holm") for row in families])
    return np.where(untested, np.nan, corrected)


def _row(survey: Survey, c: _Condition, satisfied: float) -> dict[str, object]:
    row: dict[str, object] = {"driver": c.driver, "label": survey.labels.get(c.driver, c.driver), "base": c.seen.base}
    if not c.scope.area > 0:
        return row | dict.fromkeys(_NUMBERS, np.nan) | {"below_base": 0, "exceptions": 0}
    line = ceiling_line(c.seen, c.scope)
    strict = c.strict(c.scope)
    needed = float(c.required(np.array([satisfied]))[0])
    below, exceptions = respondents_below(c.seen, needed, satisfied) if needed == needed else (0, 0)
    return row | {
        "ceiling_effect": strict,
        "tolerant_effect": c.effect,
        "scale_effect": c.strict(_whole(survey, c)),
        "line_effect": line.effect,
        "ceiling_accuracy": line.accuracy,
        "ceiling_fit": _fit(line, strict),
        "required": needed,
        "below_base": below,
        "exceptions": exceptions,
    }


_NUMBERS = (
    "ceiling_effect", "tolerant_effect", "scale_effect", "line_effect", "ceiling_accuracy", "ceiling_fit", "required",
)  # fmt: skip


def _whole(survey: Survey, c: _Condition) -> Scope:
    """The scope by the scales; the observed one where answers lie off them."""
    x, y = survey.scales[c.driver], survey.scales[survey.outcome]
    seen = c.scope
    return Scope(min(x.low, seen.x_low), max(x.high, seen.x_high), min(y.low, seen.y_low), max(y.high, seen.y_high))


def _fit(line: CeilingLine, strict: float) -> float:
    """How near the straight ceiling is to the stepwise one, by their zones; NaN where its zone is the larger."""
    return line.effect / strict if 0 < line.effect <= strict else float("nan")


def _bottleneck(survey: Survey, c: _Condition) -> pd.DataFrame:
    levels = np.array(LEVELS)
    outcome = c.scope.y_low + levels * (c.scope.y_high - c.scope.y_low)
    needed = c.required(outcome) if c.scope.area > 0 else np.full(len(levels), np.nan)
    width = c.scope.x_high - c.scope.x_low
    return pd.DataFrame(
        {
            "driver": c.driver,
            "label": survey.labels.get(c.driver, c.driver),
            "outcome_level": levels,
            "outcome": outcome,
            "required": needed,
            "required_level": (needed - c.scope.x_low) / width if width > 0 else needed,
        }
    )


def _method(survey: Survey, tolerance: float, permutations: int) -> Sentence:
    return sentence(
        "Necessary condition analysis of {outcome}: ceiling envelopment with free disposal hull, at most "
        "{tolerance:percent} of the respondents above each step; all who answered both questions, each counted once "
        "(no weights, nothing imputed); tested on {permutations:count} random orders against unrelated answers and "
        "against a straight line (Holm); a condition is shown from an effect size of {worth:number1} on.",
        outcome=survey.labels.get(survey.outcome, survey.outcome),
        tolerance=tolerance,
        permutations=permutations,
        worth=WORTH,
    )
