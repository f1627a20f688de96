"""Grouping: which groups of a segmentation may be shown, and which can carry the drivers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.analyses.basis import LinearBasis
from drivers.analyses.disclosure import hidden_groups
from drivers.analyses.movement import ENOUGH_PER_DRIVER
from drivers.errors import EstimationError
from drivers.survey.segments import Segmentation
from drivers.wording import Sentence, sentence

MOST_GROUPS = 24
"""Groups beyond which a column is more likely a number or a name than a division of the customers."""

_MANY = (
    "{label} divides the respondents into {groups:count} groups; expected at most {most:count}. Put its values into "
    "fewer classes."
)
_TOO_SMALL = (
    "Fewer than two groups of {label} have enough answers to compare the drivers in them. Put groups together, drop "
    "drivers, or merge waves."
)
_SMALL = "fewer than {least:count} respondents"
_COMPANION = sentence("not shown, so that a smaller group cannot be worked out from the total")
_CONSTANT = sentence("everyone in it gave the same answer on satisfaction")
_FEW = "{effective:count} answers (by weight) are too few for {drivers:count} drivers; {least:count} are needed"


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """One group of customers.

    Attributes
    ----------
    name
        Printed name.
    chosen
        Boolean array (n,) of the survey's respondents in it.
    part
        The basis of those of them who are in the regression.
    hidden
        Whether nothing about it may be shown.
    reason
        Why its importance is not shown; None where it is.
    """

    name: str
    chosen: np.ndarray
    part: LinearBasis
    hidden: bool
    reason: Sentence | None


def customer_groups(basis: LinearBasis, segmentation: Segmentation, minimum_base: int) -> tuple[Group, ...]:
    """Which groups may be shown, and which carry the drivers?

    A group of fewer than `minimum_base` respondents is hidden. If its size could be worked out from the total, the
    smallest of the others is hidden with it. A group whose effective base is below ten for each regressor is shown
    without importance.

    Raises
    ------
    EstimationError
        When there are too many groups, or fewer than two can be compared.
    """
    if len(segmentation.groups) > MOST_GROUPS:
        raise EstimationError(
            sentence(_MANY, label=segmentation.label, groups=len(segmentation.groups), most=MOST_GROUPS)
        )
    present = [g for g in range(len(segmentation.groups)) if ((segmentation.codes == g) & basis.rows).any()]
    bases = np.array([int(((segmentation.codes == g) & basis.rows).sum()) for g in present])
    small = bases < minimum_base
    hidden = hidden_groups(bases, minimum_base)
    groups = []
    for g, lonely, unseen in zip(present, small, hidden, strict=True):
        chosen = segmentation.codes == g
        part = basis.part(chosen)
        tiny = sentence(_SMALL, least=minimum_base) if lonely else _COMPANION
        groups.append(Group(segmentation.groups[g], chosen, part, bool(unseen), tiny if unseen else _unfit(part)))
    if sum(group.reason is None for group in groups) < 2:
        raise EstimationError(sentence(_TOO_SMALL, label=segmentation.label))
    return tuple(groups)


def _unfit(part: LinearBasis) -> Sentence | None:
    """Why this group cannot carry the drivers; None if it can."""
    if not part.moments.cross[-1, -1] > 0:
        return _CONSTANT
    regressors = len(part.names) - 1
    effective = min(float(part.moments.effective_base), float(part.answers.errors_base))
    least = ENOUGH_PER_DRIVER * regressors
    if effective >= least:
        return None
    return sentence(_FEW, effective=effective, drivers=len(part.drivers), least=least)
