"""The typefaces of a typeset document, and which characters they have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from functools import lru_cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.ft2font import FT2Font
from typst import Fonts

from drivers.wording import plain_text

TEXT = "Libertinus Serif"
"""Typeface of running text; typst brings it along."""
SANS = "DejaVu Sans"
"""Typeface of pictures, and of the characters that the first has not; matplotlib brings it along."""
MISSING = "□"
"""What stands for a character that no typeface has."""

_LONGEST_WORD = 36  # letters after which a word may be broken, so that it does not leave the page
_SPOT = "\u200b"


@lru_cache(maxsize=4)
def typefaces(house: str | None = None) -> Fonts:
    """The typefaces to set with: those that come along, so that every machine sets alike.

    Those of the machine are read only where the house style names one.
    """
    return Fonts(include_system_fonts=house is not None, font_paths=[_folder()])


@lru_cache(maxsize=4)
def characters(house: str | None = None) -> Set[int]:
    """Code points that can be set: those of DejaVu Sans and of the typeface of the house style where it is there."""
    files = [str(_folder() / "DejaVuSans.ttf")]
    if house is not None:
        found = (font.path for font in typefaces(house).fonts() if font.family.casefold() == house.casefold())
        files += [path for path in found if path is not None]
    return frozenset().union(*(FT2Font(file).get_charmap() for file in files))


def settable(text: str, known: Set[int]) -> str:
    """Plain text as it can be set: on one line, without invisible signs, a box for what no typeface has."""
    return _OTHER.sub(lambda found: _letter(found.group(), known), unicodedata.normalize("NFC", plain_text(text)))


_OTHER = re.compile(r"[^\x20-\x7e]")


def _letter(letter: str, known: Set[int]) -> str:
    if letter in "\t\n\r":
        return " "
    if unicodedata.category(letter) == "Cf" or letter in _VARIANTS:
        return ""
    return letter if ord(letter) in known else MISSING


_VARIANTS = frozenset(map(chr, range(0xFE00, 0xFE10)))  # they choose the look of the character before them


def foldable(text: str) -> str:
    """The text with a place to break in words that are longer than a line."""
    return re.sub(rf"(\S{{{_LONGEST_WORD}}})(?=\S)", rf"\1{_SPOT}", text)


def _folder() -> Path:
    return Path(mpl.get_data_path()) / "fonts" / "ttf"
