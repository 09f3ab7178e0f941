"""Exports of Zotero, Readwise, Omnivore, Instapaper, Pocket and Raindrop, each told by its columns or keys, never by its name.

Zotero keeps abstracts and notes, Readwise highlights: of these an article is made. The others keep mostly addresses, which is
said, also of a browser's bookmarks. Omnivore's texts are files of their own, and `with_companion` adds what its list says.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from lxml.html import HtmlElement

from vectorstore.readers.dates import iso_date
from vectorstore.readers.field_names import date_line, field_line, joined_name, keys_by_name
from vectorstore.readers.fields import article_fields
from vectorstore.readers.files import is_web_address
from vectorstore.types import Article

OMNIVORE_CONTENT = "content"
"""The folder of Omnivore's texts, beside its lists."""

Exported = tuple[list[dict[str, object]], list[str]]
"""The articles of an export as fields with their `text`, and what is to be said of the rest."""

# The columns or keys by which an export is told, as `joined_name` writes them; a record must have all of a set.
_ZOTERO_CSV = {"itemtype", "abstractnote", "url", "author"}
_BETTER_BIBTEX = {"itemtype", "creators"}
_CSL = {"type", "title"}
_READWISE = {"highlight", "booktitle"}
_OMNIVORE = {"slug", "url", "savedat"}
_ADDRESSES = {"url", "link", "href", "address", "uri", "resolvedurl", "givenurl"}
_INSTAPAPER = {"url", "title", "selection", "folder"}
# `ADD_DATE` is of Netscape's format of bookmarks, which every browser exports, `time_added` of Pocket's.
_KEPT_AT = {"add_date", "time_added"}
_TAG = re.compile(r"<[^<>]+>")


def export_articles(records: Sequence[Mapping[str, object]]) -> Exported | None:
    """The articles of an export that is recognised; None where it is none of these."""
    names = {joined_name(key) for record in records[:50] for key in record}
    if names >= _READWISE:
        return _readwise(records)
    # "type" and "title" are in many files, so CSL must show a third name of its own.
    if names >= _ZOTERO_CSV or names >= _BETTER_BIBTEX or (names >= _CSL and names & {"issued", "abstract", "containertitle"}):
        return _library(records) if _is_library(records, names) else None
    if names >= _INSTAPAPER:
        return _selections(records)
    return None


def _is_library(records: Sequence[Mapping[str, object]], names: set[str]) -> bool:
    """Whether the records describe publications: a CSL entry has its authors as objects, or its date in parts."""
    if "itemtype" in names:
        return True
    parts = [record.get("issued") for record in records[:50]]
    people = [record.get("author") for record in records[:50]]
    by_parts = any(isinstance(one, dict) and "date-parts" in one for one in parts)
    return by_parts or any(isinstance(one, list) and one and isinstance(one[0], dict) and "family" in one[0] for one in people)


def address_list(records: Sequence[Mapping[str, object]]) -> str:
    """The sentence for a list of addresses without texts, as Pocket and Instapaper export it; "" where this is none."""
    found: list[str] = []
    for record in records:
        keys = keys_by_name(record)
        address = next((field_line(record[keys[name]]) for name in _ADDRESSES if name in keys), "")
        if is_web_address(address):
            found.append(address)
    if len(found) * 2 < len(records) or not found:
        return ""
    return _addresses(len(found), found[0])


def bookmark_list(root: HtmlElement) -> str:
    """The sentence for a page that is the list of Pocket or of a browser's bookmarks; "" for any other page.

    Both write with each link when it was kept, which no page does that is meant to be read.
    """
    links = [(link.get("href", ""), bool(_KEPT_AT & set(link.attrib))) for link in root.iter("a") if link.get("href")]
    found = [address for address, kept in links if kept and is_web_address(address)]
    if not found or 2 * sum(kept for _, kept in links) < len(links):
        return ""
    return _addresses(len(found), found[0])


def _addresses(count: int, first: str) -> str:
    many = "1 address" if count == 1 else f"{count} addresses"
    return f"This is a list of {many}, without their texts; ingest them with `footnote ingest {first}` and so on."


def _readwise(records: Sequence[Mapping[str, object]]) -> Exported:
    """An article for each book, with its highlights as quotations and one's own notes below them."""

    def book(record: Mapping[str, object]) -> tuple[str, str]:
        """The title and the author of the book that a highlight is from."""
        named = _by_name(record)
        return named.get("booktitle", ""), named.get("bookauthor", "")

    articles: list[dict[str, object]] = []
    # `groupby` joins neighbours only, and an export need not keep the highlights of a book together.
    for (title, author), group in groupby(sorted(records, key=book), key=book):
        highlights = list(map(_by_name, group))
        parts: list[str] = []
        for one in highlights:
            if quoted := one.get("highlight", ""):
                parts.append(f"> {quoted}")
            if note := one.get("note", ""):
                parts.append(f"Note: {note}")
        if parts:
            first = min((one["highlightedat"] for one in highlights if one.get("highlightedat")), default="")
            given = {"title": title, "author": author, "highlighted": first, "tags": highlights[0].get("documenttags", "")}
            text = "\n\n".join(parts)
            articles.append({"text": text, "id": title, **{key: value for key, value in given.items() if value}})
    return articles, []


def _library(records: Sequence[Mapping[str, object]]) -> Exported:
    """An article for each publication with an abstract or notes; of the others only the data is there."""
    articles: list[dict[str, object]] = []
    bare = 0
    for record in records:
        keys = {joined_name(key): key for key in record}

        # Bound as defaults: a function that is made in a loop would see the loop's last values.
        def of(*names: str, record: Mapping[str, object] = record, keys: Mapping[str, str] = keys) -> object:
            """The first of these fields that the record has, whatever the export's capitals and spaces."""
            return next((value for name in names if name in keys and (value := record[keys[name]])), "")

        # Better BibTeX has a list of notes, each an object with HTML in it; the CSV has one string.
        notes = of("notes", "note")
        texts = [of("abstractnote", "abstract"), *(notes if isinstance(notes, list) else [notes])]
        text = "\n\n".join(filter(None, (_plain(one.get("note") if isinstance(one, dict) else one) for one in texts)))
        if not text:
            # An attachment, or a note that stands by itself, is no publication.
            bare += field_line(of("itemtype", "type")) not in ("attachment", "note")
            continue
        fields = {
            "text": text,
            "id": field_line(of("key", "itemkey", "citekey", "citationkey", "id")),
            "title": field_line(of("title")),
            "author": people_line(of("author", "creators")),
            "translator": people_line(of("translator")),
            "date": date_line(of("date", "issued", "publicationyear")),
            "source": field_line(of("url", "doi")),
            "language": field_line(of("language")),
            "publication": field_line(of("publicationtitle", "containertitle")),
            "kind": field_line(of("itemtype", "type")),
        }
        articles.append({key: value for key, value in fields.items() if value})
    if not bare:
        return articles, []
    many = "1 publication has" if bare == 1 else f"{bare} publications have"
    return articles, [
        f"{many} neither an abstract nor notes here; ingest their files, which Zotero keeps in its storage folder."
    ]


def people_line(value: object) -> str:
    """Names as people say them: "Brandt, Ada; Moe, Pia" is "Ada Brandt, Pia Moe"."""
    if isinstance(value, list):
        writers = [one for one in value if not isinstance(one, dict) or one.get("creatorType", "author") == "author"]
        return field_line(writers or value)
    names = [" ".join(reversed(name.split(",", 1))).strip() for name in field_line(value).split(";")]
    return ", ".join(" ".join(name.split()) for name in names if name)


def _selections(records: Sequence[Mapping[str, object]]) -> Exported:
    """Instapaper: what was selected of a page is a text, the rest are addresses."""
    named = list(map(_by_name, records))
    articles: list[dict[str, object]] = [
        {
            "text": one["selection"],
            "title": one.get("title", ""),
            "source": one["url"],
            "saved": iso_date(one.get("timestamp", "")),
        }
        for one in named
        if one.get("selection") and one.get("url")
    ]
    addresses = [one["url"] for one in named if one.get("url") and not one.get("selection")]
    return articles, [_addresses(len(addresses), addresses[0])] if addresses else []


def _by_name(record: Mapping[str, object]) -> dict[str, str]:
    return {joined_name(key): field_line(value) for key, value in record.items()}


def _plain(value: object) -> str:
    """An abstract or a note without the tags in it."""
    return "\n\n".join(filter(None, (field_line(_TAG.sub(" ", part)) for part in re.split(r"</p>|\n\s*\n", str(value or "")))))


def is_omnivore(records: Iterable[Mapping[str, object]]) -> bool:
    """Whether the records are a list of Omnivore's, which holds no texts."""
    return all({joined_name(key) for key in record} >= _OMNIVORE for record in records)


def with_companion(article: Article, path: Path) -> Article:
    """The article with the title, author, date and address that Omnivore's list gives for the file."""
    lists = sorted(path.parent.parent.glob("metadata_*.json")) if path.parent.name == OMNIVORE_CONTENT else []
    # The times of change are in the key, so that a list that is written again is read again.
    entry = _omnivore_entries(tuple((one, one.stat().st_mtime_ns) for one in lists)).get(path.stem)
    if not entry:
        return article
    stated = article_fields(entry, article.text)
    return replace(
        article,
        title=stated.title or article.title,
        author=stated.author or article.author,
        date=stated.date or article.date,
        source=stated.source or article.source,
        metadata={**article.metadata, **stated.metadata},
    )


@lru_cache(maxsize=4)
def _omnivore_entries(lists: tuple[tuple[Path, int], ...]) -> dict[str, dict[str, object]]:
    """The entries of all lists of a folder by their slugs; remembered until one of the files changes."""
    found: dict[str, dict[str, object]] = {}
    for path, _ in lists:
        try:
            records = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(records, list) and all(isinstance(one, dict) for one in records) and is_omnivore(records):
            found |= {str(one.get("slug")): one for one in records}
    return found
