"""Contracts of our tables written as OCDS releases, so that the flags that award data can feed are those of OCDS.

Award data tell no bid: of the eleven flags, R018 (number of bids and procedure) and R048 (what each supplier was
awarded) can be computed.

The layout is that of the ministry's own converter (139bercy/decp-rama, ``scripts/jq/ocds``), with the call added:
``numberOfTenderers`` and ``procurementMethod``, by ``references/procedures_ocds.csv``.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from optima_lib.references import reference

DAYS_OF_A_MONTH = 30.5  # of the ministry's converter: 39 months are 1 189 days
LOCAL = "local-"  # a prefix that is registered nowhere: these releases are for analysis, not for publication
Release = dict[str, Any]


def write_releases(marches: pl.DataFrame, titulaires: pl.DataFrame, prefix: str = LOCAL) -> Iterator[Release]:
    """Give the OCDS release of each contract.

    Parameters
    ----------
    marches, titulaires : polars.DataFrame
        The processed tables; *titulaires* may hold those of other contracts.
    prefix : str
        What the identifier of a process starts with, before the ``uid`` of the contract.

    Yields
    ------
    dict
        A release with ``parties``, ``buyer``, ``tender``, ``awards`` (one, active, of the initial amount) and
        ``contracts`` (one, of the latest amount). What is missing in the tables is left out.
    """
    suppliers: dict[str, list[Release]] = {}
    for row in titulaires.iter_rows(named=True):
        suppliers.setdefault(row["uid"], []).append(row)
    methods = {row["procedure"]: row["methode"] for row in reference("procedures_ocds") if not row["au"]}
    for row in marches.iter_rows(named=True):
        yield _release(row, suppliers.get(row["uid"], []), methods, f"{prefix}{row['uid']}")


def _release(marche: Release, suppliers: list[Release], methods: dict[str, str], ocid: str) -> Release:
    buyer = _party(marche["acheteur_siret"], marche.get("acheteur_nom"), "buyer", "SIRET")
    held = [
        _party(each["titulaire_id"], each["titulaire_nom"], "supplier", each["titulaire_type_id"]) for each in suppliers
    ]
    period = (
        {"durationInDays": int(marche["duree_initiale_mois"] * DAYS_OF_A_MONTH)}
        if marche["duree_initiale_mois"]
        else None
    )
    award = {
        "id": f"{ocid}-award-1",
        "description": marche["objet"],
        "status": "active",
        "date": _moment(marche["date_notification"]),
        "value": _euros(marche["montant_initial_eur"]),
        "suppliers": [_reference(each) for each in held],
        "items": _items(marche, ocid),
        "contractPeriod": period,
    }
    contract = {
        "id": f"{ocid}-contract-1",
        "awardID": award["id"],
        "value": _euros(marche["montant_eur"]),
        "status": "active",
    }
    return _told(
        {
            "ocid": ocid,
            "id": f"{ocid}-00",
            "decpUID": marche["uid_publie"],
            "date": _moment(marche["date_publication"]),
            "language": "fr",
            "tag": ["award", "contract"],
            "initiationType": "tender",
            "parties": [buyer, *held],
            "buyer": _reference(buyer),
            "tender": _tender(marche, methods, ocid),
            "awards": [_told(award)],
            "contracts": [_told(contract)],
        }
    )


def _tender(marche: Release, methods: dict[str, str], ocid: str) -> Release:
    return _told(
        {
            "id": f"{ocid}-tender",
            "procurementMethod": methods.get(marche["procedure"]),
            "procurementMethodDetails": marche["procedure"],
            "numberOfTenderers": marche["offres_recues"],
        }
    )


def _items(marche: Release, ocid: str) -> list[Release] | None:
    code = marche["cpv"]
    if code is None:
        return None
    return [
        _told({"id": f"{ocid}-item-1", "description": marche["objet"], "classification": {"scheme": "CPV", "id": code}})
    ]


def _party(identifier: str, name: str | None, role: str, kind: str | None) -> Release:
    """Describe an organisation; a buyer that supplies itself is two parties, one per role."""
    scheme = "FR-RCS" if kind == "SIRET" else None
    told = _told({"scheme": scheme, "id": identifier, "legalName": name})
    return _told({"name": name, "id": f"{scheme or 'XX'}-{identifier}-{role}", "roles": [role], "identifier": told})


def _reference(party: Release) -> Release:
    return _told({"name": party.get("name"), "id": party["id"]})


def _moment(day: date | None) -> str | None:
    return None if day is None else f"{day.isoformat()}T00:00:00Z"


def _euros(amount: float | None) -> Release | None:
    return None if amount is None else {"amount": amount, "currency": "EUR"}


def _told(fields: Release) -> Release:
    """Leave out what is missing: in OCDS, what is not told is not there."""
    return {name: value for name, value in fields.items() if value is not None and value != []}
