"""Memory of a night: what one more worker costs, and whether it grows over five hundred reports.

Two workers share most of their pages with the server that forked them, so resident size counts those twice. What a
worker adds is what is its own: USS, unique set size; PSS divides shared pages among those who share them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_notebook
from night import NOTEBOOKS, batch_command, environment, write_clients

SECONDS_BETWEEN = 0.2
ROLES = ("run", "server", "report", "kernel")
SMALL = (
    "client = None\nwave = None\nfindings_file = None",
    "import json, pandas as pd, matplotlib.pyplot as plt",
    "plt.plot([1, 2, 3]);",
    "pd.DataFrame({'a': range(1000)}).describe()",
    "open(findings_file, 'w').write(json.dumps({'exclusions': [], 'warnings': []}));",
)


def write_small(file: Path) -> Path:
    cells = [new_code_cell(source) for source in SMALL]
    cells[0].metadata["tags"] = ["parameters"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    file.write_text(nbformat.writes(new_notebook(cells=cells, metadata=kernel)), encoding="utf-8")
    return file


def generations(process: psutil.Process) -> list[list[psutil.Process]]:
    """The run, its server, the reports that this forked, the kernels that those forked."""
    found = [[process]]
    while found[-1]:
        found.append([child for one in found[-1] for child in one.children()])
    return found[:-1]


def worker_memory(home: Path, notebook: Path, workers: int) -> None:
    """Most memory of the server and of one worker, which is a report's process with its kernel's, in MB."""
    command = batch_command(notebook, home / "memory", workers, "warm")
    run = subprocess.Popen(command, cwd=home, env=environment(), stdout=subprocess.DEVNULL)
    most: dict[str, float] = defaultdict(float)
    while run.poll() is None:
        try:
            took = sample(psutil.Process(run.pid))
        except psutil.NoSuchProcess:
            continue  # one ended while it was looked at
        for name, size in took.items():
            most[name] = max(most[name], size)
        time.sleep(SECONDS_BETWEEN)
    for name in sorted(most):
        print(f"{name:<44} {most[name]:7.0f} MB")


def sample(run: psutil.Process) -> dict[str, float]:
    found = generations(run)
    took: dict[str, float] = {}
    for role, processes in zip(ROLES, found, strict=False):
        for process in processes:
            sizes = process.memory_full_info()
            for kind in ("uss", "pss", "rss"):
                name = f"{role}, {kind}"
                took[name] = max(took.get(name, 0.0), getattr(sizes, kind) / 1e6)
    for kind in ("uss", "pss"):
        took[f"worker: report and kernel, {kind}"] = took.get(f"report, {kind}", 0.0) + took.get(f"kernel, {kind}", 0.0)
    return took


def endurance(home: Path, reports: int, workers: int) -> None:
    """Resident size of the run and of its server, and the most that a report held, as the reports go by."""
    write_clients(home, reports, 40)
    command = batch_command(write_small(home / "small.ipynb"), home / "endurance", workers, "warm")
    run = subprocess.Popen(command, cwd=home, env=environment(), stdout=subprocess.PIPE, text=True)
    done, start, held = 0, time.perf_counter(), 0.0
    print(f"{'reports':>8}{'run, MB':>10}{'server, MB':>12}{'report, MB':>12}{'open files':>12}{'seconds':>9}")
    for line in run.stdout or ():
        told = json.loads(line)
        if told["event"] != "done":
            continue
        done, held = done + 1, max(held, told["memory_mb"])
        if done % (reports // 5) == 0 and done < reports:
            process = psutil.Process(run.pid)
            server = process.children()[0]
            sizes = [one.memory_info().rss / 1e6 for one in (process, server)]
            files = process.num_fds() + server.num_fds()
            seconds = time.perf_counter() - start
            print(f"{done:>8}{sizes[0]:>10.1f}{sizes[1]:>12.1f}{held:>12.1f}{files:>12}{seconds:>9.0f}", flush=True)
            held = 0.0
    print(f"{done} of {reports} done, exit code {run.wait()}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args(arguments)
    for name, notebook in NOTEBOOKS.items():
        with tempfile.TemporaryDirectory(prefix="night-") as folder:
            print(f"{name} notebook, {chosen.workers} workers, most that was seen:")
            write_clients(Path(folder), 4, 2000)
            worker_memory(Path(folder), notebook, chosen.workers)
    with tempfile.TemporaryDirectory(prefix="night-") as folder:
        print("small notebook:")
        endurance(Path(folder), chosen.reports, chosen.workers)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
