"""docs/findings.schema.json: the JSON Schema of findings.json, made from the result classes and the glossary."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd

from drivers.analyses.findings import Findings
from drivers.glossary import GLOSSARY, Term
from drivers.present.document import SCHEMA_VERSION, findings_document
from drivers.schema import EVERY_RESULT, SPREAD, Entry, class_entries, result_parts, top_entries
from drivers.wording import Sentence

Schema = dict[str, Any]

_SCALARS: Mapping[object, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": ["number", "null"]},
    str: {"type": "string"},
    Sentence: {"type": "string"},
    type(None): {"type": "null"},
    np.ndarray: {"type": "array"},
}
_UNITS = {"text": ["string", "null"], "yes/no": ["boolean", "null"]}
_NUMBER = ["number", "null"]
_LISTS = ("members",)  # columns whose cells are lists of names


def findings_schema(sample: Findings) -> Schema:
    """The schema of findings.json; `sample` tells which columns its tables have."""
    built = _Builder({name: columns for part in result_parts(sample) for name, columns in part.tables.items()})
    known = {name: hint for holder in _holders(sample) for name, hint in typing.get_type_hints(holder).items()}
    meanings = _meanings(top_entries())
    keys = {
        key: _described(built.schema(known.get(key), key) if key in known else _TOP[key], meanings[key])
        for key in findings_document(sample)
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:satisfaction-drivers:findings:{SCHEMA_VERSION}",
        "title": "findings.json",
        "description": "Every number of a report at full precision. Shares, rates and probabilities are fractions; "
        "money is in whole units of `currency`; a missing number is null.",
        **_object(keys),
        "$defs": {name: built.found[name] for name in sorted(built.found)} | _columns(),
    }


_TOP: Mapping[str, Schema] = {
    "schema_version": {"type": "string", "pattern": f"^{SCHEMA_VERSION.partition('.')[0]}\\.[0-9]+$"},
    "headline": {"type": "string"},
    "warnings": {"type": "array", "items": {"type": "string"}},
}


def _holders(sample: Findings) -> Iterator[type]:
    yield Findings
    yield from SPREAD.values()


class _Builder:
    """Makes schemas of types; those of classes are kept under their names."""

    def __init__(self, tables: Mapping[str, tuple[str, ...]]) -> None:
        self.found: dict[str, Schema] = {}
        self._tables = tables

    def schema(self, hint: object, place: str) -> Schema:
        """The schema of a value of this type at this place of the document."""
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if hint in _SCALARS:
            return dict(_SCALARS[hint])
        if origin in (typing.Union, types.UnionType):
            return {"anyOf": [self.schema(one, place) for one in inner]}
        if origin is typing.Literal:
            return {"enum": list(inner)}
        if origin is tuple:
            return {"type": "array", "items": self.schema(inner[0], f"{place}[]")}
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.schema(inner[1], place)}
        return self._class(hint, place)

    def _class(self, hint: object, place: str) -> Schema:
        if hint is pd.DataFrame:
            return _table(self._tables.get(place, ()))
        if not (isinstance(hint, type) and is_dataclass(hint)):
            raise TypeError(f"There is no schema of {hint!r} at {place}. Add it to drivers.document_schema.")
        name = hint.__name__
        if name not in self.found:
            self.found[name] = {}  # a class may hold itself
            self.found[name] = self._fields(hint, place)
        return {"$ref": f"#/$defs/{name}"}

    def _fields(self, result: type, place: str) -> Schema:
        hints, meanings = typing.get_type_hints(result), _meanings((*EVERY_RESULT, *class_entries(result)))
        first = _first_line(result)
        shown = [f.name for f in fields(result) if not f.metadata.get("internal")]
        keys = {
            name: _described(self.schema(hints[name], f"{place}.{name}"), meanings.get(name, first)) for name in shown
        }
        return {"description": first, **_object(keys)}


def _object(keys: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(keys), "required": list(keys), "additionalProperties": False}


def _table(columns: tuple[str, ...]) -> Schema:
    """Rows of a table: columns that are known, and at most others of the glossary."""
    known = {column: {"$ref": f"#/$defs/column.{column}"} for column in columns}
    names = {"$ref": "#/$defs/columns"}
    return {"type": "array", "items": {"type": "object", "properties": known, "propertyNames": names}}


def _columns() -> dict[str, Schema]:
    """The columns of all tables, and their names."""
    names: Schema = {"description": "Every column of every table.", "enum": list(GLOSSARY)}
    return {"columns": names} | {f"column.{term.name}": _column(term) for term in GLOSSARY.values()}


def _column(term: Term) -> Schema:
    said = {"description": f"{_plain(term.meaning)} Unit: {term.unit}."}
    if term.name in _LISTS:
        return {**said, "type": "array", "items": {"type": "string"}}
    return {**said, "type": _UNITS.get(term.unit, _NUMBER)}


def _described(schema: Schema, meaning: str) -> Schema:
    return {"description": _plain(meaning), **schema}


def _meanings(entries: tuple[Entry, ...]) -> dict[str, str]:
    return {key: entry.meaning for entry in entries for key in entry.keys}


def _first_line(result: type) -> str:
    return (result.__doc__ or "").strip().splitlines()[0]


def _plain(text: str) -> str:
    """A docstring's text for a reader of JSON."""
    return re.sub(r"\b(None|NaN)\b", "null", text).replace("``", "`")
