"""What the readers of Word, OpenDocument, EPUB, RTF and slides share: from blocks to an article, with what was left out."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from vectorstore.errors import ReadError
from vectorstore.readers.document import DocumentBlock, rendered
from vectorstore.readers.fields import article_fields, build_article, first_title, shortened
from vectorstore.readers.files import megabytes, printable, storable
from vectorstore.types import Article, Failure, OmittedText

MAX_OMITTED = 20_000
"""Characters of what was left out that are kept with an article."""

LONGEST_LABEL = 80
"""Characters of a cell that is repeated for each column and row that it spans."""

TableCell = Sequence[DocumentBlock]
"""What stands in one cell. A cell that spans several columns or rows is the same object in each of its places."""

# What programs, templates and new computers put where the name of a person should be. Steve Canny wrote python-pptx, whose
# template names him as the author of every new file.
_NAMES_OF_PROGRAMS = (
    "python-docx|microsoft office user|microsoft office-anwender|utilisateur microsoft office|microsoft|microsoft corporation|"
    "usuario de microsoft office|user|windows user|windows-benutzer|utilisateur windows|usuario de windows|owner|admin|"
    "administrator|administrateur|administrador|author|autor|auteur|unknown|unknown author|unknown creator|unbekannt|inconnu|"
    "benutzer|default|test|guest|pc|hp|dell|lenovo|acer|asus|toshiba|apache poi|openpyxl|docx4j|libreoffice|openoffice|"
    "google docs|pandoc|aspose|un-named|unnamed|steve canny|用户|微软用户|管理员|作者"
)
# As the readers write a mark: `[3]` of a footnote, `[iv]` of an endnote.
_NOTE_MARK = re.compile(r"\[(?:\d{1,3}|[ivxlc]{1,7})\]")
_NO_AUTHORS = frozenset(_NAMES_OF_PROGRAMS.split("|"))
_TITLES_OF_NEW_FILES = (
    "word document|powerpoint presentation|powerpoint-präsentation|présentation powerpoint|presentación de powerpoint|"
    "powerpoint 演示文稿|document|document1|presentation|presentation1|untitled|untitled document|unbenannt|sans titre|"
    "microsoft word - document1|title|slide 1|epub|book"
)
_NO_TITLES = frozenset(_TITLES_OF_NEW_FILES.split("|"))
# The dates of the templates that python-docx and python-pptx make new files from.
_NO_DATES = ("2013-12-23T23:15:00", "2013-01-27T09:14:16")


class OmittedParts:
    """Collects what of the original is not in the text, each part once, and within the limit for an article.

    >>> parts = OmittedParts()
    >>> parts.add("comment", "Is this true?")
    >>> parts.add("comment", "  Is this true? ")
    >>> parts.collected()
    (OmittedText(reason='comment', text='Is this true?'),)
    """

    def __init__(self) -> None:
        # A dict as an ordered set: a running head stands on each page, and is kept once.
        self._parts: dict[tuple[str, str], None] = {}

    def add(self, reason: str, text: str) -> None:
        """Keeps a part with the reason; without a word in it nothing is kept."""
        if words := storable(" ".join(text.split())):
            self._parts[reason, words] = None

    def collected(self) -> tuple[OmittedText, ...]:
        """The parts in the order in which they came; the last is cut where the limit is reached."""
        found: list[OmittedText] = []
        left = MAX_OMITTED
        for reason, words in self._parts:
            if left <= 0:
                break
            found.append(OmittedText(reason, words if len(words) <= left else words[: left - 1] + "…"))
            left -= len(words)
        return tuple(found)


def converted_article(
    path: Path,
    where: str,
    blocks: Iterable[DocumentBlock],
    stated: Mapping[str, str],
    omitted: OmittedParts,
    media_type: str,
    max_bytes: int,
) -> Iterator[Article | Failure]:
    """The article of a file's blocks with what its properties state, and a `Failure` for what of these was not understood.

    The title is the stated one, else the first heading, else the first sentence. Raises `ReadError` where there is no text, or
    more than `max_bytes` of it.
    """
    first: dict[str, str] = {}
    text, pages = rendered(_with_first_noted(blocks, first))
    if not text:
        raise ReadError("There is no text in the file; its pictures are not read.")
    if len(text) > max_bytes:
        raise ReadError(f"The file has {megabytes(len(text))} of text; the limit is {megabytes(max_bytes)}.")
    fields = article_fields({name: value for name, value in stated.items() if value.strip()})
    title = first.get("heading", "") or first_title(first.get("words", ""), printable(path.stem))
    article = build_article(where, text, path, fields, title)
    yield replace(article, pages=pages, omitted=omitted.collected(), media_type=media_type)
    yield from (Failure(where, note, taken=True) for note in fields.notes)


def _with_first_noted(blocks: Iterable[DocumentBlock], first: dict[str, str]) -> Iterator[DocumentBlock]:
    """The blocks as they come, since those of a large book are not held in memory; a title's sources are noted on the way."""
    for block in blocks:
        # A mark that calls a note is no part of a title.
        kind = "heading" if block.kind == "heading" else "words"
        if kind not in first and (words := _NOTE_MARK.sub("", block.text).strip()):
            first[kind] = shortened(words) if kind == "heading" else words
        yield block


def stated_author(names: str) -> str:
    """The people that a file names as its authors, joined by commas, without what programs put there.

    >>> stated_author("Ada Brandt; Microsoft Office User; Ada Brandt")
    'Ada Brandt'
    """
    people = [name.strip() for name in names.replace("\n", ";").split(";")]
    return ", ".join(dict.fromkeys(name for name in people if name and name.casefold() not in _NO_AUTHORS))


def stated_title(title: str) -> str:
    """The title that a file states, or "" where it is one that every new file has."""
    words = " ".join(title.split())
    return "" if words.casefold() in _NO_TITLES else words


def stated_day(moment: str) -> str:
    """The day of a moment in ISO 8601, or "" where it is that of a template; a date in another form stays as it is.

    >>> stated_day("2021-05-03T09:30:00Z"), stated_day("2013-12-23T23:15:00Z")
    ('2021-05-03', '')
    """
    moment = moment.strip()
    if moment.startswith(_NO_DATES):
        return ""
    return moment.partition("T")[0]


def table_blocks(grid: Sequence[Sequence[TableCell]], group: int) -> Iterator[DocumentBlock]:
    """The rows of a table, or the blocks in its cells where it is no table but a layout: one row, or one column.

    >>> cell = [DocumentBlock("paragraph", "A box.")]
    >>> [block.text for block in table_blocks([[cell]], 1)]
    ['A box.']
    """
    rows = [row for row in grid if any(block.text or block.cells for cell in row for block in cell)]
    width = max((len(row) for row in rows), default=0)
    # Two rows must be left below the line, or it has no table to be the name of.
    while len(rows) > 2 and width > 1 and _is_across(rows[0], width):
        # A line across the top is what the table is called; the names of the columns are below it.
        yield from rows.pop(0)[0]
    if len(rows) > 1 and width > 1:
        for at, row in enumerate(rows):
            cells = _row_texts(row, rows[at - 1] if at else ()) + [""] * (width - len(row))
            page = next((block.page for cell in row for block in cell), None)
            yield DocumentBlock("row", cells=tuple(cells), group=group, page=page)
        return
    for row in rows:
        for at, cell in enumerate(row):
            # A cell that spans columns stands here several times, and is read once.
            if not at or cell is not row[at - 1]:
                yield from cell


def _is_across(row: Sequence[TableCell], width: int) -> bool:
    """Whether a row is one cell that spans the table."""
    return len(row) == width > 1 and all(cell is row[0] for cell in row)


def _row_texts(row: Sequence[TableCell], above: Sequence[TableCell]) -> list[str]:
    """The texts of the cells; one that spans several is repeated where it is a label of what lies beside or below it."""
    texts: list[str] = []
    across = _is_across(row, len(row))
    for at, cell in enumerate(row):
        text = _cell_text(cell)
        again = (at > 0 and cell is row[at - 1]) or (at < len(above) and cell is above[at])
        # A line across the whole table is a heading in it, and a long text no label: once is enough.
        texts.append("" if again and (across or len(text) > LONGEST_LABEL) else text)
    return texts


def item_blocks(blocks: Iterable[DocumentBlock]) -> Iterator[DocumentBlock]:
    """The blocks of one item of a list: a second paragraph of the item has no mark of its own.

    >>> item = DocumentBlock("item", "Hoses:", marker="2.")
    >>> [block.kind for block in item_blocks([item, replace(item, text="They are green.")])]
    ['item', 'paragraph']
    """
    level = 0
    for block in blocks:
        if block.kind == "item" and block.level == level:
            yield replace(block, kind="paragraph", level=1, marker="")
            continue
        if block.kind == "item" and not level:
            level = block.level
        yield block


def _cell_text(cell: TableCell) -> str:
    """What stands in a cell on one line; a table in it as its rows, parted by semicolons."""
    parts: list[str] = []
    for block in cell:
        words = ", ".join(filter(None, block.cells)) if block.kind == "row" else block.text.strip()
        if words:
            joined = "; " if parts and block.kind == "row" else " "
            parts.append((joined if parts else "") + words)
    return "".join(parts)
