"""The start-up leaves the interpreter as it found it."""

from __future__ import annotations

import subprocess
import sys

from drivers.batch.startup import GRAMMAR, quick_imports


def test_the_grammar_is_absent_within_the_block_only(monkeypatch):
    monkeypatch.delitem(sys.modules, GRAMMAR, raising=False)
    with quick_imports():
        assert sys.modules[GRAMMAR] is None
    assert GRAMMAR not in sys.modules


def test_a_grammar_already_loaded_stays(monkeypatch):
    loaded = object()
    monkeypatch.setitem(sys.modules, GRAMMAR, loaded)
    with quick_imports():
        assert sys.modules[GRAMMAR] is loaded
    assert sys.modules[GRAMMAR] is loaded


def test_papermill_and_nbconvert_load_without_the_grammar():
    check = (
        "import sys\nfrom drivers.batch.startup import GRAMMAR, quick_imports\n"
        "with quick_imports():\n    import drivers.batch.report\nprint(GRAMMAR in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    assert result.stdout.strip() == "False", result.stderr
