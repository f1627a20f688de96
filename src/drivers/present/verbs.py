"""The verbs that serve every result: `explain`, `plot`, `table`, and `legend` for what stands under a picture.

They are chosen by the result's type. A topic with a module of its own in `present/` registers all of them there and is
imported here, so that whoever takes a verb from this module has it for every result.
"""

from __future__ import annotations

from drivers.present import (
    answers,
    behaviour,
    change,
    choice,
    contracts,
    curves,
    customers,
    diagnosis,
    dominance,
    employees,
    evalues,
    firmness,
    gains,
    halo,
    lifetimes,
    measures,
    mediation,
    necessity,
    offshoring,
    outcomes,
    paths,
    planeffect,
    plans,
    power,
    priorities,
    providers,
    ranking,
    scenario,
    segments,
    shape,
    sourcing,
    staying,
    talktime,
    teams,
    watchlist,
)
from drivers.present.figures import plot
from drivers.present.legends import legend
from drivers.present.sentences import explain
from drivers.present.tables import table

__all__ = ["TOPICS", "explain", "legend", "plot", "table"]

TOPICS = (
    answers, behaviour, change, choice, contracts, curves, customers, diagnosis, dominance, employees, evalues,
    firmness, gains, halo, lifetimes, measures, mediation, necessity, offshoring, outcomes, paths, planeffect, plans,
    power, priorities, providers, ranking, scenario, segments, shape, sourcing, staying, talktime, teams, watchlist,
)  # fmt: skip
