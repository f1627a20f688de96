"""Whether the plans and the budget of a client file can be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from drivers.client.problems import Problem, nearest_name

if TYPE_CHECKING:
    from drivers.client.client import Client


def plan_problems(client: Client) -> Iterator[Problem]:
    """Which plan cannot pay or fail, and which budget has nothing to be divided over?"""
    if client.plan and not client.value:
        yield Problem(("plan",), "cannot pay or fail without a value of customers. Add [value], or remove the plan.")
    if client.budget and not any(plan.cost + plan.yearly_cost > 0 for plan in client.plan.values()):
        text = "is divided over the plans that cost something; expected one at least. Add [plan.<driver>] with a cost."
        yield Problem(("budget",), text)
    for name in client.plan:
        if name in client.driver_names:
            yield from _rise_problems(client, name)
        else:
            near = nearest_name(name, client.driver_names)
            yield Problem(("plan", name), f"is no driver; expected a driver of [drivers.items]. {near}")


def _rise_problems(client: Client, name: str) -> Iterator[Problem]:
    """A rise that leaves its scale, or a least and a most that do not enclose it."""
    plan, scale = client.plan[name], client.drivers.items[name].scale or client.drivers.scale
    if scale and plan.improve >= scale[1] - scale[0]:
        text = f"is {plan.improve:g}; expected less than the whole scale from {scale[0]:g} to {scale[1]:g}."
        yield Problem(("plan", name, "improve"), text)
    if plan.improve_low is not None and plan.improve_low > plan.improve:
        text = f"is {plan.improve_low:g}; expected at most improve, {plan.improve:g}."
        yield Problem(("plan", name, "improve_low"), text)
    if plan.improve_high is not None and plan.improve_high < plan.improve:
        text = f"is {plan.improve_high:g}; expected improve, {plan.improve:g}, or more."
        yield Problem(("plan", name, "improve_high"), text)
