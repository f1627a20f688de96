"""Two hundred simulated clients in one batch, eight of them broken: time, memory, what failed and the summary.

`python benchmarks/many_clients.py FOLDER` writes the clients to FOLDER, runs `drivers batch` on them as a scheduler
would, then as a person at a terminal would see it end, and prints what an operator reads in the morning.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from itertools import islice, product
from pathlib import Path

import numpy as np
import pandas as pd
from night import environment

from drivers.simulate.noordzee import APPROACHED, DRIVERS, noordzee_population, noordzee_respondents

PLACES = ("Aalst", "Breda", "Cadzand", "Delft", "Ede", "Franeker", "Goes", "Hulst", "IJmuiden", "Joure", "Kampen",
          "Lelystad", "Meppel", "Nijkerk", "Ommen", "Putten", "Rhenen", "Sneek", "Tiel", "Urk")  # fmt: skip
TRADES = ("Energie", "Verzekeringen", "Bank", "Telecom", "Vervoer", "Zorg", "Wonen", "Water", "Onderwijs", "Reizen")
CLIENT = """\
client = "{name}"
language = "{language}"
seed = {seed}
draws = {draws}

[survey]
file = "survey.csv"
weight = "weight"
missing = [99]
segments = ["region", "contract"]

[satisfaction]
column = "csat"
scale = [1, 10]
satisfied = 8
dissatisfied = 5

[drivers]
scale = [1, 10]

[drivers.items]
{items}

[loyalty]
left = "left_within_12_months"

[value]
margin_per_year = "margin"
discount_rate = 0.10
horizon_years = 5
customers = 20000
"""


def write_client(home: Path, name: str, seed: int, draws: int) -> Path:
    """A small survey of one wave, of 150 to 450 respondents."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(150, 451))
    asked = DRIVERS[: int(rng.integers(5, 9))]
    survey = noordzee_respondents(rng, noordzee_population(rng, APPROACHED * size), size, 2025, asked)
    folder = home / name.lower().replace(" ", "-")
    folder.mkdir(parents=True)
    survey.to_csv(folder / "survey.csv", index=False, float_format="%g")
    items = "\n".join(f'{item.column} = "{item.column.replace("_", " ").capitalize()}"' for item in asked)
    language = "nl" if seed % 2 else "en"
    text = CLIENT.format(name=name, language=language, seed=seed, draws=draws, items=items)
    (folder / "client.toml").write_text(text, encoding="utf-8")
    return folder


def unknown_key(folder: Path) -> None:
    said(folder, "seed =", "sede =")


def column_renamed(folder: Path) -> None:
    survey = pd.read_csv(folder / "survey.csv")
    survey.rename(columns={"csat": "tevredenheid"}).to_csv(folder / "survey.csv", index=False)


def survey_gone(folder: Path) -> None:
    (folder / "survey.csv").unlink()


def words_for_ratings(folder: Path) -> None:
    survey = pd.read_csv(folder / "survey.csv").astype({"first_time_fix": object})
    survey.loc[:5, "first_time_fix"] = "zeer goed"
    survey.to_csv(folder / "survey.csv", index=False)


def few_answers(folder: Path) -> None:
    pd.read_csv(folder / "survey.csv").head(14).to_csv(folder / "survey.csv", index=False)


def other_scale(folder: Path) -> None:
    said(folder, "scale = [1, 10]", "scale = [1, 5]")


def workbook_by_another_name(folder: Path) -> None:
    (folder / "survey.csv").write_bytes(b"PK\x03\x04" + bytes(range(256)))


def bracket_missing(folder: Path) -> None:
    said(folder, "[loyalty]", "[loyalty")


def said(folder: Path, old: str, new: str) -> None:
    file = folder / "client.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


FAULTS: tuple[Callable[[Path], None], ...] = (
    unknown_key,
    column_renamed,
    survey_gone,
    words_for_ratings,
    few_answers,
    other_scale,
    workbook_by_another_name,
    bracket_missing,
)


def write_clients(home: Path, number: int, draws: int) -> None:
    names = [f"{place} {trade}" for trade, place in islice(product(TRADES, PLACES), number)]
    folders = [write_client(home, name, seed, draws) for seed, name in enumerate(names, start=1)]
    for fault, folder in zip(FAULTS, folders[:: max(number // len(FAULTS), 1)], strict=False):
        fault(folder)


def run(home: Path, *more: str) -> tuple[int, list[dict[str, object]], float]:
    start = time.perf_counter()
    command = [sys.executable, "-m", "drivers.cli", "batch", "clients", "--out", "reports", *more]
    done = subprocess.run(command, cwd=home, env=environment(), stdout=subprocess.PIPE, text=True, check=False)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, told, time.perf_counter() - start


def tell(code: int, told: list[dict[str, object]], seconds: float) -> None:
    taken = [float(str(line["seconds"])) for line in told if line["event"] == "done"]
    print(f"exit code {code}, {seconds:.0f} s, events {dict(Counter(str(line['event']) for line in told))}")
    if taken:
        print(f"a report: median {np.median(taken):.1f} s, slowest {max(taken):.1f} s")
    print(json.dumps(told[-1], indent=1))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="kept afterwards; default: a temporary one")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--draws", type=int, default=1000)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="night-") as temporary:
        home = chosen.folder or Path(temporary)
        write_clients(home / "clients", chosen.clients, chosen.draws)
        tell(*run(home, "--json-log", "night.jsonl"))
        print("again, with --resume:")
        tell(*run(home, "--resume"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
