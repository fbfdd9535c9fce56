"""``open_study``: the tables of a partner, read from the processed ones."""

from pathlib import Path

import duckdb
import pandas as pd

from optima_lib.errors import TableError, UnknownBuyerError
from optima_lib.indicators.facts import Conventions
from optima_lib.partners import Partner, load_partner
from optima_lib.paths import DATA, processed
from optima_lib.reporting.etude import Etude
from optima_lib.running.exemple_base import base_of
from optima_lib.running.facts import ready_facts
from optima_lib.schemas import check_readable, table_path

NEEDED = (
    *("marches", "titulaires", "modifications", "acheteurs", "enregistrements", "fichiers", "ecartes"),
    *("entreprises", "etablissements"),
)
NAMES_SHOWN = 3

__all__ = ["Etude", "open_study"]


def open_study(partenaire: str, donnees: Path | str = DATA) -> Etude:
    """Open the study of a partner.

    Parameters
    ----------
    partenaire : str
        Name of its file in ``partners/``, without ``.yml``. The invented authority needs no data beforehand.
    donnees : Path or str
        Data folder.

    Returns
    -------
    Etude
        Its tables as pandas DataFrames, its indicators, its figures.

    Raises
    ------
    PartnerError
        When its file is missing or wrong.
    UnknownBuyerError
        When none of the tables' buyers has one of its SIREN; the nearest names are said.
    TableError
        When the processed tables are not there.
    """
    partner = load_partner(partenaire)
    folder = processed(base_of(partner, Path(donnees)))
    for name in NEEDED:
        if not table_path(folder, name).is_file():
            raise TableError(f"{table_path(folder, name)} manque. Lancez d'abord « optima clean » sur vos fichiers.")
    check_readable(table_path(folder, name) for name in NEEDED)
    with duckdb.connect() as base:
        for name in NEEDED:
            base.execute(f"create view {name} as from read_parquet('{_quoted(table_path(folder, name))}')")
        _check_buyers(base, partner)
        return _open(base, partner, folder)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _open(base: duckdb.DuckDBPyConnection, partner: Partner, folder: Path) -> Etude:
    """Read the partner's rows of each table."""
    base.execute("create table miens as select * from marches where list_contains(?, acheteur_siren)", [partner.sirens])
    base.execute(
        "create table retenus as from miens where annee between ? and ? or annee is null",
        [partner.periode.debut, partner.periode.fin],
    )
    told = {each.siren: each.nom for each in partner.entites}
    conventions = Conventions()
    marches = _frame(base, "from retenus order by uid")
    return Etude(
        partner=partner,
        marches=marches.assign(entite=marches["acheteur_siren"].map(told)),
        titulaires=_frame(base, "from titulaires semi join retenus using (uid) order by uid, titulaire_id"),
        modifications=_frame(base, "from modifications semi join retenus using (uid) order by uid, rang"),
        acheteurs=_frame(base, "from acheteurs where list_contains(?, acheteur_siren)", [partner.sirens]),
        hors_periode=_frame(base, "from miens anti join retenus using (uid) order by uid"),
        enregistrements=_frame(base, "from enregistrements semi join miens using (uid) order by fichier, rang"),
        fichiers=_frame(base, FILES),
        ecartes=_frame(
            base, "from ecartes semi join (from enregistrements semi join miens using (uid)) using (fichier)"
        ),
        entreprises=_frame(base, f"from entreprises semi join ({HELD}) on siren = titulaire_siren order by siren"),
        etablissements=_frame(
            base, f"from etablissements semi join ({HELD}) on siren = titulaire_siren order by siret"
        ),
        faits={name: _facts(base, path, partner) for name, path in ready_facts(folder, conventions).items()},
        conventions=conventions,
    )


def _facts(base: duckdb.DuckDBPyConnection, path: Path, partner: Partner) -> pd.DataFrame:
    """Read the partner's facts of its period."""
    return _frame(
        base,
        f"from read_parquet('{_quoted(path)}') where list_contains(?, acheteur_siren)"
        " and (annee between ? and ? or annee is null)",
        [partner.sirens, partner.periode.debut, partner.periode.fin],
    )


HELD = "from titulaires semi join retenus using (uid)"
FILES = """
with miens_ici as (select distinct fichier from enregistrements semi join miens using (uid)),
contenu as (
    select fichier, count(distinct uid) contrats, min(date_notification) premiere_notification,
        max(date_notification) derniere_notification, count(distinct type_achat) nb_types_achat,
        min(type_achat) type_achat
    from enregistrements semi join miens_ici using (fichier) join marches using (uid)
    group by fichier
)
select f.fichier, f.sha256, f.format, f.lus, f.doublons, f.ecartes, c.* exclude (fichier)
from fichiers f join contenu c using (fichier) order by f.fichier
"""


def _frame(base: duckdb.DuckDBPyConnection, query: str, values: list[object] | None = None) -> pd.DataFrame:
    return base.execute(query, values or []).df()


def names_near(name: str, donnees: Path) -> str:
    """Return the buyers of a data folder whose names are nearest."""
    path = table_path(processed(donnees), "acheteurs")
    with duckdb.connect() as base:
        base.execute(f"create view acheteurs as from read_parquet('{_quoted(path)}')")
        return nearest_names(base, name)


def nearest_names(base: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return the buyers whose names are nearest, with their SIREN; « aucun » where none is named."""
    near = base.execute(
        "select nom, acheteur_siren from acheteurs where nom is not null "
        "order by jaro_winkler_similarity(upper(strip_accents(nom)), upper(strip_accents(?))) desc, nom limit ?",
        [name, NAMES_SHOWN],
    ).fetchall()
    return ", ".join(f"{name} ({siren})" for name, siren in near) or "aucun"


def _check_buyers(base: duckdb.DuckDBPyConnection, partner: Partner) -> None:
    """Make sure that at least one of the partner's legal persons buys in these tables."""
    found = base.execute("select count(*) from acheteurs where list_contains(?, acheteur_siren)", [partner.sirens])
    row = found.fetchone()
    if row and row[0]:
        return
    names = nearest_names(base, partner.entites[0].nom)
    raise UnknownBuyerError(
        f"Aucun acheteur des tables n'a le SIREN {' ni '.join(partner.sirens)}. Acheteurs aux noms les plus proches : "
        f"{names}. Corrigez le fichier du partenaire, ou ajoutez les fichiers qui le concernent avec "
        "« optima clean »."
    )
