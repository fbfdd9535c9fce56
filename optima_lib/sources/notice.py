"""What a notice tells, whatever the format that publishes it: texts as published, nothing corrected."""

import re
from dataclasses import dataclass, field

from lxml import etree

OJS = re.compile(r"^(\d{4})/S \d+-0*(\d+)$")
NUMBER = re.compile(r"^0*(\d+)-(\d{4})$")
WON, FAILED, DROPPED = "attribué", "infructueux", "sans suite"
VALUES = (
    "format", "forme", "type", "statut", "identifiant", "dossier", "pays", "date_publication", "date_limite", "date_envoi", "acheteur_nom",
    "acheteur_id", "code_postal", "objet", "cpv", "type_achat", "procedure_publiee", "divise", "est_groupement", "est_centrale",
    "estimation", "montant", "avis_initial", "reference_acheteur",
)  # fmt: skip
Criteria = list[tuple[str, str | None, str | None]]


@dataclass
class Lot:
    """A lot of a notice.

    Attributes
    ----------
    lot : str
        Its number, as published; ``1`` where the notice is not divided.
    montants : list of str
        Amounts of its awards, in euros.
    titulaires : list of (str, str or None)
        Name and published number of each supplier.
    criteres : list of (str, str, str) or None
        Family (``prix``, ``coût``, ``qualité``, or empty when the format does not tell), wording and weight of each
        award criterion; None when the notice does not tell them.
    """

    lot: str
    objet: str | None = None
    cpv: str | None = None
    issue: str | None = None
    offres_recues: str | None = None
    offres_pme: str | None = None
    estimation: str | None = None
    date_attribution: str | None = None
    montants: list[str] = field(default_factory=list)
    titulaires: list[tuple[str, str | None]] = field(default_factory=list)
    criteres: Criteria | None = None


@dataclass
class Notice:
    """A notice: its number, what it tells as a whole (``VALUES``), and its lots.

    Attributes
    ----------
    avis_id : str or None
        ``TED:404080-2018``, ``BOAMP:16-185754``; None when the file gives none.
    version : int
        Of two versions of a notice, the higher is right.
    values : dict
        What it tells, as text.
    lots : list of Lot
        Its lots; one when it is not divided.
    """

    avis_id: str | None
    source: str
    values: dict[str, str | None]
    lots: list[Lot]
    version: int = 1


class Lots(dict[str, Lot]):
    """The lots of a notice by number, in the order of the notice."""

    def at(self, number: str, criteria: Criteria | None = None) -> Lot:
        """Return a lot, new and with these criteria when no other section of the notice has told of it."""
        return self.setdefault(number, Lot(number, criteres=criteria))


def ted_id(number: str | None) -> str | None:
    """Return the one form of a TED number, published in three.

    Examples
    --------
    >>> ted_id("2018/S 042-092667"), ted_id("092667-2018"), ted_id("00123456-2024"), ted_id("n/a")
    ('TED:92667-2018', 'TED:92667-2018', 'TED:123456-2024', None)
    """
    text = (number or "").strip()
    if found := OJS.match(text):
        return f"TED:{found[2]}-{found[1]}"
    return f"TED:{found[1]}-{found[2]}" if (found := NUMBER.match(text)) else None


def text_of(element: etree._Element | None) -> str | None:
    """Return all the text of an element on one line, None when there is none."""
    if element is None:
        return None
    return " ".join(" ".join(element.itertext(with_tail=False)).split()) or None


def text_at(element: etree._Element | None, *paths: str) -> str | None:
    """Return the text at the first of these paths that has one."""
    if element is None:
        return None
    return next((text for path in paths if (text := text_of(element.find(path)))), None)


def euros(element: etree._Element | None, attribute: str) -> str | None:
    """Return an amount, unless its currency is another than the euro."""
    if element is None or element.get(attribute, "EUR") != "EUR":
        return None
    return text_of(element)


def child_name(element: etree._Element | None) -> str | None:
    """Return the name of the first child of an element: BOAMP tells choices so."""
    return (
        next((str(child.tag) for child in element if isinstance(child.tag, str)), None) if element is not None else None
    )
