"""Indexes beside a home for the factors that need one of their own: another size of chunks, or another encoder.

Each stands in `HOME/evals/indexes/KEY`, made from the stored articles when it is first needed, and is known by its factors and
by the articles: once these change, another one is made. They are copies, so all of them can be removed at any time.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock

from bot.errors import InputError
from bot.settings import Settings
from bot.wiring.engine import SearchEngine

INDEXES = Path("evals", "indexes")
"""Where they stand, below the home folder."""
OPEN = 3
"""Indexes that are kept open though nobody searches in them: each has an encoder of its own in memory, and opens again soon."""
_READY = "ready"
"""The file that tells a whole index from one whose making was cut off."""
_ENCODERS = ("auto", "minilm", "e5")


@dataclass(frozen=True, slots=True)
class IndexFactors:
    """What an index is made with; 0 and "" are what the settings say.

    >>> bool(IndexFactors()), bool(IndexFactors(120))
    (False, True)
    """

    chunk_tokens: int = 0
    encoder: str = ""

    def __bool__(self) -> bool:
        return bool(self.chunk_tokens or self.encoder)


@dataclass(frozen=True, slots=True)
class StoredIndexes:
    """How many evaluation indexes there are, and their bytes."""

    count: int = 0
    size: int = 0


@dataclass(slots=True)
class _OpenIndex:
    """An index that is open, and how many are searching in it."""

    engine: SearchEngine
    users: int = 0


class EvaluationIndexes:
    """The evaluation indexes of one home. Threads may share it.

    >>> service.lab.evaluation_indexes().stored()
    StoredIndexes(count=0, size=0)
    """

    def __init__(self, settings: Settings, engine: SearchEngine) -> None:
        self._settings = settings
        self._engine = engine
        # Held while an index is made, for minutes: two runs that need the same one must not make it twice.
        self._making = Lock()
        # Held for a moment, when an index is taken up or given back.
        self._lock = Lock()
        # The one that was taken up last stands at the end.
        self._opened: dict[str, _OpenIndex] = {}

    @contextmanager
    def opened(self, factors: IndexFactors, state: str, *, make: bool = True) -> Iterator[SearchEngine]:
        """What searches an index with these factors, for the block; `state` is that of the articles.

        The index is made where it is not there, unless `make` is False. Raises InputError then, for factors that no index can
        have, and where the catalog is on a database server.
        """
        if self.same(factors):
            yield self._engine
            return
        self._check(factors)
        # The state goes in: after a change of the articles, an index of before would answer from what is not there any more.
        key = sha256(repr((factors.chunk_tokens, factors.encoder, state)).encode()).hexdigest()[:12]
        used = self._taken_up(key, factors, make)
        try:
            yield used.engine
        finally:
            with self._lock:
                used.users -= 1
                self._close_surplus()

    def same(self, factors: IndexFactors) -> bool:
        """Whether the home's own index is made with these factors already."""
        return factors.chunk_tokens in (0, self._settings.chunk_tokens) and factors.encoder in ("", self._settings.embedding)

    def stored(self) -> StoredIndexes:
        """How many indexes there are on disk, and how large they are together."""
        folder = self._settings.home / INDEXES
        files = [path for path in folder.rglob("*") if path.is_file()]
        return StoredIndexes(sum(1 for path in folder.glob("*") if path.is_dir()), sum(path.stat().st_size for path in files))

    def remove(self) -> StoredIndexes:
        """Removes all of them; what there was. The runs that were made with them stay."""
        was = self.stored()
        with self._making:
            self.close()
            shutil.rmtree(self._settings.home / INDEXES, ignore_errors=True)
        return was

    def close(self) -> None:
        """Lets go of those that were opened."""
        with self._lock:
            for one in self._opened.values():
                one.engine.close()
            self._opened.clear()

    def _taken_up(self, key: str, factors: IndexFactors, make: bool) -> _OpenIndex:
        """The open index with one user more; it is opened, or made, where it is not."""
        if found := self._used_again(key):
            return found
        with self._making:
            # Another thread may have made it meanwhile.
            if found := self._used_again(key):
                return found
            home = self._settings.home / INDEXES / key
            if not make and not (home / _READY).exists():
                raise InputError("The index that this run searches was removed.", "Start the run again, which makes it anew.")
            made = _OpenIndex(self._made(factors, home), users=1)
            with self._lock:
                self._opened[key] = made
                self._close_surplus()
            return made

    def _used_again(self, key: str) -> _OpenIndex | None:
        """The index with one user more, where it is open."""
        with self._lock:
            found = self._opened.pop(key, None)
            if found:
                found.users += 1
                self._opened[key] = found
            return found

    def _close_surplus(self) -> None:
        """Closes the oldest ones that nobody uses, as far as more are open than are kept; the lock is held."""
        idle = [key for key, one in self._opened.items() if not one.users]
        for key in idle[: max(0, len(self._opened) - OPEN)]:
            self._opened.pop(key).engine.close()

    def _check(self, factors: IndexFactors) -> None:
        # The bounds of the setting `chunk_tokens`: beyond 254 tokens an encoder reads no further.
        if factors.chunk_tokens and not 20 <= factors.chunk_tokens <= 254:
            raise InputError(f"A chunk cannot have {factors.chunk_tokens} tokens.", "Choose 20 to 254.")
        if factors.encoder and factors.encoder not in _ENCODERS and not factors.encoder.startswith("openai:"):
            raise InputError(f"There is no encoder “{factors.encoder}”.", "Choose minilm, e5, auto, or openai:MODEL.")
        if self._settings.catalog:
            raise InputError(
                "An index for an evaluation is a copy of the home's own catalog, and this home's is on a database server.",
                "Leave `chunk` and `encoder` out, or evaluate on a home without `FOOTNOTE_CATALOG`.",
            )

    def _made(self, factors: IndexFactors, home: Path) -> SearchEngine:
        from vectorstore.storage.database import connect, keep_copy, sqlite_url

        chosen = {
            "home": home,
            # On this machine, also where the home's own vectors are on a server.
            "chroma": "",
            "chunk_tokens": factors.chunk_tokens or self._settings.chunk_tokens,
            "embedding": factors.encoder or self._settings.embedding,
        }
        settings = self._settings.model_copy(update=chosen)
        # A folder without it was cut off while it was made, and is made anew.
        if not (home / _READY).exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir(parents=True)
            database = connect(sqlite_url(self._settings.home / "catalog.sqlite"))
            try:
                # The texts come from the catalog, so no file has to be read again.
                keep_copy(database, home / "catalog.sqlite")
            finally:
                database.dispose()
            made = SearchEngine(settings)
            made.ingestor().rebuild()
            made.close()
            (home / _READY).touch()
        # In the foreground: the first case must not be answered from half an index.
        return SearchEngine(settings)
