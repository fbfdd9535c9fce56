"""Cardinal's settings file, read and checked: an unknown section or key is an error with a suggestion."""

import configparser
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from optima_lib.errors import SettingsError, suggest
from optima_lib.flags.settings import CODES, Preparation, Settings, default_settings, split

TOP = "\0"  # the keys that stand before the first section
COMPARED = ("no_price_comparison_procurement_methods", "price_comparison_procurement_methods")
FORMER = "fixed_price_procurement_methods"  # the first of them, until version 0.0.5


def _whole(text: str) -> float:
    return float(int(text))


def _count(text: str) -> float:
    if int(text) < 0:
        raise ValueError(text)
    return float(int(text))


def _truth(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


def _amounts(text: str) -> frozenset[float]:
    return frozenset(float(each) for each in split(text))


# The keys of each section and how each is read; None stands for any key.
Keys = dict[str | None, Callable[[str], Any]]
SECTIONS: dict[str, Keys] = {
    TOP: {"currency": str, **dict.fromkeys((*COMPARED, FORMER), split)},
    "defaults": {
        "currency": str,
        "item_classification_scheme": str,
        "bid_status": str,
        "award_status": str,
        "party_roles": _truth,
    },
    "redactions": {"amount": _amounts, "organization_id": split},
    "corrections": {"award_status_by_contract_status": _truth},
    "modifications": {
        "move_auctions": _truth,
        "prefix_buyer_or_procuring_entity_id": str,
        "prefix_tenderer_or_supplier_id": str,
        "split_procurement_method_details": str,
    },
    "codelists.bid_status": {None: str},
    "codelists.award_status": {None: str},
    "exclusions": {"procurement_method_details": split},
    "R003": {"threshold": _whole, "procurement_methods": split},
    "R003.procurement_method_details": {None: int},
    "R018": {"procurement_methods": split},
    "R024": {"threshold": float},
    "R025": {"percentile": _count, "threshold": float},
    "R028": {},
    "R030": {},
    "R035": {"threshold": _count},
    "R036": {},
    "R038": {"threshold": float, "minimum_submitted_bids": _count, "minimum_contracting_processes": _count},
    "R048": {"digits": _count, "threshold": _count, "minimum_contracting_processes": _count},
    "R055": {"threshold": float, "start_date": str, "end_date": str},
    "R058": {"threshold": float},
}
# What the mode optima adds to Cardinal's own keys.
ADDED = {"minimum_observations": ("R024", "R025", "R038", "R048", "R058"), "minimum_valid_bids": ("R025",)}
PREPARING = ("defaults", "redactions", "corrections", "modifications", "codelists.bid_status", "codelists.award_status")
NOT_DONE = {
    "move_auctions",
    "award_status_by_contract_status",
    "prefix_buyer_or_procuring_entity_id",
    "prefix_tenderer_or_supplier_id",
}
Values = Mapping[str, Mapping[str, Any]]


def read_settings(path: Path, mode: str = "optima") -> Settings:
    """Read a settings file in the form of Cardinal's.

    Parameters
    ----------
    path : Path
        INI file. A flag is computed when its section is there; a file without a section of a flag computes all
        of them in the mode ``optima``, and none in the mode ``cardinal``, as Cardinal does.
    mode : str
        ``optima`` or ``cardinal``: the defaults of the settings that the file leaves out.

    Raises
    ------
    SettingsError
        When the file cannot be read, or a section, a key or a value is unknown.
    """
    values = _values(path, mode)
    codes = tuple(code for code in CODES if code in values or any(name.startswith(f"{code}.") for name in values))
    settings = default_settings(mode)
    top = values.get(TOP, {})
    without = top.get(COMPARED[0], frozenset()) | top.get(FORMER, frozenset())
    return replace(
        settings,
        codes=codes if codes or mode == "cardinal" else CODES,
        currency=top.get("currency"),
        with_price=top.get(COMPARED[1], frozenset()),
        without_price=without,
        excluded=values.get("exclusions", {}).get("procurement_method_details", frozenset()),
        numbers={**settings.numbers, **_numbers(values)},
        methods={**settings.methods, **_methods(values)},
        days=dict(values.get("R003.procurement_method_details", {})),
        preparation=_preparation(values) if mode == "optima" else Preparation(),
        notices=tuple(_notices(values, mode)),
    )


def _values(path: Path, mode: str) -> Values:
    """Read the file, every value in its type."""
    parser = configparser.ConfigParser(
        interpolation=None,
        inline_comment_prefixes=("#", ";"),
        delimiters=("=",),
        strict=False,
        default_section="\0\0",
    )
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(f"[{TOP}]\n{path.read_text(encoding='utf-8-sig')}", source=str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} : ce fichier de réglages ne peut pas être lu ({error}). Vérifiez son chemin."
        ) from None
    except configparser.Error as error:
        reason = str(error).replace("\n", " ")
        raise SettingsError(f"{path} : ce n'est pas un fichier INI ({reason}). Corrigez cette ligne.") from None
    return {name: _section(path, name, dict(parser[name]), mode) for name in parser.sections()}


def _section(path: Path, name: str, raw: Mapping[str, str], mode: str) -> dict[str, Any]:
    if name not in SECTIONS:
        hint = suggest(name, [each for each in SECTIONS if each != TOP])
        raise SettingsError(f"{path} : la section [{name}] est inconnue. {hint}")
    keys: Keys = dict(SECTIONS[name])
    if mode == "optima":
        keys |= {key: _count for key, codes in ADDED.items() if name in codes}
    place = "avant la première section" if name == TOP else f"dans [{name}]"
    values = {}
    for key, text in raw.items():
        read = keys.get(key, keys.get(None))
        if read is None:
            known = [each for each in keys if each]
            hint = suggest(key, known) if known else "Cette section n'a pas de réglage."
            raise SettingsError(f"{path} : le réglage « {key} » {place} est inconnu. {hint}")
        try:
            values[key] = read(text)
        except (ValueError, KeyError):
            raise SettingsError(
                f"{path} : « {text} » n'est pas une valeur de « {key} » {place}. Corrigez-la."
            ) from None
    return values


def _numbers(values: Values) -> dict[tuple[str, str], float]:
    return {
        (code, key): value for code in CODES for key, value in values.get(code, {}).items() if isinstance(value, float)
    }


def _methods(values: Values) -> dict[str, frozenset[str]]:
    told = {code: values.get(code, {}).get("procurement_methods") for code in ("R003", "R018")}
    return {code: methods for code, methods in told.items() if methods is not None}


def _preparation(values: Values) -> Preparation:
    defaults, redactions = values.get("defaults", {}), values.get("redactions", {})
    return Preparation(
        currency=defaults.get("currency"),
        bid_status=defaults.get("bid_status"),
        award_status=defaults.get("award_status"),
        amounts=redactions.get("amount", frozenset()),
        organisations=redactions.get("organization_id", frozenset()),
        bid_statuses=values.get("codelists.bid_status", {}),
        award_statuses=values.get("codelists.award_status", {}),
        details_end=values.get("modifications", {}).get("split_procurement_method_details"),
    )


def _notices(values: Values, mode: str) -> list[str]:
    notices = []
    if "R055" in values:
        notices.append("R055 n'est pas calculé : il attend les seuils de la commande publique.")
    if all(name in values.get(TOP, {}) for name in COMPARED):
        notices.append(f"{COMPARED[0]} est sans effet : {COMPARED[1]} est donné.")
    if mode == "cardinal" and any(values.get(name) for name in PREPARING):
        notices.append(
            "Les réglages de préparation ne s'appliquent pas en mode cardinal : préparez d'abord le fichier."
        )
        return notices
    asked = [key for name in PREPARING for key, value in values.get(name, {}).items() if key in NOT_DONE and value]
    return notices + [f"« {key} » n'est pas appliqué : préparez d'abord le fichier avec Cardinal." for key in asked]
