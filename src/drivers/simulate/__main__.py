"""Rewrite a sample client: ``python -m drivers.simulate data/sample/noordzee-telecom``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from drivers.simulate.sample import SEED, write_sample


def main() -> None:
    """Write the sample that the command line asks for."""
    parser = ArgumentParser(
        prog="python -m drivers.simulate", description="Write the sample client's survey and truth."
    )
    parser.add_argument("folder", type=Path, help="folder of the client, made if it is not there")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of all randomness (default: %(default)s)")
    asked = parser.parse_args()
    write_sample(asked.folder, asked.seed)


if __name__ == "__main__":
    main()
