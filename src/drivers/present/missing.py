"""What is said about missing answers: what they cost, and whether the ranking depends on them."""

from __future__ import annotations

from drivers.analyses.missing import MissingSensitivity
from drivers.wording import Sentence, sentence


def missing_lines(result: MissingSensitivity) -> tuple[Sentence, ...]:
    """What the missing answers cost, and whether the ranking depends on them."""
    kept = sentence(
        "Of the {base:count} customers with an answer on satisfaction, {kept:percent} answered everything.",
        base=result.base,
        kept=result.kept,
    )
    costly = sentence(
        "{label} costs most of the others: without it {without:percent} would have answered everything.",
        label=result.costly,
        without=result.kept_without,
    )
    treated = _RULE[result.chosen] if result.automatic else _STATED[result.chosen]
    same = sentence("The strongest driver and the first three are the same however missing answers are treated.")
    moved = sentence(
        "Whether {names:list} belong to the first three depends on how missing answers are treated: read their ranks "
        "with care.",
        names=list(result.top_changes),
    )
    leading = sentence(
        "Which driver comes first depends on how missing answers are treated: {names:list} each do under at least one.",
        names=list(result.leaders),
    )
    compared = result.table["policy"].nunique() > 1
    found = [*([leading] if len(result.leaders) > 1 else []), *([moved] if result.top_changes else [])]
    ranking = (found or [same]) if compared else []
    return (kept, *([costly] if result.costly else []), treated, *ranking)


_RULE = {
    "complete": sentence("That is enough to use complete cases only."),
    "imputed": sentence("That is too few to go on with, so open answers were imputed."),
    "available": sentence(
        "That is too few to go on with, and one question was left open too often to be imputed, so each correlation "
        "rests on those who answered both questions."
    ),
}
_STATED = {
    "complete": sentence("Only complete cases are used, as the client file says."),
    "imputed": sentence("Open answers were imputed, as the client file says."),
    "available": sentence("Each correlation rests on those who answered both questions, as the client file says."),
    "not_applicable": sentence("An open answer counts as a question that does not apply, as the client file says."),
}
