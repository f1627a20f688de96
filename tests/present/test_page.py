"""The page is self-contained, shows results only, and is safe against what clients type."""

from __future__ import annotations

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from drivers.errors import ReportError
from drivers.present.page import page_contents, report_page

PNG = "iVBORw0KGgo=\n"


def shown(*outputs, source: str = "secret_code()") -> str:
    cell = new_code_cell(source, outputs=list(outputs))
    return report_page(new_notebook(cells=[cell]), client="Noordzee", wave="2024", language="nl")


def display(mime: str, data: str, metadata: dict | None = None):
    return new_output("display_data", data={mime: data, "text/plain": "<plain>"}, metadata=metadata or {})


def prose(text: str, *tags: str) -> str:
    cell = new_markdown_cell(text, metadata={"tags": list(tags)})
    return report_page(new_notebook(cells=[cell]), client="Noordzee", wave=None, language="en")


def test_a_page_states_language_title_policy_and_main_part():
    page = shown()
    assert page.startswith('<!DOCTYPE html>\n<html lang="nl">')
    assert "<title>Noordzee – 2024</title>" in page
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    assert '<main id="report"' in page
    assert 'class="skip" href="#report"' in page


def test_a_page_without_wave_is_titled_by_the_client_alone():
    assert "<title>Noordzee</title>" in prose("Text.")


def test_text_of_the_client_is_escaped_everywhere():
    attack = '"><script>alert(1)</script>'
    page = report_page(new_notebook(), client=attack, wave=attack, language="en")
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 4


def test_code_is_never_shown():
    assert "secret_code" not in shown(display("text/html", "<p>Result</p>"))


def test_only_stdout_of_the_streams_is_shown():
    streams = [new_output("stream", name=name, text=f"<{name}> text") for name in ("stdout", "stderr")]
    page = shown(*streams)
    assert "&lt;stdout&gt; text" in page
    assert "stderr" not in page


def test_an_error_that_a_cell_was_allowed_is_not_shown():
    page = shown(new_output("error", ename="ValueError", evalue="secret", traceback=["secret"]))
    assert "secret" not in page


@pytest.mark.parametrize("kind", ["display_data", "execute_result"])
def test_html_is_shown_as_it_is_whether_displayed_or_returned(kind):
    page = shown(new_output(kind, data={"text/html": '<svg viewBox="0 0 1 1"></svg>', "text/plain": "x"}))
    assert '<svg viewBox="0 0 1 1"></svg>' in page


@pytest.mark.parametrize(("mime", "data"), [("image/svg+xml", "<svg/>"), ("image/png", PNG), ("image/jpeg", PNG)])
def test_a_picture_is_embedded_with_its_alternative_text(mime, data):
    page = shown(display(mime, data, {mime: {"alt": "Shares & ranks"}}))
    assert re.search(rf'<img src="data:{re.escape(mime)};base64,[\w+/=]+" alt="Shares &amp; ranks">', page)
    assert 'alt="Figuur"' in shown(display(mime, data))


def test_plain_text_is_escaped():
    page = shown(new_output("execute_result", data={"text/plain": "<Survey of 40>"}))
    assert "&lt;Survey of 40&gt;" in page


def test_prose_for_the_analyst_is_left_out():
    assert "Remark" not in prose("Remark", "analyst")
    assert "Remark" in prose("Remark")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick=x>b</b>",
        "[a](javascript:alert(1))",
    ],
)
def test_html_in_prose_is_text_and_its_scripts_are_dead(text):
    body = prose(text).split("<main")[1]
    assert not re.search(r"<(script|img|b)\b|href=.javascript", body)


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<div onmouseover="alert(1)">x</div>',
        '<a href=" javascript:alert(1)">x</a>',
        '<iframe src="data:text/html,x"></iframe>',
        '<img src="https://example.com/a.png">',
        '<img src="/home/ann/a.png">',
        '<svg><image xlink:href="https://example.com/a.png"/></svg>',
        '<link rel="stylesheet" href="a.css">',
        "<style>@import 'a.css';</style>",
        '<p style="background: url(https://example.com/a.png)">x</p>',
    ],
)
def test_an_output_that_runs_or_loads_something_stops_the_report(html):
    with pytest.raises(ReportError, match="self-contained page"):
        shown(display("text/html", html))


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://example.com/paper">paper</a>',
        '<svg><use xlink:href="#m1"/><path style="clip-path: url(#c1)"/></svg>',
        '<img alt="" src="data:image/png;base64,AA==">',
        "<style>td { color: red }</style>",
    ],
)
def test_a_static_output_passes(html):
    assert html in shown(display("text/html", html))


def test_the_contents_list_each_section_by_its_heading():
    html = """
    <section class="section" id="potential"><h2>What <em>can</em> move?</h2><h2>Not this</h2></section>
    <section class="section"><h2>No id</h2></section>
    <section class="section" id="plan"><p>First</p><h2>Cost &amp; gain</h2></section>"""
    assert page_contents(html) == [("potential", "What can move?"), ("plan", "Cost & gain")]
    page = shown(display("text/html", html))
    assert '<li><a href="#plan">Cost &amp; gain</a></li>' in page


def test_a_page_without_sections_has_no_contents():
    assert "<nav" not in prose("Text.")


def test_letters_that_break_or_turn_the_text_around_them_are_left_out():
    page = report_page(new_notebook(), client="a\u202eb\x07c", wave=None, language="en")
    assert "<title>abc</title>" in page


def test_the_corner_of_a_table_is_no_heading():
    page = shown(display("text/html", "<table><tr><th></th><th>a</th></tr></table>"))
    assert "<td></td><th>a</th>" in page
    assert '<div class="output" tabindex="0" role="group" aria-label="Tabel">' in page


def test_the_first_heading_of_prose_leaves_the_title_to_the_page():
    assert prose("# Own").count("<h1") == 1
