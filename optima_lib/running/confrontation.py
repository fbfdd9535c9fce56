"""``open_confrontations``: the legal persons of a partner beside their peers, read from the processed tables."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from optima_lib.comparison.confront import Numbers
from optima_lib.comparison.neighbours import nearest
from optima_lib.comparison.peers import NONE, Step, barred, listed
from optima_lib.errors import UnknownBuyerError
from optima_lib.indicators.measure import BUYER
from optima_lib.partners import Comparaison, Entite, Periode, load_partner
from optima_lib.paths import DATA, processed
from optima_lib.reporting.pairs import Confrontation, described
from optima_lib.running.comparing import Authorities, Run
from optima_lib.running.declared import declare
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
    acheteurs = read_table(folder, "acheteurs").to_pandas().sort_values("acheteur_siren", ignore_index=True)
    places = np.flatnonzero(acheteurs["acheteur_siren"] == siren)
    if not len(places):
        raise UnknownBuyerError(
            f"Aucun acheteur des tables n'a le SIREN {siren}. Vérifiez-le, ou ajoutez ses fichiers."
        )
    focal = int(places[0])
    if entite is not None and entite.categorie:
        acheteurs.loc[focal, "categorie"] = entite.categorie
    authorities = _with_peers(Authorities.of(acheteurs, region=told.region), acheteurs, focal, entite, told)
    declaration = declare(told.famille_principale, told.seuils)
    run = Run(authorities, declaration, focals=np.array([focal]), ready={})
    members = [acheteurs["acheteur_siren"].iloc[place] for place in _possible(authorities.steps, focal)]
    tables = list(run.tables(_facts(folder, members, periode), by=(BUYER,)))
    declaration.check_run(run.run)
    adjusted = [run.with_adjusted(table) for table in tables]
    rows = pl.concat(adjusted).with_columns(pl.selectors.categorical().cast(pl.String)).to_pandas()
    name = entite.nom if entite else str(acheteurs["nom"].iloc[focal])
    shown = told.noms_des_pairs == "affichés"
    return Confrontation(siren, name, acheteurs, rows, authorities.steps, declaration, run.ready or {}, focal, shown)


def _with_peers(
    authorities: Authorities, acheteurs: pd.DataFrame, focal: int, entite: Entite | None, told: Comparaison
) -> Authorities:
    """Put the partner's own peers in the place of the rule, where it has some."""
    sirens = list(acheteurs["acheteur_siren"])
    if entite is not None and entite.pairs is not None:
        steps = listed(sirens, sirens[focal], entite.pairs.sirens, entite.pairs.motif)
    elif told.voisins is not None:
        pool = _possible(authorities.steps, focal)
        covariates = described(acheteurs).iloc[pool].reset_index(drop=True)
        place = int(np.flatnonzero(pool == focal)[0])
        near = pool[nearest(covariates, place, told.voisins.nombre, told.voisins.distance_maximale)]
        steps = listed(
            sirens,
            sirens[focal],
            [sirens[each] for each in near],
            "les plus proches par la population et le nombre de marchés",
        )
    else:
        return authorities
    return Authorities(authorities.buyers, steps, barred(acheteurs, steps))


def _possible(steps: Sequence[Step], focal: int) -> Numbers:
    """Return the authorities in which the rule may look for peers, itself among them."""
    pools = [each.pools[each.pool_of[focal]] for each in steps if each.pool_of[focal] != NONE]
    return np.unique(np.concatenate([np.array([focal]), *pools]))


def _facts(folder: Path, sirens: Sequence[str], periode: Periode | None) -> dict[str, pl.DataFrame]:
    """Read the facts of some authorities and years."""
    mine, year = pl.col(BUYER).cast(pl.String).is_in(list(sirens)), pl.col("annee")
    inside = pl.lit(True) if periode is None else year.is_null() | year.is_between(periode.debut, periode.fin)
    scans = {name: pl.scan_parquet(path).filter(mine, inside) for name, path in ready_facts(folder).items()}
    return dict(zip(scans, pl.collect_all(list(scans.values())), strict=True))
