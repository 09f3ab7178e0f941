"""What front matter, a JSON line or the text itself says about an article: title, author, date and so on."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vectorstore.readers.dates import iso_date
from vectorstore.readers.files import printable, storable
from vectorstore.splitting.language import known_language, language_of
from vectorstore.splitting.sentences import sentences
from vectorstore.splitting.split import between_characters
from vectorstore.types import Article

TITLE_LENGTH = 80
"""A title made from the first sentence has about so many characters."""

# The first name that is given wins; the rest is kept as metadata.
_NAMES = {
    "title": ("title", "headline"),
    "author": ("author", "authors", "byline"),
    "translator": ("translator", "translated_by"),
    "date": ("date", "published", "publication_date"),
    "source": ("source", "url", "link"),
    "language": ("language", "lang"),
}
_NOTHING = ("", "null", "~")
_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class ArticleFields:
    """The fields of an article that its source states, "" where it does not; `notes` are sentences for the report."""

    title: str = ""
    author: str = ""
    translator: str = ""
    date: str = ""
    source: str = ""
    cut_off: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    notes: tuple[str, ...] = ()


def article_fields(fields: Mapping[str, object]) -> ArticleFields:
    """Sorts the stated fields into those that an `Article` has and the rest, which becomes metadata as strings."""
    # Whoever wrote it may say Author or AUTHOR; what is not a field here is kept under its own name.
    left = {str(key).strip().lower(): value for key, value in fields.items()}
    taken = {name: _take(left, aliases) for name, aliases in _NAMES.items()}
    cut_off = _line(left.pop("cut_off", "")).lower() in ("true", "yes", "1")
    metadata = {storable(key): _stated(value) for key, value in left.items() if value is not None}
    # What was not understood is kept under its own name, so that nothing that an article says is lost.
    date, notes = iso_date(taken["date"]), []
    language = known_language(taken["language"])
    if taken["language"] and not language:
        metadata["language"] = taken["language"]
    if taken["date"] and not date:
        metadata["date"] = taken["date"]
        notes = [_strange_date(taken["date"])]
    return ArticleFields(
        title=taken["title"],
        author=taken["author"],
        translator=taken["translator"],
        date=date,
        source=taken["source"],
        cut_off=cut_off,
        metadata=metadata,
        language=language,
        notes=tuple(notes),
    )


def build_article(name: str, text: str, path: Path, stated: ArticleFields, title: str) -> Article:
    """The article of what is stated, with `title` where no title is."""
    return Article(
        id=name,
        text=text,
        title=stated.title or title,
        author=stated.author,
        translator=stated.translator,
        date=stated.date,
        source=stated.source,
        cut_off=stated.cut_off,
        origin=printable(path.absolute()),
        metadata=stated.metadata,
        language=stated.language,
    )


def first_title(text: str, otherwise: str) -> str:
    """A title from the first sentence with a word in it, cut at a word near 80 characters; `otherwise` where there is none."""
    # Only the beginning is looked at: a title comes first, and a book has many sentences.
    start = text[:4000].lstrip()[:2000]
    for first, last in sentences(start, language_of(start)):
        if _WORD.search(start[first:last]):
            return shortened(start[first:last])
    return otherwise


def shortened(sentence: str) -> str:
    """One line without the final full stop, with an ellipsis where it had to be cut."""
    line = storable(" ".join(sentence.split()))
    if len(line) > TITLE_LENGTH:
        space = line.rfind(" ", TITLE_LENGTH // 2, TITLE_LENGTH)
        at = (
            space if space > 0 else next(at for at in range(TITLE_LENGTH - 1, 0, -1) if at == 1 or between_characters(line, at))
        )
        return line[:at].rstrip(" ,;:—–-.") + "…"
    ends_in_stop = line.endswith(".") and "." not in line.split()[-1][:-1]
    return line[:-1] if ends_in_stop and len(line) > 1 else line


def _take(left: dict[str, object], names: tuple[str, ...]) -> str:
    for name in names:
        value = _line(left.get(name))
        if value:
            del left[name]
            return value
    return ""


def _line(value: object) -> str:
    """A stated value as one line: lists joined by commas, a person given as an object by its name."""
    if isinstance(value, list):
        return ", ".join(line for line in map(_line, value) if line)
    if isinstance(value, dict):
        return _line(value.get("name"))
    line = " ".join(_stated(value).split()) if value is not None else ""
    return "" if line in _NOTHING else line


def _stated(value: object) -> str:
    return storable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))


def _strange_date(stated: str) -> str:
    return (
        f"The date “{stated[:60]}” was not understood; the article has been taken in without a date. Write it like 2021-12-23."
    )
