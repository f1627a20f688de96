"""The employees' files of the sample insurer, and the part of its README that tells their truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from drivers.simulate.employees import (
    BATTERY,
    BOARD,
    LAYERS,
    EmployeeFiles,
    EmployeeTruth,
    employee_files,
    employee_truth,
)


def write_employees(folder: Path, seed: int) -> str:
    """Write employees.csv and team_results.csv; returns what the README says of them.

    Parameters
    ----------
    folder
        Where to, made if it is not there.
    seed
        Of all randomness in the two files.
    """
    files = employee_files(np.random.default_rng(seed))
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in {"employees.csv": files.employees, "team_results.csv": files.teams}.items():
        frame.to_csv(folder / name, index=False, float_format="%g", lineterminator="\n")
    return _text(employee_truth(), files, seed)


def _text(truth: EmployeeTruth, files: EmployeeFiles, seed: int) -> str:
    sizes = files.employees["layer"].value_counts()
    return _TEXT.format(
        seed=seed,
        employees=len(files.employees),
        layers=", ".join(f"{sizes[layer]} {layer}" for layer in LAYERS),
        teams=len(files.teams),
        board=BOARD,
        battery=", ".join(f"`{item}`" for item in BATTERY),
        means=_means(truth),
        icc=f"{truth.icc1:.2f}",
        slopes=_slopes(truth),
    )


def _means(truth: EmployeeTruth) -> str:
    rows = [
        (f"`{question}`", *(f"{means[layer]:.2f}" if layer in means else "" for layer in LAYERS))
        for question, means in truth.means.items()
    ]
    return _table(("question", *LAYERS), rows)


def _slopes(truth: EmployeeTruth) -> str:
    rows = [(f"`{name}`", f"{slope:+.3f}") for name, slope in truth.slopes.items()]
    return _table(("result of a team", "for one recorded point of its true mean satisfaction"), rows)


def _table(header: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


_TEXT = """\
## The floor and the board

`employees.csv` (one row an employee, no names or numbers) and `team_results.csv` (one row a team), seed {seed}.

- **Employees**: {employees} ({layers}). The floor and its leads are in {teams} teams of unequal size.
- **Answers** 1 to 10, whole points; 2% of each are missing at random. What a layer was not asked is blank there.
- **Satisfaction** with the work: a mean of the layer, a part that members of a team share, and a part of one's own.
  {battery} follow the same two parts and differ between no layers.
- **Views**: what each layer believes of the customers (who answer for themselves in `survey.csv`), whether the
  board knows what goes on, how information comes down (asked below the board) and up (asked of the board). The
  systems are seen alike by all.
- **The board** has {board} members. A board of five would not be shown.
- **Results of teams** follow what the team shares, and chance. In the simulation satisfaction is the cause.

Computed from the probabilities of the recorded answers, not estimated:

{means}

Of the differences in satisfaction on the floor, {icc} lies between teams (ICC(1)).

{slopes}

A correct report finds sales and office below the floor, information down above information up, a board that sees
customers and itself brighter than the floor does, a floor that sees customers as they see themselves, nothing on the
systems, and the three links within their intervals. The null twins (`employee_files(..., layer_gap=0)`,
`view_gap=0`, `link=0`) must be answered with "not shown"; so must most links of a variant with ten teams
(`teams=10`), which are ten observations.

The figures of the floor (7.3), team leads (7.1), sales and office (6.0), information down (8.0) and up (5.0) are those
that a reader of a Dutch trade site reported of his own firm, taken here as the simulated truth; the others are made
up.
"""
