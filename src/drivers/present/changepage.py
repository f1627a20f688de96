"""The page of a report on what changed since an earlier wave, and whether it was the plan."""

from __future__ import annotations

from drivers.analyses.cases import Cases
from drivers.analyses.change import WaveChange
from drivers.analyses.differences import PlanEffect
from drivers.analyses.findings import Findings
from drivers.present.language import Language
from drivers.present.parts import Section, pictured, words
from drivers.present.titles import CASE_TITLES
from drivers.present.verbs import explain, table
from drivers.wording import Sentence, sentence


def change_page(findings: Findings, language: Language) -> Section | None:
    """What changed, and was it the plan? None where the client file has no [change]."""
    found, title = findings.cases, language.say(CASE_TITLES["change"])
    if found.change is None:
        reason = findings.unanswered.get("change")
        return None if reason is None else Section("change", title, language.say(reason))
    results = (found.decomposition, found.plan_effect)
    drawn = tuple(
        pictured(name, result, findings, language)
        for name, result in zip(("change", "plan-effect"), results, strict=True)
        if result is not None
    )
    told = (found.change, found.decomposition, found.plan_effect, found.rate_changes, found.loyalty_change)
    methods = [part.method for part in (*told, found.plan_worth) if part is not None]
    return Section(
        "change", title, language.say(verdict_sentence(found)),
        tuple(language.say(line) for line in _lines(findings)),
        pictures=drawn,
        tables=(table(found.change, language),),
        methods=tuple(language.say(method) for method in methods),
        words=words(language),
    )  # fmt: skip


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


def _lines(findings: Findings) -> tuple[Sentence, ...]:
    """What stands below the verdict: the change, its parts, the plan, rates, loyalty and money."""
    found = findings.cases
    told = (found.change, found.decomposition, found.plan_effect, found.rate_changes, found.loyalty_change)
    lines = [line for part in (*told, found.plan_worth) if part is not None for line in _said(found, part)]
    reason = findings.unanswered.get("plan_effect")
    return (*lines, *_worth_of_satisfied(found), *(() if reason is None else (reason,)))


def _said(found: Cases, part: object) -> tuple[Sentence, ...]:
    """What is said of a part; of the plan not again what the verdict says already."""
    said = explain(part)
    return said[1:] if part is found.plan_effect and found.change_verdict in ("plan", "against") else said


def _worth_of_satisfied(found: Cases) -> tuple[Sentence, ...]:
    """What satisfied customers are worth in both waves; told beside a plan only."""
    if found.loyalty_change is None or found.plan_effect is None:
        return ()
    rows = found.loyalty_change.table.set_index("measure")
    if "extra_yearly" not in rows.index:
        return ()
    row = rows.loc["extra_yearly"]
    return (
        sentence(
            "All satisfied customers together are worth {second:money} of lifetime value a year more than the "
            "dissatisfied ({low:money} to {high:money}); in wave {before} it was {first:money} ({first_low:money} to "
            "{first_high:money}).",
            before=found.loyalty_change.before,
            first=row["value_before"],
            first_low=row["value_before_low"],
            first_high=row["value_before_high"],
            second=row["value_after"],
            low=row["value_after_low"],
            high=row["value_after_high"],
        ),
    )
