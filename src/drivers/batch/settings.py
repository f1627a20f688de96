"""What the server of a batch starts with, known to who starts it without importing it."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Engine: TypeAlias = Literal["warm", "cold"]
"""What executes the notebooks of a batch."""

WARM: Final = "warm"
"""Name of the warm engine, as papermill knows it and as the command line takes it."""

SERVER_ENVIRONMENT: Final = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
"""What a kernel gives its cells, what makes a run repeat itself, and what keeps pyarrow's allocator from a thread."""
