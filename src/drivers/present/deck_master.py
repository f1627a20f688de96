"""The plain deck of the suite: 16:9, in the colours and the typeface of the house."""

from __future__ import annotations

import re

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

from drivers.client.house import House
from drivers.present.deck_text import Pptx
from drivers.present.style import INK

FONT = "Arial"
"""A typeface that every machine has, or has one of the same widths for."""

_SIZE = (13.333, 7.5)  # inches
_KEPT = ("Title Slide", "Title and Content", "Title Only")
_BOXES = {  # left, top, width, height in inches, by the kind of placeholder
    "title": (0.6, 0.42, 12.13, 1.05),
    "body": (0.6, 1.65, 12.13, 5.2),
    "ftr": (0.6, 7.0, 9.5, 0.3),
    "sldNum": (11.73, 7.0, 1.0, 0.3),
    "dt": (10.2, 7.0, 1.4, 0.3),
    "ctrTitle": (1.0, 1.9, 11.3, 1.9),
    "subTitle": (1.0, 3.95, 11.3, 1.8),
}
_BESIDE_LOGO = 10.3  # width of a title with a logo beside it
_READABLE = 4.5  # contrast with white from which a colour may carry text (WCAG 2.2)


def plain_deck(house: House) -> Pptx:
    """An empty presentation with three layouts: a cover, a title with text, a title alone."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_SIZE[0]), Inches(_SIZE[1])
    master = deck.slide_master
    for layout in list(deck.slide_layouts):
        if layout.name not in _KEPT:
            deck.slide_layouts.remove(layout)
    for holder in (master, *deck.slide_layouts):
        _place(holder, with_logo=house.logo is not None)
    _style(master)
    _theme(master, house)
    _mark_cover(next(layout for layout in deck.slide_layouts if layout.name == _KEPT[0]))
    _without(deck.part.rels, RELATIONSHIP_TYPE.PRINTER_SETTINGS)
    _without(deck.part.package._rels, RELATIONSHIP_TYPE.THUMBNAIL)
    return deck


def _place(holder: Pptx, *, with_logo: bool) -> None:
    for shape in holder.placeholders:
        kind = shape._element.ph.get("type", "body")
        left, top, width, height = _BOXES["body" if kind == "obj" else kind]
        if kind == "title" and with_logo:
            width = _BESIDE_LOGO
        shape.left, shape.top, shape.width, shape.height = (Inches(x) for x in (left, top, width, height))


def _style(master: Pptx) -> None:
    """Titles to the left in the colour of the house, bullets close to their text, small footers."""
    styles = master._element.find(qn("p:txStyles"))
    title = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    title.find(qn("a:defRPr")).set("sz", "2800")
    title.find(qn("a:defRPr")).find(qn("a:solidFill"))[0].set("val", "tx2")
    body = styles.find(qn("p:bodyStyle")).find(qn("a:lvl1pPr"))
    body.set("marL", "228600")
    body.set("indent", "-228600")
    for shape in master.placeholders:
        kind = shape._element.ph.get("type")
        bodies = shape._element.txBody.find(qn("a:bodyPr"))
        if kind in ("title", "ftr", "sldNum"):
            for side in ("lIns", "rIns"):
                bodies.set(side, "0")
        if kind == "title":
            bodies.set("anchor", "t")
        if kind in ("ftr", "sldNum", "dt"):
            level = shape._element.txBody.find(qn("a:lstStyle")).find(qn("a:lvl1pPr"))
            level.find(qn("a:defRPr")).set("sz", "1000")
            _darken(level)
            level.set("algn", "l" if kind == "ftr" else "r")


def _darken(level: Pptx) -> None:
    """Grey text as dark as the rest, so that it can be read."""
    for tint in list(level.iter(qn("a:tint"))):
        tint.getparent().remove(tint)


def _theme(master: Pptx, house: House) -> None:
    """The colours and the typeface of the house, as the theme of the deck."""
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = part.blob.decode("utf-8")
    ink = house.accent if contrast(house.accent) >= _READABLE else INK
    colours = {"dk1": INK, "lt1": "#ffffff", "dk2": ink, "lt2": "#e3e9ec", "accent1": house.accent}
    for name, colour in (colours | {"accent2": house.second}).items():
        text = re.sub(
            rf"<a:{name}>.*?</a:{name}>", f'<a:{name}><a:srgbClr val="{colour[1:].upper()}"/></a:{name}>', text
        )
    face = (house.font or FONT).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    text = text.replace('<a:latin typeface="Calibri"/>', f'<a:latin typeface="{face}"/>')
    part._blob = text.encode("utf-8")


def contrast(colour: str) -> float:
    """Contrast of a colour, #rrggbb, with white (WCAG 2.2: 1 to 21)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _mark_cover(layout: Pptx) -> None:
    """A band in the colour of the house at the left of the cover."""
    styled = layout._element.cSld.spTree
    band = parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="20" name="Band"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
        f'</p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{Inches(0.4)}" cy="{Inches(_SIZE[1])}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )
    styled.insert(2, band)
    for shape in layout.placeholders:
        if shape._element.ph.get("type") in ("ctrTitle", "subTitle"):
            _left(shape._element, "b" if shape._element.ph.get("type") == "ctrTitle" else "t")


def _left(element: Pptx, anchor: str) -> None:
    element.txBody.find(qn("a:bodyPr")).set("anchor", anchor)
    style = element.txBody.find(qn("a:lstStyle"))
    for level in style:
        level.set("algn", "l")
        _darken(level)
    if not len(style):
        style.append(parse_xml(f'<a:lvl1pPr {nsdecls("a")} algn="l"/>'))


def _without(relationships: Pptx, kind: str) -> None:
    for name in [name for name, relationship in relationships.items() if relationship.reltype == kind]:
        relationships.pop(name)
