"""A notebook by both engines: what it shows by a fork of this process, and by a kernel of its own.

Run as a process of its own, for a fork needs one without threads: ``both_engines.py NOTEBOOK FOLDER name=value``.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from papermill.engines import papermill_engines

from drivers.batch.execution import execute_notebook
from drivers.batch.server import WarmEngine, may_fork, warm_up
from drivers.batch.settings import WARM
from drivers.errors import DriversError

CLOCK = ("papermill", "execution")
RANDOM = re.compile(r"0x[0-9a-f]{6,}|[0-9a-f]{32}|ipykernel_\d+/\d+")  # of objects, widgets and cells' files


def shown(notebook: Path, target: Path, parameters: dict[str, object], engine: str | None) -> list[object]:
    """Every cell as it was saved, with its number and its outputs in order; the kernel's language; how it ended."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        execute_notebook(notebook, target, parameters, progress=False, engine=engine)
        end = "done"
    except DriversError as error:
        end = f"{type(error).__name__}: {error}"
    found = json.loads(target.read_text(encoding="utf-8"))
    cells = [{key: value for key, value in cell.items() if key != "id"} for cell in found["cells"]]
    for cell in (*cells, found):
        cell["metadata"] = {key: value for key, value in cell["metadata"].items() if key not in CLOCK}
    widgets = found["metadata"].get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {})
    widgets["state"] = sorted(RANDOM.sub("one", json.dumps(model)) for model in widgets.get("state", {}).values())
    text = json.dumps([*cells, found["metadata"], widgets["state"], found["metadata"].get("language_info"), end])
    told: list[object] = json.loads(RANDOM.sub("one", text))
    return told


def main(notebook: Path, folder: Path, *given: str) -> None:
    """Write what each engine shows to ``warm.json`` and ``cold.json`` in the folder."""
    warm_up()
    papermill_engines.register(WARM, WarmEngine)
    parameters: dict[str, object] = dict(one.split("=", 1) for one in given)
    if not may_fork():
        raise SystemExit("this process has threads, so it cannot be forked")
    for name, engine in (("warm", WARM), ("cold", None)):  # in this order: a kernel of its own starts threads here
        cells = shown(notebook, folder / name / "report.ipynb", parameters, engine)
        (folder / f"{name}.json").write_text(json.dumps(cells, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
