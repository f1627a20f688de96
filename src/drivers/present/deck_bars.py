"""Bars, columns and lines with their intervals, as charts that PowerPoint can edit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from drivers.present.deck_charts import BarChart, Colour, Series, number_code, round_step, rounded
from drivers.present.deck_marks import Mark, MarkStyle, add_intervals, add_marks, paint, place_plot
from drivers.present.deck_text import TAGS, Face, Look, Pptx, write_paragraphs
from drivers.present.deck_workbook import chart_workbook, column_range
from drivers.present.language import Language

_TYPES = {
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "line": XL_CHART_TYPE.LINE_MARKERS,
}
_PLOTS = {  # inner plot: x, y, width, height as shares of the chart
    "bar": (0.37, 0.10, 0.52, 0.87),
    "column": (0.06, 0.16, 0.90, 0.70),
    "line": (0.10, 0.14, 0.86, 0.66),
}
_LEGEND = 0.08  # of the height, where there is a legend
_ROOM, _SIDE = 0.06, 0.36  # of the axis, beyond the whiskers; the latter where labels stand left of bars below zero
_SIZES = (12.0, 11.0, 10.0, 9.0, 8.0, 7.0)
_POINT = 12700  # English Metric Units
_AWAY = 0.008  # of the chart, between a whisker and its label


def add_bars(shapes: Pptx, chart: BarChart, box: Sequence[int], language: Language) -> Pptx:
    """A chart of bars, columns or lines in a box (left, top, width, height); the shape that holds it."""
    if chart.kind == "money":
        chart = replace(chart, series=tuple(rounded(series) for series in chart.series))
    data = CategoryChartData()
    data.categories = list(chart.labels)
    for series in chart.series:
        data.add_series(series.name, [x if x == x else None for x in series.values])
    shape = shapes.add_chart(_TYPES[chart.form], *box, data)
    drawn = shape.chart
    drawn.part.chart_workbook.update_from_xlsx_blob(_sheet(chart))
    size = _label_size(chart, box)
    title_chart(drawn, chart.title, language)
    drawn.font.size = Pt(size)
    paint(drawn.font.color, "ink")
    _axes(drawn, chart, language)
    for k, (series, own) in enumerate(zip(drawn.plots[0].series, chart.series, strict=True)):
        _colour(series, own, chart)
        _intervals(series, own, len(chart.series) + 1 + 2 * k)
    _named(drawn, chart, language)
    return shape


def title_chart(drawn: Pptx, text: str, language: Language) -> None:
    """What the chart measures, above it."""
    drawn.has_title = True
    drawn.chart_title.include_in_layout = False
    frame = drawn.chart_title.text_frame
    write_paragraphs(frame, (text,), Look(TAGS[language.code], 12))
    frame.paragraphs[0].runs[0].font.bold = False


def _sheet(chart: BarChart) -> bytes:
    ends = [name for series in chart.series for name in (f"{series.name} –", f"{series.name} +")]
    header = ["", *(series.name for series in chart.series), *ends]
    arms = [arm for series in chart.series for arm in series.arms]
    columns = [chart.labels, *(series.values for series in chart.series), *arms]
    return chart_workbook([header, *zip(*columns, strict=True)])


def _intervals(series: Pptx, own: Series, column: int) -> None:
    below, above = own.arms
    if any(arm > 0 for arm in (*below, *above)):
        last = len(own.values) + 1
        add_intervals(series, (below, above), (column_range(column, 2, last), column_range(column + 1, 2, last)))


def _label_size(chart: BarChart, box: Sequence[int]) -> float:
    """The type size at which every bar has room for its name."""
    if chart.form != "bar":
        return _SIZES[0]
    x, _, _, high = _PLOTS["bar"]
    width, slot = x * box[2] / _POINT - 12, high * box[3] / _POINT / max(len(chart.labels), 1)
    fitting = (s for s in _SIZES if all(Face().lines(n, s, width) * 1.2 * s <= slot for n in chart.labels))
    return next(fitting, _SIZES[-1])


def _axes(drawn: Pptx, chart: BarChart, language: Language) -> None:
    names, values = drawn.category_axis, drawn.value_axis
    names.has_major_gridlines = values.has_major_gridlines = False
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.format.line.width = Pt(0.75)
    paint(names.format.line.color, "muted")
    _every_name(names)
    names.reverse_order = chart.form == "bar"  # the first one on top
    values.tick_labels.number_format = number_code(chart.kind, language)
    values.tick_labels.number_format_is_linked = False
    if chart.form == "bar":
        values._element.find(qn("c:crosses")).set("val", "max")  # below, though the first bar is on top
    paint(values.format.line.color, "muted")
    if chart.form != "line":
        low, high = values.minimum_scale, values.maximum_scale = _ends(chart)
        values.major_unit = round_step(high - low)
        values.visible = len(chart.series) > 1
    x, y, width, height = _PLOTS[chart.form]
    legend = _LEGEND if len(chart.series) > 1 else 0.0
    place_plot(drawn, (x, y + 0.3 * legend, width, height - 1.6 * legend))


def _every_name(axis: Pptx) -> None:
    """No name is left out where names take two lines."""
    skip = parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="1"/>')
    after = axis._element.find(qn("c:noMultiLvlLbl"))
    after.addprevious(skip) if after is not None else axis._element.append(skip)


def _ends(chart: BarChart) -> tuple[float, float]:
    """The axis: from zero to beyond every whisker, below zero where a value is."""
    ends = [x for s in chart.series for x in (*s.values, *s.low, *s.high) if x == x] or [1.0]
    low, high = min(0.0, *ends), max(0.0, *ends)
    span = (high - low) or 1.0
    left = (_SIDE if len(chart.series) == 1 else _ROOM) * span if low < 0 else 0.0
    start = low - left
    end = chart.top if chart.top is not None else high + (_ROOM * span if high > 0 else 0.0)
    if len(chart.series) == 1:
        return start, end
    step = round_step(end - start)  # the axis can be seen
    return math.floor(start / step) * step, math.ceil(end / step) * step


def _colour(series: Pptx, own: Series, chart: BarChart) -> None:
    if chart.form == "line":
        series.smooth = False
        paint(series.format.line.color, own.colours[0])
        series.format.line.width = Pt(2.25)
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 8
        series.marker.format.fill.solid()
        paint(series.marker.format.fill.fore_color, own.colours[0])
        return
    series.invert_if_negative = False
    series.format.fill.solid()
    paint(series.format.fill.fore_color, own.colours[0])
    for i, role in enumerate(own.colours):
        if role != own.colours[0]:
            fill = series.points[i].format.fill
            fill.solid()
            paint(fill.fore_color, role)


def _named(drawn: Pptx, chart: BarChart, language: Language) -> None:
    """Values beside the bars of one series; of several a legend, because values would cover each other."""
    plot = drawn.plots[0]
    if chart.form != "line":
        plot.gap_width, plot.overlap = (60, 0) if len(chart.series) > 1 else (55, 0)
    if len(chart.series) > 1:
        drawn.has_legend = True
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        return
    drawn.has_legend = False
    style = MarkStyle(number_code(chart.kind, language), "outEnd", drawn.font.size.pt, TAGS[language.code])
    add_marks(plot.series[0], _marks(chart), style)


def _marks(chart: BarChart) -> list[Mark]:
    """Each label moved beyond its whisker."""
    (low, high), (_, _, width, height) = _ends(chart), _PLOTS[chart.form]
    series = chart.series[0]
    marks = []
    for value, below, above in zip(series.values, *series.arms, strict=True):
        way = 1.0 if value >= 0 else -1.0
        arm = above if value >= 0 else below
        share = way * (arm if arm == arm else 0.0) / (high - low)
        if chart.form == "bar":
            marks.append(Mark(x=share * width + way * _AWAY))
        else:
            marks.append(Mark(y=-share * height))
    return marks


def role_of(shown: Sequence[bool], colour: Colour = "first") -> tuple[Colour, ...]:
    """The colour of what stands out, grey for the rest."""
    return tuple(colour if one else "muted" for one in shown)
