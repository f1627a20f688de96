"""The presentation that a deck is written into: a client's template, or the plain one; its layouts and their room."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PackageNotFoundError
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from drivers.client.house import House
from drivers.errors import ReportError
from drivers.present.deck_master import plain_deck
from drivers.present.deck_text import Face, Pptx

Box = tuple[int, int, int, int]
"""Left, top, width and height, in English Metric Units (914400 an inch)."""

_INCH = 914400
_LEAST = (5.0, 2.2)  # inches of room that a chart with its text needs
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_BODIES = (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)
_FOOTERS = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_TEMPLATE = b"presentationml.template.main+xml"
_PRESENTATION = b"presentationml.presentation.main+xml"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where slides are put: the presentation, its layout for a cover and for the rest, and the room on the latter.

    `heads` and `text` are the typefaces of titles and of text; `own` says whether it is the suite's plain deck.
    """

    deck: Pptx
    cover: Pptx
    layout: Pptx
    title: Box
    body: Box
    heads: Face
    text: Face
    own: bool


def open_stage(house: House) -> Stage:
    """The presentation of this house, without slides.

    Raises
    ------
    ReportError
        When the template cannot be read, has no layout, or leaves no room.
    """
    deck = plain_deck(house) if house.template is None else _template(house.template)
    layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    if not layouts:
        raise ReportError(f"{house.template} has no slide layout. Give a PowerPoint file that has one at least.")
    layout = max(layouts, key=_worth)
    title, body = _title_box(deck, layout), _body_box(deck, layout)
    if body[2] < _LEAST[0] * _INCH or body[3] < _LEAST[1] * _INCH:
        raise ReportError(
            f"The layout {layout.name!r} of {house.template} leaves {body[2] / _INCH:.1f} by {body[3] / _INCH:.1f} "
            f"inch for a chart; expected {_LEAST[0]} by {_LEAST[1]} at least. Give a template with a layout of a title "
            "and one content placeholder of that size."
        )
    first, second = _fonts(layout)
    heads, text = Face(first, bold=_bold_titles(layout)), Face(second)
    return Stage(deck, max(layouts, key=_cover_worth), layout, title, body, heads, text, own=house.template is None)


def _template(file: Path) -> Pptx:
    """The client's file as a presentation without its slides, and without what points to them."""
    try:
        deck = Presentation(io.BytesIO(_as_presentation(file)))
    except (OSError, zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise ReportError(f"{file} cannot be read as a PowerPoint file ({error}). Save it anew as .pptx.") from error
    listed = deck.slides._sldIdLst
    for entry in list(listed):
        deck.part.drop_rel(entry.rId)
        listed.remove(entry)
    root = deck.part._element
    for kept in root.findall(qn("p:custShowLst")):
        root.remove(kept)
    for extension in list(root.iter(qn("p:ext"))):
        if any("sectionLst" in child.tag for child in extension):
            extension.getparent().remove(extension)
    for more in root.findall(qn("p:extLst")):
        if not len(more):
            root.remove(more)
    return deck


def _as_presentation(file: Path) -> bytes:
    """The bytes of a .pptx; those of a .potx said to be one."""
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            blob = old.read(name)
            new.writestr(name, blob.replace(_TEMPLATE, _PRESENTATION) if name == "[Content_Types].xml" else blob)
    return made.getvalue()


def _kinds(layout: Pptx) -> list[Pptx]:
    return [shape.placeholder_format.type for shape in layout.placeholders]


def _worth(layout: Pptx) -> tuple[int, int, int]:
    """How fit for a title with a chart and text: a title, one body at most, and that a large one."""
    kinds = [kind for kind in _kinds(layout) if kind not in _FOOTERS]
    bodies = [s for s in layout.placeholders if s.placeholder_format.type in _BODIES]
    plain = PP_PLACEHOLDER.TITLE in kinds and len(kinds) == 1 + len(bodies)
    area = max((int(s.width or 0) * int(s.height or 0) for s in bodies), default=0)
    wide = bool(bodies) and all(int(s.width or 0) >= _LEAST[0] * _INCH for s in bodies)
    title = next((s for s in layout.placeholders if s.placeholder_format.type == PP_PLACEHOLDER.TITLE), None)
    level = title is not None and int(title.width or 0) >= _LEAST[0] * _INCH and not _upright(layout)
    return (2 * int(plain and level and len(bodies) == 1 and wide) + int(plain and level), -len(kinds), area)


def _upright(layout: Pptx) -> bool:
    """Whether text of this layout is turned on its side."""
    holders = layout.placeholders
    return any((s._element.ph.get("orient") == "vert") for s in holders) or "vert" in (
        layout._element.get("type") or ""
    )


def _cover_worth(layout: Pptx) -> tuple[int, int]:
    kinds = _kinds(layout)
    cover = 2 * int(PP_PLACEHOLDER.CENTER_TITLE in kinds) + int(PP_PLACEHOLDER.SUBTITLE in kinds)
    return (cover, 10 * int(PP_PLACEHOLDER.TITLE in kinds) - len(kinds))


def holder_of(shapes: Iterable[Pptx], kinds: Iterable[Pptx]) -> Pptx | None:
    """The first placeholder of one of these kinds, found by its type; None without one."""
    wanted = tuple(kinds)
    return next((s for s in shapes if s.is_placeholder and s.placeholder_format.type in wanted), None)


def title_holder(shapes: Iterable[Pptx]) -> Pptx | None:
    """The placeholder of the title."""
    return holder_of(shapes, _TITLES)


def body_holder(shapes: Iterable[Pptx]) -> Pptx | None:
    """The placeholder of text."""
    return holder_of(shapes, (*_BODIES, PP_PLACEHOLDER.SUBTITLE))


def _box(shape: Pptx | None) -> Box | None:
    if shape is None or None in (shape.left, shape.top, shape.width, shape.height):
        return None
    return int(shape.left), int(shape.top), int(shape.width), int(shape.height)


def _title_box(deck: Pptx, layout: Pptx) -> Box:
    wide, high = int(deck.slide_width), int(deck.slide_height)
    return _box(title_holder(layout.placeholders)) or (wide // 20, high // 20, wide - wide // 10, high // 7)


def _body_box(deck: Pptx, layout: Pptx) -> Box:
    """The placeholder of text; without one what is left below (or above) the title."""
    found = _box(holder_of(layout.placeholders, _BODIES))
    if found is not None:
        return found
    wide, high = int(deck.slide_width), int(deck.slide_height)
    _, top, _, height = _title_box(deck, layout)
    bottom = int(0.91 * high)
    start = top + height if top + height < high // 2 else int(0.05 * high)
    end = bottom if start == top + height else top
    return (wide // 20, start, wide - wide // 10, max(end - start, 0))


def _bold_titles(layout: Pptx) -> bool:
    """Whether titles are bold, which makes them wider."""
    styles = layout.slide_master._element.find(qn("p:txStyles"))
    found = [] if styles is None else styles.findall(f"{qn('p:titleStyle')}//{qn('a:defRPr')}")
    return any(style.get("b") in ("1", "true") for style in found)


def _fonts(layout: Pptx) -> tuple[str | None, str | None]:
    """The typefaces of titles and of text in the theme."""
    theme = parse_xml(layout.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    named = [theme.find(f".//{qn(kind)}/{qn('a:latin')}") for kind in ("a:majorFont", "a:minorFont")]
    first, second = (None if font is None else font.get("typeface") for font in named)
    return first, second
