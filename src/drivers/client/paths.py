"""The table [paths] of a client file: which aspects work through which others, and whether that can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field

from drivers.client.fields import Codes, Names, ScalePair, Section, Text, lists_as_tuples
from drivers.client.problems import Problem, nearest_name

if TYPE_CHECKING:
    from drivers.client.client import Client

SATISFACTION = "satisfaction"
"""The name of the outcome among the blocks."""


class Paths(Section):
    """Which aspects work through which others, drawn as arrows between blocks of questions.

    A block is a battery of ``drivers.batteries``, a driver of its own, ``satisfaction``, or a block named here.
    """

    to: Annotated[dict[Text, Annotated[Names, Field(min_length=1)]], BeforeValidator(lists_as_tuples)] = Field(
        title="a list of blocks for each block that they lead to",
        description="The arrows: block = [blocks that lead to it]. One of them must lead to satisfaction, and none "
        "may lead back to where it started.",
    )
    blocks: Annotated[dict[Text, Annotated[Names, Field(min_length=1)]], BeforeValidator(lists_as_tuples)] = Field(
        default_factory=dict,
        title="a list of columns for each block",
        description="Blocks beside the batteries, such as complaints or loyalty, with their columns. Default: none.",
    )
    scale: ScalePair | None = Field(
        None,
        title="[lowest, highest]",
        description="Lowest and highest answer of the columns in blocks that are used for nothing else. Default: the "
        "value labels if they cover the scale, else the range observed, with a notice.",
    )
    missing: Codes = Field(
        (),
        title="a list of numbers and texts",
        description="Codes that mean no answer in these columns. Default: survey.missing alone.",
    )
    scheme: Literal["path", "centroid", "factorial"] = Field(
        "path",
        title='"path", "centroid" or "factorial"',
        description="How partial least squares draws a block to its neighbours. Default: path weighting, the only one "
        "that heeds the direction of the arrows.",
    )


def path_blocks(client: Client) -> dict[str, tuple[str, ...]]:
    """The columns of every block that an arrow starts or ends at, by its name; unknown blocks are left out."""
    asked = client.paths
    if asked is None:
        return {}
    known = {
        **{name: (name,) for name in client.driver_names},
        **client.drivers.batteries,
        **asked.blocks,
        SATISFACTION: client.satisfaction.columns,
    }
    used = dict.fromkeys(name for target, sources in asked.to.items() for name in (*sources, target))
    return {name: known[name] for name in used if name in known}


def path_problems(client: Client) -> Iterator[Problem]:
    """What is wrong with the arrows and blocks of [paths]?"""
    asked = client.paths
    if asked is None:
        return
    blocks = path_blocks(client)
    names = [*client.driver_names, *client.drivers.batteries, *asked.blocks, SATISFACTION]
    for target, sources in asked.to.items():
        for name in (target, *sources):
            if name not in blocks:
                text = f'"{name}" is no block; expected a battery, a driver, satisfaction or a block of paths.blocks.'
                yield Problem(("paths", "to", target), f"{text} {nearest_name(name, names)}")
    if SATISFACTION not in asked.to:
        yield Problem(("paths", "to"), "leads nowhere near satisfaction; expected satisfaction = [blocks]. Add it.")
    if circle := _circle(asked.to):
        ways = " → ".join(circle)
        yield Problem(("paths", "to", circle[-1]), f"runs in a circle: {ways}. Remove one of these arrows.")
    yield from _block_problems(client, blocks)


def _block_problems(client: Client, blocks: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    asked = client.paths.blocks if client.paths else {}
    for name in asked:
        if name == SATISFACTION or name in client.drivers.batteries or name in client.drivers.items:
            text = f'"{name}" is the name of something else. Give this block a name of its own.'
            yield Problem(("paths", "blocks", name), text)
        elif name not in blocks:
            yield Problem(("paths", "blocks", name), "is in no arrow of paths.to. Add one, or remove the block.")
    first: dict[str, str] = {}
    for name, columns in blocks.items():
        for column in columns:
            if first.setdefault(column, name) != name:
                text = f'column "{column}" is in {first[column]} and in {name}; expected one block a column.'
                yield Problem(("paths", "to"), f"{text} Remove one of the two.")
            elif column in client.control_names:
                yield Problem(("paths", "blocks", name), f'column "{column}" is a control, which is held constant.')


def _circle(to: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The blocks of one way that leads back to its start, which is named twice; nothing if there is none."""
    done: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name][::-1]
        if name in done:
            return []
        found = next((circle for source in to.get(name, ()) if (circle := walk(source, (*way, name)))), [])
        done.add(name)
        return found

    return next((circle for name in to if (circle := walk(name, ()))), [])
