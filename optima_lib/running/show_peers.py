"""``optima show`` for a comparison: the peers behind it, and what each shows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from optima_lib.errors import OptimaError
from optima_lib.evidence.finding import Finding
from optima_lib.indicators import find
from optima_lib.reporting import french
from optima_lib.reporting.pairs import Confrontation
from optima_lib.running.confrontation import open_confrontations

SAME = 1e-9  # of what is expected: beyond, the tables are no longer those of the report


def told_peers(each: Finding, data: Path, *, first: int | None) -> Iterator[str]:
    """Yield the peers behind a comparison, from the highest value to the lowest; nothing for another finding.

    Parameters
    ----------
    each : Finding
        A finding of a ledger.
    data : Path
        Data folder, in which the comparison is made again.
    first : int, optional
        How many peers; all by default.
    """
    told = each.get("comparaison")
    if not told or told.get("pairs") is None or not each.get("entite"):
        return
    try:
        made = open_confrontations(each["parametres"]["partenaire"], data)
    except OptimaError as error:
        yield f"  pairs : introuvables. {error}"
        return
    for confrontation in made:
        if confrontation.siren == each["entite"]:
            yield from _rows(confrontation, str(each["indicateur"]), told, first)


def _rows(made: Confrontation, code: str, told: dict[str, Any], first: int | None) -> Iterator[str]:
    if not made.a_une_valeur(code) or not len(made.pairs(code)):
        yield "  pairs : les tables ont changé depuis le rapport, et l'indicateur n'y est plus comparé. Refaites le rapport."
        return
    expected, before = made.ligne(code)["attendu"], told.get("attendu")
    if before is not None and not abs(expected - before) <= SAME * (1 + abs(before)):
        yield "  Les tables ont changé depuis le rapport : la comparaison refaite n'attend plus la même valeur."
    values = made.valeurs(code)
    peers, unit = values[~values["est_focale"]], find(code).unite
    shown = peers if first is None else peers.head(first)
    more = f", les {len(shown)} premiers ; --all les montre tous" if len(shown) < len(peers) else ""
    factor = float(values.loc[values["est_focale"], "facteur"].iloc[0])
    unlike = ", ramenée à la population de la collectivité" if factor != 1 else ""
    yield f"  pairs : {len(peers)}, de la valeur la plus élevée{unlike} à la plus faible{more}"
    amounts = (shown["valeur"] * factor).astype(float)
    for siren, name, amount, n in zip(shown["acheteur_siren"], shown["nom"], amounts, shown["effectif"], strict=True):
        who = name if isinstance(name, str) else "sans nom dans les données"
        yield f"    {siren} | {who} | {french.by_unit(amount, unit)} | n = {french.whole(float(n))}"
