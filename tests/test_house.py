"""The table [report] of a client file: what a report shows, in which order, and in whose house style."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drivers import load_client, section
from drivers.batch.report import Rendering, render_report
from drivers.client.report import SECTION_NAMES
from drivers.errors import ConfigError
from drivers.present.titles import CASES, SECTIONS
from report_client import TINY, write_client


def client_with(tmp_path, text: str):
    file = write_client(tmp_path)
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
    return load_client(file)


def test_the_sections_that_a_client_file_may_name_are_those_of_the_report():
    assert set(SECTION_NAMES) == {*SECTIONS, *CASES}
    assert [name for name in SECTION_NAMES if name in SECTIONS] == list(SECTIONS)


def test_without_the_table_everything_is_shown_plainly(tmp_path):
    house = client_with(tmp_path, "").house
    assert house.sections == SECTION_NAMES
    assert (house.logo, house.template, house.confidential, dict(house.texts)) == (None, None, None, {})


def test_sections_stand_in_the_order_of_the_client_file_without_those_it_hides(tmp_path):
    text = '[report]\nsections = ["method", "summary", "drivers"]\nhide = ["drivers"]\n'
    assert client_with(tmp_path, text).house.sections == ("method", "summary")


def test_files_of_the_house_style_are_found_from_the_client_file(tmp_path):
    house = client_with(tmp_path, '[report.brand]\nlogo = "logo.png"\ntemplate = "house.pptx"\n').house
    assert (house.logo, house.template) == (tmp_path / "logo.png", tmp_path / "house.pptx")


def test_a_template_of_the_command_line_goes_before_that_of_the_client_file(tmp_path):
    client = client_with(tmp_path, '[report.brand]\ntemplate = "house.pptx"\n')
    assert client.with_template(tmp_path / "other.pptx").house.template == (tmp_path / "other.pptx").resolve()
    assert client.house.template == tmp_path / "house.pptx"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[report]\nhide = ["shape", "shape"]\n', "report.hide: names shape twice"),
        ('[report]\nhide = ["shapes"]\n', "report.hide"),
        ('[report]\nsections = ["shape"]\nhide = ["shape"]\n', "leaves no section to show"),
        ('[report]\nhide = ["shape"]\n[report.text]\nshape = "x"\n', "section that is not shown"),
        ('[report.text]\nshapes = "x"\n', "report.text"),
        ('[report.brand]\nlogo = "logo.exe"\n', "is no picture"),
        ('[report.brand]\ntemplate = "house.docx"\n', "is no PowerPoint file"),
        ('[report.brand]\naccent = "blue"\n', "a colour, #rrggbb"),
    ],
)
def test_a_wrong_key_is_refused_by_its_name(tmp_path, text, said):
    with pytest.raises(ConfigError) as refused:
        client_with(tmp_path, text)
    assert said in str(refused.value)
    assert "line" in str(refused.value)


def test_a_hidden_section_shows_nothing(sample_findings):
    found = sample_findings["2024"]
    shown = replace(found, house=replace(found.house, sections=("summary",)))
    assert section(shown, "drivers") is None
    assert section(shown, "summary") is not None


def test_own_text_stands_in_its_section_as_text(sample_findings):
    texts = {"summary": "Written for <b>the board</b>.\n\nSecond\nparagraph."}
    found = sample_findings["2024"]
    made = section(replace(found, house=replace(found.house, texts=texts)), "summary")
    assert made.own == ("Written for <b>the board</b>.", "Second paragraph.")
    assert "&lt;b&gt;the board&lt;/b&gt;" in made._repr_html_()


def test_a_file_of_the_house_style_that_is_not_there_is_refused_by_its_key_and_line(tmp_path):
    client = client_with(tmp_path, '[report.brand]\nlogo = "logo.png"\ntemplate = "house.pptx"\n')
    with pytest.raises(ConfigError) as refused:
        render_report(client, None, Rendering(tmp_path / "reports", ("html",), TINY))
    assert 'report.brand.logo: "logo.png" does not exist' in str(refused.value)
    assert 'report.brand.template: "house.pptx" does not exist' in str(refused.value)
    assert "line 18" in str(refused.value)
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("name", ["nope.pptx", "client.toml"])
def test_a_template_of_the_command_line_that_is_none_is_refused_before_anything_is_written(tmp_path, name):
    client = client_with(tmp_path, "")
    with pytest.raises(ConfigError, match=f"--template .*{name} is no PowerPoint file that is there"):
        render_report(client, None, Rendering(tmp_path / "reports", ("html",), TINY, template=tmp_path / name))
    assert not (tmp_path / "reports").exists()
