"""Do the members of a team agree, and do teams differ?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.core.agreement import team_variance, within_group_agreement
from drivers.errors import EstimationError
from drivers.survey.staff import Staff
from drivers.wording import Sentence, sentence

FEWEST_TEAMS = 6
"""Teams below which nothing is said of teams: with four degrees of freedom an interval covers nearly anything."""

FEWEST_MEMBERS = 3
"""Members with an answer from which a team counts: of two, agreement is chance."""

AGREED = 0.70
"""rwg(j) from which members are said to agree (LeBreton and Senter 2008, doi:10.1177/1094428106296642)."""


@dataclass(frozen=True, slots=True, eq=False)
class TeamAgreement:
    """How alike the members of a team answer. No single team is shown.

    Attributes
    ----------
    table
        One row a measure (satisfaction, then each battery): teams, members with an answer, ICC(1) with its interval,
        ICC(2), F and p-value of equal teams, median rwg(j), share of teams in which it reaches 0.70.
    layer
        Printed name of the floor, whose teams these are.
    teams
        Teams that count.
    base, confidence, method
        As in every result; the base counts the members of these teams.
    """

    table: pd.DataFrame
    layer: str
    teams: int
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        first = self.table.iloc[0]
        return f"TeamAgreement: ICC(1) {first['icc1']:.2f}, rwg {first['rwg']:.2f}, {self.teams} teams"


def team_agreement(staff: Staff, *, confidence: float = 0.95) -> TeamAgreement:
    """Do the members of a team agree, and do teams differ?

    An ICC(1) of 0.15 means: 15% of the differences between employees lie between teams. An ICC(2) of 0.60 means: of the
    differences between the means of teams, 60% are real and the rest is who happens to be in them. An rwg of 0.80 means
    that members answer much more alike than at random.

    Parameters
    ----------
    staff
        The employees' survey. Only the floor counts: other layers differ from it, whatever their team.
    confidence
        Level of the interval of ICC(1).

    Raises
    ------
    EstimationError
        When fewer than six teams have three members with an answer.
    """
    measures = {staff.labels[staff.satisfaction]: (staff.satisfaction,), **staff.batteries}
    members = team_members(staff, staff.satisfaction)
    rows = [_row(staff, name, columns, confidence) for name, columns in measures.items()]
    known = [row for row in rows if row is not None]
    teams = len(np.unique(staff.team[members]))
    return TeamAgreement(
        table=pd.DataFrame(known),
        layer=staff.layers[0],
        teams=teams,
        base=int(members.sum()),
        confidence=confidence,
        method=sentence(
            "Employees of {layer} in {teams:count} teams with {fewest:count} answers or more, unweighted. ICC(1) and "
            "ICC(2) by the analysis of variance (Bliese 2000), the interval by F; rwg(j) against answers spread evenly "
            "over the scale (James, Demaree and Wolf 1984), a mild standard.",
            layer=staff.layers[0],
            teams=teams,
            fewest=FEWEST_MEMBERS,
        ),
    )


def team_members(staff: Staff, *columns: str) -> np.ndarray:
    """Boolean array (n,): employees of the floor who answered all this, in teams of three such members or more.

    Raises
    ------
    EstimationError
        When these are fewer than six teams.
    """
    known = (staff.layer == 0) & (staff.team >= 0) & staff.answers[list(columns)].notna().all(axis=1).to_numpy()
    sizes = np.bincount(staff.team[known], minlength=int(staff.team.max(initial=0)) + 1)
    members = known & (sizes[staff.team] >= FEWEST_MEMBERS)
    teams = int((sizes >= FEWEST_MEMBERS).sum())
    if teams < FEWEST_TEAMS or not staff.may_show(columns[0], members):
        raise EstimationError(
            sentence(
                "{teams:count} teams of {layer} have {members:count} members with an answer; {fewest:count} at least "
                "are needed to say anything of teams.",
                teams=teams,
                layer=staff.layers[0],
                members=FEWEST_MEMBERS,
                fewest=FEWEST_TEAMS,
            )
        )
    return np.asarray(members)


def _row(staff: Staff, name: str, columns: tuple[str, ...], confidence: float) -> Mapping[str, object] | None:
    """One measure; None of a battery with too few answers."""
    try:
        members = team_members(staff, *columns)
    except EstimationError:
        return None
    items = staff.answers[list(columns)].to_numpy()[members]
    teams = np.unique(staff.team[members], return_inverse=True)[1]
    found = team_variance(items.mean(axis=1), teams)
    low, high = found.icc1_interval(confidence)
    agreed = within_group_agreement(items, teams, staff.scale[1] - staff.scale[0] + 1)
    return {
        "team_measure": name,
        "teams": found.teams,
        "base": found.base,
        "icc1": found.icc1,
        "icc1_low": low,
        "icc1_high": high,
        "icc2": found.icc2,
        "team_f": found.f,
        "p_value": found.p,
        "rwg": float(np.median(agreed)),
        "agreeing": float((agreed >= AGREED).mean()),
    }
