"""One run at a time in a folder: a lock that dies with its process."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from optima_lib.errors import OptimaError

NAME = ".verrou"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder; the system lets it go when the process ends, however it does.

    Raises
    ------
    OptimaError
        When another run holds it.
    """
    with (folder / NAME).open("ab") as file:
        try:
            _take(file)
        except OSError:
            raise OptimaError(
                f"Une autre commande écrit déjà dans {folder}. Attendez qu'elle finisse, ou choisissez un autre "
                "dossier avec --data."
            ) from None
        yield


def _take(file: BinaryIO) -> None:
    """Lock a file at once, or fail."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - of that system alone

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - of the others

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
