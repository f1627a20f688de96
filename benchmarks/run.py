"""Every benchmark in one run: ``make bench``; ``--full`` adds the comparisons that take minutes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(arguments: list[str]) -> int:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # without byte-code every start costs seconds more
    scripts: tuple[str, ...] = (
        "complete.py",
        "importance.py",
        "outcomes.py",
        "shape.py",
        "priorities.py",
        "intake.py",
        "choice.py",
        "report.py",
    )
    if "--full" in arguments:
        scripts += ("night.py",)
    for script in scripts:
        print(f"== {script}", flush=True)
        done = subprocess.run([sys.executable, HERE / script, *arguments], env=environment, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
