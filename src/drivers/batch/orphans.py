"""No orphans: a process that ends when the one that started it ends, however that was."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>


def die_with_parent(parent: int) -> None:
    """Ask Linux to kill this process when its parent dies; other systems let it finish what it does.

    Parameters
    ----------
    parent
        Number of the process that started this one. It may be gone by now, and then this one ends too.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        signal.raise_signal(signal.SIGKILL)
