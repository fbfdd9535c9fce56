"""What the tests about the real files share."""

import polars as pl

H2 = "decp_2024H2_travaux_cpv4521_filtered.csv.gz"
NEVERS, PAU, PAU_DISTRICT = "245804406", "216404459", "200067254"


def contracts_of(tables, pattern):
    """The contracts that some files tell of."""
    told = tables["enregistrements"].filter(pl.col("fichier").str.contains(pattern))
    return tables["marches"].join(told.select("uid").unique(), on="uid", how="semi")
