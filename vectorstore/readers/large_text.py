"""A text over the limit of a single file (a log, an archive of letters, a whole series of books) -> parts, each an article.

The file is read piece by piece, so that memory holds one part of it, whatever its size; and whoever asks about a part, or opens
it, has to do with a quarter of a megabyte. The parts are cut where a paragraph ends; put together, they are the text, letter by
letter. They are cut from the beginning on, so a log that grows keeps the parts that it had.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from vectorstore.errors import ReadError
from vectorstore.readers.fields import ArticleFields, build_article
from vectorstore.readers.files import encoding_note, is_binary, marked_encoding, megabytes, mended_note, regular_size
from vectorstore.splitting.sentences import is_heading
from vectorstore.splitting.split import between_characters
from vectorstore.types import Article, Failure

PART = 250_000
"""Characters of a part at most: to answer from an article, and to show it, its whole text is read."""
TIMES = 4
"""A text may have so many times the bytes that a file of another kind may have."""

# Bytes that are read at a time.
_PIECE = 1 << 20
# From the best place for a cut to the worst: after a paragraph, a line, a sentence, a word.
_BORDERS = tuple(map(re.compile, (r"\n[ \t]*\n+", r"\n", r"[.!?…][\"'”’»)\]]*\s|[。！？]", r"\s")))
_FOREIGN = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class TextBeginning:
    """What the first part says of the whole: where the text itself begins, the fields, the title, and what is to be told."""

    start: int
    fields: ArticleFields
    title: str
    notes: tuple[str, ...] = ()


def is_large(path: Path, max_bytes: int) -> bool:
    """Whether a text is to be read in parts; `ReadError` where it is too large for that as well."""
    size, most = regular_size(path), TIMES * max_bytes
    if size > most:
        raise ReadError(f"The file has {megabytes(size)}; the limit is {megabytes(most)}. Cut it into smaller files.")
    return size > max_bytes


def read_in_parts(path: Path, where: str, beginning: Callable[[str], TextBeginning]) -> Iterator[Article | Failure]:
    """The parts of a text as articles under the ids `where`, `where#2` and so on, and a note that says how many there are."""
    codec, notes = _encoding_of(path)
    number, first = 0, TextBeginning(0, ArticleFields(), "")
    with path.open(encoding=codec, errors="replace" if notes else "strict") as file:
        for number, part in enumerate(text_parts(file), 1):
            first = beginning(part) if number == 1 else first
            text = part[first.start :] if number == 1 else part
            metadata = {**first.fields.metadata, "part": str(number)}
            # Who looks at a part is told which file it is of.
            stated = replace(first.fields, metadata=metadata if number == 1 else {**metadata, "part_of": where})
            name = where if number == 1 else f"{where}#{number}"
            title = f"{first.fields.title or first.title} ({number})"
            yield build_article(name, text, path, replace(stated, title=title), title)
    if not number:
        raise ReadError("The file holds nothing but white space.")
    told = f"The text has {megabytes(regular_size(path))}; it was taken in as {number} articles, one for each part of it."
    yield from (Failure(where, note, taken=True) for note in (told, *notes, *first.notes))


def text_parts(file: TextIO, most: int = PART) -> Iterator[str]:
    """The text in parts of at most `most` characters, cut between paragraphs where it has any, without parts of white space.

    >>> from io import StringIO
    >>> list(text_parts(StringIO("It rained.\\n\\nIt hailed.\\n\\nThe sun shone."), 26))
    ['It rained.\\n\\nIt hailed.\\n\\n', 'The sun shone.']
    """
    held = ""
    while piece := file.read(most):
        held += piece
        # At most one part and one piece are held at a time, whatever the size of the file.
        while len(held) > most:
            cut = _border(held, most)
            if held[:cut].strip():
                yield held[:cut]
            held = held[cut:]
    if held.strip():
        yield held


def _border(text: str, most: int) -> int:
    """The last good place to cut before `most`, at best between paragraphs and before the headings over the next one."""
    # No part is less than half as long as it may be, so a file has no more than twice the parts that it needs.
    low = most // 2
    for pattern in _BORDERS:
        ends = [found.end() for found in pattern.finditer(text, low, most)]
        if ends and pattern is _BORDERS[0]:
            return next((end for end in reversed(ends) if not is_heading(_last_paragraph(text, end))), ends[-1])
        if ends:
            return ends[-1]
    return next((at for at in range(most, low, -1) if between_characters(text, at)), most)


def _last_paragraph(text: str, end: int) -> str:
    """The paragraph that ends at `end`, or as much of it as tells whether it is a heading."""
    # A full stop in the place of an empty paragraph, which is no heading.
    return text[max(0, end - 500) : end].rstrip().rsplit("\n\n", 1)[-1] or "."


def _encoding_of(path: Path) -> tuple[str, tuple[str, ...]]:
    """The encoding of a file, as Python calls it, and what is to be said of it; `ReadError` for what is no text."""
    with path.open("rb") as file:
        head = file.read(_PIECE)
    if codec := marked_encoding(head):
        return codec, ()
    bad, foreign, first = _bad_bytes(path)
    # One bad byte to ten good characters beyond ASCII is a slip; more are another encoding (as in `files`).
    if bad * 10 <= foreign:
        return "utf-8", (mended_note(bad),) if bad else ()
    # Loading the language model takes a moment, and hardly a file needs it.
    from vectorstore.readers.encodings import SAMPLE_BYTES, detected_encoding

    with path.open("rb") as file:
        # The bytes in doubt tell the encoding: the beginning of a log may be plain English.
        file.seek(max(0, first - SAMPLE_BYTES // 2))
        found = detected_encoding(file.read(SAMPLE_BYTES))
    if found is None:
        raise ReadError("This is a binary file, or a text in no encoding that is known. Save it as UTF-8.")
    return found.codec, (encoding_note(found.name),)


def _bad_bytes(path: Path) -> tuple[int, int, int]:
    """How many bytes are no UTF-8, how many other characters are not ASCII, and about where the first bad byte is."""
    # Incremental, as a piece may end in the midst of a character.
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    bad, foreign, first, at = 0, 0, 0, 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            if is_binary(piece):
                raise ReadError("This is a binary file, not text.")
            text = decoder.decode(piece)
            # The file may hold U+FFFD itself, which is no fault of its encoding.
            wrong = max(0, text.count("\ufffd") - piece.count("\ufffd".encode()))
            first = at + max(0, text.find("\ufffd")) if wrong and not bad else first
            bad, at = bad + wrong, at + len(piece)
            foreign += 0 if text.isascii() else len(_FOREIGN.findall(text)) - wrong
    return bad, foreign, first
