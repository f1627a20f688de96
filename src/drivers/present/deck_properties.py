"""Properties of a deck: whose it is, in which language; no clock."""

from __future__ import annotations

from drivers.present.deck_text import TAGS, Pptx, cleaned
from drivers.present.deck_workbook import STAMP
from drivers.present.slides import Teller


def set_properties(deck: Pptx, tell: Teller) -> None:
    """Title, subject and language; dates that are the same for the same findings."""
    found, properties = tell.findings, deck.core_properties
    wave = f", {found.wave}" if found.wave else ""
    properties.title = cleaned(f"{found.client}{wave}")[:250]
    properties.subject = tell.say("What drives customer satisfaction, and what it is worth")
    properties.language = TAGS[tell.language.code]
    properties.author = properties.last_modified_by = "drivers"
    properties.keywords = properties.comments = ""
    properties.revision = 1
    properties.created = properties.modified = STAMP
