"""Names that the suite itself gives, in the language of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drivers.wording import Sentence, sentence

if TYPE_CHECKING:
    from drivers.present.language import Language

_LONGEST = 42  # characters of a label beside a bar

_GROUPS = {
    "dissatisfied": sentence("Dissatisfied"),
    "in_between": sentence("In between"),
    "satisfied": sentence("Satisfied"),
}
_ROLES = {"satisfaction": sentence("Satisfaction"), "driver": sentence("Driver"), "control": sentence("Control")}
_PROMOTERS = {
    "promoters": sentence("Promoters (9 and 10)"),
    "passives": sentence("Passives (7 and 8)"),
    "detractors": sentence("Detractors (0 to 6)"),
}
_MEASURES = {
    "mcfadden": sentence("McFadden's measure of fit"),
    "nagelkerke": sentence("Nagelkerke's measure of fit"),
    "cox_snell": sentence("Cox and Snell's measure of fit"),
    "tjur": sentence("Tjur's coefficient: difference of the mean predicted probabilities"),
    "r_squared": sentence("Explained share of the differences (R²)"),
    "adjusted": sentence("The same, adjusted for the number of aspects"),
    "cross_validated": sentence("Predicted among respondents left out (cross-validated)"),
    "rise": sentence("Possible rise of satisfaction, scale points"),
    "rise_share": sentence("Possible rise as a share of the scale"),
}


SCREENS = {
    "straightliners": sentence("The same answer throughout"),
    "long_strings": sentence("A long string of one answer"),
    "too_fast": sentence("Too fast"),
    "duplicate_answers": sentence("Equal answers"),
    "duplicate_respondents": sentence("Answered before"),
    "impossible_dates": sentence("Impossible date"),
    "contradictory": sentence("Contradictory answers"),
    "inconsistent": sentence("Halves of batteries that differ"),
    "outliers": sentence("Unusual combination of answers"),
    "influential": sentence("Single influential respondents"),
    "any": sentence("At least one check"),
}


POLICIES = {
    "complete": sentence("Complete cases"),
    "available": sentence("Available answers"),
    "not_applicable": sentence("Does not apply"),
    "imputed": sentence("Imputed answers"),
}


def policy_name(policy: str, language: Language) -> str:
    """The printed name of a policy for missing answers."""
    return language.say(POLICIES[policy])


def group_name(group: str, language: Language) -> str:
    """The printed name of a satisfaction group."""
    return language.say(_GROUPS[group])


def promoter_name(group: str, language: Language) -> str:
    """The printed name of a group of the net promoter score."""
    return language.say(_PROMOTERS[group])


def role_name(role: str, language: Language) -> str:
    """The printed name of a column's role."""
    return language.say(_ROLES[role])


def measure_name(measure: str, language: Language) -> str:
    """The printed name of a measure of potential."""
    return language.say(_MEASURES[measure])


def short_label(label: str, longest: int = _LONGEST) -> str:
    """A label that fits beside a bar; the table below the figure has it whole."""
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"


def rating(x: float) -> Sentence:
    """An answer on a scale: whole where it is."""
    return sentence("{x:number}", x=x) if float(x).is_integer() else sentence("{x:number1}", x=x)
