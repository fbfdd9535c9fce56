"""The part of an OCDS release that the flags read.

Releases are decoded into typed structs. A field of another type than the standard's is read as missing, as
Cardinal does; with ``prepared``, numbers that stand for identifiers are read as text and a lone object as a list
of one, as Cardinal's ``prepare`` command does.
"""

from collections.abc import Iterator
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from optima_lib.sources.encoding import as_utf8

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError)


class Party(msgspec.Struct, gc=False):
    """A reference to an organisation."""

    id: str | None = None


class Period(msgspec.Struct, gc=False, rename="camel"):
    """A period between two moments, as text."""

    start_date: str | None = None
    end_date: str | None = None


class Tender(msgspec.Struct, gc=False, rename="camel"):
    """The call."""

    status: str | None = None
    procurement_method: str | None = None
    procurement_method_details: str | None = None
    number_of_tenderers: int | None = None
    tender_period: Period | None = None
    procuring_entity: Party | None = None


class Value(msgspec.Struct, gc=False):
    """An amount of money."""

    amount: float | None = None
    currency: str | None = None


class Bid(msgspec.Struct, gc=False, rename="camel"):
    """A bid."""

    status: str | None = None
    date: str | None = None
    tenderers: list[Party] | None = None
    value: Value | None = None
    related_lots: list[str] | None = None


class Bids(msgspec.Struct, gc=False):
    """The bids."""

    details: list[Bid] | None = None


class Classification(msgspec.Struct, gc=False):
    """A code of a nomenclature."""

    id: str | None = None


class Item(msgspec.Struct, gc=False):
    """A thing bought."""

    classification: Classification | None = None


class Award(msgspec.Struct, gc=False, rename="camel"):
    """An award decision."""

    status: str | None = None
    suppliers: list[Party] | None = None
    items: list[Item] | None = None
    related_lots: list[str] | None = None


class Release(msgspec.Struct, gc=False):
    """A release, or a record or a package when one of ``wrapped``'s fields is there."""

    ocid: str | None = None
    date: str | None = None
    buyer: Party | None = None
    tender: Tender | None = None
    bids: Bids | None = None
    awards: list[Award] | None = None
    compiled: msgspec.Raw = msgspec.field(name="compiledRelease", default=msgspec.Raw())
    records: msgspec.Raw = msgspec.Raw()
    releases: msgspec.Raw = msgspec.Raw()


RELEASE = msgspec.json.Decoder(Release)
_HINTS = {
    kind: get_type_hints(kind)
    for kind in (Party, Period, Tender, Value, Bid, Bids, Classification, Item, Award, Release)
}
_NAMES = {kind: {each.name: each.encode_name for each in msgspec.structs.fields(kind)} for kind in _HINTS}


def read_release(text: bytes, *, prepared: bool) -> Release:
    """Read one JSON object; raise one of ``UNREADABLE`` when it is none.

    Examples
    --------
    >>> read_release(b'{"ocid": "a", "tender": {"numberOfTenderers": "two"}}', prepared=True).tender.number_of_tenderers
    """
    try:
        return RELEASE.decode(text)
    except (msgspec.ValidationError, UnicodeDecodeError):
        value = msgspec.json.decode(as_utf8(text) if prepared else text)
    if not isinstance(value, dict):
        raise msgspec.ValidationError("not an object")
    release: Release = _fit(Release, value, prepared=prepared)
    return release


def _fit(kind: Any, value: Any, *, prepared: bool) -> Any:
    """Make a value of a type from JSON, what is of another type left missing."""
    if isinstance(kind, UnionType):
        kind = get_args(kind)[0]
    if get_origin(kind) is list:
        if prepared and isinstance(value, dict):
            value = [value]
        inner = get_args(kind)[0]
        return [_fit(inner, each, prepared=prepared) for each in value] if isinstance(value, list) else None
    if kind in _HINTS:
        return _struct(kind, value, prepared=prepared)
    if kind is msgspec.Raw:
        return msgspec.Raw(msgspec.json.encode(value)) if value is not None else msgspec.Raw()
    return _scalar(kind, value, prepared=prepared)


def _struct(kind: Any, value: Any, *, prepared: bool) -> Any:
    if not isinstance(value, dict):
        return kind()
    names = _NAMES[kind]
    return kind(
        **{
            name: _fit(hint, value[names[name]], prepared=prepared)
            for name, hint in _HINTS[kind].items()
            if names[name] in value
        }
    )


def _scalar(kind: Any, value: Any, *, prepared: bool) -> Any:
    if isinstance(value, bool):
        return None
    if kind is str:
        return value if isinstance(value, str) else str(value) if prepared and isinstance(value, int) else None
    if kind is float:
        return float(value) if isinstance(value, int | float) else None
    return value if isinstance(value, int) else None


def unwrap(release: Release, *, prepared: bool) -> Iterator[Release]:
    """Give the releases of a record or of a package; a release gives itself.

    The compiled release of a record stands for all; where it has none, its releases are given one by one.
    """
    if _is_told(release.compiled):
        yield read_release(bytes(release.compiled), prepared=prepared)
        return
    wrapped = release.records if _is_told(release.records) else release.releases
    if not _is_told(wrapped):
        yield release
        return
    for each in msgspec.json.decode(wrapped, type=list[msgspec.Raw]):
        yield from unwrap(read_release(bytes(each), prepared=prepared), prepared=prepared)


def _is_told(raw: msgspec.Raw) -> bool:
    return bytes(raw) not in {b"", b"null"}
