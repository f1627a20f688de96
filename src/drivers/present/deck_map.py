"""The map of what to fix first, as a scatter chart that PowerPoint can edit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from drivers.present.deck_bars import title_chart
from drivers.present.deck_charts import MapChart, Series, number_code
from drivers.present.deck_marks import Mark, MarkStyle, add_intervals, add_marks, paint, place_plot
from drivers.present.deck_text import TAGS
from drivers.present.deck_workbook import Row, chart_workbook, column_range
from drivers.present.language import Language

_PLOT = (0.10, 0.10, 0.86, 0.70)
_MARKER = 15  # points: room for a number of two figures
_SPACE = 2  # rows between two blocks of the sheet, as python-pptx counts them
_CORNERS = ("r", "l", "r", "l")  # sides on which the names of the corners are written


def add_map(shapes: Any, chart: MapChart, box: Sequence[int], language: Language) -> Any:  # noqa: ANN401 - shapes of python-pptx
    """A map in a box (left, top, width, height); the shape that holds it."""
    ends = _ends(chart)
    blocks = [*_points(chart), *_lines(chart, ends), _corners(ends)]
    data = XyChartData()
    for name, places in blocks:
        series = data.add_series(name)
        for x, y in places:
            series.add_data_point(x, y)
    shape = shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *box, data)
    drawn = shape.chart
    drawn.part.chart_workbook.update_from_xlsx_blob(_sheet(chart, blocks))
    title_chart(drawn, f"↑ {chart.titles[1]}   → {chart.titles[0]}", language)
    drawn.font.size = Pt(11)
    paint(drawn.font.color, "ink")
    _axes(drawn, chart, ends, language)
    _draw(drawn, chart, language)
    _legend(drawn, chart)
    return shape


def _points(chart: MapChart) -> list[tuple[str, list[tuple[float, float]]]]:
    return [
        (g.name, list(zip(a.values, g.values, strict=True))) for g, a in zip(chart.groups, chart.across, strict=True)
    ]


def _lines(chart: MapChart, ends: tuple[float, float, float, float]) -> list[tuple[str, list[tuple[float, float]]]]:
    left, right, bottom, top = ends
    x, y = chart.cross
    return [("│", [(x, bottom), (x, top)]), ("─", [(left, y), (right, y)])]


def _corners(ends: tuple[float, float, float, float]) -> tuple[str, list[tuple[float, float]]]:
    left, right, bottom, top = ends
    high, low = top - 0.03 * (top - bottom), bottom + 0.03 * (top - bottom)
    return "┼", [(left, high), (right, high), (left, low), (right, low)]


def _ends(chart: MapChart) -> tuple[float, float, float, float]:
    """Left, right, bottom and top: beyond every whisker and both lines."""
    sides = []
    for series, cross in zip((chart.across, chart.groups), chart.cross, strict=True):
        every = [x for s in series for x in (*s.values, *s.low, *s.high) if x == x]
        low, high = min(cross, *every), max(cross, *every)
        room = 0.12 * ((high - low) or 1.0)
        sides += [low - room, high + room]
    return (sides[0], sides[1], sides[2], sides[3])


def _starts(groups: Sequence[Series]) -> list[int]:
    """The row, counted from 1, of the name of each group in the sheet."""
    return list(accumulate((len(group.values) + _SPACE for group in groups), initial=1))[:-1]


def _sheet(chart: MapChart, blocks: Sequence[tuple[str, list[tuple[float, float]]]]) -> bytes:
    """The sheet with the places of each block below each other; of points their intervals and numbers too."""
    rows: list[Row] = []
    for k, (name, places) in enumerate(blocks):
        rows.append(["", name, "x –", "x +", "y –", "y +"] if k < len(chart.groups) else ["", name])
        if k < len(chart.groups):
            arms = [*chart.across[k].arms, *chart.groups[k].arms]
            rows += [[x, y, *more] for (x, y), *more in zip(places, *arms, chart.numbers[k], strict=True)]
        else:
            rows += [[x, y] for x, y in places]
        rows.append([])
    return chart_workbook(rows)


def _axes(drawn: Any, chart: MapChart, ends: tuple[float, float, float, float], language: Language) -> None:  # noqa: ANN401
    pairs = ((drawn.category_axis, ends[:2], chart.kinds[0]), (drawn.value_axis, ends[2:], chart.kinds[1]))
    for axis, (low, high), kind in pairs:
        axis.has_major_gridlines = False
        axis.minimum_scale, axis.maximum_scale = low, high
        axis.major_unit = _step(high - low)
        axis.tick_labels.number_format = number_code(kind, language)
        axis.tick_labels.number_format_is_linked = False
        paint(axis.format.line.color, "muted")
    _cross_low(drawn)
    place_plot(drawn, _PLOT)


def _step(span: float) -> float:
    """A round step that gives some four to eight marks on an axis."""
    size = 10.0 ** float(f"{span / 4:e}".split("e")[1])
    return max(size * k for k in (1, 2, 5) if size * k <= span / 4 * 1.0001)


def _cross_low(drawn: Any) -> None:  # noqa: ANN401 - a chart of python-pptx
    """Both axes at the edge, also where values are below zero."""
    for axis in drawn._chartSpace.chart.plotArea.findall(qn("c:valAx")):
        for crosses in axis.findall(qn("c:crosses")):
            crosses.set("val", "min")


def _draw(drawn: Any, chart: MapChart, language: Language) -> None:  # noqa: ANN401 - a chart of python-pptx
    every = list(drawn.plots[0].series)
    count = len(chart.groups)
    tag = TAGS[language.code]
    for series, group, across, start, numbers in zip(
        every[:count], chart.groups, chart.across, _starts(chart.groups), chart.numbers, strict=True
    ):
        _point_style(series, group)
        written = "bg1" if group.colours[0] in ("first", "second") else "tx1"
        style = MarkStyle("General", "ctr", 9, tag, bold=True, colour=written)
        add_marks(series, [Mark(number) for number in numbers], style)
        first, last = start + 1, start + len(group.values)
        for way, own, column in (("x", across, 2), ("y", group, 4)):
            refs = (column_range(column, first, last), column_range(column + 1, first, last))
            add_intervals(series, own.arms, refs, way=way)
    for line in every[count : count + 2]:
        line.marker.style = XL_MARKER_STYLE.NONE
        line.format.line.width = Pt(1)
        paint(line.format.line.color, "ink")
        line.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH
    _name_corners(every[-1], chart, tag)


def _point_style(series: Any, group: Series) -> None:  # noqa: ANN401 - a series of python-pptx
    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, _MARKER
    series.marker.format.fill.solid()
    role = group.colours[0]
    paint(series.marker.format.fill.fore_color, "paper" if role == "open" else role)
    paint(series.marker.format.line.color, role)


def _name_corners(series: Any, chart: MapChart, tag: str) -> None:  # noqa: ANN401 - a series of python-pptx
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.NONE
    marks = [Mark(name) for name in chart.corners]
    add_marks(series, marks, MarkStyle("General", "r", 10, tag))
    for label, side in zip(series._element.iter(qn("c:dLblPos")), _CORNERS, strict=True):
        label.set("val", side)


def _legend(drawn: Any, chart: MapChart) -> None:  # noqa: ANN401 - a chart of python-pptx
    """A legend of the groups only, not of the lines and the corners."""
    drawn.has_legend = True
    drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    place = drawn.legend._element.find(qn("c:legendPos"))
    for index in reversed(range(len(chart.groups), len(chart.groups) + 3)):
        entry = f'<c:legendEntry {nsdecls("c")}><c:idx val="{index}"/><c:delete val="1"/></c:legendEntry>'
        place.addnext(parse_xml(entry))
