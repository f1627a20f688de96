from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from drivers.survey.likeness import near_matches
from drivers.survey.proposals import wave_renames
from drivers.survey.sources import load_table
from survey_files import client_of, survey_frame

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "sfo_airport"


def pairs(before, after):
    found = near_matches(dict.fromkeys(before, ""), dict.fromkeys(after, ""))
    return {(pair.before, pair.after) for pair in found}


def header(year: int) -> dict[str, str]:
    with (DATA / f"{year}_SFO_Customer_Survey.csv").open(encoding="latin-1", newline="") as file:
        return {name.strip(): "" for name in next(csv.reader(file)) if name.strip()}


# Read side by side in the four files. Columns that changed more of their name are not found: Q8IMPROVE1 and Q8COM1,
# Q10SAFEA and Q10COM1, Q15PROBCOM1 and Q15COM1, and Q8COM1 and Q8COM, as a number tells items apart.
COMMENTS = {(f"Q12PRECOM{place}", f"Q12COM{place}") for place in (1, 2, 3)}
SFO = {
    (2014, 2015): {
        ("RUN", "RUNID"),
        ("AREA", "BAREA"),
        ("DEST", "DESTINATION"),
        ("Q12PRECHECKRATE", "Q12PRECHEKCRATE"),
        *COMMENTS,
    },
    (2015, 2016): {
        ("RESPNUM", "*RESPNUM"),
        ("Q13COUNTY", "Q13 COUNTY"),
        ("Q18AGE", "Q19AGE"),
        ("Q19GENDER", "Q20GENDER"),
        ("Q20INCOME", "Q21INCME"),
        ("Q21FLY", "Q22FLY"),
        ("Q22SJC", "Q23SJC"),
        ("Q22OAK", "Q23OAK"),
        ("Q12PRECHEKCRATE", "Q12PRECHECKRATE"),
        *((after, before) for before, after in COMMENTS),
    },
    (2016, 2017): {
        ("*RESPNUM", "RESPNUM"),
        ("AIRLINE CODE", "AIRLINE_CODE"),
        ("DEST CODE", "DEST_CODE"),
        ("Q13 COUNTY", "Q13COUNTY"),
        ("Q21INCME", "Q21INCOME"),
        ("Q12PRECHECKRATE", "Q12PRECHEKCRATE"),
        *COMMENTS,
    },
}


@pytest.mark.skipif(not DATA.is_dir(), reason="the real surveys are not beside the project")
@pytest.mark.parametrize("years", SFO)
def test_the_columns_that_the_airport_renamed_are_proposed_and_no_others(years):
    found = near_matches(header(years[0]), header(years[1]))
    assert {(pair.before, pair.after) for pair in found} == SFO[years]


def test_a_column_that_both_have_is_never_proposed():
    assert pairs(["csat", "price"], ["csat", "prices"]) == {("price", "prices")}


def test_items_that_differ_in_their_number_only_are_different_items():
    assert pairs(["item_1", "item_2"], ["item_3", "item_12"]) == set()


def test_each_column_is_proposed_once_with_the_likest():
    assert pairs(["opening_hours"], ["opening_hour", "opening_hours_shop"]) == {("opening_hours", "opening_hour")}


def test_labels_count_where_names_say_nothing():
    found = near_matches({"v12": "Friendliness of our staff"}, {"a03": "Friendliness of the staff", "a04": "Price"})
    assert [(pair.before, pair.after) for pair in found] == [("v12", "a03")]


def test_names_of_other_things_are_not_alike():
    assert pairs(["closing", "greeting", "sound_quality"], ["knowledge", "empathy", "clear_bill"]) == set()


def test_a_driver_that_goes_under_another_name_in_the_next_wave_is_found(tmp_path):
    frame = survey_frame(60)
    frame["wave"] = [2024] * 30 + [2025] * 30
    frame["friendliness"] = frame["friendly"].where(frame["wave"] == 2025)
    frame.loc[frame["wave"] == 2025, "friendly"] = np.nan
    client = client_of(tmp_path, frame, ('weight     = "weight"', 'weight = "weight"\nwave = "wave"'))
    (found,) = wave_renames(client, load_table(client))
    assert (found.rename.before, found.rename.after) == ("friendly", "friendliness")
    assert (found.wave_before, found.wave_after) == ("2024", "2025")


def test_a_survey_without_waves_has_no_renames(tmp_path):
    client = client_of(tmp_path, survey_frame())
    assert wave_renames(client, load_table(client)) == ()
