"""What is said about missing answers: what they cost, and whether the ranking depends on them."""

from __future__ import annotations

from drivers.analyses.missing import MissingSensitivity
from drivers.wording import Sentence, sentence


def missing_lines(result: MissingSensitivity) -> tuple[Sentence, ...]:
    """What the missing answers cost, and whether the ranking depends on them."""
    kept = sentence(
        "Of the {base:count} questionnaires with an answer on satisfaction, {kept:percent} are complete.",
        base=result.base,
        kept=result.kept,
    )
    treated = _RULE[result.chosen] if result.automatic else _STATED[result.chosen]
    costly = sentence(
        "The others mostly left {label} open: without that question {without:percent} would be complete.",
        label=result.costly,
        without=result.kept_without,
    )
    return (kept, treated, *([costly] if result.costly else []), *ranking_lines(result))


def ranking_lines(result: MissingSensitivity) -> tuple[Sentence, ...]:
    """Whether the ranking depends on the policy; nothing where only one has a result."""
    if result.table["policy"].nunique() < 2:
        return ()
    found = []
    if len(result.leaders) > 1:
        found.append(sentence(_LEADING, names=list(result.leaders)))
    if result.top_changes:
        found.append(sentence(_MOVED, names=list(result.top_changes)))
    return tuple(found) or (_SAME,)


_LEADING = (
    "Which driver comes first depends on how missing answers are treated: {names:list} each do so under one treatment "
    "or another."
)
_MOVED = (
    "For {names:list} a place among the first three depends on how missing answers are treated: read that ranking with "
    "care."
)
_SAME = sentence("The strongest driver and the first three are the same however missing answers are treated.")
_RULE = {
    "complete": sentence("That is enough to use the complete ones only."),
    "imputed": sentence("That is too few, so open answers were estimated from the others (imputation)."),
    "available": sentence(
        "That is too few, and one question was left open too often to estimate its answers, so each correlation rests "
        "on those who answered both questions."
    ),
}
_STATED = {
    "complete": sentence("Only these count, as the client file says."),
    "imputed": sentence("Open answers were estimated from the others (imputation), as the client file says."),
    "available": sentence("Each correlation rests on those who answered both questions, as the client file says."),
    "not_applicable": sentence("An open answer counts as a question that does not apply, as the client file says."),
}
