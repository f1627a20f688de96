"""The schema of findings.json: every key with its meaning, read from the result classes and a small sample."""

from __future__ import annotations

import inspect
import re
import tomllib
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers.analyses.behaviour import Behaviour
from drivers.analyses.cases import Cases
from drivers.analyses.findings import Findings, client_findings
from drivers.client import Client
from drivers.core.raking import Margin, raked_weights
from drivers.simulate import noordzee_survey
from drivers.simulate.employees import employee_files
from drivers.simulate.providers import providers_survey
from drivers.survey.change import ChangeTerms
from drivers.survey.choice import ChoicePlan
from drivers.survey.contracts import ContractPlan
from drivers.survey.employees import staff_of
from drivers.survey.paths import PathPlan
from drivers.survey.segments import Segmentation, segmented_survey
from drivers.survey.sourcing import SourcingPlan
from drivers.survey.staff import Staff
from drivers.survey.survey import Scale, Survey
from drivers.survey.table import SurveyTable
from drivers.wording import Sentence


@dataclass(frozen=True, slots=True)
class Entry:
    """Keys that share a line: what kind of JSON value they hold, and what it means."""

    keys: tuple[str, ...]
    holds: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Part:
    """One object of the document: its key, meaning and entries, and the columns of each of its tables."""

    key: str
    meaning: str
    entries: tuple[Entry, ...]
    tables: Mapping[str, tuple[str, ...]]


EVERY_RESULT = (
    Entry(("base",), "number", "Respondents that the result rests on, unweighted."),
    Entry(("effective_base",), "number", "Kish's effective number of them: squared sum of weights / sum of squares."),
    Entry(("confidence",), "number", "Level of every interval, as a fraction."),
    Entry(("method",), "text", "One sentence on how it was computed, for a footnote."),
)

SPREAD = {"behaviour": Behaviour, "cases": Cases}
"""Parts of the findings whose keys stand at the top of the document."""

_WARNINGS = Entry(("warnings",), "list of text", "What a reader must know about the answers and the drivers.")
_HEADLINE = Entry(("headline",), "text", "First sentence of the report, in its own language.")
_KINDS = {bool: "true or false", int: "number", float: "number", str: "text", Sentence: "text", pd.DataFrame: "table"}


def top_entries() -> tuple[Entry, ...]:
    """The keys at the top of the document."""
    version = Entry(("schema_version",), "text", "Version of this schema.")
    everything = (entry for result in (Findings, *SPREAD.values()) for entry in class_entries(result))
    found = (e for e in everything if e.keys[0] not in SPREAD and not e.keys[0].startswith("notices[]"))
    return (version, _HEADLINE, *(_WARNINGS if entry.keys == ("notices",) else entry for entry in found))


def result_parts(findings: Findings) -> Iterator[Part]:
    """Each result that the document holds, with the columns that its tables have in these findings."""
    for holder in (findings, *(getattr(findings, name) for name in SPREAD)):
        internal = {f.name for f in fields(holder) if f.metadata.get("internal")}
        for key, hint in typing.get_type_hints(type(holder)).items():
            result = _dataclass_in(hint) if key not in {*SPREAD, *internal} else None
            if result is not None and _attributes(result):
                yield _part(key, result, getattr(holder, key))


def class_entries(result: type) -> tuple[Entry, ...]:
    """The keys that a result class writes, as the Attributes section of its docstring explains them."""
    hints = typing.get_type_hints(result)
    internal = {f.name for f in fields(result) if f.metadata.get("internal")}
    found: list[Entry] = []
    for names, meaning in _attributes(result):
        keys = tuple(name for name in names if name not in internal)
        if keys:
            found.append(Entry(keys, _kinds(hints[key] for key in keys), meaning))
            found += [inner for key in keys for inner in _inner_entries(key, hints[key])]
    return tuple(found)


def sample_findings(example: str) -> Findings:
    """Findings of a small simulated survey by this client file: every question that fills a table is answered."""
    said = tomllib.loads(example)
    said |= {"draws": 100, "survey": {**said["survey"], "cluster": "organisation"}}
    client = Client.model_validate({**said, "choice": {**said["choice"], "early_warning": True}})
    frame = noordzee_survey(np.random.default_rng(1), 400).query("wave == 2025").reset_index(drop=True)
    frame = frame.rename(columns={"left_within_12_months": "left"}).assign(recommend=frame["csat"])
    drivers, others = (
        ("first_time_fix", "empathy", "clear_bill"),
        ["tenure", "left", "margin", "recommend", "reached_by_plan", "kept_at_desk"],
    )
    stated = {driver: f"importance_of_{driver}" for driver in drivers}
    frame = frame.assign(**{column: frame[driver] for driver, column in stated.items()})
    rated = ["csat", *drivers, *stated.values()]
    to = MappingProxyType({"empathy": drivers[:1], "satisfaction": drivers[:2]})
    blocks = MappingProxyType({**{driver: (driver,) for driver in drivers[:2]}, "satisfaction": ("csat",)})
    margin = Margin("contract", ("long", "short"), (frame["tenure"].to_numpy() < 5).astype(int), np.array([0.6, 0.4]))
    raking = raked_weights(frame["weight"].to_numpy(), [margin], (0.1, 5.0))
    survey = Survey(
        answers=frame[[*rated, *others]].astype(float),
        outcome="csat",
        drivers=drivers,
        controls=("tenure",),
        scales=MappingProxyType(dict.fromkeys(rated, Scale(1.0, 10.0))),
        weights=raking.w,
        weighted=True,
        raking=raking,
        stated=MappingProxyType(stated),
        paths=PathPlan(blocks, to),
        providers=_sample_providers(client),
        history=pd.DataFrame({"renewal": range(4), "customers": [100, 70, 55, 47]}),
        choice=_sample_choice(frame, drivers),
        staff=_sample_staff(client),
        contracts=_sample_contracts(frame),
    )
    survey = segmented_survey(survey, frame, list(client.survey.segments))
    return client_findings(_with_sites(_compared(survey)), client)


def _compared(survey: Survey) -> Survey:
    """The survey as the wave after a plan, to be compared with waves of every second of its respondents."""
    mix = MappingProxyType({"contract": survey.segments["contract"]})
    terms = ChangeTerms("1", "2", True, mix, reached="reached_by_plan", rates=("kept_at_desk",))
    later = replace(survey, wave="2", change=terms)
    halves = (replace(later.rows(np.arange(survey.base) % 2 == k), wave=str(k), raking=None) for k in range(2))
    return replace(later, earlier=tuple(halves))


def _with_sites(survey: Survey) -> Survey:
    """The survey with six contact centres, three of them offshore, and what their contacts came to."""
    rng, centre = np.random.default_rng(2), np.arange(survey.base) % 6
    contacts = {"solved": rng.integers(2, size=survey.base), "called_again": rng.integers(3, size=survey.base)}
    talk = 300.0 + 20 * centre + rng.integers(60, size=survey.base)
    plan = SourcingPlan((centre % 2).astype(float), centre, "solved", "called_again", "talk", tuple(contacts))
    return replace(survey, answers=survey.answers.assign(**contacts, talk=talk).astype(float), sourcing=plan)


def _sample_choice(frame: pd.DataFrame, drivers: tuple[str, ...]) -> ChoicePlan:
    """Decisions of the small simulated survey: every tenth respondent has yet to decide."""
    ratings = frame[list(drivers)].fillna(7.0).to_numpy()
    lowest = ratings.argmin(axis=1)
    decisions = np.where(ratings.min(axis=1) > 5, 0, np.where(lowest == 0, 1, 2))
    decisions[::10] = -1
    scales = {"Quality": drivers[:1], "Relationship": drivers[1:]}
    codes = np.array([f"C{row}" for row in range(len(frame))], dtype=object)
    return ChoicePlan(decisions, codes, MappingProxyType(scales), minimum_respondents=1)


def _sample_providers(client: Client) -> Survey | None:
    if client.providers is None:
        return None
    frame = providers_survey(np.random.default_rng(1))
    survey = Survey.from_frame(frame, "recommend", list(client.providers.attributes), scale=(1, 10))
    return segmented_survey(survey, frame, ["provider"])


def _sample_staff(client: Client) -> Staff | None:
    """Simulated employees, as the client file asks for them."""
    if client.employees is None:
        return None
    files = employee_files(np.random.default_rng(1))
    rows = files.employees[files.employees["layer"].isin(client.employees.layers)].reset_index(drop=True)
    return staff_of(client.employees, SurveyTable(rows, "employees.csv"), SurveyTable(files.teams, "team_results.csv"))


def _sample_contracts(frame: pd.DataFrame) -> ContractPlan:
    """Contracts of the small simulated survey, dealt over the respondents; who has left kept nothing."""
    kinds = Segmentation("Contract", ("Effort", "Result"), np.arange(len(frame)) % 2)
    return ContractPlan(kinds, ("tenure",), ("left",), 0.5)


def _part(key: str, result: type, value: object) -> Part:
    if isinstance(value, tuple):  # one result for each of several columns
        key, value = f"{key}[]", value[0] if value else None
    tables = {
        f"{key}.{f.name}": tuple(map(str, frame.columns))
        for f in fields(result)
        if isinstance(frame := getattr(value, f.name, None), pd.DataFrame)
    }
    return Part(key, _first_line(result), class_entries(result), tables)


def _attributes(result: type) -> list[tuple[tuple[str, ...], str]]:
    """Names and text of each item in the docstring's Attributes section; ``_low`` after ``slope`` is ``slope_low``."""
    _, _, listed = inspect.cleandoc(result.__doc__ or "").partition("Attributes\n----------\n")
    found = []
    for item in re.split(r"\n(?=\S)", listed.split("\n\n")[0].strip()) if listed else []:
        head, *lines = item.splitlines()
        names = [name.strip() for name in head.split(",")]
        whole = tuple(names[0] + name if name.startswith("_") else name for name in names)
        found.append((whole, " ".join(line.strip() for line in lines)))
    return found


def _inner_entries(key: str, hint: object) -> tuple[Entry, ...]:
    """The keys of a small object inside this one; a result (it has a base) has its own part of the page."""
    inner = _dataclass_in(hint)
    if inner is None or inner in SPREAD.values() or "base" in (hints := typing.get_type_hints(inner)):
        return ()
    prefix = f"{key}[]." if typing.get_origin(hint) is tuple else f"{key}."
    shown = {f.name: hints[f.name] for f in fields(inner) if not f.metadata.get("internal")}
    entries = class_entries(inner) or (Entry(tuple(shown), _kinds(shown.values()), _first_line(inner)),)
    return tuple(Entry(tuple(prefix + k for k in e.keys), e.holds, e.meaning) for e in entries)


def _kinds(hints: Iterable[object]) -> str:
    return ", ".join(dict.fromkeys(_holds(hint) for hint in hints))


def _holds(hint: object) -> str:
    """The kind of JSON value that an attribute of this type becomes."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        kinds = dict.fromkeys(_holds(a) for a in arguments if a is not type(None))
        return " or ".join([*kinds, *(["null"] if type(None) in arguments else [])])
    if origin is typing.Literal:
        return "one of " + ", ".join(f'"{choice}"' for choice in arguments)
    if origin is tuple:
        return f"list of {'objects' if _dataclass_in(hint) else _holds(arguments[0])}"
    return _KINDS.get(hint, "object") if isinstance(hint, type) else "object"


def _dataclass_in(hint: object) -> type | None:
    """The dataclass that a type hint names, alone, in a tuple or beside None; Sentence is plain text."""
    candidates = [hint, *typing.get_args(hint)]
    return next((c for c in candidates if isinstance(c, type) and is_dataclass(c) and c is not Sentence), None)


def _first_line(result: type) -> str:
    return inspect.cleandoc(result.__doc__ or "").splitlines()[0]
