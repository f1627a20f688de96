"""The sample client's files: the survey, and a README that tells its truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from drivers.simulate.aftermath import ChangeTruth, noordzee_change
from drivers.simulate.noordzee import (
    ASPECTS,
    CUSTOMERS,
    DO_NOT_KNOW,
    HIGH,
    LOW,
    QUESTIONNAIRES,
    SATISFIED,
    TENURE_SLOPE,
    Item,
    leaving_probability,
)
from drivers.simulate.truth import DISCOUNT_RATE, HORIZON_YEARS, Truth, noordzee_truth
from drivers.simulate.waves import PLAN, TEAMS, noordzee_survey

SEED = 20251101
POPULATION = 1_000_000
CHANGE_POPULATION = 400_000


def write_sample(folder: Path, seed: int = SEED) -> None:
    """Write survey.csv and README.md of Noordzee Telecom; client.toml is written by hand and left alone.

    Parameters
    ----------
    folder
        Where to, made if it is not there.
    seed
        Of the survey; the truth's population is drawn from a child of the same generator.
    """
    truth = noordzee_truth(np.random.default_rng(seed).spawn(1)[0], POPULATION)
    survey = noordzee_survey(np.random.default_rng(seed))
    folder.mkdir(parents=True, exist_ok=True)
    survey.to_csv(folder / "survey.csv", index=False, float_format="%g", lineterminator="\n")
    change = noordzee_change(seed, CHANGE_POPULATION)
    (folder / "README.md").write_text(_readme(truth, change, survey, seed), encoding="utf-8", newline="\n")


def _readme(truth: Truth, change: ChangeTruth, survey: pd.DataFrame, seed: int) -> str:
    return _TEXT.format(
        seed=seed,
        population=f"{POPULATION:,}",
        customers=f"{CUSTOMERS:,}",
        rows=", ".join(f"{n:,} in {wave}" for wave, n in survey["wave"].value_counts(sort=False).items()),
        do_not_know=DO_NOT_KNOW,
        tenure_slope=TENURE_SLOPE,
        discount=f"{DISCOUNT_RATE:.0%}",
        years=HORIZON_YEARS,
        waves=_wave_table(truth),
        drivers=_driver_table(truth),
        aspects=_aspect_table(truth),
        loyalty=_loyalty_table(truth),
        **_luck(survey),
        effect=f"{-100 * truth.marginal_effect:.1f}",
        change_population=f"{CHANGE_POPULATION:,}",
        teams=TEAMS,
        fix=PLAN["first_time_fix"],
        kept=PLAN["promise_kept"],
        change=_change_table(change),
        value_after=f"{change.extra_value_a_year / 1e6:.2f}",
    )


def _change_table(truth: ChangeTruth) -> str:
    rows = [
        ("mean satisfaction of all customers", f"{truth.change:+.2f} points"),
        ("of which by the other mix of customers", f"{truth.mix:+.2f}"),
        ("**of which by the plan**", f"**{truth.plan:+.2f}**"),
        ("**the plan, among those whom it reaches**", f"**{truth.plan_reached:+.2f}**"),
        *((f"recorded `{item}` of those reached", f"{rise:+.2f}") for item, rise in truth.rises.items()),
        ("leave within 12 months, of all, 2026", f"{truth.left:.1%}"),
        ("kept by the retention desk, of those who called", f"{truth.kept[2025]:.0%} → {truth.kept[2026]:.0%}"),
        ("lifetime value of the plan's rise", f"€ {truth.plan_value / 1e6:.2f} million"),
        ("the same, a year", f"€ {truth.plan_value_a_year / 1e6:.2f} million"),
        ("extra lifetime value of the satisfied, a year, 2026", f"€ {truth.extra_value_a_year / 1e6:.2f} million"),
    ]
    return _table(("from 2025 to 2026", "truth"), rows)


def _wave_table(truth: Truth) -> str:
    span = HIGH - LOW
    rows = [
        (
            wave,
            len(items),
            f"{truth.r_squared[wave]:.3f}",
            f"{truth.reach[wave]:.2f}",
            f"{truth.reach[wave] / span:.1%}",
        )
        for wave, items in QUESTIONNAIRES.items()
    ]
    header = ("wave", "items", "R² added to tenure", "rise, points", "rise, share of the scale")
    return _table(header, rows)


def _driver_table(truth: Truth) -> str:
    rows = [(*_slopes(truth, 2025, item), f"{truth.shares[item.column]:.1%}") for item in QUESTIONNAIRES[2025]]
    return _table(("item", "true slope", "slope in recorded points", "share of the explained variance"), rows)


def _aspect_table(truth: Truth) -> str:
    return _table(("item", "true slope", "slope in recorded points"), [_slopes(truth, 2024, item) for item in ASPECTS])


def _slopes(truth: Truth, wave: int, item: Item) -> tuple[str, str, str]:
    recorded = truth.recorded_slopes[wave][item.column]
    return f"`{item.column}`", f"{item.slope:.3f}", f"{recorded:z.3f}"


def _loyalty_table(truth: Truth) -> str:
    logit = truth.leaving
    rows = [
        ("logit of leaving: intercept", f"{logit['intercept']:.2f}"),
        ("logit of leaving: a point of `csat`", f"{logit['csat']:.2f}"),
        ("logit of leaving: a year of `tenure`", f"{logit['tenure']:.2f}"),
        ("average marginal effect of a point of `csat`", f"{100 * truth.marginal_effect:.2f} percentage points"),
        ("leave within 12 months, of all", f"{truth.left:.1%}"),
        ("leave, of the satisfied (8 or more)", f"{truth.left_satisfied:.1%}"),
        ("leave, of the dissatisfied (5 or less)", f"{truth.left_dissatisfied:.1%}"),
        ("satisfied", f"{truth.satisfied:.1%}"),
        ("dissatisfied", f"{truth.dissatisfied:.1%}"),
        ("mean rating of the dissatisfied", f"{truth.dissatisfied_mean:.2f}"),
        ("extra lifetime value of the satisfied, in all", f"€ {truth.extra_value / 1e6:.2f} million"),
        ("**the same, a year**", f"**€ {truth.extra_value_a_year / 1e6:.2f} million**"),
    ]
    return _table(("what", "truth"), rows)


def _luck(survey: pd.DataFrame) -> dict[str, str]:
    """How far leaving among the satisfied of 2025 in this file lies from what the truth leads to expect."""
    happy = survey[(survey["wave"] == 2025) & (survey["csat"] >= SATISFIED)]
    expected = leaving_probability(happy["csat"].to_numpy(), happy["tenure"].to_numpy())
    left = happy["left_within_12_months"].to_numpy()
    errors = (left.sum() - expected.sum()) / np.sqrt((expected * (1 - expected)).sum())
    return {"left_here": f"{left.mean():.1%}", "left_expected": f"{expected.mean():.1%}", "errors": f"{errors:.1f}"}


def _table(header: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


_TEXT = """\
# Noordzee Telecom

A telephone company that does not exist, with a contact centre and a survey of its customers in three waves. Every
answer is simulated; this page tells the truth that was put in, so that anyone can check what the report finds.
`python -m drivers.simulate data/sample/noordzee-telecom` rewrites `survey.csv` and this page to the byte (seed
{seed}, all randomness from one `numpy.random.Generator`). `client.toml` is written by hand: copy it for a client
of your own.

## What is simulated

- **Respondents**: {rows}, other customers in each wave. They stand for {customers} customers.
- **Two questionnaires, one company.** Satisfaction comes about in the same way in all waves. In 2024 twelve aspects
  are asked that hardly matter. In 2025 and 2026 the eight true drivers are asked, with three of the old aspects kept
  for continuity. What a wave did not ask is blank in it.
- **A plan**, after the wave of 2025: what is solved first time rises by {fix:g} point and promises kept by {kept:g}
  among the customers of every second of {teams} service teams (`team`, `reached_by_plan`: known of every customer in
  every wave, also before the plan). Customers fall to a team by chance. Nothing else of the plan reaches anybody.
- **Another mix in 2026**: fewer new, young and mobile-only customers, as a budget brand was split off; longer tenure
  lifts satisfaction without any plan. Weights undo unequal response, not this.
- **Retention desk**: some customers call to cancel; `kept_at_desk` is 1 for those it kept and 0 for those it did not,
  blank for who did not call. Who was kept stayed, who was not left. The better desk of 2026 keeps one in ten of those
  who would have left with that of 2025, whatever their rating.
- **Ratings** 1 to 10, whole points, skewed to the left with a ceiling at 10. A common factor "everything is fine"
  ties the drivers together (correlations 0.34 to 0.46) and hardly touches the old aspects; those have a factor of their
  own, "the call was handled neatly" (correlations about 0.3), which satisfaction hardly follows.
- **Satisfaction** `csat`: a weighted sum of the ratings, plus {tenure_slope} a year of tenure, and noise; rounded.
- **Tenure** in years: loyal customers stay longer and rate slightly higher, a real confounder, so it is a control.
- **Leaving** within twelve months depends on the rating and tenure, and on nothing else.
- **Margin** in euros a year: lognormal, about € 150 on average, slightly higher with long tenure.
- **Missing answers**, completely at random: 2% to 5% of an item, 7% and 8% of two. Half of those on items that
  offer "weet niet" are coded {do_not_know}. 2% gave no `csat`; whether they left is known.
- **Weights** undo that older customers, and those with a bundle, answer more often; mean 1 in each wave.
- **Nothing else**: region, contract and age change no slope, satisfaction is the same in 2024 and 2025, and what
  drives it is the same in all waves. A report that finds a difference there has found chance.

The seed was set before anything was simulated and never changed. The survey's size and the effect of satisfaction
on leaving were raised while the client was designed, until the file told the truth within a tenth; smaller files
missed the yearly value by 10% or 11%. The wave of 2026 was drawn four times. After the first, whose yearly value lay
outside its 90% interval, the retention desk was made to lower leaving by a tenth; in the next two chance spoke louder
than the story (in one the weights of the drivers seemed to have changed, p = 0.008, in the other the yearly value lay
outside its interval again). The fourth was kept for telling the truth, so it is no evidence that the method does;
that is in the tests, over many seeds.

## The truth

Computed over {population} simulated customers, with the known slopes and logit, not estimated from the survey.

### What the questions can move

The rise is that of mean satisfaction when every item goes from its mean to its 90th percentile.

{waves}

### Drivers, 2025

Points of `csat` for one point of the item. The recorded slope is a little smaller because ratings end at 10.
Shares are LMG (Shapley) shares with tenure held constant; the halo lends the weak drivers a part of what the
strong ones do.

{drivers}

### Aspects, 2024

The recorded slope of an item whose true slope is 0 is what the halo lends it.

{aspects}

### Loyalty and value, 2025

Lifetime value counts {years} yearly margins, the first now and each next one if the customer has renewed, at a
discount rate of {discount}. The extra value of a satisfied customer is what the customer is worth more than with
the mean rating of the dissatisfied, margin and tenure unchanged. A year's part is the total divided by the
annuity factor.

{loyalty}

No file is average: of the satisfied respondents of 2025 in this one {left_here} left, where their ratings and tenure
lead to expect {left_expected} ({errors} standard errors off, by chance; the file was not chosen for it).

### What changed, 2025 to 2026

Computed over {change_population} simulated customers of 2025 and of 2026, the latter with and without the plan on the
same draws. `noordzee_survey(rng, plan_works=False)` gives the null twin of the file: the same mix, no plan.

{change}

## What a correct report must find

1. **2024**: the wrong things are measured. All twelve aspects together predict less than 5% of the differences in
   satisfaction and, in truth, raise it by less than 5% of its scale; so no ranking is drawn.
2. **2025**: solved first time > promise kept > empathy > knowledge, in this order; the four weaker drivers cannot
   all be told apart; talk time, greeting and waiting music each carry less than 2% of the explained variance.
3. **Loyalty**: satisfaction keeps customers, by about {effect} percentage points a point.
4. **Value**: the extra lifetime value of satisfied customers, about € 1.7 million a year (2026: € {value_after}
   million), is inside the interval.
5. **2026**: satisfaction rose, in part because the mix changed. The plan raised it among those whom it reached, through
   what is solved first time and promises kept; the weights of the drivers did not change. The null twin's rise is the
   mix, and a plan is not shown.

## Where the story comes from

As reported in a trade article (Dutch, September 2013): at one client a regression showed that the contact-centre
team could never move satisfaction by more than 5%, because the measured aspects were not relevant. Satisfaction
could be moved once its drivers were established, and the extra lifetime value of satisfied customers came to
€ 1,700,000 a year. These are the article's figures, taken here as the simulated truth; they are no finding of this
package.
"""
