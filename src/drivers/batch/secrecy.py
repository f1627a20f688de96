"""Secrets of the environment: which values they are, and that no file or message of a report holds one."""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from drivers.errors import ReportError

MASK = "***"
SHORTEST = 6
"""Characters from which a value can be a secret: hiding shorter ones would spoil every text."""

_NAME = re.compile(r"password|passwd|passphrase|secret|token|credential|(^|_)(pass|key)($|_)", re.IGNORECASE)


def hidden(text: str) -> str:
    """The text with every secret of the environment, however it is escaped, replaced by asterisks."""
    for form in sorted({form for _, form in _forms(os.environ)}, key=len, reverse=True):
        text = text.replace(form, MASK)
    return text


def refuse_secrets(folder: Path) -> None:
    """Check that no file of a report holds a secret of the environment.

    Raises
    ------
    ReportError
        When one does; the variable is named, its value is not.
    """
    forms = [(name, form.encode()) for name, form in _forms(os.environ)]
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and forms):
        data = file.read_bytes()
        for name, form in forms:
            if form in data:
                raise ReportError(
                    f"{file.name} would hold the value of the environment variable {name}, so the report is not "
                    "published. See that no cell of the notebook shows it."
                )


def _forms(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each secret with the name of its variable, as it stands in plain text, in JSON and in HTML."""
    for name, value in environment.items():
        for secret in _secrets(name, value):
            if len(secret) >= SHORTEST:
                plain = (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
                yield from ((name, form) for form in dict.fromkeys((*plain, html.escape(secret))))


def _secrets(name: str, value: str) -> Iterator[str]:
    """What must not be seen of a variable: all of it if it is named so, and the password in an address."""
    if _NAME.search(name):
        yield value
    try:
        password = urlsplit(value).password
    except ValueError:  # no address
        return
    if password:
        yield password
        yield unquote(password)
