"""Identifiers of buyers and suppliers: SIREN, SIRET and the other kinds that DECP admits.

A SIRET is the 9 digits of a SIREN and 5 of an establishment, each number ending in a Luhn check digit. Those
of La Poste (SIREN 356000000) follow another rule: the sum of their digits is a multiple of 5. Source: INSEE,
"Le système d'immatriculation au répertoire des unités statistiques".

A check that fails marks an identifier and never drops it.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

LA_POSTE = "356000000"
SIREN_LENGTH, SIRET_LENGTH = 9, 14
SPACES = r"[\s\u00a0\u202f]"


def tidy_identifiers(published: pl.Series) -> pl.Series:
    """Remove what export tools add to identifiers: spaces, a decimal part, lost leading zeros.

    Leading zeros are given back only where the check digit then confirms the number (an export as a number
    loses them).

    Examples
    --------
    >>> import polars as pl
    >>> published = pl.Series(["23 350 001 600 040", "5650171100115", "FR 12", " ", "216404459.0"])
    >>> tidy_identifiers(published).to_list()
    ['23350001600040', '05650171100115', 'FR12', None, '216404459']
    """
    packed = published.str.replace(r"^\s*([0-9]+)\.0+\s*$", "${1}").str.replace_all(SPACES, "")
    numeric = packed.str.contains(r"^[0-9.-]+$").fill_null(value=False)
    packed = packed.zip_with(~numeric, packed.str.replace_all(r"[.-]", ""))
    short = packed.str.contains(r"^[0-9]{12,13}$").fill_null(value=False)
    if short.any():
        padded = packed.str.zfill(SIRET_LENGTH)
        packed = packed.zip_with(~(short & are_sirets(padded)), padded)
    return packed.set(packed == "", None)


def are_sirets(numbers: pl.Series) -> pl.Series:
    """Tell which numbers are well-formed SIRET, the exception of La Poste included.

    Examples
    --------
    >>> import polars as pl
    >>> numbers = pl.Series(["21640445900010", "21640445900011", "35600000049837", "216404459", None])
    >>> are_sirets(numbers).to_list()
    [True, False, True, False, False]
    """
    formed, digits = _digits(numbers, SIRET_LENGTH)
    poste = numbers.str.starts_with(LA_POSTE).fill_null(value=False).to_numpy() & (digits.sum(axis=0) % 5 == 0)
    return pl.Series(formed & (_luhn(digits) | poste))


def are_sirens(numbers: pl.Series) -> pl.Series:
    """Tell which numbers are well-formed SIREN.

    Examples
    --------
    >>> import polars as pl
    >>> are_sirens(pl.Series(["216404459", "216404458", None])).to_list()
    [True, False, False]
    """
    formed, digits = _digits(numbers, SIREN_LENGTH)
    return pl.Series(formed & _luhn(digits))


def sirens_of(identifiers: pl.Series) -> pl.Series:
    """Return the SIREN that each SIRET or SIREN holds, missing when its check digit fails.

    Examples
    --------
    >>> import polars as pl
    >>> sirens_of(pl.Series(["21640445900010", "216404459", "12345678900022", "FR32918951849"])).to_list()
    ['216404459', '216404459', None, None]
    """
    sirens = buyer_sirens(identifiers)
    return sirens.set(~are_sirens(sirens), None)


def buyer_sirens(sirets: pl.Series) -> pl.Series:
    """Return the first nine digits of buyers' numbers, whatever their check digit: a buyer is never dropped."""
    numbers = sirets.str.contains(r"^[0-9]{9}([0-9]{5})?$").fill_null(value=False)
    return sirets.str.slice(0, SIREN_LENGTH).set(~numbers, None)


def complete_types(types: pl.Series, identifiers: pl.Series) -> pl.Series:
    """Complete the kind of suppliers' identifiers: a well-formed SIRET without a kind is a SIRET."""
    lacking = types.is_null()
    if not lacking.any():
        return types
    siret = pl.Series(["SIRET"], dtype=types.dtype).new_from_index(0, len(types))
    return types.zip_with(~(lacking & are_sirets(identifiers)), siret)


def _digits(numbers: pl.Series, length: int) -> tuple[NDArray[np.bool_], NDArray[np.uint64]]:
    """Return which texts are numbers of this length, and their digits, the last one first (zeros for the others)."""
    formed = numbers.str.contains(rf"^[0-9]{{{length}}}$").fill_null(value=False)
    values = numbers.set(~formed, "0").fill_null("0").cast(pl.UInt64).to_numpy()
    places = np.arange(length, dtype=np.uint64)[:, None]
    return formed.to_numpy(), values[None, :] // np.uint64(10) ** places % np.uint64(10)


def _luhn(digits: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Tell which numbers pass the Luhn check: every second digit counts double, less 9 above 9."""
    doubled = digits.copy()
    doubled[1::2] *= np.uint64(2)
    doubled[doubled > 9] -= np.uint64(9)
    passed: NDArray[np.bool_] = doubled.sum(axis=0) % 10 == 0
    return passed
