"""The overview of all reports in a folder: one page with a row for each client and wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from drivers.analyses.overview import Change, Satisfaction
from drivers.present.language import Language
from drivers.present.markup import template
from drivers.present.script import SORTING
from drivers.wording import plain_text, sentence


@dataclass(frozen=True, slots=True)
class Row:
    """One report, or what is left of one that failed.

    Attributes
    ----------
    client, wave
        Names as the client file and the survey have them; a wave of None where there are no waves.
    status
        "done", "failed" (nothing stands) or "stale" (it failed, and an earlier report stands).
    headline
        First sentence of the report in its own language, or the reason of the failure.
    language
        Of the headline.
    satisfaction, change
        The satisfaction index, and its change since the wave before; None where there is none.
    base
        Respondents.
    links
        Path of each file by what it is called, relative to the overview.
    """

    client: str
    wave: str | None
    status: str
    headline: str
    language: str
    satisfaction: Satisfaction | None = None
    change: Change | None = None
    base: int | None = None
    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a cell shows, and the key that it is sorted by."""

    text: str
    key: str | float = ""
    kind: str = ""
    language: str = ""


_NONE = _Cell("–", "", "number")


def overview_page(rows: Sequence[Row], language: Language) -> str:
    """The page: self-contained, sortable by each column, readable without its script."""
    shown = [([_client(row), *_cells(row, language)], row.links) for row in rows]
    page = template("overview/index.html.j2").render(
        rows=shown, heads=[language.say(head) for head in _HEADS], say=language.say, words=_WORDS,
        language=language.code, script=SORTING, summary=_summary(rows, language),
    )  # fmt: skip
    return plain_text(page)


_HEADS = (
    sentence("Client"),
    sentence("Wave"),
    sentence("Status"),
    sentence("In one sentence"),
    sentence("Satisfaction index"),
    sentence("Change since the wave before"),
    sentence("Base"),
    sentence("Files"),
)
_WORDS = {
    "title": sentence("All reports"),
    "sort": sentence("sort by this column"),
    "note": sentence(
        "Satisfaction index: mean satisfaction from 0 to 100, with 95% intervals in brackets unless the client file "
        "asks another level. Changes take the waves as separate samples. Status: failed, no report stands; stale, "
        "the last run failed and an earlier report stands."
    ),
}
_STATUS = {"done": sentence("done"), "failed": sentence("failed"), "stale": sentence("stale")}
_TREND = {"up": sentence("went up"), "down": sentence("went down"), "level": sentence("no change shown")}


def _summary(rows: Sequence[Row], language: Language) -> str:
    counts = {status: sum(row.status == status for row in rows) for status in _STATUS}
    return language.say(
        "{clients:count} clients, {done:count} reports; failed: {failed:count}, stale: {stale:count}.",
        clients=len({row.client for row in rows}), **counts,
    )  # fmt: skip


def _client(row: Row) -> _Cell:
    return _Cell(row.client, row.client.casefold())


def _cells(row: Row, language: Language) -> list[_Cell]:
    return [
        _Cell(row.wave or "–", row.wave or ""),
        _Cell(language.say(_STATUS[row.status]), row.status, row.status),
        _Cell(row.headline, row.headline.casefold(), "headline", row.language),
        _level_cell(row.satisfaction, language),
        _change_cell(row.change, language),
        _count_cell(row.base, language),
    ]  # fmt: skip


def _count_cell(count: int | None, language: Language) -> _Cell:
    return _NONE if count is None else _Cell(language.figure(count, "count", 0), count, "number")


def _level_cell(found: Satisfaction | None, language: Language) -> _Cell:
    if found is None:
        return _NONE
    value, low, high = (language.figure(x, "number", 1) for x in (found.level, found.low, found.high))
    return _Cell(language.spread(value, low, high), found.level, "number")


def _change_cell(change: Change | None, language: Language) -> _Cell:
    if change is None:
        return _NONE
    trend = "up" if change.low > 0 else "down" if change.high < 0 else "level"
    value, low, high = (language.figure(x, "signed", 1) for x in (change.value, change.low, change.high))
    ends = language.say("{low} to {high}", low=low, high=high)
    text = f"{value} ({ends}) {language.say(_TREND[trend])}"
    return _Cell(text, change.value, f"number {trend}")
