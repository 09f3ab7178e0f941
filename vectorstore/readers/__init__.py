"""Files -> articles: `walk` finds the candidates under a folder, `read` takes one file in.

Whatever is left out, or taken in only in part, is yielded as a `Failure` with its reason; nothing is raised for a bad file.
"""

import errno
import os
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from vectorstore.readers.files import MAX_BYTES, left_out, printable
from vectorstore.storage.home import WRITER_LOCK
from vectorstore.types import Article, Failure

__all__ = ["MAX_BYTES", "SUFFIXES", "place_in", "read", "read_as", "walk"]

Reader = Callable[[Path, str, int], Iterator[Article | Failure]]
"""(file, the id that its first article gets, bytes at most) -> its articles, and what of it was not understood."""

# By name, so that a library for one format is loaded only where a file of that format is.
_READERS: dict[str, tuple[str, str]] = {
    ".txt": ("text", "read_text"),
    ".md": ("markdown", "read_markdown"),
    ".markdown": ("markdown", "read_markdown"),
    ".mdx": ("markdown", "read_markdown"),
    ".jsonl": ("jsonl", "read_jsonl"),
    ".ndjson": ("jsonl", "read_jsonl"),
    ".json": ("json_file", "read_json"),
    ".csv": ("tables", "read_table"),
    ".tsv": ("tables", "read_table"),
    ".vtt": ("transcripts", "read_transcript"),
    ".srt": ("transcripts", "read_transcript"),
    ".docx": ("word", "read_word"),
    ".docm": ("word", "read_word"),
    ".doc": ("word", "read_old_word"),
    ".odt": ("opendocument", "read_opendocument"),
    ".rtf": ("rtf", "read_rtf"),
    ".epub": ("epub", "read_epub"),
    ".pptx": ("slides", "read_slides"),
    ".pptm": ("slides", "read_slides"),
    ".ppsx": ("slides", "read_slides"),
    ".html": ("html", "read_html"),
    ".htm": ("html", "read_html"),
    ".xhtml": ("html", "read_html"),
    ".mhtml": ("html", "read_mhtml"),
    ".mht": ("html", "read_mhtml"),
    ".pdf": ("pdf", "read_pdf"),
    ".rss": ("feeds", "read_feed"),
    ".atom": ("feeds", "read_feed"),
    # Of XML files only feeds are read; the reader says of any other that it is none.
    ".xml": ("feeds", "read_feed"),
    ".zip": ("archive", "read_zip"),
}
SUFFIXES = tuple(_READERS)
"""The endings, in lower case, of the files that can be read."""

UNKNOWN_FORMAT = "is not a format that can be read."
"""How the reason ends why a file of another kind is left out; `SUFFIXES` are the formats that can be read."""

# What browsers put behind the name of the page, in English, German, the Scandinavian languages, Spanish, Dutch and French.
_SAVED_WITH = ("_files", "-Dateien", "-filer", "_archivos", "_bestanden", "_fichiers")

Scan = Callable[[Path], list[os.DirEntry[str]]]
"""A folder -> its entries, or an `OSError`."""


def read(path: Path, root: Path, max_bytes: int = MAX_BYTES) -> Iterator[Article | Failure]:
    """The articles of one file, and a `Failure` for each thing that stays out or was not understood.

    An id is the path relative to `root` with forward slashes (the file's name when it is not under `root`), with `#2`, `#3`...
    for further articles of the file; a JSON line may bring its own. `.txt` and `.md` over `max_bytes` are refused unread; of
    a `.jsonl` the limit holds for each line.
    """
    yield from read_as(path, place_in(path, root), max_bytes)


def read_as(path: Path, where: str, max_bytes: int = MAX_BYTES) -> Iterator[Article | Failure]:
    """As `read`, with the id that the file's first article gets, whatever the file is called on this machine."""
    if path.suffix.lower() not in _READERS:
        yield Failure(where, _unknown(path), no_article=True)
        return
    try:
        found = _reader(path.suffix.lower())(path, where, max_bytes)
        yield from (_with_companion(one, path) if isinstance(one, Article) else one for one in found)
    # A file may go, or lose its permission, between the listing of its folder and its reading.
    except OSError as error:
        yield Failure(where, f"The file cannot be read: {_reason(error)}.")
    except Exception as error:  # whatever one file holds, the others are read
        yield Failure(where, left_out(error, "file"))


def _with_companion(article: Article, path: Path) -> Article:
    """The article with what a list beside its file says of it, as in an export of Omnivore."""
    if path.parent.name != "content":
        return article
    from vectorstore.readers.exports import with_companion

    return with_companion(article, path)


def _reader(suffix: str) -> Reader:
    """The function that reads files with this ending."""
    module, name = _READERS[suffix]
    found: Reader = getattr(import_module(f"vectorstore.readers.{module}"), name)
    return found


def walk(root: Path, scan: Scan | None = None) -> Iterator[Path | Failure]:
    """The files under `root` that can be read, in the order of their names, folder by folder, or the reason why not.

    Hidden files and folders (`.name`), the folder that a browser saves with a page, and a home of Footnote, whose files are
    those that articles were read from, are passed over without a word. A link
    is never followed: one that leads out of `root` is a `Failure`, one that stays inside is passed over, as what it leads to
    is met under its own name. So no loop of links is endless. A `root` that is a file is yielded as it is.
    """
    if root.is_file():
        yield root
        return
    waiting = [root]
    while waiting:
        path = waiting.pop()
        # A link to a folder above would make the walk endless, and one out of the root read what nobody meant to give.
        if path != root and path.is_symlink():
            yield from _linked(path, root)
        elif path != root and not path.is_dir():
            yield _candidate(path, root)
        else:
            try:
                entries = (scan or _scan)(path)
            except OSError as error:
                yield Failure(
                    place_in(path, root) if path != root else printable(path), f"The folder cannot be read: {_reason(error)}."
                )
                continue
            # The last name first, as the list is taken from its end: so the files come in the order of their names.
            seen = {entry.name for entry in entries if not entry.name.startswith(".")}
            # The writer's lock marks a home of Footnote: its originals are copies of files that have their articles already.
            if path != root and WRITER_LOCK in seen:
                continue
            names = sorted((name for name in seen if not _is_of_saved_page(name, seen)), reverse=True)
            waiting += [path / name for name in names]


def _is_of_saved_page(name: str, beside: set[str]) -> bool:
    """Whether a folder is what a browser saved with a page: its pictures and scripts, and the pages of its advertisements."""
    page = next((name.removesuffix(end) for end in _SAVED_WITH if name.endswith(end)), "")
    return bool(page) and any(f"{page}{suffix}" in beside for suffix in (".html", ".htm", ".xhtml"))


def _scan(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _candidate(path: Path, root: Path) -> Path | Failure:
    if path.suffix.lower() in _READERS:
        return path
    return Failure(place_in(path, root), _unknown(path), no_article=True)


def _linked(path: Path, root: Path) -> Iterator[Path | Failure]:
    """What a symbolic link under `root` comes to."""
    where = place_in(path, root)
    try:
        # With `strict`, a link to nothing and a circle of links raise, and the number of the error tells which it is.
        target = Path(os.path.realpath(path, strict=True))
    except OSError as error:
        reason = "in a circle" if error.errno == errno.ELOOP else "to nothing"
        yield Failure(where, f"The symbolic link leads {reason}; remove it.")
        return
    home = Path(os.path.realpath(root))
    if not target.is_relative_to(home):
        yield Failure(
            where, "The symbolic link leads out of the folder; it was not followed. Ingest what it leads to by its own path."
        )
    elif any(part.startswith(".") for part in target.relative_to(home).parts):
        # Nothing else meets a file in a hidden folder: a link is how such a file is published (mounted configuration).
        yield _candidate(path, root) if target.is_file() else Failure(where, "The symbolic link leads to a hidden folder.")


def place_in(path: Path, root: Path) -> str:
    """The path relative to `root`, with forward slashes; the file's name where it is not under `root`."""
    # Not `resolve`: an id is made of the names that the user sees, not of what links lead to.
    place, home = (Path(os.path.abspath(one)) for one in (path, root))  # noqa: PTH100
    inside = place.is_relative_to(home) and place != home
    return printable(place.relative_to(home).as_posix() if inside else place.name)


def _unknown(path: Path) -> str:
    return f"“{printable(path.suffix) or printable(path.name)}” {UNKNOWN_FORMAT}"


def _reason(error: OSError) -> str:
    return (error.strerror or str(error) or "unknown reason").rstrip(".").lower()
