"""Does the kind of contract matter: words, picture and tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from drivers.analyses.contracts import ContractComparison
from drivers.present.drawing import arms
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, GRID, INK, WARM, figure_style, new_figure
from drivers.present.tables import ENGLISH, table
from drivers.wording import Sentence, sentence

CLEAR = 0.05
"""P-value below which a difference is told."""

_LONGEST = 24  # characters of a kind of contract beside the picture
_VERDICTS = {
    "higher": sentence("Higher"),
    "lower": sentence("Lower"),
    "equal": sentence("Equal within the margin"),
    "not_shown": sentence("No difference shown"),
}
_VIEWS = {
    "contract_gap": (sentence("As they are"), INK, "o"),
    "equal_gap": (sentence("Other things equal (regression)"), ACCENT, "s"),
    "weighted_gap": (sentence("Weighted alike"), WARM, "^"),
}


@explain.register
def _(result: ContractComparison) -> tuple[Sentence, ...]:
    means = [
        sentence(_MEAN, kind=row["contract_kind"], **_ends(row, "mean_satisfaction")) for row in _rows(result.kinds)
    ]
    lines = [sentence("Mean satisfaction: {means:list}.", means=means), *_beside(result), *_undecided(result)]
    notices = (notice.sentence for notice in result.notices)
    return (_lead(result), *lines, *_moderation(result), *_promises(result), *notices)


_MEAN = "{kind} {value:number1} ({low:number1} to {high:number1})"


def _rows(frame: pd.DataFrame) -> list[pd.Series]:
    return [row for _, row in frame.iterrows()]


def _ends(row: pd.Series, column: str) -> dict[str, float]:
    return {"value": row[column], "low": row[f"{column}_low"], "high": row[f"{column}_high"]}


def _lead(result: ContractComparison) -> Sentence:
    shown = result.gaps[result.gaps["contract_verdict"].isin(("higher", "lower"))]
    gaps = [_gap(row, "equal_gap") for row in _rows(shown)]
    welch = float(result.tests["p_value"].iloc[0])
    if len(gaps) and result.held:
        return sentence(_SHOWN, held=result.held, gaps=gaps)
    if len(gaps):
        return sentence("Satisfaction differs between the kinds of contract: {gaps:list}.", gaps=gaps)
    equal = bool((result.gaps["contract_verdict"] == "equal").all())
    if equal:
        return sentence(_ALL_EQUAL, margin=result.margin)
    if welch < CLEAR and result.held:
        return sentence(_RAW_ONLY, held=result.held)
    return sentence("It is not shown that satisfaction differs between the kinds of contract.")


_SHOWN = "The kind of contract goes with satisfaction, also between organisations alike in {held:list}: {gaps:list}."
_ALL_EQUAL = (
    "The kind of contract hardly matters for satisfaction: every gap is shown to be smaller than {margin:number2} "
    "points."
)
_RAW_ONLY = (
    "Satisfaction differs between the kinds of contract, but between organisations alike in {held:list} no difference "
    "is shown."
)


def _gap(row: pd.Series, column: str) -> Sentence:
    values = {"kind": row["contract_kind"], "other": row["other_kind"]}
    found = _ends(row, column)
    if found["value"] >= 0:
        return sentence(_ABOVE, **values, **found)
    turned = {"value": -found["value"], "low": -found["high"], "high": -found["low"]}
    return sentence(_BELOW, **values, **turned)


_ABOVE = "{kind} {value:number2} points above {other} ({low:number2} to {high:number2})"
_BELOW = "{kind} {value:number2} points below {other} ({low:number2} to {high:number2})"


def _beside(result: ContractComparison) -> Iterator[Sentence]:
    """Gaps that are shown as they are, and what other things equal leaves of them."""
    for row in _rows(result.gaps[result.gaps["contract_gap_p"] < CLEAR]):
        raw = _gap(row, "contract_gap")
        if not result.held:
            yield sentence("As they are: {gap}.", gap=raw)
            continue
        ends = {f"{name}_{end}": row[f"{name}_gap{part}"] for name in ("equal", "weighted") for end, part in _PARTS}
        weighted = np.isfinite(row["weighted_gap_low"])
        yield sentence(_BOTH if weighted else _REGRESSION, gap=raw, **ends)


_PARTS = (("value", ""), ("low", "_low"), ("high", "_high"))
_BOTH = (
    "As they are: {gap}. Other things equal by regression {equal_value:signed2} ({equal_low:signed2} to "
    "{equal_high:signed2}), by weighting {weighted_value:signed2} ({weighted_low:signed2} to {weighted_high:signed2})."
)
_REGRESSION = (
    "As they are: {gap}. Other things equal by regression {equal_value:signed2} ({equal_low:signed2} to "
    "{equal_high:signed2})."
)


def _undecided(result: ContractComparison) -> Iterator[Sentence]:
    """Pairs between which no difference is shown: equal, or not known."""
    for verdict, template in (("equal", _EQUAL), ("not_shown", _OPEN if result.margin else _NOT_SHOWN)):
        rows = _rows(result.gaps[result.gaps["contract_verdict"] == verdict])
        pairs = [sentence("{kind} against {other}", kind=r["contract_kind"], other=r["other_kind"]) for r in rows]
        if pairs:
            yield sentence(template.template, pairs=pairs, margin=result.margin)


_EQUAL = sentence("Shown to be less than {margin:number2} points apart, other things equal: {pairs:list}.")
_OPEN = sentence(
    "Other things equal and allowing for the number of comparisons, neither a difference is shown nor that it is "
    "smaller than {margin:number2} points: {pairs:list}."
)
_NOT_SHOWN = sentence(
    "Other things equal and allowing for the number of comparisons, no difference is shown: {pairs:list}."
)


def _moderation(result: ContractComparison) -> Iterator[Sentence]:
    """Whether other things count under one contract than under another."""
    joint = result.tests.loc[result.tests["test"] == "contracts_slopes", "p_value"]
    if result.moderation.empty or joint.empty:
        return
    differing = result.moderation[result.moderation["slopes_differ"].astype(bool)]
    if differing.empty:
        yield sentence(_SOME_DIFFER if float(joint.iloc[0]) < CLEAR else _SAME)
    for label, rows in differing.groupby("label", sort=False):
        slopes = [sentence(_SLOPE, kind=r["contract_kind"], **_ends(r, "contract_slope")) for r in _rows(rows)]
        yield sentence(_DIFFERS, driver=label, slopes=slopes)


_SAME = "It is not shown that other drivers count under one kind of contract than under another."
_SOME_DIFFER = (
    "Taken together the drivers do not count alike under all kinds of contract, but for no single one is that shown."
)
_DIFFERS = (
    "What {driver} counts for depends on the contract; one point more goes with this many points of satisfaction: "
    "{slopes:list}."
)
_SLOPE = "{kind} {value:number2} ({low:number2} to {high:number2})"


def _promises(result: ContractComparison) -> Iterator[Sentence]:
    """What more of each promise kept goes with."""
    for row in _rows(result.promises):
        whole = {f"whole_{end}": row[f"ten_points_whole{part}"] for end, part in _PARTS}
        values = {"promise": row["label"], "kept": row["mean_kept"], **_ends(row, "ten_points"), **whole}
        beside, total = row["ten_points_p"] < CLEAR, row["ten_points_whole_p"] < CLEAR
        yield sentence(_KEPT[bool(beside), bool(total)].template, **values)


_KEPT = {
    (True, True): sentence(
        "{promise} ({kept:percent} now): ten percentage points more go with {whole_value:signed2} points of "
        "satisfaction ({whole_low:signed2} to {whole_high:signed2}), and {value:signed2} ({low:signed2} to "
        "{high:signed2}) at equal ratings."
    ),
    (True, False): sentence(
        "{promise} ({kept:percent} now): at equal ratings ten percentage points more go with {value:signed2} points of "
        "satisfaction ({low:signed2} to {high:signed2}); in all no link is shown."
    ),
    (False, True): sentence(
        "{promise} ({kept:percent} now): ten percentage points more go with {whole_value:signed2} points of "
        "satisfaction ({whole_low:signed2} to {whole_high:signed2}); at equal ratings no link is shown."
    ),
    (False, False): sentence("{promise} ({kept:percent} now): no link with satisfaction is shown."),
}


@plot.register
def _(result: ContractComparison, language: Language = ENGLISH) -> Figure:
    gaps = result.gaps.reset_index(drop=True)
    views = [name for name in _VIEWS if (result.held or name == "contract_gap") and gaps[name].notna().any()]
    with figure_style():
        figure = new_figure(1.3 + 0.62 * len(gaps))
        ax = figure.subplots()
        if result.margin:
            ax.axvspan(-result.margin, result.margin, color=GRID, alpha=0.6, linewidth=0)
        ax.axvline(0, color=INK, linewidth=0.8)
        for k, name in enumerate(views):
            said, colour, mark = _VIEWS[name]
            place = np.arange(len(gaps)) + 0.22 * (k - (len(views) - 1) / 2)
            ax.errorbar(
                gaps[name], place, xerr=arms(gaps, name), fmt=mark, color=colour, markersize=5, capsize=2,
                linewidth=1.2, label=language.say(said),
            )  # fmt: skip
        ax.set_yticks(range(len(gaps)), [_pair(row, language) for row in _rows(gaps)])
        ax.set_ylim(len(gaps) - 0.5, -0.5)
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(language.say("Points of satisfaction more"))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "number", 1)))
        handles, names = ax.get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper center", ncols=3, frameon=False)
    return figure


def _pair(row: pd.Series, language: Language) -> str:
    kind, other = (short_label(row[name], _LONGEST) for name in ("contract_kind", "other_kind"))
    return language.say("{kind}\nagainst {other}", kind=kind, other=other)


@legend.register
def _(result: ContractComparison) -> Sentence:
    if not result.held:
        return sentence("How much more satisfied organisations with one kind of contract are than those with another.")
    if result.margin is None:
        return sentence(_LEGEND, held=result.held)
    return sentence(_LEGEND_MARGIN, held=result.held, margin=result.margin)


_LEGEND = (
    "How much more satisfied organisations with one kind of contract are than those with another: as they are, and "
    "alike in {held:list}."
)
_LEGEND_MARGIN = (
    "How much more satisfied organisations with one kind of contract are than those with another: as they are, and "
    "alike in {held:list}. Grey: less than {margin:number2} points either way, which counts as equal."
)


@table.register
def _(result: ContractComparison, language: Language = ENGLISH) -> Printed:
    frame = result.gaps.assign(contract_verdict=[language.say(_VERDICTS[v]) for v in result.gaps["contract_verdict"]])
    adjusted = ["equal_gap", "equal_gap_p", "weighted_gap"] if result.held else []
    alike = ["equivalence_p"] if result.margin else []
    columns = ["contract_kind", "other_kind", "contract_gap", "contract_gap_p", "hedges_g", *adjusted, *alike]
    return printed(frame, [*columns, "contract_verdict"], language)


def kinds_table(result: ContractComparison, language: Language = ENGLISH) -> Printed:
    """Who has which contract, and how well the kinds can be made alike."""
    more = ["weighted_base", "rare_share"] if result.held else []
    kinds = printed(result.kinds, ["contract_kind", "organisations", "base", "mean_satisfaction", *more], language)
    return replace(kinds, caption=language.say("Organisations by kind of contract"))


def balance_table(result: ContractComparison, language: Language = ENGLISH) -> Printed:
    """How alike the kinds are in what is held equal, before and after weighting."""
    columns = ["label", "contract_kind", "other_kind", "balance_before", "balance_after"]
    balance = printed(result.balance, columns, language)
    return replace(balance, caption=language.say("How alike the kinds are, before and after weighting"))


def slopes_table(result: ContractComparison, language: Language = ENGLISH) -> Printed:
    """What a point of each driver counts for under each kind of contract: a row a driver."""
    kinds = list(dict.fromkeys(result.moderation["contract_kind"]))
    whole = printed(result.moderation, ["label", "contract_slope", "contract_slope_p", "slopes_differ"], language)
    cells = [whole.rows[i : i + len(kinds)] for i in range(0, len(whole.rows), len(kinds))]
    rows = tuple((own[0][0], *(row[1] for row in own), *own[0][2:]) for own in cells)
    headers = (whole.headers[0], *kinds, *whole.headers[2:])
    caption = language.say("What a point of each driver counts for, by kind of contract")
    return Printed(headers, rows, (False, *(True for _ in kinds), True, False), caption)
