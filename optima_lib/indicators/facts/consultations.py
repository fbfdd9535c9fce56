r"""Contracts that are lots of one consultation, told by their identifier, object and date.

Award data hold no consultation. Two contracts of one buyer, notified at most ``ecart_lots_jours`` apart, are lots of
one when they have:

1. the same *root of identifier*: the number of the contract without its mark of lot (``2024OP166-LOT1``,
   ``2018001L1200``, where ``00`` numbers the modification). A number without such a mark counts only where the object
   is missing: some buyers give one number to contracts of different objects; or
2. the same *root of object*: the object up to its mark of lot (``Assurances - lot n° 2 : flotte``). Shorter than ``racine_objet_minimum`` (``Lot 1 - Gros œuvre`` has none), the day must be the same.

The bounds are in ``references/bornes.csv``. What was not published brings nothing together; call-offs and
concessions are left apart.
"""

import numpy as np
import polars as pl

from optima_lib.indicators.sums import Numbers
from optima_lib.references import bound

LOT_IN_OBJECT = r"(?:\b|_)lots?[\s_:.-]*(?:n\s*[°ºo]?\s*[.:]?\s*|num[ée]ro\s*)?\d{1,3}\b"
# a lot from 1, and the two zeros by which some number an unmodified contract; lot 00 is no lot
NUMBER = r"(?:[1-9]\d00|0?[1-9]00|[1-9]\d|0?[1-9])"
LOT_IN_ID = rf"LOT[-_ .]*{NUMBER}|[-_/. \d]L{NUMBER}$"
MADE = ("cle_objet", "cle_id", "consultation", "a_marque_de_lot")
ENDS = " -–:.,;/(_"
NOT_ZERO = r"[1-9A-Z]"
DAY, BUYER = "date_notification", "acheteur_siren"


def add_consultations(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add the consultation of each contract, as far as the data tell it.

    Columns added: ``est_ordinaire`` (neither a call-off nor a concession, as far as its class and nature are known);
    ``nb_lots_consultation`` (contracts of the consultation, itself included); ``part_consultation`` (one divided by
    that number, so that a consultation counts once); ``est_alloti`` (it has two lots at least, or a mark of lot
    stands in the identifier or object of the contract, or several lots are published under its identifier).
    """
    labelled = _labelled(_rooted(facts.with_columns(est_ordinaire=_is_ordinary())))
    counted = labelled.with_columns(nb_lots_consultation=pl.len().over("consultation"))
    number = pl.col("nb_lots_consultation")
    several = (number > 1) | (pl.col("nb_lots") > 1).fill_null(value=False)
    told = counted.with_columns(est_alloti=several | pl.col("a_marque_de_lot"), part_consultation=1.0 / number)
    return told.drop(*MADE)


def _is_ordinary() -> pl.Expr:
    """Tell contracts that an own procedure may have given; an unknown class or nature leaves it open."""
    call_off = (pl.col("classe_montant").cast(pl.String) == "subsequent").fill_null(value=False)
    return ~call_off & ~pl.col("est_concession").fill_null(value=False)


def _rooted(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add the keys of a buyer's object and identifier, and whether a mark of lot is there.

    The uid stands for a missing root, and for those of call-offs, concessions and contracts without a date.
    """
    subject, number = pl.col("objet").str.to_lowercase(), pl.col("marche_id").str.to_uppercase()
    root = subject.str.replace(f"(?s){LOT_IN_OBJECT}.*", "").str.strip_chars_end(ENDS)
    short = root.str.len_chars() < bound("racine_objet_minimum")
    same_day = pl.when(short).then(pl.format("{} {}", root, pl.col(DAY))).otherwise(root)
    bare = number.str.replace(rf"LOT[-_ .]*{NUMBER}", "").str.replace(rf"([-_/. \d])L{NUMBER}$", "$1")
    marks = subject.str.contains(LOT_IN_OBJECT), number.str.contains(LOT_IN_ID)
    telling = (marks[1] | subject.is_null()) & number.str.contains(NOT_ZERO)
    return facts.with_columns(
        cle_objet=_key(same_day),
        cle_id=_key(pl.when(telling).then(bare.str.strip_chars_end(ENDS))),
        a_marque_de_lot=pl.any_horizontal(each.fill_null(value=False) for each in marks),
    )


def _key(root: pl.Expr) -> pl.Expr:
    """Return one number for a buyer and root."""
    apart = pl.col(DAY).is_null() | ~pl.col("est_ordinaire")
    return pl.struct(BUYER, pl.when(~apart).then(root).fill_null(pl.col("uid")).alias("racine")).hash()


def _labelled(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add ``consultation``: one number for the contracts that the object or the identifier brings together."""
    return facts.with_columns(consultation=pl.struct("cle_objet", "cle_id", DAY).map_batches(_components, pl.Int64))


def _components(ties: pl.Series) -> pl.Series:
    """Give contracts that runs of objects or of identifiers tie together the place of the first of them."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - slow to import
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    place = np.arange(len(ties))
    # a contract whose keys are its own is alone
    table = ties.struct.unnest().with_row_index("rang")
    tied = table.filter(pl.col("cle_objet").is_duplicated() | pl.col("cle_id").is_duplicated())
    if tied.height:
        one, other = (_runs(tied.select(pl.col(key).alias("cle"), DAY)) for key in ("cle_objet", "cle_id"))
        first = int(one.max()) + 1
        nodes = first + int(other.max()) + 1
        edges = coo_array((np.ones(len(one), dtype=np.int8), (one, other + first)), shape=(nodes, nodes))
        component = connected_components(edges, directed=False)[1][one]
        _, earliest, number = np.unique(component, return_index=True, return_inverse=True)
        rows = tied["rang"].to_numpy()
        place[rows] = rows[earliest][number]
    return pl.Series(place)


def _runs(keyed: pl.DataFrame) -> Numbers:
    """Give a number to each key and run of dates: another run begins after too long a gap."""
    day = pl.col(DAY).to_physical().fill_null(0)
    ordered = keyed.select("cle", jour=day).with_row_index("rang").sort("cle", "jour")
    begins = (pl.col("cle") != pl.col("cle").shift()) | (pl.col("jour").diff() > bound("ecart_lots_jours"))
    numbered = ordered.select("rang", numero=begins.fill_null(value=False).cum_sum())
    runs = np.empty(numbered.height, dtype=np.int64)
    runs[numbered["rang"].to_numpy()] = numbered["numero"].to_numpy()
    return runs
