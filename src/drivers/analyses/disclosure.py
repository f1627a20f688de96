"""Disclosure: what must not follow from a report, although it does not stand in it.

A group under the minimum base is hidden. Its number would still follow from a total and the groups beside it, so those
are hidden or made coarse too (secondary suppression; Willenborg and de Waal 2001, Elements of Statistical Disclosure
Control, chapter 4).
"""

from __future__ import annotations

import numpy as np


def hidden_groups(bases: np.ndarray, minimum_base: int) -> np.ndarray:
    """Which groups (k,) that add up to a known total may not be shown?

    Those with members, but fewer than `minimum_base`; then, from the smallest on, others, until two at least are hidden
    and these hold `minimum_base` members together: otherwise the total less what is shown is a group that is too
    small. Groups without members hide nothing.

    Parameters
    ----------
    bases
        Array (k,), members of each group.
    minimum_base
        Fewest members of what is shown.

    Returns
    -------
    Boolean array (k,).
    """
    hidden = (bases > 0) & (bases < minimum_base)
    for group in np.argsort(bases, kind="stable"):
        if not hidden.any() or (hidden.sum() > 1 and bases[hidden].sum() >= minimum_base):
            break
        hidden[group] |= bases[group] > 0
    return np.asarray(hidden)


def coarse_count(count: float, minimum_base: int) -> float:
    """The nearest multiple of the minimum base: a smaller number cannot be told from it by subtraction."""
    return float(minimum_base * round(count / minimum_base))
