"""Markdown and its family (MDX, Obsidian, Hugo, Jekyll) -> one article, with what its front matter and its name say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from vectorstore.errors import ReadError
from vectorstore.readers.boxes import without_boxes
from vectorstore.readers.credits import title_byline
from vectorstore.readers.field_names import without_wikilinks
from vectorstore.readers.fields import article_fields, build_article, first_title, shortened
from vectorstore.readers.files import open_text_file, printable
from vectorstore.readers.front_matter import POST_NAME, front_matter, with_named_date
from vectorstore.readers.large_text import TextBeginning, is_large, read_in_parts
from vectorstore.splitting.markup import blanked, without_data
from vectorstore.types import Article, Failure, OmittedText

# A block of code, in which a line such as `# install it` is no heading.
_FENCE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
# `## Rain`, or a line over `===` or `---`. The lengths are bounded, as a line may be a megabyte long.
_HEADING = re.compile(
    r"^ {0,3}(?P<signs>#{1,6})[ \t]+(?P<marked>.{0,300}?)[ \t#]*$"
    r"|^(?=[^\n]{0,200}\w)(?P<under>[^\n]{1,200})\n {0,3}(?:=+|-{2,})[ \t]*$",
    re.MULTILINE,
)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
# Marks at the edge of a word, so that `snake_case` keeps its own, and tags.
_MARKS = re.compile(r"(?<!\w)[*_`]+|[*_`]+(?!\w)|<[^>]{1,80}>")
# The list with which Readwise begins the Markdown of a book's highlights.
_METADATA = re.compile(r"^## Metadata[ \t]*\n((?:[ \t]*[-*][^\n]*\n)+)", re.MULTILINE)
_PAIR = re.compile(r"^[ \t]*[-*][ \t]+([^:\n]+):[ \t]*(\S[^\n]*)$", re.MULTILINE)
_INDEX = {"index", "_index", "readme"}
NO_TEXT = "The file has front matter, but no text after it."
LONGEST_LOOKED_AT = 200_000
"""Characters in which a heading is looked for."""


def read_markdown(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """One article: its text is the body after the front matter block as it stands, without the marks of boxes and of terms.

    The block at the top gives title, author, translator, date and source, and metadata for the rest; where no field of it can
    be read, the text is stored whole, block included, and a `Failure` says so. The name of a Jekyll post gives its date.
    """
    if is_large(path, max_bytes):
        yield from read_in_parts(path, where, lambda text: _beginning(text, Path(where), path))
        return
    file = open_text_file(path, max_bytes)
    found = _beginning(file.text, Path(where), path)
    body = without_boxes(file.text[found.start :])
    if not body.strip():
        # Sites of Hugo have such a file in each folder, for the page that lists what is in it.
        yield Failure(where, NO_TEXT, no_article=True)
        return
    byline = title_byline(body, bool(found.fields.title))
    fields = found.fields
    if byline:
        body = byline.text
        fields = replace(fields, author=fields.author or byline.author, date=fields.date or byline.date)
    if not any(body[start:end].strip() for start, end in without_data(body)):
        raise ReadError("The file holds the data of an image, and no text.")
    article = build_article(where, body, path, fields, found.title)
    yield replace(article, omitted=(OmittedText("byline", byline.line),) if byline else ())
    yield from (Failure(where, note, taken=True) for note in (*file.notes, *found.notes))


def _beginning(text: str, where: Path, path: Path) -> TextBeginning:
    """What stands at the beginning of a text: its front matter, and a heading or a sentence that can be its title."""
    found = front_matter(text)
    body = text[found.body :]
    name = _from_name(where, path)
    fields = with_named_date(_flat(found.fields), where.stem)
    # The last one wins; a date from the name comes only where the front matter has none.
    stated = article_fields({**readwise_fields(body), **fields}, body)
    # Only the beginning can give a title: a pattern over a whole book would take seconds.
    start = blanked(body[:LONGEST_LOOKED_AT])
    prose = _FENCE.sub(lambda fence: "\n" * fence[0].count("\n"), start)
    title = _heading(prose, name if " " in path.stem or _is_in_vault(path) else "")
    # A note of nothing but code is called by the first line of it, before it is called by its file's name.
    title = title or first_title(_plain(prose[:4000]), "") or first_title(_plain(start[:4000]), name)
    return TextBeginning(found.body, stated, title, (*found.notes, *stated.notes))


def _is_in_vault(path: Path) -> bool:
    """Whether a file lies in a vault of Obsidian, which shows each note under the name of its file."""
    return any((folder / ".obsidian").is_dir() for folder in path.absolute().parents)


def readwise_fields(body: str) -> dict[str, object]:
    """What the list under "Metadata" says, in a text of Readwise's highlights; {} for any other text."""
    listed = _METADATA.search(body[:4000])
    if not listed or "\n## Highlights" not in body:
        return {}
    found = {pair[1].strip(): without_wikilinks(pair[2].strip()) for pair in _PAIR.finditer(listed[1])}
    title = found.pop("Full Title", "")
    return {**found, **({"title": title} if title else {})}


def _from_name(where: Path, path: Path) -> str:
    """A title from the name, where nothing in the text can be one."""
    post = POST_NAME.fullmatch(where.stem)
    # The folder of a Hugo bundle carries the name of its index file.
    stem = where.parent.name if where.stem.lower() in _INDEX and where.parent.name else path.stem
    return post[2].replace("-", " ") if post else printable(stem)


def _flat(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields with Obsidian's links in the metadata as what they show."""
    return {key: _shown(value) for key, value in fields.items()}


def _shown(value: object) -> object:
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return without_wikilinks(value) if isinstance(value, str) else value


def _heading(prose: str, name: str) -> str:
    """The heading over a whole text, else the `name` that a person gave its file, else the first heading; without marks."""
    found = [(_level(one), one.start(), _plain(one["marked"] or one["under"] or "")) for one in _HEADING.finditer(prose)]
    headings = [one for one in found if one[2]]
    if not headings:
        return name
    level, at, text = headings[0]
    # A heading that stands further down, or beside others of its level, is that of a section.
    over_all = not prose[:at].strip() and all(other > level for other, _, _ in headings[1:])
    return shortened(text) if over_all or not name else name


def _level(heading: re.Match[str]) -> int:
    return len(heading["signs"]) if heading["signs"] else 1 if heading[0].rstrip().endswith("=") else 2


def _plain(text: str) -> str:
    return _MARKS.sub("", _LINK.sub(r"\1", without_wikilinks(text))).strip()
