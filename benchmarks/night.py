"""Reports of many clients: `drivers batch` against papermill and nbconvert by hand, same notebook, same clients.

Ways, in turn in every round, each with as many workers:

- shell: `papermill` and then `jupyter nbconvert`, two commands for each client;
- loop: `papermill.execute_notebook` and an HTML exporter, in as many Python processes as there are workers;
- warm, cold: `drivers batch` with either engine.

All have byte-code and one thread for each library. "After start-up" begins when the processes that stay are ready: the
loop with everything imported and its template compiled, the warm engine with its server. On a machine that others use,
trust the seconds of the processor: they count the same work, whoever else waits.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import median

import nbformat
import numpy as np
import pandas as pd

import drivers
from drivers.batch.transcript import clean_transcript

HERE = Path(__file__).parent
NOTEBOOKS = {"light": HERE / "light_report.ipynb", "client": HERE.parent / "notebooks" / "client_report.ipynb"}
BIN = Path(sys.executable).parent
ITEMS = tuple(f"item_{number}" for number in range(1, 9))
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
}
SHELL = """\
tr '\\n' '\\0' <clients.list | xargs -0 -n 1 -P {workers} sh -c '
name=$(basename "$(dirname "$1")")
mkdir -p "{out}/$name"
papermill {notebook} "{out}/$name/report.ipynb" -p client "$1" -p findings_file "{out}/$name/findings.json" \\
  --no-progress-bar --log-level ERROR
jupyter nbconvert --to html --log-level ERROR "{out}/$name/report.ipynb"' sh
"""
LOOP = """\
import sys, time
from pathlib import Path
import papermill
from nbconvert import HTMLExporter
from nbformat.v4 import new_notebook
exporter = HTMLExporter()
exporter.from_notebook_node(new_notebook())
notebook, out, *clients = sys.argv[1:]
ready = time.perf_counter()
for client in clients:
    home = Path(out) / Path(client).parent.name
    home.mkdir(parents=True)
    given = {"client": client, "findings_file": str(home / "findings.json")}
    done = papermill.execute_notebook(
        notebook, str(home / "report.ipynb"), given, progress_bar=False, kernel_name="python3"
    )
    (home / "report.html").write_text(exporter.from_notebook_node(done)[0], encoding="utf-8")
print(time.perf_counter() - ready)
"""
CLIENT = """\
client = "{name}"
seed = {seed}

[survey]
file = "survey.csv"
weight = "weight"
segments = ["region"]

[satisfaction]
column = "csat"
scale = [1, 10]

[drivers]
scale = [1, 10]

[drivers.items]
{items}
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One way, once: wall seconds in all and after start-up, and seconds of the processor in all."""

    whole: float
    after: float
    processor: float = 0.0


def write_client(folder: Path, seed: int, respondents: int) -> Path:
    """A client with eight drivers on a common factor, three of which matter."""
    rng = np.random.default_rng(seed)
    halo = rng.standard_normal((respondents, 1))
    met = 0.6 * halo + 0.8 * rng.standard_normal((respondents, len(ITEMS)))
    wish = met @ np.array([0.6, 0.4, 0.2, 0, 0, 0, 0, 0]) + 0.6 * rng.standard_normal(respondents)
    survey = pd.DataFrame(np.clip(np.rint(7 + 1.6 * met), 1, 10).astype(int), columns=list(ITEMS))
    survey["csat"] = np.clip(np.rint(7 + 1.4 * wish), 1, 10).astype(int)
    survey["region"] = rng.choice(["north", "east", "south", "west"], respondents)
    survey["weight"] = rng.uniform(0.5, 1.5, respondents).round(3)
    folder.mkdir(parents=True)
    survey.to_csv(folder / "survey.csv", index=False)
    items = "\n".join(f'{item} = "Item {item[-1]}"' for item in ITEMS)
    file = folder / "client.toml"
    file.write_text(CLIENT.format(name=folder.name, seed=seed, items=items), encoding="utf-8")
    return file


def write_clients(home: Path, number: int, respondents: int) -> list[Path]:
    files = [write_client(home / "clients" / f"client-{i:03d}", i, respondents) for i in range(1, number + 1)]
    (home / "clients.list").write_text("".join(f"{file}\n" for file in files), encoding="utf-8")
    return files


def environment() -> dict[str, str]:
    found = {**os.environ, **ENVIRONMENT}
    found.pop("PYTHONDONTWRITEBYTECODE", None)
    return found


def shell(home: Path, notebook: Path, out: Path, workers: int) -> Run:
    start = time.perf_counter()
    command = SHELL.format(workers=workers, notebook=notebook, out=out)
    subprocess.run(["sh", "-ec", command], cwd=home, env=environment(), check=True)
    seconds = time.perf_counter() - start
    return Run(seconds, seconds)


def loop(home: Path, notebook: Path, out: Path, workers: int) -> Run:
    start = time.perf_counter()
    clients = (home / "clients.list").read_text(encoding="utf-8").split()
    running = [
        subprocess.Popen(
            [sys.executable, "-c", LOOP, str(notebook), str(out), *clients[worker::workers]],
            cwd=home, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        for worker in range(workers)
    ]  # fmt: skip
    after = [float(process.communicate()[0]) for process in running]
    return Run(time.perf_counter() - start, max(after))


def batch(engine: str) -> Callable[[Path, Path, Path, int], Run]:
    def run(home: Path, notebook: Path, out: Path, workers: int) -> Run:
        start = time.perf_counter()
        told = batch_events(batch_command(notebook, out, workers, engine), home)
        seconds = time.perf_counter() - start
        first, last = (datetime.fromisoformat(told[i]["time"]) for i in (0, -1))
        return Run(seconds, (last - first).total_seconds())

    return run


def batch_command(notebook: Path, out: Path, workers: int, engine: str) -> list[str]:
    given = ["clients.list", "--out", str(out), "--notebook", str(notebook)]
    return [sys.executable, "-m", "drivers.cli", "batch", *given, "--jobs", str(workers), "--engine", engine]


def batch_events(command: list[str], home: Path) -> list[dict[str, object]]:
    done = subprocess.run(command, cwd=home, env=environment(), check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


WAYS = {"shell": shell, "loop": loop, "warm": batch("warm"), "cold": batch("cold")}
PAIRS = (("warm", "shell"), ("warm", "loop"), ("warm", "cold"), ("cold", "shell"), ("cold", "loop"))


def processor_seconds() -> float:
    """Of every process that was started here and has ended, with all that those started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(name: str, home: Path, notebook: Path, out: Path, workers: int) -> Run:
    before = processor_seconds()
    run = WAYS[name](home, notebook, out, workers)
    return replace(run, processor=processor_seconds() - before)


def start_up(home: Path, chosen: argparse.Namespace) -> dict[str, float]:
    """Seconds of the processor that a way takes before its first report: what it takes without one."""
    empty = home / "empty"
    empty.mkdir()
    (empty / "clients.list").write_text("", encoding="utf-8")
    before = processor_seconds()
    loop(empty, NOTEBOOKS[chosen.notebook], empty / "loop", chosen.workers)
    looped = processor_seconds() - before
    (empty / "broken.toml").write_text("client = 7", encoding="utf-8")
    (empty / "clients.list").write_text("broken.toml\n", encoding="utf-8")
    before = processor_seconds()
    command = batch_command(NOTEBOOKS[chosen.notebook], empty / "warm", 1, "warm")
    subprocess.run(command, cwd=empty, env=environment(), capture_output=True, check=False)
    return {"shell": 0.0, "loop": looped, "warm": processor_seconds() - before, "cold": 0.0}


def compare(home: Path, notebook: Path, chosen: argparse.Namespace) -> None:
    runs: dict[str, list[Run]] = {name: [] for name in chosen.ways}
    for number in range(chosen.rounds):
        for name in chosen.ways:
            runs[name].append(timed(name, home, notebook, home / f"{name}-{number}", chosen.workers))
            print(f"  round {number + 1} {name:<6} {runs[name][-1]}", flush=True)
    for first, second in pairwise(chosen.ways):
        same_work(home / f"{first}-0", home / f"{second}-0")
    show(runs, start_up(home, chosen), chosen)


def same_work(first: Path, second: Path) -> None:
    """Refuse to compare ways that do not show the same: every output of every cell."""
    pairs = zip(sorted(first.rglob("report.ipynb")), sorted(second.rglob("report.ipynb")), strict=True)
    for one, other in pairs:
        if shown(one) != shown(other):
            raise SystemExit(f"{one} and {other} show different things.")


def shown(file: Path) -> list[object]:
    cells = clean_transcript(nbformat.read(file, as_version=4), {}).cells
    return [cell.outputs for cell in cells if cell.cell_type == "code"]


def show(runs: dict[str, list[Run]], before: dict[str, float], chosen: argparse.Namespace) -> None:
    print(f"{'way':<7}{'reports a minute':>17}{'processor s a report':>21}{'start-up s':>11}{'its processor s':>16}")
    one = {name: [(run.processor - before[name]) / chosen.clients for run in found] for name, found in runs.items()}
    for name, found in runs.items():
        rate, start = median(60 * chosen.clients / run.after for run in found), median(r.whole - r.after for r in found)
        print(f"{name:<7}{rate:>17.1f}{median(one[name]):>21.2f}{start:>11.1f}{before[name]:>16.1f}")
    for name, peer in PAIRS:
        if name in runs and peer in runs:
            wall = [b.after / a.after for a, b in zip(runs[name], runs[peer], strict=True)]
            whole = [b.whole / a.whole for a, b in zip(runs[name], runs[peer], strict=True)]
            work = [b / a for a, b in zip(one[name], one[peer], strict=True)]
            print(f"{name} against {peer}: {told(wall)} times the reports a minute, {told(work)} by the processor, "
                  f"{median(whole):.1f} with start-up")  # fmt: skip


def told(ratios: list[float]) -> str:
    return f"{median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--respondents", type=int, default=2000)
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--notebook", choices=list(NOTEBOOKS), default="light")
    parser.add_argument("--full", action="store_true", help="nothing more; make bench gives it to every script")
    chosen = parser.parse_args(arguments)
    compileall.compile_dir(Path(drivers.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory(prefix="night-") as folder:
        home = Path(folder)
        write_clients(home, chosen.clients, chosen.respondents)
        compare(home, NOTEBOOKS[chosen.notebook], chosen)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
