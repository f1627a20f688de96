"""What sections are made of: a sentence, a picture with its data, and the method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from markupsafe import Markup

from drivers.analyses.contract import ContractLifetime
from drivers.analyses.findings import Findings
from drivers.analyses.plan import PlanReturn
from drivers.analyses.providers import ProviderProfile
from drivers.analyses.purchases import PurchaseLifetime
from drivers.present.hues import in_house_words
from drivers.present.language import Language
from drivers.present.markup import template
from drivers.present.printing import Printed
from drivers.present.simulator import Simulator
from drivers.present.style import svg_text, themed
from drivers.present.summary import Card
from drivers.present.titles import TITLES
from drivers.present.verbs import explain, legend, plot, table


@dataclass(frozen=True)  # no slots: the drawing is kept once it is made
class Picture:
    """A figure, drawn when somebody looks at it, with the text that stands for it and the table behind it."""

    draw: Callable[[], Markup]
    alternative: str
    caption: str
    data: Printed | None

    @cached_property
    def svg(self) -> Markup:
        """The drawing."""
        return self.draw()


@dataclass(frozen=True, slots=True)
class Section:
    """One section, ready to print; in Jupyter it shows itself."""

    name: str
    title: str
    lead: str = ""
    paragraphs: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Printed, ...] = ()
    notices: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    words: tuple[str, str] = ("Data", "Method")
    own: tuple[str, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    simulator: Simulator | None = None

    def _repr_html_(self) -> str:
        return template("section.html.j2").render(section=self)

    def __repr__(self) -> str:
        return f"{self.title} {self.lead}".strip()


@dataclass(frozen=True, slots=True)
class More:
    """What a section says beside its result."""

    notices: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    tables: tuple[Printed, ...] = ()


def answered_or_not(
    name: str, result: object | None, findings: Findings, language: Language, more: More = More()
) -> Section:
    """A section on this result; without one, why there is none."""
    return unanswered(name, findings, language) if result is None else answered(name, result, findings, language, more)


def answered(name: str, result: object, findings: Findings, language: Language, more: More = More()) -> Section:
    """A section on this result: what it says, its picture with the data behind it, its method."""
    lead, *rest = [language.say(line) for line in explain(result)]
    picture = pictured(name, result, findings, language)
    method = language.say(result.method)  # type: ignore[attr-defined]
    return Section(
        name, language.say(TITLES[name]), lead, (*rest, *more.closing), (), (picture,), more.tables,
        notices=more.notices, methods=(method, *more.methods), words=words(language),
    )  # fmt: skip


def pictured(name: str, result: object, findings: Findings, language: Language) -> Picture:
    """The picture of a result with the data behind it; its ids start with `name`."""

    def draw() -> Markup:
        return Markup(themed(svg_text(plot(result, language), name)))

    lead = language.say(explain(result)[0])
    return Picture(draw, lead, _caption(result, findings, language), table(result, language))


def drawn(section: Section | None) -> Section | None:
    """The section with its pictures drawn, so that one that cannot be drawn stops the report here."""
    for picture in section.pictures if section else ():
        _ = picture.svg
    return section


def with_own_text(section: Section, findings: Findings) -> Section:
    """The section with the client's own text for it, a paragraph for each block between empty lines."""
    text = findings.house.texts.get(section.name, "")
    own = tuple(" ".join(block.split()) for block in text.split("\n\n") if block.strip())
    return replace(section, own=own)


def unanswered(name: str, findings: Findings, language: Language) -> Section:
    """A section that says why its question has no answer."""
    return Section(name, language.say(TITLES[name]), language.say(findings.unanswered[name]))


def words(language: Language) -> tuple[str, str]:
    """What the folded parts of a section are called: the data, the method."""
    return language.say("The figures behind this picture"), language.say("Method")


def _caption(result: object, findings: Findings, language: Language) -> str:
    if isinstance(result, (ContractLifetime, PurchaseLifetime, ProviderProfile)):  # not on the survey's respondents
        return in_house_words(legend(result), findings.house, language)
    lined = not isinstance(result, PlanReturn)  # a tornado has no intervals
    base = base_line(result, findings, language, lined=lined)
    return f"{in_house_words(legend(result), findings.house, language)} {base}".strip()


def base_line(result: object, findings: Findings, language: Language, *, lined: bool = True) -> str:
    """On whom a picture of this result rests, its intervals if it has `lined` ones, and its source."""
    wave = language.say(", wave {wave}", wave=findings.wave) if findings.wave else ""
    several = findings.quality.repeated
    return language.say(
        (_LINES_OF_SEVERAL if several else _LINES) if lined else (_BASE_OF_SEVERAL if several else _BASE),
        base=result.base,  # type: ignore[attr-defined]
        confidence=getattr(result, "confidence", findings.confidence),
        source=findings.source,
        wave=wave,
    )


_BASE = "Base: {base:count} respondents. Source: {source}{wave}."
_BASE_OF_SEVERAL = "Base: {base:count} questionnaires. Source: {source}{wave}."
_LINES = "Base: {base:count} respondents; lines show {confidence:percent} intervals. Source: {source}{wave}."
_LINES_OF_SEVERAL = (
    "Base: {base:count} questionnaires; lines show {confidence:percent} intervals. Source: {source}{wave}."
)


def table_html(printed: Printed) -> Markup:
    """A printed table as HTML, by the same template as in reports."""
    module = template("grid.html.j2").module
    return Markup(module.grid(printed, ""))  # type: ignore[attr-defined]
