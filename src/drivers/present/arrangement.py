"""The order of a page: each section with what an analyst put behind it, as the client file asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from drivers.present.titles import CASES, SECTIONS

if TYPE_CHECKING:
    from nbformat import NotebookNode

_NAMES = frozenset((*SECTIONS, *CASES))


def arranged(
    cells: Sequence[NotebookNode], order: Sequence[str], sections: Callable[[str], list[tuple[str, str]]]
) -> list[NotebookNode]:
    """The cells in blocks that begin with a section of the suite, the blocks in this order.

    Parameters
    ----------
    cells
        Of an executed notebook. What stands before the first section stays in front.
    order
        Names of sections; a section that is not among them keeps its place behind the last one that is.
    sections
        Lists the sections that a piece of HTML holds, by id and title.
    """
    places = {name: place for place, name in enumerate(order)}
    blocks: list[tuple[int, list[NotebookNode]]] = [(-1, [])]
    for cell in cells:
        name = _section(cell, sections)
        if name is not None:
            blocks.append((places.get(name, blocks[-1][0]), []))
        blocks[-1][1].append(cell)
    return [cell for _, block in sorted(blocks, key=lambda block: block[0]) for cell in block]


def _section(cell: NotebookNode, sections: Callable[[str], list[tuple[str, str]]]) -> str | None:
    """The first section of the suite that a cell shows; None where it shows none."""
    shown = (output.get("data", {}).get("text/html", "") for output in cell.get("outputs", ()))
    found = (name for html in shown if "<section" in html for name, _ in sections(html))
    return next((name for name in found if name in _NAMES), None)
