"""What front matter, a JSON line or the text itself says about an article: title, author, date and so on."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vectorstore.readers.dates import DateOrder, DateReading, iso_date, read_date
from vectorstore.readers.field_names import NAMES, author_line, date_line, field_line, keys_by_name, stated_text
from vectorstore.readers.files import printable, storable
from vectorstore.splitting.language import known_language, language_of
from vectorstore.splitting.sentences import sentences
from vectorstore.splitting.split import between_characters
from vectorstore.types import Article

TITLE_LENGTH = 80
"""A title made from the first sentence has about so many characters."""

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


def article_fields(fields: Mapping[str, object], text: str = "", order: DateOrder = "") -> ArticleFields:
    """Sorts the stated fields into those that an `Article` has and the rest, which becomes metadata as strings.

    A date such as 03/04/2021 is read by the stated language, else by that of the `text`; `order` is what other dates of the
    same source have shown. A note says where it may be another day.

    >>> stated = article_fields({"Headline": "Rain", "byline": "By Ada Brandt", "tags": ["ner"]})
    >>> stated.title, stated.author, stated.metadata
    ('Rain', 'Ada Brandt', {'tags': '["ner"]'})
    """
    left = {str(key).strip(): value for key, value in fields.items()}
    title = _take(left, "title", field_line)
    author = _take(left, "author", author_line)
    translator = _take(left, "translator", author_line)
    source = _take(left, "source", field_line)
    stated_language = _take(left, "language", field_line)
    cut_off = field_line(left.pop(keys_by_name(left).get("cutoff", ""), "")).lower() in ("true", "yes", "1")
    metadata: dict[str, str] = {}
    date, notes = _dated(left, stated_language, text, order, metadata)
    metadata |= {storable(key.lower()): stated_text(value) for key, value in left.items() if value is not None}
    # What was not understood is kept under its own name, so that nothing that an article says is lost.
    language = known_language(stated_language)
    if stated_language and not language:
        metadata["language"] = stated_language
    return ArticleFields(title, author, translator, date, source, cut_off, metadata, language, tuple(notes))


def _dated(
    left: dict[str, object], stated_language: str, text: str, order: DateOrder, metadata: dict[str, str]
) -> tuple[str, list[str]]:
    """The date that is stated, taken out of what is left, and what is to be said of it; one not understood is metadata."""
    stated = _take(left, "date", date_line)
    reading = read_date(stated, stated_language, order)
    if reading.doubt and not stated_language and text:
        # The language is detected only here, where it decides, as that takes a moment.
        reading = read_date(stated, language_of(text), order)
    if stated and not reading.date:
        metadata["date"] = stated
        return "", [_strange_date(stated)]
    if reading.doubt:
        return reading.date, [_doubtful_date(stated, reading)]
    if not stated and (changed := _of_last_change(left)):
        return changed
    return reading.date, []


def _of_last_change(left: Mapping[str, object]) -> tuple[str, list[str]] | None:
    """The date of the last change, where an article states no other; it stays among the metadata, too."""
    keys = keys_by_name(left)
    for name in NAMES["changed"]:
        if name in keys and (date := iso_date(date_line(left[keys[name]]))):
            told = f"No date of publication is stated; {date} is that of the last change (“{keys[name]}”)."
            return date, [told]
    return None


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
    """One line without the final full stop, with an ellipsis where it had to be cut.

    >>> shortened("It rained."), shortened("It rained in the U.S.")
    ('It rained', 'It rained in the U.S.')
    """
    line = storable(" ".join(sentence.split()))
    # In the second half, so that a title is not cut to a word or two; text without blanks, as Chinese is, is cut anywhere.
    if len(line) > TITLE_LENGTH:
        space = line.rfind(" ", TITLE_LENGTH // 2, TITLE_LENGTH)
        at = (
            space if space > 0 else next(at for at in range(TITLE_LENGTH - 1, 0, -1) if at == 1 or between_characters(line, at))
        )
        return line[:at].rstrip(" ,;:—–-.") + "…"
    # A last word with a stop inside is an abbreviation, "the U.S.", and keeps its own.
    ends_in_stop = line.endswith(".") and "." not in line.split()[-1][:-1]
    return line[:-1] if ends_in_stop and len(line) > 1 else line


def _take(left: dict[str, object], field_name: str, read: Callable[[object], str]) -> str:
    """What the first key with one of the field's names states, which is taken out of `left`."""
    keys = keys_by_name(left)
    for name in NAMES[field_name]:
        if name in keys and (value := read(left[keys[name]])):
            del left[keys[name]]
            return value
    return ""


def _strange_date(stated: str) -> str:
    return (
        f"The date “{stated[:60]}” was not understood; the article has been taken in without a date. Write it like 2021-12-23."
    )


def _doubtful_date(stated: str, reading: DateReading) -> str:
    first = "month" if reading.doubt == "month" else "day"
    return (
        f"The date “{stated[:60]}” can be read in two ways; it was taken for {reading.date}, the {first} first. "
        "Write it like 2021-12-23, or state the language of the article with its country (“lang: en-GB”)."
    )
