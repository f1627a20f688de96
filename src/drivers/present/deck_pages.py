"""Slides on their stage: title, chart, text, source, footer, page number, logo and notes, each inside its box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drivers.present.deck_bars import add_bars
from drivers.present.deck_cards import add_cards
from drivers.present.deck_charts import BarChart, Chart
from drivers.present.deck_furniture import add_footer, add_logo, add_page_number, named, text_box, title_of
from drivers.present.deck_map import add_map
from drivers.present.deck_template import Box, Stage, body_holder
from drivers.present.deck_text import TAGS, Face, Fit, Look, Pptx, cleaned, fitted, write_paragraphs
from drivers.present.names import short_label
from drivers.present.parts import base_line
from drivers.present.slides import Slide, Teller

_POINT = 12700  # English Metric Units
_TITLE_SIZES = (28.0, 26.0, 24.0)
_NARROW_SIZES = (24.0, 22.0, 20.0, 18.0)
_LARGE_SIZES = (20.0, 18.0)
_TEXT_SIZES = (16.0, 15.0, 14.0, 13.0, 12.0)
_LIST_SIZES = (12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0)
_COVER_SIZES = (40.0, 36.0, 32.0, 28.0, 24.0, 20.0)
_WIDE = 10 * 914400  # title width from which titles are large
_INSET = 18.0  # points of a box that its text does not use
_BULLET = 24.0  # points that bullets take
_CHART_SHARE = 0.64
_LIST_SHARE = 0.62
_MOST_WORDS = 66
_PIECE = 480  # characters of a paragraph of the client's own that are kept together


@dataclass(frozen=True, slots=True)
class Page:
    """Where slides are put and what tells them."""

    stage: Stage
    tell: Teller

    @property
    def tag(self) -> str:
        """The language of the text, as Office names it."""
        return TAGS[self.tell.language.code]


def add_cover(page: Page) -> None:
    """The first slide: whose report, on which wave, on whom it rests."""
    found, tell = page.tell.findings, page.tell
    slide = page.stage.deck.slides.add_slide(page.stage.cover)
    title = title_of(slide, page.stage.title)
    name = short_label(cleaned(found.client), 120)
    _fill(title, (name,), page.stage.heads, _COVER_SIZES, page.tag)
    lines = [tell.say("What drives customer satisfaction, and what it is worth")]
    lines += [tell.say("Wave {wave}", wave=found.wave)] if found.wave else []
    lines += [base_line(found.potential, found, tell.language, lined=False)]
    lines += [cleaned(found.house.confidential)] if found.house.confidential else []
    below = body_holder(slide.placeholders) or text_box(slide, _below(page.stage))
    named(below, "Subtitle")
    _fill(below, lines, page.stage.text, _TEXT_SIZES, page.tag)
    _tidy(slide, (title, below))
    add_logo(slide, page.stage, found, tell, cover=True)


def _below(stage: Stage) -> Box:
    left, top, width, height = stage.body
    return left, top, width, height // 2


def add_slide(page: Page, slide: Slide, taken: set[str]) -> set[str]:
    """A slide, and more of them where the client's own text asks for room; the titles that are taken now."""
    title = _headline(page, slide, taken)
    used, own = {title}, _pieces(slide.own)
    lead = () if title in slide.headlines[:-1] or len(slide.headlines) == 1 else slide.headlines[:1]
    said = _spoken([line for line in (*lead, *slide.lines) if line != title], slide)
    rest = _add(page, slide, title, (*own, *said))
    left = rest[: max(len(rest) - len(said), 0)]
    number = 2
    while left:
        again = f"{slide.headlines[-1]} ({number})"
        more = _add(page, Slide(slide.name, (again,), notes=left), again, left)
        left, number = (more if len(more) < len(left) else more[1:]), number + 1
        used.add(again)
    return used


def _spoken(lines: Sequence[str], slide: Slide) -> tuple[str, ...]:
    """The first of these lines, as many as can be read beside a chart while someone speaks; the notes have them all."""
    kept: list[str] = []
    words = 0
    for line in dict.fromkeys(lines):
        words += sum(any(map(str.isalnum, word)) for word in line.split())
        if kept and slide.chart is not None and words > _MOST_WORDS:
            break
        kept.append(line)
    return tuple(kept)


def _pieces(own: Sequence[str]) -> tuple[str, ...]:
    """Paragraphs in pieces that a box can hold, broken between words."""
    pieces: list[str] = []
    for text in own:
        line = ""
        for word in text.split():
            if line and len(line) + len(word) >= _PIECE:
                pieces.append(line)
                line = ""
            line = f"{line} {word}".strip()
        pieces.append(line)
    return tuple(pieces)


def _headline(page: Page, slide: Slide, taken: set[str]) -> str:
    """The fullest sentence that fits two lines and no other slide has; else the question, with a number if need be."""
    room = page.stage.title[2] / _POINT - _INSET
    fitting = [
        text
        for text in slide.headlines
        if text not in taken and page.stage.heads.lines(text, _title_sizes(page.stage)[-1], room) <= 2
    ]
    if fitting:
        return fitting[0]
    question = slide.headlines[-1]
    several = (f"{question} ({number})" for number in range(2, len(taken) + 3))
    return question if question not in taken else next(text for text in several if text not in taken)


def _title_sizes(stage: Stage) -> tuple[float, ...]:
    return _TITLE_SIZES if stage.title[2] >= _WIDE else _NARROW_SIZES


def _add(page: Page, slide: Slide, headline: str, lines: Sequence[str]) -> tuple[str, ...]:
    """Draw one slide; the lines that found no room on it."""
    stage = page.stage
    made = stage.deck.slides.add_slide(stage.layout)
    title = title_of(made, stage.title)
    _write_title(page, title, headline)
    content, source = _split(page, slide)
    content = add_cards(made, slide.cards, content, stage.text, page.tag)
    area, column = _columns(content) if slide.chart is not None else (None, content)
    holder = body_holder(made.placeholders)
    listed = _add_list(page, made, slide, column)
    fit = _add_lines(page, made, holder, slide, (lines, (*column[:3], column[3] - listed)))
    kept = (title, holder) if fit.paragraphs and holder is not None else (title,)
    _tidy(made, kept)
    if area is not None and slide.chart is not None:
        _add_chart(page, made, slide, slide.chart, area)
    if slide.source:
        box = text_box(made, source)
        named(box, "Source")
        write_paragraphs(box.text_frame, (slide.source,), Look(page.tag, 10))
    add_footer(made, stage, page.tell)
    add_page_number(made, stage, page.tag)
    add_logo(made, stage, page.tell.findings, page.tell)
    _write_notes(made, slide, page.tag)
    return fit.rest


def _write_title(page: Page, title: Pptx, headline: str) -> None:
    room = page.stage.title[2] / _POINT - _INSET, page.stage.title[3] / _POINT
    fit = fitted((headline,), page.stage.heads, room, (*_title_sizes(page.stage), 20.0, 18.0, 16.0, 14.0))
    write_paragraphs(title.text_frame, (headline,), Look(page.tag, fit.size))


def _split(page: Page, slide: Slide) -> tuple[Box, Box]:
    """The room for chart and text, and below it that for the source."""
    left, top, width, height = page.stage.body
    lines = page.stage.text.lines(slide.source, 10, width / _POINT - _INSET) if slide.source else 0
    low = int((lines * 13 + 8) * _POINT) if lines else 0
    return (left, top, width, height - low), (left, top + height - low, width, low)


def _columns(box: Box) -> tuple[Box, Box]:
    left, top, width, height = box
    chart, gap = int(_CHART_SHARE * width), int(0.02 * width)
    return (left, top, chart, height), (left + chart + gap, top, width - chart - gap, height)


def _add_lines(page: Page, made: Pptx, holder: Pptx, slide: Slide, what: tuple[Sequence[str], Box]) -> Fit:
    """The lines in their box, as large as they fit."""
    lines, box = what
    bullets = _BULLET if holder is not None or slide.numbered else 0.0
    room = (box[2] / _POINT - _INSET - bullets, box[3] / _POINT - 8)
    sizes = _TEXT_SIZES if slide.chart is not None else (*_LARGE_SIZES, *_TEXT_SIZES)
    fit = fitted(lines, page.stage.text, room, sizes)
    if fit.paragraphs:
        frame = holder if holder is not None else text_box(made, box)
        frame.left, frame.top, frame.width, frame.height = box
        named(frame, "Text")
        write_paragraphs(frame.text_frame, fit.paragraphs, Look(page.tag, fit.size, numbered=slide.numbered))
    return fit


def _add_list(page: Page, made: Pptx, slide: Slide, column: Box) -> int:
    """The names of the numbers in a map, at the foot of the column; the height that they take."""
    if not slide.listed:
        return 0
    left, top, width, height = column
    room = (width / _POINT - _INSET, _LIST_SHARE * height / _POINT - 8)
    size = next(
        (s for s in _LIST_SIZES if page.stage.text.height(slide.listed, s, room[0], gap=0.15 * s) <= room[1]),
        _LIST_SIZES[-1],
    )
    face: Face = page.stage.text
    need = int((face.height(slide.listed, size, room[0], gap=0.15 * size) + 10) * _POINT)
    box = text_box(made, (left, top + height - need, width, need))
    named(box, "Names")
    write_paragraphs(box.text_frame, slide.listed, Look(page.tag, size, gap=0.15))
    return need


def _add_chart(page: Page, made: Pptx, slide: Slide, chart: Chart, area: Box) -> None:
    add = add_bars if isinstance(chart, BarChart) else add_map
    shape = add(made.shapes, chart, area, page.tell.language)  # type: ignore[arg-type]
    named(shape, "Chart", slide.headlines[0])


def _fill(shape: Pptx, lines: Sequence[str], face: Face, sizes: Sequence[float], tag: str) -> None:
    """Text in a shape of its own place, as large as it fits."""
    width, height = int(shape.width or 0) / _POINT - _INSET - _BULLET, int(shape.height or 0) / _POINT - 8
    fit = fitted(lines, face, (width, height), (*sizes, 11.0, 10.0))
    write_paragraphs(shape.text_frame, fit.paragraphs or lines[:1], Look(tag, fit.size))


def _tidy(made: Pptx, kept: Sequence[Pptx]) -> None:
    """The title first, for whoever hears the slide read; placeholders that hold nothing away."""
    elements = [shape._element for shape in kept]
    for shape in list(made.placeholders):
        if shape._element not in elements:
            shape._element.getparent().remove(shape._element)
    tree = made.shapes._spTree
    tree.remove(elements[0])
    tree.insert(2, elements[0])


def _write_notes(made: Pptx, slide: Slide, tag: str) -> None:
    frame = made.notes_slide.notes_text_frame
    if frame is not None:
        said = dict.fromkeys(map(cleaned, (*slide.own, *slide.notes, *slide.lines)))
        write_paragraphs(frame, tuple(said), Look(tag, 11))
