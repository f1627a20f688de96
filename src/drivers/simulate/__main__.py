"""Rewrite a sample client: ``python -m drivers.simulate data/sample/noordzee-telecom``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from drivers.simulate.insurer_sample import INSURER_SEED, write_insurer
from drivers.simulate.outsourcing_sample import VECHT_SEED, write_vecht
from drivers.simulate.sample import SEED, write_sample

SAMPLES: dict[str, tuple[Callable[[Path, int], None], int]] = {
    "noordzee-telecom": (write_sample, SEED),
    "vecht-it": (write_vecht, VECHT_SEED),
    "maasland-verzekeringen": (write_insurer, INSURER_SEED),
}
"""Who writes the files of each sample client, and from which seed."""


def main() -> None:
    """Write the sample that the command line asks for."""
    parser = ArgumentParser(prog="python -m drivers.simulate", description="Write a sample client's survey and truth.")
    names = ", ".join(SAMPLES)
    parser.add_argument("folder", type=Path, help=f"folder of the client, made if it is not there; named {names}")
    parser.add_argument("--seed", type=int, help="seed of all randomness (default: that of the sample)")
    asked = parser.parse_args()
    if asked.folder.name not in SAMPLES:
        parser.error(f"there is no sample {asked.folder.name}; expected a folder named {names}")
    write, seed = SAMPLES[asked.folder.name]
    write(asked.folder, seed if asked.seed is None else asked.seed)


if __name__ == "__main__":
    main()
