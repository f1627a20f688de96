"""What a client file says, checked: one Client with its tables."""

from drivers.client.client import Client, find_client, load_client
from drivers.client.employees import Employees
from drivers.client.plan import Budget, Plan
from drivers.client.problems import Problem
from drivers.client.quality import Quality
from drivers.client.sections import Drivers, Item, Loyalty, Satisfaction
from drivers.client.source import SurveyFile
from drivers.client.value import Value

__all__ = [
    "Budget",
    "Client",
    "Drivers",
    "Employees",
    "Item",
    "Loyalty",
    "Plan",
    "Problem",
    "Quality",
    "Satisfaction",
    "SurveyFile",
    "Value",
    "find_client",
    "load_client",
]
