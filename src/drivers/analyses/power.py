"""How many respondents are needed to tell the drivers apart?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from drivers.analyses.basis import linear_basis
from drivers.analyses.slopes import robust_fit
from drivers.core.linear import linear_fit
from drivers.core.population import Population, explained_shares, sampled_cross
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

BASES = (100, 150, 200, 300, 400, 600, 800, 1200, 1600, 2400, 3200, 4800, 6400)
NEIGHBOURS = 3
"""Pairs of neighbours, from the first driver down, that are asked about when none are named."""
SUBSETS = 300_000_000
"""Subsets of drivers, times samples and bases, that the shares may cost: some eight seconds of them."""
_FEWEST = 100
_CERTAIN = 0.975  # level of the one-sided test that an interval of 95% makes of a difference in a known direction


@dataclass(frozen=True, slots=True, eq=False)
class RespondentsNeeded:
    """How likely each base is to tell drivers apart, by simulation, and the base from which it does.

    Attributes
    ----------
    table
        One row a question and number of respondents: chance of the right answer with its Monte-Carlo interval.
    needed
        One row a question: respondents needed for the chance asked for; missing where even the largest base does not
        reach it.
    power
        The chance asked for.
    base
        Respondents of the survey that it was computed from; 0 for a stated population.
    smallest, largest
        Smallest and largest base tried.
    design_effect
        How many times the design multiplies the variance of a simple random sample; the bases honour it.
    simulations
        Samples simulated of each base.
    method
        One sentence for the report's footnote.
    """

    table: pd.DataFrame
    needed: pd.DataFrame
    power: float
    base: int
    smallest: int
    largest: int
    design_effect: float
    simulations: int
    method: Sentence

    def __repr__(self) -> str:
        reached = int(self.needed["base_needed"].notna().sum())
        return (
            f"RespondentsNeeded: {reached} of {len(self.needed)} questions answered with a chance of {self.power:.0%} "
            f"by {self.largest} respondents"
        )


@dataclass(frozen=True, slots=True)
class _Question:
    """A question to the samples: which driver leads, which of two is ahead, has a driver an effect of its own?"""

    name: str
    driver: int
    other: int = -1


def respondents_needed(
    source: Survey | Population,
    *,
    pairs: Sequence[tuple[str, str]] | None = None,
    bases: Sequence[int] = BASES,
    power: float = 0.80,
    simulations: int = 1000,
    rng: np.random.Generator | None = None,
) -> RespondentsNeeded:
    """How many respondents are needed to tell these drivers apart?

    600 at a chance of 80% means: of ten surveys with 600 respondents eight would show that the first of the two drivers
    has the larger share, if these drivers are related as they are here.

    Parameters
    ----------
    source
        A survey, whose relations and design are then taken for true; or a population with stated shares.
    pairs
        Pairs of drivers; default: the first three pairs of neighbours in the ranking.
    bases
        Numbers of respondents to try.
    power
        Chance that is wanted.
    simulations
        Samples of each base; fewer of them where the drivers are many.
    rng
        Source of randomness; default: a generator of seed 1.

    Raises
    ------
    EstimationError
        When a pair names no driver, or no base is large enough for the drivers.
    """
    population, base, labels = _taken_for_true(source)
    rng = np.random.default_rng(1) if rng is None else rng
    questions = _questions(population, pairs)
    tried = _possible(bases, population)
    p = len(population.drivers)
    size = max(min(simulations, SUBSETS // (len(tried) * 2**p)), _FEWEST)
    hits = np.stack([_hits(rng, population, n, size, questions) for n in tried])
    table = _table(questions, population, labels, tried, hits, size)
    return RespondentsNeeded(
        table=table,
        needed=_needed(table, power),
        power=power,
        base=base,
        smallest=tried[0],
        largest=tried[-1],
        design_effect=population.design_effect,
        simulations=size,
        method=_method(population, size),
    )


def survey_population(survey: Survey) -> Population:
    """The drivers of a survey as if their relations, controls held constant, were those of everybody.

    The design effect is how many times weights, strata and clusters multiply the variance of the slopes, averaged.

    Raises
    ------
    EstimationError
        When the complete answers cannot support the drivers.
    """
    basis = linear_basis(survey)
    cross = basis.cross(basis.moments)
    covariance = cross / float(basis.moments.weight_sum)
    names = (*basis.drivers, basis.names[-1])
    population = Population(names, covariance)
    whole = basis.completions()
    if basis.design is None or not whole:
        return population
    fit = linear_fit(basis.moments.covariance)
    simple = np.diagonal(fit.inverse) * fit.residual_variance / (basis.base - len(basis.names))
    designed = np.diagonal(robust_fit(whole[0]).covariance)[1:]
    own = slice(basis.controls, None)
    ratio = np.divide(designed, simple, out=np.full(len(simple), np.nan), where=simple > 0)[own]
    return replace(population, design_effect=float(max(np.nanmean(ratio), 1.0)))


def _taken_for_true(source: Survey | Population) -> tuple[Population, int, dict[str, str]]:
    if isinstance(source, Population):
        return source, 0, {}
    return survey_population(source), linear_basis(source).base, dict(source.labels)


def _questions(population: Population, pairs: Sequence[tuple[str, str]] | None) -> tuple[_Question, ...]:
    drivers, shares = list(population.drivers), population.shares
    order = [int(j) for j in np.argsort(-shares, kind="stable")]
    unknown = [name for pair in pairs or () for name in pair if name not in drivers]
    if unknown:
        raise EstimationError(f'There is no driver "{unknown[0]}"; expected two of {", ".join(drivers)}. Change pairs.')
    if pairs is None:
        chosen = list(pairwise(order[: NEIGHBOURS + 1]))
    else:
        places = [(drivers.index(a), drivers.index(b)) for a, b in pairs]
        chosen = [(a, b) if shares[a] >= shares[b] else (b, a) for a, b in places]
    lead = [_Question("leader", order[0])] if len(order) > 1 else []
    return (
        *lead,
        *(_Question("pair", a, b) for a, b in chosen),
        *(_Question("slope", j) for j in order),
    )


def _possible(bases: Sequence[int], population: Population) -> list[int]:
    """The bases at which a regression on the drivers has degrees of freedom to spare."""
    least = (len(population.names) + 2) * population.design_effect
    tried = sorted({int(n) for n in bases if n > least})
    if not tried:
        raise EstimationError(
            f"No base exceeds {least:.0f}, which {len(population.drivers)} drivers need. Try larger ones."
        )
    return tried


def _hits(
    rng: np.random.Generator, population: Population, base: int, size: int, questions: Sequence[_Question]
) -> np.ndarray:
    """How many of `size` samples of this base answer each question rightly: (questions,).

    Two drivers are told apart where the difference of their shares is so many of its own standard errors above 0 as an
    interval of 95% takes; the standard error is that of the simulated samples.
    """
    effective = base / population.design_effect
    cross = sampled_cross(rng, population.covariance, effective, size)
    shares, slopes = explained_shares(cross), _slope_ratios(cross, effective)
    limit = stats.t.ppf(_CERTAIN, effective - len(population.names))
    sign = np.sign(population.slopes)
    found = []
    for question in questions:
        if question.name == "slope":
            found.append((slopes[:, question.driver] * sign[question.driver] > limit).sum())
            continue
        others = [question.other] if question.name == "pair" else _rest(question.driver, shares.shape[1])
        gap = shares[:, [question.driver]] - shares[:, others]
        found.append((gap > stats.norm.ppf(_CERTAIN) * gap.std(axis=0)).all(axis=1).sum())
    return np.array(found)


def _rest(driver: int, p: int) -> list[int]:
    return [j for j in range(p) if j != driver]


def _slope_ratios(cross: np.ndarray, effective: float) -> np.ndarray:
    """Each slope in its standard errors (size, p)."""
    fit = linear_fit(cross)
    variance = fit.residual_variance / (effective - cross.shape[-1])
    error = np.sqrt(np.diagonal(fit.inverse, axis1=-2, axis2=-1) * variance[:, None])
    return np.asarray(np.divide(fit.slopes, error, out=np.zeros_like(error), where=error > 0))


def _table(
    questions: Sequence[_Question],
    population: Population,
    labels: dict[str, str],
    tried: Sequence[int],
    hits: np.ndarray,
    size: int,
) -> pd.DataFrame:
    names = population.drivers
    rows = []
    for k, question in enumerate(questions):
        other = names[question.other] if question.other >= 0 else ""
        low, high = proportion_confint(hits[:, k], size, method="wilson")
        for n, hit, a, b in zip(tried, hits[:, k], low, high, strict=True):
            rows.append(
                {
                    "question": question.name,
                    "driver": names[question.driver],
                    "label": labels.get(names[question.driver], names[question.driver]),
                    "other": other,
                    "other_label": labels.get(other, other),
                    "base": n,
                    "power": hit / size,
                    "power_low": a,
                    "power_high": b,
                }
            )
    return pd.DataFrame(rows)


def _needed(table: pd.DataFrame, power: float) -> pd.DataFrame:
    keys = ["question", "driver", "label", "other", "other_label"]
    rows = [(*key, _base_needed(rows, power)) for key, rows in table.groupby(keys, sort=False)]
    frame = pd.DataFrame(rows, columns=[*keys, "base_needed"])
    return frame.assign(base_needed=frame["base_needed"].astype("Int64"))


def _base_needed(rows: pd.DataFrame, power: float) -> int | None:
    """Base at which the chance reaches `power`, between two bases on the logarithm; None beyond the largest."""
    chance = np.maximum.accumulate(rows["power"].to_numpy())
    base = rows["base"].to_numpy(dtype=float)
    above = np.flatnonzero(chance >= power)
    if not len(above):
        return None
    k = int(above[0])
    if k == 0:
        return int(base[0])
    part = (power - chance[k - 1]) / (chance[k] - chance[k - 1])
    return int(np.ceil(np.exp(np.log(base[k - 1]) + part * np.log(base[k] / base[k - 1]))))


def _method(population: Population, size: int) -> Sentence:
    return sentence(
        "{size:count} samples of each base from a normal population with these relations (Wishart), design effect "
        "{effect:number2}. Told apart: the difference of two LMG shares is further above 0 than 1.96 of its standard "
        "errors; an effect of its own: t test of the slope at 5%. The relations are taken for true: a plan, "
        "not a promise.",
        size=size,
        effect=population.design_effect,
    )
