"""The defects of real files, planted in the invented ones at fixed steps, so that each chapter has some to show."""

from collections.abc import Callable
from dataclasses import replace

from optima_lib.running.exemple_identites import Fournisseur
from optima_lib.running.exemple_marches import Marche

FILLERS = (1.0, 0.0, 999_999_999.0)
SHORT_CPV, UNKNOWN_CPV = 4, "99000000"


def plant_defects(marches: list[Marche]) -> None:
    """Write defects in some contracts, those of the partner first; what a rule cannot touch is left as it is."""
    for step, start, defect in DEFECTS:
        for marche in marches[start::step]:
            defect(marche)


def _mojibake(marche: Marche) -> None:
    """UTF-8 read as Latin-1."""
    marche.objet = marche.objet.encode().decode("latin-1")


def _lost_apostrophe(marche: Marche) -> None:
    marche.objet = marche.objet.replace("'", "¿")


def _lost_accent(marche: Marche) -> None:
    marche.objet = marche.objet.replace("é", "\ufffd").replace("è", "\ufffd")


def _entities(marche: Marche) -> None:
    marche.objet = marche.objet.replace("é", "&#233;").replace("'", "&#039;")


def _capitals(marche: Marche) -> None:
    marche.objet = marche.objet.upper()


def _filler(marche: Marche) -> None:
    marche.montant = FILLERS[len(marche.objet) % len(FILLERS)]
    marche.avenants = []


def _untold_amount(marche: Marche) -> None:
    marche.montant = "NC"
    marche.avenants = []


def _zone(marche: Marche) -> None:
    marche.date_ecrite = f"{marche.date.isoformat()}+01:00"


def _impossible_year(marche: Marche) -> None:
    marche.date_ecrite = f"0{marche.date.isoformat()[0]}{marche.date.isoformat()[2:]}"


def _distant_year(marche: Marche) -> None:
    year = marche.date.isoformat()[:4]
    marche.date_ecrite = f"{year[0]}{year[2]}{year[1]}{year[3]}{marche.date.isoformat()[4:]}"


def _undated(marche: Marche) -> None:
    marche.date_ecrite = "NC"


def _short_cpv(marche: Marche) -> None:
    marche.cpv = marche.cpv[:SHORT_CPV]


def _unknown_cpv(marche: Marche) -> None:
    marche.cpv = UNKNOWN_CPV


def _check_digit(marche: Marche) -> None:
    """Write the CPV with a ninth digit, as half of the platforms do."""
    marche.cpv = f"{marche.cpv}-{sum(map(int, marche.cpv)) % 10}"


def _no_number(marche: Marche) -> None:
    marche.numero = ""


def _no_supplier(marche: Marche) -> None:
    marche.titulaires = []


def _no_procedure(marche: Marche) -> None:
    marche.procedure = ""


def _wrong_buyer(marche: Marche) -> None:
    marche.siret = _wrong_key(marche.siret)


def _wrong_supplier(marche: Marche) -> None:
    marche.titulaires = [replace(each, siret=_wrong_key(each.siret)) for each in marche.titulaires]


def _vat_number(marche: Marche) -> None:
    """Publish the intra-community VAT number instead of the SIRET."""
    marche.type_titulaire = "TVA"
    marche.titulaires = [Fournisseur(vat_number(each.siret[:9]), each.nom) for each in marche.titulaires]


def vat_number(siren: str) -> str:
    """Return the VAT number of a French company.

    Examples
    --------
    >>> vat_number("356000000")
    'FR39356000000'
    """
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _wrong_key(number: str) -> str:
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"


# Step, first contract, defect. The contracts of the partner are the first six hundred.
DEFECTS: tuple[tuple[int, int, Callable[[Marche], None]], ...] = (
    (3, 1, _check_digit),
    (14, 5, _capitals),
    (57, 11, _mojibake),
    (64, 20, _lost_apostrophe),
    (131, 47, _lost_accent),
    (149, 62, _entities),
    (83, 30, _filler),
    (190, 88, _untold_amount),
    (37, 9, _zone),
    (211, 103, _impossible_year),
    (239, 150, _distant_year),
    (271, 171, _undated),
    (92, 40, _short_cpv),
    (250, 121, _unknown_cpv),
    (173, 71, _no_number),
    (137, 55, _no_supplier),
    (113, 66, _no_procedure),
    (290, 133, _wrong_buyer),
    (101, 17, _wrong_supplier),
    (89, 25, _vat_number),
)
