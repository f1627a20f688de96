"""The page of a report in a real browser: what a board member, a phone, a printer and a screen reader get."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from drivers.present.page import report_page


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """The smallest page."""
    html = '<section class="section" id="summary"><h2>In short</h2><p class="lead">Text.</p></section>'
    cell = new_code_cell("", outputs=[new_output("display_data", data={"text/html": html})])
    file = tmp_path_factory.mktemp("page") / "report.html"
    page = report_page(new_notebook(cells=[cell]), client="Noordzee", wave="2025", language="en")
    file.write_text(page, encoding="utf-8")
    return file


def test_a_page_opens_from_disk_without_complaint_and_asks_for_nothing(browser_page, page_file):
    shown = browser_page(page_file)
    assert shown.page.inner_text("h1") == "Noordzee"
    assert shown.troubles == []
    assert shown.requests == []


def test_a_request_of_a_page_is_noticed(browser_page, tmp_path):
    file = tmp_path / "a.html"
    file.write_text('<!DOCTYPE html><title>A</title><img alt="" src="b.png">', encoding="utf-8")
    assert [url.rpartition("/")[2] for url in browser_page(file).requests] == ["b.png"]
