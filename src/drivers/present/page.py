"""The page of a report: one self-contained HTML file, made from the executed notebook by an own template."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

from drivers.client.house import House
from drivers.errors import ReportError
from drivers.present.arrangement import arranged
from drivers.present.brand import brand_style, logo_address
from drivers.present.language import Language
from drivers.present.script import SIMULATOR
from drivers.wording import plain_text

if TYPE_CHECKING:
    from nbformat import NotebookNode

TEMPLATES = Path(__file__).parent / "templates"
TEMPLATE = "drivers"
ANALYST = "analyst"
SHOWN_TYPES = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain"]
_PLAIN = House()
_TOP_HEADING = re.compile(r"(</?)h1\b")
_ACTIVE_TAGS = frozenset({"script", "iframe", "frame", "object", "embed", "applet", "link", "base", "form"})
_SOURCES = frozenset({"src", "srcset", "poster", "data", "background", "href", "xlink:href"})
_OUTSIDE_STYLE = re.compile(r"@import|url\(\s*['\"]?\s*(?!data:|#|['\"])", re.IGNORECASE)


def report_page(
    transcript: NotebookNode, *, client: str, wave: str | None, language: str, house: House = _PLAIN
) -> str:
    """Return the page that a client opens from disk: results and prose, no code, nothing from the web.

    Parameters
    ----------
    transcript
        The executed notebook. Cells tagged ``analyst`` are left out, as is whatever went to stderr.
    client, wave
        Printed in the title and the header, escaped.
    language
        The page's language, a language of reports.
    house
        The order of the sections, colours, typeface, logo and mark.

    Raises
    ------
    ReportError
        If an output holds a script, an embedded document or anything to be loaded from elsewhere, or if the logo is
        no picture.
    """
    cells = arranged(transcript.cells, house.sections, page_contents)
    frame = _frame(client, wave, Language(language), house)
    html, _ = _exporter().from_notebook_node(type(transcript)({**transcript, "cells": cells}), {"page": frame})
    page = plain_text(str(html))
    _refuse(_outline(page.replace(SIMULATOR.element, "", 1)).trouble)
    return page


def _frame(client: str, wave: str | None, language: Language, house: House) -> dict[str, object]:
    """What stands around the cells."""
    title = client if wave is None else f"{client} – {wave}"
    return {
        "client": client,
        "title": title,
        "wave": None if wave is None else language.say("Wave {wave}", wave=wave),
        "language": language.code,
        "brand": brand_style(house, title),
        "logo": logo_address(house),
        "mark": house.confidential,
        "kind": language.say("Customer satisfaction: drivers and value"),
        "contents": language.say("Contents"),
        "skip": language.say("Skip to the report"),
        "figure": language.say("Figure"),
        "simulator": SIMULATOR,
        "table": language.say("Table"),
    }


def page_contents(body: str) -> list[tuple[str, str]]:
    """List the sections that this HTML holds.

    Returns
    -------
    list of (str, str)
        The id of each ``<section>`` with the text of its first ``<h2>``, in order.
    """
    return _outline(body).entries


class _Outline(HTMLParser):
    """Notes the sections of a page, and the first thing in it that is not allowed on a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.entries: list[tuple[str, str]] = []
        self.trouble: str | None = None
        self._section: str | None = None
        self._title: list[str] | None = None
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.trouble = self.trouble or _trouble(tag, attrs)
        self._in_style = tag == "style"
        if tag == "section":
            self._section = dict(attrs).get("id")
        elif tag == "h2" and self._section:
            self._title = []

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False
        if tag == "h2" and self._section and self._title is not None:
            self.entries.append((self._section, " ".join("".join(self._title).split())))
            self._section = self._title = None

    def handle_data(self, data: str) -> None:
        if self._title is not None:
            self._title.append(data)
        if self._in_style and not self.trouble and _OUTSIDE_STYLE.search(data):
            self.trouble = "a <style> that loads something"


def _outline(html: str) -> _Outline:
    outline = _Outline()
    outline.feed(html)
    outline.close()
    return outline


def _trouble(tag: str, attrs: list[tuple[str, str | None]]) -> str | None:
    if tag in _ACTIVE_TAGS:
        return f"a <{tag}> element"
    for name, value in attrs:
        text = (value or "").strip()
        if name.startswith("on") or text.lower().startswith("javascript:"):
            return f"a script in the attribute {name!r} of <{tag}>"
        if name in _SOURCES and tag != "a" and not text.startswith(("data:", "#")):
            return f"<{tag}> that loads {text[:80]!r}"
        if name == "style" and _OUTSIDE_STYLE.search(text):
            return f"a style of <{tag}> that loads something"
    return None


def _refuse(trouble: str | None) -> None:
    if trouble:
        raise ReportError(
            f"An output of the notebook holds {trouble}, which a self-contained page may not. "
            "Show a static figure (SVG or PNG) or a table instead."
        )


@cache
def _exporter() -> TemplateExporter:
    return TemplateExporter(  # type: ignore[no-untyped-call]
        config=Config(
            NbConvertBase={"display_data_priority": SHOWN_TYPES},
            TagRemovePreprocessor={"remove_cell_tags": {ANALYST}},
        ),
        file_extension=".html",
        template_name=TEMPLATE,
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=True,
        exclude_raw=True,
        filters={"prose": _prose, "contents": page_contents},
    )


def _prose(markdown: str) -> str:
    """Turn a markdown cell into HTML in which raw HTML is shown as text."""
    renderer = IPythonRenderer(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
    html = str(MarkdownWithMath(renderer=renderer).render(markdown))
    return _TOP_HEADING.sub(r"\1h2", html)  # the page has its title
