"""The settings of the flags: the defaults of ``references/drapeaux.csv``, and what an INI file changes in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from optima_lib.references import reference

MODES = ("optima", "cardinal")
CODES = ("R003", "R018", "R024", "R025", "R028", "R030", "R035", "R036", "R038", "R048", "R058")


@dataclass(frozen=True)
class Preparation:
    """What Cardinal's ``prepare`` command corrects before anything is computed.

    Attributes
    ----------
    currency, bid_status, award_status : str or None
        What stands where nothing is told.
    amounts : frozenset of float
        Amounts that stand for nothing.
    organisations : frozenset of str
        Identifiers that stand for nobody.
    bid_statuses, award_statuses : mapping
        The standard's status for a published one.
    details_end : str or None
        Where to cut ``procurementMethodDetails``.
    """

    currency: str | None = None
    bid_status: str | None = None
    award_status: str | None = None
    amounts: frozenset[float] = frozenset()
    organisations: frozenset[str] = frozenset()
    bid_statuses: Mapping[str, str] = field(default_factory=dict)
    award_statuses: Mapping[str, str] = field(default_factory=dict)
    details_end: str | None = None


@dataclass(frozen=True)
class Settings:
    """What the rules follow.

    Attributes
    ----------
    mode : str
        ``optima`` or ``cardinal``.
    codes : tuple of str
        The flags to compute, by their Cardinal code.
    currency : str or None
        The only currency whose amounts count.
    with_price, without_price : frozenset of str
        ``procurementMethodDetails`` in which prices are compared (when told, no other), and in which they are not.
    excluded : frozenset of str
        ``procurementMethodDetails`` left out of everything.
    numbers : mapping
        Number of each (flag, setting).
    methods : mapping
        ``procurementMethod`` examined by a flag; none means all.
    days : mapping
        Shortest usual period of each ``procurementMethodDetails`` (R003).
    preparation : Preparation
        Corrections made before (mode ``optima`` only).
    notices : tuple of str
        What the INI file asks and is not done, in French.
    """

    mode: str = "optima"
    codes: tuple[str, ...] = CODES
    currency: str | None = None
    with_price: frozenset[str] = frozenset()
    without_price: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    numbers: Mapping[tuple[str, str], float] = field(default_factory=dict)
    methods: Mapping[str, frozenset[str]] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    preparation: Preparation = Preparation()
    notices: tuple[str, ...] = ()

    @property
    def repaired(self) -> bool:
        """Whether the weaknesses of Cardinal's rules are repaired."""
        return self.mode == "optima"

    def number(self, code: str, name: str) -> float:
        """Return a number that has a default."""
        return self.numbers[code, name]

    def threshold(self, code: str) -> float | None:
        """Return the fixed threshold of a flag, or None when the data tell it."""
        return self.numbers.get((code, "threshold"))


def default_settings(mode: str = "optima") -> Settings:
    """Return the settings of a mode when no file changes them, every flag computed.

    Examples
    --------
    >>> default_settings("cardinal").number("R038", "minimum_submitted_bids")
    2.0
    """
    rows = [row for row in reference("drapeaux") if row["mode"] in {"tous", mode} and not row["au"]]
    lists = {row["drapeau"]: split(row["valeur"]) for row in rows if row["unite"] == "liste"}
    numbers = {(row["drapeau"], row["reglage"]): float(row["valeur"]) for row in rows if row["unite"] != "liste"}
    return Settings(mode=mode, numbers=numbers, methods=lists)


def split(text: str) -> frozenset[str]:
    """Split a list written with bars.

    Examples
    --------
    >>> sorted(split("open|selective"))
    ['open', 'selective']
    """
    return frozenset(text.split("|")) if text else frozenset()
