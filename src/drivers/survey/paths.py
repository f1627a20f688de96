"""Paths: the blocks and arrows of the client file, as this wave asked them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import pandas as pd

from drivers.client import Client
from drivers.client.paths import path_blocks
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True)
class PathPlan:
    """Which aspects are said to work through which others.

    Attributes
    ----------
    blocks
        Columns of each block, by its name; a driver of its own goes by its column, the outcome by ``satisfaction``.
    to
        For each block the blocks that lead to it; without circles.
    scheme
        How partial least squares draws a block to its neighbours.
    lost
        Blocks of the client file of which this wave asked nothing.
    """

    blocks: Mapping[str, tuple[str, ...]]
    to: Mapping[str, tuple[str, ...]]
    scheme: Literal["path", "centroid", "factorial"] = "path"
    lost: tuple[str, ...] = ()


def path_plan(client: Client, answers: pd.DataFrame) -> PathPlan | None:
    """Which blocks and arrows are left of those in the client file? None where it draws none.

    A column that was not asked, or to which all gave one answer, is left out, and with its last column a block.
    """
    if client.paths is None:
        return None
    varied = {str(c) for c in answers.columns if answers[c].nunique() > 1}
    asked = path_blocks(client)
    blocks = {name: tuple(c for c in columns if c in varied) for name, columns in asked.items()}
    blocks = {name: columns for name, columns in blocks.items() if columns}
    to = {target: tuple(s for s in sources if s in blocks) for target, sources in client.paths.to.items()}
    to = {target: sources for target, sources in to.items() if sources and target in blocks}
    drawn = {name for target, sources in to.items() for name in (*sources, target)}
    kept = {name: columns for name, columns in blocks.items() if name in drawn}
    lost = tuple(name for name in asked if name not in kept)
    return PathPlan(MappingProxyType(kept), MappingProxyType(to), client.paths.scheme, lost)


def path_notices(plan: PathPlan | None, labels: Mapping[str, str]) -> Iterator[Sentence]:
    """Which blocks could not be kept?"""
    if plan is not None and plan.lost:
        names = [labels.get(name, name) for name in plan.lost]
        yield sentence("Not in the path model, because this wave did not ask them: {names:list}.", names=names)
