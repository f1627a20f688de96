"""No English leaks into a Dutch report and no Dutch into an English one: every sentence, table, picture and number."""

import html
import re
from dataclasses import replace

import pytest
from babel.messages.pofile import read_po

from catalogue import SOURCE
from drivers import client_findings, load_client, load_survey
from drivers.present.publication import published_section
from quick_clients import SAMPLES, quick_client

REPORTS = (
    ("noordzee-telecom", "2024"), ("noordzee-telecom", "2025"), ("noordzee-telecom", "2026"), ("vecht-it", None),
    ("maasland-verzekeringen", None),
)  # fmt: skip
ENGLISH_WORDS = (
    "the and with are customers from that this not than which for to on by be have has what more if each one other "
    "between share satisfaction satisfied stay shown goes higher lower base wave points value years yes no does they "
    "their it its at least most first only"
)
DUTCH_WORDS = (
    "de het een en van met dat die zijn wordt worden niet dan welke voor naar bij door heeft hebben wat meer als elk "
    "tussen aandeel tevredenheid tevreden blijven aangetoond hoger lager basis meting punten waarde jaar ja nee hun "
    "minstens meeste eerst alleen klanten"
)
ENGLISH, DUTCH = frozenset(ENGLISH_WORDS.split()), frozenset(DUTCH_WORDS.split())
ENGLISH_NUMBER = re.compile(
    r"(?<![\d.,])\d+\.\d{1,2}(?![\d.])(?!,\d)|(?<![\d.,])(?!1,000)[1-9]\d{0,2}(?:,\d{3})+(?![\d,])"
)
DUTCH_NUMBER = re.compile(
    r"(?<![\d.,])\d+,\d{1,2}(?![\d,])(?!\.\d)|(?<![\d.,])(?!1\.000)[1-9]\d{0,2}(?:\.\d{3})+(?![\d.])"
)
# 1,000 (1.000) is left alone: a p-value of 1 in three decimals looks like a thousand in the other language


@pytest.fixture(scope="module", params=REPORTS, ids=lambda report: "-".join(filter(None, report)))
def findings(request, tmp_path_factory):
    """Findings on a sample, on few draws."""
    name, wave = request.param
    client = load_client(quick_client(name, tmp_path_factory.mktemp(name)))
    return client_findings(load_survey(client, wave), client)


@pytest.fixture(scope="module")
def texts(findings):
    """The text of every section in both languages."""
    return {code: list(parts_of(findings, code)) for code in ("nl", "en")}


def parts_of(findings, code):
    """The text of every section: what is read, what a screen reader reads out, what stands in the pictures."""
    told = replace(findings, language=code)
    for name in told.house.sections:
        if (section := published_section(told, name)) is not None:
            page = section._repr_html_()
            spoken = " | ".join(re.findall(r'(?:aria-label|alt|title)="([^"]*)"', page))
            page = re.sub(r"<(defs|style|metadata)\b.*?</\1>", " ", page, flags=re.S)
            yield name, html.unescape(re.sub(r"<[^>]+>", " | ", page) + " | " + spoken)


def own_words(findings):
    """Words of the client, which no language changes: labels, groups, names of files and keys."""
    folder = next(SAMPLES / name for name, _ in REPORTS if findings.client.split()[0].lower() in name)
    texts = re.findall(r'"([^"]*)"', (folder / "client.toml").read_text(encoding="utf-8"))
    kinds = ["Inspanningscontract", "Resultaatafspraak", "Bonus-malus"]
    return texts + kinds + [findings.client]


def words_of(text):
    """Words in small letters, without names of keys of the client file."""
    return re.findall(r"[^\W\d_]+", re.sub(r"\[\w+\]|\b[a-z]+\.[a-z_]+\b", " ", text).lower())


@pytest.fixture(scope="module")
def pieces():
    """Fixed pieces of the templates and of their translations: of every one those that only that language has."""
    english, dutch = set(), set()
    for path in (SOURCE / "present" / "locale" / "nl").glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="nl"):
                if message.id:
                    english |= fixed(message.id)
                    dutch |= fixed(message.string)
    return english - dutch, dutch - english


def fixed(template):
    return {piece.strip() for piece in re.split(r"\{[^{}]*\}", template) if len(piece.strip()) > 14 and " " in piece}


def test_no_english_stands_in_a_dutch_report(findings, texts, pieces):
    own = {word for text in own_words(findings) for word in words_of(text)}
    for name, text in texts["nl"]:
        assert [piece for piece in pieces[0] if piece in text] == [], name
        assert ENGLISH & set(words_of(text)) - own == set(), name


def test_no_dutch_stands_in_an_english_report_but_the_clients_own_words(findings, texts, pieces):
    own = {word for text in own_words(findings) for word in words_of(text)}
    labels = set(own_words(findings))
    for name, text in texts["en"]:
        assert [piece for piece in pieces[1] - labels if piece in text] == [], name
        assert DUTCH & set(words_of(text.replace("Not met: ‘", "‘"))) - own == set(), name  # English: not fulfilled


def test_numbers_are_written_as_the_language_writes_them(texts):
    for name, text in texts["nl"]:
        assert ENGLISH_NUMBER.findall(text) == [], name
    for name, text in texts["en"]:
        assert DUTCH_NUMBER.findall(text) == [], name


@pytest.mark.parametrize(("text", "english"), [("0.30", 1), ("1,234", 1), ("0,30", 0), ("1.234", 0), ("12,3%", 0)])
def test_the_pattern_knows_an_english_number(text, english):
    assert len(ENGLISH_NUMBER.findall(f"({text})")) == english
    assert len(DUTCH_NUMBER.findall(f"({text})")) == 1 - english
