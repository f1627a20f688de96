"""Complaints: what is said of a column whose answers cannot be used as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping

from drivers.survey.codes import code_number
from drivers.survey.survey import Scale
from drivers.survey.terms import AnswerTerms
from drivers.survey.wording import says_no_answer

_SHOWN = 3  # offending answers that an error text lists
_COMMON = 5  # respondents who must have given a text before it is quoted: rarer ones may say who they are
_LONGEST = 24  # characters of a text that is quoted
_INFINITE = ("inf", "infinity")
_PERSONAL = re.compile(r"@|\d{6}")  # an address, a telephone or customer number


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
    said = quotable(unreadable)
    likely = [text for text in unreadable if says_no_answer(text)]
    example = f', e.g. missing = ["{likely[0]}"]' if likely else ""
    if terms.flags:
        return (
            f"{name} has answers that are neither yes nor no: {said}. Expected 0/1, true/false, yes/no "
            "or ja/nee. Recode them, or add those that mean no answer to survey.missing."
        )
    comma = any("," in text and code_number(text, ",") is not None for text in unreadable)
    hint = ' If they are numbers with a comma, set survey.decimal = ",".' if comma else ""
    return (
        f"{name} has answers that are not numbers: {said}. Expected numbers only. Add those that mean no answer to "
        f"survey.missing{example}; a column of texts can be no rating.{hint}"
    )


def quotable(counts: Mapping[str, int]) -> str:
    """These texts with their counts, quoted where they are common or known to be no answer; others are only counted.

    A comment, a name or an address that a respondent typed must not get into an error text.
    """
    shown = {f'"{text}"': count for text, count in counts.items() if _impersonal(text, count)}
    hidden = sum(counts.values()) - sum(shown.values())
    texts = f"{hidden:,} text{'s' if hidden > 1 else ''} not quoted, as they may be personal" if hidden else ""
    return " and ".join(part for part in (listed(shown) if shown else "", texts) if part)


def _impersonal(text: str, count: int) -> bool:
    if says_no_answer(text) or code_number(text, ",") is not None or text.strip("+-").casefold() in _INFINITE:
        return True
    return count >= _COMMON and len(text) <= _LONGEST and not _PERSONAL.search(text)


def listed(counts: Mapping[str, int]) -> str:
    """The most frequent of these answers with their counts."""
    most = sorted(counts.items(), key=lambda item: -item[1])
    shown = ", ".join(f"{text} ({count:,} {'time' if count == 1 else 'times'})" for text, count in most[:_SHOWN])
    return shown + (f" and {len(most) - _SHOWN} other answers" if len(most) > _SHOWN else "")
