"""Sentences: a template with its values, which any language can print."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from types import MappingProxyType
from typing import Any

Value = object


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in English, kept apart from its values until somebody prints it.

    The template names its values in braces with how each is printed:

    - ``{x:percent}`` 0.3 → 30%, ``{x:percent1}`` with one decimal; ``{x:pp1}`` 0.043 → 4.3 (percentage points);
    - ``{p:chance}`` a percentage, but never 0% or 100%: ">99%";
    - ``{x:number1}`` … ``{x:number3}``, ``{x:signed2}`` with its sign, ``{n:count}`` 1,234;
    - ``{m:money}`` whole currency units, ``{m:money2}`` with cents; ``{names:list}`` a, b and c;
    - nothing: as it is; a value that is a sentence itself is printed in the same language.
    """

    template: str
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def __str__(self) -> str:
        return PlainFormatter().vformat(self.template, (), dict(self.values))


def sentence(template: str, **values: Value) -> Sentence:
    """The sentence of this template and these values."""
    return Sentence(template, MappingProxyType(values))


class PlainFormatter(string.Formatter):
    """Prints values in plain English, without locale data; ``present`` has one for each report language."""

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - the base class's signature
        """Print one value as its spec says."""
        if isinstance(value, Sentence):
            return self.vformat(self.translated(value.template), (), dict(value.values))
        name, digits = format_spec.rstrip("0123456789"), format_spec[len(format_spec.rstrip("0123456789")) :]
        if name == "list":
            return self.listed([self.format_field(v, "") for v in value])
        if not name:
            return str(value)
        return self.figure(float(value), name, int(digits or 0))

    def translated(self, template: str) -> str:
        """The template in this formatter's language."""
        return template

    def figure(self, value: float, kind: str, digits: int) -> str:
        """A number of this kind with this many decimals."""
        if value != value:
            return "–"
        value = without_minus_zero(value, kind, digits)
        if kind == "percent":
            return f"{value:.{digits}%}"
        if kind == "chance":
            return chance(value, lambda x: f"{x:.0%}")
        if kind == "pp":
            return f"{100 * value:,.{digits}f}"
        if kind == "money":
            return f"{value:,.{digits}f}"
        if kind == "signed":
            return f"{value:+.{digits}f}" if value else f"{value:.{digits}f}"  # no change has no sign
        return f"{value:,.{digits}f}"

    def listed(self, items: Sequence[str]) -> str:
        """Items in a row: a, b and c; with semicolons where an item has a comma of its own."""
        comma = separator(items)
        return items[0] if len(items) == 1 else f"{comma.join(items[:-1])} and {items[-1]}" if items else ""


_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def plain_text(text: str) -> str:
    """The text without characters that no document may hold, or that turn the text after them around.

    Control characters break XML; embeddings, overrides and isolates of writing direction would reach beyond a label.
    Letters of scripts that are written from right to left stay, and so do their marks of direction.
    """
    return _INVISIBLE.sub("", text)


def escaped(text: str) -> str:
    """JSON whose strings keep every character, with those that `plain_text` leaves out written as numbers."""
    return _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def separator(items: Sequence[str]) -> str:
    """What stands between the items of a list: a semicolon where a comma would hide where an item ends."""
    return "; " if any("," in item for item in items) else ", "


def chance(value: float, percentage: Callable[[float], str]) -> str:
    """A probability from resamples: beyond one in a hundred it is only known to be below or above."""
    if value > 0.99:
        return f">{percentage(0.99)}"
    return f"<{percentage(0.01)}" if value < 0.01 else percentage(value)


def without_minus_zero(value: float, kind: str, digits: int) -> float:
    """The value, or a plain 0 where rounding would leave only its minus sign."""
    places = digits + (2 if kind in ("percent", "pp") else 0)
    small = isfinite(value) and round(Decimal(str(value)), places) == 0  # as babel rounds
    return 0.0 if small and kind not in ("chance", "money") else value
