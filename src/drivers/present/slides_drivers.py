"""Slides on what drives satisfaction: whether the aspects matter, which most, in what way, and what to fix first."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from drivers.analyses.importance import DriverImportance
from drivers.analyses.priorities import DriverPriorities
from drivers.present.deck_bars import role_of
from drivers.present.deck_charts import BarChart, Colour, MapChart, Series, bar_labels, series_of
from drivers.present.priorities import AXES, CORNERS
from drivers.present.segments import groups_lines
from drivers.present.slides import Result, Slide, Teller, told
from drivers.present.verbs import explain
from drivers.wording import Sentence, sentence

MOST_BARS = 15
"""Drivers in a chart on a slide; its notes say where the others are."""

NAN = float("nan")


def potential_slide(tell: Teller) -> Slide:
    """Do the measured aspects matter?"""
    result = tell.findings.potential
    share = result.table.set_index("measure").loc["cross_validated"]
    labels = (tell.say("The measured aspects"), tell.say("The least at which they count as the right ones"))
    series = Series(
        tell.say("Share predicted"),
        (max(float(share["value"]), 0.0), result.bar),
        (max(float(share["value_low"]), 0.0), NAN),
        (float(share["value_high"]), NAN),
        ("first", "second"),
    )
    title = tell.say("Share of the differences in satisfaction that the aspects predict")
    made = told("potential", result, tell, BarChart(labels, (series,), "percent1", title, top=1.0))
    lead, first, *rest = tell.lines(result)
    return replace(made, headlines=(first, tell.question("potential")), lines=(lead, *rest))


def drivers_slide(tell: Teller) -> Slide | None:
    """What really drives satisfaction, how firmly; without a ranking why there is none."""
    found = tell.findings
    if found.importance is None:
        return _unranked(tell)
    made = told("drivers", found.importance, tell, _ranking(found.importance, tell), short=_contested(tell))
    firm = found.robustness if tell.shows("robustness") else None
    firmness = tell.lines(firm)[:1]
    rest = tell.lines(found.importance)[1:]
    slopes = len([line for line in explain(found.importance) if "slope" in line.values])
    caveat = tell.say("These are associations, no proof of cause.")
    lines = (*firmness, *rest[: min(slopes, 1)], caveat, *rest[slopes:])
    more = (tell.say(_SHOWN, shown=MOST_BARS, all=len(found.importance.table)),)
    notes = (*made.notes, *tell.lines(firm)[1:], *(more if len(found.importance.table) > MOST_BARS else ()))
    return replace(made, lines=lines, notes=notes)


_SHOWN = "The chart shows the first {shown:count} of {all:count} drivers; the report has them all."


def _unranked(tell: Teller) -> Slide:
    """Why there is no ranking, and what is not said for that."""
    names = [name for name in ("drivers", "priorities", "shape", "groups", "plan") if tell.shows(name)]
    said = dict.fromkeys(tell.say(tell.findings.unanswered[n]) for n in names if n in tell.findings.unanswered)
    lead, *rest = said
    return Slide("drivers", (lead, tell.question("drivers")), tuple(rest), notes=tuple(said))


def _contested(tell: Teller) -> tuple[str, ...]:
    """A shorter headline where the first driver has rivals."""
    result = tell.findings.importance
    lead = explain(result)[0]
    if "rivals" not in lead.values:
        return ()
    return (
        tell.say(
            "{label} comes first with {share:percent} ({low:percent} to {high:percent}), but cannot be told apart from "
            "other drivers.",
            **{name: lead.values[name] for name in ("label", "share", "low", "high")},
        ),
    )


_WARM: tuple[Colour, ...] = ("second",)


def _ranking(result: DriverImportance, tell: Teller) -> BarChart:
    """Shares with their intervals; the first and those not to be told apart from it stand out, noise comes last."""
    rows = result.table.head(MOST_BARS)
    title = tell.say("Share of the explained differences in satisfaction")
    first = set(rows["letters"].iloc[0])
    leaders = [
        bool(first & set(letters)) and bool(beyond)
        for letters, beyond in zip(rows["letters"], rows["beyond_noise"], strict=True)
    ]
    shares = series_of(rows, "share", tell.say("Share"), role_of(leaders))
    labels = bar_labels(rows["label"])
    if result.noise_share == result.noise_share:
        labels = (*labels, tell.say("A driver of pure noise, at most"))
        shares = Series(
            shares.name, (*shares.values, result.noise_share), (*shares.low, NAN), (*shares.high, NAN),
            (*shares.colours, *_WARM),
        )  # fmt: skip
    return BarChart(labels, (shares,), "share", title)


def shape_slide(tell: Teller) -> Slide | None:
    """Where does improvement pay?"""
    result = tell.findings.shape
    if result is None:
        return None
    rows = result.table[result.table["penalty"].notna() & result.table["reward"].notna()].head(MOST_BARS)
    chart = _penalties(rows, tell) if len(rows) else None
    made = told("shape", result, tell, chart, short=_kinds(result.table, tell))
    lead, *rest = tell.lines(result)
    pairs = zip(rest, list(explain(result))[1:], strict=True)
    sides = [said for said, line in pairs if "reward" in line.values]
    lines = (lead, *sides[:1], *(line for line in rest if line not in sides[:1]))
    return replace(made, lines=lines if chart is not None else lines[:4])


def _kinds(table: pd.DataFrame, tell: Teller) -> tuple[str, ...]:
    """A shorter headline: how many drivers are shown to be of each kind; none where no kind is shown."""
    counts = {kind: int((table["shape"] == kind).sum()) for kind in _COUNTED}
    parts = [sentence(_COUNTED[kind][n > 1].template, n=n) for kind, n in counts.items() if n]
    return (tell.say("Shown, of {all:count} drivers: {parts:list}.", all=len(table), parts=parts),) if parts else ()


_COUNTED: dict[str, tuple[Sentence, Sentence]] = {
    "basic": (sentence("{n:count} that must be right"), sentence("{n:count} that must all be right")),
    "performance": (sentence("{n:count} that counts both ways"), sentence("{n:count} that count both ways")),
    "excitement": (sentence("{n:count} that delights"), sentence("{n:count} that delight")),
}


def _penalties(rows: pd.DataFrame, tell: Teller) -> BarChart:
    low = Series(
        tell.say("A low rating"),
        tuple(-float(x) for x in rows["penalty"]),
        tuple(-float(x) for x in rows["penalty_high"]),
        tuple(-float(x) for x in rows["penalty_low"]),
        _WARM * len(rows),
    )
    high = series_of(rows, "reward", tell.say("A high rating"), ("first",))
    return BarChart(
        bar_labels(rows["label"]), (low, high), "number1", tell.say("Points of satisfaction against a middle rating")
    )


def priorities_slide(tell: Teller) -> Slide | None:
    """What to fix first?"""
    result = tell.findings.priorities
    if result is None:
        return None
    made = told("priorities", result, tell, _map(result, tell), short=_first_names(tell))
    names = tuple(f"{i + 1}  {label}" for i, label in enumerate(bar_labels(result.table["label"])))
    return replace(made, lines=made.lines[:2], listed=names)


def _first_names(tell: Teller) -> tuple[str, ...]:
    """A shorter headline where aspects are called first."""
    frame = tell.findings.priorities.table  # type: ignore[union-attr]
    first = list(frame.loc[frame["call"] == "fix_first", "label"])
    return (tell.say("Fix first: {names:list}.", names=first),) if first else ()


_ROLES: dict[str, Colour] = {"fix_first": "second", "rival": "open", "keep_up": "first", "": "muted"}


def _map(result: DriverPriorities, tell: Teller) -> MapChart:
    frame, middle = result.table.reset_index(drop=True), result.crossing.set_index("measure")["value"]
    share = result.importance == "share"
    height = "derived" if share else "effect"
    names = {
        "fix_first": tell.say(CORNERS[0]), "rival": tell.say("Not clearly behind"), "keep_up": tell.say(CORNERS[1]),
        "": tell.say("Other"),
    }  # fmt: skip
    called = frame["call"].where(frame["call"].isin(list(names)), "")
    parts = [(names[call], _ROLES[call], frame[called == call]) for call in names if (called == call).any()]
    return MapChart(
        groups=tuple(series_of(part, height, name, (role,)) for name, role, part in parts),
        numbers=tuple(tuple(str(i + 1) for i in part.index) for _, _, part in parts),
        across=tuple(series_of(part, "performance", name, (role,)) for name, role, part in parts),
        cross=(float(middle["performance"]), float(middle["importance"])),
        corners=tuple(tell.say(name) for name in CORNERS),
        titles=(tell.say("Mean rating, from 0 (lowest answer) to 100 (highest)"), tell.say(AXES[result.importance])),
        kinds=("number", "percent" if share else "number2"),
    )


def groups_slide(tell: Teller) -> Slide | None:
    """Do groups of customers differ? A slide only where a difference is shown."""
    found: list[Result] = sorted(tell.findings.segments, key=lambda result: -len(result.differing))
    if not found or not found[0].differing:
        return None
    lead, *rest = (tell.say(line) for line in groups_lines(found))
    made = told("groups", found[0], tell, None)
    return replace(made, headlines=(lead, tell.question("groups")), lines=tuple(rest), notes=(lead, *rest, *made.notes))
