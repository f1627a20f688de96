"""A night of many clients: what fails stays alone, what is cut off can be finished, and nothing is lost or half."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import time
from itertools import cycle

import psutil
import pytest

from drivers.batch.journal import Journal
from report_client import contents, write_client, write_notebook

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are watched as Linux shows them")
PAUSE = "import time; time.sleep(0.15)"
DONE = "import json; open(findings_file, 'w').write(json.dumps({'exclusions': [], 'warnings': []}));"
CLIENTS = ("aalst", "breda", "cadzand", "delft")


def command(home, *more):
    base = [sys.executable, "-m", "drivers.cli", "batch", "clients", "--out", "reports", "--notebook", "slow.ipynb"]
    return [*base, "--jobs", "2", *more]


def run(home, *more, **how):
    ended = subprocess.run(command(home, *more), cwd=home, capture_output=True, text=True, timeout=300, **how)
    return ended.returncode, events(ended.stdout), ended.stderr


def events(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def named(told, event):
    return sorted(line["client"].split("/")[1] for line in told if line["event"] == event)


def set_seed(home, name, seed):
    file = home / "clients" / name / "client.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("seed = 7", f"seed = {seed}").replace("seed = 8", f"seed = {seed}"), encoding="utf-8")


def place(home, reports, folder):
    """A folder with these reports, and the clients and the notebook of `home`."""
    for name, data in reports.items():
        file = folder / "reports" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    for name in ("clients", "slow.ipynb"):
        (folder / name).symlink_to(home / name)


@pytest.fixture
def home(tmp_path):
    for name in CLIENTS:
        write_client(tmp_path / "clients" / name, name=name.title())
    write_notebook(tmp_path / "slow.ipynb", "'one'", PAUSE, "'two'", PAUSE, DONE)
    return tmp_path


def test_a_broken_client_does_not_stop_the_others_and_is_not_tried_again(home):
    (home / "clients" / "breda" / "client.toml").write_text("client = 7", encoding="utf-8")
    (home / "clients" / "cadzand" / "survey.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    code, told, _ = run(home, "--retries", "3")
    assert code == 1
    assert named(told, "done") == ["aalst", "delft"]
    assert named(told, "failed") == ["breda", "cadzand"]
    assert len(named(told, "started")) == 4
    summary = told[-1]
    assert (summary["event"], summary["done"], summary["failed"]) == ("summary", 2, 2)
    reasons = {
        f.parent.parent.name: f.read_text(encoding="utf-8") for f in (home / "reports/_failed").rglob("reason.txt")
    }
    assert set(reasons) == {"breda", "cadzand"}
    assert reasons["breda"].startswith("ConfigError: ")
    assert "csat" in reasons["cadzand"]


def test_unchanged_clients_are_left_and_changed_ones_are_rendered(home):
    assert run(home)[0] == 0
    before = contents(home / "reports")
    set_seed(home, "breda", 8)
    (home / "reports" / "delft" / "all" / "report.html").write_text("touched", encoding="utf-8")
    code, told, _ = run(home, "--resume")
    assert code == 0
    assert named(told, "done") == ["breda", "delft"]
    assert named(told, "skipped") == ["aalst", "cadzand"]
    after = contents(home / "reports")
    assert {name for name in after if after[name] != before[name]} == {"breda/all/run.json"}


def test_a_second_run_in_the_same_folder_is_refused_while_the_first_lasts(home):
    go = home / "go"
    wait = f"import pathlib, time\nwhile not pathlib.Path({str(go)!r}).exists():\n    time.sleep(0.05)"
    write_notebook(home / "slow.ipynb", wait, DONE)
    first = subprocess.Popen(command(home), cwd=home, stdout=subprocess.PIPE, text=True)
    try:
        assert json.loads(first.stdout.readline())["event"] == "started"
        code, _, said = run(home)
        assert code == 4
        assert f"in use by another run (process {first.pid} on " in said
    finally:
        go.touch()
        first.communicate(timeout=120)
    assert first.returncode == 0


def test_a_dry_run_renders_nothing_and_names_what_fails(home):
    (home / "clients" / "breda" / "client.toml").write_text("client = 7", encoding="utf-8")
    ended = subprocess.run(command(home, "--dry-run"), cwd=home, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0
    lines = ended.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["render", "fails", "render", "render"]
    assert not (home / "reports").exists()


def test_clients_that_would_share_a_folder_are_refused_before_anything_runs(home):
    write_client(home / "clients" / "breda", name="Aalst")
    code, _, said = run(home)
    assert code == 2
    assert "share the folder 'aalst'" in said


@pytest.mark.parametrize("engine", ["warm", "cold"])
def test_a_run_that_a_person_stops_ends_at_once_with_all_its_processes(home, engine):
    write_notebook(home / "slow.ipynb", "import time; time.sleep(600)", DONE)
    first = subprocess.Popen(
        command(home, "--engine", engine), cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert json.loads(first.stdout.readline())["event"] == "started"
    everyone = [one for generation in family(first.pid) for one in generation]
    first.send_signal(signal.SIGINT)
    _, said = first.communicate(timeout=120)
    assert first.returncode == 130
    assert said == "drivers: stopped; reports that were done stay. The same command finishes the rest.\n"
    assert psutil.wait_procs(everyone, timeout=30)[1] == []
    write_notebook(home / "slow.ipynb", DONE)
    assert run(home)[0] == 0


def test_the_reason_that_is_kept_is_that_of_the_last_night(home):
    fails = [home / "clients" / name for name in ("aalst", "breda")]
    write_notebook(home / "slow.ipynb", "if 'aalst' in client or 'breda' in client: raise ValueError('boom')", DONE)
    assert run(home)[0] == 1
    kept = {folder.name: home / "reports" / "_failed" / folder.name / "all" for folder in fails}
    assert all("boom" in (folder / "reason.txt").read_text(encoding="utf-8") for folder in kept.values())
    (fails[0] / "client.toml").write_text("client = 7", encoding="utf-8")
    write_client(fails[1], name="Breda", waves=("2024", "2025"))
    write_notebook(home / "slow.ipynb", DONE)
    assert run(home)[0] == 1
    assert sorted(path.name for path in kept["aalst"].iterdir()) == ["reason.txt"]
    assert (kept["aalst"] / "reason.txt").read_text(encoding="utf-8").startswith("ConfigError: ")
    assert sorted(path.name for path in (home / "reports" / "_failed").iterdir()) == ["aalst"]
    assert sorted(path.name for path in (home / "reports" / "breda").iterdir()) == ["2024", "2025"]


@pytest.mark.parametrize("text", ["", "{}\nrubbish\n", '{"plan": "another"}\n'])
def test_a_journal_of_other_jobs_or_none_counts_for_nothing(tmp_path, text):
    (tmp_path / "journal.jsonl").write_text(text, encoding="utf-8")
    assert Journal(tmp_path, []).before == {}


def family(number):
    """Processes of a batch by generation: the run, its server or workers, their reports, the kernels of those."""
    found, generation = [[psutil.Process(number)]], [psutil.Process(number)]
    while generation:
        try:
            generation = [child for process in generation for child in process.children()]
        except psutil.NoSuchProcess:
            break
        found.append(generation)
    return found


def kill(process, what):
    """Kill one process of this kind, or all of them; how many were there to kill."""
    generations = [generation for generation in family(process.pid) if generation]
    if what == "power":
        chosen = [one for generation in generations for one in generation]
    else:
        last = len(generations) - 1  # of a report that is tried again the kernel stands one generation higher
        depth = {"run": 0, "server": 1, "report": 2, "kernel": max(2, last)}[what]
        chosen = generations[depth][:1] if depth <= last else []
    for one in chosen:
        try:
            one.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
    return len(chosen)


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Good bundles of an earlier night, and what the same clients give with a new seed."""
    home = tmp_path_factory.mktemp("night")
    for name in CLIENTS:
        write_client(home / "clients" / name, name=name.title())
    write_notebook(home / "slow.ipynb", "'one'", PAUSE, "'two'", PAUSE, DONE)
    assert run(home)[0] == 0
    old = visible(home / "reports")
    for name in CLIENTS:
        set_seed(home, name, 8)
    assert run(home)[0] == 0
    return home, old, visible(home / "reports")


MOMENTS = (0.0, 0.2, 0.5, 0.8, 1.2)
FAULTS = (
    *(("run", moment) for moment in MOMENTS),
    *(("power", moment) for moment in MOMENTS),
    *(("server", moment) for moment in (0.0, 0.3, 0.8)),
    ("report", 0.3),
    ("kernel", 0.5),
)


@pytest.mark.parametrize(("what", "moment"), FAULTS)
def test_whatever_is_killed_whenever_nothing_is_lost_and_the_same_command_finishes_the_rest(
    twice, what, moment, tmp_path
):
    home, old, new = twice
    place(home, old, tmp_path)
    first = subprocess.Popen(
        command(tmp_path), cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    line = first.stdout.readline()
    time.sleep(moment)
    kill(first, what)
    told = events(line + first.communicate(timeout=120)[0])
    assert_whole(tmp_path / "reports", old, new)
    if what not in ("run", "power"):
        assert first.returncode == 0, told
        assert visible(tmp_path / "reports") == new
        return
    time.sleep(0.5)  # orphans end
    code, again, _ = run(tmp_path)
    assert code == 0
    assert visible(tmp_path / "reports") == new
    assert not list((tmp_path / "reports").rglob("*.partial"))
    assert set(named(told, "done")) <= set(named(again, "skipped"))
    assert sorted(named(again, "done") + named(again, "skipped")) == sorted(CLIENTS)


@pytest.mark.parametrize("what", ["report", "kernel"])
def test_whoever_is_killed_again_and_again_every_report_comes_in_the_end(twice, what, tmp_path):
    home, old, new = twice
    place(home, old, tmp_path)
    first = subprocess.Popen(command(tmp_path, "--retries", "20"), cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    line, killed = first.stdout.readline(), 0
    for moment in cycle((0.05, 0.1, 0.2, 0.35)):
        time.sleep(moment)
        if first.poll() is not None or killed == 10:
            break
        killed += kill(first, what)
    told = events(line + first.communicate(timeout=120)[0])
    assert first.returncode == 0, told
    assert killed >= 8
    assert visible(tmp_path / "reports") == new


@pytest.mark.parametrize("what", ["run", "power"])
def test_what_was_done_before_a_kill_is_not_done_again(home, what):
    first = subprocess.Popen(command(home, "--jobs", "1"), cwd=home, stdout=subprocess.PIPE, text=True)
    while json.loads(first.stdout.readline())["event"] != "done":
        pass
    kill(first, what)
    first.communicate(timeout=120)
    time.sleep(0.5)  # orphans end
    done = {f.parent.parent.name for f in (home / "reports").glob("*/all/run.json")}
    stamps = {name: (home / "reports" / name / "all" / "run.json").stat().st_mtime_ns for name in done}
    assert 1 <= len(done) < len(CLIENTS)
    code, told, _ = run(home)
    assert code == 0
    assert named(told, "skipped")
    assert set(named(told, "skipped")) <= done
    assert named(told, "done") == sorted(set(CLIENTS) - set(named(told, "skipped")))
    kept = {name: (home / "reports" / name / "all" / "run.json").stat().st_mtime_ns for name in done}
    assert [kept[name] for name in named(told, "skipped")] == [stamps[name] for name in named(told, "skipped")]


def visible(reports):
    return {
        name: data for name, data in contents(reports).items() if not any(p.startswith(".") for p in name.split("/"))
    }


def assert_whole(reports, old, new):
    """Every client's bundle stands, as it was or as it will be: at a place of its own, or aside for one moment."""
    found = contents(reports)
    for name in CLIENTS:
        shown = {k: v for k, v in found.items() if k.startswith(f"{name}/all/")}
        aside = {k.replace("/.all.old/", "/all/"): v for k, v in found.items() if k.startswith(f"{name}/.all.old/")}
        whole = [{k: v for k, v in kind.items() if k.startswith(f"{name}/")} for kind in (old, new)]
        assert shown in whole or (not shown and aside in whole), name


def test_a_full_disk_leaves_the_good_reports_and_says_so(twice, tmp_path):
    home, old, _ = twice
    place(home, old, tmp_path)
    little = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))  # noqa: E731 - no file may grow beyond
    code, told, _ = run(tmp_path, "--retries", "0", preexec_fn=little)
    assert code == 4
    assert named(told, "failed") == sorted(CLIENTS)
    assert "cannot be written" in next(line for line in told if line["event"] == "failed")["message"]
    assert {k: v for k, v in visible(tmp_path / "reports").items() if not k.startswith("_failed")} == old
