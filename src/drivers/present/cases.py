"""The pages of a report on the cases that a client file declares."""

from __future__ import annotations

from collections.abc import Callable

from drivers.analyses.findings import Findings
from drivers.present.employee_page import employees_page
from drivers.present.exit_page import choice_page
from drivers.present.language import Language
from drivers.present.parts import Section
from drivers.present.titles import CASES


def case(findings: Findings, name: str) -> Section | None:
    """The page on one case; None, which shows nothing, where the client file does not declare it.

    Raises
    ------
    ValueError
        When there is no case of this name.
    """
    if name not in CASES:
        raise ValueError(f"There is no case {name!r}. The cases are: {', '.join(CASES)}.")
    build = _BUILDERS.get(name)
    return None if build is None else build(findings, Language(findings.language, findings.currency))


_BUILDERS: dict[str, Callable[[Findings, Language], Section | None]] = {
    "choice": choice_page,
    "employees": employees_page,
}
