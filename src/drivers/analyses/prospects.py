"""What lies ahead in money: the plans, the split of a budget, and what a simulation needs, as a client file asks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.analyses.budget import BudgetSplit, budget_split
from drivers.analyses.improvement import planned_improvements
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.plan import MONEY_CONFIDENCE, PlanReturn, plan_return
from drivers.analyses.terms import ValueTerms
from drivers.analyses.whatif import WhatIf, what_if
from drivers.client import Client
from drivers.errors import EstimationError


@dataclass(frozen=True, slots=True, eq=False)
class Prospects:
    """Whether the plans pay, how to split the budget, and what a simulation needs; None where it is not asked."""

    plan: PlanReturn | None = None
    budget: BudgetSplit | None = None
    what_if: WhatIf | None = None


def money_prospects(link: RetentionLink, terms: ValueTerms, client: Client) -> Prospects:
    """What do the plans and the budget of this client file come to?

    Raises
    ------
    EstimationError
        When the complete answers cannot support the drivers, or no margin is known.
    """
    plan, level = planned_improvements(client), money_confidence(client)
    rng = np.random.default_rng(client.seed).spawn(2)[1]
    return Prospects(
        plan=plan_return(link, terms, plan, rng=rng, confidence=level) if plan else None,
        budget=_budget(link, terms, client),
        what_if=what_if(link, terms, plan, confidence=level),
    )


def money_confidence(client: Client) -> float:
    """The level of intervals of money: that of the client file where it states one, else 90%."""
    return client.confidence if "confidence" in client.model_fields_set else MONEY_CONFIDENCE


def _budget(link: RetentionLink, terms: ValueTerms, client: Client) -> BudgetSplit | None:
    """The best split; None without a budget, or where no plan goes with a gain."""
    if client.budget is None:
        return None
    plan, level = planned_improvements(client), money_confidence(client)
    try:
        return budget_split(link, terms, plan, client.budget.amount, confidence=level)
    except EstimationError:  # the plan section says that no gain is shown
        return None
