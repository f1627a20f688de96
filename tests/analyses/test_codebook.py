"""The codebook: its numbers by brute force, what it keeps back, and how it is printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from drivers import cli
from drivers.analyses.codebook import client_codebook, wave_codebook
from drivers.client import load_client
from drivers.errors import ConfigError
from drivers.present.codebook import codebook_text
from made_surveys import made_survey, made_weights, with_answers, with_weights
from survey_files import client_of, survey_frame

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample" / "noordzee-telecom" / "client.toml"
DATA = ROOT.parent / "shared" / "data"
WAVES = ('weight     = "weight"', 'weight = "weight"\nwave = "wave"')


def run(*arguments: object):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments], catch_exceptions=False)


def two_waves(rows: int = 80) -> pd.DataFrame:
    frame = survey_frame(rows)
    return frame.assign(wave=[2024] * (rows // 2) + [2025] * (rows - rows // 2))


def test_every_number_of_the_sample_is_that_of_its_file():
    frame = pd.read_csv(SAMPLE.parent / "survey.csv", na_values=["99"])
    for book in client_codebook(load_client(SAMPLE)).waves:
        wave = frame[frame["wave"] == int(book.wave or 0)]
        table = book.table.set_index("column")
        for column in ("csat", "talk_time"):
            known = wave[wave[column].notna()]
            row, answers, weights = table.loc[column], known[column], known["weight"]
            assert row["base"] == len(known)
            assert row["missing_share"] == pytest.approx(wave[column].isna().mean())
            assert row["mean"] == pytest.approx((answers * weights).sum() / weights.sum())
            assert row["top_two_share"] == pytest.approx(weights[answers >= 9].sum() / weights.sum())
            assert row["bottom_two_share"] == pytest.approx(weights[answers <= 2].sum() / weights.sum())
            assert (row["scale_low"], row["scale_high"]) == (1, 10)
        assert (book.base, book.answered) == (len(wave), wave["csat"].notna().sum())


@pytest.mark.skipif(not DATA.is_dir(), reason="the real surveys are not beside the project")
def test_the_bank_keeps_267_of_its_896_respondents_for_the_reason_that_branch_was_not_asked(tmp_path):
    run("init", DATA / "bank_weighted" / "bank_tidied.sav", "--out", tmp_path)
    (book,) = client_codebook(load_client(tmp_path / "client.toml")).waves
    assert (book.base, book.complete) == (896, 267)  # expected.json of the set
    assert book.table.set_index("column").loc["Branch", "missing_share"] == pytest.approx(494 / 896)


def test_every_column_that_is_used_has_its_role(tmp_path):
    client = client_of(tmp_path, survey_frame(60))
    book = client_codebook(client)
    assert dict(zip(book.waves[0].table["column"], book.waves[0].table["role"], strict=True)) == {
        "csat": "satisfaction",
        "fix": "driver",
        "friendly": "driver",
        "age": "control",
        "left": "left",
        "intends": "intention",
        "margin": "margin",
    }
    assert dict(zip(book.uses["column"], book.uses["role"], strict=True)) == {
        "customer_id": "respondent",
        "weight": "weight",
        "region": "segment",
    }


def test_a_column_with_too_few_answers_is_not_shown():
    survey = made_survey(100)
    few = survey.answers["d0"].where(np.arange(100) < 29)
    table = wave_codebook(with_answers(survey, d0=few)).table.set_index("column")
    assert table["suppressed"].to_dict() == {c: c == "d0" for c in table.index}
    assert table.loc["d0", ["base", "missing_share", "mean", "top_two_share", "bottom_two_share"]].isna().all()
    shown = with_answers(survey, d0=survey.answers["d0"].where(np.arange(100) < 30))
    assert wave_codebook(shown).table.set_index("column").loc["d0", "base"] == 30


def test_respondents_of_weight_zero_are_in_no_base():
    survey = with_weights(made_survey(300), made_weights(300))
    book = wave_codebook(survey)
    assert book.answered == int((survey.weights > 0).sum()) < book.base


def test_a_wave_that_cannot_be_read_does_not_hide_the_others(tmp_path):
    frame = two_waves()
    frame.loc[frame["wave"] == 2024, "csat"] = np.nan
    client = client_of(tmp_path, frame, WAVES)
    book = client_codebook(client)
    assert [wave.wave for wave in book.waves] == ["2025"]
    ((wave, error),) = book.problems
    assert wave == "2024"
    assert "0 respondents answered on satisfaction" in str(error)
    result = run("check", client.path)
    assert result.exit_code == 3
    assert "Wave 2025: 40 questionnaires" in result.stdout
    assert "error: wave 2024: " in result.stdout
    assert "no problems" not in result.stdout


def test_a_renamed_column_is_proposed(tmp_path):
    frame = two_waves()
    frame["friendliness"] = frame["friendly"].where(frame["wave"] == 2025)
    frame.loc[frame["wave"] == 2025, "friendly"] = np.nan
    result = run("check", client_of(tmp_path, frame, WAVES).path)
    assert result.exit_code == 0
    asked = (
        'Wave 2024 has "friendly (Friendly staff)" and wave 2025 has "friendliness": is it one column under two names? '
        'If so, write renamed."2025".friendly = "friendliness" under [survey].'
    )
    assert f"! {asked}" in result.stdout


def test_small_groups_are_counted_and_not_named(tmp_path):
    frame = survey_frame(60)
    frame.loc[:3, "region"] = "Texel"
    result = run("check", client_of(tmp_path, frame).path)
    assert "! Groups of region with fewer than 10 respondents: 1 of 3." in result.stdout
    assert "Texel" not in result.stdout


def test_nothing_of_a_single_respondent_is_printed(tmp_path):
    frame = survey_frame(60)
    result = run("check", client_of(tmp_path, frame).path)
    assert not [identity for identity in frame["customer_id"] if identity in result.stdout]


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (('column = "csat"', 'column = "cast"'), 2, 'Did you mean "csat"?'),
        (("scale  = [1, 10]", "scale  = [1, 4]"), 3, "outside its scale"),
        (("minimum_base = 10", "minimum_base = 1000"), 3, "expected at least 1000"),
        (("[survey]", "[survey]\ncolour = 1"), 2, "unknown key"),
    ],
)
def test_what_is_wrong_is_said_and_ends_with_its_exit_code(tmp_path, change, code, said):
    client_of(tmp_path, survey_frame())
    path = tmp_path / "client.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    result = run("check", path)
    assert (result.exit_code, "Traceback" in result.output) == (code, False)
    assert said in result.output


def test_a_survey_that_is_not_there_is_a_mistake_in_the_client_file(tmp_path):
    with pytest.raises(ConfigError, match="does not exist"):
        client_codebook(client_of(tmp_path))


def test_the_lines_of_a_table_stand_below_each_other(tmp_path):
    text = run("check", client_of(tmp_path, survey_frame(60)).path).stdout
    table = text[text.index("Column  ", text.index("with an answer")) :].split("\n\n")[0].splitlines()
    ends = {line.index(header) + len(header) for header in ("Base",) for line in table[:1]}
    bases = [line[: next(iter(ends))].split()[-1] for line in table[1:] if not line.startswith("!")]
    assert len(bases) == 7
    assert all(base.isdigit() for base in bases)


def test_signs_that_steer_a_terminal_are_not_printed(tmp_path):
    client = client_of(tmp_path, survey_frame(60), ("Solved first time", "Solved \\u001b[31mfirst\\ntime\\u202e"))
    text = codebook_text(client_codebook(client), "x\x1b[0m")
    assert not {"\x1b", "\u202e"} & set(text)
    assert "Solved ?[31mfirst time?" in text


def test_a_check_loads_none_of_the_slow_packages(tmp_path):
    client = client_of(tmp_path, survey_frame(60))
    slow = {"statsmodels", "seaborn", "pingouin", "papermill", "matplotlib", "nbconvert", "IPython", "scipy.stats"}
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom drivers.cli import app\n"
        f"assert CliRunner().invoke(app, ['check', {str(client.path)!r}]).exit_code == 0\n"
        f"print(sorted({slow!r} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
