"""A process that has imported what chapters need, and forks itself into kernels: ``python -m optima_lib.running.warm``.

Each line of its input is an order, as JSON: the arguments of the kernel (``argv``), its folder (``cwd``) and its
environment (``env``). It answers with the number of the process, one per line, and ends with its input; kernels
that are then still there end by themselves, as their parent is gone.
"""

import importlib
import json
import os
import signal
import sys
from typing import Any

PRELOADED = (
    "ipykernel.kernelapp",
    "scipy.special",
    "optima_lib.running.confrontation",
    "optima_lib.running.etude",
    "optima_lib.reporting.concurrence",
    "optima_lib.reporting.confrontation",
    "optima_lib.reporting.fournisseurs",
    "optima_lib.reporting.groupe_de_pairs",
    "optima_lib.reporting.limites",
    "optima_lib.reporting.reserves",
    "optima_lib.reporting.responsable",
)


def serve() -> None:
    """Import, then fork a kernel for each order."""
    for name in PRELOADED:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended kernels leave nothing behind
    for line in sys.stdin:
        order = json.loads(line)
        number = os.fork()
        if number == 0:
            _become_kernel(order)
        print(number, flush=True)


def _become_kernel(order: dict[str, Any]) -> None:
    """Run a kernel in this process, and end with it."""
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415 - already imported

    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        os.chdir(order["cwd"])
        os.environ.clear()
        os.environ.update(order["env"])
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - for as long as the process
        IPKernelApp.launch_instance(argv=[*order["argv"], f"--IPKernelApp.parent_handle={os.getppid()}"])
    finally:
        os._exit(0)


if __name__ == "__main__":
    serve()
