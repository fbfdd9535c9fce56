"""Kernels of chapters: in a folder of their own, over files and not ports, warm where there is a nursery."""

import os
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from optima_lib.running.nursery import Nursery


class WarmProvisioner(LocalProvisioner):
    """Launches a kernel from a nursery, or the ordinary way."""

    nursery: Nursery | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch a kernel."""
        folder, environment = str(kwargs.get("cwd") or Path.cwd()), dict(kwargs.get("env") or os.environ)
        forked = self.nursery.fork(cmd, folder, environment) if self.nursery else None
        if forked is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = forked  # type: ignore[assignment]  # all that is asked of a process
        self.pid = self.pgid = forked.pid
        self.cwd = folder
        return self.connection_info


def manager_in(folder: Path, nursery: Nursery | None) -> type[AsyncKernelManager]:
    """Return the manager of a kernel that works in a folder, and speaks through files where the system has them.

    Papermill would move the whole process into the folder, which chapters that run side by side cannot share;
    and ports clash under load.
    """

    class FolderKernelManager(AsyncKernelManager):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            if sys.platform != "win32":
                self.transport = "ipc"
                self.ip = str(Path(tempfile.gettempdir()) / f"optima-{uuid.uuid4().hex[:12]}")

        async def start_kernel(self, **kwargs: Any) -> None:  # type: ignore[override]  # it is awaited
            self.kernel_id = self.kernel_id or str(uuid.uuid4())
            self.provisioner = WarmProvisioner(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self, config=self.config
            )
            self.provisioner.nursery = nursery
            await super().start_kernel(**{**kwargs, "cwd": str(folder), "stderr": subprocess.DEVNULL})

    return FolderKernelManager
