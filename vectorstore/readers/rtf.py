r"""Rich text (.rtf) -> one article. The tables of its marks are striprtf's, which itself makes one string without structure.

RTF is a stream of words, `\par` and its like, among braces: a brace opened keeps the state, and one closed takes it back.
`rtf_tokens` cuts the stream, `RtfStory` follows it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from vectorstore.errors import ReadError
from vectorstore.readers.converted import OmittedParts, converted_article, stated_author, stated_title
from vectorstore.readers.files import megabytes, regular_size
from vectorstore.readers.rtf_story import RtfStory, RtfToken
from vectorstore.types import Article, Failure

MEDIA_TYPE = "application/rtf"

# A word with its number and the one blank that belongs to it, a byte, a sign, a brace, or text. Line ends mean nothing.
_TOKEN = re.compile(
    r"\\(?:(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|'(?P<hex>[0-9a-fA-F]{2})|(?P<sign>[^a-zA-Z]))"
    r"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)


def read_rtf(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """The text as one article; deleted and hidden words, comments, headers and footers are in `omitted`."""
    size = regular_size(path)
    if not begins_with_rtf(path):
        raise ReadError("The file is damaged, or is no rich text: it does not begin as .rtf does.")
    if size > max_bytes:
        raise ReadError(f"The file has {megabytes(size)}; the limit is {megabytes(max_bytes)}. Save it without its pictures.")
    omitted = OmittedParts()
    # Each byte one character: which characters the bytes mean is said inside, for each font.
    story = RtfStory(omitted)
    blocks = story.blocks(rtf_tokens(path.read_bytes().decode("latin-1")))
    stated = {
        "title": stated_title(story.stated("title")),
        "author": stated_author(story.stated("author")),
        "date": story.created,
    }
    yield from converted_article(path, where, blocks, stated, omitted, MEDIA_TYPE, max_bytes)


def begins_with_rtf(path: Path) -> bool:
    """Whether the file begins as rich text does, whatever its name."""
    with path.open("rb") as file:
        return file.read(16).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf")


def rtf_tokens(text: str) -> Iterator[RtfToken]:
    r"""The tokens one after another; the bytes that a `\bin` announces, those of a picture, are jumped over."""
    at = 0
    while found := _TOKEN.match(text, at):
        at = found.end()
        kind = found.lastgroup or ""
        if kind in ("word", "number"):
            number = int(found["number"]) if found["number"] else None
            if found["word"] == "bin":
                at += max(number or 0, 0)
            yield RtfToken("word", found["word"], number)
        elif kind:
            yield RtfToken(kind, found[kind])
