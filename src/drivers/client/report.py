"""The table [report] of a client file: what a report shows, in which order, and in whose house style."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import AfterValidator, Field, StringConstraints

from drivers.client.fields import Section, Text
from drivers.client.problems import Problem

if TYPE_CHECKING:
    from drivers.client.client import Client

SectionName = Literal[
    "summary", "potential", "drivers", "robustness", "shape", "priorities", "groups", "loyalty", "value", "plan",
    "change", "choice", "contracts", "sourcing", "providers", "employees", "checks", "quality", "method",
]  # fmt: skip
SECTION_NAMES: tuple[str, ...] = get_args(SectionName)
PICTURES = (".png", ".svg", ".jpg", ".jpeg")
DECKS = (".pptx", ".potx")

_NAMES = f"a list of {', '.join(SECTION_NAMES)}"
_Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]


def _picture(name: str) -> str:
    if not name.lower().endswith(PICTURES):
        raise ValueError(f"{name} is no picture that a report can hold; expected {', '.join(PICTURES)}")
    return name


def _deck(name: str) -> str:
    if not name.lower().endswith(DECKS):
        raise ValueError(f"{name} is no PowerPoint file; expected .pptx or .potx")
    return name


class Brand(Section):
    """The house style of a report."""

    logo: Annotated[Text, AfterValidator(_picture)] | None = Field(
        None,
        title="a file name",
        description="Picture (png, svg, jpg) on the first page and on every slide. A relative path starts at the "
        "client file. Default: none.",
    )
    accent: _Colour = Field(
        "#0b5c7a",
        title="a colour, #rrggbb",
        description="Colour of titles, bars and lines. Default: a blue that colour-blind readers tell from the second.",
    )
    second: _Colour = Field(
        "#c8641e",
        title="a colour, #rrggbb",
        description="Colour of what stands against the rest. Default: an orange that colour-blind readers tell from "
        "the first.",
    )
    font: Text | None = Field(
        None,
        title="the name of a typeface",
        description="Typeface of the documents, where the reader's machine has it. Default: one that all have.",
    )
    template: Annotated[Text, AfterValidator(_deck)] | None = Field(
        None,
        title="a file name",
        description="PowerPoint file whose layouts, colours and typefaces the deck takes; --template goes before it. A "
        "relative path starts at the client file. Default: a plain deck in the colours above.",
    )


class Report(Section):
    """What a report shows, in which order, and in whose house style."""

    sections: tuple[SectionName, ...] | None = Field(
        None,
        title=_NAMES,
        description="Sections of the report in their order; one that is not named is not shown. A case that the client "
        "file does not declare stays out all the same. Default: every section, in the order above.",
    )
    hide: tuple[SectionName, ...] = Field(
        (), title=_NAMES, description="Sections left out of all documents. Default: none."
    )
    confidential: Text | None = Field(
        None,
        title="text",
        description="Mark on every page and slide, such as “Confidential”. Default: no mark.",
    )
    brand: Brand = Field(
        Brand.model_validate({}), title="a table [report.brand]", description="The house style. Default: a plain one."
    )
    text: dict[SectionName, Text] = Field(
        default_factory=dict,
        title="a table of section = text",
        description="Own text below the headline of a section, printed as it is; an empty line begins a paragraph. "
        "Default: none.",
    )


def report_problems(client: Client) -> Iterator[Problem]:
    """Which sections are named twice, or get a text that nobody would see?"""
    for key in ("sections", "hide"):
        names = getattr(client.report, key) or ()
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem(("report", key), f"names {name} twice. Name each section once.")
    shown = set(client.house.sections)
    if not shown:
        yield Problem(("report", "sections"), "leaves no section to show. Name one at least.")
    for name in client.report.text:
        if name not in shown:
            yield Problem(
                ("report", "text", name), "is text for a section that is not shown. Show the section, or drop it."
            )
