"""Markdown and its family (MDX, Obsidian, Hugo, Jekyll) -> one article, with what its front matter and its name say."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from vectorstore.errors import ReadError
from vectorstore.readers.dates import iso_date
from vectorstore.readers.field_names import without_wikilinks
from vectorstore.readers.fields import article_fields, build_article, first_title, shortened
from vectorstore.readers.files import open_text_file, printable
from vectorstore.readers.front_matter import front_matter
from vectorstore.readers.large_text import TextBeginning, is_large, read_in_parts
from vectorstore.splitting.markup import blanked, without_data
from vectorstore.types import Article, Failure

# A block of code, in which a line such as `# install it` is no heading.
_FENCE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
# `## Rain`, or a line over `===` or `---`. The lengths are bounded, as a line may be a megabyte long.
_HEADING = re.compile(
    r"^ {0,3}#{1,6}[ \t]+(?P<marked>.{0,300}?)[ \t#]*$|^(?=[^\n]{0,200}\w)(?P<under>[^\n]{1,200})\n {0,3}(?:=+|-{2,})[ \t]*$",
    re.MULTILINE,
)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
# Marks at the edge of a word, so that `snake_case` keeps its own, and tags.
_MARKS = re.compile(r"(?<!\w)[*_`]+|[*_`]+(?!\w)|<[^>]{1,80}>")
# Jekyll's name of a post: `2021-05-03-the-last-ferry.md`.
_POST = re.compile(r"(\d{4}-\d\d-\d\d)-(.+)")
# The list with which Readwise begins the Markdown of a book's highlights.
_METADATA = re.compile(r"^## Metadata[ \t]*\n((?:[ \t]*[-*][^\n]*\n)+)", re.MULTILINE)
_PAIR = re.compile(r"^[ \t]*[-*][ \t]+([^:\n]+):[ \t]*(\S[^\n]*)$", re.MULTILINE)
_INDEX = {"index", "_index", "readme"}
LONGEST_LOOKED_AT = 200_000
"""Characters in which a heading is looked for."""


def read_markdown(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """One article: its text is the body after the front matter block, exactly as it stands.

    The block at the top gives title, author, translator, date and source, and metadata for the rest; where no field of it can
    be read, the text is stored whole, block included, and a `Failure` says so. The name of a Jekyll post gives its date.
    """
    if is_large(path, max_bytes):
        yield from read_in_parts(path, where, lambda text: _beginning(text, Path(where), path))
        return
    file = open_text_file(path, max_bytes)
    found = _beginning(file.text, Path(where), path)
    body = file.text[found.start :]
    if not any(body[start:end].strip() for start, end in without_data(body)):
        raise ReadError("The file holds the data of an image, and no text.")
    yield build_article(where, body, path, found.fields, found.title)
    yield from (Failure(where, note, taken=True) for note in (*file.notes, *found.notes))


def _beginning(text: str, where: Path, path: Path) -> TextBeginning:
    """What stands at the beginning of a text: its front matter, and a heading or a sentence that can be its title."""
    found = front_matter(text)
    body = text[found.body :]
    if not body.strip():
        raise ReadError("The file has front matter, but no text after it.")
    named_date, name = _from_name(where, path)
    # The last one wins; a date from the name comes only where the front matter has none.
    stated = article_fields(readwise_fields(body) | _flat(found.fields) | _dated(named_date, found.fields), body)
    # Only the beginning can give a title: a pattern over a whole book would take seconds.
    start = blanked(body[:LONGEST_LOOKED_AT])
    prose = _FENCE.sub(lambda fence: "\n" * fence[0].count("\n"), start)
    # A note of nothing but code is called by the first line of it, before it is called by its file's name.
    title = _heading(prose) or first_title(_plain(prose[:4000]), "") or first_title(_plain(start[:4000]), name)
    return TextBeginning(found.body, stated, title, (*found.notes, *stated.notes))


def readwise_fields(body: str) -> dict[str, object]:
    """What the list under "Metadata" says, in a text of Readwise's highlights; {} for any other text."""
    listed = _METADATA.search(body[:4000])
    if not listed or "\n## Highlights" not in body:
        return {}
    found = {pair[1].strip(): without_wikilinks(pair[2].strip()) for pair in _PAIR.finditer(listed[1])}
    title = found.pop("Full Title", "")
    return {**found, **({"title": title} if title else {})}


def _from_name(where: Path, path: Path) -> tuple[str, str]:
    """The date in the name of a post, and a title from the name, where nothing in the text can be one."""
    post = _POST.fullmatch(where.stem)
    # The folder of a Hugo bundle carries the name of its index file.
    stem = where.parent.name if where.stem.lower() in _INDEX and where.parent.name else path.stem
    return (iso_date(post[1]), post[2].replace("-", " ")) if post else ("", printable(stem))


def _dated(date: str, fields: Mapping[str, object]) -> dict[str, object]:
    """The date of a post's name, where its front matter has none."""
    return {"date": date} if date and not any(key.lower() == "date" for key in fields) else {}


def _flat(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields with Obsidian's links in the metadata as what they show."""
    return {key: _shown(value) for key, value in fields.items()}


def _shown(value: object) -> object:
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return without_wikilinks(value) if isinstance(value, str) else value


def _heading(prose: str) -> str:
    """The first heading of a text without its code, without its marks."""
    found = _HEADING.search(prose)
    return shortened(_plain(found["marked"] or found["under"] or "")) if found else ""


def _plain(text: str) -> str:
    return _MARKS.sub("", _LINK.sub(r"\1", without_wikilinks(text))).strip()
