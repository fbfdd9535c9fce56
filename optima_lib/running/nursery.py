"""Where kernels start warm: on Linux one process imports what chapters need (``running.warm``), and forks.

A kernel spends most of its start on imports. Elsewhere, or where that process is gone, kernels start the ordinary way.
Nothing heavy is imported here, so that this process starts before all else.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Self

from optima_lib.paths import PACKAGE

PATHS = (str(PACKAGE.parent), os.environ.get("PYTHONPATH"))
FORKS = sys.platform == "linux"  # elsewhere, libraries that are already loaded may not stand a fork
STEP = 0.05


class Forked:
    """A forked kernel, as Jupyter handles a process; it is not our child, so that its status is not known."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """Return None while it runs, else 0."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended."""
        start = time.monotonic()
        while self.poll() is None:
            if timeout is not None and time.monotonic() - start > timeout:
                raise subprocess.TimeoutExpired("kernel", timeout)
            time.sleep(STEP)
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class Nursery:
    """Where warm kernels come from; it hands out none where the system does not fork."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.process = _start() if FORKS else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        ended, self.process = self.process, None
        if ended:
            ended.terminate()
            ended.communicate()

    def fork(self, command: list[str], folder: str, environment: dict[str, str]) -> Forked | None:
        """Return a kernel that runs, or None where there is none to have."""
        if self.process is None or "-f" not in command:
            return None
        order = {"argv": command[command.index("-f") :], "cwd": folder, "env": environment}
        with self.turn:
            try:
                self.process.stdin.write(json.dumps(order) + "\n")  # type: ignore[union-attr]
                self.process.stdin.flush()  # type: ignore[union-attr]
            except OSError:
                return None
            answer = self.process.stdout.readline()  # type: ignore[union-attr]
        return Forked(int(answer)) if answer.strip().isdigit() else None


def _start() -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in PATHS if path)}
    command = [sys.executable, "-m", "optima_lib.running.warm"]
    return subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    )
