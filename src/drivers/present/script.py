"""The scripts that a page may run, one a page: each is named in the page's policy by its hash."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class OwnScript:
    """A script of the suite.

    Attributes
    ----------
    text
        Its source, as the page holds it.
    mark
        What a page holds that needs it; empty where every page of its kind does.
    """

    text: str
    mark: str = ""

    @property
    def element(self) -> str:
        """The script as an element of the page."""
        return f"<script>{self.text}</script>"

    @property
    def hash(self) -> str:
        """Its name in a Content-Security-Policy."""
        return f"sha256-{base64.b64encode(hashlib.sha256(self.text.encode()).digest()).decode()}"


def _own(file: str, mark: str = "") -> OwnScript:
    return OwnScript((_TEMPLATES / file).read_text(encoding="utf-8"), mark)


SIMULATOR = _own("drivers/whatif.js", 'class="what-if" id="what-if"')
SORTING = _own("overview/sort.js")
