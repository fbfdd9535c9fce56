"""The tables of facts, made from the processed tables."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping

import pandas as pd
import polars as pl

from optima_lib.indicators.facts.amendments import add_amendments
from optima_lib.indicators.facts.base import Base
from optima_lib.indicators.facts.bids import add_bids
from optima_lib.indicators.facts.composition import add_composition
from optima_lib.indicators.facts.considerations import add_considerations
from optima_lib.indicators.facts.consultations import add_consultations
from optima_lib.indicators.facts.contracts import contract_facts, latest_day
from optima_lib.indicators.facts.conventions import Conventions
from optima_lib.indicators.facts.cumulations import add_cumulations
from optima_lib.indicators.facts.declared import add_declared
from optima_lib.indicators.facts.defects import add_defects
from optima_lib.indicators.facts.digits import add_digits
from optima_lib.indicators.facts.executions import execution_facts
from optima_lib.indicators.facts.firms import add_small_firms, registered
from optima_lib.indicators.facts.market import add_market
from optima_lib.indicators.facts.market_suppliers import market_facts
from optima_lib.indicators.facts.modifications import add_modifications
from optima_lib.indicators.facts.needs import add_needs
from optima_lib.indicators.facts.neighbours import COMMON, neighbour_facts
from optima_lib.indicators.facts.notices import add_launches, lot_facts
from optima_lib.indicators.facts.rates import add_rates
from optima_lib.indicators.facts.records import record_facts
from optima_lib.indicators.facts.relations import relation_facts
from optima_lib.indicators.facts.rotations import rotation_facts
from optima_lib.indicators.facts.suppliers import supplier_facts
from optima_lib.indicators.facts.thresholds import add_thresholds
from optima_lib.indicators.facts.times import add_times
from optima_lib.indicators.facts.windows import add_windows

FACTS = (
    *("marches", "titulaires", "relations", "executions"),
    *("enregistrements", "alternances", "partenaires", "lots"),
)
# what tells groups apart, what the tables that follow are made of, what chapters show
KEYS = frozenset(
    (
        "uid",
        "acheteur_siren",
        "annee",
        "date_notification",
        *("type_achat", "procedure", "division", "famille"),
        *("categorie", "strate", "departement", "region", "epci_siren"),
        *("montant_initial_eur", "montant_eur", "nb_titulaires", "duree_mois"),
        *("est_engage", "est_plafond", "est_de_classe_inconnue", "date_fin"),
        *("titulaire", "titulaire_no", "part", "montant_part_eur"),
        "besoin_annuel_eur",
        "composition",
        *("seuil_formalise_bas", "seuil_formalise_haut", "depend_du_lancement", "est_sans_appel", "offres_recues"),
    )
)
Keep = Callable[[str, pl.LazyFrame], pl.LazyFrame]
Fields = Mapping[str, Collection[str]]
Step = Callable[[pl.LazyFrame], pl.LazyFrame]
# the tables whose rows have the columns of a contract
OF_CONTRACTS = ("marches", "titulaires")


def build_facts(
    base: Base,
    conventions: Conventions | None = None,
    keep: Keep = lambda _, table: table.collect().lazy(),
    fields: Fields | None = None,
) -> dict[str, pl.LazyFrame]:
    """Return the tables of facts by name, lazily.

    Parameters
    ----------
    base : Base
        The processed tables of the whole market.
    conventions : Conventions, optional
        How suppliers share a contract.
    keep : callable, optional
        Takes the name of a table and the table, and returns it kept, on disk for instance (in memory by default): the tables that follow
        are then made from what was kept.
    fields : mapping of str to collection of str, optional
        The columns that indicators read in each table; the others, keys apart, are left out. All by default.

    Raises
    ------
    TableError
        When a contract is later than the dated tables of thresholds.
    """
    latest, suppliers = latest_day(base["marches"]), registered(base)
    marches = _contracts(base, suppliers, latest, keep, fields)
    told = supplier_facts(marches, suppliers, base["acheteurs"], conventions or Conventions())
    named = _held(_picked(told, ["titulaires"], fields))
    titulaires = keep("titulaires", pl.concat([named, market_facts(named).lazy()], how="horizontal"))
    return {
        "marches": marches,
        "titulaires": titulaires,
        "relations": keep("relations", relation_facts(titulaires)),
        "enregistrements": keep("enregistrements", record_facts(marches, base)),
        "alternances": keep("alternances", rotation_facts(titulaires)),
        "partenaires": keep("partenaires", neighbour_facts(marches, titulaires, latest)),
        "executions": keep("executions", execution_facts(marches, latest)),
        "lots": keep("lots", lot_facts(base)),
    }


def _contracts(
    base: Base, suppliers: pl.LazyFrame, latest: dt.date | None, keep: Keep, fields: Fields | None
) -> pl.LazyFrame:
    """Return the facts of contracts: those that a row tells first, then, beside them, those that other rows tell."""
    named = add_bids(add_launches(add_small_firms(contract_facts(base), suppliers), base), base)
    dated = add_times(add_thresholds(add_declared(named), latest), latest)
    own = _held(add_composition(add_digits(add_considerations(add_windows(dated)))))
    steps: tuple[Step, ...] = (
        lambda facts: add_amendments(facts, base),
        lambda facts: add_cumulations(facts, base),
        add_market,
        add_rates,
        add_consultations,
        lambda facts: add_defects(facts, base, latest),
        lambda facts: add_modifications(facts, base),
        lambda facts: add_needs(facts, latest),
    )
    beside = [_picked(_added(own, step), OF_CONTRACTS, fields).collect().lazy() for step in steps]
    return keep("marches", pl.concat([_picked(own, OF_CONTRACTS, fields), *beside], how="horizontal"))


def _held(table: pl.LazyFrame) -> pl.LazyFrame:
    """Hold a table in memory: what follows reads it several times."""
    return table.collect(engine="streaming").lazy()


def _added(facts: pl.LazyFrame, step: Step) -> pl.LazyFrame:
    """Return the columns that a step adds, alone; it keeps the rows and their order."""
    known = set(facts.collect_schema().names())
    told = step(facts)
    return told.select(name for name in told.collect_schema().names() if name not in known)


def _picked(table: pl.LazyFrame, names: Iterable[str], fields: Fields | None) -> pl.LazyFrame:
    """Leave out the columns that no indicator of some tables reads."""
    if fields is None:
        return table
    read = KEYS.union(*(fields.get(name, ()) for name in names))
    return table.select(column for column in table.collect_schema().names() if column in read)


def together(facts: Mapping[str, pd.DataFrame], name: str) -> dict[str, pd.DataFrame]:
    """Return the facts of several buyers as those of one, under a name in the place of their SIREN.

    A buyer of theirs is no partner of another one: what the two have in common is then missing.
    """
    joined = {key: table.assign(acheteur_siren=name) for key, table in facts.items()}
    ties = relation_facts(pl.from_pandas(joined["titulaires"]).lazy()).collect().to_pandas()
    return joined | {"relations": ties} | _apart(facts, joined)


def _apart(facts: Mapping[str, pd.DataFrame], joined: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Leave out what buyers of one body have in common with one another."""
    if "partenaires" not in joined:
        return {}
    table = joined["partenaires"].copy()
    own = table["partenaire_siren"].isin(set(facts["marches"]["acheteur_siren"]))
    table.loc[own, [*COMMON]] = float("nan")
    return {"partenaires": table}
