"""The derived indexes that a home searches, as replicas of the catalog: which there are, how far they are, where they lie.

tantivy is always embedded, in folders of the home. Chroma is so, too, or on a server that several homes share; what lies there
is a replica of its own, known by a number that the server itself keeps. So each position is noted for what holds the data: a
home that was copied, or a server that was emptied, has no position, and is made anew.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.errors import IndexDamaged, IndexUnreachable
from vectorstore.searching.folding import terms
from vectorstore.searching.lexical import LexicalIndex
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.catalog_reader import MULTILINGUAL
from vectorstore.storage.home import Home
from vectorstore.storage.records import IndexPosition
from vectorstore.storage.schema import DERIVED

if TYPE_CHECKING:
    from vectorstore.searching.dense import ChromaServer, DenseIndex

    Derived = DenseIndex | LexicalIndex

TO_BE_MADE = IndexPosition(-1, 0)
PROBES = 32
"""Chunks that are looked for by what is theirs, to tell whether an index still finds what it has."""
FOUND_AGAIN = 0.9
"""The share of them that a sound index finds: HNSW may lose sight of a single one."""
SAME = 0.99
"""The cosine from which on two vectors are taken for one."""


class ReplicaStore:
    """The derived indexes of one home on one catalog. Threads may share it.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     home = Home(Path(folder))
    ...     store = ReplicaStore(home, Catalog.open(home.catalog_url, create=True))
    ...     {name: state.seq for name, state in store.positions().items()}
    {'dense': 0, 'lexical': 0}
    """

    def __init__(self, home: Home, catalog: Catalog, chroma: str = "", token: str = "") -> None:
        """`chroma` is a server's address, "" for the embedded one; `token` is what the server asks for."""
        self._home = home
        self._catalog = catalog
        self._chroma = chroma
        self._token = token
        self._number: str | None = None
        self._server: ChromaServer | None = None
        self._server_number = ""

    @property
    def owns_catalog(self) -> bool:
        """Whether the catalog's file lies in this home, so that its writers see to these indexes."""
        file = self._catalog.file
        return not self._catalog.on_server and (file is None or file == self._home.catalog.absolute())

    def names(self) -> list[str]:
        """The derived indexes that there should be."""
        return [*DERIVED, *([MULTILINGUAL] if self._catalog.has_joined_multilingual() else [])]

    def is_local(self, name: str) -> bool:
        """Whether the index lies in the home, and is nobody else's."""
        return name == "lexical" or not self._chroma

    def has_multilingual(self) -> bool:
        """Whether there is a second set of vectors that is whole."""
        if not self._catalog.has_joined_multilingual():
            return False
        # A server that does not answer is taken to have the vectors; the catalog has them in any case.
        with suppress(IndexUnreachable):
            return self.position(MULTILINGUAL).seq >= 0
        return True

    def positions(self) -> dict[str, IndexPosition]:
        """How far each has come, -1 where it has to be made; without those on a server that does not answer."""
        found: dict[str, IndexPosition] = {}
        known = self._catalog.positions()
        for name in (*DERIVED, *([MULTILINGUAL] if known.multilingual else [])):
            with suppress(IndexUnreachable):
                found[name] = known.found.get((self._replica(name), name), TO_BE_MADE)
        return found

    def local(self, positions: Mapping[str, IndexPosition]) -> dict[str, IndexPosition]:
        """Those of the positions whose indexes lie in the home."""
        return {name: state for name, state in positions.items() if self.is_local(name)}

    def on_server(self, positions: Mapping[str, IndexPosition]) -> dict[str, IndexPosition]:
        """Those of the positions whose indexes lie on a Chroma server."""
        return {name: state for name, state in positions.items() if not self.is_local(name)}

    def lags(self, positions: Mapping[str, IndexPosition]) -> bool:
        """Whether one of these has to be made, or has changes yet to apply."""
        slowest = min((state.seq for state in positions.values()), default=None)
        return slowest is not None and (slowest < 0 or bool(self._catalog.journal(slowest, 1)))

    def position(self, name: str) -> IndexPosition:
        """How far this one has come; raises IndexUnreachable where a server that does not answer knows."""
        return self._catalog.applied(self._replica(name)).get(name, TO_BE_MADE)

    def set_position(self, name: str, state: IndexPosition) -> None:
        """Notes how far it has come."""
        self._catalog.set_applied(name, state, self._replica(name))

    def begin_making(self, name: str) -> IndexPosition:
        """The position of a new making: a number that none has yet, and the journal's end."""
        # A server that was emptied has a new number by now, so it is asked once more.
        self._server_number = "" if not self.is_local(name) else self._server_number
        seq = self._catalog.begin_making(name, self._replica(name))
        # A number above all that are there, so that a making which was broken off is never gone on with.
        return IndexPosition(seq, 1 + max([self.position(name).folder, *self._numbers(name)]))

    def open(self, name: str, state: IndexPosition, *, new: bool = False) -> "Derived":
        """The index in this making, which must be there unless it is `new`; raises IndexDamaged."""
        # Chroma takes two seconds to import, and much can be done without it.
        there = not new and state.seq > 0
        if not self.is_local(name):
            from vectorstore.searching.dense import DenseIndex

            return DenseIndex(self._on_server(), self._collection(name, state.folder), create=not there)
        folder = self._home.folder(name, state.folder, there=there)
        if name == "lexical":
            return LexicalIndex(folder)
        from vectorstore.searching.dense import DenseIndex, EmbeddedChroma

        return DenseIndex(EmbeddedChroma(folder))

    def old_folders(self, positions: Mapping[str, IndexPosition]) -> list[Path]:
        """Folders of the home that are left from earlier makings."""
        local = self.local(positions).items()
        return [folder for name, state in local if state.folder for folder in self._home.old_folders(name, state.folder)]

    def drop_old_folders(self, positions: Mapping[str, IndexPosition]) -> None:
        """Removes what is left from earlier makings in the home, best effort."""
        # On Windows a file that is open cannot be removed; the next writer tries again.
        for folder in self.old_folders(positions):
            shutil.rmtree(folder, ignore_errors=True)

    def drop_old_collections(self, positions: Mapping[str, IndexPosition]) -> None:
        """Removes what is left from earlier makings on the server, best effort."""
        with suppress(IndexDamaged):
            for name, state in positions.items():
                if not self.is_local(name) and state.folder:
                    for number in set(self._numbers(name)) - {state.folder}:
                        self._on_server().drop(self._collection(name, number))

    def _replica(self, name: str) -> str:
        """The number of what holds this index; "" for the home that the catalog's file lies in."""
        if not self.is_local(name):
            # Asked once: a server that is emptied later fails at its first use, and is then asked anew.
            self._server_number = self._server_number or self._on_server().replica_number(self._prefix)
            return self._server_number
        if self._number is None:
            self._number = "" if self.owns_catalog else self._home.replica_number()
        return self._number

    def _numbers(self, name: str) -> list[int]:
        """The numbers of the makings that are there, whole or not."""
        if self.is_local(name):
            return list(self._home.folders(name))
        before = self._collection(name, "")
        names = self._on_server().collections()
        return [int(rest) for one in names if one.startswith(before) and (rest := one.removeprefix(before)).isdecimal()]

    def _on_server(self) -> "ChromaServer":
        if self._server is None:
            from vectorstore.searching.dense import ChromaServer

            self._server = ChromaServer(self._chroma, self._token)
        return self._server

    @property
    def _prefix(self) -> str:
        return f"footnote-{self._catalog.identity():x}"

    def _collection(self, name: str, number: int | str) -> str:
        return f"{self._prefix}{'' if name == 'dense' else f'-{name}'}-{number}"


def refuse_empty(catalog: Catalog, name: str, state: IndexPosition, opened: "Derived") -> None:
    """Raises IndexDamaged for an index that has nothing where the catalog has something.

    Both engines make an empty index where files are missing; that must not pass for one that finds nothing.
    """
    if state.seq > 0 and not opened.count() and not catalog.journal(state.seq, 1) and catalog.counts()[1]:
        opened.close()
        raise IndexDamaged(f"The {name} index is empty, the catalog is not.")


def find_damage(catalog: Catalog, name: str, index: "Derived") -> str:
    """What is wrong with a derived index that has applied the whole journal, as a sentence, or ""; raises IndexDamaged."""
    # Counting is cheap, and tells most of what can be wrong; only then are a few chunks looked for.
    return miscounted(catalog, name, index) or _not_found_again(catalog, name, index)


def miscounted(catalog: Catalog, name: str, index: "Derived") -> str:
    """Whether an index that has applied the whole journal has as many chunks as it should, as a sentence, or ""."""
    found, wanted = index.count(), catalog.counts()[1]
    if name == MULTILINGUAL:
        wanted -= catalog.without_vector(name)
    return f"It has {found} chunks where the catalog has {wanted}." if found != wanted else ""


def _not_found_again(catalog: Catalog, name: str, index: "Derived") -> str:
    """Looks for a few chunks by what is theirs, their vector or their words, which must find them or their equals."""
    ids = catalog.sample(PROBES)
    if isinstance(index, LexicalIndex):
        looked = list(_probed_by_words(catalog, index, ids))
    else:
        looked = list(_probed_by_vectors(catalog, name, index, ids))
    # A single chunk that HNSW does not find again is no damage, which is why a share is asked for.
    found = sum(looked)
    return f"It finds only {found} of {len(looked)} chunks that it has." if found < FOUND_AGAIN * len(looked) else ""


def _probed_by_vectors(catalog: Catalog, name: str, index: "DenseIndex", ids: Sequence[int]) -> Iterator[bool]:
    for vector in catalog.vectors(ids, name).values():
        best = index.query(vector, 1)
        yield bool(best) and best[0][1] > SAME


def _probed_by_words(catalog: Catalog, index: LexicalIndex, ids: Sequence[int]) -> Iterator[bool]:
    for chunk in catalog.chunks(ids).values():
        # A chunk without a word, such as a line of signs, cannot be found by its words.
        if any(terms(chunk.text)):
            yield bool(index.query([(chunk.text, 1.0)], 1))
