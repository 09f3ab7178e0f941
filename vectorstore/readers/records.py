"""Rows of a table or objects of a JSON file -> an article each, or one article with a table where they hold no texts."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lxml import etree
from lxml import html as lxml_html

from vectorstore.errors import ReadError
from vectorstore.readers.columns import text_column, unclear_columns, with_set_columns
from vectorstore.readers.converted import OmittedParts
from vectorstore.readers.dates import order_of
from vectorstore.readers.document import DocumentBlock, rendered
from vectorstore.readers.exports import address_list, export_articles
from vectorstore.readers.field_names import NAMES, date_line, field_line, keys_by_name, stated_text
from vectorstore.readers.fields import article_fields, build_article, first_title
from vectorstore.readers.files import FAILURES_NAMED, left_out, printable, storable, with_lf
from vectorstore.readers.xhtml import XhtmlBlocks
from vectorstore.types import Article, Failure, OmittedText

MOST_COLUMNS = 60
"""Columns of a table that is kept as one article."""

Record = Mapping[str, object]

# A closing tag or a line break of HTML: `a < b` and `<3` are text.
_HTML = re.compile(r"</(?:p|div|span|a|h[1-6]|li|ul|ol|table|td|strong|em|b|i|blockquote|figure|section)\s*>|<br\s*/?>", re.I)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|#\d{1,6}|#x[\da-fA-F]{1,5}|[lr][sd]quo|[mn]dash|hellip|apos);")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def record_articles(
    records: Sequence[Record], path: Path, where: str, media_type: str, each: str
) -> Iterator[Article | Failure]:
    """The articles of records, which a person is told of as `each` ("row", "entry"). Raises `ReadError` where none is clear."""
    named = [with_set_columns(record) for record in records]
    # Before the columns are guessed at: an export has some that look like texts and others that matter more.
    recognised = export_articles(named)
    if recognised is not None:
        yield from _exported(recognised, path, where, media_type)
        return
    column = text_column(named)
    if column.unclear:
        raise ReadError(unclear_columns(list(named[0])))
    if not column.name:
        if told := address_list(named):
            raise ReadError(told)
        yield _table(named, path, where, media_type)
        return
    if column.guessed:
        yield Failure(
            where, f"The texts were taken from the column “{column.name}”, which is the only one with long texts.", True
        )
    yield from _one_each(named, column.name, path, where, media_type, each)


def _one_each(
    records: Sequence[Record], column: str, path: Path, where: str, media_type: str, each: str
) -> Iterator[Article | Failure]:
    # The dates of one table are written in one way, so a plain one settles those in doubt.
    order = order_of([date for record in records if (date := _stated_date(record))])
    failures = 0
    for number, record in enumerate(records, start=1):
        try:
            rest = {key: value for key, value in record.items() if key != column and key.strip().lower() != "id"}
            text, omitted = readable_text(record.get(column))
            if not text.strip():
                raise ReadError(f"The {each} has no text in “{column}”; it was left out.")
            stated = article_fields(rest, text, order)
            name = _id(record, where, number)
            article = build_article(name, text, path, stated, first_title(text, name))
            yield replace(article, media_type=media_type, omitted=omitted)
            yield from (Failure(f"{where}, {each} {number}", note, taken=True) for note in stated.notes)
        except Exception as error:  # whatever one record holds, the others are read
            failures += 1
            if failures <= FAILURES_NAMED:
                yield Failure(f"{where}, {each} {number}", left_out(error, each))
    if failures > FAILURES_NAMED:
        yield Failure(where, f"{failures - FAILURES_NAMED} more of this file could not be read either.")


def _stated_date(record: Record) -> str:
    keys = keys_by_name(record)
    return next((line for name in NAMES["date"] if name in keys and (line := date_line(record[keys[name]]))), "")


def _id(record: Record, where: str, number: int) -> str:
    """The record's id within the file; without one, its number as in JSON lines."""
    given = field_line(next((value for key, value in record.items() if key.strip().lower() == "id"), None))
    return f"{where}#{given}" if given else where if number == 1 else f"{where}#{number}"


def readable_text(value: object) -> tuple[str, tuple[OmittedText, ...]]:
    """A text as it is to be stored, and what of it is left out: HTML is turned into text, and a list is its paragraphs.

    >>> readable_text("<h2>Dams</h2><p>It is <b>high</b>.</p>")[0]
    '## Dams\\n\\nIt is high.'
    """
    if isinstance(value, list):
        value = "\n\n".join(part for part in map(field_line, value) if part)
    if not isinstance(value, str):
        return (stated_text(value) if value is not None else ""), ()
    text = with_lf(value.removeprefix("\ufeff"))
    if not _HTML.search(text):
        return storable(html.unescape(text) if _ENTITY.search(text) else text), ()
    omitted = OmittedParts()
    # Where plain paragraphs hold a few tags, their blank lines part them.
    marked = text if re.search(r"<(?:p|div|li|h\d)\b", text, re.IGNORECASE) else _BLANK_LINE.sub("<br/><p>", text)
    try:
        root = lxml_html.fragment_fromstring(marked, create_parent="body")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return storable(text), ()
    return rendered(XhtmlBlocks(omitted).blocks(root))[0], omitted.collected()


def _exported(
    recognised: tuple[list[dict[str, object]], list[str]], path: Path, where: str, media_type: str
) -> Iterator[Article | Failure]:
    """The articles of an export that was recognised, whose text is light Markdown already."""
    articles, notes = recognised
    if not articles:
        raise ReadError(" ".join(notes) or "The export holds no text.")
    # An id of the export counts within its file, as that of a record does.
    for number, fields in enumerate(articles, start=1):
        text = storable(str(fields.pop("text")))
        name = field_line(fields.pop("id", ""))
        stated = article_fields(fields, text)
        name = f"{where}#{name}" if name else where if number == 1 else f"{where}#{number}"
        yield replace(build_article(name, text, path, stated, first_title(text, name)), media_type=media_type)
        yield from (Failure(name, note, taken=True) for note in stated.notes)
    yield from (Failure(where, note, taken=True) for note in notes)


def _table(records: Sequence[Record], path: Path, where: str, media_type: str) -> Article:
    """One article with a table of all records, for those that hold data and no texts."""
    columns = list(dict.fromkeys(key for record in records for key in record))[:MOST_COLUMNS]
    rows = [tuple(columns), *(tuple(field_line(record.get(column)) for column in columns) for record in records)]
    title = printable(path.stem).replace("_", " ").replace("-", " ")
    text, _ = rendered([DocumentBlock("heading", title), *(DocumentBlock("row", cells=cells) for cells in rows)])
    if len(records) < 1 or len(columns) < 2:
        raise ReadError(unclear_columns(columns))
    return replace(build_article(where, text, path, article_fields({}), title), media_type=media_type)
