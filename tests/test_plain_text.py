"""Text of clients in documents: what may stand, and what would reach beyond its place."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from drivers.wording import plain_text

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(st.text())
def test_any_text_can_stand_in_xml(text):
    element = ElementTree.Element("a")
    element.text = plain_text(text)
    ElementTree.fromstring(ElementTree.tostring(element, encoding="utf-8"))


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "S", "Zs", "M"))))
def test_letters_signs_and_emoji_stay(text):
    assert plain_text(text) == text


def test_marks_that_turn_text_around_are_gone_and_letters_written_from_the_right_stay():
    assert plain_text(f"a{TURNING}b\u200f שלום\n\t") == "ab\u200f שלום\n\t"


def test_it_changes_nothing_the_second_time():
    assert plain_text(plain_text("x\x07\u202ey")) == "xy"
