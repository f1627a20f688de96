"""The sections of a report: each answers one question with a sentence, a picture, its data and its method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from drivers.analyses.comparison import OutcomeComparison
from drivers.analyses.findings import Findings
from drivers.analyses.lifetimes import LIFETIME_NOTICES
from drivers.analyses.margins import FALLING_MARGIN
from drivers.present.captions import titled
from drivers.present.curves import BENT
from drivers.present.language import Language
from drivers.present.lifetimes import worth_table
from drivers.present.methods import method_section
from drivers.present.necessity import bottleneck_table
from drivers.present.parts import (
    More,
    Picture,
    Section,
    answered,
    answered_or_not,
    drawn,
    pictured,
    unanswered,
    with_own_text,
    words,
)
from drivers.present.segments import groups_lines
from drivers.present.simulator import plan_simulator
from drivers.present.summary import closing_lines, summary_cards, summary_lines, summary_lists
from drivers.present.titles import SECTIONS, TITLES
from drivers.present.verbs import explain
from drivers.wording import Sentence, sentence


def section(findings: Findings, name: str) -> Section | None:
    """One section of the report on these findings, with its pictures drawn.

    None, which shows nothing, where the client file leaves it out.

    Raises
    ------
    ValueError
        When there is no section of this name.
    """
    return drawn(undrawn_section(findings, name))


def undrawn_section(findings: Findings, name: str) -> Section | None:
    """The same, for documents that do not show its pictures."""
    if name not in _BUILDERS:
        raise ValueError(f"There is no section {name!r}. The sections are: {', '.join(SECTIONS)}.")
    if name not in findings.house.sections:
        return None
    language = Language(findings.language, findings.currency)
    return with_own_text(_BUILDERS[name](findings, language), findings)


def _summary(findings: Findings, language: Language) -> Section:
    lead, closing = language.say(summary_lines(findings)[0]), closing_lines(findings)
    return Section(
        "summary", language.say(TITLES["summary"]), lead, tuple(language.say(line) for line in closing),
        summary_cards(findings, language), notices=_notices(findings, language),
        lists=summary_lists(findings, language),
    )  # fmt: skip


def _potential(findings: Findings, language: Language) -> Section:
    asked = (language.say("Not asked in this wave: {names:list}.", names=findings.not_asked),)
    more = More(closing=asked if findings.not_asked else ())
    return answered("potential", findings.potential, findings, language, more)


def _drivers(findings: Findings, language: Language) -> Section:
    if findings.importance is None:
        return unanswered("drivers", findings, language)
    notices = tuple(language.say(n.sentence) for n in findings.importance.notices)
    reading = language.say(
        "A share says how much goes with a driver; whether it goes up or down is in the effect of one point. These are "
        "associations, no proof of cause."
    )
    shown = answered("drivers", findings.importance, findings, language, More(notices, (reading,)))
    return shown if findings.outcomes is None else _seen_otherwise(shown, findings.outcomes, language)


def _seen_otherwise(shown: Section, result: OutcomeComparison, language: Language) -> Section:
    """The section with the shares under other views of the outcome beside those of the ranking."""
    said = tuple(language.say(line) for line in explain(result))
    star = (language.say(_STAR),) if result.table["moved"].any() else ()
    tables = (titled(result, language),) if len(result.views) > 1 else ()
    return replace(
        shown, paragraphs=(*shown.paragraphs, *said, *star), tables=(*shown.tables, *tables),
        methods=(*shown.methods, language.say(result.method)),
    )  # fmt: skip


_STAR = (
    "In the table: share of the explanation with its rank; a star marks a share that differs from the "
    "ranking's beyond chance."
)


def _robustness(findings: Findings, language: Language) -> Section:
    if findings.robustness is None or findings.halo is None:
        return unanswered("robustness", findings, language)
    halo = findings.halo
    said = tuple(language.say(line) for line in explain(halo))
    made = answered("robustness", findings.robustness, findings, language, More((), said, (language.say(halo.method),)))
    return replace(made, tables=(titled(halo, language),) if halo.general else ())


def _shape(findings: Findings, language: Language) -> Section:
    shape, curves, needed = findings.shape, findings.curves, findings.necessity
    if shape is None:
        return unanswered("shape", findings, language)
    told = [result for result in (shape, curves, needed) if result is not None]
    lead, *rest = [language.say(line) for result in told for line in explain(result)]
    drawn = [pictured("shape", shape, findings, language)] if shape.table["penalty"].notna().any() else []
    if curves is not None and curves.table["bend"].isin(BENT).any():
        drawn.append(pictured("curves", curves, findings, language))
    shown = needed is not None and bool(needed.table["necessary"].any())
    return Section(
        "shape", language.say(TITLES["shape"]), lead, tuple(rest), pictures=tuple(drawn),
        tables=(bottleneck_table(needed, language),) if needed is not None and shown else (),
        methods=tuple(language.say(result.method) for result in told), words=words(language),
    )  # fmt: skip


def _priorities(findings: Findings, language: Language) -> Section:
    if findings.priorities is None:
        return unanswered("priorities", findings, language)
    told = [part for part in (findings.paths, findings.path_priorities, findings.stated) if part is not None]
    said = tuple(language.say(line) for part in told for line in (*_heading(part), *explain(part)))
    open_ = tuple(
        language.say(findings.unanswered[name]) for name in ("paths", "stated") if name in findings.unanswered
    )
    methods = tuple(language.say(p.method) for p in (findings.path_priorities or findings.paths, findings.stated) if p)
    loose = findings.paths.notices if findings.paths else ()
    shown = answered(
        "priorities", findings.priorities, findings, language,
        More(tuple(language.say(n.sentence) for n in loose), (*said, *open_), methods),
    )  # fmt: skip
    blocks = findings.path_priorities
    second = (pictured("path-priorities", blocks, findings, language),) if blocks else ()
    tables = tuple(titled(part, language) for part in (findings.paths, findings.stated) if part is not None)
    return replace(shown, pictures=(*shown.pictures, *second), tables=tables)


def _heading(part: object) -> tuple[Sentence, ...]:
    """What sets the map of blocks apart from that of the single aspects."""
    blocks = getattr(part, "importance", "") == "total_effect"
    return (sentence("Taken in blocks, with what works through other blocks counted in:"),) if blocks else ()


def _groups(findings: Findings, language: Language) -> Section:
    """Groups of customers: what is said of each column, and pictures of those in which something differs (or one)."""
    if not findings.segments:
        return unanswered("groups", findings, language)
    found = sorted(findings.segments, key=lambda result: -len(result.differing))
    drawn = max(1, min(_MOST_PICTURES, sum(bool(result.differing) for result in found)))
    pictures = tuple(pictured(f"groups-{k}", r, findings, language) for k, r in enumerate(found[:drawn]))
    said = [language.say(line) for line in groups_lines(found)]
    return Section(
        "groups", language.say(TITLES["groups"]), said[0], tuple(said[1:]), pictures=pictures,
        methods=tuple(language.say(result.method) for result in found), words=words(language),
    )  # fmt: skip


_MOST_PICTURES = 2  # a board looks at no more


def _checks(findings: Findings, language: Language) -> Section:
    lead, *rest = [language.say(line) for line in explain(findings.checks)]
    return Section(
        "checks", language.say(TITLES["checks"]), lead, tuple(rest), tables=(titled(findings.checks, language),),
        methods=(language.say(findings.checks.method),), words=words(language),
    )  # fmt: skip


def _loyalty(findings: Findings, language: Language) -> Section:
    """Leaving, where it is known; what customers say that they will do, where the client file asks for it."""
    link = findings.loyalty if findings.loyalty is not None else findings.behaviour.penalised
    more, curves = _beside_loyalty(findings, language), _loyalty_pictures(findings, language)
    if link is not None:
        shown = answered("loyalty", link, findings, language, more)
        return replace(shown, pictures=(*shown.pictures, *curves)[:_MOST_PICTURES])
    lead, *rest = (*more.closing, language.say(findings.unanswered["loyalty"]))
    return Section(
        "loyalty", language.say(TITLES["loyalty"]), lead, tuple(rest), pictures=curves,
        tables=more.tables, methods=more.methods, words=words(language),
    )  # fmt: skip


def _loyalty_pictures(findings: Findings, language: Language) -> tuple[Picture, ...]:
    """How long customers stay, and which drivers go with loyalty around satisfaction."""
    known = findings.behaviour
    drawn = {"survival": known.survival, "mediation": known.mediation}
    return tuple(pictured(name, part, findings, language) for name, part in drawn.items() if part is not None)


def _beside_loyalty(findings: Findings, language: Language) -> More:
    """What is said of loyalty beside the link to leaving."""
    told = [part for part in _loyalty_parts(findings) if part is not None]
    beside = [(part, explain(part)) for part in told]
    said = [language.say(line) for _, lines in beside for line in lines]
    said += [language.say(findings.unanswered[n]) for n in ("survival", "spending") if n in findings.unanswered]
    if "mediation" in findings.unanswered:
        said.append(language.say(_NO_WAYS, reason=findings.unanswered["mediation"]))
    methods = tuple(language.say(part.method) for part, lines in beside if lines)
    counted = (findings.net_promoter, findings.behaviour.spending, findings.behaviour.measures)
    return More((), tuple(said), methods, tuple(titled(part, language) for part in counted if part is not None))


_NO_WAYS = "Whether drivers go with loyalty through satisfaction or around it was not computed. {reason}"


def _loyalty_parts(findings: Findings) -> tuple[Any, ...]:
    """What is told beside the link to leaving, in order; None for what there is not."""
    known = findings.behaviour
    leaving = (known.asked_late, known.zones, known.prediction, findings.sensitivity, known.survival)
    return (
        *leaving, known.spending, findings.net_promoter, known.top_marks, findings.intention, known.measures,
        known.measure_groups, known.mediation,
    )  # fmt: skip


def _value(findings: Findings, language: Language) -> Section:
    known = tuple(language.say(n.sentence) for n in findings.notices if n.kind in (*LIFETIME_NOTICES, FALLING_MARGIN))
    lifetime = findings.contract or findings.purchases
    missed = (language.say(findings.unanswered["lifetime"]),) if "lifetime" in findings.unanswered else ()
    if findings.value is None and lifetime is None:
        return unanswered("value", findings, language)
    if lifetime is None:
        return answered("value", findings.value, findings, language, More(known, missed))
    said = tuple(language.say(line) for line in explain(lifetime))
    shown, table_ = pictured("lifetime", lifetime, findings, language), worth_table(lifetime, language)
    if findings.value is None:
        reason = (language.say(findings.unanswered["value"]),)
        made = answered("value", lifetime, findings, language, More(known, reason))
        return replace(made, tables=(table_,))
    more = More(known, said, (language.say(lifetime.method),))
    made = answered("value", findings.value, findings, language, more)
    return replace(made, pictures=(*made.pictures, shown), tables=(table_,))


def _plan(findings: Findings, language: Language) -> Section:
    plan, chain, budget = findings.plan, findings.chain, findings.budget
    notices = tuple(language.say(n.sentence) for n in chain.notices) if chain else ()
    if plan is None or chain is None:
        return answered_or_not("plan", chain, findings, language, More(notices))
    split = () if budget is None else tuple(language.say(line) for line in explain(budget))
    gains = tuple(language.say(line) for line in explain(chain))
    methods = (language.say(chain.method), *(() if budget is None else (language.say(budget.method),)))
    shown = answered("plan", plan, findings, language, More(notices, (*split, *gains), methods))
    tables = () if budget is None else (titled(budget, language),)
    return replace(shown, pictures=(*shown.pictures, pictured("gains", chain, findings, language)), tables=tables)


def _simulated_plan(findings: Findings, language: Language) -> Section:
    return replace(_plan(findings, language), simulator=plan_simulator(findings, language))


def _quality(findings: Findings, language: Language) -> Section:
    weights, batteries = findings.weights, findings.reliability if findings.reliability.rated else None
    told = (findings.missing, findings.screening, batteries)
    parts = [part for part in (findings.quality, weights, *told) if part is not None]
    lead, *rest = [language.say(line) for part in parts for line in explain(part)]
    dropped = [f"{language.say(e.reason)}: {language.figure(e.rows, 'count', 0)}" for e in findings.exclusions]
    shown = [part for part in parts if part is not weights or len(part.margins)]
    return Section(
        "quality", language.say(TITLES["quality"]), lead, (*rest, *dropped),
        tables=tuple(titled(part, language) for part in shown), words=words(language),
        notices=tuple(language.say(notice.sentence) for notice in findings.reliability.notices),
        methods=tuple(language.say(part.method) for part in told if part is not None),
    )  # fmt: skip


def _notices(findings: Findings, language: Language) -> tuple[str, ...]:
    return tuple(language.say(n.sentence) for n in findings.notices if n.kind not in LIFETIME_NOTICES)


_BUILDERS: dict[str, Callable[[Findings, Language], Section]] = {
    "summary": _summary,
    "potential": _potential,
    "drivers": _drivers,
    "robustness": _robustness,
    "shape": _shape,
    "priorities": _priorities,
    "groups": _groups,
    "loyalty": _loyalty,
    "value": _value,
    "plan": _simulated_plan,
    "checks": _checks,
    "quality": _quality,
    "method": method_section,
}
