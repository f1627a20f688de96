"""The guide to staying, switching and taking back runs, and shows what it talks of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]


def test_the_guide_runs_by_papermill_and_shows_picture_and_list(tmp_path):
    guide, out = ROOT / "notebooks" / "switch_or_backsource.ipynb", tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(guide), str(out)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    cells = {cell.id: cell for cell in nbformat.read(out, as_version=4).cells}
    assert "<svg" in cells["choice"].outputs[0].data["text/html"]
    assert "yet to decide" in cells["warning"].outputs[0].data["text/html"]
