"""Families of hypotheses: declared before anything is computed, and held to what was run."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from optima_lib.errors import ComparisonError
from optima_lib.references import reference

PRINCIPALE, EXPLORATOIRE = "principale", "exploratoire"
CORRECTIONS: dict[str, Literal["holm", "bh"]] = {PRINCIPALE: "holm", EXPLORATOIRE: "bh"}


@dataclass(frozen=True)
class Declaration:
    """What is fixed before a comparison is run.

    Attributes
    ----------
    principale : tuple of str
        The indicators of the confirmatory family (Holm).
    exploratoire : tuple of str
        Those of the exploratory one (Benjamini and Hochberg).
    seuils : mapping of str to tuple of float and str
        The smallest gap that matters, by indicator.
    pairs : tuple of str
        The rule of peers, row by row.
    niveau : float
        The level of intervals.
    """

    principale: tuple[str, ...]
    exploratoire: tuple[str, ...]
    seuils: Mapping[str, tuple[float, str]]
    pairs: tuple[str, ...]
    niveau: float = 0.95

    @property
    def empreinte(self) -> str:
        """The sha256 of all of it."""
        told = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    def family(self, code: str) -> str:
        """Return the family of an indicator."""
        return PRINCIPALE if code in self.principale else EXPLORATOIRE

    def size(self, family: str) -> int:
        """Return the number of hypotheses of a family: those refused for lack of data count."""
        return len(self.principale if family == PRINCIPALE else self.exploratoire)

    def check_run(self, run: Iterable[str]) -> None:
        """Make sure that what was run is what was declared.

        Raises
        ------
        ComparisonError
            When an indicator was declared and not run, or run and not declared.
        """
        declared, done = {*self.principale, *self.exploratoire}, set(run)
        told = [
            f"{', '.join(sorted(some))} {words}"
            for some, words in (
                (declared - done, "déclaré mais pas comparé"), (done - declared, "comparé mais pas déclaré")
            )
            if some
        ]  # fmt: skip
        if told:
            raise ComparisonError(
                f"La famille déclarée n'est pas celle qui a été calculée : {' ; '.join(told)}. "
                "Corrigez la déclaration (references/familles_hypotheses.csv, ou « famille_principale » du partenaire)."
            )


def declared_family(codes: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the confirmatory family: that given, or that of ``references/familles_hypotheses.csv``."""
    if codes is not None:
        return tuple(dict.fromkeys(codes))
    return tuple(row["indicateur"] for row in reference("familles_hypotheses") if row["famille"] == PRINCIPALE)
