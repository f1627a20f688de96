"""Problems of a client file, and the one ConfigError that lists them with key and line."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from drivers.client.fields import Section
from drivers.client.lines import Key, key_line
from drivers.client.sections import nested_section
from drivers.errors import ConfigError

_FIRST = 12  # names listed where none is near
_LONGEST = 60  # characters of a name that is listed


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one key: where, what was expected, what to do."""

    key: Key
    text: str


def config_error(file: str, problems: Sequence[Problem], lines: Mapping[Key, int]) -> ConfigError:
    """One error that names file, line and key of every problem, one problem a line."""
    entries = [_entry(problem, lines) for problem in sorted(problems, key=lambda p: key_line(lines, p.key) or 0)]
    if len(entries) == 1:
        return ConfigError(f"{file}, {entries[0]}")
    return ConfigError("\n  ".join([f"{file}: {len(entries)} problems", *entries]))


def nearest_name(name: str, known: Iterable[str]) -> str:
    """A sentence with the known name nearest to this one; without one near, the names there are."""
    names = {str(k).casefold(): str(k) for k in known}
    near = difflib.get_close_matches(name.casefold(), names, n=1)
    if near:
        return f'Did you mean "{_short(names[near[0]])}"?'
    if not names:
        return "There are none."
    more = f" and {len(names) - _FIRST} more" if len(names) > _FIRST else ""
    return f"There are: {', '.join(map(_short, list(names.values())[:_FIRST]))}{more}."


def _short(name: str) -> str:
    """The name on one line, as far as it is read."""
    line = " ".join(name.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def validation_problems(error: ValidationError, model: type[Section]) -> list[Problem]:
    """The problems that pydantic found, in our words: one for each key."""
    found: dict[Key, Problem] = {}
    details = error.errors(include_url=False)
    for detail in sorted(details, key=lambda d: d["type"] != "value_error"):  # first what we can say best
        crossed = detail.get("ctx", {}).get("problems")
        for problem in crossed or [_problem(detail, model)]:
            found.setdefault(problem.key, problem)
    return list(found.values())


def _entry(problem: Problem, lines: Mapping[Key, int]) -> str:
    line = key_line(lines, problem.key)
    return (f"line {line}, " if line else "") + f"{'.'.join(problem.key)}: {problem.text}"


def _problem(detail: Any, model: type[Section]) -> Problem:  # noqa: ANN401 - pydantic's ErrorDetails, read leniently
    key, field, table = _place(detail["loc"], model)
    expected = field.title if field else "a table of keys"
    if detail["type"] == "extra_forbidden":
        names = list(table.model_fields)
        return Problem((*key, str(detail["loc"][-1])), f"unknown key. {nearest_name(str(detail['loc'][-1]), names)}")
    if detail["type"] == "missing":
        return Problem(key, f"is missing; expected {expected}.")
    if detail["type"] == "value_error":
        return Problem(key, f"{detail['ctx']['error']}; expected {expected}.")
    return Problem(key, f"is {_shown(detail['input'])}; expected {expected}.")


def _place(location: tuple[int | str, ...], model: type[Section]) -> tuple[Key, FieldInfo | None, type[Section]]:
    """Key, field and table of a pydantic location, whose tail may be a list index or the branch of a union."""
    key: list[str] = []
    field: FieldInfo | None = None
    table: type[Section] | None = model
    names_follow = False
    for part in location:
        if names_follow:
            names_follow = False
        elif table is not None and part in table.model_fields:
            field = table.model_fields[str(part)]
            inner, names_follow = nested_section(field)
            model, table = inner or model, inner
        else:
            break
        key.append(str(part))
    return tuple(key), field, table or model


def _shown(value: object) -> str:
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"
