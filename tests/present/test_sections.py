import re
from html.parser import HTMLParser

import pytest

from drivers import client_findings, load_client, load_survey, section
from drivers.present.sections import SECTIONS
from drivers.present.style import svg_text


class Ids(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids = []

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]


@pytest.fixture(scope="module")
def findings(sample_findings):
    return sample_findings["2025"]


@pytest.fixture(scope="module")
def html(findings):
    return {name: section(findings, name)._repr_html_() for name in SECTIONS}


def test_every_section_has_a_title_and_a_headline(findings):
    for name in SECTIONS:
        made = section(findings, name)
        assert made.title, name
        assert made.lead, name


def test_an_unknown_section_is_refused_with_the_known_ones(findings):
    with pytest.raises(ValueError, match=r"'prices'.*summary, potential, drivers"):
        section(findings, "prices")


def test_no_id_stands_twice_on_the_page(html):
    parser = Ids()
    parser.feed("".join(html.values()))
    assert len(parser.ids) == len(set(parser.ids))


def test_every_reference_within_a_picture_finds_its_target(html):
    page = "".join(html.values())
    targets = set(re.findall(r'\bid="([^"]+)"', page))
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', page))
    assert used
    assert used <= targets


def test_pictures_hold_no_address_and_no_clock(html):
    page = "".join(html.values())
    assert "http" not in page
    assert "<metadata" not in page


def test_every_picture_has_its_finding_as_alternative_text_and_its_data_below(findings, html):
    for name in ("potential", "drivers", "robustness", "shape", "loyalty", "value", "plan"):
        made = section(findings, name)
        assert made.pictures[0].alternative == made.lead
        assert made.pictures[0].data.rows
        assert 'role="img"' in html[name]
        assert "<details" in html[name]


def test_captions_give_base_interval_and_source(findings):
    caption = section(findings, "drivers").pictures[0].caption
    assert "Basis: 4.102 respondenten" in caption
    assert "95%" in caption
    assert "survey.csv, meting 2025" in caption


def test_a_wave_that_measured_the_wrong_things_shows_no_ranking_anywhere(sample_findings):
    findings = sample_findings["2024"]
    assert findings.importance is None
    assert findings.chain is None
    assert findings.robustness is None
    assert findings.halo is None
    for name in ("drivers", "robustness", "shape", "plan"):
        made = section(findings, name)
        assert made.lead
        assert not made.pictures
        assert not made.tables
    for name in SECTIONS:
        html = section(findings, name)._repr_html_()
        assert "Aandeel in de verklaring" not in html
        assert "Effect van één punt" not in html
        assert not re.search(r"<t[dh][^>]*>[A-G]</t[dh]>", html)


def test_aspects_of_the_wrong_kind_are_listed_in_the_order_of_the_survey(sample_findings):
    order = list(sample_findings["2024"].potential.aspects["driver"])
    assert order[:3] == ["talk_time", "greeting", "waiting_music"]


def test_text_of_a_client_is_never_markup(tmp_path, sample_folder):
    text = (sample_folder / "client.toml").read_text(encoding="utf-8")
    text = text.replace('"In één keer opgelost"', "'<script>alert(1)</script> $\\alpha$ =1+1'")
    text = text.replace("survey.csv", (sample_folder / "survey.csv").as_posix()).replace(
        "seed ", "draws = 100\nseed ", 1
    )
    (tmp_path / "client.toml").write_text(text, encoding="utf-8")
    client = load_client(tmp_path / "client.toml")
    findings = client_findings(load_survey(client, "2025"), client)
    html = "".join(section(findings, name)._repr_html_() for name in SECTIONS)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_picture_is_drawn_the_same_each_time(findings):
    from drivers import plot

    first = svg_text(plot(findings.importance), "a")
    assert first == svg_text(plot(findings.importance), "a")


def test_drawing_leaves_the_settings_of_matplotlib_alone(findings):
    import matplotlib as mpl

    from drivers import plot

    before = dict(mpl.rcParams)
    svg_text(plot(findings.chain), "a")
    assert dict(mpl.rcParams) == before
