"""Rewrite a sample client: ``python -m drivers.simulate data/sample/noordzee-telecom``."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from drivers.simulate.outsourcing_sample import VECHT_SEED, write_vecht
from drivers.simulate.sample import SEED, write_sample

_SAMPLES: Mapping[str, tuple[Callable[[Path, int], None], int]] = MappingProxyType(
    {
        "noordzee-telecom": (write_sample, SEED),
        "vecht-it": (write_vecht, VECHT_SEED),
    }
)
"""What writes each sample, by the name of its folder, and the seed of it."""


def main() -> None:
    """Write the sample that the command line asks for."""
    parser = ArgumentParser(
        prog="python -m drivers.simulate", description="Write the sample client's survey and truth."
    )
    parser.add_argument("folder", type=Path, help=f"folder of the client: {', '.join(_SAMPLES)}")
    parser.add_argument("--seed", type=int, help="seed of all randomness (default: the sample's own)")
    asked = parser.parse_args()
    if asked.folder.name not in _SAMPLES:
        parser.error(f"there is no sample {asked.folder.name}; expected a folder named {' or '.join(_SAMPLES)}")
    write, seed = _SAMPLES[asked.folder.name]
    write(asked.folder, seed if asked.seed is None else asked.seed)


if __name__ == "__main__":
    main()
