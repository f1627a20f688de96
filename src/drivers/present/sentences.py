"""What a result says, in words graded by how sure it is; never more than the interval allows."""

from __future__ import annotations

from functools import singledispatch

from drivers.analyses.movement import Potential
from drivers.wording import Sentence, sentence


@singledispatch
def explain(result: object) -> tuple[Sentence, ...]:
    """What a result says: the headline first, then what supports it.

    Raises
    ------
    TypeError
        When this kind of result has nothing to say.
    """
    raise TypeError(f"There are no sentences about a {type(result).__name__}. Give it a result of an analysis.")


@explain.register
def _(result: Potential) -> tuple[Sentence, ...]:
    rows = result.table.set_index("measure")
    share, rise, part = rows.loc["cross_validated"], rows.loc["rise"], rows.loc["rise_share"]
    values = {name: max(share[column], 0.0) for name, column in zip(("share", "low", "high"), _ENDS, strict=True)}
    reach = sentence(
        _REACH if rise["value_low"] > 0 else _FALL if rise["value_high"] < 0 else _NO_REACH,
        now=result.mean,
        best=result.mean + result.rise,
        part=part["value"],
        rise=rise["value"],
        low=rise["value_low"],
        high=rise["value_high"],
    )
    predicted = sentence(_PREDICTED, **values, aspects=len(result.aspects))
    if result.verdict == "wrong_aspects" and result.cross_validated >= result.bar:
        return (_PREDICTS_ONLY, predicted, reach, _TURNED)
    lead = _POTENTIAL_LEADS[result.verdict, result.certain]
    return (lead, predicted, reach, *_POTENTIAL_ADVICE.get(result.verdict, ()))


_ENDS = ("value", "value_low", "value_high")
_REACH = (
    "If every aspect were rated as the best-served tenth of the customers rates it now, mean satisfaction would go "
    "from {now:number1} to {best:number1}: {rise:signed2} scale points ({low:signed2} to {high:signed2}), or "
    "{part:percent1} of the scale."
)
_NO_REACH = (
    "Even if every aspect were rated as the best-served tenth of the customers rates it now, it is not shown that mean "
    "satisfaction would rise from {now:number1}: {rise:signed2} scale points ({low:signed2} to {high:signed2}), or "
    "{part:percent1} of the scale."
)
_FALL = (
    "If every aspect were rated as the best-served tenth of the customers rates it now, mean satisfaction would not "
    "rise but fall, from {now:number1} to {best:number1}: {rise:signed2} scale points ({low:signed2} to "
    "{high:signed2}), or {part:percent1} of the scale."
)
_PREDICTED = (
    "Together the {aspects:count} measured aspects predict {share:percent1} of the differences in satisfaction between "
    "customers ({low:percent1} to {high:percent1})."
)
_PREDICTS_ONLY = sentence(
    "The measured aspects predict satisfaction, but better ratings of them all hardly go with higher satisfaction."
)
_TURNED = sentence(
    "These questions may not measure quality, or a scale may run the other way round. Look into that before using them."
)
_POTENTIAL_LEADS = {
    ("undecided", False): sentence("These answers are too few to say whether the measured aspects matter."),
    ("wrong_aspects", True): sentence("You are measuring the wrong things."),
    ("wrong_aspects", False): sentence("You are probably measuring the wrong things."),
    ("at_ceiling", True): sentence("The measured aspects matter, but hardly any of them can still improve."),
    ("at_ceiling", False): sentence("The measured aspects matter, but there is little left to improve."),
    ("relevant", True): sentence("The measured aspects matter for satisfaction."),
    ("relevant", False): sentence("The measured aspects seem to matter for satisfaction; how much is not certain."),
}
_POTENTIAL_ADVICE: dict[str, tuple[Sentence, ...]] = {
    "wrong_aspects": (
        sentence(
            "Higher scores on these aspects hardly go with higher satisfaction. Ask customers first what does "
            "decide their satisfaction, and measure that in the next wave."
        ),
    ),
}
