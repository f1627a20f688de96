"""Results show themselves in Jupyter: headline, picture and table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

_RESULTS = {
    "drivers.analyses.chain": ("ValueChain",),
    "drivers.analyses.importance": ("DriverImportance",),
    "drivers.analyses.loyalty": ("RetentionLink",),
    "drivers.analyses.missing": ("MissingSensitivity",),
    "drivers.analyses.movement": ("Potential",),
    "drivers.analyses.promoter": ("NetPromoter",),
    "drivers.analyses.quality": ("AnswerQuality",),
    "drivers.analyses.reliability": ("BatteryReliability",),
    "drivers.analyses.screening": ("AnswerScreening",),
    "drivers.analyses.value": ("SatisfactionValue",),
    "drivers.analyses.weighting": ("WeightReport",),
}


def register_results(for_type_by_name: Callable[[str, str, Callable[[Any], str]], object]) -> None:
    """Tell IPython's HTML formatter how to show each result; nothing heavy is imported before one is shown."""
    for module, names in _RESULTS.items():
        for name in names:
            for_type_by_name(module, name, result_html)


def result_html(result: object) -> str:
    """A result as HTML: its sentences, its picture where it has one, its table."""
    from drivers.analyses.missing import MissingSensitivity
    from drivers.analyses.promoter import NetPromoter
    from drivers.analyses.quality import AnswerQuality
    from drivers.analyses.reliability import BatteryReliability
    from drivers.analyses.screening import AnswerScreening
    from drivers.analyses.weighting import WeightReport
    from drivers.present.answers import explain
    from drivers.present.figures import plot
    from drivers.present.language import Language
    from drivers.present.sections import table_html
    from drivers.present.style import svg_text
    from drivers.present.tables import table

    language = Language()
    said = Markup("").join(Markup("<p>{}</p>").format(language.say(line)) for line in explain(result))
    unpictured = (AnswerQuality, AnswerScreening, BatteryReliability, MissingSensitivity, NetPromoter, WeightReport)
    picture = "" if isinstance(result, unpictured) else Markup(svg_text(plot(result), "result"))
    method = getattr(result, "method", "")
    return str(said + picture + table_html(table(result)) + Markup("<p><small>{}</small></p>").format(escape(method)))
