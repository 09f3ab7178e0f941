"""One index as a whole: the catalog and what is derived from it, kept in step.

A write goes into the catalog first; Chroma and tantivy then apply its journal, and note how far they have come. Applying is
idempotent, so it may be cut off anywhere and is taken up by the next writer. What is damaged is made anew in a new folder.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vectorstore.errors import IndexDamaged, IndexMissing, IndexOutdated
from vectorstore.searching.folding import terms
from vectorstore.searching.lexical import LexicalIndex
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.catalog_reader import MULTILINGUAL
from vectorstore.storage.home import Home, file_lock
from vectorstore.storage.records import IndexPosition

if TYPE_CHECKING:
    from pathlib import Path

    from vectorstore.searching.dense import DenseIndex

    Derived = DenseIndex | LexicalIndex

PAGE = 2048
"""Changes that go into a derived index at once: a second or two of work, which is done again if it is cut off."""
PROBES = 32
"""Chunks that are looked for by what is theirs, to tell whether an index still finds what it has."""
MAKING = 30.0
"""Seconds to wait for another process that is just making the same index."""
FOUND_AGAIN = 0.9
"""The share of them that a sound index finds: HNSW may lose sight of a single one."""
SAME = 0.99
"""The cosine from which on two vectors are taken for one."""


class Index:
    """An open index. Threads may share it; `writing` lets one process write at a time."""

    def __init__(self, home: Home, catalog: Catalog, chroma: str = "", page: int = PAGE) -> None:
        """`chroma` is a server's address, "" for the embedded one; `page` changes are applied at once."""
        self.page = page
        self.home = home
        self.catalog = catalog
        self._chroma = chroma
        self._lock = threading.RLock()
        self._open: dict[str, Derived] = {}
        self._state: dict[str, IndexPosition] = {}
        self._generation = -1

    @classmethod
    def open(cls, home: Home, *, catalog_url: str = "", chroma: str = "", create: bool = False) -> "Index":
        """Opens the index of `home`, in the present layout if it was made in an older one.

        Raises IndexMissing if there is none and it is not to be made, and IndexMismatch if its layout cannot be read.
        """
        url = catalog_url or home.catalog_url
        try:
            return cls(home, Catalog.open(url), chroma)
        except IndexMissing:
            if not create:
                raise
        except IndexOutdated:
            pass
        # Two that find nothing, or an older layout, at the same time must not both make the tables.
        with file_lock(home.writer_lock, "making the index", wait=MAKING):
            return cls(home, Catalog.open(url, create=True), chroma)

    @property
    def dense(self) -> "DenseIndex":
        """Chroma with the vectors of the manifest's model, opened at its first use; raises IndexDamaged."""
        return self.dense_index("dense")

    @property
    def lexical(self) -> LexicalIndex:
        """Tantivy, opened at its first use; raises IndexDamaged."""
        found = self._named("lexical")
        assert isinstance(found, LexicalIndex)
        return found

    def dense_index(self, name: str) -> "DenseIndex":
        """The dense index of this name, "dense" or "multilingual", opened at its first use; raises IndexDamaged."""
        found = self._named(name)
        assert not isinstance(found, LexicalIndex)
        return found

    def has_multilingual(self) -> bool:
        """Whether there is a second set of vectors that is whole."""
        return self.catalog.applied().get(MULTILINGUAL, IndexPosition(-1, 0)).seq >= 0

    def refresh(self) -> bool:
        """Makes visible what other processes have written, and says whether there was anything; cheap if not."""
        with self._lock:
            # One small query tells whether anything has changed, so that a search may ask each time.
            generation = self.catalog.generation()
            if generation == self._generation:
                return False
            # Each process opens the derived indexes by itself, and none of them sees another's writes unless it is reopened.
            for name, state in self.catalog.applied().items():
                self._follow(name, state)
            self._generation = generation
            return True

    def behind(self) -> bool:
        """Whether a writer is at work or has died at it, or a derived index lacks something that the catalog has."""
        return self.catalog.writing_unfinished() or self.catalog.backlog() > 0

    @contextmanager
    def writing(self, wait: float = 0.0) -> Iterator[None]:
        """Holds the writer's lock, after mending what a writer that died has left behind.

        Raises IndexBusy where another holds it for longer than `wait` seconds.
        """
        # Order matters below: what was left behind is applied before the caller writes anything new.
        with file_lock(self.home.writer_lock, "writing to the index", wait=wait):
            # The flag is set for as long as somebody writes: whoever finds it set while holding the lock knows that they died.
            died = self.catalog.writing_unfinished()
            self.catalog.set_writing(True)
            self.refresh()
            # What is left of earlier rebuilds goes only now: their readers have had until the next write to move on.
            for name, state in self.catalog.applied().items():
                self.home.drop_old(name, state.folder)
            self.catch_up()
            # A kill while Chroma wrote left one index in twelve that failed every query, so a look at it is worth its second.
            if died:
                self.rebuild_damaged()
            try:
                yield
            finally:
                # Also when the work is broken off: what has been stored can then be found.
                self.catch_up()
                self.catalog.set_writing(False)

    def catch_up(self) -> None:
        """Applies what the catalog has and a derived index lacks; one that fails is made anew. Hold the writer's lock."""
        for name, state in self.catalog.applied().items():
            try:
                self._apply(name, state)
            except IndexDamaged:
                self.rebuild(name)

    def rebuild_damaged(self) -> list[str]:
        """Makes anew what is damaged, and names it. Hold the writer's lock, caught up."""
        mended = [name for name in self.catalog.applied() if self.find_damage(name)]
        for name in mended:
            self.rebuild(name)
        return mended

    def find_damage(self, name: str) -> str:
        """What is wrong with a derived index that is caught up, as a sentence, or ""."""
        try:
            found, wanted = self._named(name).count(), self.catalog.counts()[1]
            if name == MULTILINGUAL:
                wanted -= self.catalog.without_vector(name)
            # Counting is cheap, and tells most of what can be wrong; only then are a few chunks looked for.
            if found != wanted:
                return f"It has {found} chunks where the catalog has {wanted}."
            return self._blindness(name)
        except IndexDamaged as error:
            return error.message

    def rebuild(self, name: str) -> None:
        """Makes a derived index anew from the catalog, in a new folder, and moves on to it. Hold the writer's lock."""
        # A number that no folder has yet: one that is half made, from a rebuild that was killed, is not gone on with.
        before = self.catalog.applied()[name].folder
        state = IndexPosition(self.catalog.journal_end(), 1 + max([before, *self.home.folders(name)]))
        fresh = self._opened(name, state, new=True)
        # The chunks come by their numbers, page by page, so that a rebuild needs no more memory than an update.
        last = 0
        while page := self.catalog.chunk_ids(last, self.page):
            self._add(name, fresh, page, [])
            last = page[-1]
        self.catalog.set_applied(name, state)
        with self._lock:
            self._shut(name)
            self._state[name] = state
            self._open[name] = fresh

    def close(self) -> None:
        """Lets go of files and connections."""
        with self._lock:
            for name in list(self._open):
                self._shut(name)
            self.catalog.close()

    def _named(self, name: str) -> "Derived":
        with self._lock:
            # Opened when first used: Chroma takes two seconds to import, and much can be done without it.
            if name not in self._open:
                self._open[name] = self._opened(name, self._current(name))
            return self._open[name]

    def _current(self, name: str) -> IndexPosition:
        """How far the index has come, noted as what is about to be opened."""
        state = self.catalog.applied().get(name, IndexPosition(-1, 0))
        if state.seq < 0:
            raise IndexDamaged(f"The {name} index has yet to be made anew.")
        self._state[name] = state
        return state

    def _follow(self, name: str, state: IndexPosition) -> None:
        """Takes an open index on to what another process has made of it."""
        open_now = self._open.get(name)
        if open_now is None or state == self._state.get(name):
            return
        if state.seq < 0 or state.folder != self._state[name].folder:
            self._shut(name)
            return
        try:
            open_now.reopen()
            self._state[name] = state
        except IndexDamaged:
            # Told to whoever uses it; a writer mends it instead.
            self._shut(name)

    def _shut(self, name: str) -> None:
        """Closes an index if it is open; it is opened again at its next use."""
        if open_now := self._open.pop(name, None):
            open_now.close()

    def _apply(self, name: str, state: IndexPosition) -> None:
        """Takes the index through the journal, page by page."""
        if state.seq < 0:
            raise IndexDamaged(f"The {name} index has yet to be made anew.")
        while changes := self.catalog.journal(state.seq, self.page):
            # Of a chunk that came and went within one page nothing has to be done but to remove it, which is harmless twice.
            gone = {change.chunk for change in changes if not change.added}
            came = [change.chunk for change in changes if change.added and change.chunk not in gone]
            self._add(name, self._named(name), came, sorted(gone))
            state = IndexPosition(changes[-1].seq, state.folder)
            self.catalog.set_applied(name, state)
            self._state[name] = state

    def _add(self, name: str, index: "Derived", ids: Sequence[int], gone: Sequence[int]) -> None:
        """Adds these chunks as the catalog knows them, without those that have gone since."""
        if isinstance(index, LexicalIndex):
            index.apply([(number, chunk.text) for number, chunk in self.catalog.chunks(ids).items()], gone)
        else:
            index.apply(self.catalog.vectors(ids, name).items(), gone)

    def _blindness(self, name: str) -> str:
        """Looks for a few chunks by what is theirs, their vector or their words, which must find them or their equals."""
        ids = self.catalog.sample(PROBES)
        looked = list(self._probed_by_words(ids) if name == "lexical" else self._probed_by_vectors(name, ids))
        # A single chunk that HNSW does not find again is no damage, which is why a share is asked for.
        found = sum(looked)
        return f"It finds only {found} of {len(looked)} chunks that it has." if found < FOUND_AGAIN * len(looked) else ""

    def _probed_by_vectors(self, name: str, ids: Sequence[int]) -> Iterator[bool]:
        for vector in self.catalog.vectors(ids, name).values():
            best = self.dense_index(name).query(vector, 1)
            yield bool(best) and best[0][1] > SAME

    def _probed_by_words(self, ids: Sequence[int]) -> Iterator[bool]:
        for chunk in self.catalog.chunks(ids).values():
            if any(terms(chunk.text)):
                yield bool(self.lexical.query([(chunk.text, 1.0)], 1))

    def _opened(self, name: str, state: IndexPosition, *, new: bool = False) -> "Derived":
        opened: Derived
        # tantivy is always embedded; Chroma may be on a server, which then keeps one collection for each making.
        if name != "lexical" and self._chroma:
            opened = self._on_server(name, state)
        else:
            folder = self.home.folder(name, state.folder, there=not new and state.seq > 0)
            opened = LexicalIndex(folder) if name == "lexical" else self._in_folder(folder)
        if not new:
            self._refuse_empty(name, state, opened)
        return opened

    # Chroma takes two seconds to import, and much can be done without it.

    def _in_folder(self, folder: "Path") -> "DenseIndex":
        from vectorstore.searching.dense import DenseIndex, EmbeddedChroma

        return DenseIndex(EmbeddedChroma(folder))

    def _on_server(self, name: str, state: IndexPosition) -> "DenseIndex":
        from vectorstore.searching.dense import ChromaServer, DenseIndex

        second = "" if name == "dense" else f"-{name}"
        return DenseIndex(ChromaServer(self._chroma), f"footnote-{self.catalog.identity():x}{second}-{state.folder}")

    def _refuse_empty(self, name: str, state: IndexPosition, opened: "Derived") -> None:
        """Both engines make an empty index where files are missing; that must not pass for one that finds nothing."""
        if state.seq > 0 and not opened.count() and not self.catalog.journal(state.seq, 1) and self.catalog.counts()[1]:
            opened.close()
            raise IndexDamaged(f"The {name} index is empty, the catalog is not.")
