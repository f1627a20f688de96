"""Folders: a name from a client's file that is safe as a folder on every system."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 60
"""Characters of a folder's name: Windows allows 260 for a whole path."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")  # Windows refuses folders of these names


def safe_folder(text: str, kind: str) -> str:
    """Which folder stands for this name? a-z, 0-9 and hyphens, never empty and never a way out of its parent.

    `kind` (client, wave) starts the name where the text alone gives none, or one that Windows refuses; a text in
    another script is told apart by its hash.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST].strip("-")
    if not name:
        return f"{kind}-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{kind}-{name}" if _RESERVED.fullmatch(name) else name
