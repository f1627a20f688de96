"""Reading a workbook against openpyxl's own reader of cells: time as a ratio in one run, and equality.

Run: ``OPENBLAS_NUM_THREADS=1 python benchmarks/intake.py``. The sheet has 10,000 rows and 30 columns.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np
import openpyxl
import pandas as pd

from drivers.survey.sheet import sheet_cells

ROWS, COLUMNS, TIMES = 10_000, 30, 5


def workbook(folder: Path) -> Path:
    """A survey of ratings with a text and a few gaps."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({f"q{place}": rng.integers(1, 11, ROWS).astype(float) for place in range(COLUMNS - 2)})
    frame.loc[:300, "q3"] = np.nan
    frame = frame.assign(id=[f"c{place}" for place in range(ROWS)], weight=rng.uniform(0.5, 1.5, ROWS).round(3))
    frame.to_excel(folder / "survey.xlsx", index=False)
    return folder / "survey.xlsx"


def theirs(sheet: object) -> list[list[object]]:
    """The rows as openpyxl reads them, up to their last filled cell."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]  # type: ignore[attr-defined]
    for row in rows:
        while row and row[-1] in (None, ""):
            row.pop()
    return [row for row in rows if row]


def main() -> None:
    """Print the ratio, each pair timed in turn in seconds of the processor."""
    with tempfile.TemporaryDirectory() as folder:
        book = openpyxl.load_workbook(workbook(Path(folder)), read_only=True, data_only=True)
        sheet, pairs = book.worksheets[0], []
        for _ in range(TIMES):
            start = process_time()
            peer = theirs(sheet)
            middle = process_time()
            own = sheet_cells(sheet, "survey.xlsx").rows
            pairs.append((middle - start, process_time() - middle))
        book.close()
    slow, fast = (median(pair[k] for pair in pairs) for k in (0, 1))
    ratio = median(pair[0] / pair[1] for pair in pairs)
    print(f"{ROWS:,} rows x {COLUMNS} columns: openpyxl {slow:.2f} s, drivers {fast:.2f} s, ratio {ratio:.1f}")
    print(f"equal: {peer == own}")


if __name__ == "__main__":
    main()
