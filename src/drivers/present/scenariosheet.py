"""The sheet on which a reader asks what if: changes and costs are typed, the answers follow by formulas."""

from __future__ import annotations

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from drivers.analyses.whatif import MEASURES, WhatIf
from drivers.glossary import GLOSSARY
from drivers.present.book import Book, plain, row_height
from drivers.present.drawsheet import DrawSheet, write_draws
from drivers.present.printing import headers
from drivers.present.scenario import MEASURES as SIMULATED
from drivers.wording import sentence

WHAT_IF, _DRAWS = sentence("What if"), sentence("Draws behind what if")
_TOP = 5  # row of the first driver, counted from 0
_LABEL, _MEAN, _DOWN, _UP, _ASKED, _CHANGE, _THEN, _ONCE, _YEARLY, _PLANNED = range(10)
_WIDTHS = [44.0, 14.0, 14.0, 14.0, 16.0, 14.0, 16.0, 18.0, 18.0, 13.0]
_HEADERS = (
    sentence("Aspect"), sentence("Mean now"), sentence("Most down"), sentence("Most up"), sentence("Change: type here"),
    sentence("Counted"), sentence("Mean then"), sentence("Cost once: type here"), sentence("Cost a year: type here"),
    sentence("In the plan"),
)  # fmt: skip
_RESULTS = (
    sentence("What goes with it"), sentence("Now"), sentence("Then"), sentence("Change"), sentence("From"),
    sentence("To"), sentence("Chance that it is above zero"),
)  # fmt: skip
_MONEY = ("total_cost", "net_value", "return_on_investment", "pays_probability")


def write_scenario(book: Book, given: WhatIf, contents: str) -> str:
    """Write the sheet of a what-if, and the hidden one behind it; its name."""
    name = book.language.say(WHAT_IF)
    sheet = book.sheet(name)
    last = _TOP + len(given.table) - 1
    draws = write_draws(
        book, book.language.say(_DRAWS), given, [f"'{name}'!$F${row + 1}" for row in range(_TOP, last + 1)]
    )
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    book.link(sheet, 0, 0, contents, f"← {contents}")
    book.paragraph(sheet, 1, name, _WIDTHS, bold=True, font_size=16)
    book.paragraph(sheet, 2, book.language.say(_HOW), _WIDTHS)
    _write_inputs(book, sheet, given)
    row = _write_results(book, sheet, last + 3, given, draws)
    row = _write_returns(book, sheet, row + 1, given, draws)
    for note in (book.language.say(_ASSOCIATION), book.language.say(given.method)):
        row += 1
        book.paragraph(sheet, row, note, _WIDTHS, font_size=9)
    sheet.freeze_panes(_TOP, 1)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    return name


_HOW = (
    "Type in the framed cells by how many scale points the mean of an aspect changes, and what that costs. The answers "
    "below follow at once. Beyond the end of its scale a change does not count; costs count for aspects that rise."
)
_ASSOCIATION = (
    "These are associations between customers of today, no proof of what a plan does. An interval runs from one end to "
    "the other; where it holds zero, no change is shown."
)


def _write_inputs(book: Book, sheet: Worksheet, given: WhatIf) -> None:
    """One row a driver, with the cells to type in."""
    said_headers = [book.language.say(said) for said in _HEADERS]
    sheet.set_row(_TOP - 1, row_height(zip(said_headers, _WIDTHS, strict=True)))
    for column, said in enumerate(said_headers):
        made = book.head(align="right" if column else "left")
        sheet.write_string(_TOP - 1, column, said, made)
    points, signed = book.figure("number2"), book.figure("signed2")
    for row, (_, lever) in enumerate(given.table.iterrows(), start=_TOP):
        line, (down, up) = row + 1, (lever["scale_low"] - lever["mean"], lever["scale_high"] - lever["mean"])
        sheet.set_row(row, row_height([(str(lever["label"]), _WIDTHS[_LABEL])]))
        sheet.write_string(row, _LABEL, plain(str(lever["label"])), book.text())
        for column, value, made in ((_MEAN, lever["mean"], points), (_DOWN, down, signed), (_UP, up, signed)):
            sheet.write_number(row, column, value, made)
        _write_input(book, sheet, (row, _ASKED), 0.0, (f"=$C${line}", f"=$D${line}"))
        sheet.write_formula(row, _CHANGE, f"=MIN(MAX(N(E{line}),C{line}),D{line})", signed, 0)
        sheet.write_formula(row, _THEN, f"=B{line}+F{line}", points, lever["mean"])
        for column, cost in ((_ONCE, "cost"), (_YEARLY, "yearly_cost")):
            _write_input(book, sheet, (row, column), lever[cost], None)
        if pd.notna(lever["improvement"]):
            sheet.write_number(row, _PLANNED, lever["improvement"], signed)


def _write_input(
    book: Book, sheet: Worksheet, place: tuple[int, int], value: float, ends: tuple[str, str] | None
) -> None:
    """A cell to type in: a change between these ends, or else a cost."""
    made = book.figure(
        "money" if ends is None else "signed2", locked=0, border=1, border_color=book.accent, bg_color="#fff8e1"
    )
    if pd.notna(value):
        sheet.write_number(*place, value, made)
    else:
        sheet.write_blank(*place, None, made)
    rule = {"validate": "decimal", "error_title": book.language.say(WHAT_IF)}
    if ends is None:
        limits = {"criteria": ">=", "value": 0, "error_message": book.language.say(_NO_COST)}
    else:
        limits = {
            "criteria": "between",
            "minimum": ends[0],
            "maximum": ends[1],
            "error_message": book.language.say(_BEYOND),
        }
    sheet.data_validation(*place, *place, {**rule, **limits})


_NO_COST = "Type an amount of 0 or more."
_BEYOND = "Type scale points; the mean cannot go beyond the ends of its scale (the two columns to the left)."


def _write_results(book: Book, sheet: Worksheet, row: int, given: WhatIf, draws: DrawSheet) -> int:
    """One row a measure: now, then, the change with its interval; the row below."""
    said_headers = [book.language.say(said) for said in _RESULTS]
    sheet.set_row(row, row_height(zip(said_headers, _WIDTHS, strict=False)))
    for column, said in enumerate(said_headers):
        sheet.write_string(row, column, said, book.head(align="right" if column else "left"))
    now = given.now.iloc[0]
    today = {"satisfaction": (now["mean_satisfaction"], "number2"), "retention": (now["yearly_retention"], "percent1")}
    for measure in MEASURES:
        row += 1
        name, how = SIMULATED[measure]
        times = "100*" if how.startswith("pp") else ""
        sheet.write_string(row, 0, book.language.say(name), book.text())
        if measure in today:
            value, printed = today[measure]
            sheet.write_number(row, 1, value, book.figure(printed))
            then = _within(given, draws, f"B{row + 1}+{draws.value(measure)}")
            sheet.write_formula(row, 2, then, book.figure(printed), value)
        for column, cell in enumerate((draws.value, draws.low, draws.high), start=3):
            shown = _within(given, draws, f'IF({cell(measure)}="","",{times}{cell(measure)})')
            sheet.write_formula(row, column, shown, book.figure(how), 0)
        chance = _within(given, draws, _asked(given, draws.share_above(measure, "0")))
        sheet.write_formula(row, 6, chance, book.figure("chance"), "")
    low, high = given.first_gain, given.first_gain + given.gain_step * (given.gains - 1)
    warned = book.language.say(_TOO_FAR, low=low, high=high).replace('"', '""')
    sheet.merge_range(row + 1, 0, row + 1, len(_WIDTHS) - 1, "", book.style(bold=True, font_color="#a11d1d"))
    sheet.write_formula(
        row + 1, 0, f'=IF({_near(given, draws)},"","{warned}")', book.style(bold=True, font_color="#a11d1d"), ""
    )
    return row + 2


_TOO_FAR = (
    "Further from today than these answers can tell: together the changes may move satisfaction by {low:signed1} to "
    "{high:signed1} points. Make them smaller."
)


def _near(given: WhatIf, draws: DrawSheet) -> str:
    """Whether satisfaction changes by no more than was computed."""
    gain, high = draws.value("satisfaction"), given.first_gain + given.gain_step * (given.gains - 1)
    return f"AND({gain}>={given.first_gain!r},{gain}<={high!r})"


def _within(given: WhatIf, draws: DrawSheet, formula: str) -> str:
    return f'=IF({_near(given, draws)},{formula},"")'


def _asked(given: WhatIf, formula: str) -> str:
    """The formula, once a change is asked."""
    cells = f"$F${_TOP + 1}:$F${_TOP + len(given.table)}"
    return f'IF(COUNTIF({cells},0)={len(given.table)},"",{formula})'


def _write_returns(book: Book, sheet: Worksheet, row: int, given: WhatIf, draws: DrawSheet) -> int:
    """What the changes cost over the horizon, and what is left of the lifetime value after that; the row below."""
    lines = range(_TOP + 1, _TOP + 1 + len(given.table))
    rises = f"$F${lines[0]}:$F${lines[-1]}"
    once, yearly = (f'SUMIF({rises},">0",${c}${lines[0]}:${c}${lines[-1]})' for c in "HI")
    rate, years = 1.0 / (1.0 + given.discount_rate), given.horizon_years
    annuity = f"{years}" if rate >= 1.0 else f"(1-{rate!r}^{years})/(1-{rate!r})"
    cost = f"$D${row + 1}"
    names = headers([GLOSSARY[name] for name in _MONEY], book.language)
    for place, header in enumerate(names, start=row):
        sheet.write_string(place, 0, plain(header), book.text())
    sheet.write_formula(row, 3, f"={once}+{yearly}*{annuity}", book.figure("money"), 0)
    for column, cell in enumerate((draws.value, draws.low, draws.high), start=3):
        value = cell("lifetime_value")
        net = _within(given, draws, f'IF({value}="","",{value}-{cost})')
        sheet.write_formula(row + 1, column, net, book.figure("money"), 0)
        share = _within(given, draws, f'IF(OR({value}="",{cost}=0),"",({value}-{cost})/{cost})')
        sheet.write_formula(row + 2, column, share, book.figure("percent1"), "")
    pays = _within(given, draws, _asked(given, draws.share_above("lifetime_value", cost)))
    sheet.write_formula(row + 3, 3, pays, book.figure("chance"), "")
    return row + len(_MONEY)
