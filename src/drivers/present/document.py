"""findings.json: every number of a report at full precision, for whoever reads it by machine."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from drivers.analyses.findings import Findings
from drivers.present.language import Language
from drivers.present.summary import summary_lines
from drivers.wording import Sentence, escaped

SCHEMA_VERSION = "2.9"
"""Raised when a name is taken away or changes meaning (first number) or is added (second number)."""

_ASKED = (
    "importance", "robustness", "halo", "shape", "curves", "necessity", "loyalty", "sensitivity", "intention",
    "net_promoter", "value", "chain", "contract", "purchases",
)  # fmt: skip
_PRIORITIES = ("priorities", "stated", "paths", "path_priorities")
_GROUPS = ("segments", "plan", "budget", "what_if", "checks")
_SECTIONS = (
    "weights", "quality", "potential", "missing", *_ASKED, "screening", "reliability", *_PRIORITIES, "outcomes",
    *_GROUPS,
)  # fmt: skip


def findings_document(findings: Findings) -> dict[str, Any]:
    """The findings as plain JSON values; docs/findings.md names every key.

    Shares, rates and probabilities are fractions, money is in whole currency units, missing is null. Sentences are in
    English; labels are the client's own.
    """
    about = ("client", "wave", "language", "currency", "source", "seed", "draws", "confidence", "weighted")
    return {
        "schema_version": SCHEMA_VERSION,
        **{name: _plain(getattr(findings, name)) for name in about},
        "headline": Language(findings.language, findings.currency).say(summary_lines(findings)[0]),
        "not_asked": list(findings.not_asked),
        "exclusions": _plain(findings.exclusions),
        "warnings": [str(notice) for notice in findings.notices],
        "unanswered": {section: str(reason) for section, reason in findings.unanswered.items()},
        **{name: _plain(getattr(findings, name)) for name in _SECTIONS},
        **_fields(findings.behaviour),
        **_fields(findings.cases),
    }


def write_findings(findings: Findings, file: str | Path | None) -> None:
    """Write findings.json; a `file` of None writes nothing, so that a notebook can be run by hand.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    if file is None:
        return
    text = json.dumps(findings_document(findings), ensure_ascii=False, indent=1, allow_nan=False)
    Path(file).write_text(escaped(text) + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a result holds
    if isinstance(value, Sentence):
        return str(value)
    if isinstance(value, pd.DataFrame):
        return [{str(k): _plain(v) for k, v in row.items()} for row in value.to_dict(orient="records")]
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(v) for v in value]
    return _plain_scalar(value)


def _fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    shown = [f for f in fields(value) if not f.metadata.get("internal")]
    return {f.name: _plain(getattr(value, f.name)) for f in shown}


def _plain_scalar(value: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, (bool, int)) else str(value)
