"""The codebook as plain text: columns below each other, safe for any terminal."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from drivers.analyses.codebook import Codebook, WaveCodebook
from drivers.analyses.outlook import ReportOutlook
from drivers.analyses.policy import ChosenPolicy
from drivers.present.names import POLICIES
from drivers.wording import Sentence

_HEADERS = ("Column", "Role", "Label", "Scale", "Base", "Missing", "Mean", "Top two", "Bottom two")
_POLICIES = ("Missing answers", "Keeps", "Share", "Used")
_USES = ("Column", "Role", "Label", "Base", "Missing")
_TEXTS = ("Column", "Role", "Label", "Scale", "Missing answers", "Used")  # what is set to the left
_WIDEST = 40  # characters of a name or label


def codebook_text(codebook: Codebook, source: str) -> str:
    """The codebook of this survey file as text: tables, notices, and at its end the problems or that there are none."""
    return "\n".join([_clean(source), *_lines(codebook)])


def _lines(codebook: Codebook) -> Iterator[str]:
    if len(codebook.uses):
        yield from ("", *_aligned([_USES, *_use_rows(codebook)]))
    for wave in codebook.waves:
        yield from ("", *_wave_lines(wave))
    if codebook.notices:
        yield from ("", *_noted(codebook.notices))
    yield ""
    yield from _verdict(codebook)


def _use_rows(codebook: Codebook) -> Iterator[tuple[str, ...]]:
    for row in codebook.uses.to_dict("records"):
        label = _short(row["label"]) if row["label"] != row["column"] else ""
        missing = _percent(row["missing_share"])
        yield (_short(row["column"]), row["role"], label, f"{row['base']:,}", missing)


def _wave_lines(wave: WaveCodebook) -> Iterator[str]:
    name = f"Wave {_clean(wave.wave)}: " if wave.wave else ""
    used = f"; the report on the drivers will use {wave.outlook.base:,}" if wave.outlook else ""
    yield (
        f"{name}{wave.base:,} questionnaires, {wave.answered:,} with an answer on satisfaction, "
        f"{wave.complete:,} with one on every driver too{used}"
    )
    yield from _aligned([_HEADERS, *_rows(wave)])
    yield from _noted(wave.notices)
    if wave.outlook:
        yield from _outlook_lines(wave.outlook)


def _outlook_lines(outlook: ReportOutlook) -> Iterator[str]:
    """How missing answers will be treated, and what the report will warn of."""
    if outlook.policy.kept < 1:
        yield from ("", *_aligned([_POLICIES, *_policy_rows(outlook)]))
        yield _reason(outlook.policy)
    yield from _noted(notice.sentence for notice in outlook.notices)
    yield from (f"! No answer on {name}: {_clean(str(reason))}" for name, reason in outlook.unanswered.items())


def _policy_rows(outlook: ReportOutlook) -> Iterator[tuple[str, ...]]:
    for row in outlook.policies.to_dict("records"):
        yield (
            str(POLICIES[row["policy"]]),
            f"{row['base']:,}",
            _percent(row["kept_share"]),
            "yes" if row["chosen"] else "",
        )


def _reason(policy: ChosenPolicy) -> str:
    if not policy.automatic:
        return "Used, as survey.missing_policy says."
    most = f"the column most often open misses {policy.most_missing:.1%}"
    return f"Used by the rule, as survey.missing_policy says nothing: {policy.kept:.1%} answered everything; {most}."


def _noted(sentences: Iterable[Sentence]) -> Iterator[str]:
    return (f"! {_clean(str(text))}" for text in sentences)


def _rows(wave: WaveCodebook) -> Iterator[tuple[str, ...]]:
    for row in wave.table.to_dict("records"):
        low, high = row["scale_low"], row["scale_high"]
        base = f"<{wave.minimum_base}" if row["suppressed"] else f"{row['base']:,.0f}"
        yield (
            _short(str(row["column"])),
            str(row["role"]),
            _short(str(row["label"])) if row["label"] != row["column"] else "",
            "" if math.isnan(low) else f"{low:g}-{high:g}",
            base,
            _percent(row["missing_share"]),
            "" if math.isnan(row["mean"]) else f"{row['mean']:,.2f}",
            _percent(row["top_two_share"]),
            _percent(row["bottom_two_share"]),
        )


def _verdict(codebook: Codebook) -> Iterator[str]:
    if not codebook.problems:
        yield "no problems"
        return
    for wave, error in codebook.problems:
        about = f"wave {_clean(wave)}: " if wave else ""
        yield f"error: {about}{error}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    right = [header not in _TEXTS for header in rows[0]]
    for row in rows:
        cells = [_padded(*cell) for cell in zip(row, widths, right, strict=True)]
        yield "  ".join(cells).rstrip()


def _padded(cell: str, width: int, right: bool) -> str:
    blanks = " " * (width - _width(cell))
    return blanks + cell if right else cell + blanks


def _width(text: str) -> int:
    """Places that a text takes on a terminal."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(unicodedata.combining(sign) > 0 for sign in text)


def _short(text: str) -> str:
    clean = _clean(text)
    return clean if len(clean) <= _WIDEST else clean[: _WIDEST - 1] + "…"


def _clean(text: str) -> str:
    """The text on one line without signs that steer a terminal."""
    line = " ".join(text.split())
    return "".join(sign if unicodedata.category(sign)[0] != "C" else "?" for sign in line)


def _percent(share: float) -> str:
    return "" if math.isnan(share) else f"{share:.1%}"
