"""Through satisfaction or around it: what is said, the picture and the table; completes the verbs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from drivers.analyses.mediation import COMMON_NOISE, DriverMediation
from drivers.analyses.significance import SIGNIFICANT
from drivers.present.drawing import arms
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, WARM, figure_style, new_figure
from drivers.present.tables import ENGLISH, table
from drivers.wording import Sentence, sentence

_THROUGH, _AROUND = ("through", "both", "opposed"), ("around", "both", "opposed")


@explain.register
def _(result: DriverMediation) -> tuple[Sentence, ...]:
    around = result.table[result.table["route"].isin(_AROUND)]
    lead = (_named(result, around),) if len(around) else _nothing_around(result)
    told = tuple(_around(result, row) for _, row in around.head(_MOST).iterrows())
    return (
        *lead,
        *told,
        *_noise(result, len(around)),
        *_shown_through(result),
        _at_once(result),
        *_satisfaction(result),
    )


_MOST = 4  # drivers around satisfaction that get a sentence each; the rest is in the table


def _target(result: DriverMediation) -> Sentence:
    return (
        sentence("staying") if result.loyalty == "leaving" else sentence("the answer on {target}", target=result.target)
    )


def _ends(result: DriverMediation) -> str:
    return "" if result.loyalty == "leaving" else "_points"


def _amount(result: DriverMediation, row: pd.Series, name: str) -> Sentence:
    """An effect with its interval, in the unit of the loyalty."""
    column = name + _ends(result)
    return _amounted(result, row[column], row[f"{column}_low"], row[f"{column}_high"])


def _amounted(result: DriverMediation, value: float, low: float, high: float) -> Sentence:
    if result.loyalty == "leaving":
        return sentence(
            "{value:pp1} percentage points of retention ({low:pp1} to {high:pp1})", value=value, low=low, high=high
        )
    return sentence("{value:number2} points ({low:number2} to {high:number2})", value=value, low=low, high=high)


def _named(result: DriverMediation, around: pd.DataFrame) -> Sentence:
    return sentence(_SOME, target=_target(result), names=list(around["label"]))


_SOME = (
    "Not everything runs through satisfaction. Also between customers who are equally satisfied, this goes with "
    "{target}: {names:list}."
)


def _nothing_around(result: DriverMediation) -> tuple[Sentence, ...]:
    """The lead where no single driver is shown to act around satisfaction, and how much that rules out."""
    shown = result.table.loc[result.table["route"] == "through", f"through{_ends(result)}"]
    turned = len(shown) > 0 and bool((shown < 0).all())
    lead = sentence(
        _ALL_TURNED if turned else _ALL_THROUGH if len(shown) else _NEITHER,
        target=_target(result),
    )
    if result.around_all_p < SIGNIFICANT:
        return (lead, sentence(_JOINTLY, p=result.around_all_p))
    reach = sentence(
        "{value:pp1} percentage points" if result.loyalty == "leaving" else "{value:number2} points",
        value=result.most_around,
    )
    return (lead, sentence(_REACH, reach=reach))


_ALL_THROUGH = (
    "As far as a driver is shown to go with {target}, it does so through satisfaction: between customers who are "
    "equally satisfied, no driver is shown to go with it."
)
_ALL_TURNED = (
    "As far as a driver is shown to go with {target}, a higher rating goes with less of it, and does so through "
    "satisfaction: between customers who are equally satisfied, no driver is shown to go with it."
)
_NEITHER = "No driver is shown to go with {target}, neither through satisfaction nor around it."
_JOINTLY = (
    "Taken together the drivers do go with it around satisfaction (by chance alone in {p:chance} of surveys), but "
    "these answers do not show which of them."
)
_REACH = (
    "Smaller effects around satisfaction cannot be ruled out: the intervals reach to {reach} for one point of a driver."
)


def _around(result: DriverMediation, row: pd.Series) -> Sentence:
    values = {"label": row["label"], "around": _amount(result, row, "around")}
    if row["route"] == "around":
        return sentence(_ONLY_AROUND, **values)
    through = _amount(result, row, "through")
    return sentence(_BOTH if row["route"] == "both" else _OPPOSED, through=through, **values)


_ONLY_AROUND = (
    "{label}: at equal satisfaction one point more goes with {around}; nothing is shown to run through satisfaction."
)
_BOTH = "{label}: at equal satisfaction one point more goes with {around}, beside {through} through satisfaction."
_OPPOSED = (
    "{label} goes two ways: one point more goes with {through} through satisfaction, but with {around} around it."
)


def _noise(result: DriverMediation, around: int) -> tuple[Sentence, ...]:
    """What else may look like an effect around satisfaction."""
    if not around:
        return ()
    if not result.fragile:
        return (_KINDS, sentence(_STURDY, noise=COMMON_NOISE))
    return (_KINDS, sentence(_FRAGILE, noise=COMMON_NOISE, names=list(result.fragile)))


_KINDS = sentence(
    "What runs around satisfaction may be the relationship, habit or a contract; these answers do not tell which."
)
_STURDY = (
    "Noise in the answers on satisfaction also looks like an effect around it, but {noise:percent} noise in their "
    "differences, which must be reckoned with in a single question, does not explain all of any of these."
)
_FRAGILE = (
    "Read it with care: noise in the answers on satisfaction also looks like an effect around it. If {noise:percent} "
    "of their differences are noise, which must be reckoned with in a single question, that explains all of it for "
    "{names:list}."
)


def _shown_through(result: DriverMediation) -> tuple[Sentence, ...]:
    """The drivers through satisfaction, those that go with less loyalty apart."""
    shown = result.table[result.table["route"].isin(_THROUGH)]
    up = shown[f"through{_ends(result)}"] > 0
    more, less = list(shown.loc[up, "label"]), list(shown.loc[~up, "label"])
    lines = [sentence(_MORE, names=more)] if more else []
    lines += [sentence(_LESS, names=less)] if less else []
    return tuple(lines)


_MORE = "Shown to run through satisfaction: {names:list}."
_LESS = "Shown to run through satisfaction, but the other way, a higher rating with less loyalty: {names:list}."


def _at_once(result: DriverMediation) -> Sentence:
    row = result.together.iloc[0]
    values = {"through": _amount(result, row, "through"), "around": _amount(result, row, "around")}
    return sentence(_TOGETHER, **values)


_TOGETHER = (
    "One point more on all drivers at once goes with {through} through satisfaction, and with {around} around it."
)


def _satisfaction(result: DriverMediation) -> tuple[Sentence, ...]:
    if result.satisfaction_p < SIGNIFICANT:
        return ()
    effect = _amounted(result, result.satisfaction, result.satisfaction_low, result.satisfaction_high)
    return (sentence(_NO_LEG, target=_target(result), effect=effect),)


_NO_LEG = (
    "At equal ratings of the drivers satisfaction itself is not shown to go with {target}: one point goes with "
    "{effect}. So nothing can be shown to run through it."
)


@table.register
def _(result: DriverMediation, language: Language = ENGLISH) -> Printed:
    frame = result.table.assign(route=[language.say(_ROUTES[route]) for route in result.table["route"]])
    names = [f"{name}{_ends(result)}" for name in ("through", "around", "combined")]
    return printed(frame, ["label", *names, "route"], language)


_ROUTES = {
    "through": sentence("Through satisfaction"),
    "around": sentence("Around satisfaction"),
    "both": sentence("Both ways"),
    "opposed": sentence("Against each other"),
    "none": sentence("Nothing shown"),
}


@plot.register
def _(result: DriverMediation, language: Language = ENGLISH) -> Figure:
    frame = result.table
    with figure_style():
        figure = new_figure(1.1 + 0.42 * len(frame))
        ax = figure.subplots()
        ax.axvline(0, color=INK, linewidth=0.8)
        _points(ax, frame, f"through{_ends(result)}", -0.14, (ACCENT, frame["route"].isin(_THROUGH)))
        _points(ax, frame, f"around{_ends(result)}", 0.14, (WARM, frame["route"].isin(_AROUND)))
        ax.set_yticks(range(len(frame)), [short_label(label) for label in frame["label"]])
        ax.invert_yaxis()
        kind, digits = ("pp", 1) if result.loyalty == "leaving" else ("number", 1)
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, kind, digits)))
        ax.set_xlabel(language.say(_axis(result)))
        ax.grid(axis="y", visible=False)
    return figure


def _axis(result: DriverMediation) -> Sentence:
    if result.loyalty == "leaving":
        return sentence("Percentage points of retention for one point more")
    return sentence("Points on {target} for one point more", target=short_label(result.target))


def _points(ax: Axes, frame: pd.DataFrame, column: str, shift: float, look: tuple[str, pd.Series]) -> None:
    """Effects with their intervals, filled where they are shown."""
    colour, shown = look
    places, fill = np.arange(len(frame)) + shift, np.where(shown, colour, "white")
    ax.errorbar(frame[column], places, xerr=arms(frame, column), fmt="none", color=colour, capsize=3)
    ax.scatter(frame[column], places, s=26, facecolors=list(fill), edgecolors=colour, zorder=3)


@legend.register
def _(result: DriverMediation) -> Sentence:
    return sentence(
        "Blue: through satisfaction; orange: around it, between customers who are equally satisfied. Filled: shown, "
        "allowing for the number of drivers."
    )
