"""The company register: recognised by its columns, and kept for the firms that awards name."""

import gzip
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optima_lib.errors import UnknownLayoutError
from optima_lib.sources.files import RawFile, walk
from optima_lib.sources.recognition import holds_register, recognise
from optima_lib.sources.sirene import NOT_KEPT, Named, restore_zeros
from tests.register import register_csv, site, unit
from tests.sources.inputs import NOBODY, zipped

FIRMS = Named(pl.Series(["000000018", "000000026"]), pl.Series(["00000002600012"]))


def portions(tmp_path, content, named=FIRMS):
    """The format of a file and what it gives, all portions together."""
    path = tmp_path / "stock.dat"
    path.write_bytes(content)
    [file] = walk([path])
    reading = recognise(file)
    found = list(reading.portions(named))
    tables = [each.parts[reading.donnees] for each in found if each.parts]
    return (
        reading.format,
        pl.concat(tables),
        [each for some in found for each in some.aside],
        sum(each.count for each in found),
        sum(each.outside for each in found),
    )


def parquet_of(*rows):
    """A stock file in Parquet, with numbers, dates and empty values as INSEE types them."""
    texts = pl.DataFrame(rows).with_columns(pl.when(pl.all() != "").then(pl.all()))
    typed = texts.with_columns(
        pl.col("categorieJuridiqueUniteLegale").cast(pl.Int64),
        pl.col("dateCreationUniteLegale").str.to_date(),
        pl.col("dateDernierTraitementUniteLegale").str.to_datetime(),
    )
    content = io.BytesIO()
    typed.write_parquet(content)
    return content.getvalue()


UNITS = [unit("000000018"), unit("000000026", denominationUniteLegale="B"), unit("123456782")]
PACKAGES = {
    "csv": (lambda rows: register_csv(*rows), "csv"),
    "csv.gz": (lambda rows: gzip.compress(register_csv(*rows)), "csv"),
    "zip": (lambda rows: zipped({"StockUniteLegale_utf8.csv": register_csv(*rows)}), "csv"),
    "parquet": (lambda rows: parquet_of(*rows), "parquet"),
    "zip of parquet": (lambda rows: zipped({"StockUniteLegale.parquet": parquet_of(*rows)}), "parquet"),
}


@pytest.mark.parametrize("package", PACKAGES)
def test_legal_units_that_awards_name_are_kept_and_the_others_counted(tmp_path, package):
    pack, kind = PACKAGES[package]
    name, kept, aside, count, outside = portions(tmp_path, pack(UNITS))
    assert name == f"sirene-unites-legales-{kind}"
    assert kept["siren"].to_list() == ["000000018", "000000026"]
    assert kept["rang"].to_list() == [0, 1]
    assert (kept["categorie_juridique"][0], kept["date_creation"][0][:10]) == ("5710", "2005-03-01")
    assert (count, outside, aside) == (3, 1, [])


def test_establishments_are_kept_by_their_siret_or_as_the_head_office_of_a_named_siren(tmp_path):
    rows = [
        site("00000001800019"),
        site("00000001800027", etablissementSiege="false"),
        site("00000002600012", etablissementSiege="false"),
        site("12345678200019"),
    ]
    name, kept, _, count, outside = portions(tmp_path, register_csv(*rows))
    assert name == "sirene-etablissements-csv"
    assert kept["siret"].to_list() == ["00000001800019", "00000002600012"]
    assert (count, outside) == (4, 2)


def test_only_the_columns_that_serve_are_read(tmp_path):
    kept = portions(tmp_path, register_csv(*UNITS))[1]
    assert not {"sigleUniteLegale", "sexeUniteLegale"} & set(kept.columns)


def test_a_value_withheld_by_insee_is_missing(tmp_path):
    kept = portions(tmp_path, register_csv(unit("000000018", denominationUniteLegale="[ND]")))[1]
    assert kept["denomination"].to_list() == [None]


def test_a_malformed_number_is_set_aside_without_the_rest_of_its_row(tmp_path):
    rows = [unit("000000018"), unit("FR12", nomUniteLegale="MARTIN"), unit("")]
    _, kept, aside, count, outside = portions(tmp_path, register_csv(*rows))
    assert aside == [(1, "SIREN illisible", '{"siren": "FR12"}'), (2, "SIREN illisible", '{"siren": null}')]
    assert (len(kept), count, outside) == (1, 3, 0)


def test_a_row_cut_short_is_set_aside_without_its_text(tmp_path):
    content = register_csv(unit("000000018")) + b"000000026,O,MARTIN\n"
    _, kept, aside, count, _ = portions(tmp_path, content)
    assert aside == [(1, "3 champs au lieu de 34", NOT_KEPT)]
    assert (len(kept), count) == (1, 2)


@settings(max_examples=15)
@given(
    st.lists(st.sampled_from(["000000018", "18", "123456782", "12345678200", "", "X", "26.0"]), min_size=1, max_size=9)
)
def test_every_row_is_kept_set_aside_or_outside(tmp_path_factory, numbers):
    content = register_csv(*(unit(each) for each in numbers))
    _, kept, aside, count, outside = portions(tmp_path_factory.mktemp("s"), content)
    assert count == len(numbers) == len(kept) + len(aside) + outside
    assert sorted([*kept["rang"], *(each[0] for each in aside)]) == sorted(
        rank for rank, each in enumerate(numbers) if each != "123456782"
    )


def test_the_history_of_the_register_is_not_the_register(tmp_path):
    """StockUniteLegaleHistorique has several rows per unit, and no size category."""
    path = tmp_path / "historique.csv"
    path.write_text("siren,dateFin,dateDebut,etatAdministratifUniteLegale\n000000018,,2020-01-01,A\n", encoding="utf-8")
    with pytest.raises(UnknownLayoutError, match=r"unités légales.*auquel il manque"):
        recognise(RawFile("historique.csv", path))


@pytest.mark.parametrize("package", PACKAGES)
def test_a_register_is_told_without_reading_its_rows(tmp_path, package):
    path = tmp_path / "stock.dat"
    path.write_bytes(PACKAGES[package][0](UNITS))
    [file] = walk([path])
    assert holds_register(file)


@pytest.mark.parametrize("content", [b"", b"{}", b"<a/>", b"PAR1", b"siren;insee;nom_com\n", b"\x1f\x8b\x00"])
def test_another_file_is_no_register(tmp_path, content):
    path = tmp_path / "autre.dat"
    path.write_bytes(content)
    assert not holds_register(RawFile("autre.dat", path))


def test_nobody_named_is_nobody_kept(tmp_path):
    _, kept, aside, count, outside = portions(tmp_path, register_csv(*UNITS), NOBODY)
    assert (len(kept), aside, count, outside) == (0, [], 3, 3)


def test_leading_zeros_are_restored_to_numbers_alone():
    numbers = pl.DataFrame({"n": ["18", "18.0", "FR", "1234567890", None]})
    told = numbers.select(restore_zeros(pl.col("n"), 9)).to_series().to_list()
    assert told == ["000000018", "000000018", "FR", "1234567890", None]
