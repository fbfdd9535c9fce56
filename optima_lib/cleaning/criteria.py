"""Award criteria of a lot: is price alone, and what share of the weights goes to price, environment and society."""

import json
import re
from functools import cache

import polars as pl

from optima_lib.cleaning.labels import fold_label
from optima_lib.cleaning.resemblances import EMPTY_WORDS
from optima_lib.references import bound, reference

WEIGHT = re.compile(r"^(\d+(?:[.,]\d+)?)\s*(?:%|points?|/\s*100)?$")
PRICES = ("prix", "coût")
MOST = 101.0  # per cent, with room for rounding: a greater sum counts sub-criteria with their criterion
SHARES = {"critere_prix_seul": pl.Boolean, "poids_prix": pl.Float64} | dict.fromkeys(
    ("poids_environnement", "poids_social"), pl.Float64
)
Criterion = tuple[str, str | None, str | None]


def weigh_criteria(published: pl.Series) -> pl.DataFrame:
    """Weigh the criteria of lots.

    A format that does not tell the family of a criterion leaves it to the first words of its wording, by
    ``references/avis_criteres.csv``. Weights are brought to shares of their sum; when one of them is not a number, or
    when they add up to more than 100, as sub-criteria do with their criterion, none is known. A consideration is counted only where it heads a criterion: one that is a part of the technical
    value is not seen.

    Parameters
    ----------
    published : polars.Series
        JSON list of criteria (family, wording, weight), as text; missing when the notice tells none.

    Returns
    -------
    polars.DataFrame
        One row per text: ``critere_prix_seul``, ``poids_prix`` (price and cost), ``poids_environnement`` and
        ``poids_social``, between 0 and 1, missing when the notice does not tell.

    Examples
    --------
    >>> import polars as pl
    >>> texts = pl.Series(['[["prix", null, "40 %"], ["qualité", "Performance environnementale", "60 %"]]', None])
    >>> weigh_criteria(texts).row(0)
    (False, 0.4, 0.6, 0.0)
    >>> weigh_criteria(texts).row(1)
    (None, None, None, None)
    """
    distinct = published.unique()
    rows = [weigh(json.loads(text)) if text else (None,) * len(SHARES) for text in distinct.to_list()]
    known = pl.DataFrame(rows, schema=SHARES, orient="row").with_columns(texte=distinct)
    texts = published.alias("texte").to_frame()
    return texts.join(known, on="texte", how="left", nulls_equal=True, maintain_order="left").drop("texte")


def weigh(criteria: list[Criterion]) -> tuple[bool | None, float | None, float | None, float | None]:
    """Return whether price is the only criterion, then the shares of price, environment and society.

    A single criterion that is neither of a told family nor of the words of price ("voir règlement") tells nothing.

    Examples
    --------
    >>> weigh([("", "Voir le règlement de la consultation", None)])
    (None, None, None, None)
    """
    typed = all(family for family, _, _ in criteria)
    prices = [family in PRICES if family else speaks_of("prix", text) for family, text, _ in criteria]
    alone = all(prices) and "coût" not in {family for family, _, _ in criteria}
    if alone:
        return True, 1.0, 0.0, 0.0
    if len(criteria) == 1 and not typed:
        return None, None, None, None
    weights = [_weight(text) for _, _, text in criteria]
    known = [weight for weight in weights if weight is not None]
    if len(known) < len(weights) or not 0 < sum(known) <= MOST:
        return False, None, None, None
    shares = [weight / sum(known) for weight in known]
    price = sum(share for share, each in zip(shares, prices, strict=True) if each)
    aims = [
        sum(share for share, (_, text, _) in zip(shares, criteria, strict=True) if speaks_of(aim, text))
        for aim in ("environnement", "social")
    ]
    return False, price if typed or any(prices) else None, float(aims[0]), float(aims[1])


def speaks_of(aim: str, wording: str | None) -> bool:
    """Tell whether the first words of a criterion are of an aim.

    Examples
    --------
    >>> speaks_of("prix", "PRIX des prestations"), speaks_of("social", "Insertion sociale"), speaks_of("prix", None)
    (True, True, False)
    """
    words = [word for word in fold_label(wording or "").split() if word not in EMPTY_WORDS][
        : int(bound("mots_critere"))
    ]
    text = f" {' '.join(words)} "
    return any(f" {sign} " in text for sign in _signs(aim))


@cache
def _signs(aim: str) -> tuple[str, ...]:
    return tuple(row["mots"] for row in reference("avis_criteres") if row["famille"] == aim)


def _weight(text: str | None) -> float | None:
    found = WEIGHT.match((text or "").strip().lower())
    return float(found[1].replace(",", ".")) if found else None
