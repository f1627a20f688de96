"""deck.pptx: the findings as slides that a board can be shown and a consultant can edit."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from drivers.analyses.findings import Findings
from drivers.present.deck_pages import Page, add_cover, add_slide
from drivers.present.deck_properties import set_properties
from drivers.present.deck_template import open_stage
from drivers.present.deck_zip import same_bytes
from drivers.present.slides import Slide, Teller, teller, with_own
from drivers.present.slides_cases import CASE_SLIDES
from drivers.present.slides_drivers import (
    drivers_slide,
    groups_slide,
    potential_slide,
    priorities_slide,
    shape_slide,
)
from drivers.present.slides_frame import method_slide, monday_slide, summary_slide
from drivers.present.slides_money import loyalty_slide, plan_slide, value_slide

_SLIDES: dict[str, Callable[[Teller], Slide | None]] = {
    "summary": summary_slide,
    "potential": potential_slide,
    "drivers": drivers_slide,
    "shape": shape_slide,
    "priorities": priorities_slide,
    "groups": groups_slide,
    "loyalty": loyalty_slide,
    "value": value_slide,
    "plan": plan_slide,
    **CASE_SLIDES,
    "method": method_slide,
}
_LAST = ("checks", "quality", "method")
"""Sections that come after what there is to do; the slide on the method speaks for all of them."""


def write_deck(findings: Findings, file: Path) -> None:
    """Write the deck; with the template of the house, if it has one.

    Raises
    ------
    ReportError
        When the template cannot be used.
    OSError
        When the file cannot be written.
    """
    stage = open_stage(findings.house)
    tell = teller(findings)
    page = Page(stage, tell)
    add_cover(page)
    taken: set[str] = set()
    for slide in deck_slides(findings):
        taken |= add_slide(page, slide, taken)
    set_properties(stage.deck, tell)
    made = io.BytesIO()
    stage.deck.save(made)
    file.write_bytes(same_bytes(made.getvalue()))


def deck_slides(findings: Findings) -> tuple[Slide, ...]:
    """What the slides after the cover say, in the order that the client file asks."""
    tell = teller(findings)
    slides = tuple(_in_order(tell))
    first = {slide.name: k for k, slide in reversed([*enumerate(slides)])}
    return tuple(with_own(slide, findings) if first[slide.name] == k else slide for k, slide in enumerate(slides))


def _in_order(tell: Teller) -> Iterator[Slide]:
    names = tell.findings.house.sections
    for name in names:
        if name not in _LAST:
            yield from _of_section(tell, name)
    if "summary" in names:
        yield monday_slide(tell)
    last = [name for name in names if name in _LAST]
    if last:
        yield replace(method_slide(tell), name=last[-1])
    for name in last[:-1]:
        yield from _own_only(tell, name)


def _of_section(tell: Teller, name: str) -> Iterator[Slide]:
    slide = _SLIDES[name](tell) if name in _SLIDES else None
    if slide is not None:
        yield slide
    else:
        yield from _own_only(tell, name)


def _own_only(tell: Teller, name: str) -> Iterator[Slide]:
    """A slide for the client's own text on a section that has no slide."""
    if name in tell.findings.house.texts:
        yield Slide(name, (tell.question(name),))
