"""The simulator of a page: what its sliders, its words and its script need, all of it out of the findings."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd
from babel.numbers import get_currency_symbol, get_decimal_symbol, get_group_symbol

from drivers.analyses.findings import Findings
from drivers.analyses.whatif import TOO_FAR, WhatIf
from drivers.glossary import GLOSSARY
from drivers.present.language import Language
from drivers.present.printing import headers
from drivers.present.scenario import EARNS, GOES, LOSES, MEASURES, NOT_SHOWN, PARTLY, UNSURE
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True)
class Simulator:
    """What the simulator of a page shows.

    Attributes
    ----------
    model
        All numbers and all words that its script needs, as JSON.
    words
        What stands on it before a slider moves, in the language of the report.
    measures, returns
        Name and label of each number that goes with a change, and of what is left after its cost.
    drivers
        How many sliders there are.
    planned
        Whether the client file plans a rise.
    methods
        How to read it.
    """

    model: str
    words: Mapping[str, str]
    measures: tuple[tuple[str, str], ...]
    returns: tuple[tuple[str, str], ...]
    drivers: int
    planned: bool
    methods: tuple[str, ...]


def plan_simulator(findings: Findings, language: Language) -> Simulator | None:
    """The simulator on these findings; None where no amount is put on drivers."""
    given = findings.what_if
    if given is None:
        return None
    symbol = get_currency_symbol(language.currency, locale=language.locale)
    said, terms = {"symbol": symbol, "confidence": given.confidence}, [GLOSSARY[name] for name in _RETURNS]
    return Simulator(
        model=json.dumps(_model(given, language), ensure_ascii=False, separators=(",", ":"), allow_nan=False),
        words=MappingProxyType({name: language.say(text.template, **said) for name, text in _FIXED.items()}),
        measures=tuple((name, language.say(_label(name, given))) for name in MEASURES),
        returns=tuple(zip(_RETURNS, headers(terms, language), strict=True)),
        drivers=len(given.table),
        planned=bool((given.table["improvement"] > 0).any()),
        methods=tuple(language.say(line) for line in _methods(findings, given)),
    )


_RETURNS = ("net_value", "return_on_investment")
_FORMATS = {name: how for name, (_, how) in MEASURES.items()} | dict(zip(_RETURNS, ("money", "percent"), strict=True))


def _label(name: str, given: WhatIf) -> Sentence:
    if name == "lifetime_value":
        return sentence("Lifetime value over {years:count} years", years=given.horizon_years)
    return MEASURES[name][0]


def _methods(findings: Findings, given: WhatIf) -> tuple[Sentence, ...]:
    differs = (sentence(_DIFFERS),) if findings.plan is not None else ()
    return (sentence(_RANGE), *differs, given.method, _base(findings, given))


def _base(findings: Findings, given: WhatIf) -> Sentence:
    wave = sentence(", wave {wave}", wave=findings.wave) if findings.wave else ""
    values = {"base": given.base, "source": findings.source, "wave": wave}
    if findings.quality.repeated:
        return sentence("Base: {base:count} questionnaires. Source: {source}{wave}.", **values)
    return sentence("Base: {base:count} respondents. Source: {source}{wave}.", **values)


_RANGE = (
    "Each slider runs from the lowest to the highest answer that customers gave. A cost counts for every aspect that "
    "is raised, however little. The link puts the scenario in the address of this page: keep it, or send it with the "
    "file."
)
_DIFFERS = (
    "In the plan above a rise may take months to grow and be uncertain; here it is certain and complete at once, so "
    "that the amounts can differ."
)


def _model(given: WhatIf, language: Language) -> dict[str, object]:
    """Everything that the script reads; its numbers are those of `simulate_plan`."""
    now = given.now.iloc[0]
    return {
        "draws": given.draws,
        "slopes": given.slopes,
        "responses": given.responses,
        "first": given.first_gain,
        "step": given.gain_step,
        "gains": given.gains,
        "confidence": given.confidence,
        "rate": given.discount_rate,
        "years": given.horizon_years,
        "drivers": [_driver(row) for _, row in given.table.iterrows()],
        "now": {
            "satisfaction": [now["mean_satisfaction"], now["scale_low"], now["scale_high"]],
            "retention": [now["yearly_retention"], 0.0, 1.0],
        },
        "formats": _FORMATS,
        "style": _style(language),
        "words": {name: language.translated(text.template) for name, text in _SPOKEN.items()},
    }


def _driver(row: pd.Series) -> dict[str, object]:
    """A slider: from the lowest to the highest answer that was given, within the scale."""
    plan = {name: row[name] for name in ("improvement", "cost", "yearly_cost")}
    return {
        "name": str(row["driver"]),
        "label": str(row["label"]),
        "mean": row["mean"],
        "low": max(row["scale_low"], row["lowest_answer"]),
        "high": min(row["scale_high"], row["highest_answer"]),
        "step": _step(row["scale_high"] - row["scale_low"]),
        **{name: None if math.isnan(value) else value for name, value in plan.items()},
    }


def _step(length: float) -> float:
    """What one press of a key moves: a round hundredth of the scale or less, such as 0.05 on a scale from 1 to 10."""
    ten = 10.0 ** math.floor(math.log10(length / 100) + 1e-9)
    return round(5 * ten if length / 100 >= 5 * ten else ten, 9)


def _style(language: Language) -> dict[str, object]:
    """How this language writes numbers, as `Language` does."""
    symbol = get_currency_symbol(language.currency, locale=language.locale)
    return {
        "decimal": get_decimal_symbol(language.locale),
        "group": get_group_symbol(language.locale),
        "symbol": symbol,
        "apart": language.apart(symbol),
        "and": language.listed(["a", "b"])[1:-1],
    }


_FIXED = {
    "title": sentence("Try a change of your own"),
    "intro": sentence(
        "Set the mean rating that you expect after a plan: you see what goes with it among the customers of today. "
        "That is association; what a plan really does shows only when it is tested."
    ),
    "off": sentence("The sliders need JavaScript: open report.html in a browser that allows it."),
    "sliders": sentence("Mean rating of each aspect"),
    "once": sentence("Cost, once ({symbol})"),
    "yearly": sentence("Cost, each year ({symbol})"),
    "level": sentence("{confidence:percent} interval"),
    "reset": sentence("Reset"),
    "fill": sentence("Fill in the plan"),
    "print": sentence("Print this scenario"),
    "link": sentence("Link to this scenario"),
}
_OPEN = sentence("Not shown; probability of a rise {chance:chance}.")
_SPOKEN = {
    "goes": GOES,
    "not_shown": NOT_SHOWN,
    "earns": EARNS,
    "loses": LOSES,
    "unsure": UNSURE,
    "partly": PARTLY,
    "too_far": sentence(TOO_FAR),
    "to": sentence("{low} to {high}"),
    "moved": sentence("{mean:number2} → {after:number2} ({change:signed2})"),
    "satisfaction_now": sentence("Today {before:number2}."),
    "satisfaction_after": sentence("Today {before:number2}, then {after:number2}."),
    "retention_now": sentence("Today {before:percent1}."),
    "retention_after": sentence("Today {before:percent1}, then {after:percent1}."),
    "satisfaction_open": _OPEN,
    "retention_open": _OPEN,
    "yearly_margin_open": _OPEN,
    "lifetime_value_open": _OPEN,
    "net_value_open": sentence("Probability that it pays {chance:chance}."),
    "start": sentence("Nothing is changed yet. Move a slider to see what goes with it."),
    "beyond": sentence(
        "This would take mean satisfaction beyond the end of its scale; the other numbers count nobody beyond it."
    ),
    "fill_cost": sentence("Fill in what the change costs to see whether it pays."),
    "link_trouble": sentence(
        "Part of the scenario in the address is not known here, or goes further than the answers that were given: it "
        "was left out or brought back."
    ),
}
