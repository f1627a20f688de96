"""One small survey and the client file that describes it, written in any of the formats."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from drivers.client import Client, load_client

FORMATS = ("csv", "xlsx", "parquet", "sav", "zsav", "dta")

CLIENT = """\
client = "Noordzee Telecom"
minimum_base = 10
[survey]
file       = "{file}"
respondent = "customer_id"
weight     = "weight"
missing    = [99]
segments   = ["region"]
[satisfaction]
column = "csat"
scale  = [1, 10]
[drivers]
scale = [1, 10]
[drivers.items]
fix      = "Solved first time"
friendly = {{ label = "Friendly staff", scale = [1, 5] }}
age      = {{ role = "control" }}
[loyalty]
left            = "gone"
intention       = "intends"
intention_scale = [0, 10]
[value]
margin_per_year = "margin"
discount_rate   = 0.10
horizon_years   = 5
customers       = 180000
"""


def survey_frame(rows: int = 40) -> pd.DataFrame:
    """Answers that any format can hold, with one code 99 and one empty answer."""
    rng = np.random.default_rng(7)
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i:03}" for i in range(rows)],
            "weight": rng.choice([0.5, 1.0, 2.0], rows),
            "region": rng.choice(["north", "south"], rows),
            "csat": rng.integers(3, 11, rows).astype(float),
            "fix": rng.integers(1, 11, rows).astype(float),
            "friendly": rng.integers(1, 6, rows).astype(float),
            "age": rng.integers(18, 90, rows).astype(float),
            "gone": rng.integers(0, 2, rows).astype(float),
            "intends": rng.integers(0, 11, rows).astype(float),
            "margin": rng.normal(120, 30, rows).round(2),
        }
    )
    frame.loc[0, "fix"] = 99.0
    frame.loc[1, "csat"] = np.nan
    return frame


def write_survey(frame: pd.DataFrame, path: Path, **labels: object) -> Path:
    """Write the frame in the format that the ending says."""
    match path.suffix:
        case ".csv":
            frame.to_csv(path, index=False)
        case ".xlsx":
            frame.to_excel(path, index=False, engine="openpyxl")
        case ".parquet":
            frame.to_parquet(path)
        case ".sav":
            pyreadstat.write_sav(frame, str(path), **labels)
        case ".zsav":
            pyreadstat.write_sav(frame, str(path), compress=True, **labels)
        case ".dta":
            pyreadstat.write_dta(frame, str(path), **labels)
    return path


def client_of(
    folder: Path, frame: pd.DataFrame | None = None, *changes: tuple[str, str], file: str = "survey.csv"
) -> Client:
    """The client file in this folder after these changes of its text, beside this survey."""
    if frame is not None:
        write_survey(frame, folder / file)
    text = CLIENT.format(file=file)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "client.toml"
    path.write_text(text, encoding="utf-8")
    return load_client(path)
