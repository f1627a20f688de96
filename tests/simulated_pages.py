"""Pages with a simulator for tests in a browser, and what the page says of a scenario."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from nbformat.v4 import new_code_cell, new_notebook, new_output

from drivers.analyses.basis import joint_resample
from drivers.analyses.improvement import planned_improvements
from drivers.analyses.loyalty import retention_link
from drivers.analyses.terms import value_terms
from drivers.analyses.whatif import WhatIf, what_if
from drivers.client import load_client
from drivers.core.packing import packed, unpacked
from drivers.present.language import Language
from drivers.present.page import report_page
from drivers.present.parts import Section
from drivers.present.simulator import plan_simulator
from drivers.survey.loading import load_survey

SAMPLES = Path(__file__).parents[1] / "data" / "sample"
READ = """() => Object.fromEntries([...document.querySelectorAll(".what-if-card")].map((card) => [card.dataset.card, {
  value: card.querySelector("data").value, low: card.dataset.low, high: card.dataset.high, chance: card.dataset.chance,
  text: card.querySelector("data").textContent, ends: card.querySelectorAll("p")[1].lastElementChild.textContent,
}]))"""
VISIT = f"""async (fragments) => {{
  const found = [];
  for (const fragment of fragments) {{
    if (location.hash !== fragment) {{
      const heard = new Promise((done) => addEventListener("hashchange", done, {{ once: true }}));
      location.hash = fragment;
      await heard;
    }}
    const told = [...document.querySelectorAll(".what-if-notes p, .what-if-told p")].map((p) => p.textContent);
    const link = document.querySelector(".what-if-tools a").getAttribute("href");
    found.push({{ cards: ({READ})(), cost: document.getElementById("what-if").dataset.cost, told, link }});
  }}
  return found;
}}"""


def sample_what_if(client: str, wave: str | None, draws: int = 200) -> WhatIf:
    """What the simulator of a sample client rests on, on fewer draws."""
    file = load_client(SAMPLES / client / "client.toml")
    survey = load_survey(file, wave)
    link = retention_link(survey, joint_resample(survey, draws=draws))
    return what_if(link, value_terms(file), planned_improvements(file))


def with_lost_draws(given: WhatIf, lost: int) -> WhatIf:
    """The same, with draws in which retention and money have no value."""
    shape = (given.draws + 1, 3, given.gains)
    responses = unpacked(given.responses, shape)
    responses[1 : lost + 1] = np.nan
    return replace(given, responses=packed(responses))


def simulator_page(given: WhatIf, language: Language, file: Path, *, planned: bool = True) -> Path:
    """Write the page of one section with this simulator."""
    quality = SimpleNamespace(repeated=0)
    findings: Any = SimpleNamespace(
        what_if=given, plan=object() if planned else None, wave="2025", source="survey.csv", quality=quality
    )
    section = Section("plan", "Plan", "Lead.", ("Beside it.",), simulator=plan_simulator(findings, language))
    shown = [section, Section("method", "Method", "Another section.")]
    cells = [
        new_code_cell("", outputs=[new_output("display_data", data={"text/html": one._repr_html_()})]) for one in shown
    ]
    page = report_page(new_notebook(cells=cells), client="Noordzee", wave="2025", language=language.code)
    file.write_text(page, encoding="utf-8")
    return file


def reach(given: WhatIf, driver: str) -> tuple[float, float]:
    """Between which changes the slider of a driver stays."""
    row = given.table.set_index("driver").loc[driver]
    low = max(row["scale_low"], row["lowest_answer"]) - row["mean"]
    return float(low), float(min(row["scale_high"], row["highest_answer"]) - row["mean"])
