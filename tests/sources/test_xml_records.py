"""XML award files become the records of the JSON layouts; document types and entities are refused."""

import io

import pytest

from optima_lib.errors import RawFileError, UnknownLayoutError
from optima_lib.sources import xml_records
from optima_lib.sources.json_records import OBJECTS
from optima_lib.sources.xml_records import read_xml
from tests.cleaning.records import DISTRICT, FIRM, OTHER, THIRD, TOWN
from tests.sources.inputs import read_content

XML_2019 = f"""<?xml version="1.0" encoding="UTF-8"?>
<marches>
  <marche>
    <id>2019-07</id>
    <acheteur><id>{TOWN}</id><nom>VILLE INVENTÉE</nom></acheteur>
    <nature>Marché</nature>
    <objet>Fourniture de papier &amp; enveloppes</objet>
    <codeCPV>30197643-5</codeCPV>
    <dateNotification>2019-02-01+01:00</dateNotification>
    <montant>30000.50</montant>
    <titulaires>
      <titulaire><typeIdentifiant>SIRET</typeIdentifiant><id>{FIRM}</id></titulaire>
    </titulaires>
    <modifications/>
  </marche>
  <contrat-concession>
    <id>2019-C1</id>
    <autoriteConcedante><id>{DISTRICT}</id></autoriteConcedante>
    <dateSignature>2019-05-02</dateSignature>
    <valeurGlobale>1200000</valeurGlobale>
    <concessionnaires>
      <concessionnaire><typeIdentifiant>SIRET</typeIdentifiant><id>{OTHER}</id></concessionnaire>
    </concessionnaires>
  </contrat-concession>
</marches>"""

XML_2022 = f"""<marches><marche>
  <id>2024-01</id><acheteur><id>{TOWN}</id></acheteur><objet>Voirie</objet>
  <techniques><technique>Accord-cadre</technique><technique>Concours</technique></techniques>
  <typesPrix><typePrix>Définitif ferme</typePrix></typesPrix>
  <considerationsSociales><considerationSociale>Clause sociale</considerationSociale></considerationsSociales>
  <modalitesExecution><modaliteExecution>Tranches</modaliteExecution></modalitesExecution>
  <dateNotification>2024-03-01</dateNotification><montant>575000</montant><offresRecues>4</offresRecues>
  <titulaires>
    <titulaire><id>{FIRM}</id><typeIdentifiant>SIRET</typeIdentifiant></titulaire>
    <titulaire><id>{THIRD}</id><typeIdentifiant>SIRET</typeIdentifiant></titulaire>
  </titulaires>
  <modifications><modification><id>1</id><montant>580000</montant>
    <titulaires><titulaire><id>{OTHER}</id><typeIdentifiant>SIRET</typeIdentifiant></titulaire></titulaires>
    <dateNotificationModification>2024-10-18</dateNotificationModification></modification></modifications>
</marche></marches>"""


def test_a_2019_file_holds_contracts_and_concessions(tmp_path):
    found = read_content(tmp_path, XML_2019)
    assert found.format == "decp-2019-xml"
    assert found.column("marche_id") == ["2019-07", "2019-C1"]
    assert found.column("acheteur_id") == [TOWN, DISTRICT]
    assert found.column("objet") == ["Fourniture de papier & enveloppes", None]
    assert [str(each) for each in found.column("montant")] == ["30000.50", "1200000"]
    assert found.column("date_notification") == ["2019-02-01+01:00", "2019-05-02"]
    assert [each["titulaire_id"] for each in found.titulaires] == [FIRM, OTHER]
    assert not found.modifications


def test_a_2022_file_holds_lists_of_labels_suppliers_and_modifications(tmp_path):
    found = read_content(tmp_path, XML_2022)
    assert found.format == "decp-2022-xml"
    [row] = found.publications
    assert "Accord-cadre" in row["techniques"]
    assert "Concours" in row["techniques"]
    assert "Clause sociale" in row["considerations_sociales"]
    assert "Tranches" in row["modalites_execution"]
    assert "Définitif ferme" in row["types_prix"]
    assert [(each["version"], each["titulaire_id"]) for each in found.titulaires] == [(0, FIRM), (0, THIRD), (1, OTHER)]
    [modification] = found.modifications
    assert modification["date_modification"] == "2024-10-18"
    assert float(modification["montant"]) == 580_000


def test_one_record_alone_may_be_the_root(tmp_path):
    alone = XML_2022.removeprefix("<marches>").removesuffix("</marches>")
    assert read_content(tmp_path, alone).column("marche_id") == ["2024-01"]


def test_a_namespace_and_comments_change_nothing(tmp_path):
    text = XML_2019.replace("<marches>", '<!-- livraison --><marches xmlns="urn:decp">').replace(
        "<id>", "<!-- n° --><id>"
    )
    assert read_content(tmp_path, text).publications == read_content(tmp_path, XML_2019).publications


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1"])
def test_the_declared_encoding_is_followed(tmp_path, encoding):
    text = XML_2019.replace("UTF-8", encoding.removesuffix("-sig"))
    assert read_content(tmp_path, text.encode(encoding)).column("acheteur_nom")[0] == "VILLE INVENTÉE"


def test_accents_in_cp1252_under_a_declaration_of_utf_8_are_read(tmp_path):
    assert read_content(tmp_path, XML_2019.encode("cp1252")).column("acheteur_nom")[0] == "VILLE INVENTÉE"


def test_records_are_numbered_through_the_whole_file(monkeypatch):
    monkeypatch.setattr(xml_records, "BATCH", 2)
    data = ("<marches>" + "".join(f"<marche><id>{i}</id></marche>" for i in range(5)) + "</marches>").encode()
    some = list(read_xml(io.BufferedReader(io.BytesIO(data)), "f.xml", OBJECTS))
    assert [rang for each in some for rang in each.ranks] == list(range(5))
    assert [value["id"] for each in some for value in each.values] == list("01234")


def refused(data, error=RawFileError):
    with pytest.raises(error) as told:
        list(read_xml(io.BufferedReader(io.BytesIO(data.encode())), "f.xml", OBJECTS))
    return str(told.value)


LAUGHS = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE marches>",
        '<!DOCTYPE marches SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE marches [<!ENTITY nom "Ville">]>',
        '<!DOCTYPE marches [<!ENTITY nom SYSTEM "file:///etc/hostname">]>',
        f'<!DOCTYPE marches [<!ENTITY a0 "ha">{LAUGHS}]>',
    ],
    ids=["bare", "external", "entity", "external entity", "billion laughs"],
)
def test_a_document_type_is_refused_before_any_record(doctype):
    told = refused(f'<?xml version="1.0"?>{doctype}<marches><marche><id>&nom;&a9;</id></marche></marches>')
    assert "f.xml : le XML déclare un DOCTYPE ou des entités" in told
    assert "vérifiez son origine" in told


def test_an_entity_that_is_not_of_xml_is_refused():
    assert "XML mal formé" in refused("<marches><marche><id>1</id><objet>&nbsp;</objet></marche></marches>")


def test_a_truncated_file_is_said_with_its_line_and_its_cure():
    told = refused("<marches>\n<marche><id>1</id></marche>\n<marche><id>2")
    assert "f.xml : XML mal formé ou tronqué, ligne 3" in told
    assert "Téléchargez de nouveau" in told


def test_another_root_is_said_with_what_was_awaited():
    told = refused("<rss><channel/></rss>", UnknownLayoutError)
    assert "XML dont la racine est « rss »" in told
    assert "« marches »" in told
