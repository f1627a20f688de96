"""Reports rendered by a real kernel; the kernel starts are few and shared."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest

from drivers.batch import execution
from drivers.batch.report import Outcome, Rendering, exit_code, render_report, render_waves
from drivers.client import load_client
from drivers.errors import ConfigError, ReportError, SurveyError
from report_client import TINY, contents, write_client, write_notebook

ALL = ("html", "json", "ipynb")
PARAMETERS = {
    "client": "../../../clients/noordzee/client.toml",
    "wave": "2024 Q1",
    "findings_file": "findings.json",
}


def render(home: Path, *, notebook: Path = TINY, out: str = "reports", formats: tuple[str, ...] = ALL):
    client = load_client(home / "clients" / "noordzee" / "client.toml")
    return render_report(client, "2024 Q1", Rendering(home / out, formats, notebook))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home {braces}")
    write_client(home / "clients" / "noordzee", name="Noord <script>alert(1)</script> & Zee", waves=("2024 Q1",))
    return home


@pytest.fixture(scope="module")
def bundle(home):
    return render(home)


@pytest.fixture(scope="module")
def page(bundle):
    return (bundle.folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def record(bundle):
    return json.loads((bundle.folder / "run.json").read_text(encoding="utf-8"))


def test_a_bundle_holds_the_files_asked_for_and_the_record(bundle, home):
    assert bundle.files == ("findings.json", "report.html", "report.ipynb", "run.json")
    assert [path.name for path in bundle.folder.parent.iterdir()] == ["2024-q1"]
    assert sorted(path.name for path in (home / "reports").iterdir()) == [bundle.folder.parent.name]


def test_two_runs_give_the_same_bytes(bundle, home):
    again = render(home, out="again")
    assert contents(again.folder) == contents(bundle.folder)


def test_no_file_of_the_bundle_names_a_path_of_the_machine(bundle, home):
    private = [str(home), str(Path.home()), sys.prefix, "ipykernel_"]
    for name, data in contents(bundle.folder).items():
        assert not [path for path in private if path.encode() in data], name


def test_the_record_holds_the_hash_of_each_other_file(bundle, record):
    assert record["status"] == "done"
    assert {entry["name"] for entry in record["outputs"]} == set(bundle.files) - {"run.json"}
    for entry in record["outputs"]:
        data = (bundle.folder / entry["name"]).read_bytes()
        assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))


def test_the_record_repeats_the_exclusions_and_warnings_of_the_findings(record):
    assert record["exclusions"] == [{"reason": "no answer", "rows": 3}]
    assert record["warnings"] == ["A small base."]
    assert record["parameters"] == PARAMETERS | {"client": "client.toml"}  # folders may name people


def test_the_page_escapes_the_client_and_the_wave(page):
    assert "<title>Noord &lt;script&gt;alert(1)&lt;/script&gt; &amp; Zee – 2024 Q1</title>" in page
    assert "<script" not in page


def test_the_page_shows_results_and_prose_but_no_code_no_remark_and_no_stderr(page):
    assert "printed text" in page
    assert "Of client.toml" in page
    assert "Shown as <strong>prose</strong>" in page
    assert not any(hidden in page for hidden in ("import json", "secret remark", "to stderr", "a warning from"))


def test_the_page_links_and_loads_nothing_from_the_web(page):
    assert "http:" not in page
    assert "https:" not in page


def test_a_format_not_asked_for_is_not_kept(home):
    bundle = render(home, out="page-only", formats=("html",))
    assert bundle.files == ("report.html", "run.json")


def test_an_error_of_the_suite_leaves_the_old_bundle_and_keeps_the_notebook(bundle, home, tmp_path):
    source = 'from drivers.errors import SurveyError\nraise SurveyError("4 answers are too few.\\nMerge waves.")'
    before = contents(bundle.folder)
    with pytest.raises(SurveyError, match=r"^4 answers are too few\.\nMerge waves\.$"):
        render(home, notebook=write_notebook(tmp_path / "own.ipynb", source))
    assert contents(bundle.folder) == before
    kept = home / "reports" / "_failed" / bundle.folder.parent.name / "2024-q1"
    assert sorted(contents(kept)) == ["reason.txt", "report.ipynb"]
    reason = (kept / "reason.txt").read_text(encoding="utf-8").splitlines()
    assert reason[0] == "SurveyError: 4 answers are too few. Merge waves."


def test_an_error_names_the_client_file_as_the_caller_did(home, tmp_path):
    source = "from drivers.errors import ConfigError\nraise ConfigError(f'{client}, line 3: see survey.csv')"
    with pytest.raises(ConfigError) as caught:
        render(home, out="named", notebook=write_notebook(tmp_path / "own.ipynb", source))
    assert str(caught.value) == f"{home}/clients/noordzee/client.toml, line 3: see survey.csv"


def test_a_success_forgets_the_failure_before_it(home, tmp_path):
    with pytest.raises(ReportError, match=r"Cell \[3\] of own\.ipynb failed: ZeroDivisionError: division by zero"):
        render(home, out="later", notebook=write_notebook(tmp_path / "own.ipynb", "1 / 0"))
    assert (home / "later" / "_failed").is_dir()
    bundle = render(home, out="later", notebook=write_notebook(tmp_path / "own.ipynb", "1"), formats=("html",))
    assert [path.name for path in (home / "later").iterdir()] == [bundle.folder.parent.name]


def test_a_notebook_that_writes_no_findings_is_refused_where_they_were_asked_for(home, tmp_path):
    with pytest.raises(ReportError, match=r"wrote no findings\.json"):
        render(home, out="none", notebook=write_notebook(tmp_path / "own.ipynb"), formats=("json",))


def test_a_dead_kernel_is_an_engine_failure(home, tmp_path):
    notebook = write_notebook(tmp_path / "own.ipynb", "import os\nos._exit(9)")
    with pytest.raises(ReportError, match="The kernel died"):
        render(home, out="dead", notebook=notebook)


def test_a_cell_over_its_time_limit_is_an_engine_failure(home, tmp_path, monkeypatch):
    monkeypatch.setattr(execution, "CELL_SECONDS", 1)
    notebook = write_notebook(tmp_path / "own.ipynb", "import time\ntime.sleep(60)")
    with pytest.raises(ReportError, match="longer than 1 seconds"):
        render(home, out="slow", notebook=notebook)


def test_the_kernel_is_this_interpreter_with_one_thread_whatever_else_is_set_up(home, tmp_path, monkeypatch):
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    other = {"argv": ["/nowhere/python", "-f", "{connection_file}"], "display_name": "x", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(other))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    seen = '(sys.executable, os.environ["OMP_NUM_THREADS"])'
    check = f"import os\nimport sys\n\nif {seen} != {(sys.executable, '1')!r}:\n    raise ValueError({seen})"
    notebook = write_notebook(tmp_path / "own.ipynb", check)
    assert render(home, out="kernel", notebook=notebook, formats=("html",)).files


def test_an_undeclared_parameter_stops_before_anything_is_written(home, tmp_path):
    notebook = write_notebook(tmp_path / "own.ipynb", parameters=("client", "wave"))
    with pytest.raises(ConfigError, match="findings_file"):
        render(home, out="refused", notebook=notebook)
    assert not (home / "refused").exists()


def test_two_waves_that_would_share_a_folder_are_refused(home):
    client = load_client(home / "clients" / "noordzee" / "client.toml")
    outcomes = render_waves(client, ("2024 Q1", "2024-q1"), Rendering(home / "shared", ALL, TINY))
    with pytest.raises(ConfigError, match="share the folder '2024-q1'"):
        list(outcomes)


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ((None, None), 0),
        ((SurveyError(), None), 1),
        ((SurveyError(),), 3),
        ((SurveyError(), ReportError()), 4),
    ],
)
def test_the_exit_code_is_the_gravest_error_unless_some_waves_are_done(errors, code):
    assert exit_code([Outcome(str(i), error=error) for i, error in enumerate(errors)]) == code
