"""The house style of a client's documents, with its files where they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from drivers.client.problems import Problem
from drivers.client.report import SECTION_NAMES, Brand, Report

if TYPE_CHECKING:
    from drivers.client.client import Client


@dataclass(frozen=True, slots=True)
class House:
    """What every document of a client shows, and how it looks.

    Attributes
    ----------
    sections
        Names of the sections to show, in their order.
    texts
        Own text of the client by section, plain text.
    confidential
        Mark on every page and slide; None for none.
    accent, second
        Colours, #rrggbb.
    font
        Name of a typeface; None for that of the suite.
    logo, template
        Files: a picture, and a PowerPoint file. None for none.
    """

    sections: tuple[str, ...] = SECTION_NAMES
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    confidential: str | None = None
    accent: str = Brand.model_fields["accent"].default
    second: str = Brand.model_fields["second"].default
    font: str | None = None
    logo: Path | None = None
    template: Path | None = None


def client_house(report: Report, folder: Path) -> House:
    """What does this table [report] ask, with its files found from the folder of the client file?"""
    brand = report.brand
    return House(
        sections=tuple(name for name in report.sections or SECTION_NAMES if name not in report.hide),
        texts=MappingProxyType({str(name): text for name, text in report.text.items()}),
        confidential=report.confidential,
        accent=brand.accent,
        second=brand.second,
        font=brand.font,
        logo=folder / brand.logo if brand.logo else None,
        template=folder / brand.template if brand.template else None,
    )


def house_problems(client: Client) -> Iterator[Problem]:
    """Which files of the house style are not there?"""
    house, brand = client.house, client.report.brand
    named = (("logo", brand.logo, house.logo, "a picture"), ("template", brand.template, house.template, "a .pptx"))
    for key, name, file, kind in named:
        if file is not None and not file.is_file():
            text = f'"{name}" does not exist; expected {kind}, its path from the client file. Mend it or drop it.'
            yield Problem(("report", "brand", key), text)
