"""Lots, modifications and republications that were published under one identifier, told apart.

An identifier (buyer's SIRET and contract number) should name one contract. Buyers publish several lots under
one, feeds publish each modification as one more row, and some stamp the modification of a lot on all the lots
of the identifier. Summing rows then counts five times too much, and keeping one amount per identifier loses
lots. The rules, in the order in which they are tried on the publications of one identifier:

1. *Same day, same amount, bids, object*: one publication; its suppliers are co-suppliers (done before this
   module).
2. *Republication*: same day of notification, a supplier in common, nothing that tells two lots apart (bids;
   amounts or objects published the same day): the same contract; the later publication corrects the earlier.
3. *Modification*: a later day, a supplier in common, the same bids and object where both are known, an amount
   that a modification may give to the last one (50 % more at most, by law; 30 % less, measured:
   ``references/bornes.csv``): a later state of the lot whose amount is nearest. A rank of modification
   published with the row needs no such amount.
4. *Stamp*: one figure, the same later day, on rows of different bids and without objects: a modification of
   one lot only, that whose amount was nearest; failing that, of the lot that appears that day.
5. Otherwise a new lot.

What was not published never tells two lots apart. The precision of these rules on a sample checked by hand is
in ``docs/lots.md``.
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from optima_lib.references import bound


@dataclass(frozen=True)
class Publication:
    """What one publication says of a contract; a missing value was not published."""

    date: dt.date | None
    montant: float | None
    titulaires: frozenset[str] = frozenset()
    offres: int | None = None
    objet: str | None = None
    publie_le: dt.date | None = None
    version: int | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """Place in the history of the identifier, the same whatever the order of reading."""
        return (
            self.version or 0,
            self.date or dt.date.max,
            -math.inf if self.montant is None else self.montant,
            self.offres or 0,
            self.objet or "",
            sorted(self.titulaires),
            self.publie_le or dt.date.max,
        )


@dataclass(frozen=True)
class Place:
    """Where a publication belongs.

    Attributes
    ----------
    lot : int
        Number of the lot, from 0, in order of appearance.
    counts : bool
        Whether the publication is a state of that lot; if not, it repeats the figure of another one.
    titulaires : frozenset of str
        The publication's suppliers that are the lot's.
    """

    lot: int
    counts: bool
    titulaires: frozenset[str]


@dataclass
class _Lot:
    """A lot as far as it is known."""

    number: int
    first: Publication
    montant: float | None
    offres: int | None
    objet: str | None
    titulaires: set[str] = field(default_factory=set)

    def take(self, publication: Publication) -> None:
        self.montant = publication.montant if publication.montant is not None else self.montant
        self.offres = self.offres if self.offres is not None else publication.offres
        self.objet = self.objet or publication.objet


def tell_lots(publications: Sequence[Publication]) -> list[Place]:
    """Tell to which lot each publication of one identifier belongs.

    Parameters
    ----------
    publications : sequence of Publication
        Everything published under one identifier, in any order.

    Returns
    -------
    list of Place
        One place per publication, in the order given.
    """
    ranked = sorted(range(len(publications)), key=lambda i: publications[i].order)
    history = _History()
    places: dict[int, Place] = {}
    for _, same_day in groupby(ranked, key=lambda i: _stamp_key(publications[i], i)):
        numbers = list(same_day)
        places.update(zip(numbers, history.add([publications[i] for i in numbers]), strict=True))
    return [_own_suppliers(places[i], publications[i], history.lots) for i in range(len(publications))]


def _stamp_key(publication: Publication, number: int) -> tuple[object, ...]:
    """Bring together the publications of one figure on one day that no object tells apart."""
    if publication.objet or publication.montant is None or publication.date is None:
        return (number,)
    return (publication.version or 0, publication.date, publication.montant)


class _History:
    """The lots met so far under one identifier."""

    def __init__(self) -> None:
        self.lots: list[_Lot] = []

    def add(self, stamped: list[Publication]) -> list[Place]:
        """Place publications of one figure and one day: usually a single one."""
        if len(stamped) == 1 or not self.lots or self.lots[0].first.date == stamped[0].date:
            return [self._place(publication) for publication in stamped]
        return self._place_stamp(stamped)

    def _place(self, publication: Publication) -> Place:
        lot = self._nearest(publication, (each for each in self.lots if _is_same(each, publication)))
        return self._state(lot, publication) if lot else self._open(publication, publication.montant)

    def _place_stamp(self, stamped: list[Publication]) -> list[Place]:
        """Give the figure to the nearest lot, or to one that appears; the others only repeat it."""
        pairs = [(publication, lot) for publication in stamped for lot in self.lots if _is_same(lot, publication)]
        nearest = min(pairs, key=lambda pair: _distance(pair[1].montant, pair[0].montant), default=None)
        newcomers = [each for each in stamped if not any(_share_supplier(lot, each) for lot in self.lots)]
        owner = nearest[0] if nearest else (newcomers or stamped)[0]
        return [self._place(each) if each is owner else self._repeat(each) for each in stamped]

    def _repeat(self, publication: Publication) -> Place:
        theirs = (
            lot for lot in self.lots if _share_supplier(lot, publication) and _agree(lot.offres, publication.offres)
        )
        lot = self._nearest(publication, theirs)
        if lot is None:
            return self._open(publication, None)
        return Place(lot.number, counts=False, titulaires=publication.titulaires)

    def _nearest(self, publication: Publication, lots: Iterable[_Lot]) -> _Lot | None:
        return min(lots, key=lambda lot: (_distance(lot.montant, publication.montant), lot.number), default=None)

    def _state(self, lot: _Lot, publication: Publication) -> Place:
        lot.take(publication)
        held = {supplier for other in self.lots if other is not lot for supplier in other.titulaires}
        lot.titulaires |= publication.titulaires - held
        return Place(lot.number, counts=True, titulaires=publication.titulaires)

    def _open(self, publication: Publication, montant: float | None) -> Place:
        lot = _Lot(len(self.lots), publication, montant, publication.offres, publication.objet)
        lot.titulaires |= publication.titulaires
        self.lots.append(lot)
        return Place(lot.number, counts=montant == publication.montant, titulaires=publication.titulaires)


def _own_suppliers(place: Place, publication: Publication, lots: list[_Lot]) -> Place:
    own = publication.titulaires & lots[place.lot].titulaires
    return Place(place.lot, place.counts, own or publication.titulaires)


def _is_same(lot: _Lot, publication: Publication) -> bool:
    """Tell whether a publication may be of a lot already met."""
    if not _share_supplier(lot, publication):
        return False
    if publication.version:
        return _agree(lot.objet, publication.objet)
    if lot.first.date == publication.date:
        return _is_republication(lot, publication)
    alike = _agree(lot.offres, publication.offres) and _agree(lot.objet, publication.objet)
    return alike and _may_become(lot.montant, publication.montant)


def _may_become(before: float | None, after: float | None) -> bool:
    """Tell whether a modification may bring an amount to another."""
    if before is None or after is None:
        return True
    lowest, highest = 1 - bound("baisse_maximale_modification"), 1 + bound("hausse_maximale_modification")
    return lowest * before <= after <= highest * before


def _is_republication(lot: _Lot, publication: Publication) -> bool:
    """Tell whether a publication of the same notification is the same contract, published again."""
    if not _agree(lot.offres, publication.offres):
        return False
    first = lot.first.publie_le
    if first and publication.publie_le and first != publication.publie_le:
        return not _names_other_lot(lot.objet, publication.objet)
    return _agree(lot.objet, publication.objet) and _agree(lot.montant, publication.montant)


def _names_other_lot(one: str | None, other: str | None) -> bool:
    """Tell whether two objects name lots of different numbers."""
    numbers = [_lot_number(text) for text in (one, other)]
    return None not in numbers and numbers[0] != numbers[1]


def _lot_number(objet: str | None) -> str | None:
    """Return the lot number that a folded object names.

    Examples
    --------
    >>> _lot_number("renovation de la mairie lot no 04 peinture")
    '4'
    >>> _lot_number("lot unique lot no 5")
    '5'
    """
    words = (objet or "").split()
    for place, (before, word) in enumerate(pairwise([*words, ""])):
        if before == "lot" and word in {"n", "no", "numero"}:
            after = words[place + 2 :]
            return after[0].lstrip("0") if after and after[0].isalnum() else None
        if before == "lot" and any(sign.isdigit() for sign in word):
            return word.lstrip("0")
        if before.startswith("lot") and before[3:].isdigit():
            return before[3:].lstrip("0")
    return None


def _share_supplier(lot: _Lot, publication: Publication) -> bool:
    return not lot.titulaires or not publication.titulaires or bool(lot.titulaires & publication.titulaires)


def _agree(one: object, other: object) -> bool:
    """Tell whether two values can be those of one contract: a missing one says nothing."""
    return one is None or other is None or one == other


def _distance(before: float | None, after: float | None) -> float:
    """Return the relative change from one amount to another; none when one of them is unknown."""
    if before is None or after is None or before == after:
        return 0.0
    return abs(after - before) / abs(before) if before else math.inf
