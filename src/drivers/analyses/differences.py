"""Did a plan do it? Customers whom it reached against those whom it did not, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import weights_phrase
from drivers.analyses.eventstudy import EventFit, EventStudy, event_study, reached_rows
from drivers.analyses.pair import earlier_wave, same_columns
from drivers.core.multiplicity import adjusted_p
from drivers.core.wald import wald_test
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

FEW_UNITS = 10
"""Below this number of units of the roll-out, errors that allow for them are too small to be relied on."""
_POWER = 2.8  # standard errors of a difference that is found in four of five samples, at 5%: 1.96 + 0.84


@dataclass(frozen=True, slots=True, eq=False)
class PlanEffect:
    """Difference-in-differences between customers whom a plan reached and others.

    Attributes
    ----------
    table
        One row a measure, satisfaction first, then leaving, then the drivers that both waves asked: change among those
        reached and among the others, and the difference of the two at equal mix, with its interval and p-value
        (drivers: Holm-adjusted).
    lines
        One row a wave and group: mean satisfaction with its interval, respondents.
    trends
        One row an earlier wave: how far the groups moved apart from it to the last wave before the plan.
    trend_p
        P-value of the question whether they moved apart at all before the plan; NaN without earlier waves.
    detectable
        Difference before the plan, scale points, that would have been found in four of five samples; NaN as above.
    effect, _low, _high
        The difference for satisfaction: what the plan did to those whom it reached, if both groups would have moved
        alike without it.
    error
        Its standard error, scale points.
    overall, _low, _high
        The same times the share of customers who are reached.
    reached_share
        That share, weighted, in the later wave.
    before, after
        Names of the waves compared.
    units
        Units of the roll-out; None where it was customer by customer.
    base, confidence, method
        As in every result; the base is of the waves compared.
    """

    table: pd.DataFrame
    lines: pd.DataFrame
    trends: pd.DataFrame
    trend_p: float
    detectable: float
    effect: float
    effect_low: float
    effect_high: float
    error: float
    overall: float
    overall_low: float
    overall_high: float
    reached_share: float
    before: str
    after: str
    units: int | None
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        return (
            f"PlanEffect: {self.effect:+.2f} points among those reached ({self.effect_low:+.2f} to "
            f"{self.effect_high:+.2f}); base {self.base}"
        )

    @property
    def parallel(self) -> bool | None:
        """Whether the groups are not shown to have moved apart before the plan; None without earlier waves."""
        return None if np.isnan(self.trend_p) else bool(self.trend_p >= 1 - self.confidence)


def plan_effect(survey: Survey, *, minimum_base: int = 30, confidence: float = 0.95) -> PlanEffect:
    """Did satisfaction rise more among customers whom the plan reached than among others?

    An effect of 0.40 means: from the wave before the plan to this one, satisfaction of those reached rose 0.40 points
    more than that of the others, at equal mix. It is the plan's work only if both groups would have moved alike without
    it; that is plausible where they did so before (``trends``), and it cannot be proven. With a roll-out by lot it is.

    Parameters
    ----------
    survey
        A wave after the plan, with those before it, as `load_survey` gives it for a client file with [change].
    minimum_base
        Fewest respondents in each group of each wave.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When the wave is not one after a plan, or a group is too small.
    """
    if survey.change is None or survey.change.reached is None or not survey.change.after_plan:
        raise EstimationError(sentence("No plan has reached customers of this wave."))
    before = earlier_wave(survey)
    earlier = [wave for wave in survey.earlier[: survey.earlier.index(before)] if _smaller(wave) >= minimum_base]
    waves, mix = same_columns((*earlier, before, survey), minimum_base)
    _check_groups(waves, minimum_base)
    pair, _ = same_columns((before, survey), minimum_base)
    study, measures = event_study(waves, [survey.outcome]), _measures(pair)
    everyone = study.fitted(survey.outcome)
    two = event_study(pair, [column for column, _ in measures])
    rows = [_row(two, pair[-1], column, kind, confidence) for column, kind in measures[1:]]
    first = _row(two, pair[-1], *measures[0], confidence, fit=everyone)
    table = pd.DataFrame([first, *rows])
    drivers = table["measure_kind"].to_numpy() == "driver"
    table.loc[drivers, "plan_p"] = adjusted_p(table.loc[drivers, "plan_p"].to_numpy(dtype=float), "holm")
    share, (value, low, high) = _share(pair[-1]), everyone.spread(0, confidence)
    trends, p, detectable = _trends(everyone, [str(wave.wave) for wave in waves], confidence)
    return PlanEffect(
        table=table,
        lines=study.means(survey.outcome, confidence),
        trends=trends,
        trend_p=p,
        detectable=detectable,
        effect=value,
        effect_low=low,
        effect_high=high,
        error=float(everyone.error(0)),
        overall=share * value,
        overall_low=share * low,
        overall_high=share * high,
        reached_share=share,
        before=str(before.wave),
        after=str(survey.wave),
        units=everyone.units,
        base=two.base(survey.outcome),
        confidence=confidence,
        method=_method(pair, everyone, mix, confidence),
    )


def _smaller(wave: Survey) -> int:
    """Respondents with an answer on satisfaction in the smaller of the two groups of this wave."""
    answered, reached = wave.complete([wave.outcome]), reached_rows(wave).to_numpy()
    return min(int((answered & (reached == group)).sum()) for group in (0.0, 1.0))


def _share(wave: Survey) -> float:
    reached = reached_rows(wave)
    rows = reached.notna().to_numpy() & (wave.weights > 0)
    return float(np.average(reached[rows], weights=wave.weights[rows]))


def _check_groups(waves: Sequence[Survey], least: int) -> None:
    for wave in waves:
        answered = wave.complete([wave.outcome])
        for group in (1.0, 0.0):
            count = int((answered & (reached_rows(wave) == group).to_numpy()).sum())
            if count < least:
                few = sentence(_FEW_REACHED if group else _FEW_OTHERS, wave=wave.wave, least=least)
                raise EstimationError(few)


_FEW_REACHED = (
    "Fewer than {least:count} customers of wave {wave} are known to be reached by the plan, so its effect cannot be "
    "told."
)
_FEW_OTHERS = (
    "Fewer than {least:count} customers of wave {wave} are known not to be reached by the plan, so there is nobody to "
    "compare those reached with."
)


def _measures(pair: Sequence[Survey]) -> list[tuple[str, str]]:
    last = pair[-1]
    left = [("left", "left")] if all("left" in w.answers and w.answers["left"].notna().any() for w in pair) else []
    return [(last.outcome, "satisfaction"), *left, *((driver, "driver") for driver in last.drivers)]


def _row(
    study: EventStudy, last: Survey, column: str, kind: str, confidence: float, *, fit: EventFit | None = None
) -> dict[str, object]:
    """Changes of one measure, and their difference: of these waves, unless a fit of more of them is given."""
    fit, changes = study.fitted(column) if fit is None else fit, study.changes(column)
    value, low, high = fit.spread(0, confidence)
    return {
        "measure": column,
        "label": last.labels.get(column, column),
        "measure_kind": kind,
        "reached_change": changes[0],
        "other_change": changes[1],
        "plan_difference": value,
        "plan_difference_low": low,
        "plan_difference_high": high,
        "plan_p": fit.p(0),
    }


def _trends(fit: EventFit, waves: Sequence[str], confidence: float) -> tuple[pd.DataFrame, float, float]:
    """How far the groups moved apart from each earlier wave to the base, the joint p-value, and what is detectable."""
    rows = []
    for k, name in enumerate(waves[:-2], start=1):
        value, low, high = fit.spread(k, confidence)
        rows.append({"wave": name, "trend": -value, "trend_low": -high, "trend_high": -low})
    frame = pd.DataFrame(rows, columns=["wave", "trend", "trend_low", "trend_high"])
    if not rows:
        return frame, float("nan"), float("nan")
    chosen = np.eye(len(fit.value))[1:]
    p = wald_test(chosen, fit.value, fit.covariance, fit.degrees).p
    return frame, p, _POWER * float(np.sqrt(fit.covariance[1, 1]))


def _method(pair: Sequence[Survey], fit: EventFit, mix: Sequence[str], confidence: float) -> Sentence:
    return sentence(
        "Difference-in-differences: least squares of the measure on wave, reached or not, their product and the mix "
        "({mix}); {weights}; {errors}; {confidence:percent} intervals. Earlier waves enter the regression of "
        "satisfaction with products of their own (event study). Drivers' p-values by Holm.",
        mix=sentence("{names:list}", names=list(mix)) if mix else sentence("none"),
        weights=weights_phrase(pair[-1]),
        errors=sentence("errors allow for {units:count} units of the roll-out (cluster-robust)", units=fit.units)
        if fit.units
        else sentence("errors robust to unequal spread, as if the plan had been rolled out customer by customer"),
        confidence=confidence,
    )
