"""OCDS awards brought to the three tables of award data.

A raw record is a release or a record as it stands in the file; each of its active awards is a contract. Such
publications share the position of their record (``rang``), above which stands the number of the award
(``RECORD_BITS``).

============================  =====================================================================================
``marche_id``                 ``decpUID`` without the buyer's number when there is one, else ``ocid`` and the award's id
``acheteur_id``               SIRET of the buyer's identifiers, else its SIREN, else its identifier as published
``date_notification``         ``dateSigned`` of the contract, else ``date`` of the award
``date_publication``          ``date`` of the release
``montant``                   value of the award, else of its contract; in euros, another currency is no amount
``duree_mois``                period of the contract, else of the award, in months of 30.4375 days, rounded
``offres_recues``             submitted bids on the lot, else ``numberOfTenderers`` when there is one award
``procedure``                 ``procurementMethodDetails``, else ``procurementMethod``
``cpv``                       first CPV code of the award, of its contract, of the call
``techniques``                « Accord-cadre » when the call tells a framework agreement
offres                        bids on the lot of the award, all those of the process when it has one award
modifications                 amendments of the contracts of the award, in the order of their dates; the last one bears
                              the value and the period of the contract where they differ from the award's
============================  =====================================================================================

An award that is cancelled, unsuccessful or pending is no contract: a record that has no other is set aside with this
reason. Amendments of the call (``tender.amendments``) change no contract and are not read.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from optima_lib.sources.awards import MODIFICATIONS, OFFRES, RECORD_BITS, TITULAIRES, Batch, with_columns
from optima_lib.sources.files import RawFile
from optima_lib.sources.ocds_bids import count_bids, lot_of, told_bids
from optima_lib.sources.ocds_files import UNREADABLE, Texts, read_texts
from optima_lib.sources.ocds_releases import (
    Amendment,
    Award,
    Contract,
    Identifier,
    Item,
    Organisation,
    Period,
    Release,
    Value,
    read_release,
)

NO_JSON, NO_PROCESS = "JSON illisible", "sans identifiant de processus (ocid)"
NO_AWARD, NOT_ACTIVE = "aucune attribution", "aucune attribution active"
DAYS_OF_A_MONTH = 30.4375
SIREN = 9  # digits
NUMBER = re.compile(r"(?<!\d)(\d{14}|\d{9})(?!\d)")
FRENCH = ("FR-SIRET", "FR-RCS", "FR-SIREN", "FR-SIRENE", "FR-INSEE")
KINDS = {"works": "Travaux", "goods": "Fournitures", "services": "Services"}
TEXTS = (
    "marche_id",
    "objet",
    "cpv",
    "procedure",
    "techniques",
    "type_achat",
    "acheteur_id",
    "acheteur_nom",
    "date_notification",
    "date_publication",
    "source",
)
NUMBERS = ("montant", "duree_mois", "offres_recues")
Row = dict[str, Any]
INTEGERS: Row = {"rang": pl.Int64, "version": pl.Int32}
SUPPLIERS: Row = dict.fromkeys(TITULAIRES, pl.String) | INTEGERS
FLOATS: Row = dict.fromkeys(("modification_id", "montant", "duree_mois"), pl.Float64)
CHANGES: Row = dict.fromkeys(MODIFICATIONS, pl.String) | INTEGERS | FLOATS
PUBLICATION: Row = {"rang": pl.Int64} | dict.fromkeys(TEXTS, pl.String) | dict.fromkeys(NUMBERS, pl.Float64)


@dataclass
class OcdsPiece:
    """Some successive releases or records, still as text: another process can bring them to the tables."""

    texts: Texts

    @property
    def count(self) -> int:
        """How many records there are, readable or not."""
        return len(self.texts.texts)

    def batch(self) -> Batch:
        """Bring the records to the three tables."""
        return tidy_ocds(self.texts)


def read_ocds_awards(file: RawFile) -> Iterator[OcdsPiece]:
    """Give the releases and records of a file."""
    return map(OcdsPiece, read_texts(file))


def tidy_ocds(texts: Texts) -> Batch:
    """Bring releases and records to the three tables."""
    publications: list[Row] = []
    titulaires: list[tuple[Any, ...]] = []
    modifications: list[Row] = []
    offres: list[Row] = []
    places: list[int] = []
    aside: list[tuple[int, str, str]] = []
    for index, text in enumerate(texts.texts):
        rang = texts.rang + index
        try:
            release = None if index in texts.broken else read_release(text)
        except UNREADABLE:
            release = None
        awards = [] if release is None else active_awards(release)
        if release is None or not release.ocid or not awards:
            reason = texts.broken.get(index, NO_JSON) if release is None else _reason(release)
            aside.append((rang, reason, text.decode("utf-8", "replace")))
            continue
        for part, award in enumerate(awards):
            number = part << RECORD_BITS | rang
            contracts = _contracts(release, award)
            publications.append({"rang": number, **_publication(release, award, contracts, len(awards))})
            titulaires += [(number, 0, *_supplier(release, each)) for each in award.suppliers or ()]
            modifications += [{"rang": number, **each} for each in _modifications(release, award, contracts)]
            offres += [{"rang": number, **each} for each in told_bids(release, award, len(awards), _tenderer)]
            places.append(index)
    suppliers = pl.DataFrame(titulaires, schema=SUPPLIERS, orient="row")
    named = pl.any_horizontal(pl.col("titulaire_id", "titulaire_nom").is_not_null())
    changes = pl.DataFrame(modifications, schema=CHANGES)
    return Batch(
        pl.DataFrame(publications, schema=PUBLICATION),
        with_columns(suppliers.filter(named), TITULAIRES),
        with_columns(changes, MODIFICATIONS),
        lambda row: texts.texts[places[row]].decode("utf-8", "replace"),
        aside,
        pl.DataFrame(offres, schema=OFFRES),
    )


def active_awards(release: Release) -> list[Award]:
    """Give the awards that made a contract: active, or of a status that is not told."""
    return [each for each in release.awards or () if each.status in {None, "active"}]


def _reason(release: Release) -> str:
    if not release.ocid:
        return NO_PROCESS
    return NOT_ACTIVE if release.awards else NO_AWARD


def _contracts(release: Release, award: Award) -> list[Contract]:
    """Give the contracts of an award; those of a release that has one award need not name it."""
    alone = len(release.awards or ()) == 1
    return [each for each in release.contracts or () if each.award_id == award.id or (alone and each.award_id is None)]


def _publication(release: Release, award: Award, contracts: list[Contract], awards: int) -> Row:
    tender, buyer = release.tender, _buyer(release)
    signed = next((each.date_signed for each in contracts if each.date_signed), None)
    title = award.title or award.description or ((tender.title or tender.description) if tender else None)
    lot = lot_of(award)
    items = [award.items, *(each.items for each in contracts), _of_lot(tender.items if tender else None, lot)]
    framework = tender and tender.techniques and tender.techniques.has_framework_agreement
    return {
        "marche_id": _number(release, award, buyer),
        "objet": title,
        "cpv": next((code for each in items if (code := _cpv(each))), None),
        "procedure": (tender.procurement_method_details or tender.procurement_method) if tender else None,
        "techniques": "Accord-cadre" if framework else None,
        "type_achat": KINDS.get((tender and tender.main_procurement_category) or ""),
        "acheteur_id": buyer[0],
        "acheteur_nom": buyer[1],
        "date_notification": signed or award.date,
        "date_publication": release.date,
        "source": "ocds",
        "montant": _euros([award.value, *(each.value for each in contracts)]),
        "duree_mois": _months([award.contract_period, *(each.period for each in contracts)]),
        "offres_recues": _bids(release, lot, awards),
    }


def _number(release: Release, award: Award, buyer: tuple[str | None, str | None]) -> str | None:
    """Give the number of the contract, the same in each release of the process."""
    if release.decp_uid and buyer[0] and release.decp_uid.startswith(buyer[0]):
        return release.decp_uid.removeprefix(buyer[0])
    if award.id is None or award.id.startswith(str(release.ocid)):
        return award.id or release.ocid
    return f"{release.ocid}-{award.id}"


def _buyer(release: Release) -> tuple[str | None, str | None]:
    """Give the number and the name of the buyer, or of the entity that runs the procedure."""
    reference = release.buyer or (release.tender.procuring_entity if release.tender else None)
    if reference is None:
        return None, None
    number, _ = _register(release, reference)
    return number or reference.id, _name(release, reference)


def _supplier(release: Release, reference: Organisation) -> tuple[str | None, str | None, str | None]:
    """Give the identifier of a supplier, its kind, its name."""
    number, scheme = _register(release, reference)
    if number is None:
        return reference.id, None, _name(release, reference)
    siret = "SIRET" if len(number) == 14 and scheme in FRENCH else None
    return number, "TVA" if "VAT" in (scheme or "") else siret, _name(release, reference)


def _tenderer(release: Release, reference: Organisation) -> str | None:
    """Give the number of an organisation, its SIREN where it has one, or its identifier as published."""
    number, scheme = _register(release, reference)
    french = number is not None and scheme in FRENCH and NUMBER.fullmatch(number)
    return number[:SIREN] if number and french else number or reference.id


def _register(release: Release, reference: Organisation) -> tuple[str | None, str | None]:
    """Give the best number of an organisation and its scheme: a SIRET, a SIREN, another, one that its id holds."""
    parties = [each for each in release.parties or () if each.id is not None and each.id == reference.id]
    told: list[Identifier] = []
    for each in (reference, *parties):
        told += [each.identifier] if each.identifier else []
        told += each.additional_identifiers or []
    french = [(each.id, each.scheme) for each in told if each.id and each.scheme in FRENCH]
    for length in (14, 9):
        for number, scheme in french:
            if len(re.sub(r"\s", "", number)) == length:
                return re.sub(r"\s", "", number), scheme
    held = NUMBER.search(reference.id or "") if not told else None
    if held:
        return held[1], FRENCH[0]
    return next(((each.id, each.scheme) for each in told if each.id), (None, None))


def _name(release: Release, reference: Organisation) -> str | None:
    named = [each.name for each in (reference, *(release.parties or ())) if each.id == reference.id and each.name]
    return named[0] if named else None


def _of_lot(items: list[Item] | None, lot: str | None) -> list[Item]:
    """Keep the things that are of a lot, or of no lot in particular."""
    return [each for each in items or () if lot is None or each.related_lot in {None, lot}]


def _cpv(items: list[Item] | None) -> str | None:
    for item in items or ():
        codes: list[Identifier | None] = [item.classification, *(item.additional_classifications or [])]
        for code in codes:
            if code and code.scheme == "CPV" and code.id:
                return code.id
    return None


def _euros(values: list[Value | None]) -> float | None:
    """Give the first amount told; one in another currency than the euro is none."""
    for value in values:
        if value and value.amount is not None:
            return value.amount if value.currency in {None, "EUR"} else None
    return None


def _months(periods: list[Period | None]) -> float | None:
    """Give the first duration told, in whole months."""
    for period in periods:
        days = _days(period)
        if days:
            return float(max(1, round(days / DAYS_OF_A_MONTH)))
    return None


def _days(period: Period | None) -> int | None:
    if period is None:
        return None
    if period.duration_in_days:
        return period.duration_in_days
    try:
        first, last = (dt.date.fromisoformat((each or "")[:10]) for each in (period.start_date, period.end_date))
    except ValueError:
        return None
    return (last - first).days + 1


def _bids(release: Release, lot: str | None, awards: int) -> float | None:
    """Count the submitted bids on the lot, those of the whole process when it has one award."""
    count = count_bids(release, lot, awards)
    if count:
        return float(count)
    told = release.tender.number_of_tenderers if release.tender else None
    return float(told) if told is not None and awards == 1 else None


def _modifications(release: Release, award: Award, contracts: list[Contract]) -> Iterator[Row]:
    """Give the modifications of an award: the amendments of its contracts."""
    amendments = [each for contract in contracts for each in contract.amendments or ()]
    initial = _euros([award.value]), _months([award.contract_period])
    latest = _euros([each.value for each in contracts]), _months([each.period for each in contracts])
    ordered = sorted(amendments, key=lambda each: each.date or "")
    for rank, amendment in enumerate(ordered, start=1):
        last = rank == len(ordered)
        amount, months = (new if last and new != old else None for new, old in zip(latest, initial, strict=True))
        yield _modification(release, amendment, rank) | {"montant": amount, "duree_mois": months}


def _modification(release: Release, amendment: Amendment, rank: int) -> Row:
    return {
        "version": rank,
        "modification_id": float(rank),
        "date_modification": amendment.date,
        "date_publication": release.date,
        "objet_modification": amendment.description or amendment.rationale,
    }
