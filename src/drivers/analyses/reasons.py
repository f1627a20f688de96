"""Reasons: why a question of the client file has no answer."""

from __future__ import annotations

from drivers.wording import sentence

WRONG_ASPECTS = sentence(
    "No ranking is drawn: the measured aspects say almost nothing about satisfaction, so an order among them would not "
    "help."
)
NO_RISE = sentence(
    "No ranking is drawn: better ratings of the measured aspects would hardly raise satisfaction, so an order among "
    "them would not say what to improve."
)
TOO_FEW = sentence("No ranking is drawn: there are too few answers to say whether the measured aspects matter at all.")
NO_ORDER = sentence("What to fix first is not said, because no ranking of these aspects is drawn.")
NO_AMOUNT = sentence("No amount is put on these aspects, because no ranking of them is drawn.")
UNRANKED = {
    "robustness": sentence("There is no ranking here whose firmness could be looked at."),
    "shape": sentence("Where improvement pays is not said, because no ranking of these aspects is drawn."),
    "groups": sentence("Groups of customers are not compared, because no ranking of these aspects is drawn."),
}
NOT_ASKED = {
    "loyalty": sentence("The client file names no column for leaving or staying, so leaving was not analysed."),
    "groups": sentence("The client file names no groups of customers (survey.segments), so none were compared."),
    "value": sentence("The client file has no [value] table, so nothing was expressed in money."),
    "value_loyalty": sentence("Without the link from satisfaction to leaving there is no value to compute."),
    "chain": sentence("Without a value of retention, drivers cannot be expressed in money."),
}
