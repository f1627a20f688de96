"""Terms: what the client file and the labels say about reading one column."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from drivers.client import Client
from drivers.client.roles import Role
from drivers.client.sections import NPS_SCALE
from drivers.survey.codes import CodeReader, code_number, code_text
from drivers.survey.scales import Relabelling, labelled_scale, relabelling, silent_labels
from drivers.survey.survey import Scale
from drivers.survey.table import Code

RATED = ("satisfaction", "driver", "stated importance", "path block", "choice item", "intention", "nps", "effort")
"""Roles of columns that must have a scale."""

AMOUNTS = ("margin", "spending")
"""Roles of columns of money."""
FLAGS = ("left", "stayed", "event", "reached", "rate", "first time fix")
"""Roles of columns that say yes or no."""

_SECTIONS = {
    "satisfaction": "satisfaction", "stated importance": "drivers", "path block": "paths", "intention": "loyalty",
    "nps": "loyalty", "effort": "loyalty", "left": "loyalty", "stayed": "loyalty", "event": "loyalty",
    "spending": "loyalty", "time": "loyalty", "tenure": "loyalty", "first time fix": "sourcing",
    "repeats": "sourcing", "talk time": "sourcing",
    "choice item": "choice", "choice control": "choice", "contract column": "contracts",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnswerTerms:
    """How one column is read.

    `taken` are the codes of no answer, `own` those of them that the client file gives this column alone; `labelled`
    those that a value label calls so, with that label; `kept` the numbers of ``survey.missing`` that count here;
    `scale` runs over what the labels say where `relabelling` is set. `scale_key` and `missing_key` are what to correct
    in the client file.
    """

    taken: tuple[Code, ...]
    own: tuple[Code, ...] = ()
    labelled: dict[str, str] = field(default_factory=dict)
    kept: tuple[float, ...] = ()
    scale: Scale | None = None
    relabelling: Relabelling | None = None
    flags: bool = False
    scale_key: str = ""
    missing_key: str = ""


def answer_terms(client: Client, reader: CodeReader, role: Role) -> AnswerTerms:
    """How is the column of this role to be read?"""
    own, general = _own_missing(client, role), _general_missing(client, role)
    terms = AnswerTerms(own, own, missing_key=_missing_key(role), flags=role.name in FLAGS)
    if terms.flags:
        meanings = reader.flag_meanings(role.column)
        general = tuple(code for code in general if meanings.get(code_text(code).casefold()) is None)
    else:
        declared, key = _declared_scale(client, role)
        rated = role.name in RATED
        relabelled = relabelling(reader, role.column) if rated else None
        scale = declared or (_said(labelled_scale(reader, role.column), relabelled) if rated else None)
        terms = replace(terms, scale=scale, relabelling=relabelled, scale_key=key)
        answers = tuple(n for code in general if (n := code_number(code)) is not None and _is_answer(n, terms, rated))
        general = tuple(code for code in general if code_number(code) not in answers)
        terms = replace(terms, kept=answers)
    silent = silent_labels(reader, role.column)
    silent = {code: label for code, label in silent.items() if code not in {code_text(c) for c in own}}
    return replace(terms, taken=(*own, *general, *silent), labelled=silent)


def _is_answer(code: float, terms: AnswerTerms, rated: bool) -> bool:
    """Is a code of ``survey.missing`` an answer here: on the scale, or an amount or a control without one?"""
    if terms.scale is None:
        return not rated
    said = terms.relabelling.number(code) if terms.relabelling else code
    return terms.scale.low <= said <= terms.scale.high


def _said(codes: Scale | None, relabelled: Relabelling | None) -> Scale | None:
    if codes is None or relabelled is None:
        return codes
    low, high = sorted((relabelled.number(codes.low), relabelled.number(codes.high)))
    return Scale(low, high)


def _own_missing(client: Client, role: Role) -> tuple[Code, ...]:
    if role.name in ("driver", "control"):
        return client.drivers.items[role.column].missing
    if role.name == "margin":
        return client.value.missing if client.value else ()
    if role.name in ("reached", "rate"):
        return ()
    section = getattr(client, _SECTIONS[role.name])
    return tuple(section.missing)


def _general_missing(client: Client, role: Role) -> tuple[Code, ...]:
    more = client.drivers.missing if role.name == "driver" else ()
    return (*client.survey.missing, *more)


def _missing_key(role: Role) -> str:
    if role.name in ("driver", "control"):
        return ".".join(role.key) + ".missing"
    if role.name in ("reached", "rate"):
        return "survey.missing"
    return f"{_SECTIONS.get(role.name, 'value')}.missing"


def _declared_scale(client: Client, role: Role) -> tuple[Scale | None, str]:
    """The scale that the client file declares for this column, and the key to correct."""
    pair, key = None, ".".join(role.key) + ".scale"
    if role.name == "satisfaction":
        pair, key = client.satisfaction.scale, "satisfaction.scale"
    elif role.name == "nps":
        pair, key = NPS_SCALE, "loyalty.nps"  # the key to correct: another column, or none
    elif role.name == "intention" and client.loyalty:
        pair, key = client.loyalty.intention_scale, "loyalty.intention_scale"
    elif role.name == "effort" and client.loyalty:
        pair, key = client.loyalty.effort_scale, "loyalty.effort_scale"
    elif role.name == "stated importance":
        pair, key = client.drivers.stated_scale, "drivers.stated_scale"
    elif role.name == "path block" and client.paths:
        pair, key = client.paths.scale, "paths.scale"
    elif role.name == "choice item" and client.choice:
        pair, key = client.choice.scale, "choice.scale"
    elif role.name in ("driver", "control"):
        pair = client.drivers.items[role.column].scale
        if pair is None and role.name == "driver" and client.drivers.scale:
            pair, key = client.drivers.scale, "drivers.scale"
    return (Scale(*pair) if pair else None), key
