"""The overview of a folder of reports: what stands, what failed, what changed."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from typer.testing import CliRunner

from drivers import cli
from drivers.analyses.overview import Satisfaction, satisfaction_change
from drivers.batch.overview import folder_rows, record_summary, write_overview
from drivers.errors import ReportError

HOSTILE = '<script>alert(1)</script> =HYPERLINK("http://x") {{7*7}} \u202egnirts'


def index(level: float, error: float = 0.5, asked: tuple[str, ...] = ("Satisfaction",)) -> dict[str, object]:
    ends = {"level_low": level - 2 * error, "level_high": level + 2 * error}
    return {"level": level, **ends, "error": error, "asked": list(asked), "confidence": 0.95}


def bundle(out, client: str, wave: str | None, satisfaction=None, headline: str = "Price drives satisfaction."):
    folder = out / client.lower() / (wave or "all").replace(" ", "-")
    folder.mkdir(parents=True)
    summary = {"headline": headline, "language": "en", "satisfaction": satisfaction, "base": 1200}
    record = {"client": client, "wave": wave, "summary": summary}
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    (folder / "report.html").write_text("page", encoding="utf-8")
    return folder


def failure(out, client: str, wave: str, reason: str):
    kept = out / "_failed" / client / wave
    kept.mkdir(parents=True)
    (kept / "reason.txt").write_text(f"{reason}\nOpen it.\n", encoding="utf-8")


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.cells, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data.rstrip("\n")


def read(page) -> _Text:
    text = _Text()
    text.feed(page.read_text(encoding="utf-8"))
    return text


def test_a_folder_without_reports_gets_no_overview(tmp_path):
    assert write_overview(tmp_path) is None
    assert not list(tmp_path.iterdir())


def test_waves_stand_in_the_order_of_their_numbers_with_the_change_from_one_to_the_next(tmp_path):
    for wave, level in (("wave 10", 64.0), ("wave 2", 60.0), ("wave 1", 61.0)):
        bundle(tmp_path, "Alpha", wave, index(level))
    rows = folder_rows(tmp_path)
    assert [row.wave for row in rows] == ["wave 1", "wave 2", "wave 10"]
    assert [row.change and row.change.value for row in rows] == [None, -1.0, 4.0]


def test_the_interval_of_a_change_is_that_of_two_independent_samples():
    before, after = (Satisfaction(x, x - 1, x + 1, e, ("a",), 0.95) for x, e in ((60.0, 0.3), (62.0, 0.4)))
    change = satisfaction_change(before, after)
    assert change.value == 2.0
    assert change.high - change.low == pytest.approx(2 * 1.959964 * 0.5, rel=1e-6)  # 0.5 = hypot(0.3, 0.4)


def test_waves_that_asked_other_questions_are_not_compared(tmp_path):
    bundle(tmp_path, "Alpha", "1", index(60.0))
    bundle(tmp_path, "Alpha", "2", index(64.0, asked=("Satisfaction", "Would choose again")))
    assert [row.change for row in folder_rows(tmp_path)] == [None, None]


def test_clients_are_not_compared_with_each_other(tmp_path):
    bundle(tmp_path, "Alpha", None, index(60.0))
    bundle(tmp_path, "Beta", None, index(70.0))
    assert [row.change for row in folder_rows(tmp_path)] == [None, None]


def test_a_failure_without_a_report_and_one_beside_an_earlier_report_are_told_apart(tmp_path):
    bundle(tmp_path, "Alpha", None, index(60.0))
    failure(tmp_path, "alpha", "all", "SurveyError: no column csat")
    failure(tmp_path, "beta", "2024", "ConfigError: no such file")
    stale, failed = folder_rows(tmp_path)
    assert (stale.status, stale.headline) == ("stale", "SurveyError: no column csat")
    assert (failed.client, failed.wave, failed.status) == ("beta", "2024", "failed")
    assert dict(failed.links) == {"txt": "_failed/beta/2024/reason.txt"}


def test_drafts_and_leftovers_are_no_reports(tmp_path):
    bundle(tmp_path, "Alpha", None, index(60.0))
    for name in (".all.partial", ".all.old"):
        (tmp_path / "alpha" / name).mkdir()
        (tmp_path / "alpha" / name / "run.json").write_text("{}", encoding="utf-8")
    (tmp_path / ".batch" / "x").mkdir(parents=True)
    (tmp_path / ".batch" / "x" / "run.json").write_text("{}", encoding="utf-8")
    assert [row.client for row in folder_rows(tmp_path)] == ["Alpha"]


def test_the_page_shows_every_row_and_links_the_files_that_are_there(tmp_path):
    bundle(tmp_path, "Alpha", "1", index(60.0))
    bundle(tmp_path, "Alpha", "2", index(63.0))
    page = read(write_overview(tmp_path))
    assert page.links == ["alpha/1/report.html", "alpha/2/report.html"]
    assert "+3.0 (+1.6 to +4.4) went up" in page.cells
    assert all((tmp_path / link).is_file() for link in page.links)


def test_a_change_whose_interval_holds_zero_is_not_shown_as_one(tmp_path):
    bundle(tmp_path, "Alpha", "1", index(60.0))
    bundle(tmp_path, "Alpha", "2", index(60.5))
    assert "+0.5 (-0.9 to +1.9) no change shown" in read(write_overview(tmp_path)).cells


def test_text_of_clients_is_text(tmp_path):
    bundle(tmp_path, "Alpha", None, index(60.0), headline=HOSTILE)
    page = read(write_overview(tmp_path))
    assert page.tags.count("script") == 1
    assert any(cell.strip() == HOSTILE.replace("\u202e", "") for cell in page.cells)


def test_the_same_reports_give_the_same_bytes(tmp_path):
    bundle(tmp_path, "Alpha", None, index(60.0))
    first = write_overview(tmp_path).read_bytes()
    assert write_overview(tmp_path).read_bytes() == first


def test_the_page_is_in_the_language_of_most_reports(tmp_path):
    folder = bundle(tmp_path, "Alpha", None, index(60.0))
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    record["summary"]["language"] = "nl"
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    assert '<html lang="nl">' in write_overview(tmp_path).read_text(encoding="utf-8")


def test_a_record_that_cannot_be_read_is_named(tmp_path):
    folder = bundle(tmp_path, "Alpha", None)
    (folder / "run.json").write_text("{", encoding="utf-8")
    with pytest.raises(ReportError, match=r"run\.json cannot be read"):
        write_overview(tmp_path)


def test_findings_without_a_headline_leave_the_summary_empty():
    assert record_summary({}) == {}


def test_the_command_prints_the_page_or_says_that_there_is_nothing(tmp_path):
    bundle(tmp_path, "Alpha", None, index(60.0))
    done = CliRunner().invoke(cli.app, ["index", str(tmp_path)])
    assert (done.exit_code, done.stdout.strip()) == (0, str(tmp_path / "index.html"))
    none = CliRunner().invoke(cli.app, ["index", str(tmp_path / "nowhere")])
    assert none.exit_code == 2
    assert "holds no report" in none.stderr
