"""What the colours of a house are called, for the words under a picture that was drawn in them."""

from __future__ import annotations

import re
from colorsys import rgb_to_hls

from drivers.client.house import House
from drivers.present.colours import contrast
from drivers.present.language import Language
from drivers.wording import Sentence, sentence

_FACTORY = House()
_BLUE, _ORANGE, _GREY = sentence("blue"), sentence("orange"), sentence("grey")
_HUES = (  # up to this angle of the colour circle
    (15, sentence("red")), (45, _ORANGE), (68, sentence("yellow")), (165, sentence("green")),
    (192, sentence("turquoise")), (255, _BLUE), (292, sentence("purple")), (345, sentence("pink")),
    (360, sentence("red")),
)  # fmt: skip
_GREYNESS = 0.12  # saturation below which nobody sees a hue


def in_house_words(legend: Sentence, house: House, language: Language) -> str:
    """The legend of a picture with the colours called what they are in this house.

    Legends speak of blue and orange, the colours where a client file asks for none; labels of a client are left alone.
    """
    template = language.translated(legend.template)
    if (house.accent, house.second) != (_FACTORY.accent, _FACTORY.second):
        names = _names(house.accent, house.second)
        own = {language.say(usual): language.say(name) for usual, name in zip((_BLUE, _ORANGE), names, strict=True)}
        words = re.compile(rf"\b({'|'.join(own)})\b", re.IGNORECASE)
        template = words.sub(lambda found: _like(found[0], own[found[0].lower()]), template)
    return language.vformat(template, (), dict(legend.values))


def _names(first: str, second: str) -> tuple[Sentence, Sentence]:
    """What the two are called; dark and light where they would be called the same."""
    one, other = _name(first), _name(second)
    if one != other:
        return one, other
    dark, light = sentence("dark {colour}", colour=one), sentence("light {colour}", colour=one)
    return (dark, light) if contrast(first, "#ffffff") > contrast(second, "#ffffff") else (light, dark)


def _name(colour: str) -> Sentence:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, _, saturation = rgb_to_hls(red, green, blue)
    if saturation < _GREYNESS:
        return _GREY
    return next(name for end, name in _HUES if 360 * hue <= end)


def _like(found: str, word: str) -> str:
    return word[:1].upper() + word[1:] if found[:1].isupper() else word
