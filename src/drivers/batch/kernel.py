"""The kernel that executes a report: always the interpreter that runs the suite."""

from __future__ import annotations

import os

from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import default

NAME = "python3"


def same_bytes() -> dict[str, str]:
    """Return the settings that make a run repeat itself to the last digit.

    Hashing is fixed, which keeps sets in one order. BLAS gets one thread, for its sums depend on how many there are;
    it is no slower on one report and three times faster when reports share the processors. Whoever set the number of
    threads keeps it.
    """
    return {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1")}


class OwnKernelSpecs(KernelSpecManager):
    """Knows one kernel, whatever is installed under the user's home: this environment's Python.

    Without it a ``python3`` kernel of another environment that comes first on Jupyter's path would run the
    report with other package versions, or none.
    """

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return this interpreter's kernel, under any name."""
        return KernelSpec(resource_dir=RESOURCES, env=same_bytes(), **get_kernel_dict())


class OwnKernel(AsyncKernelManager):
    """Starts that kernel over an encrypted local connection; unencrypted, ipykernel 7.4 warns at each run."""

    @default("kernel_spec_manager")
    def _own_specs(self) -> KernelSpecManager:
        return OwnKernelSpecs(parent=self)

    @default("transport_encryption")
    def _encrypted(self) -> str:
        return "auto"
