"""The one style of every figure: colours safe for colour-blind readers, and reproducible SVG."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import matplotlib as mpl
import seaborn as sns
from matplotlib.figure import Figure

ACCENT = "#0b5c7a"
MUTED = "#9fb4bf"
WARM = "#c8641e"
INK = "#22313a"
GRID = "#e3e9ec"

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
