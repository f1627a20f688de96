"""The transcript holds no clock, no random id, no path of the machine."""

from __future__ import annotations

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from drivers.batch.transcript import clean_transcript, write_transcript


def executed(when: str, address: str):
    outputs = [
        new_output("stream", name="stdout", text=f"<Thing at {address}>\n"),
        new_output("stream", name="stderr", text="/home/ann/secret.py:3: UserWarning"),
        new_output("execute_result", data={"text/plain": f"<Thing at {address}>"}, execution_count=1),
        new_output("error", ename="ValueError", evalue="bad", traceback=["File /home/ann/secret.py"]),
    ]
    meta = {"tags": ["shown"], "papermill": {"start_time": when}, "execution": {"iopub.execute_input": when}}
    cells = [
        new_markdown_cell("Prose."),
        new_code_cell("thing", outputs=outputs, metadata=meta, execution_count=1),
    ]
    metadata = {
        "papermill": {"output_path": "/home/ann/out"},
        "kernelspec": {"name": "python3", "display_name": "P"},
    }
    return new_notebook(cells=cells, metadata=metadata)


def test_two_executions_leave_the_same_transcript(tmp_path):
    for name, address in (("a", "0x7f01"), ("b", "0x7f02")):
        write_transcript(clean_transcript(executed(name, address), {}), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_transcript_tells_nothing_of_the_machine(tmp_path):
    write_transcript(clean_transcript(executed("2026-11-21T12:00", "0x7f01"), {}), tmp_path / "a")
    text = (tmp_path / "a").read_text()
    assert not any(word in text for word in ("/home/ann", "2026-11-21", "0x7f", "stderr", "papermill"))
    assert '"shown"' in text
    assert '"ValueError"' in text


def test_the_executed_notebook_is_not_changed():
    notebook = executed("now", "0x7f01")
    before = str(notebook)
    clean_transcript(notebook, {})
    assert str(notebook) == before


def test_the_folders_of_the_client_file_are_not_kept():
    notebook = new_notebook(
        cells=[new_code_cell('client = "../../jan.jansen/client.toml"', metadata={"tags": ["injected-parameters"]})]
    )
    cleaned = clean_transcript(notebook, {"../../jan.jansen/client.toml": "client.toml"})
    assert cleaned.cells[0].source == 'client = "client.toml"'
