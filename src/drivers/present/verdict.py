"""Whether it was the plan, the mix of customers, or neither: the verdict on a change, in one sentence."""

from __future__ import annotations

from drivers.analyses.cases import Cases
from drivers.analyses.change import WaveChange
from drivers.analyses.differences import PlanEffect
from drivers.wording import Sentence, sentence


def verdict_sentence(found: Cases) -> Sentence:
    """Whether it was the plan, in one sentence that says no more than the intervals allow."""
    change, effect = found.change, found.plan_effect
    if change is None:
        raise ValueError("There is no change to judge. Ask for it in a table [change] of the client file.")
    if found.change_verdict in ("plan", "against") and effect is not None:
        return sentence(_PLAN if found.change_verdict == "plan" else _AGAINST, **_ends(effect))
    row = change.table.iloc[0]
    values = {"before": change.before, "value": row["mean_change"]}
    if found.change_verdict == "mix":
        return sentence(_MIX if effect is None else _MIX_NOT_PLAN, **values)
    if found.change_verdict == "none":
        return sentence(_NONE if effect is None else _NONE_NOT_PLAN, **values)
    return _open(change, effect, elsewhere=found.change_verdict == "elsewhere")


def _ends(effect: PlanEffect) -> dict[str, object]:
    return {"value": effect.effect, "low": effect.effect_low, "high": effect.effect_high}


def _open(change: WaveChange, effect: PlanEffect | None, *, elsewhere: bool) -> Sentence:
    row = change.table.iloc[0]
    values = {"before": change.before, "value": row["same_mix_change"]}
    if elsewhere:
        return sentence(_ELSEWHERE, **values)
    if effect is not None and effect.parallel is False:
        return sentence(_UNSURE_PLAN)
    alike = row["same_mix_change_low"] > 0 or row["same_mix_change_high"] < 0
    return sentence(_UNKNOWN_CAUSE if alike else _OPEN, **values)


_PLAN = (
    "This points to the plan: held against the others, satisfaction of the customers whom it reached went up by "
    "{value:number2} points ({low:number2} to {high:number2})."
)
_AGAINST = (
    "This points against the plan: held against the others, satisfaction of the customers whom it reached went down: "
    "{value:signed2} points ({low:signed2} to {high:signed2})."
)
_MIX = (
    "Satisfaction changed by {value:signed2} since wave {before}, but that comes with other customers: with the same "
    "mix no change is shown."
)
_MIX_NOT_PLAN = (
    "Satisfaction changed by {value:signed2} since wave {before}, but that comes with other customers: with the same "
    "mix no change is shown, and no effect of the plan."
)
_NONE = "No change of satisfaction is shown since wave {before}."
_NONE_NOT_PLAN = "No change of satisfaction is shown since wave {before}, and no effect of the plan."
_ELSEWHERE = (
    "Satisfaction changed by {value:signed2} since wave {before} with the same mix of customers too, but that it "
    "changed more among those whom the plan reached is not shown."
)
_UNSURE_PLAN = (
    "Whether it was the plan is open: the customers whom it reached and the others had moved apart before it already."
)
_UNKNOWN_CAUSE = (
    "Satisfaction changed by {value:signed2} since wave {before} with the same mix of customers; what did it, these "
    "answers do not say."
)
_OPEN = "What changed since wave {before} is open: the intervals allow for a change and for none."
