"""Every column of every result: what it means, its unit, and how reports print its header."""

from __future__ import annotations

from drivers.glossary import (
    answers,
    behaviour,
    change,
    checks,
    choice,
    contracts,
    employees,
    importance,
    lifetimes,
    measures,
    mediation,
    money,
    outcomes,
    plans,
    priorities,
    providers,
    robustness,
    segments,
    shape,
    sourcing,
    staying,
)
from drivers.glossary.terms import Term

__all__ = ["GLOSSARY", "Term"]

_TOPICS = (
    answers, importance, outcomes, robustness, shape, priorities, segments, checks, behaviour, staying, measures,
    mediation, money, lifetimes, plans, choice, contracts, change, employees, providers, sourcing,
)  # fmt: skip

GLOSSARY: dict[str, Term] = {term.name: term for topic in _TOPICS for term in topic.TERMS}
