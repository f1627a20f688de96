"""The language of a report: its sentences, numbers and money."""

from __future__ import annotations

import gettext
import io
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from babel import Locale
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol

from drivers.wording import PlainFormatter, Sentence, chance, sentence, separator, without_minus_zero

_SIGNIFICANT = 3  # digits of an amount in a sentence: more would promise what the interval does not


class Language(PlainFormatter):
    """Prints sentences and figures in one language; ``Language("nl").say(s)``."""

    def __init__(self, code: str = "en", currency: str = "EUR") -> None:
        self.code, self.currency = code, currency
        self.locale = Locale.parse("en_GB" if code == "en" else code)
        self._catalogue = _catalogue(code)

    def say(self, what: Sentence | str, **values: object) -> str:
        """A sentence, or a template with its values, in this language."""
        return self.format_field(sentence(what, **values) if isinstance(what, str) else what, "")

    def translated(self, template: str) -> str:
        """The template in this language; an empty one stays empty."""
        return self._catalogue.gettext(template) if template else ""

    def figure(self, value: float, kind: str, digits: int) -> str:
        """A number of this kind with this many decimals, as this language writes it."""
        if value != value:
            return "–"
        value = without_minus_zero(value, kind, digits)
        if kind == "money":
            return self.money(value, digits)
        if kind == "chance":
            return chance(value, lambda x: format_percent(x, format="#,##0%", locale=self.locale))
        if kind == "percent":
            return format_percent(value, format=f"#,##0{_decimals(digits)}%", locale=self.locale)
        if kind == "pp":
            return format_decimal(100 * value, format=f"#,##0{_decimals(digits)}", locale=self.locale)
        if kind == "signed":
            pattern = f"{'+' if value else ''}#,##0{_decimals(digits)};-#,##0{_decimals(digits)}"
            return format_decimal(value, format=pattern, locale=self.locale)
        return format_decimal(value, format=f"#,##0{_decimals(digits)}", locale=self.locale)

    def spread(self, value: str, low: str, high: str) -> str:
        """A printed value with the ends of its interval; "to" between them where a dash would stand beside a minus."""
        ends = self.say("{low} to {high}", low=low, high=high) if "-" in low + high else f"{low}–{high}"
        return f"{value} ({ends})"

    def money(self, value: float, digits: int = 0) -> str:
        """An amount rounded to three significant digits, € 1.700.000; with cents where `digits` are asked, € 3,70."""
        size = f"{abs(value):.0f}"
        rounded = round(value, digits or -max(len(size) - _SIGNIFICANT, 0)) or 0.0  # never -€0
        figure = f"#,##0{_decimals(digits)}"
        symbol = get_currency_symbol(self.currency, locale=self.locale)
        return format_currency(
            rounded,
            self.currency,
            format=f"¤\u00a0{figure};¤\u00a0-{figure}" if self.apart(symbol) else f"¤{figure};-¤{figure}",
            locale=self.locale,
            currency_digits=False,
        )

    def apart(self, symbol: str) -> bool:
        """Whether a space stands between this symbol of the currency and an amount."""
        return self.code == "nl" or symbol == self.currency

    def listed(self, items: Sequence[str]) -> str:
        """Items in a row: a, b en c; with semicolons where an item has a comma of its own."""
        if separator(items) == ", " or len(items) < 3:
            return format_list(list(items), locale=self.locale)
        return separator(items).join([*items[:-2], format_list(list(items[-2:]), locale=self.locale)])


def _decimals(digits: int) -> str:
    return f".{'0' * digits}" if digits else ""


@lru_cache(maxsize=4)
def _catalogue(code: str) -> gettext.NullTranslations:
    """The catalogue of this language, compiled in memory from its .po files; English needs none."""
    if code == "en":
        return gettext.NullTranslations()
    whole = Catalog(locale=code)
    for file in sorted(files("drivers.present").joinpath("locale", code).iterdir(), key=lambda f: f.name):
        for message in read_po(io.BytesIO(file.read_bytes()), locale=code):
            whole.add(message.id, message.string)
    compiled = io.BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
