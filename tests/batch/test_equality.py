"""Notebooks of the project show the same by a fork of the warm server as by a kernel of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.batch.settings import SERVER_ENVIRONMENT
from report_client import write_notebook
from source_tree import ROOT

SCRIPT = Path(__file__).with_name("both_engines.py")
WIDGETS = (
    "import ipywidgets as widgets; slider = widgets.IntSlider(value=3, description='room'); slider",
    "out = widgets.Output()\nwith out:\n    print('inside')\nout",
    "slider.value = 7; widgets.HBox([slider, widgets.Label('points')])",
)
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks of a warm server are for Linux")


def by_both(notebook, folder, *given):
    command = [sys.executable, SCRIPT, notebook, folder, *given]
    subprocess.run(command, env=os.environ | SERVER_ENVIRONMENT, check=True, timeout=300)
    warm, cold = (json.loads((folder / f"{engine}.json").read_text(encoding="utf-8")) for engine in ("warm", "cold"))
    assert warm == cold
    assert warm[-1] == "done"
    return warm


def test_a_notebook_of_the_project_shows_the_same_by_both_engines(tmp_path):
    client = ROOT / "data" / "sample" / "noordzee-telecom" / "client.toml"
    shown = by_both(ROOT / "notebooks" / "start.ipynb", tmp_path, f"client={client}")
    assert any(output["output_type"] == "execute_result" for cell in shown[:-4] for output in cell.get("outputs", ()))


def test_widgets_and_their_state_are_saved_by_both_engines(tmp_path):
    shown = by_both(write_notebook(tmp_path / "widgets.ipynb", *WIDGETS), tmp_path)
    models = [json.loads(model) for model in shown[-3]]
    assert {"IntSliderModel", "OutputModel", "HBoxModel"} <= {model["model_name"] for model in models}
    assert 7 in [model["state"].get("value") for model in models]
    assert "inside\n" in [caught["text"] for model in models for caught in model["state"].get("outputs", ())]
