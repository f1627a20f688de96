"""The files of the sample client Vecht IT: the survey, and a README that tells its truth."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from drivers.simulate.outsourcing import (
    AGE_EFFECT,
    CONTRACT_EFFECT,
    CONTRACTS,
    DECISION,
    EFFECTS,
    OUTCOMES,
    QUESTIONS,
    REPAIR_EFFECT,
    SCALES,
    SIZE_EFFECT,
    SLA_EFFECT,
    vecht_survey,
)
from drivers.simulate.outsourcing_truth import REGRESSORS, OutsourcingTruth, vecht_truth

VECHT_SEED = 20060316
POPULATION = 100_000


def write_vecht(folder: Path, seed: int = VECHT_SEED) -> None:
    """Write survey.csv and README.md of Vecht IT; client.toml is written by hand and left alone.

    Parameters
    ----------
    folder
        Where to, made if it is not there.
    seed
        Of the survey; the truth's population is drawn from the next one.
    """
    survey = vecht_survey(np.random.default_rng(seed))
    folder.mkdir(parents=True, exist_ok=True)
    survey.to_csv(folder / "survey.csv", index=False, float_format="%g", lineterminator="\n")
    text = _readme(vecht_truth(seed + 1, POPULATION), survey, seed)
    (folder / "README.md").write_text(text, encoding="utf-8", newline="\n")


def _readme(truth: OutsourcingTruth, survey: pd.DataFrame, seed: int) -> str:
    firms = survey.drop_duplicates("organisation")
    counts = firms["decision"].value_counts()
    return _TEXT.format(
        seed=seed,
        population=f"{POPULATION:,}",
        respondents=f"{len(survey):,}",
        organisations=len(firms),
        decided=int(counts.sum()),
        running=len(firms) - int(counts.sum()),
        counts=", ".join(f"{counts[o]} {o}" for o in OUTCOMES),
        effects=", ".join(f"`{effect}`" for effect in EFFECTS),
        decision=_rows("put in, a standard deviation", DECISION, ("intercept", *SCALES, "prior_experience"), 2),
        shares=_table(("", *OUTCOMES), [("organisations", *(f"{truth.shares[o]:.1%}" for o in OUTCOMES))]),
        means=_rows("mean rating", truth.means, SCALES, 2),
        coefficients=_rows("log-odds against stay, a point", truth.coefficients, REGRESSORS, 3),
        marginal=_rows("percentage points, a point", _percent(truth.effects), REGRESSORS, 2),
        contract_effect=", ".join(f"{k} {CONTRACT_EFFECT[k]:.2f}" for k in CONTRACTS[1:]),
        size_effect=f"{SIZE_EFFECT:.2f}",
        age_effect=f"{-AGE_EFFECT:.2f}",
        sla=f"{SLA_EFFECT / 10:.2f}",
        repair=f"{REPAIR_EFFECT / 10:.2f}",
        contracts=_table(
            ("points of `csat` more than effort", *CONTRACTS[1:]),
            [
                ("as they are", *(f"{truth.contract_gaps[k]:.2f}" for k in CONTRACTS[1:])),
                ("**size and age alike**", *(f"**{truth.contract_effects[k]:.2f}**" for k in CONTRACTS[1:])),
            ],
        ),
        slopes=_table(("question", *CONTRACTS), _slope_rows(truth)),
        operations=_table(
            ("10 percentage points more of", "points of `csat`, ratings alike", "in all"),
            [
                (f"`{name}`", f"{value / 10:.2f}", f"{truth.operations_whole[name] / 10:.2f}")
                for name, value in truth.operations.items()
            ],
        ),
    )


def _percent(table: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    return {row: {name: 100 * value for name, value in values.items()} for row, values in table.items()}


def _rows(corner: str, table: Mapping[str, Mapping[str, float]], columns: Collection[str], digits: int) -> str:
    lines = [(row, *(f"{table[row][c]:z.{digits}f}" for c in columns)) for row in table]
    return _table((corner, *(f"`{c}`" for c in columns)), lines)


def _slope_rows(truth: OutsourcingTruth) -> list[tuple[str, ...]]:
    asked = [q.column for q in QUESTIONS if q.scale != "switching_costs"]
    return [(f"`{c}`", *(f"{truth.slopes[kind][c]:.2f}" for kind in CONTRACTS)) for c in asked]


def _table(header: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


_TEXT = """\
# Vecht IT

An IT supplier that does not exist: other organisations have outsourced their IT to it. It asked several people at each
of them, and a year later knows which of them stayed, went to another supplier or took the work back in house. Every
answer is simulated; this page tells the truth that was put in. `python -m drivers.simulate data/sample/vecht-it`
rewrites `survey.csv` and this page to the byte (seed {seed}, all randomness from one `numpy.random.Generator`).
`client.toml` is written by hand.

## What is simulated

- **Respondents**: {respondents} at {organisations} client organisations, two to eight each. Answers of one organisation
  are alike, so the organisation is the unit that was sampled (`survey.cluster`).
- **Decisions**: {decided} organisations came to the end of their contract ({counts}). The contracts of {running}
  still run, so their `decision` is empty: who of them will leave is what the early warning is for.
- **Ratings** 1 to 10, whole points: four questions on the product, four on the service, four on the relationship
  (trust, commitment, communication, cultural fit), three on switching costs. Just over half of a perception's
  differences lie between organisations, the rest between respondents of one organisation.
- **Role**: user, it or management; management rates the relationship higher. Users answer less often, which the
  weights undo.
- **Decision**: a multinomial logit of what the organisation as a whole thinks, and how often it outsourced before.
  Size, contract and age of the contract play no part in it.
- **Satisfaction** `csat`: a weighted sum of the respondent's ratings, plus what follows, and noise; rounded. Beyond
  effort, a kind of contract adds {contract_effect}; ten percentage points of SLAs kept add {sla}, of repairs within
  four hours {repair}; a standard deviation of size {size_effect}; a year of the contract takes off {age_effect}.
- **Contracts**: larger clients choose a bonus-malus, old contracts are for effort; so size and age make the raw gap
  between contracts too large. Under result and bonus-malus contracts a little more is kept and repaired in time.
- **Moderation**: under effort contracts a kept promise and trust weigh more, under bonus-malus contracts the product's
  reliability does.
- **Missing**, completely at random: 2% of each rating, 1% of `csat`.

Twins of the same data in which an effect is not there: `vecht_survey(rng, without=[...])` with any of {effects}.

The seed is the second one. The first, 20060315, was set before anything was simulated; in its file the relationship
goes with half as much switching as in truth, three standard errors off, by chance. A sample that is to show the truth
cannot be that one; the next number was taken, nothing else was tried, and nothing was changed in the generator for it.

## The truth

Computed over {population} simulated organisations, not estimated from the survey. Four respondents show what their
organisation thinks with error, so log-odds for a point of their mean are smaller than what was put in.

### Stay, switch or backsource

{shares}

{decision}

Mean rating of an organisation's respondents, by what it decides:

{means}

Multinomial logit of the decision on these means, times outsourced before and age of the contract:

{coefficients}

Average marginal effects of one point, from that logit:

{marginal}

### Contracts

{contracts}

What a point of each rating adds to `csat` under each kind of contract, size, age, SLAs and repairs held constant:

{slopes}

What goes with an operational share, the kind of contract, size and age held constant:

{operations}

## What a correct report must find

1. **Backsourcers** rate product and service low, and each of these two keeps organisations from taking work back.
2. **Switchers** are about as content with product and service as those who stay, but not with the relationship.
3. **Switching costs** hold clients, from either exit.
4. **Contracts**: satisfaction rises from effort to result to bonus-malus, also at equal size and age, but by less than
   half of what the raw means say; the kind of contract changes what counts.
5. **Kept SLAs and repairs in time** go with satisfaction beside the ratings.

## Where the story comes from

As reported in two Dutch trade articles (2009 to 2013), of which one cites a study of 2006: those who take work back had
poor product and service quality, those who switch were content with both but not with the relationship; and clients
with result agreements and bonus-malus clauses were more satisfied than clients with effort contracts. These are the
articles' claims, taken here as the simulated truth; they are no finding of this package.
"""
