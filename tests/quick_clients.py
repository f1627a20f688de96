"""Sample clients on few draws, for tests in which the number of draws does not matter."""

from __future__ import annotations

import re
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "data" / "sample"


def quick_client(name: str, folder: Path, draws: int = 100) -> Path:
    """The client file of a copy of this sample in `folder`, which looks at the sample's own surveys."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in (SAMPLES / name).glob("*.csv"):
        (folder / file.name).symlink_to(file)
    text = (SAMPLES / name / "client.toml").read_text(encoding="utf-8")
    file = folder / "client.toml"
    file.write_text(re.sub(r"(?m)^seed ", f"draws = {draws}\nseed ", text, count=1), encoding="utf-8")
    return file
