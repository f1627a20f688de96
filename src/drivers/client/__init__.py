"""What a client file says, checked: one Client with its tables."""

from drivers.client.client import Client, find_client, load_client
from drivers.client.money import Plan, Value
from drivers.client.problems import Problem
from drivers.client.sections import Drivers, Item, Loyalty, Satisfaction, SurveyFile

__all__ = [
    "Client",
    "Drivers",
    "Item",
    "Loyalty",
    "Plan",
    "Problem",
    "Satisfaction",
    "SurveyFile",
    "Value",
    "find_client",
    "load_client",
]
