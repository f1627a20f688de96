"""What should be fixed first? Importance against performance, with the probability of every place on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from drivers.analyses.axes import (
    BAR,
    Drawn,
    Lines,
    MapAxes,
    calls,
    corner_columns,
    crossing_table,
    effects_shown,
    finite_axes,
    gain_columns,
    map_gain,
    map_lines,
    of_hundred,
)
from drivers.analyses.basis import LinearBasis, joint_resample, linear_basis
from drivers.analyses.method import method_values
from drivers.analyses.twins import united_survey
from drivers.core.linear import dependent_columns, linear_fit
from drivers.core.moments import Moments
from drivers.core.quadrants import level_steps
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

_FEWEST = 2

Importance = Literal["effect", "share", "total_effect"]


@dataclass(frozen=True, slots=True, eq=False)
class DriverPriorities:
    """Where each driver lies on the map of importance and performance, and how sure that is.

    Attributes
    ----------
    table
        One row a driver, largest gain first: effect and performance of 100 with their intervals, correlation with
        satisfaction, probability of each corner, corner of the estimate, gain if it went to the top of its scale, and
        what can be said of it (`call`).
    importance
        What stands for importance: ``effect`` of one point, ``share`` of the explanation, ``total_effect`` of a block.
    lines
        Through what the lines of the map run: mean or median of the drivers, or given.
    crossing
        Where the two lines run: one row an axis, with its interval.
    levels
        Gains, in points of 100, of which lines of equal priority are drawn; empty where importance is a share.
    bar
        Probability from which a driver is said to lie in a corner.
    base
        Respondents in the analysis, unweighted.
    draws, confidence
        Resamples, and the level of every interval.
    method
        One sentence for the report's footnote.
    """

    table: pd.DataFrame
    crossing: pd.DataFrame
    importance: str
    lines: str
    levels: tuple[float, ...]
    bar: float
    base: int
    draws: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        first = list(self.table.loc[self.table["call"] == "fix_first", "label"])
        said = ", ".join(first) if first else "nothing can be called first"
        return f"DriverPriorities: fix first {said}; {len(self.table)} drivers, base {self.base}"


def driver_priorities(
    survey: Survey,
    resample: Resample | None = None,
    *,
    importance: Literal["effect", "share"] = "effect",
    lines: Lines = "mean",
    draws: int = 1000,
    confidence: float = 0.95,
) -> DriverPriorities:
    """What should be fixed first: which drivers matter much and are rated low?

    A probability of 0.92 of "fix first" means: in 92% of the resamples the driver matters more than the average driver
    and is rated lower. It is an association: that satisfaction rises with the driver is for a test to show.

    Parameters
    ----------
    survey
        The wave; performance is the weighted mean on the scale of each driver, from 0 to 100.
    resample
        The joint resample of this survey's respondents; default: `draws` draws of a generator of seed 1.
    importance
        ``effect``: points of satisfaction (of 100) that go with one point (of 100) of the driver, the others held
        equal; the default, as only an effect times the room to improve is a gain. ``share``: LMG share of the
        explanation.
    lines
        Through the ``mean`` of the drivers, as is the custom, their ``median``, or (performance, importance). Means and
        medians are taken anew in every draw.
    draws, confidence
        As in every analysis.

    Raises
    ------
    EstimationError
        When there are fewer than two drivers, or the answers cannot support them.
    """
    if len(survey.drivers) < _FEWEST:
        raise EstimationError(ONE_DRIVER)
    resample = joint_resample(survey, draws=draws) if resample is None else resample
    survey = united_survey(survey, resample)
    basis = linear_basis(survey, resample=resample)
    axes = _axes(survey, basis, basis.resampled(survey, resample), share=importance == "share")
    method = sentence(
        _METHOD,
        importance=_MEASURES[importance],
        **method_values(survey, basis, resample),
        lines=_LINES[lines if isinstance(lines, str) else "given"],
        bar=BAR,
        confidence=confidence,
    )
    return priority_map(axes, method, basis.base, measure=importance, lines=lines, confidence=confidence)


ONE_DRIVER = sentence("What to fix first cannot be said of one aspect alone; at least two are needed.")
_METHOD = (
    "Importance-performance map (Martilla and James 1977): importance is {importance}{controls}; performance is the "
    "weighted mean on a scale from 0 to 100; {lines}; {weights}; {answers}. Gain: effect of one point times the room "
    "to the top of the scale. A driver is recommended with a probability of {bar:percent} or more, and only if its "
    "effect and its plain correlation with satisfaction are shown to be above zero. {confidence:percent} percentile "
    "intervals and probabilities over {draws:count} joint resamples of {units}."
)
_MEASURES: dict[str, Sentence] = {
    "effect": sentence(
        "the effect of one point, both on a scale from 0 to 100, by linear regression with the other drivers held equal"
    ),
    "share": sentence("the LMG share of the explained differences in satisfaction"),
}
_LINES: dict[str, Sentence] = {
    "mean": sentence("the lines run through the means of the drivers, drawn anew in every resample"),
    "median": sentence("the lines run through the medians of the drivers, drawn anew in every resample"),
    "given": sentence("the lines were given"),
}


def _axes(survey: Survey, basis: LinearBasis, drawn: Moments, *, share: bool) -> MapAxes:
    inner, scales = slice(basis.controls, -1), [survey.scales[d] for d in basis.drivers]
    unit = np.array([s.span for s in scales]) / survey.scales[survey.outcome].span

    def effects(m: Moments) -> np.ndarray:
        return np.asarray(linear_fit(m.cross).slopes[..., basis.controls :] * unit)

    def means(m: Moments) -> np.ndarray:
        return of_hundred(m.mean[..., inner], scales)

    def shares(m: Moments) -> np.ndarray:
        found = basis.dominance(m)
        return np.asarray(found / np.maximum(found.sum(axis=-1, keepdims=True), 1e-300))

    effect = Drawn(basis.pooled(effects), effects(drawn))
    tied = {i - basis.controls for i in dependent_columns(basis.moments.cross)}
    return MapAxes(
        names={"driver": basis.drivers, "label": [survey.labels.get(d, d) for d in basis.drivers]},
        effect=effect,
        performance=Drawn(basis.pooled(means), means(drawn)),
        correlation=Drawn(basis.moments.correlation[inner, -1], drawn.correlation[:, inner, -1]),
        importance=Drawn(basis.pooled(shares), shares(drawn)) if share else effect,
        applies=basis.columns.applies,
        sound=np.array([j not in tied for j in range(len(scales))]),
    )


def priority_map(
    axes: MapAxes,
    method: Sentence,
    base: int,
    *,
    measure: Importance,
    lines: Lines = "mean",
    confidence: float = 0.95,
) -> DriverPriorities:
    """The map of these axes, as `driver_priorities` describes it.

    Raises
    ------
    EstimationError
        When too many draws have no result.
    """
    draws, axes = len(axes.effect.replicates), finite_axes(axes)
    x, y = axes.performance, axes.importance
    drawn, here = (map_lines(getattr(x, part), getattr(y, part), lines) for part in ("replicates", "value"))
    gain = map_gain(axes)
    frame = pd.DataFrame(
        {
            **axes.names,
            **axes.effect.columns("effect", confidence),
            **(y.columns("derived", confidence) if measure == "share" else {}),
            **x.columns("performance", confidence),
            **axes.correlation.columns("correlation", confidence),
            **corner_columns(axes, here, drawn),
            **gain_columns(gain, confidence),
        }
    )
    frame["effect_shown"] = effects_shown(frame, axes.sound)
    frame["call"] = calls(frame)
    return DriverPriorities(
        table=frame.iloc[np.argsort(-gain.value, kind="stable")].reset_index(drop=True),
        crossing=crossing_table(here, drawn, confidence),
        importance=measure,
        lines=lines if isinstance(lines, str) else "given",
        levels=() if measure == "share" else level_steps(float(gain.value.max())),
        bar=BAR,
        base=base,
        draws=draws,
        confidence=confidence,
        method=method,
    )
