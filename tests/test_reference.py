import dataclasses
import re
from pathlib import Path

import pytest

from drivers.client import Client, load_client
from drivers.client.fields import Section
from drivers.client.sections import nested_section
from drivers.errors import ConfigError
from drivers.present.document import findings_document
from drivers.reference import EXAMPLE, findings_page, glossary_page, main, reference_pages
from drivers.schema import class_entries, sample_findings

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


def written_keys(value, prefix=""):
    """Every key of a JSON document as the page writes it; what `unanswered` holds are sections, not keys."""
    items = value.items() if isinstance(value, dict) else ()
    for key, held in items:
        yield f"{prefix}{key}"
        if key != "unanswered":
            yield from written_keys(held, f"{prefix}{key}.")
    for row in value if isinstance(value, list) else ():
        yield from written_keys(row, f"{prefix.removesuffix('.')}[].")


def explained_keys(page):
    """Every key that the page explains, with the key of the part or table it stands in before it."""
    found, prefix = set(), ""
    for line in page.splitlines():
        if line.startswith("#"):
            heading = line.strip("# ").strip("`")
            prefix = f"{heading}[]." if line.startswith("### ") else f"{heading}." if "`" in line else ""
        elif line.startswith("| `"):
            found |= {prefix + key for key in re.findall(r"`([^`]+)`", line.split(" | ")[0])}
    return found


def test_the_page_of_findings_explains_every_key_that_is_written_and_no_other():
    sample = sample_findings(EXAMPLE)
    written, explained = set(written_keys(findings_document(sample))), explained_keys(findings_page(sample))
    assert written <= explained
    # what the sample leaves empty: no rows dropped, notices, pairs of batteries, intention or purchases, time until
    # leaving or spending, no groups that differ; and the shared keys at the end
    other = {
        key
        for key in explained - written
        if not re.match(
            r"exclusions\[|(staff_)?reliability\.pairs\[|(importance|paths|chain|contract|contracts)\.notices\[|intention\.|purchases\."
            r"|penalised\.|survival\.|spending\.|top_marks\.|asked_late\.|measure_groups\.differences\["
            r"|choice\.notices\[",
            key,
        )
    }
    assert other <= {"base", "effective_base", "confidence", "method"}


def test_a_shortened_name_is_written_in_full_and_what_is_internal_is_left_out():
    @dataclasses.dataclass
    class Result:
        """First line.

        Attributes
        ----------
        slope, _low
            What it means,
            on two lines.
        model
            Never written.

        Notes
        -----
        None.
        """

        slope: float
        slope_low: float | None
        model: object = dataclasses.field(metadata={"internal": True})

    (entry,) = class_entries(Result)
    assert (entry.keys, entry.holds) == (("slope", "slope_low"), "number, number or null")
    assert entry.meaning == "What it means, on two lines."
