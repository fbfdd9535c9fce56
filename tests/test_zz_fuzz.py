import io, json
import polars as pl
from hypothesis import given, settings, strategies as st, Phase
from optima_lib.running.jobs import Share, number
from optima_lib.running.merging import _finish, _trace
from optima_lib.cleaning.contracts import build_contracts
from optima_lib.cleaning.publications import clean_modifications, clean_publications, clean_titulaires
from optima_lib.sources.decp import JsonPiece
from optima_lib.sources.json_cuts import cut_json
from optima_lib.schemas import check
from tests.cleaning.records import *
odd = st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=15),
   st.sampled_from(["", " ", "--", ".", "NC", "0", "-1", "1e400", "99999999999999999999", "2024-02-30", "2024-03-01", "0000-00-00","9999-12-31","10/13/2024", TOWN, FIRM, "1 000,50", "\x00", "[", "{", "['a'", "٣"*14, "\ud83d"])),
   lambda c: st.one_of(st.lists(c, max_size=3), st.dictionaries(st.sampled_from(["id","nom","titulaire","modification","code","typeCode","technique","montant","dureeMois","typeIdentifiant","denominationSociale","titulaires", "dateNotificationModification"]), c, max_size=3)), max_leaves=5)
FIELDS = list(award().keys()) + ["modifications","lieuExecution","idAccordCadre","tauxAvance","origineUE","marcheInnovant","typesPrix","considerationsSociales","formePrix","source","concessionnaires","autoriteConcedante","valeurGlobale","acheteur.id"]
recs = st.lists(st.dictionaries(st.sampled_from(FIELDS), odd, max_size=4).map(lambda d: award(str(len(d))) | {"acheteur": {"id": TOWN}} | d), min_size=1, max_size=4)
@settings(deadline=None, max_examples=1500)
@given(recs)
def test_fuzz(records):
    data = json.dumps({"marches": {"marche": records}}).encode()
    pieces = [JsonPiece(s) for s in cut_json(io.BytesIO(data), "f")]
    n = number(Share("a", 1, pieces))
    assert len(n.publications) + len(n.ecartes) == len(records)
    b = build_contracts(clean_publications(n.publications, LATEST).drop("place"), clean_titulaires(n.titulaires), clean_modifications(n.modifications, LATEST))
    check("marches", _finish(b))
    check("titulaires", b.titulaires); check("modifications", b.modifications)
    assert sorted(b.enregistrements["rang"].to_list() + n.ecartes["rang"].to_list()) == list(range(len(records)))
