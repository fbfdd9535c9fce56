"""Award records of the nested layouts (DECP 2019 and 2022, JSON and XML), brought to the three tables.

The two schemas are read as one kind of record, :class:`Award`: what they call two ways has two fields. A list
is read whatever the depth at which it is published (``[{…}]``, ``[{"titulaire": {…}}]``, ``[[[{…}]]]``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import msgspec
import polars as pl

from optima_lib.sources.awards import MODIFICATIONS, TITULAIRES, Batch, with_columns
from optima_lib.sources.json_cuts import Stretch
from optima_lib.sources.json_records import Kind, read_stretch
from optima_lib.sources.layouts import fold
from optima_lib.sources.rows import Records, as_text

WRAPPERS = ("titulaire", "concessionnaire", "modification")
NOTHING = msgspec.Raw(b"null")


class Body(msgspec.Struct, gc=False):
    """A buyer."""

    id: Any = None
    nom: Any = None


class Place(msgspec.Struct, gc=False):
    """A place of execution."""

    code: Any = None
    typeCode: Any = None


class Supplier(msgspec.Struct, gc=False):
    """A supplier."""

    id: Any = None
    typeIdentifiant: Any = None
    denominationSociale: Any = None


class WrappedSupplier(Supplier, gc=False):
    """A supplier, or the wrapper that stands around it since 2022."""

    titulaire: Supplier | None = None
    concessionnaire: Supplier | None = None


class Change(msgspec.Struct, gc=False):
    """A modification."""

    id: Any = None
    dateNotificationModification: Any = None
    dateSignatureModification: Any = None
    datePublicationDonneesModification: Any = None
    montant: Any = None
    valeurGlobale: Any = None
    dureeMois: Any = None
    objetModification: Any = None
    titulaires: Any = None


class WrappedChange(Change, gc=False):
    """A modification, or the wrapper that stands around it since 2022."""

    modification: Change | None = None


class Award(msgspec.Struct, gc=False):
    """A contract or a concession, as published; the names are those of the schemas."""

    id: Any = None
    source: Any = None
    nature: Any = None
    objet: Any = None
    codeCPV: Any = None
    procedure: Any = None
    idAccordCadre: Any = None
    marcheInnovant: Any = None
    ccag: Any = None
    offresRecues: Any = None
    attributionAvance: Any = None
    tauxAvance: Any = None
    typeGroupementOperateurs: Any = None
    sousTraitanceDeclaree: Any = None
    dureeMois: Any = None
    dateNotification: Any = None
    dateSignature: Any = None
    datePublicationDonnees: Any = None
    montant: Any = None
    valeurGlobale: Any = None
    formePrix: Any = None
    origineUE: Any = None
    origineFrance: Any = None
    techniques: msgspec.Raw = NOTHING
    modalitesExecution: msgspec.Raw = NOTHING
    typesPrix: msgspec.Raw = NOTHING
    considerationsSociales: msgspec.Raw = NOTHING
    considerationsEnvironnementales: msgspec.Raw = NOTHING
    acheteur: Body | None = None
    autoriteConcedante: Body | None = None
    acheteur_id: Any = msgspec.field(default=None, name="acheteur.id")
    acheteur_nom: Any = msgspec.field(default=None, name="acheteur.nom")
    lieuExecution: Place | None = None
    lieu_code: Any = msgspec.field(default=None, name="lieuExecution.code")
    lieu_type: Any = msgspec.field(default=None, name="lieuExecution.typeCode")
    titulaires: list[WrappedSupplier] | None = None
    concessionnaires: list[WrappedSupplier] | None = None
    modifications: msgspec.Raw = NOTHING


# Our name of each field, by what its values usually are (LISTS: the JSON text is kept, to be read once per
# different text).
TEXTS = {
    "marche_id": "id",
    "objet": "objet",
    "id_accord_cadre": "idAccordCadre",
    "date_publication": "datePublicationDonnees",
    "source": "source",
    "nature": "nature",
    "cpv": "codeCPV",
    "procedure": "procedure",
    "ccag": "ccag",
    "type_groupement": "typeGroupementOperateurs",
    "forme_prix": "formePrix",
}
LISTS = {
    "techniques": "techniques",
    "modalites_execution": "modalitesExecution",
    "types_prix": "typesPrix",
    "considerations_sociales": "considerationsSociales",
    "considerations_environnementales": "considerationsEnvironnementales",
}
NUMBERS = {
    "offres_recues": "offresRecues",
    "taux_avance": "tauxAvance",
    "duree_mois": "dureeMois",
    "origine_ue": "origineUE",
    "origine_france": "origineFrance",
}
BOOLEANS = {
    "marche_innovant": "marcheInnovant",
    "attribution_avance": "attributionAvance",
    "sous_traitance_declaree": "sousTraitanceDeclaree",
}
RAW_FIELDS = (*LISTS.values(), "modifications")

_any = msgspec.json.Decoder()
_changes = msgspec.json.Decoder(list[WrappedChange])


def is_nested(columns: list[str]) -> bool:
    """Tell whether records with these keys are of a nested award layout."""
    seen = {fold(column) for column in columns}
    return bool({"titulaires", "concessionnaires"} & seen) and bool(
        {"acheteur", "acheteurid", "autoriteconcedante", "objet"} & seen
    )


def read_award(value: dict[str, Any]) -> Award:
    """Read an award of an unusual shape: keys with stray spaces, lists at any depth, a bare buyer's number.

    Examples
    --------
    >>> award = read_award({"objet ": "Voirie", "acheteur": 21640445900010, "titulaires": [[{"id": "1"}]]})
    >>> award.objet, award.acheteur.id, [each.id for each in award.titulaires]
    ('Voirie', 21640445900010, ['1'])
    """
    fields = {key.strip(): each for key, each in value.items()}
    for name in RAW_FIELDS:
        fields[name] = msgspec.Raw(msgspec.json.encode(fields.get(name)))
    for name, key in (("acheteur", "id"), ("autoriteConcedante", "id"), ("lieuExecution", "code")):
        if name in fields and not isinstance(fields[name], dict):
            fields[name] = {key: fields[name]}
    for name in ("titulaires", "concessionnaires"):
        fields[name] = list(_objects(fields.get(name)))
    return msgspec.convert(fields, Award)


AWARDS = Kind(msgspec.json.Decoder(list[Award]), read_award)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Give the objects of a list, through the lists and wrappers that may stand around each."""
    if isinstance(value, list):
        for each in value:
            yield from _objects(each)
    elif isinstance(value, dict):
        wrapped = next((value[name] for name in WRAPPERS if name in value), None)
        if wrapped is None:
            yield {key.strip(): each for key, each in value.items()}
        else:
            yield from _objects(wrapped)


@dataclass
class JsonPiece:
    """Some successive award records of a JSON file, still as text: another process can bring them to the tables."""

    stretch: Stretch

    @property
    def count(self) -> int:
        """How many records there are, readable or not."""
        return self.stretch.count

    def batch(self) -> Batch:
        """Bring the records to the three tables."""
        return tidy_nested(read_stretch(self.stretch, AWARDS))


def tidy_nested(records: Records[Award]) -> Batch:
    """Bring nested records to the three tables."""
    awards, ranks = records.values, records.ranks
    buyers = [each.acheteur or each.autoriteConcedante or Body(each.acheteur_id, each.acheteur_nom) for each in awards]
    places = [each.lieuExecution or Place(each.lieu_code, each.lieu_type) for each in awards]
    publications = {
        "rang": pl.Series(ranks, dtype=pl.Int64),
        **{name: _column(awards, field, pl.String) for name, field in TEXTS.items()},
        **{name: _texts_of(awards, field) for name, field in LISTS.items()},
        **{name: _column(awards, field, pl.Float64) for name, field in NUMBERS.items()},
        **{name: _column(awards, field, pl.Boolean) for name, field in BOOLEANS.items()},
        "acheteur_id": _column(buyers, "id", pl.String),
        "acheteur_nom": _column(buyers, "nom", pl.String),
        "lieu_code": _column(places, "code", pl.String),
        "lieu_type": _column(places, "typeCode", pl.String),
        "date_notification": _series([_either(a.dateNotification, a.dateSignature) for a in awards], pl.String),
        "montant": _series([_either(a.montant, a.valeurGlobale) for a in awards], pl.Float64),
    }
    changes = _read_changes(awards, ranks)
    suppliers = [(rang, 0, each) for rang, award in zip(ranks, awards, strict=True) for each in _suppliers(award)]
    titulaires = _supplier_table(suppliers + _their_suppliers(changes))
    return Batch(pl.DataFrame(publications), titulaires, _change_table(changes), records.text, records.unreadable)


def _either(one: Any, other: Any) -> Any:
    """Return what a contract calls one way and a concession another."""
    return other if one is None else one


def _column(records: list[Any], field: str, dtype: type[pl.DataType]) -> pl.Series:
    return _series(list(map(attrgetter(field), records)), dtype)


def _series(values: list[Any], dtype: type[pl.DataType]) -> pl.Series:
    """Make a column of what its values usually are; of their texts where some are not."""
    try:
        return pl.Series(values, dtype=dtype, strict=True)
    except (TypeError, OverflowError):
        return pl.Series([as_text(value) for value in values], dtype=pl.String)


def _texts_of(awards: list[Award], field: str) -> pl.Series:
    """Make a column of the JSON texts of a field."""
    texts = list(map(bytes, map(attrgetter(field), awards)))
    return pl.Series(texts, dtype=pl.Binary).cast(pl.String)


def _suppliers(award: Award) -> Iterator[Supplier]:
    for each in award.titulaires or award.concessionnaires or ():
        yield each.titulaire or each.concessionnaire or each


def _supplier_table(found: list[tuple[int, int, Supplier]]) -> pl.DataFrame:
    suppliers = [each for _, _, each in found]
    table = pl.DataFrame(
        {
            "rang": pl.Series([rang for rang, _, _ in found], dtype=pl.Int64),
            "version": pl.Series([version for _, version, _ in found], dtype=pl.Int32),
            "titulaire_id": _column(suppliers, "id", pl.String),
            "titulaire_type_id": _column(suppliers, "typeIdentifiant", pl.String),
            "titulaire_nom": _column(suppliers, "denominationSociale", pl.String),
        }
    )
    named = pl.any_horizontal(pl.col("titulaire_id", "titulaire_nom").is_not_null())
    return with_columns(table, TITULAIRES).filter(named)


def _read_changes(awards: list[Award], ranks: list[int]) -> list[tuple[int, int, Change]]:
    """Read the modifications of the records: file position, rank in the record, modification."""
    texts = zip(ranks, map(bytes, map(attrgetter("modifications"), awards)), strict=True)
    return [
        (rang, version, change)
        for rang, text in texts
        if b"{" in text
        for version, change in enumerate(_changes_of(text), start=1)
    ]


def _changes_of(text: bytes) -> Iterable[Change]:
    """Read a list of modifications: at once in its usual shapes, step by step in the others."""
    try:
        return [each.modification or each for each in _changes.decode(text)]
    except msgspec.ValidationError:
        return [msgspec.convert(each, Change) for each in _objects(_any.decode(text))]


def _their_suppliers(changes: list[tuple[int, int, Change]]) -> list[tuple[int, int, Supplier]]:
    """List the suppliers that modifications bring."""
    return [
        (rang, version, msgspec.convert(supplier, Supplier))
        for rang, version, change in changes
        if change.titulaires
        for supplier in _objects(change.titulaires)
    ]


def _change_table(found: list[tuple[int, int, Change]]) -> pl.DataFrame:
    changes = [change for _, _, change in found]
    dates = [_either(each.dateNotificationModification, each.dateSignatureModification) for each in changes]
    columns = {
        "rang": pl.Series([rang for rang, _, _ in found], dtype=pl.Int64),
        "version": pl.Series([version for _, version, _ in found], dtype=pl.Int32),
        "modification_id": _column(changes, "id", pl.Float64),
        "date_modification": _series(dates, pl.String),
        "date_publication": _column(changes, "datePublicationDonneesModification", pl.String),
        "montant": _series([_either(each.montant, each.valeurGlobale) for each in changes], pl.Float64),
        "duree_mois": _column(changes, "dureeMois", pl.Float64),
        "objet_modification": _column(changes, "objetModification", pl.String),
    }
    return with_columns(pl.DataFrame(columns), MODIFICATIONS)
