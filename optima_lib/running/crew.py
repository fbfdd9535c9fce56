"""Who does the jobs of reading: threads of this process, and processes of their own for large files.

Most of the time of reading goes to Python objects, of which one process handles one at a time: a large file
takes as many processes as there are processors. They are started once, when first needed, and told of their
jobs through a pipe.
"""

import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from optima_lib.errors import OptimaError
from optima_lib.paths import PACKAGE
from optima_lib.running.jobs import Job

LARGEST_CREW = 2  # each process holds some 350 MB, and two keep the reader busy
PATHS = (str(PACKAGE.parent), os.environ.get("PYTHONPATH"))

Process = subprocess.Popen[bytes]


class Crew:
    """Does jobs in the background, a bounded number at a time."""

    def __init__(self) -> None:
        self.size = min(os.cpu_count() or 1, LARGEST_CREW)
        self.threads = ThreadPoolExecutor(self.size, thread_name_prefix="crew")
        self.own = threading.local()
        self.processes: list[Process] = []
        self.doing: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.threads.shutdown()
        for process in self.processes:
            process.communicate()  # the end of its jobs is the end of its work

    def submit(self, job: Job, *, apart: bool) -> None:
        """Have a job done, ``apart`` in another process; wait when there is enough to do."""
        while len(self.doing) > self.size:
            self.doing.popleft().result()
        self.doing.append(self.threads.submit(self._do_apart if apart and self.size > 1 else Job.run, job))

    def wait(self) -> None:
        """Wait until all jobs are done."""
        while self.doing:
            self.doing.popleft().result()

    def _do_apart(self, job: Job) -> None:
        """Have a job done by the process of this thread."""
        if not hasattr(self.own, "process"):
            self.own.process = _start()
            self.processes.append(self.own.process)
        process: Process = self.own.process
        try:
            pickle.dump(job, process.stdin, protocol=5)  # type: ignore[arg-type]
            process.stdin.flush()  # type: ignore[union-attr]
            failure = pickle.load(process.stdout)  # type: ignore[arg-type]  # noqa: S301 - our own process wrote it
        except (EOFError, OSError) as error:
            cure = "Libérez de la mémoire, puis relancez."
            raise OptimaError(f"Un processus de lecture s'est arrêté avant la fin. {cure}") from error
        if failure:
            raise RuntimeError(failure)


def _start() -> Process:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in PATHS if path),
        "OPENBLAS_NUM_THREADS": "1",  # the processes share the processors out
        "POLARS_MAX_THREADS": "1",
    }
    command = [sys.executable, "-P", "-m", "optima_lib.running.crew"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)  # noqa: S603


def serve() -> None:
    """Do the jobs that come through the standard input, and answer why each failed, or None."""
    gc.disable()  # records are trees, without cycles to look for among millions of values
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that gives the jobs tells when to stop
    jobs, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    while True:
        try:
            job: Job = pickle.load(jobs)  # noqa: S301 - comes from the process that started this one
        except EOFError:
            return
        failure = None
        try:
            job.run()
        except Exception:  # noqa: BLE001 - told to the process that waits for the job
            failure = traceback.format_exc()
        pickle.dump(failure, answers)
        answers.flush()


if __name__ == "__main__":
    serve()
