"""A study of a few contracts, made in memory; what they leave out is missing."""

import duckdb
import pandas as pd
import polars as pl

from optima_lib.indicators.facts import base_of, build_facts
from optima_lib.partners import Partner
from optima_lib.reporting.etude import Etude
from optima_lib.schemas import SCHEMAS
from tests.indicators.tables import BUYER, OTHER, contracts_of

TOWN, AGGLOMERATION = BUYER, OTHER
NAMES = {TOWN: "Ville", AGGLOMERATION: "Agglomération"}


def study_of(rows, *, sirens=(TOWN, AGGLOMERATION), records=None, files=None, suppliers=()):
    """Return the study of some contracts.

    Each has the keys of *marches* that it tells; ``records`` those of *enregistrements* (one record per contract by
    default), ``files`` those of *fichiers*, ``suppliers`` those of *titulaires*.
    """
    marches = contracts_of(rows)
    entities = [{"siren": each, "nom": NAMES[each]} for each in sirens]
    partner = Partner(
        nom="La Ville", entites=entities, partenariat="exploratoire", periode={"debut": 2018, "fin": 2025}
    )
    told = table("titulaires", suppliers)
    facts = build_facts(base_of(marches=marches, titulaires=told))
    by_default = [
        {"fichier": "a.json", "rang": rank, "sort": "contrat", "uid": uid} for rank, uid in enumerate(marches["uid"])
    ]
    return Etude(
        partner=partner,
        marches=shown(marches).assign(entite=marches["acheteur_siren"].replace_strict(NAMES).to_list()),
        titulaires=shown(told),
        modifications=shown(table("modifications")),
        acheteurs=shown(table("acheteurs")),
        hors_periode=shown(marches.clear()),
        enregistrements=shown(table("enregistrements", by_default if records is None else records)),
        fichiers=pd.DataFrame(files or [], columns=["fichier", "contrats", "nb_types_achat", "type_achat"]),
        ecartes=shown(table("ecartes")),
        entreprises=shown(table("entreprises")),
        etablissements=shown(table("etablissements")),
        faits={name: shown(mine(each.collect(), sirens)) for name, each in facts.items()},
    )  # fmt: skip


def shown(rows):
    """Return a table as ``open_study`` hands it over: DuckDB makes the DataFrame."""
    return duckdb.from_arrow(rows.to_arrow()).df()


def mine(facts, sirens):
    """Return the facts of the partner, as ``open_study`` reads them."""
    return facts.filter(pl.col("acheteur_siren").is_in(sirens))


def table(name, rows=()):
    """Return a processed table of some rows."""
    types = {column: each.dtype.type for column, each in SCHEMAS[name].to_schema().columns.items()}
    return pl.DataFrame([{column: row.get(column) for column in types} for row in rows], schema=types)
