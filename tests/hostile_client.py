"""A client whose every text attacks the documents that print it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

SCRIPT, FORMULA, ENDLESS, BELL = "<script>alert(1)</script>", '=HYPERLINK("http://x","y")', "L" * 300, "bell\u0007rung"
TURNED = "turned \u202egnirts"
LABELS = (
    SCRIPT, FORMULA, "{{7*7}}", "${7*7}", "+1", "-1", "@x", TURNED, ENDLESS, "smile \U0001f600",
    "#set page(width:1cm)", "$x$", "*bold*", "]]>", "&amp;", BELL, '"><img src=x onerror=alert(1)>', "{% raw %}",
)  # fmt: skip
VALUES = ("=1+1 \u202edne", "<b>North</b> &amp;", "-2+3", "@tiny")
CLIENT = f"../{FORMULA} {SCRIPT} {{{{7*7}}}} \u202eturned"
WAVE = f"=1+1 {SCRIPT} \u202e../2025"
MARK = f"$x$ {SCRIPT} #pagebreak() \u0007&G"
OWN = "\n\n".join(LABELS)
RESPONDENTS = 640
FEW = 10
_TABLES = """
client = {client}
language = "en"
seed = 7
draws = 200
minimum_base = 30
[survey]
file = "survey.csv"
wave = "wave"
respondent = "who"
segments = {{ region = {region} }}
[satisfaction]
column = "csat"
label = {satisfaction}
scale = [1, 10]
satisfied = 8
dissatisfied = 5
[loyalty]
left = "left"
[value]
margin_per_year = "margin"
discount_rate = 0.1
horizon_years = 5
customers = 20000
[plan.d0]
improve = 0.5
cost = 10000
[plan.d8]
improve = 0.3
cost = 20000
[budget]
amount = 25000
[report]
confidential = {mark}
[report.text]
summary = {own}
drivers = {own}
method = {own}
[drivers]
scale = [1, 10]
[drivers.items]
{items}
"""


def write_hostile_client(folder: Path) -> Path:
    """Write client.toml and survey.csv: a wave of 640 answers, in groups of which one is too small."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "survey.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_rows())
    items = "\n".join(f"d{k} = {toml(label)}" for k, label in enumerate(LABELS))
    text = _TABLES.format(
        client=toml(CLIENT), region=toml(SCRIPT), satisfaction=toml(FORMULA), mark=toml(MARK), own=toml(OWN),
        items=items,
    )  # fmt: skip
    (folder / "client.toml").write_text(text, encoding="utf-8")
    return folder / "client.toml"


def _rows() -> list[list[object]]:
    rng = np.random.default_rng(11)
    answers = 6.5 + rng.normal(size=(RESPONDENTS, 1)) + 1.2 * rng.normal(size=(RESPONDENTS, len(LABELS)))
    answers = np.clip(np.round(answers), 1, 10)
    weights = np.array([0.35, *([0.05] * (len(LABELS) - 1))])
    csat = np.clip(np.round(answers @ weights + 0.5 * rng.normal(size=RESPONDENTS) - 1), 1, 10)
    left = (rng.random(RESPONDENTS) < 1 / (1 + np.exp(0.8 * (csat - 4)))).astype(int)
    margin = np.round(100 + 50 * rng.random(RESPONDENTS), 2)
    header: list[object] = ["who", "wave", "region", "csat", "left", "margin", *(f"d{k}" for k in range(len(LABELS)))]
    return [
        header,
        *(
            [f"ZQ{i:06d}", WAVE, _group(i), int(csat[i]), left[i], margin[i], *map(int, row)]
            for i, row in enumerate(answers)
        ),
    ]


def _group(i: int) -> str:
    """The group of a respondent: two large ones, one that hides, lest the last be worked out, and one too small."""
    return VALUES[3 if i < FEW else 2 if i % 20 < 6 else i % 2]


def toml(text: str) -> str:
    """A TOML string of this text, with everything unusual escaped."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(sign if " " <= sign <= "~" else f"\\U{ord(sign):08x}" for sign in quoted)
