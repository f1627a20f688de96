"""The section on how everything was computed."""

from __future__ import annotations

from drivers.analyses.findings import Findings
from drivers.present.language import Language
from drivers.present.parts import Section
from drivers.present.titles import TITLES


def method_section(findings: Findings, language: Language) -> Section:
    """What the report rests on, whether its waves are compared, and what the small print's terms mean."""
    lead = language.say(
        "Everything rests on one resample: {draws:count} times the respondents were drawn anew, and every share, "
        "retention and amount was computed again on each draw (seed {seed}). That is where their intervals come from; "
        "those of the effect of one point follow from robust standard errors.",
        draws=findings.draws,
        seed=findings.seed,
    )
    alone = findings.wave and findings.cases.change is None
    waves = (language.say(_WAVES),) if alone else (language.say(_COMPARED),) if findings.wave else ()
    source = language.say("Source of the answers: {source}.", source=findings.source)
    return Section("method", language.say(TITLES["method"]), lead, (*waves, language.say(_TERMS), source))


_WAVES = "Waves are not compared here: a difference between the reports of two waves may be chance."
_COMPARED = (
    "Waves are compared in the section on what changed, and only there: any other difference between the reports of "
    "two waves may be chance."
)
_TERMS = (
    "The small print under each picture names its method. LMG (Shapley): the gain in explanation by a driver, averaged "
    "over all orders in which the drivers can be taken in. BCa: an interval from the resamples, corrected for bias and "
    "skewness. Robust standard errors (HC3, HC1, or linearised where the survey has weights, strata or clusters) hold "
    "when the spread differs between customers. Effective base: the number of equally weighted respondents that would "
    "be as precise."
)
