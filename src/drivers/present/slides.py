"""What a slide says: a headline that is the whole truth, few lines, one chart, its source, and the speaker's notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from drivers.analyses.findings import Findings
from drivers.present.deck_charts import Chart
from drivers.present.deck_text import SlideLanguage, cleaned
from drivers.present.language import Language
from drivers.present.parts import base_line
from drivers.present.summary import Card
from drivers.present.titles import CASE_TITLES, TITLES
from drivers.present.verbs import explain
from drivers.wording import Sentence

Result = Any
"""A result of an analysis."""


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide, in words.

    Attributes
    ----------
    name
        Section of the report that it belongs to.
    headlines
        Sentences that may stand above it, the fullest first: the first that fits two lines does. The last is the
        question of the section.
    lines
        Sentences beside the chart, those that matter most first; what does not fit stands in the notes.
    chart
        The chart; None for a slide of text.
    listed
        Names of the numbers in a map.
    source
        On whom it rests.
    notes
        What the speaker needs: everything that is said of the result, its method, what not to say.
    own
        Paragraphs of the client's own.
    numbered
        Whether the lines are an order of things to do.
    cards
        Key figures, in a row above the rest.
    """

    name: str
    headlines: tuple[str, ...]
    lines: tuple[str, ...] = ()
    chart: Chart | None = None
    listed: tuple[str, ...] = ()
    source: str = ""
    notes: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    numbered: bool = False
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Teller:
    """The findings with the language of the slides."""

    findings: Findings
    language: Language

    def say(self, what: Sentence | str, **values: object) -> str:
        """A sentence in the language of the slides."""
        return self.language.say(what, **values)

    def lines(self, *results: object) -> list[str]:
        """Everything that is said of these results; None among them says nothing."""
        return [self.say(line) for result in results if result is not None for line in explain(result)]

    def question(self, name: str) -> str:
        """The question that a section answers."""
        return self.say((TITLES | CASE_TITLES)[name])

    def shows(self, name: str) -> bool:
        """Whether the client file asks for this section."""
        return name in self.findings.house.sections


def teller(findings: Findings) -> Teller:
    """The findings in the language of their slides."""
    return Teller(findings, SlideLanguage(findings.language, findings.currency))


def told(name: str, result: Result, tell: Teller, chart: Chart | None, *, short: Sequence[str] = ()) -> Slide:
    """A slide on a result: its first sentence above, the next ones beside the chart, all of them in the notes."""
    lead, *rest = tell.lines(result)
    source = base_line(result, tell.findings, tell.language, lined=chart is not None)
    notes = noted(tell, (lead, *rest), result, source)
    return Slide(name, (lead, *short, tell.question(name)), tuple(rest), chart, source=source, notes=notes)


def noted(tell: Teller, lines: Sequence[str], result: Result, source: str) -> tuple[str, ...]:
    """Notes of a slide: what is said, on whom, how it was computed, how sure it is, and what not to say."""
    confidence = getattr(result, "confidence", tell.findings.confidence)
    return (
        *lines,
        source,
        tell.say("Method: {method}", method=result.method),
        tell.say(_LEVEL, confidence=confidence),
        tell.say(NO_CAUSE),
    )


_LEVEL = "In brackets and as lines: {confidence:percent} intervals. The answers fit any figure between their ends."
NO_CAUSE = (
    "Do not say that one thing causes the other: these figures say what goes together between customers. Only a trial "
    "shows what a measure brings."
)


def with_own(slide: Slide, findings: Findings) -> Slide:
    """The slide with the client's own text for its section, a paragraph for each block between empty lines."""
    text = findings.house.texts.get(slide.name, "")
    own = tuple(cleaned(block) for block in text.replace("\r\n", "\n").split("\n\n") if cleaned(block))
    return replace(slide, own=own)
