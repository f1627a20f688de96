"""What a chart on a slide shows, apart from how PowerPoint writes it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from babel.numbers import get_currency_symbol

from drivers.present.deck_text import cleaned
from drivers.present.language import Language
from drivers.present.names import short_label

Colour = Literal["first", "second", "open", "muted", "ink"]
"""Role of a colour; the template of the deck says which it is."""

_LOCALES = {"nl": "413", "en": "809"}
_CODES = {"percent": "%", "number": "", "signed": ""}


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one row of bars or points: its name, values, ends of their intervals (NaN for none) and colours."""

    name: str
    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    colours: tuple[Colour, ...]

    @property
    def arms(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Lengths of the intervals below and above each value, never negative; NaN where there is none."""
        below = tuple(_arm(value - end) for value, end in zip(self.values, self.low, strict=True))
        return below, tuple(_arm(end - value) for value, end in zip(self.values, self.high, strict=True))


def _arm(length: float) -> float:
    return max(length, 0.0) if math.isfinite(length) else math.nan


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars, columns or lines over categories.

    `kind` is how numbers are printed, as in a sentence (percent1, money, number1); `title` says what is measured;
    `top` is where the axis ends, None for a little beyond the highest interval.
    """

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    kind: str
    title: str
    form: Literal["bar", "column", "line"] = "bar"
    top: float | None = None


@dataclass(frozen=True, slots=True)
class MapChart:
    """Numbered points on two axes with both their intervals.

    `groups` holds one series a colour: its values are the heights, `x` their places with `x_low` and `x_high`, all in
    the order of `groups`; `numbers` what is printed at each point; `cross` where the lines stand; `corners` the names
    of high left, high right, low left and low right.
    """

    groups: tuple[Series, ...]
    numbers: tuple[tuple[str, ...], ...]
    across: tuple[Series, ...]
    cross: tuple[float, float]
    corners: tuple[str, ...]
    titles: tuple[str, str]
    kinds: tuple[str, str]


Chart = BarChart | MapChart


def series_of(frame: pd.DataFrame, column: str, name: str, colours: Sequence[Colour]) -> Series:
    """A column of a table with its intervals; one colour for all, or one a row."""
    values, low, high = (tuple(float(x) for x in frame[c]) for c in (column, f"{column}_low", f"{column}_high"))
    return Series(name, values, low, high, tuple(colours) if len(colours) > 1 else tuple(colours) * len(frame))


def rounded(amounts: Series) -> Series:
    """Amounts with the digits that sentences give them: more would promise what the intervals do not."""
    values, low, high = (tuple(_three(x) for x in part) for part in (amounts.values, amounts.low, amounts.high))
    return Series(amounts.name, values, low, high, amounts.colours)


def _three(amount: float) -> float:
    return float(f"{amount:.3g}") if math.isfinite(amount) and abs(amount) >= 1000 else amount


def bar_labels(labels: Sequence[object]) -> tuple[str, ...]:
    """Labels that fit beside bars, told apart by a number where the shortening made two alike."""
    short = [short_label(cleaned(str(label))) for label in labels]
    return tuple(text if short.count(text) == 1 else f"{i + 1}. {text}" for i, text in enumerate(short))


def round_step(span: float) -> float:
    """A round step that gives some five marks on an axis."""
    size = 10.0 ** math.floor(math.log10(span / 5))
    return next(size * k for k in (1, 2, 5, 10) if size * k >= span / 5)


def number_code(kind: str, language: Language) -> str:
    """The format of a number of this kind in a chart, with the language that it is to be read in."""
    name, digits = kind.rstrip("0123456789"), kind[len(kind.rstrip("0123456789")) :]
    figure = "#,##0" + (f".{'0' * int(digits)}" if int(digits or 0) else "")
    locale = _LOCALES[language.code]
    if name == "money":
        symbol = get_currency_symbol(language.currency, locale=language.locale)
        apart = language.code == "nl" or symbol == language.currency
        money = f'[$-{locale}]"{symbol} "' if apart else f'[$-{locale}]"{symbol}"'
        return f"{money}{figure};{money}\\-{figure}" if apart else f'{money}{figure};[$-{locale}]\\-"{symbol}"{figure}'
    if name == "share":  # a part of a percent, where it is so small
        return f"[<0.0095][$-{locale}]0.0%;[$-{locale}]0%"
    if name == "signed":
        return f"[$-{locale}]+{figure};[$-{locale}]\\-{figure};[$-{locale}]{figure}"
    return f"[$-{locale}]{figure}{_CODES[name]}"
