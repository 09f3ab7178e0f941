"""The "My Clippings.txt" of a Kindle -> an article for each book: what was marked as quotations, one's own notes below them.

The device writes the file in the language that it is set to, so the file is told by its shape, and so are the parts of an
entry: a line with the book and its author, one with the place and the day between bars, the words, and a line of `=`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vectorstore.readers.dates import iso_date
from vectorstore.readers.exports import people_line
from vectorstore.readers.fields import article_fields, build_article
from vectorstore.readers.files import storable
from vectorstore.types import Article

_END = re.compile(r"^={10}[ \t]*$", re.MULTILINE)
_ENTRY = re.compile(r"\s*(?P<book>\S[^\n]*)\n[ \t]*-[ \t](?P<about>[^\n]*\|[^\n]*)(?:\n(?P<words>.*))?\Z", re.DOTALL)
_BOOK = re.compile(r"(?P<title>\S.*?)\s*\((?P<author>(?:[^()]|\([^()]*\))*)\)")
_PLACE = re.compile(r"(\d+)(?:[-–](\d+))?\D*$")


@dataclass(frozen=True, slots=True)
class Clipping:
    """One entry: of which book, from where to where in it, when it was made, and the words that were marked or noted."""

    title: str
    author: str
    place: tuple[int, int]
    made: str
    words: str


def clippings(text: str) -> list[Clipping]:
    """The entries of a Kindle's clippings in their order; none where a text is anything else.

    >>> entry = "Dams (Brandt, Ada)\\n- Your Highlight | Location 5-6 | Added on 4 March 2021\\n\\nIt is old.\\n==========\\n"
    >>> [(one.title, one.author, one.place, one.made, one.words) for one in clippings(entry)]
    [('Dams', 'Ada Brandt', (5, 6), 'Added on 4 March 2021', 'It is old.')]
    """
    if not _END.search(text):
        return []
    pieces = [piece for piece in _END.split(text) if piece.strip(" \t\n\ufeff")]
    entries = [entry for piece in pieces if (entry := _ENTRY.match(piece.replace("\ufeff", "")))]
    # One that was cut off at the end of the file is no reason to take the others for prose.
    return [_clipping(entry) for entry in entries] if len(entries) >= 0.9 * len(pieces) else []


def clipping_articles(found: Sequence[Clipping], path: Path, where: str) -> Iterator[Article]:
    """An article for each book, whose day is that of its first entry."""
    books: dict[tuple[str, str], list[Clipping]] = {}
    for one in found:
        books.setdefault((one.title, one.author), []).append(one)
    for (title, author), entries in books.items():
        text = storable("\n\n".join(_paragraphs(entries)))
        if not text:
            continue
        # The device writes its entries in the order in which they are made.
        given = {"title": title, "author": author, "highlighted": _day(entries[0].made)}
        stated = article_fields({name: value for name, value in given.items() if value}, text)
        yield build_article(f"{where}#{title}", text, path, stated, title)


def _clipping(entry: re.Match[str]) -> Clipping:
    *before, day = entry["about"].split("|")
    book = _BOOK.fullmatch(entry["book"].strip())
    place = _PLACE.search(before[-1])
    first = int(place[1]) if place else 0
    return Clipping(
        title=book["title"] if book else entry["book"].strip(),
        author=people_line(book["author"]) if book else "",
        place=(first, _last(first, place[2]) if place and place[2] else first),
        made=day.strip(),
        words=(entry["words"] or "").strip(),
    )


def _day(stated: str) -> str:
    """The day that stands behind words such as "Added on", in whatever language."""
    words = stated.split()
    return next((day for at in range(len(words)) if (day := iso_date(" ".join(words[at:])))), "")


def _last(first: int, stated: str) -> int:
    """The end of a range, of which older devices write only the figures that differ: 1406-11 ends at 1411."""
    whole = str(first)
    return int(whole[: len(whole) - len(stated)] + stated) if len(stated) < len(whole) else int(stated)


def _paragraphs(entries: Sequence[Clipping]) -> Iterator[str]:
    """What was marked in the order of the book, each with the notes that were set at its end."""
    said = [one for one in dict.fromkeys(entries) if one.words]
    marked = [one for one in said if not _is_note(one, said)]
    for one in sorted(marked, key=lambda one: one.place):
        # Who marks a passage again to make it longer leaves the shorter one in the file.
        if not any(_is_part(one, other) for other in marked):
            yield "> " + " ".join(one.words.split())
            notes = (note for note in said if note not in marked and note.place[1] == one.place[1])
            yield from (f"Note: {note.words}" for note in notes)


def _is_note(one: Clipping, entries: Sequence[Clipping]) -> bool:
    """Whether an entry is a note: it has one place, which is where a marked passage ends."""
    first, last = one.place
    return first == last and any(other.place[0] < other.place[1] == last for other in entries)


def _is_part(one: Clipping, other: Clipping) -> bool:
    overlaps = one.place[0] <= other.place[1] and other.place[0] <= one.place[1]
    return overlaps and len(one.words) < len(other.words) and one.words in other.words
