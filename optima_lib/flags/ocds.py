"""The part of an OCDS release that the flags read.

Releases are decoded into typed structs. A field of another type than the standard's is read as missing, as
Cardinal does; with ``prepared``, numbers that stand for identifiers are read as text and a lone object as a list
of one, as Cardinal's ``prepare`` command does.
"""

from collections.abc import Iterator

import msgspec

from optima_lib.sources.encoding import as_utf8
from optima_lib.sources.typed import fit


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


def read_release(text: bytes, *, prepared: bool) -> Release:
    """Read one JSON object; raise one of ``ocds_files.UNREADABLE`` when it is none.

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
    release: Release = fit(Release, value, prepared=prepared)
    return release


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
