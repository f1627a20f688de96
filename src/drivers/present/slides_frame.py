"""Slides around the findings: the summary, what to do on Monday, and on what all of it rests."""

from __future__ import annotations

from drivers.present.briefing import ASSOCIATION
from drivers.present.deck_text import SlideLanguage
from drivers.present.headlines import answer
from drivers.present.methods import method_section
from drivers.present.missing import ranking_lines
from drivers.present.ranking import LEADING
from drivers.present.slides import NO_CAUSE, Slide, Teller
from drivers.present.summary import closing_lines, main_findings, monday_lines, summary_cards, summary_lines
from drivers.present.verbs import explain


def summary_slide(tell: Teller) -> Slide:
    """What a board hears if it hears nothing else."""
    found = tell.findings
    lead, *rest = (tell.say(line) for line in summary_lines(found))
    lines = tuple(tell.say(line) for line in main_findings(found))
    source = " ".join(tell.say(line) for line in closing_lines(found))
    notes = (lead, *lines, *rest)
    both = _leavers(tell)
    headlines = (lead, *_begin(tell), *both, _answer(tell), tell.question("summary"))
    said, cards = (lead, *lines) if both else lines, summary_cards(found, tell.language)
    return Slide("summary", headlines, said, source=source, notes=notes, cards=cards)


def _leavers(tell: Teller) -> tuple[str, ...]:
    """A shorter answer where those of both exits score lower on the same scales."""
    values = answer(tell.findings).values
    switch, back = ([tell.say(name) for name in values.get(part, ())] for part in ("switch", "backsource"))  # type: ignore[attr-defined]
    names = [name for name in switch if name in back]
    return (tell.say(_LEAVERS, names=names),) if names else ()


_LEAVERS = "Those who switch and those who take the work back score lower on {names:list} than those who stay."


def _begin(tell: Teller) -> tuple[str, ...]:
    """A shorter answer where the answer is which aspects come first."""
    said = answer(tell.findings)
    names = said.values.get("names")
    return (tell.say(_BEGIN, names=names),) if names and said.template.startswith("Begin with") else ()


_BEGIN = "Begin with {names:list}: of more weight than the average aspect, and rated lower."


def _answer(tell: Teller) -> str:
    """The answer in one sentence: what drives satisfaction, and what to fix first."""
    found = tell.findings
    if found.importance is None:
        return tell.say(explain(found.potential)[0])
    lead = explain(found.importance)[0].values
    names = _first(tell)
    if not found.importance.table["beyond_noise"].any():
        return tell.say("None of the drivers accounts for more than pure noise could.")
    if "label" not in lead:
        return tell.say(explain(found.potential)[0])
    if "rivals" in lead:
        return tell.say(_FIRST_ONLY if names else _NEITHER, names=names)
    sure = float(found.importance.table["first_probability"].iloc[0]) >= LEADING
    if names == [lead["label"]]:
        return tell.say(_BOTH if sure else _PERHAPS_BOTH, label=lead["label"])
    if not names:
        return tell.say(_STRONGEST if sure else _PERHAPS, label=lead["label"])
    return tell.say(_STRONGEST_FIRST if sure else _PERHAPS_FIRST, label=lead["label"], names=names)


_FIRST_ONLY = "No single driver stands out; to fix first: {names:list}."
_NEITHER = "No single driver stands out, and none can be called first to fix."
_BOTH = "{label} is the strongest driver of satisfaction, and the first to fix."
_PERHAPS_BOTH = "{label} is probably the strongest driver of satisfaction, and the first to fix."
_STRONGEST = "{label} is the strongest driver of satisfaction; none can be called first to fix."
_STRONGEST_FIRST = "{label} is the strongest driver of satisfaction; to fix first: {names:list}."
_PERHAPS = "{label} is probably the strongest driver of satisfaction; none can be called first to fix."
_PERHAPS_FIRST = "{label} is probably the strongest driver of satisfaction; to fix first: {names:list}."


def _first(tell: Teller) -> list[str]:
    """Labels of the aspects that are called first to fix, if the client file shows that section."""
    result = tell.findings.priorities
    if result is None or not tell.shows("priorities"):
        return []
    return list(result.table.loc[result.table["call"] == "fix_first", "label"])


def monday_slide(tell: Teller) -> Slide:
    """What to do first."""
    lines = tuple(tell.say(line) for line in monday_lines(tell.findings))
    return Slide(
        "summary", (tell.say("What to do on Monday"),), lines, notes=(*lines, tell.say(NO_CAUSE)), numbered=True
    )


def method_slide(tell: Teller) -> Slide:
    """On whom all of it rests, how it was computed, and what was left open."""
    found = tell.findings
    lead, *rest = tell.lines(found.quality)
    section = method_section(found, SlideLanguage(found.language, found.currency))
    checks = tell.lines(found.checks) if tell.shows("checks") else []
    lines = (*_left_open(tell), *checks[:2], tell.say(ASSOCIATION))
    notes = (lead, *rest, *tell.lines(found.missing), *checks, section.lead, *section.paragraphs)
    return Slide("method", (lead, tell.question("quality")), lines, source=section.paragraphs[-1], notes=notes)


def _left_open(tell: Teller) -> tuple[str, ...]:
    """What was left open and what became of it, in one line, then what that means for the ranking."""
    found = tell.findings.missing
    if found is None:
        return ()
    kept, treated, *_ = explain(found)  # which question costs most: in the notes
    return (f"{tell.say(kept)} {tell.say(treated)}", *(tell.say(line) for line in ranking_lines(found)))
