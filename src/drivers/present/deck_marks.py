"""Parts of a chart that python-pptx has no words for: intervals, labels beyond them, colours by role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from pptx.dml.color import ColorFormat
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.oxml.xmlchemy import BaseOxmlElement

from drivers.present.deck_charts import Colour
from drivers.present.deck_text import Pptx

_THEME = {
    "first": MSO_THEME_COLOR.ACCENT_1,
    "second": MSO_THEME_COLOR.ACCENT_2,
    "open": MSO_THEME_COLOR.ACCENT_2,
    "muted": MSO_THEME_COLOR.BACKGROUND_1,
    "ink": MSO_THEME_COLOR.TEXT_1,
}
_BRIGHTNESS = {"muted": -0.25, "open": 0.5}  # a grey that fits every template; a paler second colour


def paint(colour: ColorFormat, role: Colour) -> None:
    """Give something the theme's colour of this role."""
    colour.theme_color = _THEME[role]
    if role in _BRIGHTNESS:
        colour.brightness = _BRIGHTNESS[role]


def add_intervals(
    series: Pptx, arms: tuple[Sequence[float], Sequence[float]], refs: tuple[str, str], *, way: str = ""
) -> None:
    """Whiskers from cells of the chart's sheet; `way` is x or y on a map, and empty on bars."""
    below, above = (_numbers(ref, values) for ref, values in zip(refs, arms, strict=True))
    direction = f'<c:errDir val="{way}"/>' if way else ""
    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}>{direction}<c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/><c:plus>{above}</c:plus><c:minus>{below}</c:minus><c:spPr><a:ln w="12700">'
        '<a:solidFill><a:schemeClr val="tx1"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    insert_before(series._element, bars, ("c:cat", "c:xVal", "c:val"))


def _numbers(ref: str, values: Sequence[float]) -> str:
    points = "".join(f'<c:pt idx="{i}"><c:v>{value!r}</c:v></c:pt>' for i, value in enumerate(values) if value == value)
    cache = f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}'
    return f"<c:numRef><c:f>{ref}</c:f><c:numCache>{cache}</c:numCache></c:numRef>"


def insert_before(parent: BaseOxmlElement, child: BaseOxmlElement, names: Sequence[str]) -> None:
    """Put a child where the schema wants it: before the first of these."""
    places = [parent.find(qn(name)) for name in names]
    next(place for place in places if place is not None).addprevious(child)


@dataclass(frozen=True, slots=True)
class Mark:
    """The label of one point: its own text, or its value where that is empty; how far moved, as shares of the chart."""

    text: str = ""
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class MarkStyle:
    """How the labels of a row of points are printed: format, place (outEnd, ctr, r), type size and language."""

    code: str
    place: str
    size: float
    tag: str
    bold: bool = False
    colour: str = "tx1"


def add_marks(series: Pptx, marks: Sequence[Mark], style: MarkStyle) -> None:
    """Labels at points, each where its mark says; the others of the series have none."""
    every = "".join(_mark(i, mark, style) for i, mark in enumerate(marks))
    none = _SHOWN.format(shown=0) + _NO_LEADERS
    labels = parse_xml(f"<c:dLbls {nsdecls('c', 'a')}>{every}{none}</c:dLbls>")
    insert_before(series._element, labels, ("c:errBars", "c:cat", "c:xVal", "c:val"))


def _mark(i: int, mark: Mark, style: MarkStyle) -> str:
    font = (
        f'<a:defRPr sz="{round(100 * style.size)}" b="{int(style.bold)}"><a:solidFill><a:schemeClr '
        f'val="{style.colour}"/></a:solidFill></a:defRPr>'
    )
    run = font.replace("a:defRPr", "a:rPr").replace("<a:rPr", f'<a:rPr lang="{style.tag}"', 1)
    paragraph = f"<a:bodyPr/><a:p><a:pPr>{font}</a:pPr>"
    written = f"<c:tx><c:rich>{paragraph}<a:r>{run}<a:t>{escape(mark.text)}</a:t></a:r></a:p></c:rich></c:tx>"
    return (
        f'<c:dLbl><c:idx val="{i}"/><c:layout><c:manualLayout><c:x val="{mark.x:.6f}"/><c:y val="{mark.y:.6f}"/>'
        f"</c:manualLayout></c:layout>{written if mark.text else ''}"
        f'<c:numFmt formatCode="{escape(style.code, _QUOTES)}" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/>'
        f'</a:ln></c:spPr><c:txPr>{paragraph}<a:endParaRPr lang="{style.tag}"/></a:p></c:txPr>'
        f'<c:dLblPos val="{style.place}"/>{_SHOWN.format(shown=1)}</c:dLbl>'
    )


_NO_LEADERS = (
    '<c:extLst><c:ext uri="{CE6537A1-D6FC-4f65-9D91-7224C49458BB}" '
    'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart"><c15:showLeaderLines val="0"/></c:ext>'
    "</c:extLst>"
)
_QUOTES = {'"': "&quot;"}
_SHOWN = (
    '<c:showLegendKey val="0"/><c:showVal val="{shown}"/><c:showCatName val="0"/><c:showSerName val="0"/>'
    '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
)


def place_plot(chart: Pptx, box: tuple[float, float, float, float]) -> None:
    """Where the inner plot stands: x, y, width and height as shares of the chart."""
    x, y, w, h = (f"{share:.4f}" for share in box)
    area = chart._chartSpace.chart.plotArea
    layout = parse_xml(
        f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
        f'<c:yMode val="edge"/><c:x val="{x}"/><c:y val="{y}"/><c:w val="{w}"/><c:h val="{h}"/></c:manualLayout>'
        "</c:layout>"
    )
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    area.insert(0, layout)
