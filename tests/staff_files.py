"""Staff for tests: the simulated employees as a client file reads them."""

from __future__ import annotations

import tomllib
from functools import lru_cache

import numpy as np
import pandas as pd

from drivers.analyses.basis import joint_resample
from drivers.analyses.cases import Cases, client_cases
from drivers.analyses.questions import Questions
from drivers.client import Client, Employees
from drivers.simulate.employees import EmployeeFiles, employee_files
from drivers.survey.employees import staff_of
from drivers.survey.staff import Staff
from drivers.survey.survey import Survey
from drivers.survey.table import SurveyTable

STATED = """\
file = "employees.csv"
layer = "layer"
team = "team"
satisfaction = "work_satisfaction"
label = "Satisfaction with the work"
scale = [1, 10]
information_down = "information_down"
information_up = "information_up"

[layers]
floor = "Floor"
team_lead = "Team leads"
sales_office = "Sales and office"
board = "Board"

[items]
information_down = "Information comes down well"
information_up = "Information comes up well"
customers_content = { label = "Our customers are content", customers = "csat" }
customers_understood = { label = "Customers feel understood", customers = "understood" }
board_knows_floor = "The board knows what goes on"
systems_work = "The systems work"
pride = "Proud of the work"
growth = "Room to grow"
appreciation = "Appreciated"

[batteries]
"Joy in the work" = ["pride", "growth", "appreciation"]

[teams]
file = "team_results.csv"
team = "team"
customers = "customer_satisfaction"
absence = "absence"
turnover = "turnover"
"""


def staff_in(files: EmployeeFiles, **changes: object) -> Staff:
    """The staff in these files, with other values for some keys of the table [employees]."""
    stated = Employees.model_validate({**tomllib.loads(STATED), **changes})
    teams = SurveyTable(files.teams, "team_results.csv") if stated.teams else None
    return staff_of(stated, SurveyTable(files.employees, "employees.csv"), teams)


@lru_cache(maxsize=200)
def simulated_staff(seed: int = 1, **made: float) -> Staff:
    """The simulated staff of this seed; `made` are arguments of the generator."""
    return staff_in(employee_files(np.random.default_rng(seed), **made))


def small_staff(layer: list[int], answers: dict[str, list[float]], team: list[int] | None = None, **more) -> Staff:
    """A staff typed in; the first column of `answers` is satisfaction."""
    frame = pd.DataFrame(answers, dtype=float)
    codes = np.full(len(frame), -1) if team is None else np.array(team)
    count = int(codes.max()) + 1
    return Staff(**{
        "answers": frame, "satisfaction": frame.columns[0], "labels": {c: c for c in frame}, "scale": (1.0, 10.0),
        "layers": tuple("ABCD"[: max(layer) + 1]), "layer": np.array(layer), "team": codes, "customers": {},
        "batteries": {}, "information": None, "results": pd.DataFrame(index=range(count)), "minimum_base": 5, **more,
    })  # fmt: skip


def staff_case(survey: Survey) -> Cases:
    """What a report answers on the employees of this survey, without its other questions."""
    client = Client.model_validate(_SMALLEST)
    return client_cases(Questions(survey, client, joint_resample(survey, draws=10)), None, None)


_SMALLEST = {
    "client": "Staff",
    "survey": {"file": "survey.csv"},
    "satisfaction": {"column": "csat"},
    "drivers": {"items": {"other": "Other"}},
}
