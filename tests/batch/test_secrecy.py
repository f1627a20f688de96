"""Secrets of the environment stay there: no file, no log and no message of a run holds one."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from drivers.batch.secrecy import hidden, refuse_secrets
from drivers.errors import ReportError
from report_client import contents, write_client, write_notebook

PASSWORD = 'hünter"2!<x>'
ADDRESS = "postgresql://reader:h%C3%BCnter%222%21%3Cx%3E@db.example/answers"
READS = "import os; where = os.environ['ANSWERS']; key = os.environ['WAREHOUSE_KEY']; 'read'"
MISUSES = (
    "from urllib.parse import urlsplit, unquote; password = unquote(urlsplit(where).password)",
    "if 'killed' in client or 'shown' in client: print(password, key)",
    "if 'killed' in client: os.kill(os.getppid(), 9)",
    "if 'fails' in client: raise ConnectionError(f'no answer from {where} for {password!r}: {key}')",
    "from drivers.errors import SurveyError\nif 'refused' in client: raise SurveyError(f'{where} is down ({key})')",
    "import json; open(findings_file, 'w').write(json.dumps({'exclusions': [], 'warnings': [], 'kept': "
    "password if 'kept' in client else ''}))",
)
CLIENTS = ("fails", "good", "kept", "killed", "refused", "shown")


@pytest.mark.parametrize(
    "text", [PASSWORD, f"a {ADDRESS} b", json.dumps(PASSWORD), "h&uuml;", "hünter&quot;2!&lt;x&gt;", "KEY-0123456789"]
)
def test_a_secret_is_hidden_however_it_is_written(monkeypatch, text):
    monkeypatch.setenv("ANSWERS", ADDRESS)
    monkeypatch.setenv("WAREHOUSE_KEY", "KEY-0123456789")
    told = hidden(text)
    assert "nter" not in told
    assert "0123456789" not in told
    assert ("***" in told) == (text != "h&uuml;")


@pytest.mark.parametrize(
    ("name", "value"),
    [("PWD", "/srv/drivers"), ("COMPASS", "northward"), ("MONKEY", "capuchin"), ("API_TOKEN", "short"),
     ("HOMEPAGE", "https://example.org/answers"), ("BROKEN", "http://[answers")],
)  # fmt: skip
def test_what_is_no_secret_is_left(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert hidden(f"at {value} now") == f"at {value} now"


def test_a_report_with_a_secret_is_refused_by_the_name_of_its_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("PGPASSWORD", "correct horse")
    (tmp_path / "page.html").write_text("the correct answer", encoding="utf-8")
    refuse_secrets(tmp_path)
    (tmp_path / "page.html").write_text("the correct horse", encoding="utf-8")
    with pytest.raises(ReportError, match=r"page\.html would hold the value .* PGPASSWORD") as refusal:
        refuse_secrets(tmp_path)
    assert "correct horse" not in str(refusal.value)


@pytest.mark.skipif(sys.platform != "linux", reason="a cell kills its own process, as Linux numbers them")
def test_no_file_log_or_message_of_a_night_holds_a_secret(tmp_path):
    for name in CLIENTS:
        write_client(tmp_path / "clients" / name, name=name)
    write_notebook(tmp_path / "reads.ipynb", READS, *MISUSES)
    command = [sys.executable, "-m", "drivers.cli", "batch", "clients", "--notebook", "reads.ipynb", "--jobs", "2"]
    environment = {**os.environ, "ANSWERS": ADDRESS, "WAREHOUSE_KEY": "KEY-0123456789"}
    ended = subprocess.run(
        [*command, "--json-log", "night.jsonl", "--retries", "0"],
        cwd=tmp_path, env=environment, capture_output=True, timeout=240,
    )  # fmt: skip
    told = [json.loads(line) for line in ended.stdout.splitlines()]
    states = {line["client"].split("/")[1]: line for line in told if line["event"] in ("done", "failed")}
    assert {name for name, line in states.items() if line["event"] == "done"} == {"good"}
    assert "***" in states["fails"]["message"]
    assert "ANSWERS" in states["kept"]["message"]
    found = contents(tmp_path) | {"stdout": ended.stdout, "stderr": ended.stderr}
    del found["reads.ipynb"]
    failed = sorted(set(CLIENTS) - {"good"})
    assert [name.split("/")[2] for name in found if "/_failed/" in name and name.endswith("/reason.txt")] == failed
    assert [name.split("/")[2] for name in found if "/_failed/" in name and name.endswith("/report.ipynb")] == failed
    secrets = [
        secret.encode() for secret in (PASSWORD, json.dumps(PASSWORD)[1:-1], "nter%22", "nter&quot;", "0123456789")
    ]
    assert [name for name, data in found.items() if any(secret in data for secret in secrets)] == []
