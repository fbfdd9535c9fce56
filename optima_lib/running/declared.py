"""What is fixed before a comparison is run, and the file that keeps it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from optima_lib.comparison.families import Declaration, declared_family
from optima_lib.comparison.measured import RATIO, Margin
from optima_lib.errors import ComparisonError, suggest
from optima_lib.indicators import find
from optima_lib.references import reference
from optima_lib.running.estimates import comparable, margin_of, why_not


def declare(principale: Sequence[str] | None = None, seuils: Mapping[str, float] | None = None) -> Declaration:
    """Return what is fixed before a comparison: families, smallest gaps that matter, rule of peers.

    Parameters
    ----------
    principale : sequence of str, optional
        The confirmatory family of a partner; that of ``references/familles_hypotheses.csv`` by default.
    seuils : mapping of str to float, optional
        Smallest gaps of a partner's own, by indicator.

    Raises
    ------
    ComparisonError
        When an indicator of the family, or one that has a gap of the partner's own, is not one that is compared; when such a
        gap is not one.
    """
    first, codes = declared_family(principale), comparable()
    if wrong := [code for code in first if code not in codes]:
        raise ComparisonError(
            f"La famille principale déclare {', '.join(wrong)}, qui ne se compare pas : "
            f"{' '.join((why_not(code) or 'ce code n’est pas calculé sur les données ouvertes') + '.' for code in wrong)} "
            "Retirez-le de la déclaration."
        )
    margins = {code: margin_of(code) for code in codes}
    _check(seuils or {}, margins)
    told = {code: (float((seuils or {}).get(code, each.seuil)), each.forme) for code, each in margins.items()}
    rule = tuple(",".join(list(row.values())[:4]) for row in reference("pairs"))
    return Declaration(first, tuple(code for code in codes if code not in first), told, rule)


def _check(seuils: Mapping[str, float], margins: Mapping[str, Margin]) -> None:
    """Refuse smallest gaps that are none."""
    for code, seuil in seuils.items():
        if code not in margins:
            why = f"{why_not(code)}." if why_not(code) else suggest(code, sorted(margins))
            raise ComparisonError(f"Seuil d'intérêt de « {code} » : cet indicateur ne se compare pas. {why}")
        low, high, wanted = _limits(code, margins[code])
        if not low < seuil < high:
            raise ComparisonError(f"Seuil d'intérêt de « {code} » : {seuil} ne convient pas. Donnez {wanted}.")


def _limits(code: str, margin: Margin) -> tuple[float, float, str]:
    """Return between which numbers a smallest gap stands, and how it is said."""
    if margin.forme == RATIO:
        return 1.0, float("inf"), "un rapport au-dessus de 1 (1,2 : 20 % de plus, ou de moins)"
    if find(code).unite == "part":
        return 0.0, 1.0, "un écart entre 0 et 1 (0,05 : cinq points)"
    return 0.0, float("inf"), "un écart au-dessus de 0"


def write_declaration(declaration: Declaration, path: Path) -> None:
    """Write what was declared, with its fingerprint; the same declaration leaves the file as it is."""
    told = json.dumps({"empreinte": declaration.empreinte, **asdict(declaration)}, ensure_ascii=False, indent=1)
    if not path.is_file() or path.read_text(encoding="utf-8") != told:
        path.write_text(told, encoding="utf-8")
