"""The fork server: imports every library once, without a thread, and forks a fresh process for each job.

A caller connects to its socket and sends a job on one line; the fork answers with its process number and then with the
result. When a fork has ended, the server itself tells how on the same connection, so a caller also learns of a
process that was killed.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from typing import NoReturn

from drivers.batch.job import Job
from drivers.batch.orphans import die_with_parent
from drivers.batch.settings import WARM
from drivers.batch.startup import as_in_a_kernel, quick_imports

with quick_imports(), as_in_a_kernel():
    from papermill.engines import papermill_engines

    from drivers.batch.preload import warm_up
    from drivers.batch.warm import WarmEngine, may_fork, refresh_random_numbers
    from drivers.batch.work import do_job


class Server:
    """Accepts jobs, forks, and says how each fork ended."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener, self._open = listener, dict[int, socket.socket]()
        self._wake, self._woken = socket.socketpair()
        self._woken.setblocking(False)
        self._wake.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> NoReturn:
        """Fork for each connection until the caller ends."""
        chosen = selectors.DefaultSelector()
        chosen.register(self._listener, selectors.EVENT_READ)
        chosen.register(self._woken, selectors.EVENT_READ)
        while True:
            for key, _ in chosen.select():
                if key.fileobj is self._listener:
                    self._fork()
                else:
                    self._reap()

    def _fork(self) -> None:
        connection, _ = self._listener.accept()
        server, child = os.getpid(), os.fork()
        if child == 0:
            self._listener.close()
            work_and_leave(connection, server)
        self._open[child] = connection

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            while self._woken.recv(4096):
                pass
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self._tell(*ended)

    def _tell(self, child: int, status: int) -> None:
        connection = self._open.pop(child, None)
        if connection is None:
            return
        with suppress(OSError), connection:  # a caller that is gone asks nothing any more
            connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def work_and_leave(connection: socket.socket, server: int) -> NoReturn:
    """In the fork: do the one job of this connection and end, whatever happens."""
    status = 1
    try:
        os.setsid()
        die_with_parent(server)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        refresh_random_numbers()
        with connection, connection.makefile("rw", encoding="utf-8", newline="\n") as stream:
            stream.write(f"{os.getpid()}\n")
            stream.flush()
            stream.write(do_job(Job.read(stream.readline())).line())
        status = 0
    finally:
        sys.stderr.flush()
        os._exit(status)  # no exit handlers: they are the server's


def main(path: str, caller: int) -> NoReturn:
    """Serve this caller on the socket at this path; the word ``ready`` on standard output says that it listens.

    Raises
    ------
    SystemExit
        When the process has more than one thread, which no fork survives.
    """
    die_with_parent(caller)
    warm_up()
    if not may_fork():
        raise SystemExit("drivers: the fork server has more than one thread; kernels are started anew.")
    papermill_engines.register(WARM, WarmEngine)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        gc.collect()
        gc.freeze()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        Server(listener).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
