"""Packages that only some comparisons need, and what to do where they are absent."""

from importlib import import_module
from typing import Any

from optima_lib.errors import ComparisonError

EXTRA = "panels"


def load_extra(module: str, need: str) -> Any:
    """Return a package of the extra *panels*.

    Parameters
    ----------
    module : str
        Name of the module.
    need : str
        What needs it, in French, with its article.

    Raises
    ------
    ComparisonError
        When the package is not installed.

    Examples
    --------
    >>> load_extra("absent_package", "le panel")
    Traceback (most recent call last):
    optima_lib.errors.ComparisonError: Le paquet absent_package n’est pas installé, et le panel en a besoin. Installez l’extra : pip install 'optima-lib[panels]'.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise ComparisonError(
            f"Le paquet {module.partition('.')[0]} n’est pas installé, et {need} en a besoin. "
            f"Installez l’extra : pip install 'optima-lib[{EXTRA}]'."
        ) from error
