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

from drivers.errors import ReportError

if TYPE_CHECKING:
    from nbformat import NotebookNode

TEMPLATES = Path(__file__).parent / "templates"
TEMPLATE = "drivers"
ANALYST = "analyst"
SHOWN_TYPES = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain"]
WORDS = {
    "en": {
        "kind": "Customer satisfaction: drivers and value",
        "wave": "Wave",
        "contents": "Contents",
        "skip": "Skip to the report",
        "figure": "Figure",
    },
    "nl": {
        "kind": "Klanttevredenheid: drivers en waarde",
        "wave": "Meting",
        "contents": "Inhoud",
        "skip": "Naar het rapport",
        "figure": "Figuur",
    },
}
_ACTIVE_TAGS = frozenset({"script", "iframe", "frame", "object", "embed", "applet", "link", "base", "form"})
_SOURCES = frozenset({"src", "srcset", "poster", "data", "background", "href", "xlink:href"})
_OUTSIDE_STYLE = re.compile(r"@import|url\(\s*['\"]?\s*(?!data:|#|['\"])", re.IGNORECASE)


def report_page(transcript: NotebookNode, *, client: str, wave: str | None, language: str) -> str:
    """Return the page that a client opens from disk: results and prose, no code, nothing from the web.

    Parameters
    ----------
    transcript
        The executed notebook. Cells tagged ``analyst`` are left out, as is whatever went to stderr.
    client, wave
        Printed in the title and the header, escaped.
    language
        The page's language, such as ``nl``; words of the frame that have no translation are English.

    Raises
    ------
    ReportError
        If an output holds a script, an embedded document or anything to be loaded from elsewhere.
    """
    frame = {"client": client, "wave": wave, "language": language, "words": WORDS.get(language, WORDS["en"])}
    html, _ = _exporter().from_notebook_node(transcript, resources={"page": frame})
    page = str(html)
    _refuse(_outline(page).trouble)
    return page


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
    return str(MarkdownWithMath(renderer=renderer).render(markdown))
