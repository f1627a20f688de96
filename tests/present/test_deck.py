"""The deck: what its slides say, that they say it of these findings, and that PowerPoint can open and edit it."""

import io
import posixpath
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import openpyxl
import pytest
from lxml import etree
from pptx import Presentation
from pptx.util import Emu, Inches

from drivers.analyses.findings import client_findings
from drivers.client.house import House
from drivers.errors import ReportError
from drivers.present.deck import deck_slides, write_deck
from drivers.present.deck_charts import number_code
from drivers.present.deck_text import Face, cleaned, fitted
from drivers.present.language import Language
from drivers.present.summary import summary_cards
from drivers.present.verbs import explain
from made_surveys import made_client, made_survey, with_answers

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
HOSTILE = ("<script>alert(1)</script>", '=HYPERLINK("http://x","y")', "{{7*7}} \u202eomgekeerd\u0007 😀" + "x" * 300)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763606060000000040001"
    "f61738550000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def findings():
    survey = made_survey(600)
    return client_findings(survey, made_client(survey, intention=True, plan={"d0": {"improve": 0.5, "cost": 1000}}))


@pytest.fixture(scope="module")
def hostile():
    survey = made_survey(400)
    labels = dict(zip(survey.drivers, HOSTILE, strict=True))
    return client_findings(replace(survey, labels=MappingProxyType(survey.labels | labels)), made_client(survey))


@pytest.fixture(scope="module")
def deck(findings, tmp_path_factory):
    return opened(findings, tmp_path_factory.mktemp("deck"))


def opened(findings, folder, **house):
    """The deck of these findings, written and read again."""
    file = folder / "deck.pptx"
    write_deck(with_house(findings, **house) if house else findings, file)
    return Presentation(file)


def with_house(findings, **house):
    return replace(findings, house=replace(findings.house, **house))


def titles(deck):
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def texts(slide):
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def charts(deck):
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def members(file):
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# what the slides say


def test_a_title_is_a_sentence_of_the_report_or_its_question_and_no_two_are_alike(deck, findings):
    said = {title for slide in deck_slides(findings) for title in slide.headlines}
    assert set(titles(deck)[1:]) <= said
    assert len(set(titles(deck))) == len(titles(deck)) >= 8


def test_the_first_headline_of_the_drivers_is_the_whole_first_sentence(findings):
    slide = next(slide for slide in deck_slides(findings) if slide.name == "drivers")
    assert slide.headlines[0] == Language("en").say(explain(findings.importance)[0])


def test_beside_a_chart_stand_few_words_none_of_them_twice_and_the_notes_have_them_all(findings, tmp_path):
    made, said = opened(findings, tmp_path), deck_slides(findings)
    assert any(sum(len(line.split()) for line in slide.lines) > 66 for slide in said if slide.chart is not None)
    for slide in made.slides:
        lines = [p.text for s in slide.shapes if s.name == "Text" for p in s.text_frame.paragraphs]
        assert slide.shapes.title.text_frame.text not in lines
        assert len(lines) == len(set(lines))
        if len(lines) > 1 and any(shape.has_chart for shape in slide.shapes):
            assert sum(any(map(str.isalnum, word)) for line in lines for word in line.split()) <= 66
    notes = " ".join(slide.notes_slide.notes_text_frame.text for slide in made.slides if slide.has_notes_slide)
    assert [line for slide in said for line in slide.lines if line not in notes] == []


def test_a_headline_too_long_for_two_lines_gives_way_and_is_then_said_in_full(hostile, tmp_path):
    every, made = deck_slides(hostile), opened(hostile, tmp_path)
    shorter = [s for s in every if s.headlines[0] not in titles(made) and len(s.headlines) > 1]
    assert shorter
    notes = " ".join(slide.notes_slide.notes_text_frame.text for slide in made.slides if slide.has_notes_slide)
    assert [slide.headlines[0] for slide in shorter if slide.headlines[0] not in notes] == []


def test_the_chart_of_the_drivers_holds_their_shares_and_intervals(deck, findings):
    table = findings.importance.table
    chart = next(c for c in charts(deck) if next(iter(c.plots[0].categories)) == table["label"].iloc[0])
    series = chart.plots[0].series[0]
    assert list(series.values)[: len(table)] == table["share"].tolist()
    bars = series._element.find(f"{C}errBars")
    ends = {kind: [float(v.text) for v in bars.find(f"{C}{kind}").iter(f"{C}v")] for kind in ("minus", "plus")}
    assert ends["minus"] == pytest.approx((table["share"] - table["share_low"]).tolist())
    assert ends["plus"] == pytest.approx((table["share_high"] - table["share"]).tolist())


def test_a_chart_can_be_edited_its_sheet_holds_what_it_shows(deck):
    for chart in charts(deck):
        sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).worksheets[0]
        root = chart._chartSpace
        for numbers in root.iter(f"{C}numRef"):
            place = numbers.find(f"{C}f").text.removeprefix("Sheet1!").replace("$", "")
            cells = [row[0].value for row in sheet[place]] if ":" in place else [sheet[place].value]
            cached = {int(p.get("idx")): float(p.find(f"{C}v").text) for p in numbers.iter(f"{C}pt")}
            assert {i: value for i, value in enumerate(cells) if value is not None} == pytest.approx(cached)


def test_every_slide_with_a_chart_names_its_base_and_source(deck, findings):
    for slide in deck.slides:
        if any(shape.has_chart for shape in slide.shapes):
            source = next(shape for shape in slide.shapes if shape.name == "Source").text_frame.text
            assert source.startswith("Base: ")
            assert findings.source in source


def test_notes_give_the_method_and_what_not_to_say(deck):
    for slide in deck.slides:
        if any(shape.has_chart for shape in slide.shapes):
            notes = slide.notes_slide.notes_text_frame.text
            assert "Method: " in notes
            assert "Do not say that one thing causes the other" in notes


def test_without_a_ranking_no_driver_is_named_as_first(sample_findings, tmp_path):
    made = opened(replace(sample_findings["2024"], language="en"), tmp_path)
    assert "You are measuring the wrong things." in titles(made)
    assert [t for t in titles(made) if t.startswith("No ranking is drawn")]
    assert not [t for t in titles(made) if "strongest driver" in t or "Fix first" in t]
    assert len(titles(made)) >= 6


@pytest.fixture(scope="module")
def gappy():
    """Findings on a survey of which half of the questionnaires leave one question open, and nobody rates low."""
    survey = made_survey(400)
    first = survey.drivers[0]
    answers = survey.answers.assign(**{first: survey.answers[first].where(np.arange(len(survey.answers)) % 2 == 0)})
    answers[list(survey.drivers)] = answers[list(survey.drivers)].clip(lower=5)
    survey = replace(survey, answers=answers, missing_policy="complete")
    return client_findings(survey, made_client(survey))


def test_the_last_slide_tells_how_many_questionnaires_count_and_whether_the_ranking_depends_on_it(gappy):
    kept, treated, *rest = (Language("en").say(line) for line in explain(gappy.missing))
    last = deck_slides(gappy)[-1]
    assert "50% are complete" in kept
    assert last.lines[0] == f"{kept} {treated}"
    assert rest[-1] in last.lines
    assert set(rest) <= set(last.notes)


def test_where_nobody_rates_low_the_slide_on_shape_tells_whether_effects_bend(gappy):
    slide = next(slide for slide in deck_slides(gappy) if slide.name == "shape")
    assert slide.chart is None
    assert Language("en").say(explain(gappy.curves)[0]) in slide.lines


# what the client file asks


def test_sections_stand_in_the_order_of_the_client_file_and_others_stay_out(findings):
    asked = ("method", "value", "drivers", "loyalty")
    assert [s.name for s in deck_slides(with_house(findings, sections=asked))] == [
        "value",
        "drivers",
        "loyalty",
        "method",
    ]


def test_firmness_is_said_only_where_its_section_is_shown(findings):
    said = Language("en").say(explain(findings.robustness)[0])
    without = with_house(findings, sections=tuple(n for n in House().sections if n != "robustness"))
    shown, hidden = (next(s for s in deck_slides(f) if s.name == "drivers") for f in (findings, without))
    assert said in shown.lines
    assert said not in (*hidden.lines, *hidden.notes)


def test_own_text_is_shown_whole_as_text_however_long(findings, tmp_path):
    own = "Eigen <b>tekst</b> {{7*7}}.\n\n" + " ".join(f"woord{i}" for i in range(900))
    made = opened(findings, tmp_path, texts={"drivers": own, "checks": "=1+1"})
    shown = " ".join(text for slide in made.slides for text in texts(slide)).split()
    assert "{{7*7}}." in shown
    assert "=1+1" in shown
    assert {f"woord{i}" for i in range(900)} <= set(shown)


def test_mark_footer_number_and_logo_stand_on_every_slide(findings, tmp_path):
    logo = tmp_path / "logo.png"
    logo.write_bytes(PNG)
    made = opened(findings, tmp_path, logo=logo, confidential="Secret")
    for slide in list(made.slides)[1:]:
        names = {shape.name: shape for shape in slide.shapes}
        assert "Secret" in names["Footer"].text_frame.text
        assert "slidenum" in etree.tostring(names["Page number"]._element).decode()
        assert names["Logo"]._element._nvXxPr.cNvPr.get("descr") == "Logo of Made"


def test_a_logo_that_is_no_picture_is_an_error_that_names_it(findings, tmp_path):
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"no picture")
    with pytest.raises(ReportError, match=r"logo\.png cannot be read as a picture"):
        opened(findings, tmp_path, logo=logo)


def test_the_colours_and_typeface_of_the_house_are_the_theme(findings, tmp_path):
    opened(findings, tmp_path, accent="#123456", second="#abcdef", font="Verdana & <Co>")
    theme = members(tmp_path / "deck.pptx")["ppt/theme/theme1.xml"].decode()
    assert '<a:accent1><a:srgbClr val="123456"/>' in theme
    assert '<a:accent2><a:srgbClr val="ABCDEF"/>' in theme
    assert 'typeface="Verdana &amp; &lt;Co>"' in theme


# templates


def template(folder, *, layouts=None, kind="pptx"):
    """python-pptx's own 4:3 template with a slide in it, as .pptx or .potx, with only the layouts of these names."""
    made = Presentation()
    made.slides.add_slide(made.slide_layouts[6]).shapes.add_textbox(0, 0, 9, 9).text_frame.text = "Old slide"
    for layout in list(made.slide_layouts)[::-1]:
        if layouts is not None and layout.name not in layouts and layout.name != "Blank":
            made.slide_layouts.remove(layout)
    file = folder / f"template.{kind}"
    made.save(file)
    if kind == "potx":
        parts = members(file)
        name = "[Content_Types].xml"
        parts[name] = parts[name].replace(b"presentation.main+xml", b"template.main+xml")
        with zipfile.ZipFile(file, "w") as archive:
            for part, blob in parts.items():
                archive.writestr(part, blob)
    return file


@pytest.mark.parametrize("kind", ["pptx", "potx"])
@pytest.mark.parametrize("layouts", [None, (), ("Title Only",), ("Title and Vertical Text", "Vertical Title and Text")])
def test_a_template_gives_its_size_and_layouts_and_loses_its_slides(findings, tmp_path, layouts, kind):
    made = opened(findings, tmp_path, template=template(tmp_path, layouts=layouts, kind=kind))
    assert (made.slide_width, made.slide_height) == (Inches(10), Inches(7.5))
    assert "Old slide" not in " ".join(text for slide in made.slides for text in texts(slide))
    assert len(set(titles(made))) == len(made.slides) >= 8
    assert all(inside(shape, made) for slide in made.slides for shape in slide.shapes)
    assert broken(tmp_path / "deck.pptx") == []


def test_a_template_that_leaves_no_room_is_refused_by_name(findings, tmp_path):
    small = Presentation()
    small.slide_width, small.slide_height = Inches(3), Inches(2)
    for layout in list(small.slide_layouts)[::-1]:
        if layout.name != "Blank":
            small.slide_layouts.remove(layout)
    small.save(tmp_path / "small.pptx")
    with pytest.raises(ReportError, match=r"small\.pptx leaves"):
        opened(findings, tmp_path, template=tmp_path / "small.pptx")


@pytest.mark.parametrize("content", [b"", b"no zip", None])
def test_a_template_that_cannot_be_read_is_refused_by_name(findings, tmp_path, content):
    file = tmp_path / "house.pptx"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ReportError, match=r"house\.pptx cannot be read as a PowerPoint file"):
        opened(findings, tmp_path, template=file)


# the file


def broken(file):
    """What PowerPoint would repair: parts without a type, relationships to nowhere, ids or names used twice."""
    parts, found = members(file), []
    types = etree.fromstring(parts["[Content_Types].xml"])
    named = {t.get("PartName") for t in types} | {t.get("Extension") for t in types}
    for name, blob in parts.items():
        if name != "[Content_Types].xml" and not {f"/{name}", name.rsplit(".", 1)[-1]} & named:
            found.append(f"{name} has no type")
        if name.endswith(".rels"):
            folder = posixpath.dirname(posixpath.dirname(name))
            targets = [r.get("Target") for r in etree.fromstring(blob) if r.get("TargetMode") != "External"]
            places = [posixpath.normpath(posixpath.join("/", folder, t)).lstrip("/") for t in targets]
            found += [f"{name}: {place}" for place in places if place not in parts]
        if re.fullmatch(r"ppt/slides/slide\d+\.xml", name):
            shapes = etree.fromstring(blob).findall(".//{*}cNvPr")
            for key in ("id", "name"):
                values = [shape.get(key) for shape in shapes]
                found += [f"{name}: {key} {v}" for v in set(values) if values.count(v) > 1]
    return found


def inside(shape, deck):
    left, top, width, height = (Emu(x or 0) for x in (shape.left, shape.top, shape.width, shape.height))
    return left >= 0 and top >= 0 and left + width <= deck.slide_width and top + height <= deck.slide_height


def test_nothing_in_the_file_is_for_powerpoint_to_repair(hostile, tmp_path):
    made = opened(hostile, tmp_path)
    assert broken(tmp_path / "deck.pptx") == []
    assert all(inside(shape, made) for slide in made.slides for shape in slide.shapes)


ORDER = {
    "ser": "idx order tx spPr invertIfNegative marker dPt dLbls trendline errBars cat xVal val yVal smooth",
    "errBars": "errDir errBarType errValType noEndCap plus minus val spPr",
    "dLbl": "idx layout tx numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent "
    "showBubbleSize separator extLst",
    "catAx": "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark "
    "tickLblPos spPr txPr crossAx crosses crossesAt auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl",
    "valAx": "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark "
    "tickLblPos spPr txPr crossAx crosses crossesAt crossBetween majorUnit minorUnit dispUnits",
    "legend": "legendPos legendEntry layout overlay spPr txPr",
    "plotArea": "layout barChart lineChart scatterChart catAx valAx spPr",
    "chart": "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend plotVisOnly dispBlanksAs "
    "showDLblsOverMax",
}


@pytest.mark.parametrize("name", ORDER)
def test_elements_of_charts_stand_in_the_order_of_the_schema(deck, name):
    seen = 0
    for chart in charts(deck):
        for element in chart._chartSpace.iter(f"{C}{name}"):
            order = ORDER[name].split()
            places = [order.index(etree.QName(child).localname) for child in element]
            assert places == sorted(places), [etree.QName(child).localname for child in element]
            seen += 1
    assert seen


def test_who_cannot_see_a_chart_hears_its_finding_and_the_title_comes_first(deck, findings):
    said = {slide.headlines[0] for slide in deck_slides(findings)}
    for slide in deck.slides:
        assert slide.shapes[0].name == "Title"
        for shape in slide.shapes:
            if shape.has_chart:
                assert shape._element._nvXxPr.cNvPr.get("descr") in said


@pytest.mark.parametrize(("language", "tag"), [("nl", "nl-NL"), ("en", "en-GB")])
def test_every_run_of_text_says_its_language(findings, tmp_path, language, tag):
    made = opened(replace(findings, language=language), tmp_path)
    runs = [run for slide in made.slides for run in slide._element.iter("{*}rPr")]
    assert {run.get("lang") for run in runs} == {tag}


def test_the_same_findings_give_the_same_bytes(findings, tmp_path):
    first, second = tmp_path / "first.pptx", tmp_path / "second.pptx"
    write_deck(findings, first)
    write_deck(findings, second)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert {member.date_time[0] for member in archive.infolist()} == {1980}
    assert b"1980-01-01" in members(first)["docProps/core.xml"]


def test_hostile_labels_are_text_in_slides_and_sheets(hostile, tmp_path):
    made = opened(hostile, tmp_path)
    every = " ".join(text for slide in made.slides for text in texts(slide))
    assert HOSTILE[0] in every
    assert "{{7*7}}" in every
    assert not set("\u202e\u0007") & set(every)
    for chart in charts(made):
        book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert any(HOSTILE[1] in list(chart.plots[0].categories) for chart in charts(made))


def test_drivers_that_say_nothing_give_a_deck_too(tmp_path):
    survey = made_survey(300)
    noise = with_answers(survey, csat=survey.answers["csat"].sample(frac=1, random_state=1).to_numpy())
    made = opened(client_findings(noise, made_client(noise, leaving=False)), tmp_path)
    assert len(titles(made)) >= 6


# text


@pytest.mark.parametrize("size", [10, 16, 28])
def test_a_text_is_measured_no_narrower_than_its_typeface(size):
    from PIL import ImageFont

    wide = ImageFont.truetype(f"{__import__('matplotlib').get_data_path()}/fonts/ttf/DejaVuSans.ttf", size)
    text = "Satisfied customers are worth €1,680,000 a year more"
    assert Face().width(text, size) >= wide.getlength(text) * 0.99
    assert Face("Arial").width(text, size) < Face("Papyrus").width(text, size)


def test_what_does_not_fit_is_given_back_and_nothing_gets_lost():
    paragraphs = [f"Sentence {i} of a text that is long." for i in range(40)]
    fit = fitted(paragraphs, Face(), (300.0, 200.0), (14.0, 12.0))
    assert (*fit.paragraphs, *fit.rest) == tuple(paragraphs)
    assert 0 < len(fit.paragraphs) < 40
    assert Face().height(fit.paragraphs, fit.size, 300.0, gap=0.5 * fit.size) <= 200.0


def test_a_word_longer_than_a_line_takes_several():
    assert Face().lines("x" * 300, 12, 100.0) >= 10


def test_cleaned_text_has_no_marks_that_steer_what_follows():
    assert cleaned("a\u202eb\u0007c\ud800\u2066d\x0b e") == "abcd e"


@pytest.mark.parametrize(
    ("kind", "language", "code"),
    [
        ("percent1", "nl", "[$-413]#,##0.0%"),
        ("money", "nl", '[$-413]"€ "#,##0;[$-413]"€ "\\-#,##0'),
        ("money", "en", '[$-809]"€"#,##0;[$-809]\\-"€"#,##0'),
        ("number2", "en", "[$-809]#,##0.00"),
    ],
)
def test_numbers_of_charts_have_the_format_of_the_language(kind, language, code):
    assert number_code(kind, Language(language)) == code


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_prints_as_many_pages_as_there_are_slides(hostile, tmp_path):
    made = opened(hostile, tmp_path)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), "deck.pptx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
    assert len(pypdf.PdfReader(tmp_path / "deck.pdf").pages) == len(made.slides)


@pytest.mark.parametrize("code", ["nl", "en"])
def test_the_summary_shows_every_key_figure_with_its_interval(findings, tmp_path, code):
    shown = replace(findings, language=code)
    slide = opened(shown, tmp_path).slides[1]
    figures = [shape.text_frame.text.split("\n") for shape in slide.shapes if shape.name.startswith("Key figure")]
    cards = summary_cards(shown, Language(code, shown.currency))
    assert len(cards) > 2
    assert figures == [[str(card.value), card.label, card.interval] for card in cards]


def test_own_text_on_the_summary_stands_on_one_slide(findings, tmp_path):
    made = opened(findings, tmp_path, texts={"summary": "Written for the board."})
    assert sum("Written for the board." in text for slide in made.slides for text in texts(slide)) == 1
    numbered = next(s for s in made.slides if s.shapes.title.text_frame.text == "What to do on Monday")
    assert any(shape.name == "Text" for shape in numbered.shapes)
