"""What a person sets of an article, kept apart from what was read, so that reading the file again does not undo it; pure.

Edits are kept as JSON: under "fields" what was set, by the field's name; under "read" what the file says of those fields; and
under "put_back" the omitted parts that were put back into the text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from vectorstore.errors import QueryError
from vectorstore.readers.dates import iso_date
from vectorstore.readers.files import storable
from vectorstore.splitting.language import known_language
from vectorstore.types import Article, OmittedText

EDITABLE = ("title", "author", "translator", "date", "source", "language")
"""The fields of an article that a person may set."""

Edits = Mapping[str, Any]
"""As the module says; {} where nothing was set."""


def checked_fields(fields: Mapping[str, str | None]) -> dict[str, str | None]:
    """The fields in the form in which they are stored, None for one that is to be as it was read; raises QueryError.

    >>> checked_fields({"title": " The  harbour ", "date": "May 2021", "author": None})
    {'title': 'The harbour', 'date': '2021-05', 'author': None}
    """
    return {name: None if value is None else _checked(name, value) for name, value in fields.items()}


def with_values(article: Article, values: Mapping[str, str]) -> Article:
    """The article with these of its editable fields."""
    return replace(
        article,
        title=values.get("title", article.title),
        author=values.get("author", article.author),
        translator=values.get("translator", article.translator),
        date=values.get("date", article.date),
        source=values.get("source", article.source),
        language=values.get("language", article.language),
    )


def with_fields(article: Article, edits: Edits, fields: Mapping[str, str | None]) -> tuple[Article, Edits]:
    """An edited article and its edits after these fields are set, or, where None, given back what was read."""
    was = dict(edits.get("read", {}))
    for name in fields:
        # Noted once, when the field is first set: afterwards the article has what a person set.
        was.setdefault(name, getattr(article, name))
    values = {name: was[name] if value is None else value for name, value in fields.items()}
    set_now = {**edits.get("fields", {}), **fields}
    kept = {name: value for name, value in set_now.items() if value is not None}
    read = {name: was[name] for name in kept}
    return with_values(article, values), {**edits, "fields": kept, "read": read}


def with_part(article: Article, edits: Edits, part: int) -> tuple[Article, Edits]:
    """The article with `article.omitted[part]` at the end of its text, and the edits; raises QueryError."""
    if not 0 <= part < len(article.omitted):
        told = f"{len(article.omitted)} parts" if len(article.omitted) != 1 else "1 part"
        raise QueryError(f"The article {article.id} has {told} that were left out, and no number {part + 1}.", "")
    back = article.omitted[part]
    return _put_back(article, back), {**edits, "put_back": [*edits.get("put_back", ()), back.text]}


def edited(article: Article, edits: Edits) -> tuple[Article, Edits]:
    """An article as it was just read, with the edits over it; and the edits, with what it says now noted in them."""
    fields: Mapping[str, str] = edits.get("fields", {})
    read = {name: getattr(article, name) for name in fields}
    changed = with_values(article, fields)
    # A part that the file no longer has is not made up again: what is cited must stand in what was read.
    parts: Sequence[str] = edits.get("put_back", ())
    there = {part.text: part for part in article.omitted}
    back = [text for text in parts if text in there]
    for text in back:
        changed = _put_back(changed, there[text])
    return changed, {**edits, "read": read} if fields else edits


def _put_back(article: Article, part: OmittedText) -> Article:
    """The article with the part as its last paragraphs; pages and spans before it stay where they are."""
    left = tuple(one for one in article.omitted if one is not part)
    return replace(article, text=f"{article.text.rstrip()}\n\n{part.text.strip()}\n", omitted=left)


def _checked(name: str, value: str) -> str:
    if name not in EDITABLE:
        raise QueryError(f"“{name}” of an article cannot be set; {', '.join(EDITABLE)} can.", "")
    line = storable(" ".join(value.split()))
    if name == "title" and not line:
        raise QueryError("A title needs at least one word.", "")
    if name == "date" and line:
        if not (date := iso_date(line)):
            raise QueryError(f"“{line}” is not a date.", "Write it like 2021, 2021-12 or 2021-12-23.")
        return date
    if name == "language" and line:
        if not (code := known_language(line)):
            raise QueryError(f"“{line}” is not a language that is known here.", "Write it like de or German.")
        return code
    return line
