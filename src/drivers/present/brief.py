"""brief.pdf: two to four pages for a board, tagged for screen readers, set by typst."""

from __future__ import annotations

import json
import re
from collections.abc import Set
from dataclasses import fields
from pathlib import Path
from typing import Any

import typst

from drivers.analyses.findings import Findings
from drivers.client.house import House
from drivers.errors import ReportError
from drivers.present.briefing import Briefing, findings_briefing
from drivers.present.colours import readable
from drivers.present.language import Language
from drivers.present.names import short_label
from drivers.present.parts import Picture, Section
from drivers.present.printing import Printed
from drivers.present.style import plain
from drivers.present.summary import Card
from drivers.present.typeface import MISSING, SANS, TEXT, characters, foldable, settable, typefaces
from drivers.wording import sentence

_TEMPLATE = Path(__file__).parent / "templates" / "brief" / "brief.typ"
_NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
_REGIONS = {"nl": "NL", "en": "GB"}
_LONGEST_FOOTER = 90  # characters beside the page number


def write_brief(findings: Findings, file: str | Path) -> None:
    """Write the brief of these findings as PDF/UA-1; the same findings give the same bytes.

    Parameters
    ----------
    findings
        What the brief says, in the language and the house style that they hold.
    file
        Where it goes.

    Raises
    ------
    ReportError
        When the logo cannot be read, or the brief cannot be set.
    OSError
        When the file cannot be written.
    """
    Path(file).write_bytes(brief_pdf(findings, findings_briefing(findings)))


def brief_pdf(findings: Findings, said: Briefing) -> bytes:
    """The PDF that says this.

    Raises
    ------
    ReportError
        When the logo cannot be read, or the brief cannot be set.
    """
    house = findings.house
    content = _with_notice(_settable(_content(findings, said), characters(house.font)), findings.language)
    try:
        return _typeset(content, house.font)
    except RuntimeError as error:  # typst's own error is one, and that of its query is a plain one
        raise ReportError(f"The brief cannot be set: {error}. {_advice(house)}") from error


def _with_notice(content: dict[str, Any], code: str) -> dict[str, Any]:
    """The content, saying so where a character could not be printed."""
    if MISSING not in json.dumps(content, ensure_ascii=False):
        return content
    certainty = content["certainty"]
    notice = Language(code).say(_BOXES, box=MISSING)
    return {**content, "certainty": {**certainty, "lines": [*certainty["lines"], notice]}}


_BOXES = "{box} stands for a character that the typefaces of this document do not have; report.html may show it."
_HEIGHTS = (8.8, 8.2, 7.6, 7.0)  # of the tallest picture, cm; below, its letters are no longer read on paper


def _typeset(content: dict[str, Any], font: str | None) -> bytes:
    """The PDF with pictures as tall as the least number of pages allows."""
    setters = [_setter({**content, "tallest": height}, font) for height in _HEIGHTS]
    pages = [int(setter.query("<pages>", field="value", one=True)) for setter in setters]
    made, _ = setters[pages.index(min(pages))].compile_with_warnings(pdf_standards=["ua-1"], format="pdf")
    return bytes(made)  # type: ignore[arg-type]


def _setter(content: dict[str, Any], font: str | None) -> typst.Compiler:
    """Sets this content; it sees no file but the template, whatever a picture may name."""
    return typst.Compiler(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=typefaces(font),
        ignore_system_fonts=True,
        sys_inputs={"brief": json.dumps(content)},
    )


def _advice(house: House) -> str:
    """What to do about a brief that cannot be set: pictures of the suite can, so most often it is the logo."""
    if house.logo is None:
        return "Leave the format pdf out, and report this."
    return f"See that the logo {house.logo} is a sound picture, or take it out of [report.brand]."


# content: plain values for the template


def _content(findings: Findings, said: Briefing) -> dict[str, Any]:
    language = Language(findings.language, findings.currency)
    house, wave = findings.house, findings.wave
    kind = language.say(_KIND) if wave is None else language.say(_KIND_OF_WAVE, wave=wave)
    summary = said.summary
    return {
        "language": findings.language,
        "region": _REGIONS.get(findings.language),
        "client": findings.client,
        "title": f"{findings.client}: {kind}",
        "kind": kind,
        "footer": short_label(f"{findings.client} · {kind}", _LONGEST_FOOTER),
        "accent": readable(house.accent, _PAPER, _TEXT_CONTRAST),
        "fonts": [*([house.font] if house.font else []), TEXT, SANS],
        "confidential": house.confidential,
        "logo": _logo(house.logo, findings.client),
        "lead": None if summary is None else summary.lead,
        "own": [] if summary is None else summary.own,
        "cards": [] if summary is None else [_fields(card) for card in summary.cards],
        "lists": [] if summary is None else _lists(summary),
        "closing": [] if summary is None else summary.paragraphs,
        "plates": [_plate(plate, house) for plate in said.plates],
        "cases_title": language.say(_CASES),
        "cases": [{"title": case.title, "sentence": case.lead, "own": case.own} for case in said.cases],
        "certainty": _certainty(said),
        "method_title": language.say(_METHOD),
        "methods": [{"title": title, "text": text} for title, text in said.methods],
    }


_PAPER, _TEXT_CONTRAST = "#ffffff", 4.5
_KIND = sentence("Customer satisfaction in brief")
_KIND_OF_WAVE = "Customer satisfaction in brief, wave {wave}"
_CASES = sentence("Asked as well")
_METHOD = sentence("How this was computed, in small print")


def _lists(summary: Section) -> list[dict[str, Any]]:
    """The lists of the first page; the findings and what to do come in their order, the rest in none."""
    return [{"title": head, "lines": lines, "ranked": k < 2} for k, (head, lines) in enumerate(summary.lists)]


def _plate(plate: Section, house: House) -> dict[str, Any]:
    return {
        "title": plate.title,
        "sentence": plate.lead,
        "own": plate.own,
        "pictures": [_picture(picture, house) for picture in plate.pictures],
        "tables": [_fields(printed) for printed in plate.tables],
    }


_SIZE = re.compile(r'viewBox="\S+ \S+ (\S+) (\S+)"')


def _picture(picture: Picture, house: House) -> dict[str, Any]:
    svg = plain(str(picture.svg), house.accent, house.second).replace("<svg", f"<svg {_NAMESPACES}", 1)
    width, height = _SIZE.findall(svg)[0]
    return {
        "svg": svg,
        "ratio": float(height) / float(width),
        "alternative": picture.alternative,
        "caption": picture.caption,
    }


def _certainty(said: Briefing) -> dict[str, Any]:
    made = said.certainty
    return {"title": made.title, "own": made.own, "lines": made.paragraphs}


def _logo(file: Path | None, client: str) -> dict[str, Any] | None:
    """The picture as numbers, since JSON has no bytes."""
    if file is None:
        return None
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ReportError(
            f"The logo {file} cannot be read: {error.strerror or error}. Give a picture that is there, or take `logo` "
            "out of [report.brand]."
        ) from error
    kind = file.suffix.lower().removeprefix(".").replace("jpeg", "jpg")
    return {"data": list(data), "format": kind, "alternative": client}


def _fields(shown: Card | Printed) -> dict[str, Any]:
    return {field.name: getattr(shown, field.name) for field in fields(shown)}


def _settable(content: Any, known: Set[int], key: str = "") -> Any:  # noqa: ANN401 - whatever JSON holds
    """The content with every text as it can be set; running text may be broken within long words."""
    if isinstance(content, str):
        clean = settable(content, known)
        return clean if key in _WHOLE else foldable(clean)
    if isinstance(content, dict):
        return {name: _settable(value, known, name) for name, value in content.items()}
    return [_settable(each, known, key) for each in content] if isinstance(content, (list, tuple)) else content


_WHOLE = ("svg", "alternative", "title", "data")
