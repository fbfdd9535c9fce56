"""Records of a CSV file, read in one streaming pass, every value as the text that was published."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv

from optima_lib.errors import RawFileError
from optima_lib.sources.encoding import utf8
from optima_lib.sources.layouts import columns_to_read
from optima_lib.sources.rows import Rows, RowStream, json_text

BLOCK = 8 << 20
SEPARATORS = ";,\t|"


def read_header(start: bytes) -> tuple[list[str], str]:
    r"""Return the column names and the separator that the first line of a CSV file tells.

    Examples
    --------
    >>> read_header("id;montant HT\n1;2,5\n".encode())
    (['id', 'montant HT'], ';')
    """
    text = utf8(io.BytesIO(start)).read().decode()
    line = next(iter(text.splitlines()), "")
    separator = max(SEPARATORS, key=line.count)
    return next(csv.reader([line], delimiter=separator), []), separator


def read_csv(stream: BinaryIO, label: str, start: bytes) -> RowStream:
    """Read the records of a CSV file, in UTF-8, UTF-16 or cp1252, whatever its separator.

    A row whose number of fields is not that of the header is set aside with its text.

    Raises
    ------
    RawFileError
        When quotes are left open, so that rows cannot be told apart.
    """
    names, separator = read_header(start)
    wrong: list[pacsv.InvalidRow] = []
    reader = _open(utf8(stream), names, separator, wrong, label)
    position, told = 0, 0
    for batch in _batches(reader, label):
        frame = pl.DataFrame(pl.from_arrow(batch))
        aside = {row.number - 2 for row in wrong}
        ranks, position = _ranks(position, len(frame), aside)
        unreadable = [_unreadable(row) for row in wrong[told:]]
        told = len(wrong)
        yield Rows(frame.with_columns(rang=pl.Series(ranks, dtype=pl.Int64)), json_text(frame), unreadable)
    if wrong[told:]:
        yield Rows(
            pl.DataFrame(schema={"rang": pl.Int64}), json_text(pl.DataFrame()), [*map(_unreadable, wrong[told:])]
        )


def _open(
    stream: BinaryIO, names: list[str], separator: str, wrong: list[pacsv.InvalidRow], label: str
) -> pacsv.CSVStreamingReader:
    def set_aside(row: pacsv.InvalidRow) -> str:
        wrong.append(row)
        return "skip"

    unique = [name if name not in names[:i] else f"{name}#{i}" for i, name in enumerate(names)]
    try:
        return pacsv.open_csv(
            stream,
            read_options=pacsv.ReadOptions(block_size=BLOCK, column_names=unique, skip_rows=1, use_threads=False),
            parse_options=pacsv.ParseOptions(
                delimiter=separator, newlines_in_values=True, invalid_row_handler=set_aside, ignore_empty_lines=True
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(unique, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
                include_columns=columns_to_read(unique),
            ),
        )
    except pa.ArrowInvalid as error:
        raise _broken(label, error) from None


def _batches(reader: pacsv.CSVStreamingReader, label: str) -> Iterator[pa.RecordBatch]:
    while True:
        try:
            yield reader.read_next_batch()
        except StopIteration:
            return
        except pa.ArrowInvalid as error:
            raise _broken(label, error) from None


def _broken(label: str, error: Exception) -> RawFileError:
    cure = "Cherchez un guillemet qui n'est pas refermé."
    return RawFileError(label, f"CSV dont les lignes ne se séparent pas ({error})", cure)


def _ranks(start: int, count: int, aside: set[int]) -> tuple[list[int], int]:
    """Give numbers to the next rows of a file, leaving out the positions of those set aside."""
    if not aside or max(aside) < start:
        return list(range(start, start + count)), start + count
    ranks: list[int] = []
    while len(ranks) < count:
        if start not in aside:
            ranks.append(start)
        start += 1
    return ranks, start


def _unreadable(row: pacsv.InvalidRow) -> tuple[int, str, str]:
    return row.number - 2, f"{row.actual_columns} champs au lieu de {row.expected_columns}", row.text
