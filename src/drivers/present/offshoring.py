"""The business case of offshoring and of coming home: in words, drawn, and as a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from drivers.analyses.offshoring import SiteTerms, SourcingCase
from drivers.glossary import GLOSSARY
from drivers.present.drawing import whisker
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.printing import Printed, headers, number_cell
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()

_MOVES = {"offshoring": sentence("Going offshore"), "homecoming": sentence("Coming home")}
_MONEY = ("unit_cost_saving", "repeat_cost", "lost_value", "moving_cost", "net_yearly")
_TAKEN = ("repeat_cost", "lost_value", "moving_cost")
"""What is taken off the saving."""


@explain.register
def _(result: SourcingCase) -> tuple[Sentence, ...]:
    return tuple(line for lines in case_paragraphs(result) for line in lines)


def case_paragraphs(result: SourcingCase) -> tuple[tuple[Sentence, ...], ...]:
    """What is said of the business case, in paragraphs: going offshore, coming home, and how to read them."""
    away, home = (row for _, row in result.table.iterrows())
    once = sentence(_ONCE, cost=away["moving_cost"], years=result.horizon_years)
    saved = away["unit_cost_saving"]
    offshore = (
        _verdict(away, _AWAY),
        _said(_AWAY, "saving" if saved >= 0 else "dearer", amount=abs(saved)),
        _graded(away, "repeat_cost", "back"),
        _graded(away, "lost_value", "lost"),
        *((once,) if away["moving_cost"] > 0 else ()),
        *_survives(away, result),
        _even(away, result.terms, _AWAY),
    )
    back = (_verdict(home, _HOME), _even(home, result.terms, _HOME))
    return (offshore, back, (sentence(_CAVEAT, customers=result.terms.customers),))


_CAVEAT = (
    "The amounts are for {customers:count} customers who would differ as customers of the two sites differ now; costs "
    "and numbers count as certain. A trial with a part of the contacts would tell whether they do."
)


def _survives(row: pd.Series, result: SourcingCase) -> tuple[Sentence, ...]:
    """What stands where no loss of customers is shown."""
    if result.lost_shown or not row["net_yearly_low"] > 0:
        return ()
    return (sentence(_SURVIVES, low=row["net_yearly_low"]),)


_SURVIVES = (
    "So the saving stands: even with the repeat contacts and the customers lost that the margins allow for, "
    "{low:money} a year is left."
)


def _said(say: dict[str, Sentence], kind: str, **values: float) -> Sentence:
    """The sentence of this kind with these values."""
    return sentence(say[kind].template, **values)


def _verdict(row: pd.Series, say: dict[str, Sentence]) -> Sentence:
    low, high = row["net_yearly_low"], row["net_yearly_high"]
    values = {"net": row["net_yearly"], "low": low, "high": high, "pays": row["move_pays_probability"]}
    if high < 0:
        return _said(say, "loses", loss=-row["net_yearly"], low=-high, high=-low)
    return _said(say, "pays" if low > 0 else "open", **values)


def _graded(row: pd.Series, name: str, kind: str) -> Sentence:
    """A cost, a gain, or neither shown."""
    value, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    if not (low > 0 or high < 0):
        return _said(_AWAY, f"{kind}_alike", amount=value, low=low, high=high)
    least, most = sorted((abs(low), abs(high)))
    return _said(_AWAY, f"{kind}_cost" if low > 0 else f"{kind}_gain", amount=abs(value), low=least, high=most)


def _even(row: pd.Series, terms: SiteTerms, say: dict[str, Sentence]) -> Sentence:
    """At which difference between the unit costs it breaks even."""
    point, now = row["break_even_saving"], terms.onshore - terms.offshore
    values = {"point": point, "low": row["break_even_saving_low"], "high": row["break_even_saving_high"], "now": now}
    if row["move"] == "offshoring" and point > terms.onshore:
        return sentence(_NEVER, point=point, now=now)
    if point < 0:
        return _said(say, "even_dearer", point=-point, now=now)
    return _said(say, "even", **values)


_NEVER = (
    "Offshoring would not pay at any unit cost: a contact offshore would have to be {point:money2} cheaper, more than "
    "a contact onshore costs; it is {now:money2} cheaper now."
)
_ONCE = "Moving costs {cost:money} a year, spread over {years:count} years."
_AWAY = {
    "pays": sentence(
        "Offshoring pays, if customers follow as they differ now: {net:money} a year is left "
        "({low:money} to {high:money})."
    ),
    "loses": sentence(
        "Offshoring does not pay, if customers follow as they differ now: on balance it costs {loss:money} a year "
        "({low:money} to {high:money})."
    ),
    "open": sentence(
        "Whether offshoring pays is open: {net:money} a year ({low:money} to {high:money}), probability "
        "that it pays {pays:chance}."
    ),
    "saving": sentence("The lower cost of a contact saves {amount:money} a year."),
    "dearer": sentence("The same contacts cost {amount:money} a year more offshore."),
    "back_cost": sentence("More repeat contacts cost {amount:money} a year ({low:money} to {high:money})."),
    "back_gain": sentence("Fewer repeat contacts add {amount:money} ({low:money} to {high:money})."),
    "back_alike": sentence(
        "That repeat contacts cost more offshore is not shown: {amount:money} a year ({low:money} to {high:money})."
    ),
    "lost_cost": sentence(
        "With the difference in satisfaction goes {amount:money} of lifetime value a year, of "
        "customers who leave ({low:money} to {high:money})."
    ),
    "lost_gain": sentence(
        "With the difference in satisfaction goes a gain of {amount:money} in lifetime value a year "
        "({low:money} to {high:money})."
    ),
    "lost_alike": sentence(
        "That offshoring costs customers is not shown: {amount:money} of lifetime value a year "
        "({low:money} to {high:money})."
    ),
    "even_dearer": sentence(
        "Offshoring would pay even if a contact offshore were up to {point:money2} dearer; it is {now:money2} cheaper "
        "now."
    ),
    "even": sentence(
        "Offshoring breaks even where a contact offshore is {point:money2} cheaper ({low:money2} to "
        "{high:money2}); it is {now:money2} cheaper now."
    ),
}
_HOME = {
    "pays": sentence(
        "Coming home pays, if customers follow as they differ now: {net:money} a year is left "
        "({low:money} to {high:money})."
    ),
    "loses": sentence(
        "Coming home does not pay, if customers follow as they differ now: on balance it costs {loss:money} a year "
        "({low:money} to {high:money})."
    ),
    "open": sentence(
        "Whether coming home pays is open: {net:money} a year ({low:money} to {high:money}), probability "
        "that it pays {pays:chance}."
    ),
    "even": sentence(
        "Coming home pays as long as a contact offshore is less than {point:money2} cheaper "
        "({low:money2} to {high:money2}); it is {now:money2} cheaper now."
    ),
    "even_dearer": sentence(
        "Coming home would pay only if a contact offshore were more than {point:money2} dearer than at home; it is "
        "{now:money2} cheaper now."
    ),
}


@plot.register
def _(result: SourcingCase, language: Language = ENGLISH) -> Figure:
    names = headers([GLOSSARY[name] for name in _MONEY], language)
    with figure_style():
        figure = new_figure(3.2)
        for ax, (_, row) in zip(figure.subplots(1, 2, sharex=True, sharey=True), result.table.iterrows(), strict=True):
            _bars(ax, row)
            ax.set_title(language.say(_MOVES[row["move"]]), fontsize=10)
            ax.set_yticks(range(len(names)), names)
            ax.set(ylim=(len(names) - 0.5, -0.5))
            ax.xaxis.set_major_locator(MaxNLocator(4))
            ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x / 1e6, "number", 1)))
            ax.grid(axis="y", visible=False)
        figure.supxlabel(language.say("Millions a year ({currency})", currency=language.currency), fontsize=10)
    return figure


def _bars(ax: Axes, row: pd.Series) -> None:
    """Gains to the right, what is taken off to the left."""
    for k, name in enumerate(_MONEY):
        sign = -1 if name in _TAKEN else 1
        value = sign * float(row[name])
        ends = sorted(sign * float(row.get(f"{name}{end}", np.nan)) for end in ("_low", "_high"))
        ax.barh(k, value, height=0.62, color=INK if name == "net_yearly" else ACCENT if value > 0 else WARM)
        whisker(ax, value, ends[0], ends[1], k)
    ax.axvline(0, color=INK, linewidth=0.8)


@legend.register
def _(result: SourcingCase) -> Sentence:
    return sentence("To the right: what it brings; to the left: what it takes. The bottom bar is what is left.")


@table.register
def _(result: SourcingCase, language: Language = ENGLISH) -> Printed:
    """One column a move, one row an amount."""
    shown = [*_MONEY, "move_pays_probability", "break_even_saving"]
    names = headers([GLOSSARY[name] for name in shown], language)
    rows = [row for _, row in result.table.iterrows()]
    cells = [[_cell(row, column, language) for row in rows] for column in shown]
    lines = tuple((name, *line) for name, line in zip(names, cells, strict=True))
    first = headers([GLOSSARY["move"]], language)[0]
    return Printed((first, *(language.say(_MOVES[row["move"]]) for row in rows)), lines, (False, True, True))


def _cell(row: pd.Series, name: str, language: Language) -> str:
    kind = {"price": "money2", "probability": "chance"}.get(GLOSSARY[name].unit, "money")
    columns = [column for column in (name, f"{name}_low", f"{name}_high") if column in row]
    return number_cell([row[column] for column in columns], kind, language)
