"""The overview in a real browser: sorted by keyboard, accessible, silent."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from drivers.batch.overview import write_overview


@pytest.fixture
def page_file(tmp_path):
    for client, level, wave in (
        ("Alpha", 71.0, "2024"),
        ("Beta", 9.5, None),
        ("Gamma", None, "1"),
        ("Delta", 62.0, "2"),
    ):
        folder = tmp_path / client.lower() / (wave or "all")
        folder.mkdir(parents=True)
        index = level and {"level": level, "level_low": level - 1, "level_high": level + 1, "error": 0.5}
        asked = {"asked": ["Satisfaction"], "confidence": 0.95}
        summary = {
            "headline": f"{client} it is.",
            "language": "en",
            "base": 900,
            "satisfaction": index and index | asked,
        }
        record = {"client": client, "wave": wave, "summary": summary}
        (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
        (folder / "report.html").write_text("page", encoding="utf-8")
    return write_overview(tmp_path)


def clients(page) -> list[str]:
    return page.locator("tbody th").all_inner_texts()


def test_a_column_sorts_up_and_down_by_keyboard_with_empty_cells_last(page_file, browser_page):
    shown = browser_page(page_file)
    head = shown.page.get_by_role("button", name="Satisfaction index")
    head.focus()
    shown.page.keyboard.press("Enter")
    assert clients(shown.page) == ["Beta", "Delta", "Alpha", "Gamma"]
    assert shown.page.locator("th[aria-sort=ascending]").count() == 1
    shown.page.keyboard.press("Enter")
    assert clients(shown.page) == ["Alpha", "Delta", "Beta", "Gamma"]
    shown.page.get_by_role("button", name="Client").click()
    assert clients(shown.page) == ["Alpha", "Beta", "Delta", "Gamma"]
    assert shown.troubles == []
    assert shown.requests == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_overview_is_accessible_and_does_not_overflow(page_file, browser_page, scheme, width):
    shown = browser_page(page_file, color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    found = Axe().run(shown.page)
    assert found.response["violations"] == []
    assert shown.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
