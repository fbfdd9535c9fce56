"""CPV codes: eight digits, with or without their check digit, and the kind of purchase that they tell."""

import re
from functools import cache

import polars as pl

from optima_lib.cleaning.labels import LABELS, on_distinct, without_filler
from optima_lib.references import reference

CODE = re.compile(r"^(\d{8})(?:-?\d)?$")


def tidy_cpv(published: pl.Series) -> pl.Series:
    """Return the eight digits of CPV codes, missing when malformed or of no known division.

    The check digit is left out: half of the published codes do not have it.

    Examples
    --------
    >>> import polars as pl
    >>> tidy_cpv(pl.Series(["45316110-9", "45212221", "30.19.0000", "4521", "99000000", None])).to_list()
    ['45316110', '45212221', '30190000', None, None, None]
    """
    return on_distinct(published, _read_code, LABELS)


def _read_code(text: str) -> str | None:
    code = CODE.match(re.sub(r"[\s.]", "", without_filler(text) or ""))
    return code[1] if code and code[1][:2] in kinds_by_division() else None


def kinds_of_purchase(cpv: pl.Series, declared: pl.Series) -> pl.Series:
    """Tell works, goods and services from the CPV division, else from what the file declares.

    Division 45 is works, divisions 03 to 44 and 48 are goods, the others services (CPV 2008, regulation
    213/2008).

    Examples
    --------
    >>> import polars as pl
    >>> codes, declared = pl.Series(["45212221", "48000000", "71000000", None]), pl.Series([None] * 3 + ["Travaux"])
    >>> kinds_of_purchase(codes, declared).to_list()
    ['Travaux', 'Fournitures', 'Services', 'Travaux']
    """
    kinds = kinds_by_division()
    told = on_distinct(cpv.cast(pl.String), lambda code: kinds[code[:2]], LABELS)
    stated = on_distinct(declared.cast(pl.String), lambda kind: kind if kind in kinds.values() else None, LABELS)
    return told.zip_with(told.is_not_null(), stated)


@cache
def kinds_by_division() -> dict[str, str]:
    """Return the kind of purchase of each CPV division."""
    return {row["division"]: row["type_achat"] for row in reference("cpv_divisions")}
