"""Complaints: what is said of a column whose answers cannot be used as they are."""

from __future__ import annotations

from collections.abc import Mapping

from drivers.survey.codes import code_number
from drivers.survey.survey import Scale
from drivers.survey.terms import AnswerTerms
from drivers.survey.wording import says_no_answer

_SHOWN = 3  # offending answers that an error text lists


def off_scale_text(name: str, outside: Mapping[str, int], scale: Scale, terms: AnswerTerms) -> str:
    """What is wrong with answers outside a scale, and which keys decide."""
    stored = " as its labels number it" if terms.relabelling else ""
    return (
        f"{name} has answers outside its scale {scale.low:g} to {scale.high:g}{stored}: {listed(outside)}. If they "
        f"mean no answer, add them to survey.missing, or to {terms.missing_key} for this column alone; if the scale is "
        f"wider, correct {terms.scale_key}."
    )


def suspect_text(name: str, suspects: Mapping[str, int], terms: AnswerTerms) -> str:
    """What is odd about answers that look like codes, and which keys decide."""
    codes = ", ".join(suspects)
    return (
        f"{name} has no scale, and answers that look like codes for no answer: {listed(suspects)}. If they mean no "
        f"answer, set {terms.missing_key} = [{codes}]; if they are answers, declare {terms.scale_key}."
    )


def unreadable_text(name: str, unreadable: Mapping[str, int], terms: AnswerTerms) -> str:
    """What is wrong with text among numbers, and which keys decide."""
    quoted = {f'"{text}"': count for text, count in unreadable.items()}
    likely = [text for text in unreadable if says_no_answer(text)]
    first = f'"{likely[0]}"' if likely else next(iter(quoted))
    if terms.flags:
        return (
            f"{name} has answers that are neither yes nor no: {listed(quoted)}. Expected 0/1, true/false, yes/no "
            "or ja/nee. Recode them, or add those that mean no answer to survey.missing."
        )
    comma = any("," in text and code_number(text, ",") is not None for text in unreadable)
    hint = ' If they are numbers with a comma, set survey.decimal = ",".' if comma else ""
    return (
        f"{name} has answers that are not numbers: {listed(quoted)}. Expected numbers only. Add those that mean "
        f"no answer to survey.missing, e.g. missing = [{first}].{hint}"
    )


def listed(counts: Mapping[str, int]) -> str:
    """The most frequent of these answers with their counts."""
    most = sorted(counts.items(), key=lambda item: -item[1])
    shown = ", ".join(f"{text} ({count:,} {'time' if count == 1 else 'times'})" for text, count in most[:_SHOWN])
    return shown + (f" and {len(most) - _SHOWN} other answers" if len(most) > _SHOWN else "")
