"""Respondents needed: what is said of them, their picture and their table."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from drivers.analyses.power import RespondentsNeeded
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, MUTED, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()
_LINES = ((ACCENT, "-", "o"), (WARM, "--", "s"), (INK, "-.", "^"), (MUTED, ":", "D"), ("#7a5195", "--", "v"))
MOST_DRAWN = len(_LINES)


@explain.register
def _(result: RespondentsNeeded) -> tuple[Sentence, ...]:
    asked = result.needed[result.needed["question"] != "slope"]
    lines = [_line(row, result) for _, row in asked.iterrows()]
    now = sentence("The survey that this was computed from has {base:count}.", base=result.base)
    return (*lines, *([now] if result.base else []))


def _line(row: pd.Series, result: RespondentsNeeded) -> Sentence:
    values = {"label": row["label"], "other": row["other_label"], "power": result.power, "most": result.largest}
    if pd.isna(row["base_needed"]):
        return sentence(_LEADER_NEVER if row["question"] == "leader" else _PAIR_NEVER, **values)
    values |= {"n": row["base_needed"]}
    if row["base_needed"] <= result.smallest:
        return sentence(_LEADER_SOON if row["question"] == "leader" else _PAIR_SOON, **values)
    return sentence(_LEADER if row["question"] == "leader" else _PAIR, **values)


_LEADER = (
    "Some {n:count} respondents are needed to show with a chance of {power:percent} that {label} is first of all "
    "drivers."
)
_LEADER_SOON = (
    "{n:count} respondents or fewer are enough to show with a chance of {power:percent} that {label} is first of all "
    "drivers."
)
_LEADER_NEVER = (
    "Even {most:count} respondents are too few to show with a chance of {power:percent} that {label} is first of all "
    "drivers."
)
_PAIR = "To tell {label} from {other}: some {n:count}."
_PAIR_SOON = "To tell {label} from {other}: {n:count} or fewer."
_PAIR_NEVER = "To tell {label} from {other}: more than {most:count}."


@plot.register
def _(result: RespondentsNeeded, language: Language = ENGLISH) -> Figure:
    curves = result.table[result.table["question"] != "slope"].groupby(["question", "driver", "other"], sort=False)
    with figure_style():
        figure = new_figure(4.0)
        ax = figure.subplots()
        for (_, rows), (colour, line, mark) in zip(curves, _LINES, strict=False):
            base, power = rows["base"].to_numpy(dtype=float), rows["power"].to_numpy()
            low, high = rows["power_low"].to_numpy(), rows["power_high"].to_numpy()
            ax.fill_between(base, low, high, color=colour, alpha=0.15, linewidth=0)
            ax.plot(base, power, color=colour, linestyle=line, marker=mark, markersize=4, label=_name(rows, language))
        ax.axhline(result.power, color=INK, linewidth=0.8, linestyle=":")
        if result.base:
            ax.axvline(result.base, color=INK, linewidth=0.8)
            ax.annotate(language.say("now"), (result.base, 0.02), (3, 0), textcoords="offset points", fontsize=8)
        ax.set(xscale="log", ylim=(0, 1.04))
        ax.set_xticks(sorted(set(result.table["base"]))[::2])
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "count", 0)))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: language.figure(y, "percent", 0)))
        ax.set_xlabel(language.say("Respondents"))
        ax.set_ylabel(language.say("Chance of showing it"))
        figure.legend(loc="outside upper center", ncols=1, frameon=False, fontsize=9)
    return figure


def _name(rows: pd.DataFrame, language: Language) -> str:
    row = rows.iloc[0]
    label, other = short_label(row["label"]), short_label(row["other_label"])
    if row["question"] == "leader":
        return language.say("{label} is the first driver", label=label)
    return language.say("{label} before {other}", label=label, other=other)


@legend.register
def _(result: RespondentsNeeded) -> Sentence:
    return sentence("Dotted: the chance asked for. Bands: the uncertainty of the simulation itself.")


_QUESTIONS = {
    "leader": sentence("First driver"),
    "pair": sentence("Ahead of the other"),
    "slope": sentence("An effect of its own"),
}


@table.register
def _(result: RespondentsNeeded, language: Language = ENGLISH) -> Printed:
    frame = result.needed.assign(question=[language.say(_QUESTIONS[q]) for q in result.needed["question"]])
    whole = printed(frame, ["question", "label", "other_label", "base_needed"], language)
    most = language.say("more than {n:count}", n=result.largest)
    few = language.say("at most {n:count}", n=result.smallest)
    needed = result.needed["base_needed"]
    cells = [most if pd.isna(n) else few if n <= result.smallest else None for n in needed]
    rows = tuple(row if cell is None else (*row[:-1], cell) for row, cell in zip(whole.rows, cells, strict=True))
    return Printed(whole.headers, rows, whole.numeric)
