"""The map of what to fix first, as a scatter chart that PowerPoint can edit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from drivers.present.deck_charts import MapChart, number_code, round_step
from drivers.present.deck_marks import Mark, MarkStyle, add_intervals, add_marks, paint, place_plot
from drivers.present.deck_text import TAGS, Face, Look, Pptx, write_paragraphs
from drivers.present.deck_workbook import Row, chart_workbook, column_range
from drivers.present.language import Language

_PLOT = (0.11, 0.03, 0.86, 0.74)
_POINT = 12700  # English Metric Units
_MARKER = 9  # points
_SPACE = 2  # rows between two blocks of the sheet, as python-pptx counts them
_NUMBER = Mark(y=-0.024)  # beside its point and above the whisker to the right
_SIDES = ("r", "l", "r", "l")  # on which the names of the corners are written

Ends = tuple[float, float, float, float]
"""Left, right, bottom and top of a map."""


@dataclass(frozen=True, slots=True)
class _Block:
    """One series of the chart: a group of points, a line, or the corners; `group` is its place among the groups."""

    name: str
    places: tuple[tuple[float, float], ...]
    group: int | None = None


def add_map(shapes: Pptx, chart: MapChart, box: Sequence[int], language: Language) -> Pptx:
    """A map in a box (left, top, width, height); the shape that holds it."""
    steps = [round_step(high - low) for low, high in _reach(chart)]
    ends = _ends(chart, steps)
    blocks = sorted(_blocks(chart, ends), key=lambda block: -len(block.places))  # LibreOffice wants the longest first
    data = XyChartData()
    for block in blocks:
        series = data.add_series(block.name)
        for x, y in block.places:
            series.add_data_point(x, y)
    shape = shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *box, data)
    drawn = shape.chart
    drawn.part.chart_workbook.update_from_xlsx_blob(_sheet(chart, blocks))
    drawn.has_title = False
    drawn.font.size = Pt(11)
    paint(drawn.font.color, "ink")
    _axes(drawn, chart, (ends, steps), language)
    _titles(drawn, chart, (box[2] * _PLOT[2], box[3] * _PLOT[3]), TAGS[language.code])
    for series, block, start in zip(drawn.plots[0].series, blocks, _starts(blocks), strict=True):
        _draw(series, block, chart, (start, TAGS[language.code]))
    _legend(drawn, blocks)
    return shape


def _blocks(chart: MapChart, ends: Ends) -> Iterator[_Block]:
    for k, (group, across) in enumerate(zip(chart.groups, chart.across, strict=True)):
        yield _Block(group.name, tuple(zip(across.values, group.values, strict=True)), k)
    left, right, bottom, top = ends
    x, y = chart.cross
    yield _Block("│", ((x, bottom), (x, top)))
    yield _Block("─", ((left, y), (right, y)))
    high, low = top - 0.03 * (top - bottom), bottom + 0.03 * (top - bottom)
    yield _Block("┼", ((left, high), (right, high), (left, low), (right, low)))


def _reach(chart: MapChart) -> list[tuple[float, float]]:
    """Lowest and highest of both axes: beyond every whisker and both lines."""
    sides = []
    for series, cross in zip((chart.across, chart.groups), chart.cross, strict=True):
        every = [cross, *(x for s in series for x in (*s.values, *s.low, *s.high) if x == x)]
        room = 0.08 * ((max(every) - min(every)) or 1.0)
        sides.append((min(every) - room, max(every) + room))
    return sides


def _ends(chart: MapChart, steps: Sequence[float]) -> Ends:
    """The axes, from round number to round number."""
    (left, right), (bottom, top) = (
        (math.floor(low / step) * step, math.ceil(high / step) * step)
        for (low, high), step in zip(_reach(chart), steps, strict=True)
    )
    return left, right, bottom, top


def _starts(blocks: Sequence[_Block]) -> list[int]:
    """The row, counted from 1, of the name of each block in the sheet."""
    return list(accumulate((len(block.places) + _SPACE for block in blocks), initial=1))[:-1]


def _sheet(chart: MapChart, blocks: Sequence[_Block]) -> bytes:
    """The sheet with the places of each block below each other; of points their intervals and numbers too."""
    rows: list[Row] = []
    for block in blocks:
        rows.append(["", block.name, *(("x –", "x +", "y –", "y +") if block.group is not None else ())])
        more: list[tuple[float | str, ...]] = [()] * len(block.places)
        if block.group is not None:
            arms = (*chart.across[block.group].arms, *chart.groups[block.group].arms)
            more = list(zip(*arms, chart.numbers[block.group], strict=True))
        rows += [[x, y, *beside] for (x, y), beside in zip(block.places, more, strict=True)]
        rows.append([])
    return chart_workbook(rows)


def _axes(drawn: Pptx, chart: MapChart, where: tuple[Ends, Sequence[float]], language: Language) -> None:
    ends, steps = where
    for k, axis in enumerate((drawn.category_axis, drawn.value_axis)):
        axis.has_major_gridlines = False
        axis.minimum_scale, axis.maximum_scale = ends[2 * k : 2 * k + 2]
        axis.major_unit = steps[k]
        axis.tick_labels.number_format = number_code(chart.kinds[k], language)
        axis.tick_labels.number_format_is_linked = False
        paint(axis.format.line.color, "muted")
    for axis in drawn._chartSpace.chart.plotArea.findall(qn("c:valAx")):
        axis.find(qn("c:crosses")).set("val", "min")  # at the edge, also where values are below zero
    place_plot(drawn, _PLOT)


def _titles(drawn: Pptx, chart: MapChart, room: tuple[float, float], tag: str) -> None:
    """What the axes measure, as large as it fits along them."""
    for axis, text, length in zip((drawn.category_axis, drawn.value_axis), chart.titles, room, strict=True):
        size = next((s for s in (11.0, 10.0, 9.0, 8.0) if Face().width(text, s) <= length / _POINT), 7.0)
        axis.has_title = True
        write_paragraphs(axis.axis_title.text_frame, (text,), Look(tag, size))
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.bold = False


def _draw(series: Pptx, block: _Block, chart: MapChart, how: tuple[int, str]) -> None:
    if block.group is not None:
        _points(series, block, chart, how)
    elif len(block.places) == len(_SIDES):
        series.format.line.fill.background()
        series.marker.style = XL_MARKER_STYLE.NONE
        add_marks(series, [Mark(name) for name in chart.corners], MarkStyle("General", "r", 10, how[1]))
        for label, side in zip(series._element.iter(qn("c:dLblPos")), _SIDES, strict=True):
            label.set("val", side)
    else:
        series.marker.style = XL_MARKER_STYLE.NONE
        series.format.line.width = Pt(1)
        paint(series.format.line.color, "ink")
        series.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH


def _points(series: Pptx, block: _Block, chart: MapChart, how: tuple[int, str]) -> None:
    """Points in their colour, numbered, with both their intervals."""
    (start, tag), k = how, block.group or 0
    role = chart.groups[k].colours[0]
    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, _MARKER
    series.marker.format.fill.solid()
    paint(series.marker.format.fill.fore_color, role)
    paint(series.marker.format.line.color, role)
    marks = [Mark(number, y=_NUMBER.y) for number in chart.numbers[k]]
    add_marks(series, marks, MarkStyle("General", "r", 10, tag, bold=True))
    first, last = start + 1, start + len(block.places)
    for way, own, column in (("x", chart.across[k], 2), ("y", chart.groups[k], 4)):
        refs = (column_range(column, first, last), column_range(column + 1, first, last))
        add_intervals(series, own.arms, refs, way=way)


def _legend(drawn: Pptx, blocks: Sequence[_Block]) -> None:
    """A legend of the groups only, not of the lines and the corners."""
    drawn.has_legend = True
    drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    place = drawn.legend._element.find(qn("c:legendPos"))
    for index in [i for i, block in enumerate(blocks) if block.group is None][::-1]:
        entry = f'<c:legendEntry {nsdecls("c")}><c:idx val="{index}"/><c:delete val="1"/></c:legendEntry>'
        place.addnext(parse_xml(entry))
