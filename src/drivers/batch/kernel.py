"""The kernel that executes a report: always the interpreter that runs the suite."""

from __future__ import annotations

from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import default

NAME = "python3"
SAME_BYTES = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
"""What makes a run repeat itself to the last digit. Fixed hashing keeps sets in one order. BLAS gets one thread, for
the last digits of its sums depend on how many there are; one is no slower, and faster when reports run side by side."""


class OwnKernelSpecs(KernelSpecManager):
    """Knows one kernel, whatever is installed under the user's home: this environment's Python.

    Without it a ``python3`` kernel of another environment that comes first on Jupyter's path would run the
    report with other package versions, or none.
    """

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return this interpreter's kernel, under any name."""
        return KernelSpec(resource_dir=RESOURCES, env=SAME_BYTES, **get_kernel_dict())


class OwnKernel(AsyncKernelManager):
    """Starts that kernel over an encrypted local connection; unencrypted, ipykernel 7.4 warns at each run."""

    @default("kernel_spec_manager")
    def _own_specs(self) -> KernelSpecManager:
        return OwnKernelSpecs(parent=self)

    @default("transport_encryption")
    def _encrypted(self) -> str:
        return "auto"
