"""Texts whose accents and apostrophes were damaged on the way.

Repaired, because no guess is needed: HTML entities, UTF-8 read as Latin-1 or cp1252 (*mojibake*), cp1252
signs read as C1 controls, ``¿`` or ``?`` standing for an apostrophe between two letters, ``¿`` standing for
a dash between two spaces. Flagged, because the letter is lost: U+FFFD and any ``¿`` or ``?`` left inside a
word.
"""

import html
import re
from dataclasses import dataclass

import polars as pl
from ftfy import fix_encoding
from ftfy.fixes import fix_c1_controls

SUSPECT = "  |[\u00a0\u0000-\u001f\u007f-\u009f\u00ad\ufffd¿]|&#?\\w+;|[ÃÂÅ][^\\pL ]|â€|(^|\\s|\\pL)\\?\\pL"
ENTITY = re.compile(r"&#?\w+;")
APOSTROPHE = re.compile(r"(?<=[^\W\d_])¿(?=[^\W\d_])")
ELISION = re.compile(r"\b([cdjlmnst]|qu)\?(?=[aeiouyhâàäéèêëîïôöùûüœ])", re.IGNORECASE)
DASH = re.compile(r"(?<=\s)¿(?=\s)")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad]")
LOST = re.compile(r"[\ufffd¿\x80-\x9f]|(?<!\S)\?[^\W\d_]|[^\W\d_]\?[^\W\d_]")


@dataclass(frozen=True)
class Repair:
    """A repaired text, and what was met.

    Attributes
    ----------
    text : str
        The text.
    repaired : bool
        Whether an encoding was repaired.
    lost : bool
        Whether a letter is lost for good.
    """

    text: str
    repaired: bool
    lost: bool


def repair(text: str) -> Repair:
    r"""Repair the encoding of one text.

    Examples
    --------
    >>> repair("Entretien de l¿aire de jeu").text
    "Entretien de l'aire de jeu"
    >>> repair("Ma\u00c3\u00aetrise d'\u00c5\u0093uvre").text
    "Maîtrise d'œuvre"
    >>> repair("R\ufffdgie").lost
    True
    """
    entities = ENTITY.sub(lambda match: html.unescape(match[0]), text)
    encoded = fix_c1_controls(fix_encoding(entities))
    fixed = DASH.sub("–", APOSTROPHE.sub("'", ELISION.sub(r"\1'", encoded)))
    fixed = CONTROLS.sub("", fixed)
    spaced = " ".join(fixed.split())
    return Repair(spaced, repaired=fixed != text, lost=bool(LOST.search(spaced)))


def repair_texts(texts: pl.Series) -> pl.DataFrame:
    """Repair a column of texts; only those that hold a suspect sign are looked at.

    Parameters
    ----------
    texts : polars.Series
        Published texts.

    Returns
    -------
    polars.DataFrame
        One row per text: its repaired form under the name of the series, and ``est_repare``, ``est_perdu``.
    """
    stripped = texts.str.strip_chars()
    suspect = stripped.filter(stripped.str.contains(SUSPECT)).unique()
    repairs = [repair(text) for text in suspect.to_list()]
    changed = dict(zip(suspect.to_list(), repairs, strict=True))
    fixed = stripped.replace(list(changed), [each.text for each in changed.values()]) if changed else stripped
    repaired = [text for text, each in changed.items() if each.repaired]
    lost = [text for text, each in changed.items() if each.lost]
    return pl.DataFrame(
        {
            texts.name: pl.select(pl.when(fixed.str.len_bytes() > 0).then(fixed)).to_series(),
            "est_repare": stripped.is_in(repaired).fill_null(value=False),
            "est_perdu": stripped.is_in(lost).fill_null(value=False),
        }
    )
