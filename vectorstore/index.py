"""One index as a whole: the catalog and what is derived from it, kept in step.

A write goes into the catalog first; Chroma and tantivy then apply its journal, and note how far they have come. Applying is
idempotent, so it may be cut off anywhere and is taken up by the next who looks. What is damaged is made anew in a new folder.

Where several homes share a catalog, the writer applies the journal to its own home's copies and to a Chroma server that all
share. The other homes follow when they next search (`follow`), each with its own copies, which nobody else touches.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from vectorstore.errors import (
    CatalogError,
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    IndexUnreachable,
    VectorstoreError,
)
from vectorstore.replicas import ReplicaStore, find_damage, miscounted, refuse_empty
from vectorstore.searching.lexical import LexicalIndex
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.home import Home, file_lock
from vectorstore.storage.journal import WaitCallback
from vectorstore.storage.records import IndexPosition

if TYPE_CHECKING:
    from vectorstore.replicas import Derived
    from vectorstore.searching.dense import DenseIndex

PAGE = 2048
"""Changes that go into a derived index at once: a second or two of work, which is done again if it is cut off."""
MAKING = 30.0
"""Seconds to wait for another process that is just making the same index."""
FOLLOWING = 1.0
"""Seconds that a search waits for another process of its home that is just bringing the copies up."""
APPLYING = 120.0
"""Seconds that a writer waits for it."""
MENDED_EVERY = 10.0
"""Seconds between two attempts to mend what searches find damaged."""
INLINE = 20_000
"""Chunks of an index up to which a copy that has to be made is waited for, some ten seconds; a larger one is made beside."""


class Index:
    """An open index. Threads may share it; `writing` lets one process write at a time."""

    waiting: WaitCallback | None = None
    """Told when another writer has to be waited for."""

    def __init__(self, home: Home, catalog: Catalog, chroma: str = "", page: int = PAGE, token: str = "") -> None:
        """`chroma` is a server's address, "" for the embedded one; `token` is its own; `page` changes go in at once."""
        self.page = page
        self.home = home
        self.catalog = catalog
        self.replicas = ReplicaStore(home, catalog, chroma, token)
        self.unreachable: dict[str, IndexUnreachable] = {}
        self._lock = threading.RLock()
        self._open: dict[str, Derived] = {}
        self._state: dict[str, IndexPosition] = {}
        self._generation = -1
        self._follower: threading.Thread | None = None
        self._mended = -MENDED_EVERY
        self._closing = threading.Event()

    @classmethod
    def open(cls, home: Home, *, catalog_url: str = "", chroma: str = "", token: str = "", create: bool = False) -> "Index":
        """Opens the index of `home`, in the present layout if it was made in an older one.

        Raises IndexMissing if there is none and it is not to be made, and IndexMismatch if its layout cannot be read.
        """
        url = catalog_url or home.catalog_url
        try:
            return cls(home, Catalog.open(url), chroma, token=token)
        except IndexMissing:
            if not create:
                raise
        except IndexOutdated:
            pass
        # Two that find nothing, or an older layout, at the same time must not both make the tables.
        with file_lock(home.writer_lock, "making the index", wait=MAKING):
            return cls(home, Catalog.open(url, create=True), chroma, token=token)

    @property
    def dense(self) -> "DenseIndex":
        """Chroma with the vectors of the manifest's model, opened at its first use; raises IndexDamaged."""
        return self.dense_index("dense")

    @property
    def lexical(self) -> LexicalIndex:
        """Tantivy, opened at its first use; raises IndexDamaged."""
        found = self.derived("lexical")
        assert isinstance(found, LexicalIndex)
        return found

    def dense_index(self, name: str) -> "DenseIndex":
        """The dense index of this name, "dense" or "multilingual", opened at its first use; raises IndexDamaged."""
        found = self.derived(name)
        assert not isinstance(found, LexicalIndex)
        return found

    def derived(self, name: str) -> "Derived":
        """The derived index of this name, opened at its first use; raises IndexDamaged."""
        with self._lock:
            # Opened when first used: Chroma takes two seconds to import, and much can be done without it.
            if name not in self._open:
                state = self.replicas.position(name)
                if state.seq < 0:
                    raise IndexDamaged(f"The {name} index has yet to be made anew.")
                opened = self.replicas.open(name, state)
                refuse_empty(self.catalog, name, state, opened)
                self._open[name], self._state[name] = opened, state
            return self._open[name]

    # Following

    def refresh(self) -> bool:
        """Makes visible what other processes have written, and says whether there was anything; cheap if not."""
        # One small query tells whether anything has changed, so that a search may ask each time.
        generation = self.catalog.generation()
        # A server that did not answer may be back; asking it costs the search nothing, as a thread does it.
        if self.unreachable:
            self.mend_beside()
        if generation == self._generation:
            return False
        positions = self.replicas.positions()
        # What a server lacks is brought by the writer, but for one that died, or wrote while the server was away.
        if self.replicas.lags(self.replicas.on_server(positions)) and not self.catalog.writing_unfinished():
            self.mend_beside()
        self._reopen_changed(positions)
        # Where the copies of this home could not be brought up yet, the next search tries again.
        if not self._may_follow(positions) or self._followed(positions):
            self._generation = generation
        return True

    def prepare(self, *, background: bool = False) -> None:
        """Takes up what a writer that died left behind, and brings this home's copies up; what cannot be done now is left.

        With `background`, a large copy that has to be made is made beside, and the search does without it meanwhile.
        """
        with suppress(IndexBusy, CatalogError):
            if self._may_follow(self.replicas.positions()):
                large = background and self.catalog.counts()[1] > INLINE
                self._beside(partial(self.follow, APPLYING)) if large else self.follow(APPLYING)
            # Nobody holds the lock, so whoever wrote last died at it; one that is still at work will do the rest itself.
            if self.behind():
                with self.writing():
                    pass

    def follow(self, wait: float = FOLLOWING) -> None:
        """Brings the copies of this home up to the catalog; raises IndexBusy while another process of it does so."""
        with file_lock(self.home.replica_lock, "bringing the home up to the catalog", wait=wait):
            positions = self.replicas.local(self.replicas.positions())
            self._reopen_changed(positions)
            self.replicas.drop_old_folders(positions)
            for name, state in positions.items():
                self._catch_up(name, state)

    def mend_beside(self) -> None:
        """Makes anew, in a thread, what a search has found damaged, and applies what a server missed that was away."""
        with self._lock:
            now = time.monotonic()
            if now < self._mended + MENDED_EVERY or self._closing.is_set():
                return
            self._mended = now

        def mend() -> None:
            """Makes the damaged part anew; the writer's lock keeps other processes out meanwhile."""
            with self.writing():
                self.rebuild_damaged()

        self._beside(mend)

    def behind(self) -> bool:
        """Whether a writer is at work or has died at it, or a derived index lacks something that the catalog has."""
        made = all(state.seq >= 0 for state in self.replicas.positions().values())
        return not made or self.catalog.writing_unfinished() or self.backlog() > 0

    def backlog(self) -> int:
        """How many changes the slowest of the derived indexes has yet to apply."""
        # An index that has to be made anew has position -1 and lacks the whole journal.
        slowest = min((state.seq for state in self.replicas.positions().values()), default=0)
        return self.catalog.backlog_after(slowest)

    # Writing

    @contextmanager
    def writing(self, wait: float = 0.0) -> Iterator[None]:
        """Holds the writer's lock, after mending what a writer that died has left behind.

        Raises IndexBusy where another holds it for longer than `wait` seconds.
        """
        # Order matters below: what was left behind is applied before the caller writes anything new.
        with self.catalog.writer_lock(self.home.path, wait, self.waiting) as died:
            positions = self.replicas.positions()
            self._reopen_changed(positions)
            # What is left of earlier rebuilds goes only now: their readers have had until the next write to move on.
            self.replicas.drop_old_folders(positions)
            self.catch_up()
            self._rebuild_miscounted()
            # A kill while Chroma wrote left one index in twelve that failed every query, so a look at it is worth its second.
            if died:
                self.rebuild_damaged()
            try:
                yield
            finally:
                # Also when the work is broken off: what has been stored can then be found.
                self.catch_up()

    def catch_up(self) -> None:
        """Applies what the catalog has and a derived index lacks; one that fails is made anew. Hold the writer's lock.

        What is on a server that does not answer is left out, and named in `unreachable`.
        """
        with self._copies_locked():
            positions = self.replicas.positions()
            for name in positions:
                self._catch_up(name, positions[name])

    def rebuild_damaged(self) -> list[str]:
        """Makes anew what is damaged, and names it. Hold the writer's lock, caught up."""
        with self._copies_locked():
            # Whether a server that does not answer is damaged cannot be told, and nothing could be made anew on it.
            names = [name for name in self.replicas.positions() if name not in self.unreachable]
            damaged = [name for name in names if self.find_damage(name)]
            with suppress(IndexUnreachable):
                for name in damaged:
                    self._rebuild(name)
            return damaged

    def find_damage(self, name: str) -> str:
        """What is wrong with a derived index that is caught up, as a sentence, or ""."""
        try:
            return find_damage(self.catalog, name, self.derived(name))
        except IndexDamaged as error:
            return error.message

    def rebuild(self, name: str) -> None:
        """Makes a derived index anew from the catalog, in a new folder, and moves on to it. Hold the writer's lock."""
        with self._copies_locked():
            self._rebuild(name)

    def close(self) -> None:
        """Lets go of files and connections."""
        # A thread that is at work sees this between two pages and stops; only then may its connections be closed.
        self._closing.set()
        if self._follower is not None:
            self._follower.join()
        with self._lock:
            for name in list(self._open):
                self._shut(name)
            self.catalog.close()
        # The index can be used again after it was closed: what is needed is opened at its next use.
        self._closing.clear()

    # Inside

    def _rebuild_miscounted(self) -> None:
        """Makes anew what a server has lost, in part or as a whole. Hold the writer's lock, caught up."""
        for name in self.replicas.names():
            if not self.replicas.is_local(name) and name not in self.unreachable:
                try:
                    lost = miscounted(self.catalog, name, self.derived(name))
                except IndexUnreachable:
                    continue
                except IndexDamaged as error:
                    lost = error.message
                if lost:
                    with suppress(IndexUnreachable), self._copies_locked():
                        self._rebuild(name)

    @contextmanager
    def _copies_locked(self) -> Iterator[None]:
        # Apart from the writer's lock, as homes that only read bring up their copies, too.
        with file_lock(self.home.replica_lock, "bringing the home up to the catalog", wait=APPLYING):
            yield

    def _may_follow(self, positions: Mapping[str, IndexPosition]) -> bool:
        """Whether this home's copies lack something that nobody else is about to bring."""
        if not self.replicas.lags(self.replicas.local(positions)):
            return False
        # A home with a catalog of its own has a writer that sees to it, until it is done or dead.
        return not (self.replicas.owns_catalog and self.catalog.writing_unfinished())

    def _followed(self, positions: Mapping[str, IndexPosition]) -> bool:
        """Brings the copies of this home up, or begins to; says whether they are."""
        slowest = min(state.seq for state in self.replicas.local(positions).values())
        # One page of changes is applied while the search waits; more than that would be felt, and is applied beside it.
        long = slowest < 0 or len(self.catalog.journal(slowest, self.page + 1)) > self.page
        if long and self.catalog.counts()[1] > self.page:
            self._beside(partial(self.follow, APPLYING))
            return False
        try:
            self.follow()
        except (IndexBusy, CatalogError):
            return False
        return True

    def _beside(self, work: Callable[[], None]) -> None:
        """Does it in a thread, of which there is one at a time; what fails there is met again by whoever searches."""

        def tried() -> None:
            """Does the work, and lets an error of the index go."""
            with suppress(VectorstoreError):
                work()

        with self._lock:
            if self._follower is None or not self._follower.is_alive():
                self._follower = threading.Thread(target=tried, name="mending", daemon=True)
                self._follower.start()

    def _reopen_changed(self, positions: Mapping[str, IndexPosition]) -> None:
        """Takes open indexes on to what other processes have made of them."""
        # Each process opens the derived indexes by itself, and none of them sees another's writes unless it is reopened.
        with self._lock:
            for name, state in positions.items():
                self._reopen(name, state)

    def _reopen(self, name: str, state: IndexPosition) -> None:
        open_now = self._open.get(name)
        # One that has to be made anew answers until its successor does: what the catalog has lost is not shown.
        if open_now is None or state == self._state.get(name) or state.seq < 0:
            return
        # Another process has made the index anew in another folder; this one's files will be deleted at the next write.
        if state.folder != self._state[name].folder:
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

    def _catch_up(self, name: str, state: IndexPosition) -> None:
        try:
            try:
                self._apply(name, state)
            # What is on a server that does not answer may well be sound.
            except IndexUnreachable:
                raise
            except IndexDamaged:
                self._rebuild(name)
            self.unreachable.pop(name, None)
        except IndexUnreachable as error:
            self.unreachable[name] = error

    def _apply(self, name: str, state: IndexPosition) -> None:
        """Takes the index through the journal, page by page."""
        if state.seq < 0:
            raise IndexDamaged(f"The {name} index has yet to be made anew.")
        while not self._closing.is_set() and (changes := self.catalog.journal(state.seq, self.page)):
            # Of a chunk that came and went within one page nothing has to be done but to remove it, which is harmless twice.
            gone = {change.chunk for change in changes if not change.added}
            came = [change.chunk for change in changes if change.added and change.chunk not in gone]
            self._add(name, self.derived(name), came, sorted(gone))
            state = IndexPosition(changes[-1].seq, state.folder)
            # The position is noted after the page is applied: a kill in between has it applied twice, which changes nothing.
            self.replicas.set_position(name, state)
            self._state[name] = state

    def _rebuild(self, name: str) -> None:
        # A number that no folder has yet: one that is half made, from a rebuild that was killed, is not gone on with.
        state = self.replicas.begin_making(name)
        fresh = self.replicas.open(name, state, new=True)
        # The chunks come by their numbers, page by page, so that a rebuild needs no more memory than an update.
        last = 0
        while page := self.catalog.chunk_ids(last, self.page):
            if self._closing.is_set():
                fresh.close()
                return
            self._add(name, fresh, page, [])
            last = page[-1]
        self.replicas.set_position(name, state)
        with self._lock:
            self._shut(name)
            self._open[name], self._state[name] = fresh, state
        # The homes that share a server meet the loss of the old collection by opening the new one.
        self.replicas.drop_old_collections({name: state})
        if self.catalog.on_server:
            self.catalog.forget_replica("")

    def _add(self, name: str, index: "Derived", ids: Sequence[int], gone: Sequence[int]) -> None:
        """Adds these chunks as the catalog knows them, without those that have gone since."""
        if isinstance(index, LexicalIndex):
            index.apply([(number, chunk.text) for number, chunk in self.catalog.chunks(ids).items()], gone)
        else:
            index.apply(self.catalog.vectors(ids, name).items(), gone)
