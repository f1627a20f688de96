"""A map: numbered points with both their intervals, the corners named, and the names in a list beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import AbstractPathEffect, withStroke

from drivers.present.style import INK, MUTED, new_figure

_SIZE = (262.0, 270.0)  # the map in points of type, near enough to keep numbers apart
_RADII = (9.0, 15.0, 22.0, 30.0)
_DIRECTIONS = [(1, 1), (-1, 1), (1, -1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1)]
_OFFSETS = [r * np.array(way) / np.hypot(*way) for r in _RADII for way in _DIRECTIONS]
_EDGE: list[AbstractPathEffect] = [withStroke(linewidth=2.0, foreground="white")]
_WIDTH = 30  # characters of a name in the list
_CLOSE = 10.0  # points of type within which two numbers, or a number and a point, are hard to read


@dataclass(frozen=True, slots=True)
class MapStyle:
    """How a table is drawn as a map.

    The columns of the two axes and of their intervals, the names of the corners (high left, high right, low left, low
    right), the colour of each point, whether it is filled, and where the lines cross (x, y).
    """

    x: str
    y: str
    x_ends: tuple[str, str]
    y_ends: tuple[str, str]
    corners: Sequence[str]
    colours: Sequence[str]
    filled: Sequence[bool]
    lines: tuple[float, float]


def map_figure(table: pd.DataFrame, style: MapStyle) -> tuple[Figure, Axes]:
    """A figure of this table's rows, and its axes to add to; rows are numbered in their order."""
    labels = [_wrapped(label) for label in table["label"]]
    figure = new_figure(max(4.3, 0.5 + 0.15 * sum(label.count("\n") + 1.45 for label in labels)))
    ax, side = figure.subplots(1, 2, width_ratios=(1.5, 1.0))
    x, y = table[style.x].to_numpy(dtype=float), table[style.y].to_numpy(dtype=float)
    ends = [table[list(pair)].to_numpy(dtype=float).T for pair in (style.x_ends, style.y_ends)]
    arms = [np.nan_to_num(np.maximum([v - low, high - v], 0.0)) for v, (low, high) in zip((x, y), ends, strict=True)]
    kinds = list(zip(style.colours, style.filled, strict=True))
    for colour, full in dict.fromkeys(kinds):
        own = np.array([kind == (colour, full) for kind in kinds])
        ax.errorbar(
            x[own], y[own], xerr=arms[0][:, own], yerr=arms[1][:, own], fmt="o", color=colour,
            markerfacecolor=colour if full else "white", markersize=5, linewidth=0.9, zorder=3,
        )  # fmt: skip
    (left, right), (bottom, top) = (_limits(v, a) for v, a in zip((x, y), arms, strict=True))
    ax.set(xlim=(left, right), ylim=(bottom, top))
    ax.axvline(style.lines[0], color=INK, linewidth=0.9, linestyle="--", zorder=2)
    ax.axhline(style.lines[1], color=INK, linewidth=0.9, linestyle="--", zorder=2)
    ax.grid(visible=False)
    _name_corners(ax, style.corners)
    _number(ax, np.column_stack([x, y]), np.hstack([arms[0].T, arms[1].T]))
    named = [colour if full else INK for colour, full in zip(style.colours, style.filled, strict=True)]
    _list(side, labels, named)
    for text in (*ax.texts, *side.texts):
        text.set_in_layout(False)  # all of them lie inside; to measure each would double the time of a picture
    return figure, ax


def _limits(values: np.ndarray, arms: np.ndarray) -> tuple[float, float]:
    """From below the lowest whisker to above the highest, with room for the names of the corners."""
    low, high = float((values - arms[0]).min()), float((values + arms[1]).max())
    margin = 0.09 * (high - low or 1.0)
    return low - margin, high + margin


def _name_corners(ax: Axes, corners: Sequence[str]) -> None:
    places = [(0.015, 0.985), (0.985, 0.985), (0.015, 0.015), (0.985, 0.015)]
    for name, (x, y) in zip(corners, places, strict=True):
        ax.text(
            x, y, name, transform=ax.transAxes, ha="left" if x < 0.5 else "right", va="top" if y > 0.5 else "bottom",
            fontsize=8.5, fontstyle="italic", color=INK, alpha=0.75, zorder=1,
        )  # fmt: skip


def _number(ax: Axes, places: np.ndarray, arms: np.ndarray) -> None:
    """A number beside each point (n, 2), where it covers no other point, whisker (n, 4) or number."""
    low, high = np.array([ax.get_xlim(), ax.get_ylim()]).T
    unit = np.array(_SIZE) / (high - low)
    spots, reach = (places - low) * unit, arms * np.repeat(unit, 2)
    taken: list[np.ndarray] = []
    for i, spot in enumerate(spots):
        others = [*np.delete(spots, i, axis=0), *taken]
        costs = [
            _crowding(spot + way, others) + _crossings(spot + way, spots, reach) + 0.15 * float(np.hypot(*way))
            for way in _OFFSETS
        ]
        offset = _OFFSETS[int(np.argmin(costs))]
        taken.append(spot + offset)
        far = float(np.hypot(*offset)) > _RADII[1]
        leader = {"arrowstyle": "-", "color": MUTED, "linewidth": 0.6, "shrinkA": 5, "shrinkB": 3}
        ax.annotate(
            str(i + 1), tuple(places[i]), tuple(offset), textcoords="offset points", ha="center", va="center",
            fontsize=8.5, fontweight="bold", color=INK, zorder=4, path_effects=_EDGE,
            arrowprops=leader if far else None,
        )  # fmt: skip


def _crowding(spot: np.ndarray, others: list[np.ndarray]) -> float:
    """How much this place covers others, or lies outside the map."""
    near = sum(max(0.0, _CLOSE - float(np.hypot(*(spot - other)))) for other in others)
    outside = np.maximum(0.0, [*(6.0 - spot), *(spot + 6.0 - _SIZE)]).sum()
    return near + 10.0 * float(outside)


def _crossings(spot: np.ndarray, spots: np.ndarray, reach: np.ndarray) -> float:
    """How many whiskers run through a number at this place."""
    (dx, dy), (left, right, down, up) = (spot - spots).T, reach.T
    flat = (np.abs(dy) < 5.0) & (dx > -left) & (dx < right)
    upright = (np.abs(dx) < 5.0) & (dy > -down) & (dy < up)
    return 1.5 * float(flat.sum() + upright.sum())


def _list(ax: Axes, labels: Sequence[str], colours: Sequence[str]) -> None:
    """The names of the numbers, from the top; `labels` may have two lines."""
    ax.set_axis_off()
    rows = [label.count("\n") + 1.45 for label in labels]
    step = min(1.0 / sum(rows), 0.043)
    place = 1.0
    for i, (label, colour, height) in enumerate(zip(labels, colours, rows, strict=True)):
        shade = INK if colour == MUTED else colour
        ax.text(0.07, place, str(i + 1), fontsize=8, fontweight="bold", ha="right", va="top", color=INK)
        ax.text(0.11, place, label, fontsize=8, va="top", color=shade, linespacing=1.05)
        place -= height * step


def _wrapped(label: str) -> str:
    """A label in two lines at most that fit beside the map."""
    return "\n".join(wrap(label, _WIDTH, max_lines=2, placeholder="…"))
