"""The house style on a page: colours that can be read, pictures that take them, a logo that does nothing, an order."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from drivers.client.house import House
from drivers.errors import ReportError
from drivers.present.brand import DARK, LIGHT, brand_style, logo_address
from drivers.present.colours import contrast, readable
from drivers.present.hues import in_house_words
from drivers.present.language import Language
from drivers.present.page import report_page
from drivers.present.style import ACCENT, WARM, plain, themed
from drivers.wording import sentence

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
SVG = (
    '<svg viewBox="0 0 9 9"><path style="fill: #0b5c7a; stroke: #c8641e"/>'
    "<text style=\"font-size: 10px; font-family: 'Arial', sans-serif; fill: #c8641e\">#0b5c7a</text></svg>"
)


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)  # the grey that is known to just pass
    assert contrast("#0b5c7a", "#0b5c7a") == 1


@given(COLOURS, st.sampled_from([LIGHT, DARK]), st.sampled_from([3.0, 4.5, 6.0]))
def test_every_colour_has_a_shade_that_can_be_read_on_paper_and_in_the_dark(colour, ground, ratio):
    assert contrast(readable(colour, ground, ratio), ground) >= ratio


def test_a_colour_that_can_be_read_stays_as_it_is():
    assert readable("#0b5c7a", "#ffffff", 4.5) == "#0b5c7a"
    assert readable("#ffd200", "#ffffff", 4.5) != "#ffd200"


def test_a_picture_wears_properties_and_shows_its_own_colours_where_nobody_sets_them():
    shown = themed(SVG)
    assert "fill: var(--figure-accent, #0b5c7a); stroke: var(--figure-second, #c8641e)" in shown
    assert "fill: var(--figure-second-text, #c8641e)" in shown
    assert ">#0b5c7a</text>" in shown  # what a label says is left alone
    assert shown.startswith("<svg style=\"font-family: 'Arial', sans-serif\"")


def test_a_picture_for_other_documents_has_plain_colours_of_the_house():
    for svg in (SVG, themed(SVG)):
        made = plain(svg, "#7B1FA2", "#3fa34d")
        assert "fill: #7b1fa2; stroke: #3fa34d" in made
        assert "var(" not in made
    assert "fill: #0b5c7a; stroke: #c8641e" in plain(themed(SVG))


def test_a_house_that_asks_for_nothing_has_the_colours_that_legends_speak_of():
    assert (House().accent, House().second) == (ACCENT, WARM)


@pytest.mark.parametrize(
    ("house", "code", "said"),
    [
        (House(), "nl", "Oranje: eerst, blauw: later, Blauw abonnement"),
        (House(accent="#a01020", second="#20a040"), "nl", "Groen: eerst, rood: later, Blauw abonnement"),
        (House(accent="#102060", second="#6090e0"), "en", "Light blue: first, dark blue: later, Blauw abonnement"),
        (House(accent="#777777", second="#e0c000"), "en", "Yellow: first, grey: later, Blauw abonnement"),
    ],
)
def test_words_under_a_picture_call_its_colours_what_they_are(house, code, said):
    language = Language(code)
    template = {"nl": "Oranje: eerst, blauw: later, {label}", "en": "Orange: first, blue: later, {label}"}[code]
    assert in_house_words(sentence(template, label="Blauw abonnement"), house, language) == said


def test_no_text_of_a_client_ends_the_style_sheet():
    attack = '"; } </style><script>alert(1)</script> \\ \n'
    made = brand_style(House(font=attack, confidential=attack), attack)
    assert not re.search(r"[<>]|alert\(", made)
    assert made.count("{") == made.count("}")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n...", "image/png"),
        ("a.jpg", b"\xff\xd8\xff...", "image/jpeg"),
        ("a.svg", b"<?xml version='1.0'?><svg><script>alert(1)</script></svg>", "image/svg+xml"),
    ],
)
def test_a_logo_is_an_image_of_the_page_itself_in_which_nothing_runs(tmp_path, name, data, kind):
    (tmp_path / name).write_bytes(data)
    house = House(logo=tmp_path / name)
    page = report_page(new_notebook(), client="A", wave=None, language="en", house=house)
    (address,) = re.findall(r'<img class="logo" src="([^"]*)" alt="">', page)
    assert address == logo_address(house)
    assert address.startswith(f"data:{kind};base64,")
    assert b64decode(address.partition(",")[2]) == data


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"GIF89a", "no picture in png, jpg or svg"), (b"x" * 300_001, "300,000 at most"), (None, "cannot be read")],
)
def test_a_logo_that_a_page_cannot_hold_is_refused_by_its_name(tmp_path, data, said):
    if data is not None:
        (tmp_path / "logo.png").write_bytes(data)
    with pytest.raises(ReportError, match=rf"logo\.png.*{said}"):
        logo_address(House(logo=tmp_path / "logo.png"))


def block(name):
    html = f'<section class="section" id="{name}"><h2>{name}</h2></section>'
    return new_code_cell("", outputs=[new_output("execute_result", data={"text/html": html})])


def order_of(page):
    return re.findall(r'<section class="section" id="(\w+)"|<p>(\w+) remark</p>', page)


def test_blocks_stand_in_the_order_of_the_client_file_and_remarks_stay_behind_theirs():
    remarks = {name: new_markdown_cell(f"{name} remark") for name in ("first", "drivers", "value")}
    cells = [remarks["first"], block("summary"), block("drivers"), remarks["drivers"], block("value"), remarks["value"]]
    house = replace(House(), sections=("value", "summary", "drivers"))
    page = report_page(new_notebook(cells=cells), client="A", wave=None, language="en", house=house)
    names = [section or f"{remark} remark" for section, remark in order_of(page)]
    assert names == ["first remark", "value", "value remark", "summary", "drivers", "drivers remark"]
    assert [*re.findall(r'<li><a href="#(\w+)">', page)] == ["value", "summary", "drivers"]


def test_a_section_of_an_analysts_own_stays_behind_the_one_before_it():
    cells = [block("summary"), block("own"), block("drivers")]
    house = replace(House(), sections=("drivers", "summary"))
    page = report_page(new_notebook(cells=cells), client="A", wave=None, language="en", house=house)
    assert [section for section, _ in order_of(page)] == ["drivers", "summary", "own"]


def test_the_mark_stands_on_the_first_page_and_at_the_foot_of_each_printed_one():
    house = House(confidential="Top & secret")
    page = report_page(new_notebook(), client="A", wave="2025", language="en", house=house)
    assert '<p class="mark">Top &amp; secret</p>' in page
    assert '@bottom-center { content: "Top \\26  secret"; }' in page
    assert '<p class="mark">' not in report_page(new_notebook(), client="A", wave="2025", language="en")
