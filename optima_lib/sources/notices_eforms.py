"""Notices of eForms (UBL), compulsory since 25 October 2023.

Business terms (BT) are those of implementing regulation (EU) 2019/1780; paths are those of the examples of OP-TED
eForms-SDK. Elements are read without their namespaces.
"""

from lxml import etree

from optima_lib.sources.notice import DROPPED, FAILED, WON, Lot, Lots, Notice, euros, ted_id, text_at

ROOTS = ("ContractNotice", "ContractAwardNotice", "PriorInformationNotice")
CURRENCY = "currencyID"
KINDS = {"works": "Travaux", "supplies": "Fournitures", "services": "Services"}
FAMILIES = {"price": "prix", "cost": "coût", "quality": "qualité"}
WEIGHTS = {"per-exa", "per-mid", "dec-exa", "dec-mid", "poi-exa", "poi-mid"}  # BT-5421: an order is no weight
CHOSEN, CLOSED, CANCELS = "selec-w", "clos-nw", "cancel"
NO_TENDER = {"no-rece", "all-rej"}  # BT-144: no tender, or none to retain


def read_eforms(root: etree._Element) -> Notice:
    """Read a notice of eForms."""
    identity = text_at(root, "ID")
    avis_id = ted_id(text_at(root, ".//Publication/NoticePublicationID")) or (
        f"eForms:{identity}" if identity else None
    )
    version = (text_at(root, "VersionID") or "1").lstrip("0")
    number = int(version) if version.isdigit() else 1
    return Notice(avis_id, "TED", _told(root), list(_lots(root).values()), number)


def _told(root: etree._Element) -> dict[str, str | None]:
    about, result = root.find("ProcurementProject"), root.find(".//NoticeResult")
    buyer = _organisation(root, text_at(root, "ContractingParty/Party/PartyIdentification/ID"))
    kind = text_at(about, "ProcurementTypeCode")
    return {
        "format": "eForms",
        "forme": text_at(root, ".//NoticeSubType/SubTypeCode"),
        "statut": _fate(root),
        "identifiant": text_at(root, "ID"),
        "dossier": text_at(root, "ContractFolderID"),
        "pays": text_at(buyer, "PostalAddress/Country/IdentificationCode"),
        "date_publication": text_at(root, ".//Publication/PublicationDate"),
        "date_limite": _deadline(root),
        "date_envoi": text_at(root, "IssueDate"),
        "acheteur_nom": text_at(buyer, "PartyName/Name"),
        "acheteur_id": text_at(buyer, "PartyLegalEntity/CompanyID"),
        "code_postal": text_at(buyer, "PostalAddress/PostalZone"),
        "objet": text_at(about, "Name"),
        "cpv": text_at(about, "MainCommodityClassification/ItemClassificationCode"),
        "type_achat": KINDS.get(kind or ""),
        "procedure_publiee": text_at(root, "TenderingProcess/ProcedureCode"),
        "est_groupement": "oui" if len(root.findall("ContractingParty")) > 1 else "non",
        "est_centrale": _central(root),
        "estimation": _estimate(about),
        "montant": euros(None if result is None else result.find("TotalAmount"), CURRENCY),
        "avis_initial": _previous(root),
        "reference_acheteur": text_at(about, "ID"),
    }


def _fate(root: etree._Element) -> str | None:
    """Tell a notice that changes another (BT-758) or cancels it (BT-140)."""
    changes = root.find(".//Changes")
    if changes is None:
        return None
    reasons = {each.text for each in changes.iterfind(".//ReasonCode")}
    return "ANNULATION" if CANCELS in reasons else "RECTIFICATIF"


def _organisation(root: etree._Element, number: str | None) -> etree._Element | None:
    """Return the company that bears a number within the notice, or one of whose contact points does."""
    for each in root.iterfind(".//Organizations/Organization"):
        if number in {text_at(part, "PartyIdentification/ID") for part in each.iterchildren("Company", "TouchPoint")}:
            return each.find("Company")
    return None


def _deadline(root: etree._Element) -> str | None:
    """Return the first deadline of the lots: of tenders (BT-131), else of requests to participate (BT-1311)."""
    for period in ("TenderSubmissionDeadlinePeriod", "ParticipationRequestReceptionPeriod"):
        days = [
            str(each.text or "") for each in root.iterfind(f"ProcurementProjectLot/TenderingProcess/{period}/EndDate")
        ]
        if told := sorted(day.strip() for day in days if day):
            return told[0]
    return None


def _central(root: etree._Element) -> str | None:
    names = ("AcquiringCPBIndicator", "AwardingCPBIndicator")
    told = [each for name in names if (each := text_at(root, f".//Organizations/{name}", f".//Organization/{name}"))]
    return None if not told else "oui" if "true" in told else "non"


def _estimate(project: etree._Element | None) -> str | None:
    """Return the estimated value (BT-27)."""
    if project is None:
        return None
    return euros(project.find("RequestedTenderTotal/EstimatedOverallContractAmount"), CURRENCY)


def _previous(root: etree._Element) -> str | None:
    """Return the number of the notice that this one follows (OPP-090), given by TED or by its sender."""
    number = text_at(root, "TenderingProcess/NoticeDocumentReference/ID")
    if number is None or ted_id(number):
        return ted_id(number)
    return f"eForms:{number[:36]}"


def _lots(root: etree._Element) -> Lots:
    """Gather what the description of each lot (BT-137) and its result tell."""
    lots = Lots()
    for each in root.findall("ProcurementProjectLot"):
        number = text_at(each, "ID")
        if number and number.startswith("LOT"):
            _describe(each, lots.at(number))
    for each in root.findall(".//NoticeResult/LotResult"):
        _award(root, each, lots.at(text_at(each, "TenderLot/ID") or "1"))
    return lots


def _describe(told: etree._Element, lot: Lot) -> None:
    project = told.find("ProcurementProject")
    lot.objet = text_at(project, "Name", "Description")
    lot.cpv = text_at(project, "MainCommodityClassification/ItemClassificationCode")
    lot.estimation = _estimate(project)
    stated = told.findall("TenderingTerms/AwardingTerms/AwardingCriterion/SubordinateAwardingCriterion")
    lot.criteres = [_criterion(each) for each in stated] or None


def _criterion(stated: etree._Element) -> tuple[str, str | None, str | None]:
    """Return the family (BT-539), the wording (BT-734, BT-540) and the weight (BT-541) of a criterion."""
    family = FAMILIES.get(text_at(stated, "AwardingCriterionTypeCode") or "", "")
    wording = " ".join(text for name in ("Name", "Description") if (text := text_at(stated, name)))
    for each in stated.iterfind(".//AwardCriterionParameter"):
        if text_at(each, "ParameterCode") in WEIGHTS:
            return family, wording or None, text_at(each, "ParameterNumeric")
    return family, wording or None, None


def _award(root: etree._Element, result: etree._Element, lot: Lot) -> None:
    """Add a result to its lot: outcome (BT-142, BT-144), tenders received (BT-759, BT-760), winners (BT-720)."""
    outcome, reason = text_at(result, "TenderResultCode"), text_at(result, "DecisionReason/DecisionReasonCode")
    lot.issue = WON if WON in (lot.issue, {CHOSEN: WON}.get(outcome or "")) else _not_awarded(outcome, reason)
    counts = {
        text_at(each, "StatisticsCode"): text_at(each, "StatisticsNumeric")
        for each in result.findall("ReceivedSubmissionsStatistics")
    }
    lot.offres_recues, lot.offres_pme = (
        counts.get("tenders") or lot.offres_recues,
        counts.get("t-sme") or lot.offres_pme,
    )
    if outcome != CHOSEN:
        return
    whole = root.find(".//NoticeResult")
    for each in _referred(whole, "LotTender", result):
        amount = euros(each.find("LegalMonetaryTotal/PayableAmount"), CURRENCY)
        lot.montants += [amount] if amount else []
        lot.titulaires += [
            winner for party in _referred(whole, "TenderingParty", each) for winner in _winners(root, party)
        ]
    for each in _referred(whole, "SettledContract", result):
        lot.date_attribution = lot.date_attribution or text_at(each, "AwardDate", "IssueDate")


def _not_awarded(outcome: str | None, reason: str | None) -> str | None:
    if outcome != CLOSED or reason is None:
        return None
    return FAILED if reason in NO_TENDER else DROPPED


def _referred(whole: etree._Element | None, name: str, source: etree._Element) -> list[etree._Element]:
    """List the elements of a result that another refers to by their numbers."""
    numbers = {text_at(each, "ID") for each in source.findall(name)}
    return [] if whole is None else [each for each in whole.findall(name) if text_at(each, "ID") in numbers]


def _winners(root: etree._Element, party: etree._Element) -> list[tuple[str, str | None]]:
    found = [_organisation(root, text_at(each, "ID")) for each in party.findall("Tenderer")]
    return [
        (name, text_at(each, "PartyLegalEntity/CompanyID"))
        for each in found
        if (name := text_at(each, "PartyName/Name"))
    ]
