"""Notices in their three formats: hardening, numbers, eForms by business term (invented notices)."""

import io
import json

import pytest

from optima_lib.errors import RawFileError
from optima_lib.sources.notices import read_notice

UBL = "urn:oasis:names:specification:ubl:schema:xsd"
NAMES = (
    f'xmlns:cac="{UBL}:CommonAggregateComponents-2" xmlns:cbc="{UBL}:CommonBasicComponents-2" '
    f'xmlns:ext="{UBL}:CommonExtensionComponents-2" '
    'xmlns:efac="http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1" '
    'xmlns:efbc="http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1" '
    'xmlns:efext="http://data.europa.eu/p27/eforms-ubl-extensions/1"'
)


def company(number, name, siret, country="FRA"):
    return f"""<efac:Organization><efac:Company>
      <cac:PartyIdentification><cbc:ID schemeName="organization">{number}</cbc:ID></cac:PartyIdentification>
      <cac:PartyName><cbc:Name languageID="FRA">{name}</cbc:Name></cac:PartyName>
      <cac:PostalAddress><cac:Country><cbc:IdentificationCode>{country}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
      <cac:PartyLegalEntity><cbc:CompanyID>{siret}</cbc:CompanyID></cac:PartyLegalEntity>
    </efac:Company></efac:Organization>"""


def criterion(kind, name, code, weight):
    return f"""<cac:SubordinateAwardingCriterion>
      <ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><efext:EformsExtension><efac:AwardCriterionParameter>
        <efbc:ParameterCode listName="number-weight">{code}</efbc:ParameterCode>
        <efbc:ParameterNumeric>{weight}</efbc:ParameterNumeric>
      </efac:AwardCriterionParameter></efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>
      <cbc:AwardingCriterionTypeCode listName="award-criterion-type">{kind}</cbc:AwardingCriterionTypeCode>
      <cbc:Name languageID="FRA">{name}</cbc:Name>
    </cac:SubordinateAwardingCriterion>"""


def lot(number, title, criteria="", deadline="2024-06-24Z"):
    return f"""<cac:ProcurementProjectLot><cbc:ID schemeName="Lot">{number}</cbc:ID>
      <cac:TenderingTerms><cac:AwardingTerms><cac:AwardingCriterion>{criteria}</cac:AwardingCriterion></cac:AwardingTerms></cac:TenderingTerms>
      <cac:TenderingProcess><cac:TenderSubmissionDeadlinePeriod><cbc:EndDate>{deadline}</cbc:EndDate></cac:TenderSubmissionDeadlinePeriod></cac:TenderingProcess>
      <cac:ProcurementProject><cbc:Name languageID="FRA">{title}</cbc:Name>
        <cac:RequestedTenderTotal><cbc:EstimatedOverallContractAmount currencyID="EUR">120000</cbc:EstimatedOverallContractAmount></cac:RequestedTenderTotal>
        <cac:MainCommodityClassification><cbc:ItemClassificationCode listName="cpv">77310000</cbc:ItemClassificationCode></cac:MainCommodityClassification>
      </cac:ProcurementProject></cac:ProcurementProjectLot>"""


def eforms(root, subtype, *, lots="", extension="", **told):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
    <{root} xmlns="{UBL}:{root}-2" {NAMES}>
    <ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><efext:EformsExtension>{extension}
      <efac:NoticeSubType><cbc:SubTypeCode listName="notice-subtype">{subtype}</cbc:SubTypeCode></efac:NoticeSubType>
      <efac:Organizations>{company("ORG-0001", "Ville inventée", "21000001400017", told.get("country", "FRA"))}
        {company("ORG-0004", "Jardins inventés", "00000003400018")}{company("ORG-0005", "Verdure inventée", "00000004200016")}
      </efac:Organizations>
      <efac:Publication><efbc:NoticePublicationID schemeName="ojs-notice-id">00123456-2024</efbc:NoticePublicationID>
        <efbc:PublicationDate>2024-05-13Z</efbc:PublicationDate></efac:Publication>
    </efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>
    <cbc:ID schemeName="notice-id">da4d46e9-490b-41ff-a2ae-8166d356a619</cbc:ID>
    <cbc:IssueDate>2024-05-10+02:00</cbc:IssueDate><cbc:VersionID>01</cbc:VersionID>
    <cac:ContractingParty><cac:Party><cac:PartyIdentification><cbc:ID>ORG-0001</cbc:ID></cac:PartyIdentification></cac:Party></cac:ContractingParty>
    <cac:TenderingProcess><cbc:ProcedureCode>open</cbc:ProcedureCode>{told.get("previous", "")}</cac:TenderingProcess>
    <cac:ProcurementProject><cbc:ID schemeName="InternalID">24S01</cbc:ID><cbc:Name languageID="FRA">Espaces verts</cbc:Name>
      <cbc:ProcurementTypeCode listName="contract-nature">services</cbc:ProcurementTypeCode>
      <cac:RequestedTenderTotal><cbc:EstimatedOverallContractAmount currencyID="EUR">240000</cbc:EstimatedOverallContractAmount></cac:RequestedTenderTotal>
      <cac:MainCommodityClassification><cbc:ItemClassificationCode listName="cpv">77310000</cbc:ItemClassificationCode></cac:MainCommodityClassification>
    </cac:ProcurementProject>{lots}</{root}>"""


def result(lot, code, tenders="", reason="", counts=()):
    told = "".join(
        f"<efac:ReceivedSubmissionsStatistics><efbc:StatisticsCode>{kind}</efbc:StatisticsCode>"
        f"<efbc:StatisticsNumeric>{count}</efbc:StatisticsNumeric></efac:ReceivedSubmissionsStatistics>"
        for kind, count in counts
    )
    why = f"<efac:DecisionReason><efbc:DecisionReasonCode>{reason}</efbc:DecisionReasonCode></efac:DecisionReason>"
    return f"""<efac:LotResult><cbc:ID>RES</cbc:ID><cbc:TenderResultCode>{code}</cbc:TenderResultCode>{why if reason else ""}
      {tenders}{told}<efac:TenderLot><cbc:ID schemeName="Lot">{lot}</cbc:ID></efac:TenderLot></efac:LotResult>"""


WON = """<efac:LotTender><cbc:ID>TEN-0001</cbc:ID></efac:LotTender>
    <efac:SettledContract><cbc:ID>CON-0001</cbc:ID></efac:SettledContract>"""
TENDERS = """
    <efac:LotTender><cbc:ID>TEN-0001</cbc:ID><cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="EUR">95414</cbc:PayableAmount></cac:LegalMonetaryTotal>
      <efac:TenderingParty><cbc:ID>TPA-0001</cbc:ID></efac:TenderingParty></efac:LotTender>
    <efac:LotTender><cbc:ID>TEN-0002</cbc:ID><cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="EUR">99000</cbc:PayableAmount></cac:LegalMonetaryTotal>
      <efac:TenderingParty><cbc:ID>TPA-0002</cbc:ID></efac:TenderingParty></efac:LotTender>
    <efac:SettledContract><cbc:ID>CON-0001</cbc:ID><cbc:AwardDate>2024-09-02+02:00</cbc:AwardDate></efac:SettledContract>
    <efac:TenderingParty><cbc:ID>TPA-0001</cbc:ID>
      <efac:Tenderer><cbc:ID>ORG-0004</cbc:ID></efac:Tenderer><efac:Tenderer><cbc:ID>ORG-0005</cbc:ID></efac:Tenderer></efac:TenderingParty>
    <efac:TenderingParty><cbc:ID>TPA-0002</cbc:ID><efac:Tenderer><cbc:ID>ORG-0005</cbc:ID></efac:Tenderer></efac:TenderingParty>"""


def read(text):
    [portion] = read_notice(io.BufferedReader(io.BytesIO(text.encode())), "avis.xml")
    return portion


def tables(text):
    portion = read(text)
    assert not portion.aside
    return portion.parts["avis"].row(0, named=True), portion.parts["avis_lots"].to_dicts()


def test_a_call_of_eforms_tells_its_deadline_estimates_and_criteria():
    weighed = criterion("price", "Prix", "per-exa", 60) + criterion("quality", "Qualité", "per-exa", 40)
    ordered = criterion("price", "Prix", "ord-imp", 1)
    both = lot("LOT-0001", "Centre", weighed) + lot("LOT-0002", "Hauts", ordered, "2024-06-20Z")
    notice, lots = tables(eforms("ContractNotice", "16", lots=both))
    assert notice["avis_id"] == "TED:123456-2024"
    assert (notice["forme"], notice["procedure_publiee"], notice["type_achat"]) == ("16", "open", "Services")
    assert (notice["date_publication"], notice["date_limite"]) == (
        "2024-05-13Z",
        "2024-06-20Z",
    )  # the first of the lots
    assert (notice["acheteur_nom"], notice["acheteur_id"]) == ("Ville inventée", "21000001400017")
    assert (notice["estimation"], notice["reference_acheteur"], notice["nb_lots"]) == ("240000", "24S01", 2)
    assert [(each["lot"], each["objet"], each["estimation"]) for each in lots] == [
        ("LOT-0001", "Centre", "120000"),
        ("LOT-0002", "Hauts", "120000"),
    ]
    assert json.loads(lots[0]["criteres"]) == [["prix", "Prix", "60"], ["qualité", "Qualité", "40"]]
    assert json.loads(lots[1]["criteres"]) == [["prix", "Prix", None]]  # a rank is no weight


def test_an_award_of_eforms_tells_winners_amounts_tenders_and_lots_not_awarded():
    results = (
        f"<efac:NoticeResult><cbc:TotalAmount currencyID='EUR'>95414</cbc:TotalAmount>"
        f"{result('LOT-0001', 'selec-w', WON, counts=(('tenders', 3), ('t-sme', 2)))}"
        f"{result('LOT-0002', 'clos-nw', reason='no-rece', counts=(('tenders', 0),))}"
        f"{result('LOT-0003', 'clos-nw', reason='chan-need')}{result('LOT-0004', 'open-nw')}{TENDERS}</efac:NoticeResult>"
    )
    described = "".join(lot(f"LOT-000{number}", "Lot") for number in (1, 2, 3, 4))
    before = "<cac:NoticeDocumentReference><cbc:ID>00045678-2024</cbc:ID></cac:NoticeDocumentReference>"
    notice, lots = tables(eforms("ContractAwardNotice", "29", extension=results, lots=described, previous=before))
    assert (notice["montant"], notice["avis_initial"]) == ("95414", "TED:45678-2024")
    assert [each["issue"] for each in lots] == ["attribué", "infructueux", "sans suite", None]
    assert (lots[0]["offres_recues"], lots[0]["offres_pme"]) == ("3", "2")
    assert lots[0]["date_attribution"] == "2024-09-02+02:00"
    assert json.loads(lots[0]["montants"]) == ["95414"]  # the other tender did not win
    assert json.loads(lots[0]["titulaires"]) == [
        ["Jardins inventés", "00000003400018"],
        ["Verdure inventée", "00000004200016"],
    ]


def test_a_notice_of_another_country_is_set_aside_with_its_reason():
    [(rang, reason, text)] = read(eforms("ContractNotice", "16", country="DEU")).aside
    assert (rang, reason) == (0, "avis d'un acheteur d'un autre pays")
    assert json.loads(text)["pays"] == "DEU"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<ANNONCE><GESTION/></ANNONCE>", "avis sans numéro"),
        (
            '<TED_EXPORT DOC_ID="1-2012"><FORM_SECTION><CONTRACT_AWARD/></FORM_SECTION></TED_EXPORT>',
            "avis d'un formulaire inconnu",
        ),
    ],
)
def test_a_notice_that_cannot_be_used_is_set_aside_with_its_reason(text, reason):
    portion = read(text)
    assert (portion.count, portion.parts) == (1, {})
    assert [each[1] for each in portion.aside] == [reason]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE ANNONCE [<!ENTITY a "b">]><ANNONCE>&a;</ANNONCE>',
        '<!DOCTYPE TED_EXPORT SYSTEM "http://127.0.0.1/x.dtd"><TED_EXPORT/>',
        "<ANNONCE><GESTION>",
    ],
    ids=["entity", "external", "truncated"],
)
def test_a_document_type_an_entity_or_a_truncated_notice_is_refused(text):
    with pytest.raises(RawFileError):
        read(text)


def test_an_amount_in_another_currency_is_missing():
    text = """<TED_EXPORT DOC_ID="000001-2020"><FORM_SECTION><F03_2014 CATEGORY="ORIGINAL" FORM="F03"><OBJECT_CONTRACT>
      <VAL_TOTAL CURRENCY="CHF">10</VAL_TOTAL></OBJECT_CONTRACT></F03_2014></FORM_SECTION></TED_EXPORT>"""
    notice, lots = tables(text)
    assert (notice["montant"], lots) == (None, [])


def test_several_awards_of_one_lot_are_gathered_in_it():
    """A framework agreement with two holders: two awards of lot 1, one amount each."""

    def award(name, amount):
        return f"""<AWARD_CONTRACT><LOT_NO>1</LOT_NO><AWARDED_CONTRACT><CONTRACTORS><CONTRACTOR><ADDRESS_CONTRACTOR>
          <OFFICIALNAME>{name}</OFFICIALNAME></ADDRESS_CONTRACTOR></CONTRACTOR></CONTRACTORS>
          <VALUES><VAL_TOTAL CURRENCY="EUR">{amount}</VAL_TOTAL></VALUES></AWARDED_CONTRACT></AWARD_CONTRACT>"""

    described = "<OBJECT_CONTRACT><OBJECT_DESCR><LOT_NO>1</LOT_NO></OBJECT_DESCR><OBJECT_DESCR><LOT_NO>2</LOT_NO></OBJECT_DESCR></OBJECT_CONTRACT>"
    form = f'<F03_2014 CATEGORY="ORIGINAL">{described}{award("A", 10)}{award("B", 20)}</F03_2014>'
    _, lots = tables(f'<TED_EXPORT DOC_ID="000002-2020"><FORM_SECTION>{form}</FORM_SECTION></TED_EXPORT>')
    assert [(each["lot"], each["issue"]) for each in lots] == [("1", "attribué"), ("2", None)]
    assert json.loads(lots[0]["montants"]) == ["10", "20"]
    assert [name for name, _ in json.loads(lots[0]["titulaires"])] == ["A", "B"]
