"""What several rules read: who won each thing compared, which bids were submitted, in which currency."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from optima_lib.flags.settings import Settings
from optima_lib.flags.tables import Tables

FINAL = ["active", "cancelled", "unsuccessful"]
NOT_SUBMITTED = ["invited", "withdrawn"]
SUBMITTED = ["pending", "valid", "disqualified"]
STATUS = pl.col("statut")
NO_CURRENCY = -1  # the number of a currency that no bid tells


@dataclass(frozen=True)
class Cases:
    """The things compared (processes, or their lots in the mode ``optima``) with what is known of each."""

    tables: Tables
    settings: Settings

    @cached_property
    def bids(self) -> pl.DataFrame:
        """The bids, with who is behind each: ``entrees``, ``seul``, ``cle``."""
        return self.tables.offres.join(self.tables.groupes, on="groupe", how="left")

    @cached_property
    def submitted(self) -> pl.DataFrame:
        """The bids that were submitted: neither invitations nor withdrawn bids, their status being told."""
        submitted = self.bids.filter(STATUS.is_not_null() & ~STATUS.is_in(NOT_SUBMITTED))
        return submitted.select("processus", "unite", "statut", "montant", "devise", "groupe", "cle")

    @cached_property
    def touched(self) -> pl.DataFrame:
        """The things (``unite``) of which a bid was disqualified."""
        return self.tables.offres.filter(STATUS == "disqualified").select("unite").unique(maintain_order=True)

    @cached_property
    def awards(self) -> pl.DataFrame:
        """The awards, with who supplies: ``entrees``, ``seul``, ``cle``."""
        return self.tables.attributions.join(self.tables.groupes, on="groupe", how="left")

    @cached_property
    def compared(self) -> pl.Expr:
        """Whether prices are compared in a process, by the method that it tells."""
        details = pl.col("details")
        if self.settings.with_price:
            return details.is_in(self.tables.codes(self.settings.with_price)).fill_null(value=False)
        return ~details.is_in(self.tables.codes(self.settings.without_price)).fill_null(value=False)

    @cached_property
    def situations(self) -> pl.DataFrame:
        """The table ``unites``, with ``actives`` (active awards), ``finales`` (bids told, every award decided), and,
        of its first active award, ``gagnant`` (the party), ``entrees``, ``fournisseur`` and ``cle``."""  # noqa: D205, D209 - one sentence
        decided = STATUS.is_null() | STATUS.is_in(FINAL)
        active = self.awards.filter(STATUS == "active")
        by_unit = self.awards.group_by("unite", maintain_order=True).agg(
            decided=decided.all(), actives=(STATUS == "active").sum()
        )
        first = active.unique("unite", keep="first", maintain_order=True)
        first = first.select("unite", "entrees", "cle", gagnant="groupe", fournisseur="seul")
        told = pl.col("a_offres") & pl.col("a_attributions")
        return (
            self.tables.unites.join(by_unit, on="unite", how="left", maintain_order="left")
            .join(first, on="unite", how="left", maintain_order="left")
            .with_columns(pl.col("actives").fill_null(0), finales=told & pl.col("decided").fill_null(value=True))
        )

    @cached_property
    def currency(self) -> int | None:
        """The number of the main currency, as Cardinal finds it: the one set, or the first that a rule meets."""
        if self.settings.currency:
            return self.tables.mots.get(self.settings.currency, NO_CURRENCY)
        found = [each.sort("unite").head(1) for each in self._currencies_met()]
        first = pl.concat([each.with_columns(rang=pl.lit(rank)) for rank, each in enumerate(found)])
        first = first.sort("unite", "rang").head(1)
        return first["devise"].item() if first.height else None

    def _currencies_met(self) -> list[pl.DataFrame]:
        """Give the currencies that the rules on prices meet, in the order in which they meet them in a process."""
        met = [pl.DataFrame(schema={"unite": pl.Int32, "devise": pl.Int32})]
        told = pl.col("montant").is_not_null() & pl.col("devise").is_not_null()
        if {"R024", "R058"} & set(self.settings.codes):
            units = self.sole_winners.select("unite")
            rows = self.bids.filter(
                told & (STATUS == "valid") & (pl.col("entrees") == 1) & pl.col("seul").is_not_null()
            )
            met.append(rows.join(units, on="unite", how="semi", maintain_order="left").select("unite", "devise"))
        if "R036" in self.settings.codes:
            units = self.situations.filter(self.compared & (pl.col("actives") > 0)).select("unite")
            rows = self.submitted.filter(told).join(units, on="unite", how="semi", maintain_order="left")
            met.append(rows.select("unite", "devise"))
        return met

    @cached_property
    def sole_winners(self) -> pl.DataFrame:
        """The things whose prices are compared, all decided, won by one supplier alone."""
        alone = (pl.col("entrees") == 1) & pl.col("fournisseur").is_not_null()
        return self.situations.filter(self.compared & pl.col("finales") & (pl.col("actives") == 1) & alone)

    def members(self, frame: pl.DataFrame, party: str = "groupe") -> pl.DataFrame:
        """Give one row per member of the parties of a table, in its column ``membre``."""
        return frame.join(self.tables.membres, left_on=party, right_on="groupe", maintain_order="left")
