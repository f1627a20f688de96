"""What several pictures share: bars with their intervals, and numbers along an axis."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.ticker import Formatter

from drivers.present.language import Language
from drivers.present.style import INK


class NumberTicks(Formatter):
    """Numbers along an axis as the language writes them, all with the decimals that one of them needs."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Print one of them by itself."""
        return self.format_ticks([x])[0]

    def format_ticks(self, values: Iterable[float]) -> list[str]:
        """Print all of them."""
        x = np.array(list(values), dtype=float)
        digits = next((d for d in range(_MOST_DIGITS) if np.allclose(x, x.round(d), atol=1e-9)), _MOST_DIGITS)
        return [self._language.figure(float(value), "number", digits) for value in x]


_MOST_DIGITS = 4


def bars(ax: Axes, table: pd.DataFrame, column: str, colours: np.ndarray) -> None:
    """Horizontal bars from zero, largest on top, with the interval of each."""
    places = [str(i) for i in range(len(table))]
    sns.barplot(
        x=table[column].to_numpy(dtype=float),
        y=places,
        hue=places,
        palette=list(colours),
        legend=False,
        ax=ax,
        width=0.66,
    )
    for i, row in table.iterrows():
        whisker(ax, row[column], row[f"{column}_low"], row[f"{column}_high"], int(str(i)))
    ax.set_yticks(range(len(table)), list(table["label"]))
    ax.grid(axis="y", visible=False)


def whisker(ax: Axes, value: float, low: float, high: float, place: float) -> None:
    """The interval of a bar, a thin line with a white edge; nothing where it is not finite."""
    if np.isfinite([low, high]).all():
        arms = [[max(value - low, 0.0)], [max(high - value, 0.0)]]
        drawn = ax.errorbar([value], [place], xerr=arms, color=INK, capsize=3, linewidth=1.1, fmt="none")
        outline: list[AbstractPathEffect] = [withStroke(linewidth=3.2, foreground="white")]
        for artist in (*drawn.lines[1], *drawn.lines[2]):
            artist.set_path_effects(outline)


def arms(table: pd.DataFrame, column: str) -> np.ndarray:
    """Lengths (2, rows) of the two arms of each interval, never negative."""
    value = table[column].to_numpy(dtype=float)
    low = table[f"{column}_low"].to_numpy(dtype=float)
    high = table[f"{column}_high"].to_numpy(dtype=float)
    arms: np.ndarray = np.nan_to_num(np.maximum(np.vstack([value - low, high - value]), 0.0))
    return arms
