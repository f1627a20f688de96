"""What a batch tells a person in the morning."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.batch.job import Result
from drivers.batch.telling import summary, summary_table


def failed(client, error, message):
    return Result(f"clients/{client}/client.toml", client, None, "failed", error=error, message=message)


def table(*results, seconds=61.0):
    return summary_table(results, summary(results, seconds), Path("reports"))


def test_failures_stand_by_who_can_mend_them_with_the_whole_reason():
    remedy = "Merge waves, or collect more answers, or lower minimum_base in the client file if fewer are enough."
    text = table(
        failed("aalst", "ConfigError", "clients/aalst/client.toml, line 3, sede: unknown key."),
        failed("breda", "SurveyError", f"survey.csv: 14 respondents answered; expected at least 30. {remedy}"),
        failed("cadzand", "ValueError", "An error that the suite did not foresee."),
    )
    lines = text.splitlines()
    assert lines[0] == "0 done, 0 unchanged, 3 failed in 1 min 1 s"
    assert "  aalst  client.toml, line 3, sede: unknown key." in lines
    assert remedy in " ".join(text.split())
    assert max(map(len, lines)) <= 120
    titles = [line for line in lines if line.startswith("Failed")]
    assert titles == [
        "Failed, to be mended in the client file or the command:",
        "Failed, to be mended in the data:",
        "Failed in the notebook or the engine:",
    ]
    assert "reports/_failed" in lines[-1]


def test_a_night_without_failures_tells_of_none():
    text = table(Result("clients/aalst/client.toml", "aalst", "2025", "done", "x", seconds=12.34, memory=301.2))
    assert text.splitlines() == ["1 done, 0 unchanged, 0 failed in 1 min 1 s", "", "Slowest:",
                                 "  aalst 2025    12.3 s     301 MB"]  # fmt: skip


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (3725, "62 min 5 s")])
def test_a_duration_is_told_in_minutes_and_seconds(seconds, said):
    assert table(seconds=seconds) == f"0 done, 0 unchanged, 0 failed in {said}"
