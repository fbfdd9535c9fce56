"""The lots of a process, each compared apart where bids and awards tell theirs."""

from dataclasses import replace

import numpy as np
import polars as pl

from optima_lib.flags.tables import SEVERAL_LOTS, Tables, in_order

LOT = pl.col("lot")


def divide(tables: Tables) -> Tables:
    """Make the lots the things compared, in the processes where every bid and every award is on one lot.

    Cardinal leaves out the processes with several active awards, since it does not know which bids compete: where
    lots are told, it is known. Elsewhere the process itself stays the thing compared, under its own number.
    """
    told = pl.concat([each.select("processus", "lot") for each in (tables.offres, tables.attributions)])
    some = told.filter(LOT.is_not_null()).select(pl.col("processus").unique())
    told = told.join(some, on="processus", how="semi")
    single = (LOT.is_not_null() & (LOT != SEVERAL_LOTS)).all().over("processus")
    lots = told.filter(single).unique().sort("processus", "lot")
    if not lots.height:
        return tables
    first = len(tables.ocid)
    lots = lots.with_row_index("du_lot", offset=first).cast({"du_lot": pl.Int32})
    divided = np.zeros(first, dtype=bool)
    divided[lots["processus"].to_numpy()] = True
    processus = tables.processus.rename({"processus": "numero"})
    units = lots.select("processus", unite="du_lot").join(
        processus, left_on="processus", right_on="numero", maintain_order="left"
    )
    whole = tables.unites.filter(pl.Series(~divided[tables.unites["processus"].to_numpy()]))
    return replace(
        tables,
        offres=_renumber(tables.offres, lots, divided),
        attributions=_renumber(tables.attributions, lots, divided),
        unites=in_order(pl.concat([whole, units.select(whole.columns)]), "unite"),
    )


def _renumber(
    frame: pl.DataFrame, lots: pl.DataFrame, divided: "np.ndarray[tuple[int], np.dtype[np.bool]]"
) -> pl.DataFrame:
    """Give each row of a divided process the number of its lot; those rows come last, in the order of their numbers."""
    in_lots = pl.Series(divided[frame["processus"].to_numpy()])
    moved = frame.filter(in_lots).join(lots, on=["processus", "lot"], maintain_order="left")
    moved = moved.with_columns(unite="du_lot").drop("du_lot").sort("unite", maintain_order=True)
    return in_order(pl.concat([frame.filter(~in_lots), moved]), "unite")
