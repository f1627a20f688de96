"""Do drivers keep customers through satisfaction, or around it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from drivers.analyses.basis import joint_resample
from drivers.analyses.mediated import Loyalty, LoyaltyPaths, loyalty_paths
from drivers.analyses.method import method_values
from drivers.analyses.questions import Questions
from drivers.analyses.significance import SIGNIFICANT, effect_freedom
from drivers.core.contrasts import joint_p
from drivers.core.estimate import Bounds, Estimate
from drivers.core.mediation import vanishing_noise
from drivers.core.multiplicity import adjusted_p
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

Route = Literal["both", "through", "around", "opposed", "none"]

COMMON_NOISE = 0.30
"""Share of the differences in one question on satisfaction that is often noise: it holds about 0.7 true (Wanous,
Reichers & Hudy 1997, doi:10.1037/0021-9010.82.2.247)."""

MOST_NOISE = 0.8
"""Noise is no explanation where more than this part of what the drivers leave of satisfaction would have to be noise:
it feigns effects only of drivers that go with satisfaction."""


@dataclass(frozen=True, slots=True, eq=False)
class DriverMediation:
    """What each driver has to do with loyalty, through satisfaction and around it.

    Effects are of one point more of a driver, the others held constant: on staying as fractions (0.02 is 2 percentage
    points), on an intention in its scale points.

    Attributes
    ----------
    table
        One row a driver, largest effect through satisfaction first: that effect, the one around satisfaction and the
        two combined with intervals, p-values of the first two (Holm over the drivers), share that runs through
        satisfaction (only where both go the same way and the combined effect is clear of zero), noise in satisfaction
        that would leave nothing of an effect shown around it, and the route: through, around, both, opposed (the two
        run against each other), none (no effect shown).
    together
        The same effects in one row, of one point more on all drivers at once.
    satisfaction, satisfaction_low, satisfaction_high
        What one point of satisfaction goes with at equal drivers, in the same unit.
    satisfaction_p
        The p-value of that.
    around_all_p
        How likely it is that effects around satisfaction come out this large by chance if no driver has any.
    fragile
        Printed names of drivers whose effect around satisfaction common noise in that question would explain.
    most_around
        How far from zero the intervals of effects around satisfaction reach.
    loyalty
        "leaving", or "intention" where it is a stated one.
    target
        Printed name of the intention; empty for leaving.
    base, effective_base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    together: pd.DataFrame
    satisfaction: float
    satisfaction_low: float
    satisfaction_high: float
    satisfaction_p: float
    around_all_p: float
    fragile: tuple[str, ...]
    most_around: float
    loyalty: Loyalty
    target: str
    base: int
    effective_base: float
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        through, around = ([label for label in self.labelled(route)] for route in ("through", "around"))
        return f"DriverMediation: through satisfaction {through}, around it {around}; base {self.base}"

    def labelled(self, *routes: Route) -> list[str]:
        """Printed names of the drivers that go one of these routes."""
        return list(self.table.loc[self.table["route"].isin(routes), "label"])


def driver_mediation(
    survey: Survey,
    resample: Resample | None = None,
    *,
    intention: str | None = None,
    left_column: str = "left",
    confidence: float = 0.95,
) -> DriverMediation:
    """Do drivers keep customers through satisfaction, or around it?

    An effect through satisfaction of 0.010 and around it of 0.030 means: of customers who rate the driver one point
    higher 4 percentage points more stay, 1 of them as far as they are more satisfied, 3 at equal satisfaction. Around
    may be relationship quality, habit or a contract; it may also be that one question measures satisfaction with
    noise, which moves effects from through to around. Associations: something unmeasured that moves both
    satisfaction and loyalty counts as satisfaction's.

    Parameters
    ----------
    survey
        The wave; missing answers on drivers and controls are treated by its policy.
    resample
        The joint resample; default: 1,000 draws of a generator of seed 1.
    intention
        Column of a stated intention in place of leaving; its effects are linear.
    left_column
        Column that is 1 for customers who left within the period and 0 for those who stayed.
    confidence
        Level of every interval.

    Raises
    ------
    SurveyError
        When the survey has no such column, or it is satisfaction itself.
    EstimationError
        When too few left or stayed for so many drivers, the columns separate the two, satisfaction follows from the
        drivers, or the complete answers cannot support the model.

    Notes
    -----
    The routes are those of Zhao, Lynch & Chen 2010 (doi:10.1086/651257). An effect through satisfaction is shown when
    both of its legs are, driver to satisfaction and satisfaction to loyalty (joint significance, MacKinnon et al. 2002,
    doi:10.1037/1082-989X.7.1.83).
    """
    resample = joint_resample(survey) if resample is None else resample
    loyalty: Loyalty = "leaving" if intention is None else "intention"
    paths = loyalty_paths(survey, resample, intention or left_column, loyalty)
    ends = ("", "_points")[loyalty == "intention"]
    table = _table(paths, ends, confidence)
    slope = Estimate(float(paths.sample.b[0]), paths.draws.b[:, 0]).bounds(confidence)
    around = table[[f"around{ends}_low", f"around{ends}_high"]].to_numpy()
    target = "" if intention is None else survey.labels.get(intention, intention)
    freedom = effect_freedom(paths.basis)
    return DriverMediation(
        table=table.sort_values(f"through{ends}", key=np.abs, ascending=False, kind="stable", ignore_index=True),
        together=pd.DataFrame([_row(paths, np.ones(len(paths.drivers)), ends, confidence)]),
        satisfaction=slope.value,
        satisfaction_low=slope.low,
        satisfaction_high=slope.high,
        satisfaction_p=joint_p(paths.sample.b, paths.draws.b, freedom),
        around_all_p=joint_p(paths.sample.direct, paths.draws.direct, freedom),
        fragile=tuple(table.loc[table["noise_needed"] <= min(COMMON_NOISE, MOST_NOISE * paths.unexplained), "label"]),
        most_around=float(np.abs(around).max()),
        loyalty=loyalty,
        target=target,
        base=paths.basis.base,
        effective_base=float(paths.basis.moments.effective_base),
        confidence=confidence,
        method=_method(paths, resample, loyalty, confidence),
    )


def _table(paths: LoyaltyPaths, ends: str, confidence: float) -> pd.DataFrame:
    p = len(paths.drivers)
    rows = [_row(paths, one, ends, confidence) for one in np.eye(p)]
    frame = pd.DataFrame(rows)
    frame.insert(0, "driver", list(paths.drivers))
    frame.insert(1, "label", [paths.survey.labels.get(d, d) for d in paths.drivers])
    through, around = _p_values(paths)
    frame["through_p"], frame["around_p"] = through, around
    frame["route"] = [_route(row, ends) for _, row in frame.iterrows()]
    noise = vanishing_noise(paths.sample, np.array(paths.unexplained))
    frame["noise_needed"] = np.where(frame["route"].isin(["both", "around"]), noise, np.nan)
    return frame


def _row(paths: LoyaltyPaths, rise: np.ndarray, ends: str, confidence: float) -> dict[str, float]:
    """The effects of a rise (p,) of the drivers: through satisfaction, around it, combined, and the share through."""
    effects, draws = paths.sample, paths.draws
    through = Estimate(float(effects.indirect @ rise), draws.indirect @ rise)
    around = Estimate(float(effects.direct @ rise), draws.direct @ rise)
    combined = (through + around).bounds(confidence)
    clear = combined.low > 0 or combined.high < 0
    share = Bounds(float("nan"), float("nan"), float("nan"))
    if clear and through.value * around.value > 0:
        share = (through / (through + around)).bounds(confidence)
    return {
        **through.bounds(confidence).named(f"through{ends}"),
        **around.bounds(confidence).named(f"around{ends}"),
        **combined.named(f"combined{ends}"),
        **share.named("share_through"),
    }


def _p_values(paths: LoyaltyPaths) -> tuple[np.ndarray, np.ndarray]:
    """P-values (p,) of the effects through and around, by Holm over the drivers."""
    effects, draws, freedom = paths.sample, paths.draws, effect_freedom(paths.basis)
    places = range(len(paths.drivers))
    second = joint_p(effects.b, draws.b, freedom)
    first = [joint_p(effects.a[j], draws.a[:, j], freedom) for j in places]
    around = [joint_p(effects.direct[[j]], draws.direct[:, [j]], freedom) for j in places]
    return adjusted_p(np.maximum(first, second), "holm"), adjusted_p(np.array(around), "holm")


def _route(row: pd.Series, ends: str) -> Route:
    through, around = row["through_p"] < SIGNIFICANT, row["around_p"] < SIGNIFICANT
    if through and around:
        return "both" if row[f"through{ends}"] * row[f"around{ends}"] > 0 else "opposed"
    return "through" if through else "around" if around else "none"


def mediation_of(questions: Questions, *, left: bool) -> DriverMediation | None:
    """Through satisfaction or around it, on leaving where there is a link to it, else on the intention.

    Not asked where no ranking is drawn, for it would be one.
    """
    asked = questions.client.loyalty
    if asked is None or "drivers" in questions.unanswered or not (left or asked.intention):
        return None
    try:
        return driver_mediation(
            questions.survey,
            questions.resample,
            intention=None if left else asked.intention,
            confidence=questions.client.confidence,
        )
    except EstimationError as error:
        questions.unanswered["mediation"] = error.reason
        return None


def _method(paths: LoyaltyPaths, resample: Resample, loyalty: Loyalty, confidence: float) -> Sentence:
    values = method_values(paths.survey, paths.basis, resample)
    survey = paths.survey
    values |= {"satisfaction": survey.labels.get(survey.outcome, survey.outcome), "confidence": confidence}
    values["drivers"] = len(paths.drivers)
    return sentence(_LEAVING if loyalty == "leaving" else _INTENTION, **values)


_LEAVING = (
    "Through satisfaction or around it: linear regression of {satisfaction} on {drivers:count} drivers, and a logit of "
    "leaving on both{controls}; average marginal effects on staying (g-computation); {weights}; {answers}; an effect "
    "is shown at 5% after Holm's correction over the drivers; {confidence:percent} intervals: percentiles of "
    "{draws:count} joint resamples of {units}. An association, not proof of a cause."
)
_INTENTION = (
    "Through satisfaction or around it: linear regressions of {satisfaction} on {drivers:count} drivers and of "
    "{outcome} on both{controls}; {weights}; {answers}; an effect is shown at 5% after Holm's correction over the "
    "drivers; {confidence:percent} intervals: percentiles of {draws:count} joint resamples of {units}. An association, "
    "not proof of a cause."
)
