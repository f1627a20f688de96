"""The title of each section: the question that it answers."""

from __future__ import annotations

from drivers.wording import sentence

TITLES = {
    "summary": sentence("In short"),
    "potential": sentence("Do the measured aspects matter?"),
    "drivers": sentence("What really drives satisfaction?"),
    "robustness": sentence("How firm is this ranking?"),
    "shape": sentence("Where does improvement pay: what must be right, and what delights?"),
    "priorities": sentence("What to fix first?"),
    "groups": sentence("Do groups of customers differ?"),
    "loyalty": sentence("Does satisfaction keep customers?"),
    "value": sentence("What is a satisfied customer worth?"),
    "plan": sentence("What is an improvement worth?"),
    "checks": sentence("Thirteen checks of this analysis"),
    "quality": sentence("Can these answers carry it?"),
    "method": sentence("How was this computed?"),
}
SECTIONS = tuple(TITLES)

CASE_TITLES = {
    "change": sentence("What changed, and was it the plan?"),
    "choice": sentence("Who stays, who switches, who takes the work back?"),
    "contracts": sentence("Does the kind of contract matter?"),
    "sourcing": sentence("Onshore or offshore: what does it save, what does it cost?"),
    "providers": sentence("Who would recommend the provider?"),
    "employees": sentence("Do the floor and the board see the same?"),
}
CASES = tuple(CASE_TITLES)
