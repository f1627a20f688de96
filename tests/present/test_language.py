import re

import pytest
from babel.messages.pofile import read_po

from catalogue import SOURCE, printed_templates
from drivers.present.language import Language
from drivers.wording import sentence

BRACES = re.compile(r"\{([^{}]*)\}")


@pytest.fixture(scope="module")
def dutch():
    return {template: text for entries in catalogues().values() for template, text in entries.items()}


def catalogues():
    """The entries of each file of the Dutch catalogue."""
    found = {}
    for path in sorted((SOURCE / "present" / "locale" / "nl").glob("*.po")):
        with path.open("rb") as file:
            found[path.name] = {m.id: m.string for m in read_po(file, locale="nl") if m.id}
    return found


def test_no_template_stands_in_two_files_of_the_catalogue():
    everything = [template for entries in catalogues().values() for template in entries]
    assert len(everything) == len(set(everything)) > 80


def test_the_scan_finds_the_templates():
    assert len(printed_templates()) > 80


def test_every_printed_template_is_in_the_dutch_catalogue(dutch):
    assert set(printed_templates()) - set(dutch) == set()


def test_the_dutch_catalogue_holds_nothing_that_is_no_longer_printed(dutch):
    assert set(dutch) - set(printed_templates()) == set()


def test_every_translation_prints_the_same_values(dutch):
    for template, translation in dutch.items():
        assert translation, template
        assert sorted(BRACES.findall(template)) == sorted(BRACES.findall(translation)), template


@pytest.mark.parametrize(
    ("spec", "value", "english", "dutch"),
    [
        ("percent1", 0.123, "12.3%", "12,3%"),
        ("percent", 0.954, "95%", "95%"),
        ("pp1", 0.0431, "4.3", "4,3"),
        ("number2", 1234.5, "1,234.50", "1.234,50"),
        ("signed2", 0.5, "+0.50", "+0,50"),
        ("signed2", -0.5, "-0.50", "-0,50"),
        ("count", 12345, "12,345", "12.345"),
        ("money", 1_703_244.0, "€1,700,000", "€\u00a01.700.000"),
        ("money", -81_649.0, "-€81,600", "€\u00a0-81.600"),
        ("money", 188.4, "€188", "€\u00a0188"),
        ("money", -0.3, "€0", "€\u00a00"),
        ("percent", float("nan"), "–", "–"),
    ],
)
def test_figures_are_written_as_each_language_writes_them(spec, value, english, dutch):
    assert Language("en").format_field(value, spec) == english
    assert Language("nl").format_field(value, spec) == dutch


def test_a_sentence_within_a_sentence_is_translated_too():
    inner = sentence("{a}; {b:count}", a=sentence("survey weights"), b=1200)
    assert Language("nl").say(inner) == "gewogen met de enquêtegewichten; 1.200"


def test_braces_in_a_clients_text_are_data():
    assert Language("nl").say("{low} to {high}", low="{x.__class__}", high="{0}") == "{x.__class__} tot {0}"


def test_lists_join_with_the_word_of_the_language():
    assert Language("nl").format_field(["a", "b", "c"], "list") == "a, b en c"


@pytest.mark.parametrize(("code", "word"), [("en", "and"), ("nl", "en")])
def test_items_with_commas_of_their_own_are_set_apart_by_semicolons(code, word):
    items = ["Restaurants", "Escalators, lifts, walkways", "Signs"]
    expected = f"Restaurants; Escalators, lifts, walkways {word} Signs"
    assert Language(code).listed(items) == expected
    assert Language(code).listed(["a", "b", "c"]) == f"a, b {word} c"
