"""What stands on every slide: a title, a footer with the client and the mark, the page number, the logo."""

from __future__ import annotations

import io
from copy import deepcopy

from PIL import UnidentifiedImageError
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_AUTO_SIZE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches

from drivers.analyses.findings import Findings
from drivers.errors import ReportError
from drivers.present.deck_template import Box, Stage, holder_of, title_holder
from drivers.present.deck_text import TAGS, Look, Pptx, cleaned, write_paragraphs
from drivers.present.names import short_label
from drivers.present.slides import Teller

_FIELD = "{C1FF6DA9-008F-8B48-92A6-B652298478BF}"  # of the page number; any fixed one will do
_LOGO = (Inches(1.55), Inches(0.75))
_COVER_LOGO = (Inches(2.6), Inches(1.1))
_SMALL_LOGO = (Inches(1.0), Inches(0.35))


def named(shape: Pptx, name: str, description: str = "") -> None:
    """Name a shape, and say what it shows to whoever cannot see it."""
    shape.name = name
    if description:
        shape._element._nvXxPr.cNvPr.set("descr", description)


def title_of(slide: Pptx, box: Box) -> Pptx:
    """The placeholder of the title; where the layout has none, one in this box."""
    found = title_holder(slide.placeholders)
    if found is None:
        left, top, width, height = box
        place = f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        shape = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        _insert(slide, '<p:ph type="title"/>', place + shape, "<a:p/>")
        found = title_holder(slide.placeholders)
    named(found, "Title")
    return found


def _insert(slide: Pptx, holder: str, place: str, paragraph: str) -> Pptx:
    """A placeholder, written out; the layout may have none of its kind."""
    number = slide.shapes._next_shape_id
    element = parse_xml(
        f'<p:sp {nsdecls("p", "a", "r")}><p:nvSpPr><p:cNvPr id="{number}" name="Placeholder {number}"/><p:cNvSpPr>'
        f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr>{holder}</p:nvPr></p:nvSpPr><p:spPr>{place}</p:spPr><p:txBody>'
        f"<a:bodyPr/><a:lstStyle/>{paragraph}</p:txBody></p:sp>"
    )
    slide.shapes._spTree.append(element)
    return next(shape for shape in slide.shapes if shape._element is element)


def text_box(slide: Pptx, box: Box) -> Pptx:
    """An empty box of text that wraps and does not grow."""
    made = slide.shapes.add_textbox(*(Emu(x) for x in box))
    made.text_frame.word_wrap = True
    made.text_frame.auto_size = MSO_AUTO_SIZE.NONE
    return made


def add_footer(slide: Pptx, stage: Stage, tell: Teller) -> None:
    """Whose report, on which wave, and the mark that it is confidential."""
    found = tell.findings
    wave = [tell.say("wave {wave}", wave=found.wave)] if found.wave else []
    marks = [short_label(cleaned(found.house.confidential), 40)] if found.house.confidential else []
    line = " · ".join([short_label(cleaned(found.client), 48), *wave, *marks])
    footer = _own_holder(slide, stage.layout, PP_PLACEHOLDER.FOOTER)
    if footer is None:
        footer = text_box(slide, _foot(stage, 0.05, 0.75))
    named(footer, "Footer")
    write_paragraphs(footer.text_frame, (line,), Look(TAGS[tell.language.code], 10, bold=bool(marks)))


def add_page_number(slide: Pptx, stage: Stage, tag: str) -> None:
    """The number of the slide, as a field."""
    holder = _own_holder(slide, stage.layout, PP_PLACEHOLDER.SLIDE_NUMBER)
    if holder is None:
        holder = text_box(slide, _foot(stage, 0.87, 0.08))
    named(holder, "Page number")
    paragraph = holder.text_frame.paragraphs[0]._p
    number = len(stage.deck.slides)
    run = f'<a:rPr lang="{tag}" sz="1000"/><a:t>{number}</a:t>'
    paragraph.insert(0, parse_xml(f'<a:fld {nsdecls("a")} id="{_FIELD}" type="slidenum">{run}</a:fld>'))


def _own_holder(slide: Pptx, layout: Pptx, kind: Pptx) -> Pptx | None:
    """A placeholder like that of the layout; None where the layout has none."""
    model = holder_of(layout.placeholders, (kind,))
    if model is None:
        return None
    made = _insert(slide, '<p:ph type="ftr"/>', "", "<a:p/>")
    old = made._element.find(f".//{qn('p:ph')}")
    old.getparent().replace(old, deepcopy(model._element.ph))
    return made


def _foot(stage: Stage, left: float, width: float) -> Box:
    wide, high = int(stage.deck.slide_width), int(stage.deck.slide_height)
    return int(left * wide), int(0.935 * high), int(width * wide), int(0.05 * high)


def add_logo(slide: Pptx, stage: Stage, found: Findings, tell: Teller, *, cover: bool = False) -> None:
    """The client's logo; not where a template has pictures of its own."""
    if found.house.logo is None or (not stage.own and _has_picture(stage)):
        return
    try:
        shape = slide.shapes.add_picture(io.BytesIO(_picture(found)), 0, 0)
    except (OSError, ValueError) as error:
        why = "no picture in its bytes" if isinstance(error, UnidentifiedImageError) else error
        raise ReportError(
            f"{found.house.logo} cannot be read as a picture ({why}). Save it anew as .png, .jpg or .svg."
        ) from error
    room = _COVER_LOGO if cover and stage.own else _LOGO if stage.own else _SMALL_LOGO
    share = min(room[0] / int(shape.width), room[1] / int(shape.height))
    shape.width, shape.height = int(share * shape.width), int(share * shape.height)
    _place_logo(shape, stage, cover=cover)
    named(shape, "Logo", tell.say("Logo of {client}", client=found.client))


def _place_logo(shape: Pptx, stage: Stage, *, cover: bool) -> None:
    """At the top right; of a cover at the top left; in a template at the foot."""
    wide, high = int(stage.deck.slide_width), int(stage.deck.slide_height)
    if stage.own:
        shape.left = Inches(1.0) if cover else wide - Inches(0.6) - shape.width
        shape.top = Inches(0.6) if cover else Inches(0.4)
    else:
        shape.left, shape.top = int(0.05 * wide), int(0.935 * high)


def _has_picture(stage: Stage) -> bool:
    holders = (stage.layout, stage.layout.slide_master)
    return any(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for holder in holders for shape in holder.shapes)


def _picture(found: Findings) -> bytes:
    """The logo as PowerPoint can hold it; one drawn in SVG as a picture of points."""
    logo = found.house.logo
    if logo is None or logo.suffix.lower() != ".svg":
        return b"" if logo is None else logo.read_bytes()
    import typst

    source = "#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image(bytes(sys.inputs.svg), width: 8cm)"
    try:
        drawn = typst.compile(
            source.encode(), format="png", ppi=300.0, sys_inputs={"svg": logo.read_text(encoding="utf-8")}
        )
    except RuntimeError as error:
        raise ValueError(str(error)) from error
    return bytes(drawn)
