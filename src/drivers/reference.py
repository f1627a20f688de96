"""Reference pages in docs/, generated from the code: ``python -m drivers.reference docs``."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pydantic.fields import FieldInfo

from drivers.analyses.findings import Findings
from drivers.client import Client
from drivers.client.fields import Section
from drivers.client.sections import nested_section
from drivers.document_schema import findings_schema
from drivers.errors import ConfigError
from drivers.glossary import GLOSSARY, Term
from drivers.present.document import SCHEMA_VERSION
from drivers.schema import EVERY_RESULT, Entry, Part, result_parts, sample_findings, top_entries

EXAMPLE = """\
client   = "Noordzee Telecom"
language = "nl"
currency = "EUR"

[survey]
file       = "survey.sav"
respondent = "customer_id"
weight     = "weight"
wave       = "wave"
missing    = [99, "don't know"]
segments   = { region = "Region", contract = "Contract" }
duration   = "seconds"

[satisfaction]
column       = "csat"
scale        = [1, 10]
satisfied    = 8
dissatisfied = 5

[drivers]
scale = [1, 10]
before_satisfaction = true
[drivers.items]
first_time_fix = "Solved first time"
friendliness   = { label = "Friendly staff", scale = [1, 5] }
age            = { role = "control" }
[drivers.batteries]
Service = ["first_time_fix", "friendliness"]
[drivers.stated]
first_time_fix = "importance_of_first_time_fix"
friendliness   = "importance_of_friendliness"

[paths]
scale = [1, 10]
[paths.blocks]
Loyalty = ["buy_again", "recommend"]
[paths.to]
satisfaction = ["Service"]
Loyalty      = ["satisfaction", "Service"]

[quality]
exclude = ["straightliners", "too_fast"]

[loyalty]
left          = "left_within_12_months"
period_months = 12
nps           = "recommend"

[value]
margin_per_year = "margin"
discount_rate   = 0.10
horizon_years   = 5
customers       = 180000

[plan.first_time_fix]
improve = 0.5
cost    = 250000

[budget]
amount = 250000

[change]
reached = "reached_by_plan"
rollout = "team"
mix     = ["contract"]
rates   = { kept_at_desk = "Kept by the retention desk" }

[sourcing]
column         = "site"
onshore        = "Netherlands"
offshore       = "Surinam"
centre         = "centre"
first_time_fix = "solved"
repeats        = "called_again"
mediators      = ["solved", "called_again", "friendliness"]
talk_time      = "seconds_on_the_phone"
mix            = ["contract"]
cost_per_contact  = { onshore = 8.00, offshore = 4.30 }
contacts_per_year = 260000
switch_cost       = 600000
return_cost       = 500000

[choice]
column     = "decision"
stay       = "stayed"
switch     = "other supplier"
backsource = "in house"
scales     = ["Service", "Switching costs"]
controls   = { times_outsourced = "Times outsourced before" }
[choice.batteries]
"Switching costs" = ["effort_of_switching", "risk_of_switching"]

[providers]
file         = "providers.csv"
nps          = "recommend"
scale        = [1, 10]
organisation = "organisation"
provider     = "provider"
[providers.attributes]
reachability = "Easy to reach"
proactivity  = "Starts improvements"

[employees]
file             = "employees.csv"
layer            = "layer"
team             = "team"
satisfaction     = "work_satisfaction"
scale            = [1, 10]
information_down = "information_down"
information_up   = "information_up"
[employees.layers]
floor     = "Floor"
team_lead = "Team leads"
board     = "Board"
[employees.items]
information_down  = "Information comes down well"
information_up    = "Information comes up well"
customers_content = { label = "Our customers are content", customers = "csat" }
pride             = "Proud of the work"
growth            = "Room to grow"
[employees.batteries]
Joy = ["pride", "growth"]
[employees.teams]
file     = "team_results.csv"
team     = "team"
absence  = "absence"
turnover = "turnover"

[contracts]
column = "agreement"
adjust = { employees = "Employees" }
equivalence_margin = 0.25
[contracts.kinds]
effort = "Effort"
result = "Result"
[contracts.operations]
sla_kept = "Service level kept"

[report]
hide         = ["shape", "robustness"]
confidential = "Confidential"
[report.brand]
logo   = "logo.svg"
accent = "#00594f"
[report.text]
summary = "Written for the board of March 2026."
"""
"""A client file with every table, which a test loads."""

_INTRODUCTION = """\
# The client file

One `client.toml` for each client says where the survey is, what its columns mean and what a customer is worth.
It is TOML. An unknown key is an error that names the nearest known one; a text is no number (`"7"` is not 7), nor is
`true`; a whole number will do where a number is asked. Relative paths start at the folder of the client file.

A column has one use. A margin may also be a control, and a segment may be anything.
`[value]` needs `loyalty.left` or `loyalty.stayed`, a plan needs `[value]`, and `[plan.<driver>]` names a driver.
"""

_FINDINGS = f"""\
# findings.json

Every number of a report at full precision, as UTF-8 JSON. `schema_version` is now "{SCHEMA_VERSION}": its first number
rises when a key is taken away or changes meaning, its second when one is added.

Shares, rates and probabilities are fractions; money is in whole units of `currency`; a missing number is null.
Sentences are in English whatever the report's language, labels are the client's own. A table is a list of rows, each an
object with the columns as keys. `_low` and `_high` are the ends of the interval at the level `confidence`. A count may
be written as 250.0. [findings.schema.json](findings.schema.json) says the same to programs, as JSON Schema 2020-12.
"""

_FOOTER = "Generated from the code by `make docs`; a test holds this page to it."


def main(arguments: Sequence[str]) -> int:
    """Write the reference pages into the folder that the one argument names."""
    if len(arguments) != 1:
        raise ConfigError("Expected one folder to write to: python -m drivers.reference docs")
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in reference_pages().items():
        (folder / name).write_text(page, encoding="utf-8", newline="\n")
    return 0


def reference_pages() -> dict[str, str]:
    """Every generated page, by file name."""
    sample = sample_findings(EXAMPLE)
    return {
        "client-file.md": client_page(),
        "findings.md": findings_page(sample),
        "findings.schema.json": json.dumps(findings_schema(sample), ensure_ascii=False, indent=1) + "\n",
        "glossary.md": glossary_page(GLOSSARY.values()),
    }


def client_page() -> str:
    """The page of every key of a client file, with an example."""
    tables = [_table_text(title, table) for title, table in _sections()]
    return "\n".join([_INTRODUCTION, f"## Example\n\n```toml\n{EXAMPLE}```\n", *tables, _FOOTER]) + "\n"


def glossary_page(terms: Iterable[Term]) -> str:
    """The page of every column of a result."""
    rows = [(f"`{t.name}`", t.meaning, t.unit, t.header_en, t.header_nl) for t in terms]
    head = "# Glossary\n\nEvery column of every result. Shares are fractions; reports print them as percent.\n"
    return "\n".join([head, *_rows(("column", "meaning", "unit", "English", "Dutch"), rows), "", _FOOTER]) + "\n"


def findings_page(sample: Findings) -> str:
    """The page of every key of findings.json."""
    top = f"## Top of the file\n\n{_entries_text(top_entries())}"
    parts = [_part_text(part) for part in result_parts(sample)]
    every = f"## In every result\n\n{_entries_text(EVERY_RESULT)}"
    return "\n".join([_FINDINGS, top, *parts, every, _FOOTER]) + "\n"


def _part_text(part: Part) -> str:
    tables = [f"### `{name}`\n\n{_columns_text(columns)}" for name, columns in part.tables.items()]
    return "\n".join([f"## `{part.key}`\n\n{part.meaning}\n\n{_entries_text(part.entries)}", *tables])


def _entries_text(entries: Iterable[Entry]) -> str:
    rows = [(", ".join(f"`{key}`" for key in e.keys), e.holds, _json_words(e.meaning)) for e in entries]
    return "\n".join(_rows(("key", "holds", "meaning"), rows)) + "\n"


def _json_words(text: str) -> str:
    """A docstring's text for a reader of JSON and Markdown."""
    return re.sub(r"\b(None|NaN)\b", "null", text).replace("``", "`")


def _columns_text(columns: Iterable[str]) -> str:
    rows = [(f"`{column}`", GLOSSARY[column].meaning, GLOSSARY[column].unit) for column in columns]
    return "\n".join(_rows(("column", "meaning", "unit"), rows)) + "\n"


def _sections() -> Iterator[tuple[str, type[Section]]]:
    yield "Top of the file", Client
    yield from _nested("", Client)


def _nested(prefix: str, section: type[Section]) -> Iterator[tuple[str, type[Section]]]:
    for key, field in section.model_fields.items():
        table, many = nested_section(field)
        if table is not None:
            name = f"{prefix}{key}" + (".<column>" if many else "")
            yield f"`[{name}]`", table
            yield from _nested(f"{name}.", table)


def _table_text(title: str, section: type[Section]) -> str:
    rows = [
        (f"`{key}`", field.title or "", _default(field), field.description or "")
        for key, field in section.model_fields.items()
        if section is not Client or nested_section(field)[0] is None
    ]
    meaning = "" if section is Client else f"{(section.__doc__ or '').strip()}\n\n"
    return f"## {title}\n\n{meaning}" + "\n".join(_rows(("key", "takes", "default", "meaning"), rows)) + "\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    return "–" if value is None or isinstance(value, Section) else f"`{json.dumps(value)}`"


def _rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in (header, ["---"] * len(header), *rows):
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
