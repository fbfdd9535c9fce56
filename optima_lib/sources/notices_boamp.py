"""Notices of the BOAMP in its own XML, schema v230 (2016 to 2023).

Source: DILA, "Schéma XML des annonces du BOAMP", v2.30.
"""

from collections.abc import Iterator

from lxml import etree

from optima_lib.sources.notice import (
    DROPPED,
    FAILED,
    WON,
    Criteria,
    Lot,
    Lots,
    Notice,
    child_name,
    euros,
    text_at,
    text_of,
)

ROOT, CURRENCY = "ANNONCE", "DEVISE"
KINDS = {"TRAVAUX": "Travaux", "FOURNITURES": "Fournitures", "SERVICE": "Services", "SERVICES": "Services"}
CALL, INITIAL = "APPEL_OFFRE", "INITIAL"
ISSUES = {"ATTRIBUE": WON, "INFRUCTUEUX": FAILED, "SANS_SUITE": DROPPED}
TYPED = {"CRITERES_PRIX": "prix", "CRITERES_COUT": "coût", "CRITERES_QUALITE": "qualité", "CRITERES_PONDERES": ""}


def read_boamp(root: etree._Element) -> Notice:
    """Read a notice of the BOAMP."""
    number = text_at(root, "GESTION/REFERENCE/IDWEB")
    lots = _lots(root.find("DONNEES"))
    return Notice(f"BOAMP:{number}" if number else None, "BOAMP", _told(root), list(lots.values()))


def _told(root: etree._Element) -> dict[str, str | None]:
    kind = root.find("GESTION/REFERENCE/TYPE_AVIS/NATURE")
    index, data = root.find("GESTION/INDEXATION"), root.find("DONNEES")
    about, who = (None, None) if data is None else (data.find("OBJET"), data.find("IDENTITE"))
    return {
        "format": "BOAMP v230",
        "forme": child_name(kind),
        "type": None if kind is None or not len(kind) else child_name(kind[0]),
        "statut": child_name(root.find("GESTION/REFERENCE/TYPE_AVIS/STATUT")),
        "date_publication": text_at(index, "DATE_PUBLICATION"),
        "date_limite": text_at(data, "CONDITION_DELAI/RECEPT_OFFRES", "CONDITION_DELAI/RECEPT_CANDIDATURES")
        or text_at(index, "DATE_LIMITE_REPONSE"),
        "date_envoi": text_at(root, "GESTION/REFERENCE/DATE_ENVOI"),
        "acheteur_nom": text_at(who, "DENOMINATION"),
        "acheteur_id": text_at(who, "CODE_IDENT_NATIONAL"),
        "code_postal": text_at(who, "CP"),
        "objet": text_at(about, "TITRE_MARCHE", "OBJET_COMPLET") or text_at(index, "RESUME_OBJET"),
        "cpv": text_at(about, "CPV/PRINCIPAL"),
        "type_achat": KINDS.get(child_name(None if about is None else about.find("TYPE_MARCHE")) or ""),
        "procedure_publiee": child_name(root.find("DONNEES/PROCEDURE/TYPE_PROCEDURE")),
        "divise": _choice(about, "DIV_EN_LOTS/OUI", "DIV_EN_LOTS/NON"),
        "est_groupement": None,
        "est_centrale": _choice(who, "ORGANISME_ACHETEUR_CENTRAL_OUI", "ORGANISME_ACHETEUR_CENTRAL_NON"),
        **_amounts(data),
        "avis_initial": _previous(root),
        "reference_acheteur": text_at(about, "REF_MARCHE")
        or text_at(data, "CONDITION_ADMINISTRATIVE/REFERENCE_MARCHE"),
    }


def _choice(element: etree._Element | None, yes: str, no: str) -> str | None:
    if element is None:
        return None
    return "oui" if element.find(yes) is not None else "non" if element.find(no) is not None else None


def _amounts(data: etree._Element | None) -> dict[str, str | None]:
    """Return the value of the whole: in a call it is an estimate, in an award notice the amount."""
    if data is None:
        return {}
    whole = euros(data.find("OBJET/CARACTERISTIQUES/VALEUR_TOTALE"), CURRENCY)
    if data.find("ATTRIBUTION") is None:
        return {"estimation": whole}
    return {"montant": euros(data.find("ATTRIBUTION/VALEUR_TOTALE"), CURRENCY) or whole}


def _previous(root: etree._Element) -> str | None:
    """Return the number of the call that a notice follows, rather than that of its corrigenda."""
    before = root.findall("GESTION/MARCHE/ANNONCE_ANTERIEUR/REFERENCE")
    calls = [
        each
        for each in before
        if each.find(f"TYPE_AVIS/NATURE/{CALL}") is not None and each.find(f"TYPE_AVIS/STATUT/{INITIAL}") is not None
    ]
    number = next((text for each in calls or before if (text := text_at(each, "IDWEB"))), None)
    return f"BOAMP:{number}" if number else None


def _lots(data: etree._Element | None) -> Lots:
    """Gather what the description of each lot and the decision about it tell."""
    lots = Lots()
    if data is None:
        return lots
    general = _criteria(data.find("PROCEDURE/CRITERES_ATTRIBUTION"))
    divided = data.find("OBJET/DIV_EN_LOTS/NON") is None
    for place, each in enumerate(data.findall("OBJET/LOTS/LOT"), start=1):
        number = text_at(each, "NUM") or (str(place) if divided else "1")
        if number in lots:  # the whole, described twice
            continue
        lot = lots.at(number)
        lot.objet = text_at(each, "INTITULE", "DESCRIPTION")
        lot.cpv = text_at(each, "CPV/PRINCIPAL")
        lot.estimation = euros(each.find("VALEUR"), CURRENCY)
        stated = each.find("CRITERES_ATTRIBUTION")
        lot.criteres = general if stated is None else _criteria(stated)
    _decide(data.find("ATTRIBUTION"), lots, general)
    if not lots:
        lots.at("1", general)
    return lots


def _decide(award: etree._Element | None, lots: Lots, general: Criteria | None) -> None:
    decisions = [] if award is None else award.findall("DECISION")
    alone = next(iter(lots)) if len(lots) == 1 and len(decisions) == 1 else None
    for place, each in enumerate(decisions, start=1):
        lot = lots.at(alone or text_at(each, "NUM_LOT") or str(place), general)
        lot.objet = lot.objet or text_at(each, "INTITULE", "DESCRIPTION")
        _decision(each, lot)
    if award is None:
        return
    for lot in lots.values():
        if award.find("SANS_SUITE") is not None and not lot.titulaires:
            lot.issue = DROPPED
        lot.date_attribution = lot.date_attribution or text_at(award, "DATE_DECISION")


def _decision(decision: etree._Element, lot: Lot) -> None:
    """Add a decision to its lot: suppliers and what is told of each follow one another."""
    for each in decision.findall("TITULAIRE"):
        if name := text_at(each, "DENOMINATION"):
            lot.titulaires.append((name, text_at(each, "CODE_IDENT_NATIONAL")))
    told = next((issue for name, issue in ISSUES.items() if decision.find(name) is not None), None)
    lot.issue = WON if lot.titulaires else told or lot.issue
    for each in decision.findall("RENSEIGNEMENT"):
        lot.offres_recues = text_at(each, "NB_OFFRE_RECU") or lot.offres_recues
        lot.offres_pme = text_at(each, "NB_OFFRE_RECU_PME") or lot.offres_pme
        lot.date_attribution = lot.date_attribution or text_at(each, "DATE_ATTRIBUTION")
    lot.montants += _awarded(decision)


def _awarded(decision: etree._Element) -> list[str]:
    """Return the amounts of a decision; one that is repeated for each of its suppliers is that of them all."""
    found = [euros(each, CURRENCY) for each in decision.findall("RENSEIGNEMENT/MONTANT")]
    return list(dict.fromkeys(amount for amount in found if amount))


def _criteria(stated: etree._Element | None) -> Criteria | None:
    """List the criteria of an award; None when they are only in the procurement documents."""
    return (
        [each for group in stated if group.tag in TYPED for each in _group(group)] or None
        if stated is not None
        else None
    )


def _group(group: etree._Element) -> Iterator[tuple[str, str | None, str | None]]:
    family, stated = TYPED[str(group.tag)], group.findall("CRITERE")
    for each in stated:
        yield family, text_of(each), each.get("POIDS")
    if not stated:
        yield family, None, text_at(group, "POIDS")
