"""``open_confrontations``: the legal persons of a partner beside their peers, read from the processed tables."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from optima_lib.comparison.measured import Numbers
from optima_lib.comparison.neighbours import nearest
from optima_lib.comparison.peers import NONE, Step, barred, build_steps, listed
from optima_lib.errors import UnknownBuyerError
from optima_lib.indicators.catalogue import fields
from optima_lib.indicators.measure import BUYER, YEAR
from optima_lib.partners import Comparaison, Entite, Periode, Voisins, load_partner
from optima_lib.paths import DATA, processed
from optima_lib.reporting.groupe_de_pairs import known_as
from optima_lib.reporting.pairs import Confrontation
from optima_lib.running.comparing import Authorities, Run
from optima_lib.running.covariables import read_covariates
from optima_lib.running.declared import declare
from optima_lib.running.estimates import KIND, Buyers
from optima_lib.running.exemple_base import base_of
from optima_lib.running.facts import ready_facts
from optima_lib.schemas import read_table


def open_confrontations(partenaire: str, donnees: Path | str = DATA) -> list[Confrontation]:
    """Compare each legal person of a partner that buys in the tables with its peers, over the period of its study.

    Parameters
    ----------
    partenaire : str
        Name of its file in ``partners/``, without ``.yml``.
    donnees : Path or str
        Data folder.

    Raises
    ------
    PartnerError
        When its file is missing or wrong.
    ComparisonError
        When the family that the partner declares is not one that is compared.
    TableError
        When the processed tables are not there.
    """
    partner = load_partner(partenaire)
    data = base_of(partner, Path(donnees))
    known = set(read_table(processed(data), "acheteurs")["acheteur_siren"])
    return [
        confront_one(each.siren, data, entite=each, comparaison=partner.comparaison, periode=partner.periode)
        for each in partner.entites
        if each.siren in known
    ]


def confront_one(
    siren: str,
    donnees: Path | str = DATA,
    *,
    entite: Entite | None = None,
    comparaison: Comparaison | None = None,
    periode: Periode | None = None,
) -> Confrontation:
    """Compare one authority with its peers; the facts of its possible peers only are read.

    Parameters
    ----------
    siren : str
        Who is compared.
    donnees : Path or str
        Data folder.
    entite : Entite, optional
        What its partner's file says of it: a category, its own list of peers.
    comparaison : Comparaison, optional
        How its partner wants to be compared.
    periode : Periode, optional
        The years; all by default.

    Raises
    ------
    UnknownBuyerError
        When it buys nothing in the tables.
    """
    folder, told = processed(Path(donnees)), comparaison or Comparaison()
    alike = _alike(read_table(folder, "acheteurs").to_pandas(), siren, entite)
    known = read_covariates(alike, told.voisins or Voisins(), Path(donnees))
    kept, steps = _peers(alike, known, siren, entite, told)
    acheteurs, covariates = (table.iloc[kept].reset_index(drop=True) for table in (alike, known))
    focal = _place(acheteurs, siren)
    declaration = declare(told.famille_principale, told.seuils)
    authorities = Authorities(Buyers.of(acheteurs), steps, barred(acheteurs, steps))
    run = Run(authorities, declaration, focals=np.array([focal]), ready={})
    rows = run.table(_facts(folder, list(acheteurs[BUYER]), periode), by=(BUYER,)).to_pandas()
    declaration.check_run(run.run)
    name = entite.nom if entite else str(acheteurs["nom"].iloc[focal])
    shown = told.noms_des_pairs == "affichés"
    return Confrontation(
        siren, name, acheteurs, rows, steps, declaration, run.ready or {}, focal, covariates, run.spans[None], shown
    )


def _alike(acheteurs: pd.DataFrame, siren: str, entite: Entite | None) -> pd.DataFrame:
    """Return the buyers among which an authority may find peers, in order: those of its category, or of its own list."""
    told = acheteurs.sort_values(BUYER, ignore_index=True)
    mine = told[BUYER] == siren
    if not mine.any():
        raise UnknownBuyerError(
            f"Aucun acheteur des tables n'a le SIREN {siren}. Vérifiez-le, ou ajoutez ses fichiers."
        )
    if entite is not None and entite.categorie:
        told.loc[mine, "categorie"] = entite.categorie
    if entite is not None and entite.pairs is not None:
        return told[mine | told[BUYER].isin(entite.pairs.sirens)].reset_index(drop=True)
    category = told.loc[mine, "categorie"].iloc[0]
    alike: pd.DataFrame = told[mine | (told["categorie"] == category)].reset_index(drop=True)
    return alike


def _place(acheteurs: pd.DataFrame, siren: str) -> int:
    return int(np.flatnonzero(acheteurs[BUYER] == siren)[0])


def _peers(
    acheteurs: pd.DataFrame, covariates: pd.DataFrame, siren: str, entite: Entite | None, told: Comparaison
) -> tuple[Numbers, list[Step]]:
    """Return the places of those in which a rule looks for peers, and the rule: its own list, likeness, or strata."""
    if entite is not None and entite.pairs is not None:
        away = len(set(entite.pairs.sirens) - set(acheteurs[BUYER]))
        motif = entite.pairs.motif + (f" ; {away} sur {len(entite.pairs.sirens)} absents de la base" if away else "")
        return np.arange(len(acheteurs)), listed(list(acheteurs[BUYER]), siren, entite.pairs.sirens, motif)
    steps, focal = build_steps(acheteurs, region=told.region), _place(acheteurs, siren)
    possible = _possible(steps, focal)
    if told.voisins is None:
        return possible, [each.seen_by(focal, possible) for each in steps]
    sirens = list(acheteurs[BUYER].iloc[possible])
    place, voisins = sirens.index(siren), told.voisins
    near = nearest(covariates.iloc[possible], place, voisins.nombre, voisins.distance_maximale)
    why = f"les plus proches : {', '.join(known_as(str(name)).lower() for name in covariates)}"
    return possible, listed(sirens, siren, [sirens[each] for each in near], why)


def _possible(steps: Sequence[Step], focal: int) -> Numbers:
    """Return the authorities in which the rule may look for peers, itself among them."""
    pools = [each.pools[each.pool_of[focal]] for each in steps if each.pool_of[focal] != NONE]
    return np.unique(np.concatenate([np.array([focal]), *pools]))


def _facts(folder: Path, sirens: Sequence[str], periode: Periode | None) -> dict[str, pl.DataFrame]:
    """Read the facts of some authorities and years."""
    mine, year = pl.col(BUYER).cast(pl.String).is_in(list(sirens)), pl.col(YEAR)
    inside = pl.lit(True) if periode is None else year.is_null() | year.is_between(periode.debut, periode.fin)
    scans = {
        name: _read(pl.scan_parquet(path), name).filter(mine, inside) for name, path in ready_facts(folder).items()
    }
    return dict(zip(scans, pl.collect_all(list(scans.values())), strict=True))


def _read(table: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """Return the columns of a table of facts that comparisons read."""
    wanted = {BUYER, YEAR, KIND, *fields().get(name, ())}
    return table.select(each for each in table.collect_schema().names() if each in wanted)
