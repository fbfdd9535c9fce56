"""Facts of a contract about the thresholds near it: where its amount stands, and what escapes them."""

import polars as pl

from optima_lib.indicators.seuils import published_from
from optima_lib.references import bound, reference

ADAPTED = "Procédure adaptée"
WIDE, NARROW = (round(100 * bound(f"fenetre_seuil_{name}")) for name in ("large", "etroite"))
# slices of a narrow width from the bottom of the wide window: the last below the threshold, the first above
BELOW, SLICES = WIDE // NARROW, 2 * WIDE // NARROW
ABOVE = BELOW + 1


def add_windows(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Add where the initial amount stands beside the thresholds, and what the thresholds do not govern.

    Columns added:

    - ``est_hors_seuils``: call-offs and concessions, which these thresholds do not govern; never missing;
    - ``est_service_specifique``: CPV code of the social and other specific services, bought by *procédure adaptée*
      whatever the amount (R2123-1); missing without a CPV code;
    - ``est_non_formalise``: *procédure adaptée*, or without publicity nor competition; missing without a procedure;
    - ``tranche_dispense``, ``tranche_formalise``: slice of the amount over the exemption or the formal threshold, 5 %
      wide, 1 from 80 %, 4 just below, 5 from the threshold, 8 up to 120 %; 0 outside, and where the slices below fall
      under the amount from which contracts are published; missing where it is not known (amount, date, kind, or a
      launch date that leaves two thresholds);
    - ``tranche_dispense_temoin``, ``tranche_formalise_temoin``: the same beside an amount that is no threshold.
    """
    procedure = pl.col("procedure").cast(pl.String)
    calls_off = pl.col("classe_montant").cast(pl.String) == "subsequent"
    told = facts.with_columns(
        est_hors_seuils=calls_off.fill_null(value=False) | pl.col("est_concession").fill_null(value=False),
        est_service_specifique=_is_specific(),
        est_non_formalise=(procedure == ADAPTED) | pl.col("est_sans_appel"),
    )
    factors = {"": 1.0, "_temoin": None}
    return told.with_columns(
        **{
            f"tranche_{name}{suffix}": _slice(name, factor or bound(f"temoin_{name}"))
            for name in ("dispense", "formalise")
            for suffix, factor in factors.items()
        }
    )


def _is_specific() -> pl.Expr:
    """Tell the CPV codes of the table of specific services."""
    # eight digits, which are faster compared as a number
    code = pl.col("cpv").cast(pl.String).cast(pl.Int32, strict=False)
    runs = [(int(row["de"]), int(row["a"])) for row in reference("cpv_services_specifiques")]
    return pl.any_horizontal(code.is_between(first, last) for first, last in runs)


def _slice(name: str, factor: float) -> pl.Expr:
    """Return the slice of the initial amount over a threshold, times a factor."""
    low, high = (pl.col(f"seuil_{name}_{side}") for side in ("bas", "haut"))
    lowest, highest = _number(low, factor), _number(high, factor)
    sure = (low == high) | ((lowest == 0) & (highest == 0))
    return pl.when("est_hors_seuils").then(0).when(sure).then(lowest).cast(pl.Int32)


def _number(threshold: pl.Expr, factor: float) -> pl.Expr:
    """Return the number of the slice, 0 outside the window or where the slices below the threshold go unpublished."""
    percent = 100 * pl.col("montant_initial_eur") / (threshold * factor)
    hidden = threshold * (100 - WIDE) / 100 < published_from()
    near = ~hidden & percent.is_between(100 - WIDE, 100 + WIDE, closed="left")
    number = ((percent - (100 - WIDE)) / NARROW).floor() + 1
    return pl.when(near).then(number).when(percent.is_not_null()).then(0)
