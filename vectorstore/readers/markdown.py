"""Markdown -> one article, with what its front matter says."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from vectorstore.errors import ReadError
from vectorstore.readers.fields import ArticleFields, article_fields, build_article, first_title, shortened
from vectorstore.readers.files import printable, read_text_file
from vectorstore.types import Article, Failure

_BLOCK = re.compile(r"---[ \t]*\n(.*?)(?:(?<=\n)|^)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"---[ \t]*\n\s*[\w-]+:")
_FENCE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(
    r"^ {0,3}#{1,6}[ \t]+(?P<marked>.{0,300}?)[ \t#]*$|^(?=[^\n]{0,200}\w)(?P<under>[^\n]{1,200})\n {0,3}(?:=+|-{2,})[ \t]*$",
    re.MULTILINE,
)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"(?<!\w)[*_`]+|[*_`]+(?!\w)|<[^>]{1,80}>")


class _Strings(yaml.BaseLoader):
    """Every scalar as the string it was written as, and no aliases: a few of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not read here")
        return super().compose_node(parent, index)


def read_markdown(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """One article: its text is the body after the front matter block, exactly as it stands.

    The block at the top between two lines `---` gives title, author, translator, date and source, and metadata for the rest.
    When it is no YAML of `name: value` pairs, the text is stored whole, block included, and a `Failure` says so.
    """
    whole = read_text_file(path, max_bytes)
    stated, body, notes = _parted(whole)
    if not body.strip():
        raise ReadError("The file has front matter, but no text after it.")
    # Only the beginning can give a title: a pattern over a whole book would take seconds.
    title = _heading(body) or first_title(_plain(body[:4000]), printable(path.stem))
    yield build_article(where, body, path, stated, title)
    yield from (Failure(where, note) for note in (*notes, *stated.notes))


def _parted(whole: str) -> tuple[ArticleFields, str, list[str]]:
    """What is stated in the front matter, the body, and what is to be said about the front matter."""
    # A rule at the top of a text looks like the beginning of front matter; only a name with a colon makes it one.
    block = _BLOCK.match(whole)
    if not block:
        return ArticleFields(), whole, [_kept("has no closing line ---")] if _PAIR.match(whole) else []
    try:
        fields = yaml.load(block[1], Loader=_Strings)  # a BaseLoader makes nothing but strings, lists and dicts
        if fields is not None and fields != "" and not isinstance(fields, dict):
            return ArticleFields(), whole, [_kept("is not a list of `name: value` pairs")]
        return article_fields(fields or {}), whole[block.end() :], []
    except (yaml.YAMLError, RecursionError) as error:
        return ArticleFields(), whole, [_kept(f"is not valid YAML ({_problem(error)})")]


def _kept(what: str) -> str:
    return f"The front matter {what}; the article has been taken in with the whole text and without its fields."


def _problem(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "too deeply nested"
    mark = getattr(error, "problem_mark", None)
    # The block begins on the file's second line, and YAML counts from 0.
    line = f"line {mark.line + 2}: " if mark is not None else ""
    return line + " ".join(str(getattr(error, "problem", None) or error).split())[:120]


def _heading(body: str) -> str:
    """The first heading outside of code, without its marks."""
    found = _HEADING.search(_FENCE.sub(lambda fence: "\n" * fence[0].count("\n"), body[:200_000]))
    return shortened(_plain(found["marked"] or found["under"] or "")) if found else ""


def _plain(text: str) -> str:
    return _MARKS.sub("", _LINK.sub(r"\1", text)).strip()
