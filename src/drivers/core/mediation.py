"""Mediation: how much of what a driver goes with runs through mediators, and how much around them.

Columns stand in the order controls (c), drivers (p), mediators (k), outcome. The mediators are parallel: none is taken
to cause another. Drivers may be ratings, or one group of 0 and 1 whose gap in the outcome is to be split.

Preacher & Hayes 2008 (doi:10.3758/BRM.40.3.879) have the specific indirect effects of several mediators; Imai, Keele &
Tingley 2010 (doi:10.1037/a0020761) what they mean for an outcome that is not linear.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.core.linear import linear_fit
from drivers.core.moments import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class MediatedEffects:
    """Effects of p drivers on the outcome through k mediators and around them, others held constant.

    Attributes
    ----------
    a
        Array (..., p, k), points of each mediator that one point of each driver goes with.
    b
        Array (..., k), what one point of each mediator goes with in the outcome, at equal drivers.
    direct
        Array (..., p), what one point of each driver goes with in the outcome at equal mediators: around them.
    """

    a: FloatArray
    b: FloatArray
    direct: FloatArray

    @property
    def specific(self) -> FloatArray:
        """Array (..., p, k), the effect of each driver through each mediator."""
        return np.asarray(self.a * self.b[..., None, :])

    @property
    def indirect(self) -> FloatArray:
        """Array (..., p), the effect of each driver through all mediators."""
        return np.asarray(self.specific.sum(axis=-1))

    @property
    def total(self) -> FloatArray:
        """Array (..., p), through and around together."""
        return np.asarray(self.direct + self.indirect)


def linear_mediation(cross: FloatArray, *, controls: int = 0, mediators: int = 1) -> MediatedEffects:
    """Through which mediators do drivers go with an outcome that is linear?

    Parameters
    ----------
    cross
        Cross-products about the mean (..., q, q), q = c + p + k + 1, such as those of Moments; the outcome last.
    controls, mediators
        Numbers c and k of them.

    Notes
    -----
    ``total`` is then exactly the slope of the regression without mediators (Preacher & Hayes 2008, equation 5). Where
    columns determine one another the fits are those of least norm, see ``linear_fit``.
    """
    a = mediator_slopes(cross[..., :-1, :-1], controls=controls, mediators=mediators)
    return mediated_effects(a, linear_fit(cross).slopes, controls=controls)


def mediator_slopes(cross: FloatArray, *, controls: int = 0, mediators: int = 1) -> FloatArray:
    """What does a point of each driver go with in each mediator, controls and other drivers held constant?

    Parameters
    ----------
    cross
        Cross-products about the mean (..., c + p + k, c + p + k), without the outcome.
    controls, mediators
        Numbers c and k of them.

    Returns
    -------
    Array (..., p, k).
    """
    first = cross.shape[-1] - mediators
    columns = [[*range(first), first + m] for m in range(mediators)]
    slopes = [linear_fit(cross[..., c, :][..., c]).slopes[..., controls:] for c in columns]
    return np.stack(slopes, axis=-1)


def mediated_effects(a: FloatArray, effects: FloatArray, *, controls: int = 0) -> MediatedEffects:
    """Which effects run through the mediators and which around them, whatever model the outcome has?

    Parameters
    ----------
    a
        Slopes of the mediators (..., p, k), see ``mediator_slopes``.
    effects
        What a point of each column goes with in the outcome (..., c + p + k): slopes, or average marginal effects on
        a probability (``marginal_effects`` of core/logit.py).
    controls
        Number c of them.

    Notes
    -----
    Of a probability these are the effects by g-computation of a small rise: everybody's driver rises while the
    mediators stay (direct), or the mediators rise by `a` as the driver's rise lets them while it stays (indirect). A
    small rise, so that the two add up to the total in whichever order they are taken. They are causes only if nothing
    unmeasured moves driver, mediator and outcome together.
    """
    last = effects.shape[-1] - a.shape[-1]
    return MediatedEffects(a, effects[..., last:], effects[..., controls:last])


def vanishing_noise(effects: MediatedEffects, unexplained: FloatArray) -> FloatArray:
    """How much noise in the one mediator would leave nothing around it? Share (..., p) of the mediator's variance.

    Noise lowers `b` and moves to `direct` what runs through the mediator (Cole & Preacher 2014,
    doi:10.1037/a0033805). With this share of noise taken out of the mediator's variance the direct effect is 0, exactly
    for a linear outcome, about so for a probability. NaN where the two effects have opposite signs: noise then hides
    part of the direct effect.

    Parameters
    ----------
    effects
        Of one mediator.
    unexplained
        Share (...,) of the mediator's variance that controls and drivers leave unexplained.
    """
    direct, total = effects.direct, effects.total
    alike = direct * effects.indirect > 0
    part = np.divide(direct, total, out=np.full_like(direct, np.nan), where=alike)
    return np.asarray(part * np.asarray(unexplained)[..., None])
