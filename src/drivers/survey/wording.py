"""Wording: what the label of an answer says in Dutch or English, where that decides how the answer is read."""

from __future__ import annotations

import re

_DECORATION = re.compile(r"[^\w' ]+")
_NUMBERED = re.compile(r"^\s*[([]?([+-]?\d{1,3})(?![\d.,]*\d)(?!\s*(?:[-–]|t/m|to|tot)\s*\d)(?!\s*[+%])")
_NO_ANSWER = re.compile(
    r"""
    (i\ )?(do\ not|don'?t|dont)\ know(\ .*)? | dk | dk\ ?na | unsure | not\ sure | no\ idea
    | not\ applicable(\ .*)? | n\ ?a | does\ not\ apply(\ .*)? | inapplicable | not\ relevant
    | no\ (answer|response|reply|experience)(\ .*)? | not\ (asked|answered|stated|used|provided|available|rated)(\ .*)?
    | never\ used(\ .*)? | (have|did|do)\ not\ used?(\ .*)? | haven'?t\ used(\ .*)? | not\ seen
    | refused | refusal | refuses? | (i\ )?(prefer|rather|would\ rather)\ not\ (to\ )?(say|answer)
    | (can'?t|cannot|can\ not)\ (say|tell|judge|rate)(\ .*)?
    | unknown | blank | empty | missing(\ .*)? | skipped | system\ missing
    | (dat\ )?weet\ (ik\ )?(het\ )?niet(\ .*)? | weet\ geen\ antwoord | wn | geen\ idee
    | nvt | n\ ?v\ ?t | niet\ van\ toepassing(\ .*)? | niet\ relevant
    | geen\ (antwoord|ervaring)(\ .*)? | niet\ (gevraagd|beantwoord|ingevuld|gebruikt|bekend|beschikbaar|gesteld)(\ .*)?
    | nooit\ gebruikt(\ .*)? | (nog\ )?niet\ mee\ te\ maken(\ .*)?
    | geweigerd | weigert | weigering | (wil|zeg|zegt)\ (ik\ )?(liever\ )?niet(\ .*)? | wil\ niet\ zeggen
    | kan\ (ik\ )?niet\ (zeggen|beoordelen)(\ .*)? | onbekend | leeg | ontbrekend | overgeslagen
    """,
    re.VERBOSE,
)
_OPINION = re.compile(r"no opinion|geen mening|neutral no opinion")


def says_no_answer(label: str) -> bool:
    """Does this label say that the answer is none? "No opinion" counts too; inside a scale it may be its middle."""
    return says_never_an_answer(label) or bool(_OPINION.fullmatch(_plain(label)))


def says_never_an_answer(label: str) -> bool:
    """Does this label say that the answer is none, wherever on a scale its code lies?"""
    text = _plain(label)
    return any(_NO_ANSWER.fullmatch(part) for part in (text, *_alternatives(label)) if part)


def leading_number(label: str) -> int | None:
    """The whole number that a label starts with: 0 of "0 - not at all likely"; None of a range such as 18-24."""
    found = _NUMBERED.match(label)
    return int(found[1]) if found else None


def _plain(label: str) -> str:
    """The label in small letters without points and dashes: "N.v.t." is "n v t"."""
    text = _DECORATION.sub(" ", label.casefold().replace("’", "'"))
    return " ".join(text.replace("_", " ").split())


def _alternatives(label: str) -> tuple[str, ...]:
    """What stands on both sides of a slash, if all sides say the same: "don't know / refused", "99 = n.v.t."."""
    text = re.sub(r"^\s*[+-]?\d+\s*[=:.)\-–]?\s+", "", label)
    parts = [_plain(part) for part in re.split(r"\s*/\s*|\s+or\s+|\s+of\s+", text) if part.strip()]
    if parts and all(_NO_ANSWER.fullmatch(part) for part in parts):
        return tuple(parts)
    return ()
