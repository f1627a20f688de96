"""The sections of a report: each answers one question with a sentence, a picture, its data and its method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from drivers.analyses.findings import Findings
from drivers.present.answers import explain
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.style import svg_text
from drivers.present.summary import Card, summary_cards, summary_lines
from drivers.present.tables import Printed, table
from drivers.wording import sentence

TITLES = {
    "summary": sentence("In short"),
    "potential": sentence("Do the measured aspects matter?"),
    "drivers": sentence("What really drives satisfaction?"),
    "loyalty": sentence("Does satisfaction keep customers?"),
    "value": sentence("What is a satisfied customer worth?"),
    "plan": sentence("What is an improvement worth?"),
    "quality": sentence("Can these answers carry it?"),
    "method": sentence("How was this computed?"),
}
SECTIONS = tuple(TITLES)


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure with the text that stands for it and the table behind it."""

    svg: Markup
    alternative: str
    caption: str
    data: Printed | None


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

    def _repr_html_(self) -> str:
        return _environment().get_template("section.html.j2").render(section=self)

    def __repr__(self) -> str:
        return f"{self.title} {self.lead}".strip()


def section(findings: Findings, name: str) -> Section:
    """One section of the report on these findings.

    Raises
    ------
    ValueError
        When there is no section of this name.
    """
    if name not in _BUILDERS:
        raise ValueError(f"There is no section {name!r}. The sections are: {', '.join(SECTIONS)}.")
    language = Language(findings.language, findings.currency)
    return _BUILDERS[name](findings, language)


def _summary(findings: Findings, language: Language) -> Section:
    lead, *rest = [language.say(line) for line in summary_lines(findings)]
    return Section(
        "summary", language.say(TITLES["summary"]), lead, tuple(rest), summary_cards(findings, language),
        notices=_notices(findings, language),
    )  # fmt: skip


def _potential(findings: Findings, language: Language) -> Section:
    asked = (language.say("Not asked in this wave: {names:list}.", names=findings.not_asked),)
    more = _More(closing=asked if findings.not_asked else ())
    return _answered("potential", findings.potential, findings, language, more)


def _drivers(findings: Findings, language: Language) -> Section:
    if findings.importance is None:
        return _unanswered("drivers", findings, language)
    notices = tuple(language.say(n.sentence) for n in findings.importance.notices)
    reading = language.say(
        "A share says how much goes with a driver; whether it goes up or down is in the effect of one point. These are "
        "associations, no proof of cause."
    )
    return _answered("drivers", findings.importance, findings, language, _More(notices, (reading,)))


def _loyalty(findings: Findings, language: Language) -> Section:
    intention = findings.intention
    said = tuple(language.say(line) for line in explain(intention)) if intention else ()
    methods = (language.say(intention.method),) if intention else ()
    if findings.loyalty is not None:
        return _answered("loyalty", findings.loyalty, findings, language, _More(closing=said, methods=methods))
    if intention is None:
        return _unanswered("loyalty", findings, language)
    title = language.say(TITLES["loyalty"])
    reason = language.say(findings.unanswered["loyalty"])
    return Section("loyalty", title, said[0], (*said[1:], reason), methods=methods, words=_words(language))


def _value(findings: Findings, language: Language) -> Section:
    return _answered_or_not("value", findings.value, findings, language)


def _plan(findings: Findings, language: Language) -> Section:
    return _answered_or_not("plan", findings.chain, findings, language)


def _quality(findings: Findings, language: Language) -> Section:
    weights, told = findings.weights, (findings.missing, findings.screening, findings.reliability)
    parts = [part for part in (findings.quality, weights, *told) if part is not None]
    lead, *rest = [language.say(line) for part in parts for line in explain(part)]
    dropped = [f"{language.say(e.reason)}: {language.figure(e.rows, 'count', 0)}" for e in findings.exclusions]
    shown = [part for part in parts if part is not weights or len(part.margins)]
    return Section(
        "quality", language.say(TITLES["quality"]), lead, (*rest, *dropped),
        tables=tuple(table(part, language) for part in shown), words=_words(language),
        notices=tuple(language.say(notice.sentence) for notice in findings.reliability.notices),
        methods=tuple(language.say(part.method) for part in told if part is not None),
    )  # fmt: skip


def _method(findings: Findings, language: Language) -> Section:
    lead = language.say(
        "Everything rests on one resample: {draws:count} times the respondents were drawn anew, and every share, "
        "retention and amount was computed again on each draw (seed {seed}). That is where their intervals come from; "
        "those of the effect of one point follow from robust standard errors.",
        draws=findings.draws,
        seed=findings.seed,
    )
    waves = (language.say(_WAVES),) if findings.wave else ()
    source = language.say("Source of the answers: {source}.", source=findings.source)
    return Section("method", language.say(TITLES["method"]), lead, (*waves, language.say(_TERMS), source))


_WAVES = "Waves are not compared here: a difference between the reports of two waves may be chance."
_TERMS = (
    "The small print under each picture names its method. LMG (Shapley): the gain in explanation by a driver, averaged "
    "over all orders in which the drivers can be taken in. BCa: an interval from the resamples, corrected for bias and "
    "skewness. HC3: standard errors that hold when the spread differs between customers. Effective base: the number of "
    "equally weighted respondents that would be as precise."
)


def _answered_or_not(name: str, result: object | None, findings: Findings, language: Language) -> Section:
    return _unanswered(name, findings, language) if result is None else _answered(name, result, findings, language)


@dataclass(frozen=True, slots=True)
class _More:
    """What a section says beside its result."""

    notices: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()


def _answered(name: str, result: object, findings: Findings, language: Language, more: _More = _More()) -> Section:
    lead, *rest = [language.say(line) for line in explain(result)]
    svg = Markup(svg_text(plot(result, language), name))
    picture = Picture(svg, lead, _caption(result, findings, language), table(result, language))
    method = language.say(result.method)  # type: ignore[attr-defined]
    return Section(
        name, language.say(TITLES[name]), lead, (*rest, *more.closing), (), (picture,), notices=more.notices,
        methods=(method, *more.methods), words=_words(language),
    )  # fmt: skip


def _unanswered(name: str, findings: Findings, language: Language) -> Section:
    return Section(name, language.say(TITLES[name]), language.say(findings.unanswered[name]))


def _words(language: Language) -> tuple[str, str]:
    return language.say("The figures behind this picture"), language.say("Method")


def _caption(result: object, findings: Findings, language: Language) -> str:
    wave = language.say(", wave {wave}", wave=findings.wave) if findings.wave else ""
    base = language.say(
        "Base: {base:count} respondents; lines show {confidence:percent} intervals. Source: {source}{wave}.",
        base=result.base,  # type: ignore[attr-defined]
        confidence=findings.confidence,
        source=findings.source,
        wave=wave,
    )
    return f"{language.say(_LEGENDS[type(result).__name__])} {base}".strip()


_LEGENDS = {
    "Potential": sentence("Black line: the interval; dashed line: the bar below which the wrong things are measured."),
    "DriverImportance": sentence(
        "Dark: the first driver and those that cannot be told apart from it. Drivers that share a letter cannot be "
        "told apart."
    ),
    "RetentionLink": sentence("Line: the model, other characteristics as they are; points: what was observed."),
    "SatisfactionValue": sentence("Each bar: all customers, if they were as satisfied as this group is on average."),
    "ValueChain": sentence("Dark: a gain is shown. In brackets the rise of the driver, in scale points."),
}


def _notices(findings: Findings, language: Language) -> tuple[str, ...]:
    return tuple(language.say(n.sentence) for n in findings.notices)


def table_html(printed: Printed) -> Markup:
    """A printed table as HTML, by the same template as in reports."""
    module = _environment().get_template("grid.html.j2").module
    return Markup(module.grid(printed, ""))  # type: ignore[attr-defined]


def _environment() -> Environment:
    return Environment(autoescape=True, loader=PackageLoader("drivers.present"), trim_blocks=True, lstrip_blocks=True)


_BUILDERS: dict[str, Callable[[Findings, Language], Section]] = {
    "summary": _summary,
    "potential": _potential,
    "drivers": _drivers,
    "loyalty": _loyalty,
    "value": _value,
    "plan": _plan,
    "quality": _quality,
    "method": _method,
}
