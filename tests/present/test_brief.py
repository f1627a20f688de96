import json
import re
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from pypdf import PdfReader

from drivers import client_findings, load_client, load_survey
from drivers.analyses.notice import Notice
from drivers.errors import ReportError
from drivers.present.brief import brief_pdf, write_brief
from drivers.present.briefing import MOST_PLATES, findings_briefing
from drivers.present.cases import case
from drivers.present.files import write_files
from drivers.present.language import Language
from drivers.present.sections import section
from drivers.present.summary import summary_cards
from drivers.present.typeface import MISSING, characters, settable
from drivers.present.verbs import explain
from drivers.wording import sentence

SAMPLES = Path(__file__).parents[2] / "data" / "sample"
HOSTILE = {
    "markup": "#set page(width: 1cm) $x$ *b* _i_ `c` @ref <lbl> \\u{41}",
    "script": "<script>alert(1)</script>",
    "formula": '=HYPERLINK("http://x","y")',
    "template": "{{7*7}} +1",
    "turned": "@turned \u202egnirts",
    "endless": "L" * 300,
    "bell": "bell\u0007 and smile \U0001f600",
}


def shown(findings, language):
    return replace(findings, language=language)


def housed(findings, **house):
    return replace(findings, house=replace(findings.house, **house))


def written(findings, folder, name="brief.pdf"):
    file = folder / name
    write_brief(findings, file)
    return file


def text_of(file):
    """The words of all pages without their feet, as a reader goes on from the end of a page to the next."""
    reader = PdfReader(file)
    foot = re.escape(plain(reader.metadata.title.replace(": ", " · ", 1))) + r"\d/\d$"
    return "".join(re.sub(foot, "", plain(page.extract_text())) for page in reader.pages)


def plain(text):
    return "".join(text.replace("\u200b", "").split())


def elements(node):
    """Every element of the structure tree below this node, in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [found for each in node for found in elements(each)]
    if not hasattr(node, "get"):
        return []
    below = elements(node["/K"]) if "/K" in node else []
    return [node, *below] if "/S" in node else below


def tree_of(file):
    return elements(PdfReader(file).trailer["/Root"]["/StructTreeRoot"])


@pytest.fixture(scope="module")
def found(sample_findings):
    """Findings on every sample client, on few draws."""
    everything = dict(sample_findings)
    for name in ("vecht-it", "maasland-verzekeringen"):
        client = load_client(SAMPLES / name / "client.toml").model_copy(update={"draws": 200})
        everything[name] = client_findings(load_survey(client), client)
    return everything


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    rng = np.random.default_rng(3)
    answers = 6.5 + rng.normal(size=(300, 1)) + 1.2 * rng.normal(size=(300, len(HOSTILE)))
    answers = np.clip(np.round(answers), 1, 10)
    csat = np.clip(np.round(answers @ [0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05] + 0.7 * rng.normal(size=300)), 1, 10)
    lines = [",".join(["csat", *HOSTILE]), *(",".join(f"{x:.0f}" for x in row) for row in np.c_[csat, answers])]
    (folder / "survey.csv").write_text("\n".join(lines), encoding="utf-8")
    labels = "\n".join(f"{name} = {toml(label)}" for name, label in HOSTILE.items())
    (folder / "client.toml").write_text(
        f"client = {toml('#Acme *x* $y$ <b>')}\nlanguage = 'en'\nseed = 7\ndraws = 200\n"
        "[survey]\nfile = 'survey.csv'\n[satisfaction]\ncolumn = 'csat'\nscale = [1, 10]\n"
        f"[drivers]\nscale = [1, 10]\n[drivers.items]\n{labels}\n"
        f"[report]\nconfidential = {toml('#pagebreak() secret')}\n[report.text]\nsummary = {toml(HOSTILE['markup'])}\n",
        encoding="utf-8",
    )
    client = load_client(folder / "client.toml")
    return client_findings(load_survey(client), client)


def toml(text):
    return json.dumps(text, ensure_ascii=True) if text.isascii() else '"' + text.replace("\u0007", "\\u0007") + '"'


NAMES = ("2024", "2025", "vecht-it", "maasland-verzekeringen")
BRIEFS = (*product(NAMES, ("nl",)), ("2024", "en"), ("2025", "en"))


@pytest.fixture(scope="module")
def briefs(found, tmp_path_factory):
    """The brief of each client: its file, and what it was asked to say."""
    folder, made = tmp_path_factory.mktemp("briefs"), {}
    for name, language in BRIEFS:
        findings = shown(found[name], language)
        file, said = folder / f"{name}-{language}.pdf", findings_briefing(findings)
        file.write_bytes(brief_pdf(findings, said))
        made[name, language] = file, said
    return made


@pytest.fixture(scope="module")
def bare(found):
    """Findings whose brief has no picture, which is quick to set."""
    return housed(found["2024"], sections=("summary", "quality", "method"))


@pytest.mark.parametrize(("name", "language"), BRIEFS)
def test_a_brief_has_two_to_four_pages(briefs, name, language):
    assert 2 <= len(PdfReader(briefs[name, language][0]).pages) <= 4


@pytest.mark.parametrize(("language", "tag"), [("nl", "nl-NL"), ("en", "en-GB")])
def test_a_brief_is_tagged_and_names_its_language_and_title(briefs, language, tag):
    reader = PdfReader(briefs["2025", language][0])
    root = reader.trailer["/Root"]
    assert root["/Lang"] == tag
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title.startswith("Noordzee Telecom: ")
    assert re.search(rb"<pdfuaid:part>1</pdfuaid:part>", root["/Metadata"].get_data())


def test_headings_go_down_one_level_at_a_time(briefs):
    levels = [
        int(e["/S"][2:]) for e in tree_of(briefs["maasland-verzekeringen", "nl"][0]) if re.match(r"/H\d", e["/S"])
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_states_its_finding_in_the_structure_tree(briefs, name):
    file, made = briefs[name, "nl"]
    figures = [e["/Alt"] for e in tree_of(file) if e["/S"] == "/Figure"]
    assert len(made.plates) == (2 if name == "2024" else MOST_PLATES)
    assert figures == [picture.alternative for plate in made.plates for picture in plate.pictures]


def test_the_table_of_plans_has_headers_that_name_its_columns(briefs, found):
    kinds = [e["/S"] for e in tree_of(briefs["2025", "nl"][0])]
    assert kinds.count("/TH") == 5
    assert kinds.count("/TD") == 5 * len(found["2025"].plan.table)


@pytest.mark.parametrize(("name", "language"), BRIEFS)
def test_the_text_is_that_of_the_summary_and_of_the_pictures(briefs, found, name, language):
    file, made = briefs[name, language]
    text, first = text_of(file), section(shown(found[name], language), "summary")
    said = [first.lead, *first.paragraphs, *(line for _, lines in first.lists for line in lines), *first.notices]
    said += [part for plate in made.plates for part in (plate.title, plate.lead, *(p.caption for p in plate.pictures))]
    said += [cell for plate in made.plates for printed in plate.tables for row in printed.rows for cell in row]
    said += [*made.certainty.paragraphs, *(text for _, text in made.methods)]
    assert [line for line in said if plain(line) not in text] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_key_figures_stand_with_their_intervals(briefs, found, language):
    findings = shown(found["2025"], language)
    text = text_of(briefs["2025", language][0])
    for card in summary_cards(findings, Language(language, findings.currency)):
        assert plain(f"{card.value}{card.label}{card.interval}") in text


@pytest.mark.parametrize("shown_first", [True, False])
def test_what_missing_answers_cost_is_told_once(found, shown_first):
    findings = shown(found["2025"], "en")
    notice = Notice("missing", sentence("Only half of the questionnaires are complete."))
    left_out = {} if shown_first else {"sections": ("drivers", "quality")}
    made = findings_briefing(housed(replace(findings, notices=(notice,)), **left_out))
    kept = Language("en").say(explain(findings.missing)[0])
    ranking = Language("en").say(explain(findings.missing)[-1])
    assert any(kept in text for text in made.certainty.paragraphs) is not shown_first
    assert any(ranking in text for text in made.certainty.paragraphs)


def test_the_words_of_pictures_are_text(briefs):
    text = text_of(briefs["2025", "nl"][0])
    assert plain("Verhaal niet opnieuw hoeven doen") in text  # stands in pictures alone


def test_a_wave_that_measured_the_wrong_things_says_so_and_ranks_nothing(briefs):
    file, made = briefs["2024", "en"]
    assert plain("You are measuring the wrong things.") in text_of(file)
    assert len(PdfReader(file).pages) == 2
    assert [plate.name for plate in made.plates] == ["potential", "loyalty"]


def test_declared_cases_have_a_picture_or_a_headline(briefs, found):
    _, made = briefs["maasland-verzekeringen", "nl"]
    drawn = {plate.name for plate in made.plates}
    text = text_of(briefs["maasland-verzekeringen", "nl"][0])
    assert "sourcing" in drawn
    for name in {"sourcing", "providers", "employees"} - drawn:
        assert plain(case(found["maasland-verzekeringen"], name).lead) in text


def test_the_same_findings_give_the_same_bytes(briefs, found, tmp_path):
    file, _ = briefs["2025", "nl"]
    assert written(found["2025"], tmp_path).read_bytes() == file.read_bytes()
    assert "/CreationDate" not in PdfReader(file).metadata


def test_a_brief_names_no_folder_of_the_machine(briefs):
    file, _ = briefs["2025", "nl"]
    reader = PdfReader(file)
    streams = b"".join(o.get_data() for o in map(reader.get_object, range(1, 400)) if hasattr(o, "get_data"))
    for folder in (str(file.parent), str(Path.cwd()), "site-packages"):
        assert folder.encode() not in streams


# the client's choices


def test_the_confidential_mark_stands_on_every_page(found, tmp_path):
    file = written(housed(found["2024"], confidential="Strikt vertrouwelijk"), tmp_path)
    assert len(PdfReader(file).pages) > 1
    assert all("Strikt vertrouwelijk" in page.extract_text() for page in PdfReader(file).pages)


def test_every_page_names_client_wave_and_page(briefs):
    pages = PdfReader(briefs["2025", "nl"][0]).pages
    for number, page in enumerate(pages, 1):
        assert plain(f"Noordzee Telecom · Klanttevredenheid in het kort, meting 2025{number} / {len(pages)}") in plain(
            page.extract_text()
        )


def test_sections_left_out_are_not_in_the_brief(found, tmp_path):
    whole = found["2025"]
    text = text_of(written(housed(whole, sections=("drivers", "groups")), tmp_path))
    assert plain("Wat bepaalt de tevredenheid echt?") in text
    left_out = ("Wat eerst verbeteren?", section(whole, "summary").cards[0].label, "in kleine letters", "opengelaten")
    assert [part for part in left_out if plain(part) in text] == []


def test_pictures_stand_in_the_order_of_the_client(found):
    order = ("plan", "drivers")
    made = findings_briefing(housed(found["2025"], sections=order))
    assert [plate.name for plate in made.plates] == ["plan", "drivers"]


def test_own_texts_stand_in_their_sections(bare, tmp_path):
    texts = {"summary": "Eerst dit.\n\nDan dat.", "quality": "Van de antwoorden."}
    text = text_of(written(housed(bare, texts=MappingProxyType(texts)), tmp_path))
    assert all(plain(part) in text for part in ("Eerst dit.", "Dan dat.", "Van de antwoorden."))


def test_a_logo_of_each_kind_is_drawn_with_the_client_as_its_text(bare, tmp_path):
    from matplotlib.figure import Figure

    plainly = len(tree_of(written(bare, tmp_path)))
    for kind in ("png", "jpg", "svg"):
        logo = tmp_path / f"logo.{kind}"
        Figure(figsize=(2, 1)).savefig(logo)
        tree = tree_of(written(housed(bare, logo=logo), tmp_path))
        assert len(tree) > plainly
        assert "Noordzee Telecom" in [e.get("/Alt") for e in tree if e["/S"] == "/Figure"]


def test_a_logo_that_is_not_there_is_refused_by_name(bare, tmp_path):
    with pytest.raises(ReportError, match=r"The logo .*nowhere\.png cannot be read.*\[report\.brand\]"):
        write_brief(housed(bare, logo=tmp_path / "nowhere.png"), tmp_path / "brief.pdf")


def test_a_logo_that_is_no_picture_is_refused_by_name(bare, tmp_path):
    logo = tmp_path / "logo.png"
    logo.write_text("no picture", encoding="utf-8")
    with pytest.raises(ReportError, match=r"cannot be set: .*See that the logo .*logo\.png"):
        write_brief(housed(bare, logo=logo), tmp_path / "brief.pdf")
    assert not (tmp_path / "brief.pdf").exists()


@pytest.mark.parametrize(
    "address", ["other.svg", "{folder}/other.svg", "file://{folder}/other.svg", "http://x.invalid/o.svg"]
)
def test_a_logo_takes_in_no_other_file(bare, tmp_path, address, monkeypatch):
    monkeypatch.chdir(tmp_path)
    start = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
    Path("other.svg").write_text(f'{start}<rect width="9" height="9"/></svg>', encoding="utf-8")
    Path("logo.svg").write_text(f'{start}<image href="{address.format(folder=tmp_path)}"/></svg>', encoding="utf-8")
    with pytest.raises(ReportError, match=r"See that the logo .*logo\.svg"):
        write_brief(housed(bare, logo=tmp_path / "logo.svg"), tmp_path / "brief.pdf")


def test_the_accent_of_the_house_colours_the_brief(bare, tmp_path):
    ours, theirs = (written(housed(bare, accent=colour), tmp_path).read_bytes() for colour in ("#0b5c7a", "#aa0000"))
    assert ours != theirs


def test_a_typeface_that_the_machine_has_not_gives_way_to_the_usual_one(bare, tmp_path):
    file = written(housed(bare, font="No Such Typeface 9"), tmp_path)
    fonts = {str(font) for page in PdfReader(file).pages for font in page_fonts(page)}
    assert any("LibertinusSerif" in font for font in fonts)


def page_fonts(page):
    return [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]


# texts of the client are data


@pytest.mark.filterwarnings("ignore:Glyph")
def test_labels_print_as_they_are(hostile, tmp_path):
    file = written(hostile, tmp_path)
    text = text_of(file)
    for name in ("markup", "script", "formula", "template"):
        assert plain(HOSTILE[name]) in text
    assert plain("@turned gnirts") in text  # in the order in which it was written
    assert plain("bell and smile \U0001f600") in text
    assert plain("#Acme *x* $y$ <b>") in text
    width, height = PdfReader(file).pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842)


def test_an_endless_word_stays_within_the_page(bare, tmp_path):
    page = PdfReader(written(housed(bare, texts=MappingProxyType({"summary": "w" * 300})), tmp_path)).pages[0]
    lines = [
        len(line) for line in re.findall(r"^w{20,}", page.extract_text().replace("\u200b", ""), flags=re.MULTILINE)
    ]
    assert sum(lines) == 300
    assert max(lines) < 90  # a line of 17 cm holds some 70 of them


def test_a_character_that_no_typeface_has_is_a_box_and_the_brief_says_so(bare, briefs, tmp_path):
    text = text_of(written(housed(bare, texts=MappingProxyType({"summary": "\u4e2d\u6587"})), tmp_path))
    assert MISSING * 2 in text
    assert plain("staat voor een teken dat de lettertypen van dit document niet hebben") in text
    assert MISSING not in text_of(briefs["2025", "nl"][0])


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("x\u0007\u0000y", "xy"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("\u2764\ufe0f", "\u2764"),
        ("e\u0301", "é"),
        ("€ 1.700\u00a0–\u20092", "€ 1.700\u00a0–\u20092"),
        ("\u4e2d", MISSING),
    ],
)
def test_text_is_set_without_what_cannot_be_seen(text, printed):
    assert settable(text, characters()) == printed


# writing


def test_the_notebook_writes_the_brief_by_its_name(bare, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_files(bare, ["brief.pdf"])
    assert Path("brief.pdf").read_bytes() == written(bare, tmp_path, "again.pdf").read_bytes()


def test_a_folder_that_is_not_there_is_an_error_of_the_disk(bare, tmp_path):
    with pytest.raises(OSError, match=r"nowhere"):
        write_brief(bare, tmp_path / "nowhere" / "brief.pdf")


def test_nothing_is_fetched_from_the_network(bare, tmp_path, monkeypatch):
    import socket

    def refuse(*_args, **_kwargs):
        raise AssertionError

    monkeypatch.setattr(socket, "socket", refuse)
    template = (Path(section.__code__.co_filename).parent / "templates" / "brief" / "brief.typ").read_text("utf-8")
    assert "@preview" not in template
    assert written(bare, tmp_path).stat().st_size > 0
