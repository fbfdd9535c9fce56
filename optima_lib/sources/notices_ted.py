"""Notices of TED XML R2.0.9, the forms of 2016 to 2023.

Source: Publications Office, "TED XML schemas R2.0.9" (forms F01 to F25, directives 2014/23, 24 and 25).
"""

import re

from lxml import etree

from optima_lib.sources.notice import DROPPED, FAILED, WON, Criteria, Lot, Lots, Notice, euros, ted_id, text_at, text_of

ROOT, SUFFIX = "TED_EXPORT", "_2014"
CURRENCY, SEVERAL = "CURRENCY", re.compile(r"\s*(?:[,;&/+]|\bet\b)\s*")
KINDS = {"WORKS": "Travaux", "SUPPLIES": "Fournitures", "SERVICES": "Services"}
CRITERIA = {"AC_PRICE": "prix", "AC_COST": "coût", "AC_QUALITY": "qualité", "AC_CRITERIA": ""}


def read_ted(root: etree._Element) -> Notice:
    """Read a notice of TED XML R2.0.9; one of an older schema has no form, and nothing is read of it."""
    coded, form = root.find("CODED_DATA_SECTION"), _form(root)
    values: dict[str, str | None] = {
        "format": "TED R2.0.9",
        "date_publication": text_at(coded, "REF_OJS/DATE_PUB"),
        "date_limite": text_at(coded, "CODIF_DATA/DT_DATE_FOR_SUBMISSION"),
        "date_envoi": text_at(coded, "CODIF_DATA/DS_DATE_DISPATCH"),
        "pays": _attribute(coded, "NOTICE_DATA/ISO_COUNTRY", "VALUE"),
    }
    avis_id = ted_id(root.get("DOC_ID")) or ted_id(text_at(coded, "NOTICE_DATA/NO_DOC_OJS"))
    if form is None:
        return Notice(avis_id, "TED", values, [])
    return Notice(avis_id, "TED", values | _told(form), list(_lots(form).values()))


def _form(root: etree._Element) -> etree._Element | None:
    """Return the form in its original language."""
    forms = [each for each in root.findall("FORM_SECTION/*") if str(each.tag).endswith(SUFFIX)]
    return next((each for each in forms if each.get("CATEGORY") == "ORIGINAL"), forms[0] if forms else None)


def _told(form: etree._Element) -> dict[str, str | None]:
    body, about, how = form.find("CONTRACTING_BODY"), form.find("OBJECT_CONTRACT"), form.find("PROCEDURE")
    kind = _attribute(about, "TYPE_CONTRACT", "CTYPE")
    return {
        "forme": str(form.tag).removesuffix(SUFFIX),
        "type": _attribute(form, "NOTICE", "TYPE"),
        "acheteur_nom": text_at(body, "ADDRESS_CONTRACTING_BODY/OFFICIALNAME"),
        "acheteur_id": text_at(body, "ADDRESS_CONTRACTING_BODY/NATIONALID"),
        "code_postal": text_at(body, "ADDRESS_CONTRACTING_BODY/POSTAL_CODE"),
        "objet": text_at(about, "TITLE"),
        "cpv": _attribute(about, "CPV_MAIN/CPV_CODE", "CODE"),
        "type_achat": KINDS.get(kind) if kind else None,
        "procedure_publiee": _procedure(how),
        "divise": _yes(about, "LOT_DIVISION"),
        "est_groupement": _yes(body, "JOINT_PROCUREMENT_INVOLVED"),
        "est_centrale": _yes(body, "CENTRAL_PURCHASING"),
        "estimation": euros(_find(about, "VAL_ESTIMATED_TOTAL"), CURRENCY),
        "montant": euros(_find(about, "VAL_TOTAL"), CURRENCY),
        "avis_initial": ted_id(text_at(how, "NOTICE_NUMBER_OJ")),
        "reference_acheteur": text_at(about, "REFERENCE_NUMBER"),
    }


def _find(element: etree._Element | None, path: str) -> etree._Element | None:
    return None if element is None else element.find(path)


def _attribute(element: etree._Element | None, path: str, name: str) -> str | None:
    found = _find(element, path)
    return None if found is None else found.get(name)


def _yes(element: etree._Element | None, name: str) -> str | None:
    """Tell that a box is ticked; one that is not leaves nothing in the file."""
    return None if _find(element, name) is None else "oui"


def _procedure(how: etree._Element | None) -> str | None:
    names = [] if how is None else [str(each.tag) for each in how.iter() if isinstance(each.tag, str)]
    return next((name for name in names if name.startswith("PT_")), None)


def _lots(form: etree._Element) -> Lots:
    """Gather what the description of each lot and its award tell."""
    lots, described = Lots(), form.findall("OBJECT_CONTRACT/OBJECT_DESCR")
    for place, each in enumerate(described, start=1):
        lot = lots.at(text_at(each, "LOT_NO") or str(place))
        lot.objet = text_at(each, "TITLE", "SHORT_DESCR")
        lot.cpv = _attribute(each, "CPV_ADDITIONAL/CPV_CODE", "CODE")
        lot.estimation = euros(each.find("VAL_OBJECT"), CURRENCY)
        lot.criteres = _criteria(each.find(".//AC"))
    alone = next(iter(lots)) if len(lots) == 1 else None
    for place, each in enumerate(form.findall("AWARD_CONTRACT"), start=1):
        numbers = [alone] if alone else _numbers(text_at(each, "LOT_NO") or str(place), lots)
        for number in numbers:
            _award(each, lots.at(number), shared=len(numbers) > 1)
    return lots


def _numbers(told: str, lots: Lots) -> list[str]:
    """Return the lots that an award is of: ``1, 3`` is two lots where both are described, else a number as it is."""
    numbers = SEVERAL.split(told)
    return numbers if told not in lots and all(each in lots for each in numbers) else [told]


def _award(award: etree._Element, lot: Lot, *, shared: bool) -> None:
    """Add an award to a lot, which may have several; the value of one that is of several lots is of none of them."""
    won, none = award.find("AWARDED_CONTRACT"), award.find("NO_AWARDED_CONTRACT")
    lot.objet = lot.objet or text_at(award, "TITLE")
    if won is None:
        dropped = none is not None and none.find("PROCUREMENT_DISCONTINUED") is not None
        told = DROPPED if dropped else FAILED
        lot.issue = lot.issue or (told if none is not None else None)
        return
    lot.issue = WON
    lot.offres_recues = text_at(won, "TENDERS/NB_TENDERS_RECEIVED") or lot.offres_recues
    lot.offres_pme = text_at(won, "TENDERS/NB_TENDERS_RECEIVED_SME") or lot.offres_pme
    lot.date_attribution = text_at(won, "DATE_CONCLUSION_CONTRACT") or lot.date_attribution
    if not shared:
        lot.estimation = euros(won.find("VALUES/VAL_ESTIMATED_TOTAL"), CURRENCY) or lot.estimation
        amount = euros(won.find("VALUES/VAL_TOTAL"), CURRENCY)
        lot.montants += [amount] if amount else []
    for each in won.iterfind(".//ADDRESS_CONTRACTOR"):
        if name := text_at(each, "OFFICIALNAME"):
            lot.titulaires.append((name, text_at(each, "NATIONALID")))


def _criteria(stated: etree._Element | None) -> Criteria | None:
    """List the criteria of an award; None when they are only in the procurement documents."""
    if stated is None:
        return None
    found = [
        (CRITERIA[str(each.tag)], text_at(each, "AC_CRITERION"), text_at(each, "AC_WEIGHTING"))
        for each in stated
        if each.tag in CRITERIA
    ]
    found += [("", text_of(each), None) for each in stated.findall("AC_CRITERION")]
    return found or None
