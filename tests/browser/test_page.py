"""A report with an analyst's cells and a house style in a real browser: on a screen, a phone, paper, by keyboard."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import pairwise

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from browser_style import LOGO, OPENED, STYLE
from drivers import load_client
from drivers.batch.report import Rendering, render_report
from quick_clients import quick_client
from source_tree import ROOT

ORDER = ("summary", "plan", "drivers", "robustness", "priorities", "loyalty", "checks", "quality", "method")
ADDED = (
    new_markdown_cell("# Eigen kanttekening\n\nTekst van de *analist*, <b>zonder opmaak</b>."),
    new_code_cell('import pandas as pd\n\npd.DataFrame({"Regio": ["Noord", "Zuid"], "Klanten": [40, 60]})'),
    new_code_cell(
        "import seaborn as sns\n\nsns.barplot(x=[40, 60], y=['Noord', 'Zuid']).set(title='Klanten per regio');"
    ),
)


@pytest.fixture(scope="module")
def report_file(tmp_path_factory):
    """The page of the sample client in a house style, from a copy of the notebook with cells behind the drivers."""
    home = tmp_path_factory.mktemp("report")
    client = load_client(_client_file(home))
    notebook = nbformat.read(ROOT / "notebooks" / "client_report.ipynb", as_version=4)
    place = next(i for i, cell in enumerate(notebook.cells) if cell.id == "drivers") + 1
    notebook.cells[place:place] = ADDED
    nbformat.write(notebook, home / "copy.ipynb")
    bundle = render_report(client, "2025", Rendering(home / "reports", ("html",), home / "copy.ipynb"))
    return bundle.headline


def _client_file(home):
    (home / "logo.svg").write_text(LOGO, encoding="utf-8")
    file = quick_client("noordzee-telecom", home)
    with file.open("a", encoding="utf-8") as text:
        text.write(STYLE.format(sections=", ".join(f'"{name}"' for name in ORDER)))
    return file


def test_it_opens_from_disk_without_complaint_asks_for_nothing_and_is_light(browser_page, report_file):
    shown = browser_page(report_file)
    assert shown.page.inner_text("h1") == "Noordzee Telecom"
    assert shown.page.locator("html").get_attribute("lang") == "nl"
    assert shown.troubles == []
    assert shown.requests == []
    assert report_file.stat().st_size < 1_500_000


def test_a_request_of_a_page_would_be_noticed(browser_page, tmp_path):
    file = tmp_path / "a.html"
    file.write_text('<!DOCTYPE html><title>A</title><img alt="" src="b.png">', encoding="utf-8")
    assert [url.rpartition("/")[2] for url in browser_page(file).requests] == ["b.png"]


def test_the_policy_stops_a_script_that_got_into_the_file(browser_page, report_file, tmp_path):
    file = tmp_path / "injected.html"
    text = report_file.read_text(encoding="utf-8")
    file.write_text(text.replace("</main>", "<script>document.title = 'taken'</script></main>"), encoding="utf-8")
    shown = browser_page(file)
    assert shown.page.title() == "Noordzee Telecom – 2025"
    assert any("Content Security Policy" in text for text in shown.troubles)


def test_sections_stand_in_the_order_of_the_client_file_and_all_are_in_the_contents(browser_page, report_file):
    page = browser_page(report_file).page
    assert page.eval_on_selector_all("main section[id]", "all => all.map(s => s.id)") == list(ORDER)
    links = page.eval_on_selector_all("nav a", "all => all.map(a => a.getAttribute('href').slice(1))")
    assert links == list(ORDER)


def test_a_link_of_the_contents_lands_on_its_section_and_marks_it(browser_page, report_file):
    page = browser_page(report_file, viewport={"width": 1280, "height": 900}, reduced_motion="reduce").page
    page.click("nav a[href='#checks']")
    page.wait_for_timeout(200)
    assert abs(page.locator("#checks").bounding_box()["y"]) < 60
    weights = {name: _weight(page, name) for name in ("summary", "checks")}
    assert weights["checks"] > weights["summary"]


def _weight(page, name):
    return int(page.eval_on_selector(f"nav a[href='#{name}']", "a => getComputedStyle(a).fontWeight"))


def test_cells_of_an_analyst_stay_behind_their_section_in_the_same_dress(browser_page, report_file):
    page = browser_page(report_file).page
    after = "#drivers ~ .prose, #drivers ~ .output, #drivers ~ .figure, #drivers ~ section"
    kinds = page.eval_on_selector_all(after, "all => all.slice(0, 4).map(e => e.id || e.className)")
    assert kinds == ["prose", "output", "figure", "robustness"]
    assert page.inner_text(".prose h2") == "Eigen kanttekening"
    assert "<b>zonder opmaak</b>" in page.inner_text(".prose p")
    assert page.inner_text("table.dataframe tbody tr:last-child td:last-child") == "60"
    assert page.eval_on_selector(".figure > img", "image => image.naturalWidth") > 100
    lines = "cell => ['Left', 'Right', 'Top', 'Bottom'].map(side => getComputedStyle(cell)[`border${side}Width`])"
    assert page.eval_on_selector("table.dataframe tbody td", lines) == ["0px", "0px", "0px", "1px"]


def test_own_text_and_mark_of_the_house_are_text(browser_page, report_file):
    page = browser_page(report_file).page
    assert page.locator("#drivers .own").all_inner_texts() == ["Eigen <b>tekst</b> {{7*7}}", "Tweede alinea"]
    assert page.inner_text(".mark") == 'Vertrouwelijk "x" </style>'
    assert page.eval_on_selector(".logo", "image => image.naturalWidth") == 200


def test_pictures_wear_the_colours_of_the_house_and_the_words_under_them_call_them_so(browser_page, report_file):
    page = browser_page(report_file).page
    fills = "all => all.map(e => getComputedStyle(e).fill)"
    painted = page.eval_on_selector_all("#drivers svg path", fills)
    assert "rgb(123, 31, 162)" in painted
    assert "rgb(11, 92, 122)" not in painted
    caption = page.inner_text("#priorities figcaption")
    assert "groen: eerst verbeteren" in caption.lower()
    assert "paars: vasthouden" in caption


def test_a_colour_too_light_for_text_on_white_is_darkened_where_it_is_text(browser_page, report_file):
    page = browser_page(report_file).page
    properties = "e => ['--figure-second', '--figure-second-text'].map(n => getComputedStyle(e).getPropertyValue(n))"
    shape, text = page.eval_on_selector("html", properties)
    assert shape != text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_machine_that_checks_accessibility_finds_nothing(browser_page, report_file, scheme, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    small = {"viewport": {"width": 360, "height": 780}, "is_mobile": True} if size == "phone" else {}
    page = browser_page(report_file, color_scheme=scheme, **small).page
    page.evaluate(OPENED)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    page.eval_on_selector_all("svg", "all => all.forEach(s => s.replaceChildren())")  # hidden from readers: one image
    found = axe.run(page, options={"runOnly": {"type": "tag", "values": rules}}).response["violations"]
    assert [(v["id"], v["nodes"][0]["target"]) for v in found] == []


def test_text_in_pictures_stands_out_in_light_and_dark(browser_page, report_file):
    for scheme in ("light", "dark"):
        page = browser_page(report_file, color_scheme=scheme).page
        ground = page.eval_on_selector("body", "e => getComputedStyle(e).backgroundColor")
        inks = page.eval_on_selector_all("svg text", "all => [...new Set(all.map(e => getComputedStyle(e).fill))]")
        assert len(inks) > 1
        assert [ink for ink in inks if _contrast(ink, ground) < 4.5] == []


def _contrast(one, other):
    low, high = sorted(_luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_headings_go_down_without_a_gap_and_every_picture_tells_its_finding(browser_page, report_file):
    page = browser_page(report_file).page
    levels = page.eval_on_selector_all("h1, h2, h3, h4", "all => all.map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert max(after - before for before, after in pairwise(levels)) == 1
    told = page.eval_on_selector_all("[role=img]", "all => all.map(e => e.getAttribute('aria-label'))")
    assert len(told) > 3
    assert all(re.search(r"\w+ .*[.:?]$|\)\.$", text) for text in told)
    lead = page.inner_text("#drivers .lead")
    assert page.locator("#drivers [role=img]").first.get_attribute("aria-label") == lead


def test_the_keyboard_goes_from_the_skip_link_through_contents_to_what_scrolls_and_folds(browser_page, report_file):
    page = browser_page(report_file).page
    place = "() => { const e = document.activeElement; return e.getAttribute('href') || e.className || e.tagName; }"
    seen = []
    for _ in range(len(ORDER) + 4):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(place))
        assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert seen[0] == "#report"
    assert seen[1 : len(ORDER) + 1] == [f"#{name}" for name in ORDER]
    assert {"wide", "SUMMARY"} & set(seen[len(ORDER) + 1 :])
    page.focus("summary")
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1


def test_nothing_runs_over_the_edge_of_a_phone(browser_page, report_file):
    page = browser_page(report_file, viewport={"width": 360, "height": 780}, is_mobile=True).page
    page.evaluate(OPENED)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    shown = "e.clientWidth > 1 && getComputedStyle(e).overflowX !== 'auto'"  # 1: for screen readers only
    over = f"all => all.filter(e => {shown} && e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML)"
    assert page.eval_on_selector_all("main p, main h2, main .wide, main .output, main .card", over) == []


def test_what_can_be_pressed_is_large_enough_for_a_finger(browser_page, report_file):
    page = browser_page(report_file, viewport={"width": 360, "height": 780}, is_mobile=True).page
    heights = page.eval_on_selector_all("nav a, summary", "all => all.map(e => e.getBoundingClientRect().height)")
    assert [height for height in heights if 0 < height < 24] == []


def test_a_printed_page_has_every_section_with_tables_and_methods_the_mark_and_a_number(browser_page, report_file):
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    page = browser_page(report_file, color_scheme="dark").page
    printed = pypdf.PdfReader(BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    pages = [" ".join(sheet.extract_text().split()) for sheet in printed.pages]
    whole = "".join(pages).replace(" ", "")
    for title in page.locator("main h2").all_inner_texts():
        assert "".join(title.split()) in whole, title
    assert "".join(page.locator("#drivers .method").first.text_content().split())[:60] in whole
    for number, text in enumerate(pages, start=1):
        assert f"{number} / {len(pages)}" in text
        assert 'Vertrouwelijk "x" </style>' in text
    assert {round(float(sheet.mediabox.width)) for sheet in printed.pages} == {595}
    assert sum(len(sheet.get("/Annots", ())) for sheet in printed.pages) >= len(ORDER)


def test_it_moves_smoothly_only_for_who_did_not_ask_for_rest(browser_page, report_file):
    behaviour = "e => getComputedStyle(e).scrollBehavior"
    asked = {"no-preference": "smooth", "reduce": "auto"}
    for motion, expected in asked.items():
        page = browser_page(report_file, reduced_motion=motion).page
        assert page.eval_on_selector("html", behaviour) == expected
