"""Fields: what the tables of a client file are made of."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator


def _rising(scale: tuple[float, float]) -> tuple[float, float]:
    if not scale[0] < scale[1]:
        raise ValueError(f"the lowest answer {scale[0]:g} is not below the highest {scale[1]:g}")
    return scale


def known_encoding(encoding: str) -> str:
    """The name of this encoding, refused if Python has none of that name."""
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise ValueError(f"{encoding} is no known encoding; try utf-8 or cp1252") from error
    return encoding


def _all_different(names: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} stands there twice; name each column once")
    return names


def lists_as_tuples(table: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    """The table with each list in it as a tuple; what is no table is left to pydantic to refuse."""
    if not isinstance(table, Mapping):
        return table
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Codes = tuple[float | Text, ...]
ScalePair = Annotated[tuple[float, float], AfterValidator(_rising)]
Names = Annotated[tuple[Text, ...], AfterValidator(_all_different)]


class Section(BaseModel):
    """A table of the client file: frozen, strict about types, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _lists_as_tuples(cls, table: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        return lists_as_tuples(table)
