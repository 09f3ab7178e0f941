"""Which articles are listed, and in which order; pure."""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from bot.ui.words import word
from vectorstore.storage.records import ArticleSummary

ListOrder = Literal["title", "date", "added", "size"]

ORDER_NAMES: dict[ListOrder, str] = {
    "title": word("library.by_title"),
    "date": word("library.by_date"),
    "added": word("library.by_added"),
    "size": word("library.by_size"),
}
KIND_NAMES = {
    "web_page": word("library.web_page"),
    "pdf": word("library.pdf"),
    "book": word("library.book"),
    "slides": word("library.slides"),
    "document": word("library.document"),
    "transcript": word("library.transcript"),
    "table": word("library.table"),
    "markdown": word("library.markdown"),
    "data": word("library.data_file"),
    "text": word("library.plain_text"),
}
"""What an article was made from, as it is told."""
# Parts of media types, looked for in this order: "application/vnd.oasis.opendocument.presentation" is slides before it is a
# document.
_BY_MEDIA = (
    ("html", "web_page"),
    ("pdf", "pdf"),
    ("epub", "book"),
    ("presentation", "slides"),
    ("word", "document"),
    ("opendocument", "document"),
    ("rtf", "document"),
    ("vtt", "transcript"),
    ("subrip", "transcript"),
    ("csv", "table"),
)
_BY_SUFFIX = {".md": "markdown", ".markdown": "markdown", ".mdx": "markdown", ".jsonl": "data"}


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the listed articles must be: `words` in the title, the author, the tags or the id, or in the text of those in
    `holding`; of the rest, one of each that is given.

    >>> from vectorstore.storage.records import ArticleSummary
    >>> rain = ArticleSummary("rain.md", "It rains", "Ada Brandt", "", "", False, 100, 1)
    >>> [one.article.id for one in listed([rain], ListFilter("brandt"), "title")]
    ['rain.md']
    """

    words: str = ""
    holding: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    archived: bool = False


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """A row of the list: the article, how many copies it stands for, and whether only its text holds the words."""

    article: ArticleSummary
    copies: int = 0
    by_text: bool = False


def listed(articles: Sequence[ArticleSummary], wanted: ListFilter, order: ListOrder) -> list[ListedArticle]:
    """The rows of the list. Copies of one article are one row; those found by title or author come before those by text."""
    passing = [one for one in articles if _passes(one, wanted)]
    named = {one.id for one in passing if matches(one, wanted.words)}
    found = [one for one in passing if one.id in named or one.id in wanted.holding]
    there = {one.id for one in found}
    copies: dict[str, int] = {}
    for one in found:
        # Where the article that it is a copy of is not found, the copy stands in a row of its own.
        if one.variant_of in there:
            copies[one.variant_of] = copies.get(one.variant_of, 0) + 1
    rows = [
        ListedArticle(one, copies.get(one.id, 0), by_text=one.id not in named) for one in found if one.variant_of not in there
    ]
    # Python's sort keeps the order of equals, so both halves stay in the order that was asked for.
    return sorted(_in_order(rows, order), key=lambda row: row.by_text)


def matches(article: ArticleSummary, wanted: str) -> bool:
    """Whether every word that is wanted stands in the article's title, author, tags, collections or id."""
    labels = " ".join((*article.tags, *article.collections))
    known = f"{article.title} {article.author} {labels} {article.id}".casefold()
    return all(word in known for word in wanted.casefold().split())


def kind_of(article: ArticleSummary) -> str:
    """What the article was made from: a key of `KIND_NAMES`."""
    found = next((name for part, name in _BY_MEDIA if part in article.media_type), "")
    return found or _BY_SUFFIX.get(PurePath(article.origin or article.id).suffix.lower(), "text")


def present(values: Iterable[str]) -> list[str]:
    """What there is to choose from: each value once, in the order of the alphabet."""
    return sorted({value for value in values if value}, key=str.casefold)


def _passes(one: ArticleSummary, wanted: ListFilter) -> bool:
    return (
        one.archived == wanted.archived
        and _any(wanted.languages, (one.language,))
        and _any(wanted.tags, one.tags)
        and _any(wanted.collections, one.collections)
        and _any(wanted.kinds, (kind_of(one),))
    )


def _any(wanted: Sequence[str], has: Collection[str]) -> bool:
    return not wanted or any(value in has for value in wanted)


def _in_order(rows: list[ListedArticle], order: ListOrder) -> list[ListedArticle]:
    # First by title, so that articles of one day, or of one size, stand by their titles.
    by_title = sorted(rows, key=lambda row: _folded(row.article.title or row.article.id))
    match order:
        case "title":
            return by_title
        case "date":
            # What has no date stands last.
            return sorted(by_title, key=lambda row: row.article.date, reverse=True)
        case "added":
            return sorted(by_title, key=lambda row: row.article.added, reverse=True)
        case "size":
            return sorted(by_title, key=lambda row: row.article.chars, reverse=True)


def _folded(text: str) -> str:
    # An accent becomes a character behind its letter, so that "Émile" stands near "Emil" and not behind "Zoe".
    return unicodedata.normalize("NFKD", text).casefold()
