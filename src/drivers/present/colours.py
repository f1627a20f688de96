"""Colours that can be read: the nearest shade of a colour that stands out enough on its ground (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

from colorsys import hls_to_rgb, rgb_to_hls

_STEP = 0.01
_MIDDLE = 0.179  # relative luminance at which black and white stand out alike


def readable(colour: str, ground: str, ratio: float) -> str:
    """The colour itself where its contrast with the ground reaches this ratio, else its nearest shade that does.

    Parameters
    ----------
    colour, ground
        As #rrggbb.
    ratio
        4.5 for text, 3 for lines and bars.
    """
    hue, lightness, saturation = rgb_to_hls(*_parts(colour))
    step, end = (-_STEP, 0.0) if _luminance(ground) > _MIDDLE else (_STEP, 1.0)
    while contrast(colour, ground) < ratio and lightness != end:
        lightness = min(max(lightness + step, 0.0), 1.0)
        colour = _hex(*hls_to_rgb(hue, lightness, saturation))
    return colour


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _parts(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _hex(*parts: float) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)
