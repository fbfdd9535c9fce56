"""A notice's lot and a contract, compared element by element."""

from collections.abc import Callable

import polars as pl

from optima_lib.cleaning.labels import fold_label, on_distinct
from optima_lib.references import bound

EMPTY_WORDS = frozenset(
    ["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "par", "pour", "sur", "un", "une"]
)
CPV_DIGITS = 8
LEGAL_FORMS = frozenset(
    [
        "sa",
        "sas",
        "sasu",
        "sarl",
        "eurl",
        "snc",
        "scop",
        "sci",
        "selarl",
        "ste",
        "societe",
        "groupe",
        "mandataire",
        "cotraitant",
    ]
)


def words_of(text: str) -> list[str]:
    """Return the distinct words of a text that tell something.

    Examples
    --------
    >>> words_of("Fourniture de denrées, pour la Ville - lot 2")
    ['2', 'denrees', 'fourniture', 'lot', 'ville']
    """
    return sorted(set(fold_label(text).replace(".", "").split()) - EMPTY_WORDS)


def supplier_words(text: str) -> list[str]:
    """Return the distinct words of suppliers' names, legal forms left out.

    Examples
    --------
    >>> supplier_words("SARL Eiffage Route (mandataire) | NGE S.A.S.")
    ['eiffage', 'nge', 'route']
    """
    return [word for word in words_of(text) if word not in LEGAL_FORMS]


def word_lists(texts: pl.Series, read: Callable[[str], list[str]]) -> pl.Series:
    """Return the words of each text as a list; missing when it has none."""
    return on_distinct(texts, lambda text: " ".join(read(text)) or None, pl.String).str.split(" ")


def figures() -> list[pl.Expr]:
    """Compare amounts, dates and CPV: from 0 to 1, missing when a side is silent."""
    apart = (pl.col("montant_a") / pl.col("montant") - 1).abs() / bound("appariement_ecart_montant")
    free, most = bound("appariement_jours_sans_perte"), bound("appariement_jours_maximum")
    late = (pl.col("jours") - free) / (most - free)
    ends = [10**zeros for zeros in range(CPV_DIGITS - 1)]  # from the eight digits to the two of the division
    common = pl.sum_horizontal((pl.col("cpv") // end == pl.col("cpv_a") // end).cast(pl.Float64) for end in ends)
    both = pl.col("cpv").is_not_null() & pl.col("cpv_a").is_not_null()
    return [
        (1 - apart).clip(0, 1).alias("r_montant"),
        (1 - late).clip(0, 1).alias("r_date"),
        pl.when(both).then(common / len(ends)).alias("r_cpv"),
    ]


def words() -> list[pl.Expr]:
    """Compare suppliers and objects: from 0 to 1, missing when a side is silent."""
    return [
        pl.max_horizontal(_shared("sirens_a", "sirens"), _overlap("noms_a", "noms")).alias("r_titulaire"),
        pl.max_horizontal(_overlap("objet_a", "objet"), _overlap("objet_b", "objet")).alias("r_objet"),
    ]


def hopes() -> list[pl.Expr]:
    """Return the best that the comparison of words can give, from what each side tells (columns ``dit_…``)."""

    def both(left: str, right: str) -> pl.Expr:
        return pl.col(f"dit_{left}") & pl.col(f"dit_{right}")

    supplier, about = both("sirens_a", "sirens") | both("noms_a", "noms"), pl.col("dit_objet_a") | pl.col("dit_objet_b")
    return [
        pl.when(supplier).then(1.0).alias("r_titulaire"),
        pl.when(about & pl.col("dit_objet")).then(1.0).alias("r_objet"),
    ]


def lightened(side: pl.DataFrame) -> pl.DataFrame:
    """Replace the lists of words of one side by whether there are any (``dit_…``)."""
    lists = [name for name, kind in side.schema.items() if kind == pl.List]
    return side.with_columns(pl.col(name).is_not_null().alias(f"dit_{name}") for name in lists).drop(lists)


def _shared(left: str, right: str) -> pl.Expr:
    """Return one where two lists share an element, zero where they share none."""
    return (pl.col(left).list.set_intersection(right).list.len() > 0).cast(pl.Float64)


def _overlap(left: str, right: str) -> pl.Expr:
    """Return the share of the words of the shorter of two lists that the other has too."""
    shorter = pl.min_horizontal(pl.col(left).list.len(), pl.col(right).list.len())
    return pl.when(shorter > 0).then(pl.col(left).list.set_intersection(right).list.len() / shorter)
