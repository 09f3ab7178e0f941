"""Plain text -> one article, or the several of a scraped page."""

from collections.abc import Iterator
from pathlib import Path

from vectorstore.readers.fields import ArticleFields, build_article, first_title
from vectorstore.readers.files import printable, read_text_file
from vectorstore.readers.pages import split_page
from vectorstore.types import Article, Failure


def read_text(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """The file's text as one article; a scraped page as its article and the teasers under it, each a slice of the text."""
    text = read_text_file(path, max_bytes)
    for number, piece in enumerate(split_page(text), start=1):
        slice_ = text[piece.start : piece.end]
        credit = piece.credits
        stated = ArticleFields(
            author=credit.author, translator=credit.translator, date=credit.date, source=credit.source, cut_off=piece.cut_off
        )
        title = first_title(text[piece.title : piece.end], printable(path.stem))
        yield build_article(where if number == 1 else f"{where}#{number}", slice_, path, stated, title)
