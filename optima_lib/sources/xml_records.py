"""Records of an XML award file, read element by element, with document types and entities refused."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, TypeVar

from lxml import etree

from optima_lib.errors import UnknownLayoutError
from optima_lib.sources.json_records import Kind
from optima_lib.sources.rows import Records
from optima_lib.sources.xml_guard import local_name, walk_xml

T = TypeVar("T")

RECORDS = ("marche", "contrat-concession")
ROOTS = ("marches", *RECORDS)  # a file may hold one record alone
BATCH = 5_000


def read_xml(stream: BinaryIO, label: str, kind: Kind[T]) -> Iterator[Records[T]]:
    """Read the records of a DECP XML file.

    The elements become the nested values of the JSON layout: ``<titulaires><titulaire>…`` is
    ``"titulaires": [{"titulaire": {…}}]``.

    Raises
    ------
    RawFileError
        When the XML is malformed or truncated, or declares a document type or entities.
    UnknownLayoutError
        When its root is not that of a DECP file.
    """
    rang, values = 0, list[dict[str, Any]]()
    for element in _elements(stream, label):
        values.append(_object(element))
        _forget(element)
        if len(values) == BATCH:
            yield _records(values, rang, kind)
            rang, values = rang + len(values), []
    if values:
        yield _records(values, rang, kind)


def _records(values: list[dict[str, Any]], rang: int, kind: Kind[T]) -> Records[T]:
    def text(index: int) -> str:
        return json.dumps(values[index], ensure_ascii=False)

    return Records([kind.read(value) for value in values], list(range(rang, rang + len(values))), text)


def _object(element: etree._Element) -> dict[str, Any]:
    value = _value(element)
    return value if isinstance(value, dict) else {}


def _elements(stream: BinaryIO, label: str) -> Iterator[etree._Element]:
    depth = 0
    for event, element in walk_xml(stream, label):
        depth += 1 if event == "start" else -1
        if event == "start" and depth == 1:
            _check_root(element, label)
        if event == "end" and depth <= 1 and local_name(element) in RECORDS:
            yield element


def _check_root(root: etree._Element, label: str) -> None:
    if local_name(root) not in ROOTS:
        cure = "Attendu : « marches », comme dans les formats réglementaires."
        raise UnknownLayoutError(label, f"XML dont la racine est « {local_name(root)} »", cure)


def _value(element: etree._Element) -> Any:
    """Turn an element into the value that the JSON layout gives it."""
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        return (element.text or "").strip() or None
    names = [local_name(child) for child in children]
    if len(set(names)) == 1 and _holds_list(local_name(element), names[0]):
        if any(len(child) for child in children):
            return [{name: _value(child)} for name, child in zip(names, children, strict=True)]
        return {names[0]: [_value(child) for child in children]}
    values: dict[str, Any] = {}
    for name, child in zip(names, children, strict=True):
        values[name] = _joined(values[name], _value(child)) if name in values else _value(child)
    return values


def _joined(before: Any, more: Any) -> list[Any]:
    """Gather the values of an element that is repeated."""
    return [*(before if isinstance(before, list) else [before]), *(more if isinstance(more, list) else [more])]


def _holds_list(parent: str, child: str) -> bool:
    """Tell whether an element is the plural of its children (``titulaires`` of ``titulaire``)."""
    return parent.replace("s", "").casefold() == child.replace("s", "").casefold()


def _forget(element: etree._Element) -> None:
    """Free the memory of an element that has been read."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
