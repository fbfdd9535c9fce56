"""OCDS releases as award data read them, and records brought to one release each."""

from typing import Any, TypeVar

import msgspec

from optima_lib.sources.encoding import as_utf8
from optima_lib.sources.typed import fit

Kept = TypeVar("Kept", "Award", "Contract")


class Struct(msgspec.Struct, gc=False, rename="camel"):
    """A part of a release; its fields bear the names of the standard."""


class Identifier(Struct, gc=False):
    """An identifier in a register (``scheme``)."""

    scheme: str | None = None
    id: str | None = None


class Organisation(Struct, gc=False):
    """An organisation, or a reference to one."""

    id: str | None = None
    name: str | None = None
    identifier: Identifier | None = None
    additional_identifiers: list[Identifier] | None = None


class Value(Struct, gc=False):
    """An amount of money."""

    amount: float | None = None
    currency: str | None = None


class Period(Struct, gc=False):
    """A period."""

    start_date: str | None = None
    end_date: str | None = None
    duration_in_days: int | None = None


class Amendment(Struct, gc=False):
    """A modification."""

    id: str | None = None
    date: str | None = None
    description: str | None = None
    rationale: str | None = None


class Item(Struct, gc=False):
    """A thing bought."""

    classification: Identifier | None = None
    additional_classifications: list[Identifier] | None = None
    related_lot: str | None = None


class Award(Struct, gc=False):
    """An award decision."""

    id: str | None = None
    title: str | None = None
    description: str | None = None
    status: str | None = None
    date: str | None = None
    value: Value | None = None
    suppliers: list[Organisation] | None = None
    items: list[Item] | None = None
    contract_period: Period | None = None
    related_lots: list[str] | None = None


class Contract(Struct, gc=False):
    """A signed contract."""

    id: str | None = None
    award_id: str | None = msgspec.field(name="awardID", default=None)
    date_signed: str | None = None
    value: Value | None = None
    period: Period | None = None
    items: list[Item] | None = None
    amendments: list[Amendment] | None = None


class Techniques(Struct, gc=False):
    """The techniques of a call."""

    has_framework_agreement: bool | None = None


class Tender(Struct, gc=False):
    """The call."""

    title: str | None = None
    description: str | None = None
    procurement_method: str | None = None
    procurement_method_details: str | None = None
    main_procurement_category: str | None = None
    number_of_tenderers: int | None = None
    items: list[Item] | None = None
    tender_period: Period | None = None
    procuring_entity: Organisation | None = None
    techniques: Techniques | None = None


class Bid(Struct, gc=False):
    """A bid."""

    id: str | None = None
    status: str | None = None
    date: str | None = None
    value: Value | None = None
    tenderers: list[Organisation] | None = None
    related_lots: list[str] | None = None


class Bids(Struct, gc=False):
    """The bids."""

    details: list[Bid] | None = None


class Release(Struct, gc=False):
    """A release."""

    ocid: str | None = None
    date: str | None = None
    buyer: Organisation | None = None
    parties: list[Organisation] | None = None
    tender: Tender | None = None
    bids: Bids | None = None
    awards: list[Award] | None = None
    contracts: list[Contract] | None = None
    decp_uid: str | None = msgspec.field(name="decpUID", default=None)


class Record(Release, gc=False):
    """A release, or a record that holds some."""

    compiled_release: Release | None = None
    releases: list[Release] | None = None


_record = msgspec.json.Decoder(Record)


def read_release(text: bytes) -> Release:
    """Read a release, or the state that a record tells; raise one of ``ocds_files.UNREADABLE`` when it is neither."""
    try:
        record = _record.decode(text)
    except (msgspec.ValidationError, UnicodeDecodeError):
        value: Any = msgspec.json.decode(as_utf8(text))
        if not isinstance(value, dict):
            raise
        record = fit(Record, value, prepared=True)
    if record.compiled_release is not None:
        return record.compiled_release
    return _compile(record.releases) if record.releases else record


def _compile(releases: list[Release]) -> Release:
    """Bring the releases of a record to one state: of each part, the latest; awards and contracts by identifier."""
    ordered = sorted(releases, key=lambda each: each.date or "")
    state = Release()
    for name in Release.__struct_fields__:
        told = [value for each in ordered if (value := getattr(each, name)) is not None]
        setattr(state, name, told[-1] if told else None)
    state.parties = [party for each in ordered for party in each.parties or ()]
    state.awards = _latest([award for each in ordered for award in each.awards or ()])
    state.contracts = _latest([contract for each in ordered for contract in each.contracts or ()])
    return state


def _latest(parts: list[Kept]) -> list[Kept]:
    return list({part.id if part.id is not None else f"#{rank}": part for rank, part in enumerate(parts)}.values())
