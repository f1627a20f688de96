"""The table [change] of a client file: what changed since an earlier wave, and whether a plan did it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import Field

from drivers.client.fields import Names, Section, Text
from drivers.client.problems import Problem

if TYPE_CHECKING:
    from drivers.client.client import Client


class Change(Section):
    """Waves compared: what changed, at the same mix of customers too, and whether a plan did it."""

    before: Text | None = Field(
        None,
        title="a wave",
        description="Wave to compare with. Default: the wave before; from plan_wave on, the last one before the plan.",
    )
    reached: Text | None = Field(
        None,
        title="a column",
        description="1, true, yes or ja for customers whom the plan reaches, 0, false, no or nee for others; known in "
        "every wave, also before the plan, since those not reached say what would have happened without it. Default: "
        "no plan is judged.",
    )
    plan_wave: Text | None = Field(
        None, title="a wave", description="First wave after the plan. Default: the last wave of the survey."
    )
    rollout: Text | None = Field(
        None,
        title="a column",
        description="Unit by which the plan was rolled out: a team, a shop, a region. Errors allow for customers of a "
        "unit being alike. Default: customer by customer.",
    )
    mix: Names | dict[Text, Text] = Field(
        (),
        title="a list of columns, or a label for each column",
        description="Groups of customers, such as age or contract, whose shares may differ between waves: changes are "
        "also told for the same mix. Controls are always part of the mix. Default: the controls alone.",
    )
    rates: Names | dict[Text, Text] = Field(
        (),
        title="a list of columns, or a label for each column",
        description="Columns of 1 or 0 (true or false, yes or no, ja or nee), blank for whom they do not concern; "
        "their shares are compared between the waves. Default: none.",
    )

    @property
    def labels(self) -> dict[str, str]:
        """Printed names of the columns of mix and rates that have one."""
        named = [part for part in (self.mix, self.rates) if isinstance(part, dict)]
        return {column: label for part in named for column, label in part.items()}


def change_problems(client: Client) -> Iterator[Problem]:
    """Which keys of [change] cannot be meant?"""
    change = client.change
    if change is None:
        return
    if client.survey.wave is None:
        yield Problem(("change",), "compares waves, but there is no survey.wave. Add the column, or remove [change].")
    for key in ("plan_wave", "rollout"):
        if change.reached is None and getattr(change, key) is not None:
            yield Problem(("change", key), "means nothing without change.reached. Add that column, or leave it out.")
    if change.before is not None and change.before == change.plan_wave:
        text = f'is "{change.before}", the first wave after the plan; expected an earlier wave. Correct one of the two.'
        yield Problem(("change", "before"), text)
