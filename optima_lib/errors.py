"""Every error that the suite raises on purpose.

Messages that a user reads are French sentences that say what is wrong, where, and what to do.
"""

from difflib import get_close_matches


class OptimaError(Exception):
    """Base of the suite's own errors; the command line prints its message and exits with status 1."""


class RawFileError(OptimaError, ValueError):
    """Raised when a raw file cannot be read to its end.

    Parameters
    ----------
    fichier : str
        Label of the file, as it stands in the tables.
    reason : str
        What is wrong and where, without a final full stop.
    cure : str
        What to do about it.
    """

    def __init__(self, fichier: str, reason: str, cure: str) -> None:
        super().__init__(f"{fichier} : {reason}. {cure}")
        self.fichier, self.reason, self.cure = fichier, reason, cure


class UnknownLayoutError(RawFileError):
    """Raised when nothing in a file's content tells what it is."""


class UnsafeArchiveError(RawFileError):
    """Raised when an archive would fill the disk or write outside its folder."""


class NoSourceError(OptimaError, FileNotFoundError):
    """Raised when a source named by the user does not exist or holds no file."""


class ConservationError(OptimaError, AssertionError):
    """Raised when the raw records of a file are not each accounted for once."""


class TableError(OptimaError, ValueError):
    """Raised when a processed table is missing, or does not keep its contract."""


class PartnerError(OptimaError, ValueError):
    """Raised when a partner's file is missing or wrong."""


class UnknownBuyerError(PartnerError, KeyError):
    """Raised when a partner's SIREN is that of no buyer in the tables."""

    __str__ = Exception.__str__  # KeyError would print the quotes of a repr


class UnknownIndicatorError(OptimaError, KeyError):
    """Raised when a code is not in the catalogue."""

    __str__ = Exception.__str__


class SettingsError(OptimaError, ValueError):
    """Raised when a settings file cannot be read, or asks for something unknown."""


class ComparisonError(OptimaError, ValueError):
    """Raised when a comparison cannot be made, or is not the one that was declared."""


class NotebookError(OptimaError, RuntimeError):
    """Raised when a chapter did not run to its end or lacks what it promised."""


def suggest(word: str, known: list[str]) -> str:
    """Return a French hint naming the nearest known word, or all of them when none is near.

    Examples
    --------
    >>> suggest("periode", ["période", "langue"])
    'Vouliez-vous dire « période » ?'
    """
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"Vouliez-vous dire « {near[0]} » ?" if near else f"Valeurs connues : {', '.join(sorted(known))}."
