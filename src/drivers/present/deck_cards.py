"""Key figures in a row across a slide: each with its name and its interval."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.present.deck_furniture import named, text_box
from drivers.present.deck_marks import paint
from drivers.present.deck_template import Box
from drivers.present.deck_text import Face, Fit, Look, Pptx, fitted, write_paragraphs
from drivers.present.summary import Card

_POINT = 12700  # English Metric Units
_HIGH = 108  # points
_INSET = 16.0  # points of a box that its text does not use
_FIGURES, _WORDS = (24.0, 22.0, 20.0, 18.0, 16.0, 14.0), (14.0, 13.0, 12.0, 11.0, 10.0, 9.0)


def add_cards(slide: Pptx, cards: Sequence[Card], box: Box, face: Face, tag: str) -> Box:
    """Draw the key figures at the top of a box; the room that is left below them."""
    if not cards:
        return box
    left, top, width, height = box
    wide, high = width // len(cards), _HIGH * _POINT
    room = wide / _POINT - _INSET
    figure = min(_fit((str(card.value),), face, room, _FIGURES).size for card in cards)
    words = min(_fit((card.label, card.interval), face, room, _WORDS).size for card in cards)
    for k, card in enumerate(cards):
        made = text_box(slide, (left + k * wide, top, wide, high))
        named(made, f"Key figure {k + 1}")
        write_paragraphs(made.text_frame, (str(card.value), card.label, card.interval), Look(tag, words, gap=0.1))
        run = made.text_frame.paragraphs[0].runs[0]
        run.font.size, run.font.bold = figure * _POINT, True
        paint(run.font.color, "first")
    return left, top + high, width, height - high


def _fit(texts: Sequence[str], face: Face, room: float, sizes: Sequence[float]) -> Fit:
    """The size at which these texts stand in a card: a figure on one line, words in what is left below it."""
    figure = len(texts) == 1
    return fitted(texts, face, (room, 1.8 * sizes[0] if figure else _HIGH - 36.0), sizes)
