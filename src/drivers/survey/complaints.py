"""Complaints: what is said of columns whose answers cannot be used as they are, one line for each thing to decide."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from drivers.client import Client
from drivers.client.roles import Role
from drivers.survey.codes import code_number
from drivers.survey.survey import Scale
from drivers.survey.terms import AnswerTerms
from drivers.survey.toml import toml_code
from drivers.survey.wording import says_no_answer
from drivers.survey.words import RATED, searchable

_SHOWN = 3  # offending answers, and columns, that an error text lists
_CODES = 8  # offending answers that are written out for survey.missing
_ROWS = 3  # rows that are named
_COMMON = 5  # respondents who must have given a text before it is quoted: rarer ones may say who they are
_LONGEST = 24  # characters of a text that is quoted
_INFINITE = ("inf", "infinity")
_SIGNED = re.compile(r"[€$£]?\s*[+-]?\d[\d.,' ]*\s*(%|€|EUR|euro)?", re.I)
_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?")  # as a spreadsheet writes it
_PERSONAL = re.compile(r"@|\d{6}")  # an address, a telephone or customer number

Kind = Literal["unreadable", "off_scale", "suspect", "among", "amounts", "broken"]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one column: which answers, how often, in which rows where they are few.

    `scale` is the one that they lie off, or that the others seem to be on; `offered` runs over all of them.
    """

    kind: Kind
    role: Role
    label: str
    terms: AnswerTerms
    found: Mapping[str, int]
    scale: Scale | None = None
    offered: Scale | None = None
    rows: tuple[int, ...] = ()


def complaints_text(client: Client, complaints: Sequence[Complaint]) -> str:
    """What is wrong with these columns: one line for all that share a problem and its remedy."""
    ordered = sorted(enumerate(complaints), key=lambda found: (_group(found[1]), found[0]))
    groups = [[c for _, c in group] for _, group in groupby(ordered, key=lambda found: _group(found[1]))]
    groups.sort(key=lambda group: complaints.index(group[0]))
    lines = [_TEXTS[group[0].kind](client, group) for group in groups]
    if len(complaints) > 1:
        lines.insert(0, f"{len({c.role.column for c in complaints})} columns cannot be used as they are")
    return "\n  ".join(lines) if len(groups) > 1 else lines[-1]


def _group(complaint: Complaint) -> str:
    """What complaints must share to be one line."""
    texts = sorted(quoted(complaint.found)) if complaint.kind == "unreadable" else []
    alone = complaint.role.column if complaint.terms.flags or complaint.kind in ("among", "amounts") else ""
    ends = complaint.scale and (float(complaint.scale.low), float(complaint.scale.high))
    return repr((complaint.kind, ends, bool(complaint.terms.relabelling), texts, alone))


def _subject(group: Sequence[Complaint]) -> str:
    """The column with its label, or how many columns; with the verb."""
    if len(group) > 1:
        return f"{len(group)} columns have"
    column, label = group[0].role.column, group[0].label
    return f'column "{column}"' + (f" ({label})" if label != column else "") + " has"


def _where(group: Sequence[Complaint]) -> str:
    """The columns, where there are several, and the rows, where they are few."""
    names = [f'"{c.role.column}"' for c in group]
    more = len(names) - _SHOWN
    listed_names = ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    columns = f", in {listed_names}" if len(names) > 1 else ""
    return columns + (rows_text(row for c in group for row in c.rows) if all(c.rows for c in group) else "")


def rows_text(rows: Iterable[int]) -> str:
    """Where in the file these rows are, if they are few."""
    found = few_rows(rows)
    if not found:
        return ""
    return f", in row {found[0]:,}" if len(found) == 1 else f", in rows {', '.join(f'{row:,}' for row in found)}"


def _off_scale(client: Client, group: Sequence[Complaint]) -> str:
    scale, stored = group[0].scale, " as labels number it" if group[0].terms.relabelling else ""
    whose = "their" if len(group) > 1 else "its"
    ends = f"{scale.low:g} to {scale.high:g}" if scale else ""
    remedy = (
        "name the codes stored for them in survey.missing"
        if stored
        else _missing(client, group, "survey.missing")
        + (f" (or add them to {group[0].terms.missing_key} for this column alone)" if len(group) == 1 else "")
    )
    return (
        f"{_subject(group)} answers outside {whose} scale {ends}{stored}: {listed(_total(group))}{_where(group)}. If "
        f"they mean no answer, {remedy}; if the scale is wider, correct {_scale_key(group)}.{_sum(group)}"
    )


def _sum(group: Sequence[Complaint]) -> str:
    """What to do with a row of totals, where all that is wrong stands in one row and far above the scale."""
    scale, rows = group[0].scale, {row for c in group for row in c.rows} if all(c.rows for c in group) else set()
    far = scale and all(float(code) > scale.high + scale.span for c in group for code in c.found)
    return " If that row holds totals, remove it." if far and len(rows) == 1 else ""


def _suspect(client: Client, group: Sequence[Complaint]) -> str:
    scale, offered = group[0].scale, [s for c in group for s in (c.scale, c.offered) if s]
    beside = f" beside {scale.low:g} to {scale.high:g}" if scale else ""
    ends = f" = [{min(s.low for s in offered):g}, {max(s.high for s in offered):g}]" if scale else ""
    return (
        f"{_subject(group)} no scale, and answers{beside} that look like codes for no answer: {listed(_total(group))}"
        f"{_where(group)}. If they mean no answer, {_missing(client, group, _missing_key(group))}; if they are "
        f"answers, {'set' if ends else 'declare'} {_scale_key(group)}{ends}."
    )


def _among(client: Client, group: Sequence[Complaint]) -> str:
    (complaint,) = group
    low, high = (complaint.scale.low, complaint.scale.high) if complaint.scale else (0, 0)
    ends = f" = [{complaint.offered.low:g}, {complaint.offered.high:g}]" if complaint.offered else ""
    return (
        f"{_subject(group)} no scale, and codes of survey.missing among its other answers, {low:g} to {high:g}: "
        f"{listed(complaint.found)}. If they are answers, set {complaint.terms.scale_key}{ends}; if they mean no "
        f"answer, {_missing(client, group, complaint.terms.missing_key)}."
    )


def _amounts(client: Client, group: Sequence[Complaint]) -> str:
    key = group[0].terms.missing_key
    return (
        f"{_subject(group)} amounts that look like codes for no amount: {listed(_total(group))}{_where(group)}. If "
        f"they mean no amount, {_missing(client, group, key)}; if they are amounts, set {key} = []."
    )


def _broken(_client: Client, group: Sequence[Complaint]) -> str:
    what = "an answer that is" if sum(_total(group).values()) == 1 else "answers that are"
    return (
        f"{_subject(group)} {what} no whole number, where nearly all others are{_where(group)}. Such a row is often a "
        "total or a mean: remove it. If it is a respondent, round the answers."
    )


def _unreadable(client: Client, group: Sequence[Complaint]) -> str:
    terms, unreadable = group[0].terms, _total(group)
    said = quotable(unreadable, max(max(c.found.values()) for c in group))
    if terms.flags:
        return (
            f"{_subject(group)} answers that are neither yes nor no: {said}{_where(group)}. Expected 0/1, true/false, "
            "yes/no or ja/nee. Recode them, or add those that mean no answer to survey.missing."
        )
    likely = [text for text in unreadable if says_no_answer(text)]
    remedy = (
        f"Set survey.missing = {_merged(client.survey.missing, likely)} if they mean no answer"
        if likely
        else "Add those that mean no answer to survey.missing"
    )
    return (
        f"{_subject(group)} answers that are not numbers: {said}{_where(group)}. Expected numbers only. {remedy}; a "
        f"column of texts can be no rating.{_hint(list(unreadable))}"
    )


def _hint(texts: Sequence[str]) -> str:
    """What such texts often are, and what helps then."""
    if any("," in text and code_number(text, ",") is not None for text in texts):
        return ' If they are numbers with a comma, set survey.decimal = ",".'
    if any(_SIGNED.fullmatch(text) for text in texts):
        return " If they are numbers, export them without signs for thousands, currency or percent."
    if any(_ERROR.fullmatch(text) for text in texts):
        return " Repair the formulas that end in an error, or empty their cells."
    if any(RATED.search(searchable(text)) for text in texts):
        return " If they are the words of a scale, export the survey with its numbers."
    return ""


_TEXTS = {
    "unreadable": _unreadable,
    "off_scale": _off_scale,
    "suspect": _suspect,
    "among": _among,
    "amounts": _amounts,
    "broken": _broken,
}


def _total(group: Sequence[Complaint]) -> Counter[str]:
    total: Counter[str] = Counter()
    for complaint in group:
        total.update(complaint.found)
    return total


def _missing(client: Client, group: Sequence[Complaint], key: str) -> str:
    """What to write where these answers are none."""
    codes = [float(text) for text in _total(group)]
    if len(codes) > _CODES:
        return f"name them in {key}"
    known = {"survey.missing": client.survey.missing, "drivers.missing": client.drivers.missing}.get(key, ())
    own = group[0].terms.own if len(group) == 1 else ()
    return f"set {key} = {_merged(known or own, sorted(codes))}"


def _merged(known: Iterable[float | str], more: Iterable[float | str]) -> str:
    """These codes as a list of a client file, each once."""
    return f"[{', '.join(dict.fromkeys(toml_code(code) for code in (*known, *more)))}]"


def _missing_key(group: Sequence[Complaint]) -> str:
    if len(group) == 1:
        return group[0].terms.missing_key
    return "drivers.missing" if {c.role.name for c in group} == {"driver"} else "survey.missing"


def _scale_key(group: Sequence[Complaint]) -> str:
    keys = [c.terms.scale_key for c in group]
    if len(group) > 1:
        keys = ["drivers.scale" if c.role.name == "driver" else key for c, key in zip(group, keys, strict=True)]
    return " and ".join(dict.fromkeys(keys))


def few_rows(rows: Iterable[int]) -> tuple[int, ...]:
    """These rows, where they are few enough to be named."""
    found = tuple(sorted(set(rows)))
    return found if len(found) <= _ROWS else ()


def quotable(counts: Mapping[str, int], common: int | None = None) -> str:
    """These texts with their counts, quoted where they are common or known to be no answer; others are only counted.

    A comment, a name or an address that a respondent typed must not get into an error text. `common` is the most that
    one column holds, where the counts are of several.
    """
    shown = {f'"{text}"': count for text, count in counts.items() if _impersonal(text, min(count, common or count))}
    hidden = sum(counts.values()) - sum(shown.values())
    texts = f"{hidden:,} text{'s' if hidden > 1 else ''} not quoted, as they may be personal" if hidden else ""
    return " and ".join(part for part in (listed(shown) if shown else "", texts) if part)


def quoted(counts: Mapping[str, int]) -> list[str]:
    """Those of these texts that are quoted."""
    return [text for text, count in counts.items() if _impersonal(text, count)]


def _impersonal(text: str, count: int) -> bool:
    if says_no_answer(text) or code_number(text, ",") is not None or text.strip("+-").casefold() in _INFINITE:
        return True
    if _ERROR.fullmatch(text):
        return True
    return count >= _COMMON and len(text) <= _LONGEST and not _PERSONAL.search(text)


def listed(counts: Mapping[str, int]) -> str:
    """The most frequent of these answers with their counts."""
    most = sorted(counts.items(), key=lambda item: -item[1])
    shown = ", ".join(f"{text} ({count:,} {'time' if count == 1 else 'times'})" for text, count in most[:_SHOWN])
    return shown + (f" and {len(most) - _SHOWN} other answers" if len(most) > _SHOWN else "")


def written(counts: Mapping[float, int]) -> dict[str, int]:
    """These counts of numbers by what an error text calls them."""
    return {toml_code(code): count for code, count in counts.items()}
