"""XML read element by element, with document types and entities refused."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from optima_lib.errors import RawFileError
from optima_lib.sources.encoding import utf8

PROLOG, ENCODING = 200, re.compile(rb"<\?xml[^>]*encoding=[\"']([a-z0-9-]+)")


def walk_xml(stream: BinaryIO, label: str) -> Iterator[tuple[str, etree._Element]]:
    """Give the starts and the ends of the elements of an XML file, in order.

    Raises
    ------
    RawFileError
        When the XML is malformed or truncated, or declares a document type or entities.
    """
    start = stream.peek(PROLOG)[:PROLOG].lower()  # type: ignore[attr-defined]
    declared = ENCODING.search(start)
    source = stream if declared and declared[1] != b"utf-8" else utf8(stream)
    events = etree.iterparse(
        source, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    checked = False
    try:
        for event, element in events:
            if not checked:
                _refuse_doctype(element, label)
                checked = True
            yield event, element
    except etree.XMLSyntaxError as error:
        cure = "Téléchargez de nouveau le fichier entier, ou signalez-le à son éditeur."
        raise RawFileError(label, f"XML mal formé ou tronqué, ligne {error.lineno} ({error.msg})", cure) from None


def root_name(stream: BinaryIO, label: str) -> str:
    """Return the name of the first element of an XML file, without its namespace."""
    return local_name(next(walk_xml(stream, label))[1])


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return str(etree.QName(element).localname).strip()


def _refuse_doctype(root: etree._Element, label: str) -> None:
    if root.getroottree().docinfo.doctype:
        cure = "Un fichier de données n'en a pas : vérifiez son origine, ou retirez cette déclaration."
        raise RawFileError(label, "le XML déclare un DOCTYPE ou des entités", cure)
