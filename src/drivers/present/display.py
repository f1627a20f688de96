"""Results show themselves in Jupyter: headline, picture and table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

_RESULTS = {
    "drivers.analyses.lateness": ("AskedLate",),
    "drivers.analyses.budget": ("BudgetSplit",),
    "drivers.analyses.chain": ("ValueChain",),
    "drivers.analyses.change": ("WaveChange",),
    "drivers.analyses.choice": ("ExitChoice",),
    "drivers.analyses.contracts": ("ContractComparison",),
    "drivers.analyses.commonality": ("DriverCommonality",),
    "drivers.analyses.comparison": ("OutcomeComparison",),
    "drivers.analyses.differences": ("PlanEffect",),
    "drivers.analyses.dominance": ("DriverDominance",),
    "drivers.analyses.evalues": ("LeavingSensitivity",),
    "drivers.analyses.halo": ("RatingHalo",),
    "drivers.analyses.contract": ("ContractLifetime",),
    "drivers.analyses.curves": ("EffectCurves",),
    "drivers.analyses.decomposition": ("ChangeDecomposition",),
    "drivers.analyses.diagnosis": ("DriverChecks",),
    "drivers.analyses.followup": ("LoyaltyChange", "PlanWorth"),
    "drivers.analyses.hazard": ("HazardLifetime",),
    "drivers.analyses.importance": ("DriverImportance",),
    "drivers.analyses.loyalty": ("RetentionLink",),
    "drivers.analyses.measurechange": ("MeasureChange",),
    "drivers.analyses.measuregroups": ("MeasureGroups",),
    "drivers.analyses.measures": ("LoyaltyMeasures",),
    "drivers.analyses.missing": ("MissingSensitivity",),
    "drivers.analyses.movement": ("Potential",),
    "drivers.analyses.necessity": ("NecessaryConditions",),
    "drivers.analyses.paths": ("PathModel",),
    "drivers.analyses.plan": ("PlanReturn",),
    "drivers.analyses.priorities": ("DriverPriorities",),
    "drivers.analyses.penalised": ("PenalisedLink",),
    "drivers.analyses.power": ("RespondentsNeeded",),
    "drivers.analyses.prediction": ("LeavingPrediction",),
    "drivers.analyses.promoter": ("NetPromoter",),
    "drivers.analyses.providers": ("ProviderProfile",),
    "drivers.analyses.purchases": ("PurchaseLifetime",),
    "drivers.analyses.quality": ("AnswerQuality",),
    "drivers.analyses.ranking": ("OutcomeImportance",),
    "drivers.analyses.rates": ("RateChanges",),
    "drivers.analyses.reliability": ("BatteryReliability",),
    "drivers.analyses.robustness": ("DriverRobustness",),
    "drivers.analyses.screening": ("AnswerScreening",),
    "drivers.analyses.shape": ("DriverShapes",),
    "drivers.analyses.stated": ("StatedImportance",),
    "drivers.analyses.segments": ("SegmentImportance",),
    "drivers.analyses.spending": ("SpendingLink",),
    "drivers.analyses.survival": ("SatisfactionSurvival",),
    "drivers.analyses.topmarks": ("TopMarks",),
    "drivers.analyses.value": ("SatisfactionValue",),
    "drivers.analyses.watchlist": ("EarlyWarning",),
    "drivers.analyses.weighting": ("WeightReport",),
    "drivers.analyses.scenario": ("SimulatedPlan",),
    "drivers.analyses.offshoring": ("SourcingCase",),
    "drivers.analyses.sourcing": ("SiteGap",),
    "drivers.analyses.talktime": ("TalkTime",),
    "drivers.analyses.mediation": ("DriverMediation",),
    "drivers.analyses.zones": ("SatisfactionZones",),
    "drivers.analyses.agreement": ("TeamAgreement",),
    "drivers.analyses.layers": ("LayerSatisfaction",),
    "drivers.analyses.perception": ("PerceptionGaps",),
    "drivers.analyses.team_link": ("TeamLink",),
}


def register_results(for_type_by_name: Callable[[str, str, Callable[[Any], str]], object]) -> None:
    """Tell IPython's HTML formatter how to show each result; nothing heavy is imported before one is shown."""
    for module, names in _RESULTS.items():
        for name in names:
            for_type_by_name(module, name, result_html)


def result_html(result: object) -> str:
    """A result as HTML: its sentences, its picture where it has one, its table."""
    from drivers.present.language import Language
    from drivers.present.parts import table_html
    from drivers.present.style import svg_text, themed
    from drivers.present.verbs import explain, plot, table

    language = Language()
    said = Markup("").join(Markup("<p>{}</p>").format(language.say(line)) for line in explain(result))
    pictured = plot.dispatch(type(result)) is not plot.dispatch(object)
    picture = Markup(themed(svg_text(plot(result), "result"))) if pictured else ""
    method = getattr(result, "method", "")
    return str(said + picture + table_html(table(result)) + Markup("<p><small>{}</small></p>").format(escape(method)))
