"""The warm engine: papermill runs the cells in a fork of a process that has imported every library.

The fork holds a real kernel without sockets. What a cell shows goes through ipykernel's own messages and nbclient's own
reading of them, so outputs are those of a kernel that was started anew.
"""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn

import nbformat
import numpy as np
from ipykernel.inprocess.blocking import BlockingInProcessChannel, BlockingInProcessKernelClient
from ipykernel.inprocess.ipkernel import InProcessInteractiveShell, InProcessKernel
from ipykernel.iostream import OutStream
from nbclient.exceptions import CellExecutionComplete, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from traitlets import default
from traitlets.config import Config

import drivers
from drivers.batch.bundle import write_whole
from drivers.batch.orphans import die_with_parent

if TYPE_CHECKING:
    from nbformat import NotebookNode

_PATIENCE = 20.0  # seconds in which the messages of a finished cell must have come


class ZMQInteractiveShell(InProcessInteractiveShell):
    """The shell of a kernel in this process, under the name by which libraries know that they run in a notebook.

    Attributes
    ----------
    home
        Its folder of settings, empty, so that nothing is read from the user's or written there.
    """

    home: str | None = None

    def init_ipython_dir(self, ipython_dir: str | None) -> None:
        """Take `home` for the folder of settings."""
        super().init_ipython_dir(ipython_dir or self.home)


class WarmKernel(InProcessKernel):
    """A kernel in this process that also shows what libraries and commands write past Python's own streams."""

    async def do_execute(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - as ipykernel declares it
        """Execute a cell; one that awaits is interrupted by nobody, which ipykernel asks of a thread."""
        self.shell_channel_thread = SimpleNamespace(parent_thread=None)
        try:
            reply: dict[str, Any] = await super().do_execute(*args, **kwargs)
        finally:
            self.shell_channel_thread = None
        return reply

    @default("shell_class")
    def _default_shell_class(self) -> type:
        return ZMQInteractiveShell

    @default("stdout")
    def _default_stdout(self) -> OutStream:
        return OutStream(self.session, self.iopub_thread, "stdout", watchfd=True)

    @default("stderr")
    def _default_stderr(self) -> OutStream:
        return OutStream(self.session, self.iopub_thread, "stderr", watchfd=True)


class WarmChannel(BlockingInProcessChannel):
    """A channel on which nbclient's output widgets tell the kernel what they caught."""

    def send(self, message: dict[str, Any]) -> None:
        """Let the kernel take a message that it does not answer."""
        stream = self.client.kernel.shell_stream
        self.client.session.send(stream, message)
        asyncio.run(self.client.kernel.dispatch_shell(stream.recv_multipart()))


class WarmChannels(BlockingInProcessKernelClient):
    """Talks with a kernel in this process."""

    @default("shell_channel_class")
    def _default_shell_channel_class(self) -> type:
        return WarmChannel


class WarmClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill is untyped
    """papermill's client, with the kernel in this process."""

    def execute(self, **kwargs: Any) -> NotebookNode:  # noqa: ANN401 - as nbclient declares it
        """Run every cell; the notebook is changed in place."""
        del kwargs
        with TemporaryDirectory(prefix="drivers-") as home:
            ZMQInteractiveShell.home = home
            return self._executed()

    def _executed(self) -> NotebookNode:
        self.reset_execution_trackers()
        self.nb_man.save = _nothing
        # as the one kernel of this process, for widgets ask whether there is one
        kernel = WarmKernel.instance(config=Config({"HistoryManager": {"enabled": False}}))
        drivers.show_in_jupyter()  # as importing it in a kernel does
        self.kc = client = WarmChannels(session=kernel.session, kernel=kernel)
        client.start_channels()
        try:
            self.papermill_execute_cells()
            client.kernel_info()
            self.nb.metadata["language_info"] = client.get_shell_msg(timeout=_PATIENCE)["content"]["language_info"]
        finally:
            kernel.iopub_thread.stop()
        self.set_widgets_metadata()
        return self.nb

    def execute_cell(self, cell: NotebookNode, cell_index: int, **kwargs: Any) -> NotebookNode:  # noqa: ANN401
        """Run one cell and put into it what it shows.

        Raises
        ------
        CellExecutionError
            When the cell raised.
        DeadKernelError
            When the messages of the cell do not come.
        """
        del kwargs
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        if self.record_timing:
            cell["metadata"]["execution"] = {}
        self.clear_before_next_output = False
        self.code_cells_executed += 1
        self._save()
        self.kc.execute(cell.source, store_history=True, allow_stdin=False)
        self._take_messages(cell, cell_index)
        reply = self.kc.get_shell_msg(timeout=_PATIENCE)
        cell["execution_count"] = reply["content"].get("execution_count", cell.get("execution_count"))
        asyncio.run(self._check_raise_for_error(cell, cell_index, reply))
        self.nb["cells"][cell_index] = cell
        return cell

    def _save(self) -> None:
        """Save the notebook so that it is whole at every moment: its reader outlives this process."""
        write_whole(Path(self.nb_man.output_path), nbformat.writes(self.nb))

    def _take_messages(self, cell: NotebookNode, cell_index: int) -> None:
        while True:
            try:
                message = self.kc.get_iopub_msg(timeout=_PATIENCE)
                if message["parent_header"].get("msg_type") != "comm_msg":  # those are no output of a cell
                    self.process_message(message, cell, cell_index)
            except CellExecutionComplete:
                return
            except Empty:
                raise DeadKernelError("Kernel died") from None


def _nothing(**_: object) -> None:
    """In place of papermill's saves before and after every cell, text too: `_save` before a code cell is enough."""


class WarmEngine(NBClientEngine):  # type: ignore[misc]  # papermill is untyped
    """papermill's engine with the cells in a fork of this process; a kernel of its own where forking is not safe."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        **kwargs: Any,  # noqa: ANN401 - as papermill declares it
    ) -> None:
        """Run the notebook.

        Raises
        ------
        DeadKernelError
            When the forked process ended before the notebook did.
        """
        if not may_fork():
            super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
            return
        reading, writing = os.pipe()
        parent, kernel = os.getpid(), os.fork()
        if kernel == 0:
            os.close(reading)
            _run_and_leave(nb_man, kernel_name, writing, parent)
        os.close(writing)
        _take_over(nb_man, kernel, reading)


def may_fork() -> bool:
    """Can this process be forked safely: on Linux, with no thread but this one?

    A lock that another thread holds is held forever in a fork.
    """
    tasks = Path("/proc/self/task")
    return tasks.is_dir() and len(list(tasks.iterdir())) == 1


def _run_and_leave(nb_man: NotebookExecutionManager, kernel_name: str, writing: int, parent: int) -> NoReturn:
    """In the fork: run the notebook, hand it back and end, whatever happens."""
    status = 1
    try:
        die_with_parent(parent)
        refresh_random_numbers()
        WarmClient(nb_man, kernel_name=kernel_name).execute()
        with os.fdopen(writing, "w", encoding="utf-8") as stream:
            stream.write(nbformat.writes(nb_man.nb))
        status = 0
    finally:
        os._exit(status)  # no exit handlers: they are the parent's


def _take_over(nb_man: NotebookExecutionManager, kernel: int, reading: int) -> None:
    """In the parent: the notebook as the fork left it."""
    with os.fdopen(reading, encoding="utf-8") as stream:
        text = stream.read()
    _, status = os.waitpid(kernel, 0)
    if status == 0 and text:
        nb_man.nb = nbformat.reads(text, as_version=4)
        return
    nb_man.nb = nbformat.read(nb_man.output_path, as_version=4)
    raise DeadKernelError("Kernel died")


def refresh_random_numbers() -> None:
    """Give a forked process random numbers of its own, as a new process would have."""
    random.seed()
    np.random.seed(int.from_bytes(os.urandom(4)))  # noqa: NPY002 - the state that a fork shares
