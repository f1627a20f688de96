"""The bundle appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.batch.bundle import Bundle, bundle_folder, draft, folder_name, report_formats
from drivers.errors import ConfigError, ReportError
from report_client import contents


def write_bundle(folder: Path, text: str) -> None:
    with draft(folder) as partial:
        (partial / "run.json").write_text("{}")
        (partial / "report.html").write_text(text)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "noordzee" / "2024"


def test_a_draft_takes_the_place_of_the_bundle_before_it_and_leaves_nothing_else(folder):
    write_bundle(folder, "old")
    write_bundle(folder, "new")
    assert (folder / "report.html").read_text() == "new"
    assert [path.name for path in folder.parent.iterdir()] == ["2024"]


def test_a_failed_draft_leaves_the_old_bundle_byte_for_byte(folder):
    write_bundle(folder, "old")
    before = contents(folder.parents[1])
    with pytest.raises(RuntimeError), draft(folder) as partial:
        (partial / "report.html").write_text("half")
        raise RuntimeError
    assert contents(folder.parents[1]) == before
    assert [path.name for path in folder.parent.iterdir()] == ["2024"]


def test_a_failed_first_draft_leaves_no_folder_at_all(folder):
    with pytest.raises(RuntimeError), draft(folder):
        raise RuntimeError
    assert not folder.parent.exists()


def test_a_draft_lies_beside_its_target_so_that_relative_paths_stay_true(folder):
    with draft(folder) as partial:
        assert partial.parent == folder.parent
        (partial / "run.json").write_text("{}")


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_is_not_a_bundle_is_never_replaced(folder, tmp_path, kind):
    folder.parent.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "run.json").write_text("{}")
    if kind == "folder":
        folder.mkdir()
        (folder / "thesis.docx").write_text("years of work")
    elif kind == "file":
        folder.write_text("years of work")
    else:
        folder.symlink_to(tmp_path / "elsewhere")
    before = contents(tmp_path)
    with pytest.raises(ReportError, match="is not a report"), draft(folder):
        raise AssertionError("the block must not start")
    assert contents(tmp_path) == before


def test_what_a_killed_run_left_is_cleared(folder):
    leftover = folder.with_name(".2024.partial")
    leftover.mkdir(parents=True)
    (leftover / "report.ipynb").write_text("half")
    write_bundle(folder, "new")
    assert sorted(contents(folder.parent)) == ["2024/report.html", "2024/run.json"]


def test_a_run_killed_between_the_two_renames_loses_nothing(folder):
    write_bundle(folder, "old")
    folder.rename(folder.with_name(".2024.old"))
    with pytest.raises(RuntimeError), draft(folder):
        raise RuntimeError
    assert (folder / "report.html").read_text() == "old"


def test_a_refusing_disk_is_said_in_words(tmp_path):
    (tmp_path / "noordzee").write_text("a file where a folder must be")
    with pytest.raises(ReportError, match="cannot be written"), draft(tmp_path / "noordzee" / "2024"):
        raise AssertionError("the block must not start")


@pytest.mark.parametrize("slug", ["../../etc", "..", ".", "", "a/b"])
def test_a_client_cannot_leave_the_folder_of_reports(tmp_path, slug):
    with pytest.raises(ConfigError, match="leads out"):
        bundle_folder(tmp_path / "reports", slug, None)


@pytest.mark.parametrize(
    ("wave", "name"),
    [(None, "all"), ("2024 Q1", "2024-q1"), ("../../etc", "etc"), ("Été", "ete"), ("x" * 99, "x" * 60)],
)
def test_a_wave_names_its_folder_with_plain_letters(wave, name):
    assert folder_name(wave) == name


def test_waves_in_another_script_get_folders_of_their_own():
    names = {folder_name("第一波"), folder_name("第二波"), folder_name("--")}
    assert len(names) == 3
    assert all(name.startswith("wave-") for name in names)


def test_formats_are_read_once_each_in_the_order_given():
    assert report_formats("json, HTML,json") == ("json", "html")


@pytest.mark.parametrize("text", ["html,docx", "PowerPoint", "xls", ",", ""])
def test_an_unknown_format_is_refused_with_the_known_ones(text):
    with pytest.raises(ConfigError, match="Choose from html, json, ipynb, pptx, pdf, xlsx"):
        report_formats(text)


def test_the_headline_of_a_bundle_is_its_page_or_else_its_folder(folder):
    assert Bundle(folder, ("report.html", "run.json")).headline == folder / "report.html"
    assert Bundle(folder, ("run.json",)).headline == folder
    assert repr(Bundle(Path("reports/a/all"), ("run.json",))) == "Bundle(reports/a/all: run.json)"
