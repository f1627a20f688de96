"""The house style of a client on a page: readable shades of its colours, its typeface, its logo."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path

from drivers.client.house import House
from drivers.errors import ReportError
from drivers.present.colours import readable

LIGHT, DARK = "#ffffff", "#12191d"
_TEXT, _SHAPE, _ON_DARK = 4.5, 3.0, 6.0
_MOST = 300_000  # bytes of a logo: the page has to stay light enough to be mailed
_KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_SYSTEM = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'


def brand_style(house: House, title: str) -> str:
    """What the style sheet of a page leaves to the house: colours for light and dark, typeface, foot in print."""
    family = f"{_quoted(house.font)}, {_SYSTEM}" if house.font else _SYSTEM
    light, dark = _colours(house, LIGHT, _TEXT, _SHAPE), _colours(house, DARK, _ON_DARK, _TEXT)
    return (
        f":root {{ --font: {family}; {'; '.join(light)}; }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {'; '.join(dark)}; }} }}\n"
        f"@page {{ @bottom-left {{ content: {_quoted(title)}; }} "
        f"@bottom-center {{ content: {_quoted(house.confidential or '')}; }} }}"
    )


def logo_address(house: House) -> str | None:
    """The logo as a data address for an ``<img>``, in which an SVG runs no script and loads nothing.

    Raises
    ------
    ReportError
        When the file is no picture, or too large for a page that can be mailed.
    """
    if house.logo is None:
        return None
    data = _logo(house.logo)
    kind = next((kind for start, kind in _KINDS.items() if data.startswith(start)), None)
    if kind is None and b"<svg" not in data:
        raise ReportError(f"The logo {house.logo.name} is no picture in png, jpg or svg. Save it anew as one of them.")
    return f"data:{kind or 'image/svg+xml'};base64,{b64encode(data).decode('ascii')}"


def _logo(file: Path) -> bytes:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ReportError(f"The logo {file.name} cannot be read: {error.strerror}. Mend report.brand.logo.") from error
    if len(data) > _MOST:
        raise ReportError(
            f"The logo {file.name} has {len(data):,} bytes; a page takes {_MOST:,} at most. Save a smaller picture."
        )
    return data


def _colours(house: House, ground: str, text: float, shape: float) -> list[str]:
    accent, second = (readable(colour, ground, text) for colour in (house.accent, house.second))
    return [
        f"--accent: {accent}",
        f"--figure-accent: {readable(house.accent, ground, shape)}",
        f"--figure-accent-text: {accent}",
        f"--figure-second: {readable(house.second, ground, shape)}",
        f"--figure-second-text: {second}",
    ]


def _quoted(text: str) -> str:
    """The text as a string of CSS; whatever could end the string or the style sheet is written as a number."""
    return '"' + re.sub(r"[^\w ]", lambda found: f"\\{ord(found[0]):x} ", text) + '"'
