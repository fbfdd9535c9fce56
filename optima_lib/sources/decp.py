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
from msgspec.structs import astuple

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
BUYER = ("acheteur", "autoriteConcedante", "acheteur_id", "acheteur_nom")
PLACE = ("lieuExecution", "lieu_code", "lieu_type")
RAW_FIELDS = (*LISTS.values(), "modifications")

_any = msgspec.json.Decoder()
_changes = msgspec.json.Decoder(list[list[WrappedChange] | None])
_supplier_values = attrgetter(*Supplier.__struct_fields__)
_change_values = attrgetter(*Change.__struct_fields__)


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
    fields = _stripped(value)
    for name in RAW_FIELDS:
        fields[name] = msgspec.Raw(msgspec.json.encode(_all_stripped(fields.get(name))))
    for name, key in (("acheteur", "id"), ("autoriteConcedante", "id"), ("lieuExecution", "code")):
        if isinstance(fields.get(name), dict):
            fields[name] = _stripped(fields[name])
        elif fields.get(name) is not None:
            fields[name] = {key: fields[name]}
    for name in ("titulaires", "concessionnaires"):
        fields[name] = list(_objects(fields.get(name)))
    return msgspec.convert(fields, Award)


AWARDS = Kind(msgspec.json.Decoder(list[Award]), read_award)


def _stripped(value: dict[str, Any]) -> dict[str, Any]:
    return {key.strip(): each for key, each in value.items()}


def _all_stripped(value: Any) -> Any:
    """Take the stray spaces off the keys of a value, at any depth."""
    if isinstance(value, list):
        return [_all_stripped(each) for each in value]
    return {key: _all_stripped(each) for key, each in _stripped(value).items()} if isinstance(value, dict) else value


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Give the objects of a list, through the lists and wrappers that may stand around each."""
    if isinstance(value, list):
        for each in value:
            yield from _objects(each)
    elif isinstance(value, dict):
        wrapped = next((value[name] for name in WRAPPERS if name in value), None)
        if wrapped is None:
            yield _stripped(value)
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
    ranks = records.ranks
    fields = _by_field(Award.__struct_fields__, map(astuple, records.values))
    buyers = _by_field(Body.__struct_fields__, map(astuple, _buyers(*(fields[name] for name in BUYER))))
    places = _by_field(Place.__struct_fields__, map(astuple, _places(*(fields[name] for name in PLACE))))
    publications = {
        "rang": pl.Series(ranks, dtype=pl.Int64),
        **{name: _series(fields[field], pl.String) for name, field in TEXTS.items()},
        **{name: _texts_of(fields[field]) for name, field in LISTS.items()},
        **{name: _series(fields[field], pl.Float64) for name, field in NUMBERS.items()},
        **{name: _series(fields[field], pl.Boolean) for name, field in BOOLEANS.items()},
        "acheteur_id": _series(buyers["id"], pl.String),
        "acheteur_nom": _series(buyers["nom"], pl.String),
        "lieu_code": _series(places["code"], pl.String),
        "lieu_type": _series(places["typeCode"], pl.String),
        "date_notification": _series(_either(fields["dateNotification"], fields["dateSignature"]), pl.String),
        "montant": _series(_either(fields["montant"], fields["valeurGlobale"]), pl.Float64),
    }
    changes = _read_changes(fields["modifications"], ranks)
    suppliers = _suppliers(ranks, fields["titulaires"], fields["concessionnaires"])
    titulaires = _supplier_table(suppliers + _their_suppliers(changes))
    return Batch(pl.DataFrame(publications), titulaires, _change_table(changes), records.text, records.unreadable)


def _by_field(names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """Turn rows of values into the values of each field."""
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return dict(zip(names, columns, strict=True))


def _buyers(*fields: tuple[Any, ...]) -> list[Body]:
    return [one or other or Body(number, name) for one, other, number, name in zip(*fields, strict=True)]


def _places(*fields: tuple[Any, ...]) -> list[Place]:
    return [place or Place(code, kind) for place, code, kind in zip(*fields, strict=True)]


def _either(some: tuple[Any, ...], others: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what a contract calls one way and a concession another."""
    if None not in some:
        return some
    return tuple(other if one is None else one for one, other in zip(some, others, strict=True))


def _series(values: tuple[Any, ...], dtype: type[pl.DataType]) -> pl.Series:
    """Make a column of what its values usually are; of their texts where some are not."""
    try:
        return pl.Series(values, dtype=dtype, strict=True)
    except (TypeError, OverflowError):
        return pl.Series([as_text(value) for value in values], dtype=pl.String)


def _texts_of(values: tuple[msgspec.Raw, ...]) -> pl.Series:
    """Make a column of the JSON texts of a field."""
    if not values:
        return pl.Series(dtype=pl.String)
    # one text that is split natively: thousands of small ones cost as much as their decoding; JSON has no NUL
    texts = pl.Series([b"\0".join(values)], dtype=pl.Binary).cast(pl.String).str.split("\0").explode()
    return texts.replace("null", None)


Found = list[tuple[Any, ...]]


def _suppliers(ranks: list[int], *lists: tuple[list[WrappedSupplier] | None, ...]) -> Found:
    """List the suppliers of the records: file position, version of the award, values."""
    return [
        (rang, 0, *_supplier_values(each.titulaire or each.concessionnaire or each))
        for rang, some, others in zip(ranks, *lists, strict=True)
        for each in some or others or ()
    ]


def _supplier_table(found: Found) -> pl.DataFrame:
    dtypes = {"rang": pl.Int64, "version": pl.Int32}
    columns = {name: _series(each, dtypes.get(name, pl.String)) for name, each in _by_field(TITULAIRES, found).items()}
    named = pl.any_horizontal(pl.col("titulaire_id", "titulaire_nom").is_not_null())
    return with_columns(pl.DataFrame(columns), TITULAIRES).filter(named)


def _read_changes(lists: tuple[msgspec.Raw, ...], ranks: list[int]) -> list[tuple[int, int, Change]]:
    """Read the modifications of the records: file position, rank in the record, modification."""
    try:
        read = [_unwrapped(some) for some in _changes.decode(b"[%b]" % b",".join(lists))]
    except msgspec.ValidationError:
        read = [_changes_of(text) if b"{" in text else [] for text in map(bytes, lists)]
    return [
        (rang, version, change)
        for rang, changes in zip(ranks, read, strict=True)
        for version, change in enumerate(changes, start=1)
    ]


def _changes_of(text: bytes) -> list[Change]:
    """Read a list of modifications: at once in its usual shapes, step by step in the others."""
    try:
        return _unwrapped(*_changes.decode(b"[%b]" % text))
    except msgspec.ValidationError:
        return [msgspec.convert(each, Change) for each in _objects(_any.decode(text))]


def _unwrapped(some: list[WrappedChange] | None) -> list[Change]:
    return [each.modification or each for each in some] if some else []


def _their_suppliers(changes: list[tuple[int, int, Change]]) -> Found:
    """List the suppliers that modifications bring."""
    return [
        (rang, version, *_supplier_values(msgspec.convert(supplier, Supplier)))
        for rang, version, change in changes
        if change.titulaires
        for supplier in _objects(change.titulaires)
    ]


def _change_table(found: list[tuple[int, int, Change]]) -> pl.DataFrame:
    fields = _by_field(Change.__struct_fields__, (_change_values(change) for _, _, change in found))
    dates = _either(fields["dateNotificationModification"], fields["dateSignatureModification"])
    columns = {
        "rang": pl.Series([rang for rang, _, _ in found], dtype=pl.Int64),
        "version": pl.Series([version for _, version, _ in found], dtype=pl.Int32),
        "modification_id": _series(fields["id"], pl.Float64),
        "date_modification": _series(dates, pl.String),
        "date_publication": _series(fields["datePublicationDonneesModification"], pl.String),
        "montant": _series(_either(fields["montant"], fields["valeurGlobale"]), pl.Float64),
        "duree_mois": _series(fields["dureeMois"], pl.Float64),
        "objet_modification": _series(fields["objetModification"], pl.String),
    }
    return with_columns(pl.DataFrame(columns), MODIFICATIONS)
