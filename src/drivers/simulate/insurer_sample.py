"""The files of Maasland Verzekeringen: the survey after contact, and a README that tells its truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from drivers.simulate.employee_sample import write_employees
from drivers.simulate.insurer import CENTRES_PER_SITE, LEAVING, insurer_survey
from drivers.simulate.insurer_facts import (
    COMPARED,
    CONTACTS_A_YEAR,
    COST_OFFSHORE,
    COST_ONSHORE,
    CUSTOMERS,
    MEDIATORS,
    RETURN_COST,
    SWITCH_COST,
    Business,
    InsurerTruth,
    insurer_truth,
)
from drivers.simulate.providers import write_providers

INSURER_SEED = 20111201
POPULATION = 400_000


def write_insurer(folder: Path, seed: int = INSURER_SEED) -> None:
    """Write the files of Maasland Verzekeringen and its README.md; client.toml is written by hand and left alone.

    Parameters
    ----------
    folder
        Where to, made if it is not there.
    seed
        Of the survey; the truth's population has the next one, the employees and the providers the two after.
    """
    truth = insurer_truth(seed + 1, POPULATION)
    survey = insurer_survey(np.random.default_rng(seed))
    folder.mkdir(parents=True, exist_ok=True)
    survey.to_csv(folder / "survey.csv", index=False, float_format="%g", lineterminator="\n")
    parts = {"employees": write_employees(folder, seed + 2), "providers": write_providers(folder, seed + 3)}
    (folder / "README.md").write_text(_readme(truth, survey, seed, parts), encoding="utf-8", newline="\n")


def _readme(truth: InsurerTruth, survey: pd.DataFrame, seed: int, parts: Mapping[str, str]) -> str:
    return _TEXT.format(
        seed=seed,
        **parts,
        contacts=f"{len(survey):,}",
        sites=" and ".join(f"{n:,} {site}" for site, n in survey["site"].value_counts().items()),
        centres=2 * CENTRES_PER_SITE,
        each=CENTRES_PER_SITE,
        population=f"{POPULATION:,}",
        csat_gap=f"{-truth.relative['csat']:.0%}",
        fix_gap=f"{-truth.relative['first_time_fix']:.0%}",
        intercept=LEAVING["intercept"],
        csat=LEAVING["csat"],
        tenure=LEAVING["tenure"],
        gaps=_gap_table(truth),
        paths=_path_table(truth),
        through=f"{truth.through:.0%}",
        talk=_talk_table(truth),
        **_luck(survey),
        year=f"{CONTACTS_A_YEAR:,}",
        customers=f"{CUSTOMERS:,}",
        onshore=f"{COST_ONSHORE:.2f}",
        offshore=f"{COST_OFFSHORE:.2f}",
        switch=f"{SWITCH_COST:,}",
        home=f"{RETURN_COST:,}",
        money=_money_table(truth),
    )


def _gap_table(truth: InsurerTruth) -> str:
    rows = [
        (
            f"`{column}`",
            f"{truth.means['onshore'][column]:.3f}",
            f"{truth.means['offshore'][column]:.3f}",
            f"{truth.relative[column]:+.1%}",
            f"{truth.adjusted[column]:+.1%}",
        )
        for column in COMPARED
    ]
    return _table(("what", "mean onshore", "mean offshore", "relative gap", "the same customers at both"), rows)


def _path_table(truth: InsurerTruth) -> str:
    names = {**{m: f"`{m}`" for m in MEDIATORS}, "others": "the other five ratings", "direct": "none of these"}
    rows = [(names[n], f"{points:z.2f}", f"{points / truth.gap:.0%}") for n, points in truth.paths.items()]
    return _table(("through", "points", "part of the gap"), [*rows, ("all", f"{truth.gap:.2f}", "100%")])


def _talk_table(truth: InsurerTruth) -> str:
    rows = [
        (f"`{column}`", f"{truth.between[column]:+.3f}", f"{truth.within[column]:+.3f}") for column in truth.between
    ]
    return _table(("a minute longer goes with", "between centres of one site", "within a centre"), rows)


def _luck(survey: pd.DataFrame) -> dict[str, str]:
    """What a minute within a centre goes with in this file, and its standard error, for who compares it with truth."""
    centred = survey[["talk_time", "first_time_fix"]]
    centred = centred - centred.groupby(survey["centre"]).transform("mean")
    minutes, fixed = centred["talk_time"].to_numpy() / 60, centred["first_time_fix"].to_numpy()
    slope = minutes @ fixed / (minutes @ minutes)
    error = np.std(fixed - slope * minutes) / np.sqrt(minutes @ minutes)
    return {"slope_here": f"{slope:+.3f}", "slope_error": f"{error:.3f}"}


def _money_table(truth: InsurerTruth) -> str:
    moves = (truth.offshoring, truth.homecoming)
    rows = [(label, *(_euros(getattr(move, name)) for move in moves)) for name, label in _MONEY.items()]
    needed = ("break-even difference of unit costs, a contact", *(_needed(move) for move in moves))
    return _table(("euros a year", "all offshore", "all brought home"), [*rows, needed])


_MONEY = {
    "saving": "saved on unit cost",
    "repeats": "less: repeat contacts",
    "lost": "less: lifetime value lost",
    "once": "less: cost of moving, spread",
    "net": "**net**",
}


def _euros(amount: float) -> str:
    return f"{amount:z,.0f}"


def _needed(move: Business) -> str:
    return f"{move.break_even:.2f}"


def _table(header: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


_TEXT = """\
# Maasland Verzekeringen

An insurer that does not exist, with contact centres at home and abroad and a survey after each contact. Every answer
is simulated; this page tells the truth that was put in, so that anyone can check what the report finds.
`python -m drivers.simulate data/sample/maasland-verzekeringen` rewrites `survey.csv` and this page to the byte (seed
{seed}, all randomness of a file from one `numpy.random.Generator`). `client.toml` is written by hand.

## What is simulated

- **Contacts**: {contacts}, each of another customer, {sites}, handled by {centres} centres (`C01` to
  `C{centres}`), {each} at each site.
- **The gap.** Offshore, satisfaction is {csat_gap} lower and a first-time fix {fix_gap} less frequent (relative).
  Customers do not lack being heard (`listened`), they lack being understood (`understood`).
- **Ratings** 1 to 10, whole points, tied together by a general impression; 2% of each are missing at random.
- **Satisfaction** `csat`: first-time fix, repeat contacts, the ratings, tenure, product, a part that goes with
  the offshore site beside all of these, a small chance difference between centres, and noise; rounded.
- **Repeat contacts**: how often the customer came back on the same question. Seldom once it was solved, about
  once when not.
- **Steering on talk time**: every second centre of each site is steered on it (`steered_on_talk_time`). Its
  contacts are 100 seconds shorter, solve less and understand less. Within a centre it is the other way round:
  hard questions take longer and are solved less often. So the same two columns give opposite answers between and
  within centres.
- **Mix**: simple products and newer customers go offshore a little more often, so part of the raw gap is the mix.
- **Leaving** within twelve months: logit {intercept}, {csat:+} a point of `csat`, {tenure:+} a year of
  tenure, and nothing else.
- **Margin** in euros a year: lognormal, by product.
- **Centres were not assigned by lot** in the story, so every gap is an association. In the simulation it is
  caused, so the truth below is known.

The seed was set before anything was simulated and never changed. Effects were set so that the two relative gaps are
those of the story; costs so that they are of the size that a contact centre pays.

## The truth

Computed over {population} simulated contacts, with chance differences between centres left out.

### Onshore and offshore

{gaps}

### Along which way satisfaction falls short

The same customers handled offshore instead of onshore: the difference of each column times its slope in recorded
points. Together the three ways named in `client.toml` carry {through} of the gap.

{paths}

### Talk time

Between centres the slope is that of steering, a little flattened because centres differ in talk time by chance too.

{talk}

No file is average: in this one a minute within a centre goes with {slope_here} of first-time fix (standard error
{slope_error}), smaller than the truth by chance; the file was not chosen for it.

### What it comes to

For {year} new questions a year of {customers} customers; € {onshore} a contact onshore, € {offshore} offshore;
moving out costs € {switch} once, coming home € {home}, spread over five years at 10%. A minus before what is
taken off is a gain.

{money}

## What a correct report must find

1. **Two gaps**: satisfaction about {csat_gap} and first-time fix about {fix_gap} lower offshore, each inside its
   interval; and the interval is that of {centres} centres, not of {contacts} contacts.
2. **Why**: most of the gap runs through first-time fix, repeat contacts and being understood, the last most of
   all.
3. **Talk time**: centres with shorter contacts satisfy less and solve less; within a centre long contacts are the
   hard ones.
4. **Money**: offshoring saves on unit cost and loses more than that on repeats and on customers who leave. The
   twin without a gap (`insurer_survey(..., gap=0)`) must be answered with "not shown", and there the saving
   survives.

{providers}
{employees}

## Where the story comes from

As reported in a news item of December 2011 (Dutch): in the United States offshore contact centres score 27% lower
on satisfaction and 35% lower on first-time fix; 60% of Dutch firms steer contact handling first on talk time and
efficiency. These are its figures, taken here as the simulated truth; they are no finding of this package.
"""
