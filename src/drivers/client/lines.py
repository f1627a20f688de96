"""The line of each key in a TOML file, for error texts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

Key = tuple[str, ...]

_HEADER = re.compile(r"\s*(\[.*\])\s*(#.*)?$")
_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_ASSIGNMENT = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")


def key_lines(text: str) -> dict[Key, int]:
    """On which line does each key of this TOML text stand? The first line is 1.

    Found by scanning, as the parser keeps no positions: a line inside a text of several lines that looks like a
    key is taken for one, which can only make an error text name a line too many.
    """
    lines: dict[Key, int] = {}
    table: Key = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header and (path := _path(header[1])):
            table = path
            lines.setdefault(table, number)
        elif assignment := _ASSIGNMENT.match(line):
            lines.setdefault(table + _path(f"{assignment[1]} = 0"), number)
    return lines


def key_line(lines: Mapping[Key, int], key: Key) -> int | None:
    """On which line does this key stand, or else the table it belongs to? None if neither is in the file."""
    for length in range(len(key), 0, -1):
        if key[:length] in lines:
            return lines[key[:length]]
    return None


def _path(line: str) -> Key:
    try:
        node: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    path: list[str] = []
    while isinstance(node, (dict, list)) and node:
        name = next(iter(node))
        if isinstance(node, list):
            node = name
        else:
            path.append(name)
            node = node[name]
    return tuple(path)
