"""Which id an article gets that was just read. An id that was given is never changed, as answers cite it.

The same file is the same article, over whatever folder it is reached. A file that was moved is known again by what it says. An
id made of a path that another article has already gets the name of its folder before it, so no file is refused for its name.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from pathlib import Path, PurePosixPath

from vectorstore.errors import ReadError
from vectorstore.readers.origins import is_another_file, is_missing
from vectorstore.storage.records import KnownArticle
from vectorstore.types import Article, IngestSource

_PART = re.compile(r"#([1-9]\d*)$")

FileKey = tuple[int, int]
"""What the operating system tells a file from others by: its device and its number there."""


def is_file_origin(origin: str) -> bool:
    """Whether an origin is a path, and no address, upload or pasted text."""
    return Path(origin).is_absolute()


def part_of(id: str, source: IngestSource) -> int:
    """Which article of its file an id means that a reader made: 1, 2...; 0 where the file itself stated the id."""
    if id == source.id:
        return 1
    found = _PART.search(id)
    return int(found[1]) if found and id == f"{source.id}#{found[1]}" else 0


class ArticleIdentities:
    """The ids of a catalog, by where their articles came from and what they say.

    >>> known = {"orchard.md": KnownArticle("5f…", "/home/ada/old/orchard.md", "en", part=1)}
    >>> source = IngestSource(Path("/home/ada/new/orchard.md"), "orchard.md", "upload:orchard.md", original="9c…")
    >>> ArticleIdentities(known, {}).id_of(Article("orchard.md", "Pears.", "Pears"), source, ())
    'orchard (2).md'
    """

    def __init__(self, known: Mapping[str, KnownArticle], deleted: Mapping[str, str]) -> None:
        """`deleted` are the ids in the trash with their origins; none of these is given to another article."""
        self._known = dict(known)
        self._deleted = deleted
        self._by_origin: dict[str, list[str]] = defaultdict(list)
        self._by_hash: dict[str, list[str]] = defaultdict(list)
        self._files: dict[FileKey, str] | None = None
        for id, article in known.items():
            self._by_origin[article.origin].append(id)
            self._by_hash[article.hash].append(id)

    def get(self, id: str) -> KnownArticle | None:
        """What is known of an article."""
        return self._known.get(id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def put(self, id: str, now: KnownArticle) -> None:
        """Takes in what was written."""
        self.forget(id)
        self._known[id] = now
        self._by_origin[now.origin].append(id)
        self._by_hash[now.hash].append(id)
        if self._files is not None and (key := _file_key(now.origin)):
            self._files[key] = now.origin

    def forget(self, id: str) -> None:
        """Leaves out an article that was removed."""
        if old := self._known.pop(id, None):
            self._by_origin[old.origin].remove(id)
            self._by_hash[old.hash].remove(id)

    def of_origin(self, origin: str) -> list[str]:
        """The ids of the articles of a file or an address."""
        return list(self._by_origin.get(origin, ()))

    def id_of(self, article: Article, source: IngestSource, seen: Collection[str]) -> str:
        """The id of an article that was read from a source; `seen` are those that this run has met already.

        Raises ReadError where the file itself states an id that another article has.
        """
        part = part_of(article.id, source)
        if not part:
            return self._stated(article, source, seen)
        same = self._same_file(article, part, source, seen) or self._moved(article, part, source, seen)
        return same or self._free(part, source, seen)

    def _stated(self, article: Article, source: IngestSource, seen: Collection[str]) -> str:
        old = self._known.get(article.id)
        if article.id in seen:
            told = f"Another article of this run has the same id; this one, in {source.origin}, was left out."
            raise ReadError(f"{told} Give it its own id.")
        # An id that a file states is that of the first file which had it, unless that is gone, or both say the same.
        if old is not None and old.hash != article.hash and is_another_file(old.origin, source.origin):
            told = f"The article of this id comes from {old.origin}, which is still there;"
            raise ReadError(f"{told} the one in {source.origin} was left out.")
        return article.id

    def _same_file(self, article: Article, part: int, source: IngestSource, seen: Collection[str]) -> str:
        """The id that this part of the file has already, or ""."""
        origin = self._known_origin(source)
        ids = [id for id in self._by_origin.get(origin, ()) if id not in seen and self._known[id].part == part]
        # Two uploads of one name are one file only if they are equal; a path and an address name one thing each.
        if not is_file_origin(origin) and "://" not in origin:
            ids = [id for id in ids if self._known[id].original == source.original]
        return article.id if article.id in ids else next(iter(ids), "")

    def _known_origin(self, source: IngestSource) -> str:
        """The origin under which this file is known, also where links lead to it by another path."""
        if source.origin in self._by_origin or not is_file_origin(source.origin):
            return source.origin
        if self._files is None:
            self._files = {key: origin for origin in self._by_origin if (key := _file_key(origin))}
        key = _file_key(source.origin)
        return self._files.get(key, source.origin) if key else source.origin

    def _moved(self, article: Article, part: int, source: IngestSource, seen: Collection[str]) -> str:
        """The id of an article that says the same and whose file is not there any more, or ""."""
        if not is_file_origin(source.origin):
            return ""
        alike = [id for id in self._by_hash.get(article.hash, ()) if self._is_left(id, part, seen)]
        # A file that stands where one is gone is the same article, whatever it says by now.
        if article.id in alike or (article.id in self._known and self._is_left(article.id, part, seen)):
            return article.id
        name = PurePosixPath(source.id).name
        # Of several articles that say the same, one whose file had this name.
        return min(alike, key=lambda id: (Path(self._known[id].origin).name != name, id), default="")

    def _is_left(self, id: str, part: int, seen: Collection[str]) -> bool:
        """Whether the file of an article that was not met in this run is certainly gone."""
        old = self._known[id]
        return id not in seen and old.part == part and is_file_origin(old.origin) and is_missing(old.origin)

    def _free(self, part: int, source: IngestSource, seen: Collection[str]) -> str:
        """An id for a new article: that which its reader gave it, or the first of some like it that nobody has."""
        first = [id for id in self._by_origin.get(source.origin, ()) if self._known[id].part == 1]
        # The further articles of a file are called after the first, whatever that had to be called.
        names = chain(first[:1] if part > 1 else (), _names(source))
        numbered = (f"{name}#{part}" if part > 1 else name for name in names)
        return next(id for id in numbered if not self._is_taken(id, source, seen))

    def _is_taken(self, id: str, source: IngestSource, seen: Collection[str]) -> bool:
        # An id in the trash is free for nobody but the file that it came from.
        return id in seen or id in self._known or self._deleted.get(id, source.origin) != source.origin


def _names(source: IngestSource) -> Iterator[str]:
    """The id that a source asks for, and those that it may have instead: more and more folders before it, then a number."""
    yield source.id
    if is_file_origin(source.origin):
        parts = Path(source.origin).parts
        for count in range(len(PurePosixPath(source.id).parts) + 1, len(parts)):
            yield "/".join(parts[-count:])
    name = PurePosixPath(source.id)
    number = 2
    while True:
        yield str(name.with_name(f"{name.stem} ({number}){name.suffix}"))
        number += 1


def _file_key(origin: str) -> FileKey | None:
    """None for a file that is not there, and for what is no file."""
    if not is_file_origin(origin):
        return None
    try:
        status = Path(origin).stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino
