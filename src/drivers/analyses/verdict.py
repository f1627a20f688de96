"""Was it the plan, the mix of customers, or neither? What the results on a change say together."""

from __future__ import annotations

from typing import Literal

from drivers.analyses.change import WaveChange
from drivers.analyses.decomposition import ChangeDecomposition
from drivers.analyses.differences import PlanEffect

Verdict = Literal["plan", "against", "mix", "elsewhere", "none", "undecided"]
"""plan: those reached rose more, and had not moved apart before. against: they rose less. mix: a change is shown, but
not at the same mix, and the mix's part is. elsewhere: a change is shown at the same mix, not more among those reached.
none: no change is shown. undecided: anything else."""


def change_verdict(change: WaveChange, decomposition: ChangeDecomposition | None, effect: PlanEffect | None) -> Verdict:
    """Was it the plan, the mix, or neither?

    Parameters
    ----------
    change
        What changed, as it was and at the same mix.
    decomposition
        Where the change comes from; None where the waves asked nothing in common.
    effect
        Those reached against the others; None without a plan, or before it.

    Raises
    ------
    EstimationError
        Never: what is not shown is a verdict too.
    """
    if effect is not None and (effect.effect_low > 0 or effect.effect_high < 0):
        if effect.parallel is False:
            return "undecided"
        return "plan" if effect.effect_low > 0 else "against"
    row = change.table.iloc[0]
    raw, alike = (
        _shown(row["mean_change_low"], row["mean_change_high"]),
        _shown(row["same_mix_change_low"], row["same_mix_change_high"]),
    )
    if not raw and not alike:
        return "none"
    if alike:
        return "undecided" if effect is None else "elsewhere"
    return "mix" if _mix_shown(decomposition, row["mean_change"]) else "undecided"


def _shown(low: float, high: float) -> bool:
    return bool(low > 0 or high < 0)


def _mix_shown(decomposition: ChangeDecomposition | None, change: float) -> bool:
    """Whether the mix is shown to have moved satisfaction, in the direction of the change."""
    if decomposition is None:
        return False
    row = decomposition.parts.set_index("change_part").loc["by_mix"]
    return bool(row["value_low"] > 0) if change > 0 else bool(row["value_high"] < 0)
