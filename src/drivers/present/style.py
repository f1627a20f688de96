"""The one style of every figure: colours safe for colour-blind readers, and SVG that takes those of its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import StringIO
from typing import Any

import matplotlib as mpl
import seaborn as sns
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

ACCENT = "#0b5c7a"
MUTED = "#9fb4bf"
WARM = "#c8641e"
INK = "#22313a"
GRID = "#e3e9ec"

_SOFTENED = 0.75  # seaborn takes this much of the saturation of a bar's colour
_ROLES = {
    ACCENT: "accent", WARM: "second", MUTED: "muted", INK: "ink", GRID: "grid", "#ffffff": "paper", "#cfdbe0": "band",
    "#424242": "ink", "#000000": "ink", "#6b7a83": "soft", "#7a5195": "violet", "#332288": "indigo", "#0072b2": "blue",
}  # fmt: skip
_FAMILY = re.compile(r" font-family: ([^;\"]*);")
_PAINTED = re.compile(r"\b(fill|stroke): (#[0-9a-f]{6})\b")
_TEXT = re.compile(r"<text [^>]*>")
_THEMED = re.compile(r"var\(--figure-[a-z-]+, (#[0-9a-f]{6})\)")

_RC: Any = {  # matplotlib types its keys one by one
    "axes.edgecolor": GRID,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": "sans-serif",
    "font.size": 10,
    "grid.color": GRID,
    "svg.fonttype": "none",
    "svg.hashsalt": "drivers",
    "text.color": INK,
    "text.parse_math": False,  # a label may hold dollar signs
    "xtick.color": INK,
    "ytick.color": INK,
}


@contextmanager
def figure_style() -> Iterator[None]:
    """Everything drawn inside looks alike; nothing outside changes."""
    with sns.axes_style("whitegrid", rc=_RC), mpl.rc_context(_RC):
        yield


def new_figure(height: float, width: float = 7.2) -> Figure:
    """An empty figure of this size in inches, outside pyplot's global list."""
    return Figure(figsize=(width, height), layout="constrained")


def svg_text(figure: Figure, name: str) -> str:
    """The figure as SVG for a page: ids start with `name`, no clock, no addresses, no fixed size."""
    with figure_style():
        buffer = StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'\sxmlns(:xlink)?="[^"]*"', "", text)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'(href="#|url\(#)', rf"\1{name}-", text)
    return text.strip()


def themed(svg: str) -> str:
    """The picture with its colours as properties that a page sets; without such a page it looks as drawn.

    Text has properties of its own (``--figure-accent-text``), for it must stand out more than a bar.
    """
    family = _FAMILY.search(svg)
    svg = _FAMILY.sub("", svg)
    svg = _TEXT.sub(lambda found: _PAINTED.sub(lambda paint: _property(paint, "-text"), found[0]), svg)
    svg = _PAINTED.sub(_property, svg)
    return svg.replace("<svg ", f'<svg style="font-family: {family[1]}" ', 1) if family else svg


def plain(svg: str, accent: str = ACCENT, second: str = WARM) -> str:
    """The picture with plain colours, those of a house in place of the usual two, for what knows no properties."""
    svg = _THEMED.sub(r"\1", svg)
    own = {"accent": accent.lower(), "second": second.lower()}
    return _PAINTED.sub(lambda paint: f"{paint[1]}: {own.get(_roles().get(paint[2], ''), paint[2])}", svg)


def _property(paint: re.Match[str], kind: str = "") -> str:
    role = _roles().get(paint[2])
    return paint[0] if role is None else f"{paint[1]}: var(--figure-{role}{kind}, {paint[2]})"


@cache
def _roles() -> dict[str, str]:
    """What each colour stands for, also as seaborn draws it in bars."""
    return {to_hex(sns.desaturate(colour, _SOFTENED)): role for colour, role in _ROLES.items()} | _ROLES
