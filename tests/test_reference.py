from pathlib import Path

import pytest

from drivers.client import Client, load_client
from drivers.client.sections import Section, nested_section
from drivers.errors import ConfigError
from drivers.reference import EXAMPLE, glossary_page, main, reference_pages

DOCS = Path(__file__).resolve().parents[1] / "docs"


def every_section(section: type[Section] = Client):
    yield section
    for field in section.model_fields.values():
        table, _ = nested_section(field)
        if table is not None:
            yield from every_section(table)


@pytest.mark.parametrize("name", sorted(reference_pages()))
def test_the_pages_in_docs_are_what_the_code_says(name):
    assert (DOCS / name).read_text(encoding="utf-8") == reference_pages()[name], "run `make docs`"


def test_main_writes_every_page(tmp_path):
    assert main([str(tmp_path / "new")]) == 0
    assert {p.name for p in (tmp_path / "new").iterdir()} == set(reference_pages())


def test_main_without_a_folder_says_what_it_expects():
    with pytest.raises(ConfigError, match="Expected one folder"):
        main([])


def test_the_example_is_a_client_file_that_loads(tmp_path):
    path = tmp_path / "client.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    client = load_client(path)
    assert all(getattr(client, table) for table in ("loyalty", "value", "plan"))
    assert EXAMPLE in reference_pages()["client-file.md"]


@pytest.mark.parametrize("section", list(every_section()), ids=lambda s: s.__name__)
def test_every_key_says_what_it_takes_and_what_it_means(section):
    for key, field in section.model_fields.items():
        assert field.title, key
        assert field.description, key
        assert field.is_required() or nested_section(field)[0] or "Default:" in field.description, key


@pytest.mark.parametrize("section", list(every_section()), ids=lambda s: s.__name__)
def test_what_a_key_takes_names_its_bounds(section):
    for key, field in section.model_fields.items():
        bounds = [getattr(m, name, None) for m in field.metadata for name in ("ge", "gt", "le", "lt")]
        assert all(f"{bound:.15g}" in field.title for bound in bounds if bound is not None), key


def test_the_glossary_page_shows_every_term():
    class Term:
        name, meaning, unit, header_en, header_nl = "share", "Share | of R².", "share", "Share", "Aandeel"

    assert "| `share` | Share \\| of R². | share | Share | Aandeel |" in glossary_page([Term()])
