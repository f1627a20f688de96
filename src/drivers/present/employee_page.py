"""The page on employees: layers, what each side sees, teams."""

from __future__ import annotations

from markupsafe import Markup

from drivers.analyses.findings import Findings
from drivers.analyses.layers import LayerSatisfaction
from drivers.analyses.perception import PerceptionGaps
from drivers.analyses.reliability import UNRELIABLE, BatteryReliability
from drivers.present.captions import titled
from drivers.present.language import Language
from drivers.present.parts import Picture, Section, words
from drivers.present.style import svg_text, themed
from drivers.present.titles import CASE_TITLES
from drivers.present.verbs import explain, legend, plot, table
from drivers.wording import Sentence, sentence

_PARTS = ("perception", "agreement", "team_link")


def employees_page(findings: Findings, language: Language) -> Section | None:
    """Employees by layer, the gaps, the teams; the reason where they cannot be shown; None where not declared."""
    title, layers = language.say(CASE_TITLES["employees"]), findings.cases.employees
    if layers is None:
        reason = findings.unanswered.get("employees")
        return None if reason is None else Section("employees", title, language.say(reason))
    told = (layers, *(part for name in _PARTS if (part := getattr(findings.cases, name)) is not None))
    lines = [language.say(line) for part in told for line in explain(part)]
    open_ = [language.say(findings.unanswered[name]) for name in _PARTS if name in findings.unanswered]
    batteries = [language.say(line) for line in _batteries(findings.cases.staff_reliability)]
    drawn = [part for part in told if isinstance(part, (LayerSatisfaction, PerceptionGaps))]
    teams = [part for part in told if part not in drawn]
    return Section(
        "employees", title, lines[0], (*lines[1:], *batteries, *open_),
        pictures=tuple(_picture(f"employees-{k}", part, language) for k, part in enumerate(drawn)),
        tables=tuple(titled(part, language) for part in teams),
        methods=tuple(language.say(part.method) for part in told), words=words(language),
    )  # fmt: skip


def _picture(name: str, result: LayerSatisfaction | PerceptionGaps, language: Language) -> Picture:
    base = language.say(
        "Base: {base:count} employees; lines show {confidence:percent} intervals.",
        base=result.base,
        confidence=result.confidence,
    )
    lead, caption = language.say(explain(result)[0]), f"{language.say(legend(result))} {base}"
    return Picture(
        lambda: Markup(themed(svg_text(plot(result, language), name))), lead, caption, table(result, language)
    )


def _batteries(result: BatteryReliability | None) -> list[Sentence]:
    """What is said of each battery that was put to employees."""
    if result is None:
        return []
    return [
        sentence(_LOOSE if row["alpha"] < UNRELIABLE else _ONE, battery=row["battery"], alpha=row["alpha"])
        for _, row in result.table[result.table["alpha"].notna()].iterrows()
    ]


_ONE = (
    "The items of “{battery}” go together (Cronbach's alpha {alpha:number2}), so their mean may be read as one score."
)
_LOOSE = (
    "The items of “{battery}” have little in common (Cronbach's alpha {alpha:number2}): do not read their mean as one "
    "score."
)
