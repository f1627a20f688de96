"""Text on slides: cleaned of what breaks a file, measured to stay inside its box, written with its language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from PIL import ImageFont
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Pt

from drivers.present.language import Language
from drivers.present.names import short_label
from drivers.wording import Sentence, plain_text

Pptx = Any
"""An object of python-pptx, or several, whose types it does not give."""

TAGS = {"nl": "nl-NL", "en": "en-GB"}
"""The language of a run of text, as Office names it."""

LONGEST_LABEL = 60
"""Characters of a label inside a sentence on a slide; the chart's sheet has it whole."""

_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")
_WIDE = 1.35  # of the type size: characters that the measured typeface does not have
_SIZE = 100  # at which widths are measured
_KNOWN = {"arial": 0.89, "helvetica": 0.89, "calibri": 0.92}  # the last is narrower, but not on every machine
_MARGIN = 1.02  # an estimate must not be short
_LINE = 1.22  # height of a line over its type size


class SlideLanguage(Language):
    """Prints sentences as slides need them: labels not too long, and no characters that steer or break."""

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - the base class's signature
        """Print one value; a label in a sentence at `LONGEST_LABEL` characters at most."""
        if isinstance(value, str) and not isinstance(value, Sentence):
            return short_label(cleaned(value), LONGEST_LABEL)
        return super().format_field(value, format_spec)


def cleaned(text: str) -> str:
    """Plain text on one line; a blank at which no line may end stays one."""
    return _BLANKS.sub(" ", plain_text(text)).strip()


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface, as far as the measure of a text needs it."""

    name: str | None = None
    bold: bool = False

    def width(self, text: str, size: float) -> float:
        """Width in points; of a typeface that is not known that of a wide one."""
        factor = _KNOWN.get((self.name or "").lower(), 1.0) * _MARGIN
        return factor * size * sum(_advance(c, self.bold) for c in text)

    def lines(self, text: str, size: float, room: float) -> int:
        """Lines of this text in a box of this many points wide."""
        lines, used, space = 1, 0.0, self.width(" ", size)
        for word in text.split():
            width = self.width(word, size)
            if used and used + space + width > room:
                lines, used = lines + 1, 0.0
            more = int(width // room) if width > room else 0  # a word longer than a line is broken
            lines, used = lines + more, used + (space if used else 0.0) + width - more * room
        return lines

    def height(self, paragraphs: Sequence[str], size: float, room: float, gap: float = 0.0) -> float:
        """Height in points of these paragraphs, with a gap of so many points after each."""
        return sum(self.lines(text, size, room) * _LINE * size + gap for text in paragraphs)


@lru_cache(maxsize=4096)
def _advance(character: str, bold: bool) -> float:
    """Width of a character over its type size."""
    if ord(character) > 0x2FFF or unicodedata.east_asian_width(character) in ("W", "F"):
        return _WIDE
    return _font(bold).getlength(character) / _SIZE


@lru_cache(maxsize=2)
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"  # a wide typeface that is always there
    return ImageFont.truetype(str(folder / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")), _SIZE)


@dataclass(frozen=True, slots=True)
class Fit:
    """Paragraphs that fit a box, at which size, and what is left over."""

    paragraphs: tuple[str, ...]
    size: float
    rest: tuple[str, ...] = ()


def fitted(paragraphs: Sequence[str], face: Face, box: tuple[float, float], sizes: Sequence[float]) -> Fit:
    """The largest of these sizes at which all paragraphs fit a box (width, height) in points; else as many as do."""
    width, height = box
    for size in sizes:
        if face.height(paragraphs, size, width, gap=0.5 * size) <= height:
            return Fit(tuple(paragraphs), size)
    kept: list[str] = []
    least = sizes[-1]
    for text in paragraphs:
        if face.height([*kept, text], least, width, gap=0.5 * least) > height:
            break
        kept.append(text)
    return Fit(tuple(kept), least, tuple(paragraphs[len(kept) :]))


@dataclass(frozen=True, slots=True)
class Look:
    """How paragraphs are written: in which language, how large, with a gap of so many lines, bold, or numbered."""

    tag: str
    size: float
    gap: float = 0.5
    bold: bool = False
    numbered: bool = False


def write_paragraphs(frame: Pptx, paragraphs: Sequence[str], look: Look) -> None:
    """Fill a text frame with paragraphs, each one run of text."""
    for place, text in enumerate(paragraphs or ("",)):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        if len(paragraphs) > 1:
            paragraph.space_before, paragraph.space_after = Pt(0), Pt(look.gap * look.size)
        if look.numbered:
            _number(paragraph)
        run = paragraph.add_run()
        run.text = text
        run.font.size = Pt(look.size)
        if look.bold:
            run.font.bold = True
        run._r.get_or_add_rPr().set("lang", look.tag)


def _number(paragraph: Pptx) -> None:
    """Make a paragraph one of a numbered list."""
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "342900")
    properties.set("indent", "-342900")
    properties.append(parse_xml(f'<a:buFont {nsdecls("a")} typeface="+mj-lt"/>'))
    properties.append(parse_xml(f'<a:buAutoNum {nsdecls("a")} type="arabicPeriod"/>'))
