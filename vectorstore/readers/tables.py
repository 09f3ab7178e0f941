"""`.csv` and `.tsv` -> an article for each row, or one with a table. The dialect is told by the file itself."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from vectorstore.errors import ReadError
from vectorstore.readers.files import open_text_file
from vectorstore.readers.records import record_articles
from vectorstore.types import Article, Failure

# In this order where two are equally likely.
_DELIMITERS = ",;\t|"
# Characters by which the delimiter is told.
_SAMPLE = 64_000


def read_table(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """The articles of the rows; the first row names the columns. Raises `ReadError` where the columns are not clear."""
    file = open_text_file(path, max_bytes)
    text = file.text
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ""
    # Excel writes down how it parted the columns.
    if text[:4].lower() == "sep=" and "\n" in text:
        first, text = text.split("\n", 1)
        delimiter = first[4:5]
    # Python refuses cells of more than 131,072 characters by default, and a text may be longer.
    csv.field_size_limit(max(max_bytes, 131_072))
    rows = _rows(text, delimiter or sniffed_delimiter(text))
    header = next(rows, None)
    if header is None:
        raise ReadError("The table has no rows.")
    records = [dict(zip(header, row, strict=False)) for row in rows]
    if not records:
        raise ReadError("The table has a row with the names of its columns, and no rows below it.")
    media_type = "text/tab-separated-values" if path.suffix.lower() == ".tsv" else "text/csv"
    yield from record_articles(records, path, where, media_type, "row")
    yield from (Failure(where, note, taken=True) for note in file.notes)


def sniffed_delimiter(text: str) -> str:
    r"""What parts the columns: that by which most rows have the same number of them, and more than one.

    >>> sniffed_delimiter("title;text\nDams, old;It is high, they say\nGates;a, b"), sniffed_delimiter("a\tb\n1\t2")
    (';', '\t')
    """
    found: dict[str, float] = {}
    for delimiter in _DELIMITERS:
        widths = Counter(len(row) for row in _rows(text[:_SAMPLE], delimiter))
        first = next((len(row) for row in _rows(text[:_SAMPLE], delimiter)), 0)
        # Of two that part the rows equally evenly, the one that makes more columns.
        found[delimiter] = widths[first] / max(1, widths.total()) + first / 1000 if first > 1 else 0.0
    return max(_DELIMITERS, key=lambda delimiter: found[delimiter])


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """The rows with something in them, each cell without the white space around it."""
    try:
        # With this setting, a quote that stands behind a delimiter and a blank still opens a cell.
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True):
            if any(cell.strip() for cell in row):
                yield [cell.strip() for cell in row]
    except csv.Error as error:
        raise ReadError(f"The table cannot be read: {error}.") from None
