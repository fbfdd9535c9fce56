"""Notices of unusual shapes: cancelled, in several lots at once, described twice, told through a contact point."""

import json

from optima_lib.cleaning.notices import clean_notice_lots
from tests.sources.test_notices import company, eforms, lot, read, tables

CHANGES = """<efac:Changes><efbc:ChangedNoticeIdentifier>f42be27e-09cf-4f0e-a745-63ec689631e6-01</efbc:ChangedNoticeIdentifier>
  <efac:ChangeReason><cbc:ReasonCode listName="change-corrig-justification">{}</cbc:ReasonCode></efac:ChangeReason></efac:Changes>"""


def fate(reason):
    notice, _ = tables(eforms("ContractNotice", "16", lots=lot("LOT-0001", "Centre"), extension=CHANGES.format(reason)))
    return notice["statut"]


def test_a_notice_of_eforms_that_cancels_another_is_not_one_that_corrects_it():
    assert (fate("cancel"), fate("cor-buy")) == ("ANNULATION", "RECTIFICATIF")


def test_a_buyer_told_through_its_contact_point_is_the_organisation_of_that_point():
    text = eforms("ContractNotice", "16", lots=lot("LOT-0001", "Centre"))
    point = """<efac:TouchPoint><cac:PartyIdentification><cbc:ID schemeName="touchpoint">TPO-0001</cbc:ID></cac:PartyIdentification>
      <cac:PartyName><cbc:Name>Service des achats</cbc:Name></cac:PartyName></efac:TouchPoint></efac:Organization>"""
    whole = company("ORG-0001", "Ville inventée", "21000001400017")
    assert whole in text
    text = text.replace(whole, whole.replace("</efac:Organization>", point))
    text = text.replace("<cbc:ID>ORG-0001</cbc:ID>", "<cbc:ID>TPO-0001</cbc:ID>")
    notice, _ = tables(text)
    assert (notice["acheteur_nom"], notice["acheteur_id"]) == ("Ville inventée", "21000001400017")


def ted(*awards, lots="12"):
    described = "".join(f"<OBJECT_DESCR><LOT_NO>{number}</LOT_NO></OBJECT_DESCR>" for number in lots)
    told = "".join(
        f"""<AWARD_CONTRACT><LOT_NO>{number}</LOT_NO><AWARDED_CONTRACT>
        <TENDERS><NB_TENDERS_RECEIVED>4</NB_TENDERS_RECEIVED></TENDERS><CONTRACTORS><CONTRACTOR><ADDRESS_CONTRACTOR>
        <OFFICIALNAME>{name}</OFFICIALNAME></ADDRESS_CONTRACTOR></CONTRACTOR></CONTRACTORS>
        <VALUES><VAL_TOTAL CURRENCY="EUR">{amount}</VAL_TOTAL></VALUES></AWARDED_CONTRACT></AWARD_CONTRACT>"""
        for number, name, amount in awards
    )
    form = f'<F03_2014 CATEGORY="ORIGINAL"><OBJECT_CONTRACT>{described}</OBJECT_CONTRACT>{told}</F03_2014>'
    return read(f'<TED_EXPORT DOC_ID="000002-2020"><FORM_SECTION>{form}</FORM_SECTION></TED_EXPORT>').parts["avis_lots"]


def test_an_award_of_two_lots_awards_both_and_its_value_is_of_neither():
    for told in ("1, 2", "1 et 2", "1 ; 2"):
        both = ted((told, "Firme inventée", 90_000)).to_dicts()
        assert [(each["lot"], each["issue"], each["offres_recues"]) for each in both] == [
            ("1", "attribué", "4"),
            ("2", "attribué", "4"),
        ]
        assert [each["montants"] for each in both] == [None, None]
        assert [json.loads(each["titulaires"]) for each in both] == [[["Firme inventée", None]]] * 2


def test_a_number_of_lot_that_holds_a_comma_stays_as_it_is():
    assert ted(("A, bis", "Firme inventée", 90_000))["lot"].to_list() == ["1", "2", "A, bis"]


def test_a_ceiling_repeated_for_each_holder_of_a_lot_is_counted_once():
    lots = clean_notice_lots(ted(("1", "A", 50_000), ("1", "B", 50_000), ("2", "C", 10_000), ("2", "D", 20_000)))
    assert lots["montant_eur"].to_list() == [50_000, 30_000]


def boamp(divided, *numbers):
    lots = "".join(
        f"<LOT>{f'<NUM>{each}</NUM>' if each else ''}<DESCRIPTION>Eau</DESCRIPTION></LOT>" for each in numbers
    )
    return tables(
        f"""<ANNONCE><GESTION><REFERENCE><IDWEB>99-1</IDWEB><TYPE_AVIS><NATURE><APPEL_OFFRE/></NATURE></TYPE_AVIS></REFERENCE>
        </GESTION><DONNEES><OBJET><DIV_EN_LOTS><{divided}/></DIV_EN_LOTS><LOTS>{lots}</LOTS></OBJET></DONNEES></ANNONCE>"""
    )[1]


def test_a_market_that_is_not_divided_is_one_lot_even_described_twice():
    assert [each["lot"] for each in boamp("NON", None, None)] == ["1"]
    assert [each["lot"] for each in boamp("OUI", None, None)] == ["1", "2"]
    assert [each["lot"] for each in boamp("OUI", 3, 4)] == ["3", "4"]
