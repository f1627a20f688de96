"""The warm engine: what a fork of a warm server shows is what a kernel of its own shows, and nothing leaks."""

from __future__ import annotations

import json
import sys

import nbformat
import pytest

from drivers.batch.hands import ColdHands, WarmHands
from drivers.batch.job import Job
from report_client import contents, write_client, write_notebook

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks of a warm server are for Linux")
SHOWN = (
    "await __import__('asyncio').sleep(0); 'awaited'",
    "import sys; print('out'); print('err', file=sys.stderr); 1 + 1",
    "import matplotlib.pyplot as plt; plt.plot([1, 2]);",
    "import os; os.write(1, b'past Python\\n');",
    "!echo from a command",
    "from IPython.display import HTML, clear_output, display\n"
    "display(HTML('<b>x</b>')); shown = display('first', display_id='d'); shown.update('second'); 'last'",
    "print('gone'); clear_output(wait=True); print('stays')",
    "import pandas as pd; pd.DataFrame({'a': [1, 2]})",
    "pd.DataFrame([range(100_000, 100_012)])",
    "pd.DataFrame([range(25)])",
    "from drivers import answer_quality, load_client, load_survey\nanswer_quality(load_survey(load_client(client)))",
    "type(get_ipython()).__name__, __name__, plt.get_backend(), os.environ['PYTHONHASHSEED']",
    "_, In[-1][:5]",
    "{'b', 'a', 'c'}",
    "import logging; logging.warning('careful')",
)
LEAKS = (
    "import os, random, warnings, builtins, matplotlib, numpy as np, pandas as pd\n"
    "matplotlib.rcParams['font.size'] = 3; os.environ['LEAK'] = '1'; builtins.leak = 1\n"
    "warnings.simplefilter('error'); np.random.seed(1); random.seed(1); pd.DataFrame.leak = 1; np.leak = 1\n"
    "pd.set_option('display.max_rows', 1)"
)
STATE = (
    "import os, warnings, builtins, matplotlib, numpy as np, pandas as pd\n"
    "matplotlib.rcParams['font.size'], 'LEAK' in os.environ, os.getcwd() == '/', hasattr(builtins, 'leak'), "
    "len(warnings.filters), hasattr(pd.DataFrame, 'leak'), hasattr(np, 'leak'), pd.get_option('display.max_rows')"
)
DONE = "import json; open(findings_file, 'w').write(json.dumps({'exclusions': [], 'warnings': []}));"


@pytest.fixture(scope="module")
def warm():
    told = []
    hands = WarmHands(told.append)
    yield hands
    hands.close()
    assert told == []


@pytest.fixture
def client(tmp_path):
    return write_client(tmp_path / "client")


def job(client, notebook, out, **more):
    return Job(str(client), str(out), str(notebook), "noordzee", None, every_wave=False, **more)


def outputs(result_folder):
    cells = nbformat.read(result_folder / "noordzee" / "all" / "report.ipynb", as_version=4).cells
    return [
        (cell.source, cell.get("execution_count"), cell.get("outputs")) for cell in cells if "client" not in cell.source
    ]


def test_cells_show_what_they_show_in_a_kernel_of_their_own(warm, client, tmp_path):
    notebook = write_notebook(tmp_path / "shown.ipynb", *SHOWN, DONE)
    results = [
        hands.do(job(client, notebook, tmp_path / name), 120) for hands, name in ((warm, "warm"), (ColdHands(), "cold"))
    ]
    assert [result.status for result in results] == ["done", "done"], results
    assert outputs(tmp_path / "warm") == outputs(tmp_path / "cold")
    assert contents(tmp_path / "warm") == contents(tmp_path / "cold")


def test_an_error_of_a_cell_is_the_same_and_keeps_the_notebook(warm, client, tmp_path):
    notebook = write_notebook(tmp_path / "fails.ipynb", "1", "raise ValueError('boom')", DONE)
    told = []
    for hands, name in ((warm, "warm"), (ColdHands(), "cold")):
        result = hands.do(job(client, notebook, tmp_path / name), 120)
        told.append((result.status, result.error, result.message, result.exit_code, result.engine_fault))
        assert (tmp_path / name / "_failed" / "noordzee" / "all" / "report.ipynb").is_file()
    assert told[0] == told[1]
    assert "boom" in told[0][2]
    assert not told[0][4]


def test_a_cell_that_ends_its_process_is_a_dead_kernel_in_both(warm, client, tmp_path):
    notebook = write_notebook(tmp_path / "dies.ipynb", "'before'", "import os; os._exit(3)", DONE)
    for hands, name in ((warm, "warm"), (ColdHands(), "cold")):
        result = hands.do(job(client, notebook, tmp_path / name), 120)
        assert (result.error, result.engine_fault) == ("EngineError", True), result
        assert "died" in result.message
        kept = tmp_path / name / "_failed" / "noordzee" / "all" / "report.ipynb"
        assert "before" in kept.read_text(encoding="utf-8")


def test_a_process_that_ends_while_it_saves_is_a_dead_kernel_and_the_notebook_before_is_kept(warm, client, tmp_path):
    torn = (
        "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))"
    )  # whoever writes more than 200 bytes into a file is killed there
    notebook = write_notebook(tmp_path / "torn.ipynb", "'before'", torn, "'after'", DONE)
    result = warm.do(job(client, notebook, tmp_path / "out"), 120)
    assert (result.error, result.engine_fault) == ("EngineError", True), result
    kept = nbformat.read(tmp_path / "out" / "_failed" / "noordzee" / "all" / "report.ipynb", as_version=4)
    assert [cell.outputs[0].data["text/plain"] for cell in kept.cells if cell.get("outputs")] == ["'before'"]


def test_what_one_report_changes_the_next_does_not_see(warm, client, tmp_path):
    state = write_notebook(tmp_path / "state.ipynb", STATE, DONE)
    leaks = write_notebook(tmp_path / "leaks.ipynb", LEAKS, DONE, "os.chdir('/')")
    assert warm.do(job(client, state, tmp_path / "before"), 120).status == "done"
    assert warm.do(job(client, leaks, tmp_path / "leaks"), 120).status == "done"
    assert warm.do(job(client, state, tmp_path / "after"), 120).status == "done"
    assert contents(tmp_path / "before") == contents(tmp_path / "after")


def test_two_reports_draw_other_random_numbers(warm, client, tmp_path):
    notebook = write_notebook(
        tmp_path / "random.ipynb", "import random, numpy as np\n[random.random(), np.random.rand()]", DONE
    )
    drawn = []
    for name in ("a", "b"):
        assert warm.do(job(client, notebook, tmp_path / name), 120).status == "done"
        drawn.append(json.dumps(outputs(tmp_path / name)[0]))
    assert drawn[0] != drawn[1]


def test_a_report_over_its_time_ends_with_all_that_it_started(warm, client, tmp_path):
    import psutil

    here = tmp_path / "pids"
    lasting = (
        "import os, subprocess, time\np = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(here)!r}, 'w').write(f'{{os.getpid()}} {{p.pid}}')\ntime.sleep(60)"
    )
    notebook = write_notebook(tmp_path / "slow.ipynb", lasting, DONE)
    for hands, seconds in ((warm, 5), (ColdHands(), 12)):
        result = hands.do(job(client, notebook, tmp_path / "out"), seconds)
        assert (result.error, result.engine_fault) == ("ReportError", False), result
        assert f"longer than {seconds} seconds" in result.message
        left = [number for number in map(int, here.read_text().split()) if _runs(psutil, number)]
        assert left == []
        here.unlink()


def _runs(psutil, number):
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
