"""Do teams with more satisfied members have more satisfied customers, less absence and less turnover?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from drivers.analyses.agreement import FEWEST_MEMBERS, FEWEST_TEAMS, team_members
from drivers.core.agreement import TeamVariance, team_variance
from drivers.core.interval import student_reach
from drivers.core.multiplicity import adjusted_p
from drivers.core.team_model import TeamMeans, fit_team_model
from drivers.core.team_slopes import TeamSlope, team_slope
from drivers.errors import EstimationError
from drivers.survey.staff import Staff
from drivers.wording import Sentence, sentence

FEW_TEAMS = 20
"""Teams below which a reader is told that so many teams are just so many (Maas and Hox 2005: fewer than 50 at the
second level already give errors that are too small)."""

POWER = 0.80


@dataclass(frozen=True, slots=True, eq=False)
class TeamLink:
    """What goes with the satisfaction of a team. No single team is shown.

    Attributes
    ----------
    table
        One row a result of teams (customers, absence, turnover): teams, employees, the change of the result that goes
        with one point of the team's true mean satisfaction, with its interval (absence and turnover as fractions; NaN
        where teams cannot be shown to differ), the correlation with the mean as observed, p-values, the least
        correlation that so many teams show with a chance of 80%, whether a link is shown.
    question
        Printed name of satisfaction.
    layer
        Printed name of the floor, whose teams these are.
    reliability
        ICC(2) of the team means, that of the first row.
    differ
        Whether the teams are shown to differ in satisfaction; if not, no slope is told.
    base, confidence, method
        As in every result; the base counts the employees.
    """

    table: pd.DataFrame
    question: str
    layer: str
    reliability: float
    differ: bool
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        shown = ", ".join(self.table.loc[self.table["shown"], "team_result"])
        return f"TeamLink: {shown or 'no link'} shown, {self.table['teams'].max()} teams, base {self.base}"


def team_links(staff: Staff, *, confidence: float = 0.95) -> TeamLink:
    """Do teams with more satisfied members have more satisfied customers, less absence and less turnover?

    A slope of -0.02 for absence means: teams whose members are a point more satisfied lose two percentage points less
    of their time to sickness. Which comes first does not follow, and ten teams are ten observations, however many
    employees are in them.

    Parameters
    ----------
    staff
        The employees' survey with what its teams achieved. Only members of the floor count.
    confidence
        Level of the intervals; a link is shown where its p-value, adjusted for the number of results, is below one
        less this level.

    Raises
    ------
    EstimationError
        When fewer than six teams have three members with an answer and a result that varies.
    """
    found = [row for outcome in staff.results if (row := _row(staff, outcome, confidence)) is not None]
    if not found:
        raise EstimationError(
            sentence(
                "No result is known of {fewest:count} teams or more with {members:count} answers each; fewer cannot "
                "show a link.",
                fewest=FEWEST_TEAMS,
                members=FEWEST_MEMBERS,
            )
        )
    table = pd.DataFrame([row for row, _ in found])
    table["p_adjusted"] = adjusted_p(table["p_value"].to_numpy(), "holm")
    table["shown"] = table["p_adjusted"] < 1 - confidence
    variance = found[0][1]
    return TeamLink(
        table=table,
        question=staff.labels[staff.satisfaction],
        layer=staff.layers[0],
        reliability=variance.icc2,
        differ=bool(variance.p < 1 - confidence),
        base=int(table["base"].max()),
        confidence=confidence,
        method=_method(staff, confidence),
    )


def _row(staff: Staff, outcome: str, confidence: float) -> tuple[dict[str, object], TeamVariance] | None:
    """One result of the teams; None where too few have it."""
    known = np.append(staff.results[outcome].notna().to_numpy(), False)[staff.team]  # -1, no team, is the last place
    members = team_members(staff, staff.satisfaction) & known
    y, codes = staff.answers[staff.satisfaction].to_numpy()[members], staff.team[members]
    names, team = np.unique(codes, return_inverse=True)
    results = staff.results[outcome].to_numpy()[names]
    if len(names) < FEWEST_TEAMS or np.ptp(results) == 0:
        return None
    variance = team_variance(y, team)
    slope = team_slope(_means(y, team), results)
    if not variance.p < 1 - confidence:  # the mean of a team says too little of it to size a slope
        slope = TeamSlope(float("nan"), float("nan"), slope.correlation)
    reach = float(student_reach(np.array(slope.error), len(names) - 2, confidence))
    row = {
        "team_result": outcome,
        "teams": len(names),
        "base": len(y),
        "team_slope": slope.slope,
        "team_slope_low": slope.slope - reach,
        "team_slope_high": slope.slope + reach,
        "team_correlation": slope.correlation,
        "least_correlation": _least_correlation(len(names), confidence),
        "p_value": _multilevel_p(_means(y, team), results),
    }
    return row, variance


def _means(y: np.ndarray, team: np.ndarray) -> TeamMeans:
    size = np.bincount(team).astype(float)
    mean = np.bincount(team, y) / size
    squares = np.bincount(team, (y - mean[team]) ** 2)
    return TeamMeans(mean, np.asarray(squares, dtype=float), size)


def _multilevel_p(teams: TeamMeans, results: np.ndarray) -> float:
    """p-value of the result of the team as a regressor of its members' satisfaction, teams as random intercepts.

    Under no link it makes no difference which of the two is the regressor; this way round the members' own scatter
    and unequal teams are in the model. Student's t with teams less two degrees of freedom, not the normal.
    """
    standard = (results - results.mean()) / results.std()
    fit = fit_team_model(teams, np.column_stack([np.ones(len(results)), standard]))
    if not fit.within > 0:  # nobody's answer differs from the others of the team
        return float("nan")
    return float(2 * stats.t.sf(abs(fit.value[1] / fit.error[1]), len(results) - 2))


def _least_correlation(teams: int, confidence: float) -> float:
    """The correlation that is shown with a chance of 80% by so many teams (Fisher's z)."""
    z = stats.norm.ppf((1 + confidence) / 2) + stats.norm.ppf(POWER)
    return float(np.tanh(z / np.sqrt(teams - 3)))


def _method(staff: Staff, confidence: float) -> Sentence:
    return sentence(
        "Employees of {layer} within teams of {members:count} answers or more. Test: multilevel model with a random "
        "intercept for each team (REML), Student's t with teams less two degrees of freedom, p-values by "
        "Holm over the results. Slope: on the team's true mean, the observed one corrected for its reliability (Croon "
        "and van Veldhoven 2007), {confidence:percent} interval by leaving out one team at a time. Every team counts "
        "as one.",
        layer=staff.layers[0],
        members=FEWEST_MEMBERS,
        confidence=confidence,
    )
