"""How to read a picture: one sentence under it."""

from __future__ import annotations

from functools import singledispatch

from drivers.analyses.chain import ValueChain
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.movement import Potential
from drivers.analyses.value import SatisfactionValue
from drivers.wording import Sentence, sentence


@singledispatch
def legend(result: object) -> Sentence:
    """How to read the picture of a result.

    Raises
    ------
    TypeError
        When this kind of result has no picture.
    """
    raise TypeError(f"There is no picture of a {type(result).__name__}, so nothing to say about one.")


@legend.register
def _(result: Potential) -> Sentence:
    return sentence("Thin line: the interval; dashed line: the bar below which the wrong things are measured.")


@legend.register
def _(result: RetentionLink) -> Sentence:
    return sentence("Line: the model, other characteristics as they are; points: what was observed.")


@legend.register
def _(result: SatisfactionValue) -> Sentence:
    return sentence("Each bar: all customers, if they were as satisfied as this group is on average.")


@legend.register
def _(result: ValueChain) -> Sentence:
    return sentence("In colour: a gain is shown. In brackets the rise of the driver, in scale points.")
