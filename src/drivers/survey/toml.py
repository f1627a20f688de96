"""Toml: keys and values of a client file as a person would write them, whatever text they hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_WIDEST = 44  # characters of a value, up to which comments stand below each other


@dataclass(frozen=True, slots=True)
class Line:
    """One key with its value and comment; `certain` False comments all of it out."""

    key: str
    value: str
    comment: str = ""
    certain: bool = True


def toml_text(text: str) -> str:
    """The text as a TOML string on one line, whatever is in it."""
    return _UNSAFE.sub(_escape, json.dumps(text, ensure_ascii=False))


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\\uFFFD" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04X}"  # TOML has no half characters


def toml_key(name: str) -> str:
    """The name as a TOML key."""
    return name if _BARE.fullmatch(name) else toml_text(name)


def toml_code(code: float | str) -> str:
    """The code for no answer as a TOML number or string."""
    return toml_text(code) if isinstance(code, str) else f"{code:.15g}"


def toml_lines(lines: Sequence[Line]) -> Iterator[str]:
    """These keys as lines of a file, their equal signs and their comments below each other."""
    key = max((len(_key(line)) for line in lines), default=0)
    value = max((len(line.value) for line in lines if len(line.value) <= _WIDEST), default=0)
    for line in lines:
        comment = f"  # {line.comment}" if line.comment else ""
        yield f"{_key(line):<{key}} = {line.value:<{value if comment else 0}}{comment}"


def _key(line: Line) -> str:
    return line.key if line.certain else f"# {line.key}"
