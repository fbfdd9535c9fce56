"""The invented authority that the demonstration, the README and the tests run: its raw files, as if published.

The town of Exemple-sur-Gave, its agglomeration and some forty other buyers notify a few thousand contracts from
2019 to 2025. Their amounts, procedures, bids and delays are drawn to look like those of middling French towns, and
the files bear the defects of real ones. Nothing is real: no buyer can bear these SIREN, no supplier either
(:mod:`optima_lib.running.exemple_identites` says why), and no text is copied from a published file. The same bytes
are written everywhere.
"""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from optima_lib.references import reference
from optima_lib.running.exemple_consultations import draw_marches
from optima_lib.running.exemple_defauts import plant_defects
from optima_lib.running.exemple_formats import FLAT_COLUMNS, record_2019, record_2022, rows_of_ministry
from optima_lib.running.exemple_identites import AGGLOMERATION, VILLE, complete
from optima_lib.running.exemple_marches import Marche
from optima_lib.running.exemple_sirene import sites, units

__all__ = ["AGGLOMERATION", "VILLE", "write_exemple"]

NEW_SCHEMA = dt.date(2024, 1, 1)
SENT_TWICE = dt.date(2023, 10, 1)
FIRST_DELIVERY = (dt.date.min, dt.date(2024, 12, 31))
SECOND_DELIVERY = (dt.date(2024, 10, 1), dt.date(2026, 6, 30))
REPEATED_EVERY, REPEATED_FROM = 67, 13
IN_BOTH_EVERY, ELSEWHERE_EVERY = 7, 23
BROKEN = '{"id":"2024-000","objet":"Fourniture de sel de déneigement","montant":12 500,00,"acheteur":{"id":"CDL"}}'
TERRITORY = ("code_insee", "nom", "siren", "categorie", "nature_juridique", "population", "departement", "region")
LOCAL_AUTHORITIES = ("commune", "EPCI", "département")


def write_exemple(folder: Path) -> list[Path]:
    """Write the raw files of the invented authority.

    Parameters
    ----------
    folder : Path
        Where; made if need be.

    Returns
    -------
    list of Path
        Award files (2019 and 2022 schemas, the ministry's flat layout), extracts of the company register, then
        the territory table.
    """
    marches = draw_marches()
    plant_defects(marches)
    contents = {
        "decp-2019_2019-2023.json": _file_2019([each for each in marches if each.date < NEW_SCHEMA]),
        "decp-2022_2024.json": _file_2022(_delivery(marches, *FIRST_DELIVERY), FIRST_DELIVERY[1], broken=True),
        "decp-2022_2025.json": _file_2022(_delivery(marches, *SECOND_DELIVERY), SECOND_DELIVERY[1], broken=False),
        "decp-ministere_2024-2025.csv": _file_of_ministry(marches),
        "sirene-unites-legales.csv": _table(units(marches), ","),
        "sirene-etablissements.csv": _table(sites(), ","),
        "territoires.csv": _territories(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in contents.items():
        (folder / f"exemple_{name}").write_bytes(text.encode())
    return [folder / f"exemple_{name}" for name in contents]


def _file_2019(marches: list[Marche]) -> str:
    """Write the file of the 2019 schema, some records of which stand twice and two have no buyer."""
    records = [record_2019(each) for each in marches]
    records += [dict(each) for each in records[REPEATED_FROM::REPEATED_EVERY]]
    for each, nobody in zip(marches[40::200], ({"id": ""}, {"nom": "BUDGET PRINCIPAL"}), strict=False):
        records.append(record_2019(replace(each, numero=f"{each.numero}B")) | {"acheteur": nobody})
    return f'{{"marches":[\n{_lines(records)}\n]}}\n'


def _delivery(marches: list[Marche], start: dt.date, end: dt.date) -> list[Marche]:
    """List the contracts that the buyers' profiles publish, or publish again, between two days."""
    return [
        marche
        for rank, marche in enumerate(marches)
        if marche.acheteur.canal == "profil"
        and rank % ELSEWHERE_EVERY
        and marche.date >= SENT_TWICE
        and (marche.date >= NEW_SCHEMA or marche.publie >= NEW_SCHEMA)
        and any(start <= day <= end for day in (marche.publie, *(each.publie for each in marche.avenants)))
        and marche.publie <= end
    ]


def _file_2022(marches: list[Marche], until: dt.date, *, broken: bool) -> str:
    """Write a delivery in the 2022 schema; one of them holds a record that is not JSON and one without a buyer."""
    contracts = [record_2022(each, until) for each in marches if not each.est_concession]
    concessions = [record_2022(each, until) for each in marches if each.est_concession]
    lines = [_lines([each]) for each in contracts]
    if broken:
        lines[200:200] = [BROKEN, _lines([contracts[90] | {"id": "2024-SANS", "acheteur": {"id": "NC"}}])]
    body = ",\n".join(lines)
    return f'{{"marches":{{"marche":[\n{body}\n],"contrat-concession":[\n{_lines(concessions)}\n]}}}}\n'


def _file_of_ministry(marches: list[Marche]) -> str:
    """Write the ministry's file: contracts of other buyers, some of those of the profiles, one row cut short."""
    chosen = [
        marche
        for rank, marche in enumerate(marches)
        if marche.date >= NEW_SCHEMA
        and not marche.est_concession
        and (marche.acheteur.canal == "pes" or not rank % ELSEWHERE_EVERY or not rank % IN_BOTH_EVERY)
    ]
    rows = [row for marche in chosen for row in rows_of_ministry(marche)]
    rows.insert(len(rows) // 2, rows[len(rows) // 2][: len(FLAT_COLUMNS) // 2])
    return _table([FLAT_COLUMNS, *rows], ";")


def _territories() -> str:
    """Write the territory table: local authorities, whether they buy or not."""
    rows = [
        [
            row["code_insee"],
            row["nom"],
            complete(row["racine"]),
            row["categorie"],
            row["nature_juridique"],
            row["population"],
            row["departement"],
            "00",
            complete(row["epci"]) if row["epci"] else "",
        ]
        for row in reference("exemple_acheteurs")
        if row["categorie"] in LOCAL_AUTHORITIES
    ]
    return _table([[*TERRITORY, "epci_siren"], *rows], ",")


def _lines(records: list[dict[str, Any]]) -> str:
    return ",\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in records)


def _table(rows: Iterable[Iterable[str]], separator: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
    return text.getvalue()
