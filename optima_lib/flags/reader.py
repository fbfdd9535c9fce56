"""The program that reads a share of a file: told which by its standard input, it answers through its output."""

import gc
import pickle
import signal
import sys

from optima_lib.errors import RawFileError
from optima_lib.flags.lines import Batch, Share  # noqa: TC001 - what is unpickled needs it


def serve() -> None:
    """Read a share, and answer with what was read, or with the parts of the error that stopped it."""
    gc.disable()  # releases are trees, without cycles to look for
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asks tells when to stop
    share: Share = pickle.load(sys.stdin.buffer)  # noqa: S301 - comes from the process that started this one
    try:
        answer: Batch | tuple[str, str, str] = share.read()
    except RawFileError as error:
        answer = error.fichier, error.reason, error.cure
    pickle.dump(answer, sys.stdout.buffer, protocol=5)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    serve()
