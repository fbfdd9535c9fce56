"""JSON objects read into typed structs, whatever the types that were published.

A field of another type than the struct's is missing. With ``prepared``, a number that stands for a text is read as
that text, and a lone object as a list of one.
"""

from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec


def fit(kind: Any, value: Any, *, prepared: bool) -> Any:
    """Make a value of a type from JSON, what is of another type left missing.

    Examples
    --------
    >>> import msgspec
    >>> class Party(msgspec.Struct):
    ...     id: str | None = None
    >>> [fit(Party, {"id": 12}, prepared=each).id for each in (True, False)]
    ['12', None]
    """
    if isinstance(kind, UnionType):
        kind = get_args(kind)[0]
    if get_origin(kind) is list:
        if prepared and isinstance(value, dict):
            value = [value]
        inner = get_args(kind)[0]
        return [fit(inner, each, prepared=prepared) for each in value] if isinstance(value, list) else None
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _struct(kind, value, prepared=prepared)
    if kind is msgspec.Raw:
        return msgspec.Raw(msgspec.json.encode(value)) if value is not None else msgspec.Raw()
    return _scalar(kind, value, prepared=prepared)


@cache
def _fields(kind: type[msgspec.Struct]) -> list[tuple[str, str, Any]]:
    """List the fields of a struct: its name, that in JSON, its type."""
    hints = get_type_hints(kind)
    return [(each.name, each.encode_name, hints[each.name]) for each in msgspec.structs.fields(kind)]


def _struct(kind: type[msgspec.Struct], value: Any, *, prepared: bool) -> msgspec.Struct:
    if not isinstance(value, dict):
        return kind()
    told = [(name, hint, value[key]) for name, key, hint in _fields(kind) if key in value]
    return kind(**{name: fit(hint, each, prepared=prepared) for name, hint, each in told})


def _scalar(kind: Any, value: Any, *, prepared: bool) -> Any:
    if isinstance(value, bool):
        return value if kind is bool else None
    if kind is str:
        return value if isinstance(value, str) else str(value) if prepared and isinstance(value, int) else None
    if kind is float:
        return float(value) if isinstance(value, int | float) else None
    return value if kind is int and isinstance(value, int) else None
