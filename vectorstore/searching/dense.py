"""The dense index: nearest neighbours by cosine in Chroma. The only importer of chromadb.

Chroma is embedded by default, each process with its own view of the files; several processes may also share a server. Ids are
chunk ids; no text and no metadata is kept here. Whether vectors of the right model come in is the manifest's business.
"""

import itertools
import os
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar, Protocol

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.api.types import QueryResult
from chromadb.auth import UserIdentity
from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT, Settings
from chromadb.errors import AuthorizationError, ChromaAuthError, NotFoundError

from vectorstore.errors import IndexDamaged, IndexUnreachable, Remedy, VectorstoreError
from vectorstore.searching.chroma_address import ChromaAddress
from vectorstore.storage.home import copied, file_lock, is_read_only
from vectorstore.storage.records import Vector

COLLECTION = "chunks"
EF_SEARCH = 200
"""Neighbours that HNSW keeps in view: twice the longest list that the search asks for (measured: recall@100 0.9998)."""

ADDED_AT_ONCE = 256
"""Vectors that are added before a query that waits has its turn: 2,048 of them would hold it up for two seconds."""
HANDOVER = 0.001
"""Seconds for which the writer lets go of the lock, so that such a query can take it."""
CONNECTING, ANSWERING = 3.0, 10.0
"""Seconds that a server may take to be reached, and to answer: a query takes it 5 ms, and `ADDED_AT_ONCE` half a second."""
RETRY_AFTER = 10.0
"""Seconds for which a server that did not answer is not asked again."""
WAIT = 120.0
"""Seconds to wait for another process to finish a write; each takes a second or two."""


class ChromaConnection(Protocol):
    """The way to a Chroma: embedded in a folder, or a server."""

    where: str
    """The place, for messages."""

    def open(self) -> ClientAPI:
        """A client of its own, that shares nothing with others in this process."""

    def close(self) -> None:
        """Lets go of what `open` gave last."""

    def guard(self) -> AbstractContextManager[None]:
        """Held while files are opened or written."""

    def check(self) -> None:
        """Raises IndexUnreachable where it is known already that nothing would answer."""

    def failed(self, error: httpx.TransportError) -> IndexUnreachable:
        """The error to raise for one of the connection's."""


class DenseIndex:
    """One Chroma collection. Threads may share it; they take turns, a query being 2 ms.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     index = DenseIndex(EmbeddedChroma(Path(folder)))
    ...     index.apply([(1, np.array([1.0, 0.0], np.float32)), (2, np.array([0.0, 1.0], np.float32))], removed=[])
    ...     nearest = index.query(np.array([0.8, 0.6], np.float32), 1)
    ...     index.close()
    >>> [(number, round(cosine, 2)) for number, cosine in nearest]
    [(1, 0.8)]
    """

    def __init__(self, connection: ChromaConnection, collection: str = COLLECTION, *, create: bool = True) -> None:
        """Opens the collection, or makes it where it may; raises IndexDamaged, IndexUnreachable if a server does not answer."""
        self._connection = connection
        self._name = collection
        self._create = create
        self._lock = threading.RLock()
        self._open()

    def apply(self, added: Iterable[tuple[int, Vector]], removed: Iterable[int]) -> None:
        """Adds vectors, each of shape (dim,), in the place of what their ids had, and removes ids. Repeating is harmless."""
        # Ids are texts in Chroma. Upserting makes a repetition harmless: a writer that died may have come this far already.
        coming, going = list(added), [str(number) for number in removed]
        for page in self._pages(len(going)):
            with self._translated_errors("cannot be written"), self._connection.guard():
                self._collection.delete(ids=going[page])
        for page in (slice(at, at + ADDED_AT_ONCE) for at in range(0, len(coming), ADDED_AT_ONCE)):
            with self._translated_errors("cannot be written"), self._connection.guard():
                rows = np.stack([vector for _, vector in coming[page]]).astype(np.float32, copy=False)
                self._collection.upsert(ids=[str(number) for number, _ in coming[page]], embeddings=rows)
            if len(coming) > ADDED_AT_ONCE:
                # A lock goes to whoever comes first, which would be this thread again.
                time.sleep(HANDOVER)

    def query(self, vector: Vector, k: int) -> list[tuple[int, float]]:
        """The `k` nearest chunks with their cosine similarity (-1 to 1), best first."""
        with self._translated_errors("cannot be searched"):
            if k < 1:
                return []
            try:
                found = self._ask(vector, k)
            except httpx.TransportError:
                # A server that does not answer would not answer a fresh client, either.
                raise
            except Exception:
                # A view from before another process's first writes cannot be asked at all; a fresh one can. To count before
                # each query would cost more than the query does.
                self.reopen()
                if not self._collection.count():
                    return []
                found = self._ask(vector, k)
        # Chroma gives distances, 1 less the cosine, and equals in any order; the chunk's number settles those.
        distances = (found["distances"] or [[]])[0]
        hits = [(int(number), 1.0 - float(distance)) for number, distance in zip(found["ids"][0], distances, strict=True)]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def count(self) -> int:
        """The number of vectors."""
        with self._translated_errors("cannot be read"):
            return self._collection.count()

    def ids(self) -> Iterator[int]:
        """All ids, in no particular order."""
        for page in self._pages(self.count()):
            with self._translated_errors("cannot be read"):
                found = self._collection.get(include=[], limit=page.stop - page.start, offset=page.start)
            yield from (int(number) for number in found["ids"])

    def reopen(self) -> None:
        """Sees what other processes have written: an open client never does, nor does a second one beside it."""
        # Closing stops the engine; only a new one reads what is on the disk.
        with self._lock:
            self._connection.close()
            self._open()

    def close(self) -> None:
        """Lets go of the files or the connection."""
        with self._lock:
            self._connection.close()

    def _open(self) -> None:
        """Opens the collection and asks it something: only with the first query does Chroma read its files and mend them."""
        # The space can only be chosen when the collection is made.
        hnsw: CreateHNSWConfiguration = {"space": "cosine", "ef_search": EF_SEARCH}
        with self._translated_errors("cannot be opened"), self._connection.guard(), ExitStack() as undo:
            undo.callback(self._connection.close)
            self._client = self._connection.open()
            # One that is not to be made must not come back empty from a server that has lost it.
            self._collection = (
                self._client.get_or_create_collection(self._name, embedding_function=None, configuration={"hnsw": hnsw})
                if self._create
                else self._client.get_collection(self._name, embedding_function=None)
            )
            # Chroma reads its files with the first query: what is broken in them should show here, not in a search.
            some = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
            if some is not None and len(some):
                self._ask(np.asarray(some[0], dtype=np.float32), 1)
            undo.pop_all()
        # Opened anew, it must be there: one that was lost since must not come back empty.
        self._create = False

    def _ask(self, vector: Vector, k: int) -> QueryResult:
        rows = np.asarray(vector, dtype=np.float32).reshape(1, -1)
        return self._collection.query(query_embeddings=rows, n_results=k, include=["distances"])

    def _pages(self, size: int) -> Iterator[slice]:
        """Slices of at most as many items as the client takes in one call."""
        # Chroma refuses more than some 5,000 items in one call.
        step = self._client.get_max_batch_size()
        return (slice(at, min(at + step, size)) for at in range(0, size, step))

    @contextmanager
    def _translated_errors(self, what: str) -> Iterator[None]:
        """Takes turns, and turns Chroma's errors into ours: its Rust part raises nearly anything, panics included."""
        with self._lock:
            try:
                self._connection.check()
                yield
            except (VectorstoreError, KeyboardInterrupt, SystemExit):
                raise
            except httpx.TransportError as error:
                raise self._connection.failed(error) from error
            # A panic of the Rust part comes as a `PanicException`, which is no `Exception`.
            except BaseException as error:
                raise IndexDamaged(f"The dense index in {self._connection.where} {what}: {_reason(error)}.") from error


class EmbeddedChroma:
    """Chroma inside this process, with its files in a folder.

    Chroma keeps one engine for each path, as it is spelled, as long as anyone uses it, and an engine never sees what another
    process writes. So each connection spells the path as no other open one does, and has an engine of its own.
    """

    _spellings: ClassVar[set[str]] = set()
    _spelling_lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, folder: Path) -> None:
        self.where = str(folder)
        self._folder = folder
        self._client: Client | None = None
        self._spelling = ""
        self._copy: TemporaryDirectory[str] | None = None

    def open(self) -> ClientAPI:
        """A client with an engine of its own; makes the folder."""
        folder = self._folder
        if is_read_only(folder):
            self._copy = copied(folder)
            folder = Path(self._copy.name) / "folder"
        # "folder/.", "folder/./." and so on all lead to the same folder, and each gets an engine of its own.
        with self._spelling_lock:
            ways = (str(folder) + os.sep + "." + (os.sep + ".") * n for n in itertools.count())
            self._spelling = next(way for way in ways if way not in self._spellings)
            self._spellings.add(self._spelling)
        client = chromadb.PersistentClient(path=self._spelling, settings=Settings(anonymized_telemetry=False))
        assert isinstance(client, Client)
        self._client = client
        return client

    def close(self) -> None:
        """Stops the engine."""
        with self._spelling_lock:
            if self._client is not None:
                self._client.close()
            self._client = None
            self._spellings.discard(self._spelling)
            if self._copy is not None:
                self._copy.cleanup()
                self._copy = None

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Whoever opens the files may write to them, so one process does at a time."""
        # A lock of its own, beside the writer's: a reader that opens the files while they are written may find them broken.
        if is_read_only(self._folder):
            yield
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        with file_lock(self._folder / "open.lock", "writing the dense index", wait=WAIT):
            yield

    def check(self) -> None:
        """Files always answer."""

    def failed(self, error: httpx.TransportError) -> IndexUnreachable:
        """Never asked for, as no network is between."""
        raise error


class ChromaServer:
    """A Chroma server or Chroma's cloud by its address (`ChromaAddress`), which may name a tenant and a database.

    >>> ChromaServer("https://reader:secret@vectors.example/chroma?tenant=news").where
    'https://vectors.example/chroma'
    """

    def __init__(self, url: str, token: str = "") -> None:
        """A `token` is sent to the server, and never shown; raises IndexUnreachable for an address that cannot be read."""
        try:
            self._address = ChromaAddress.parse(url, token)
        except ValueError as error:
            raise IndexUnreachable(f"The address of the Chroma server cannot be used: {error}.", Remedy.CHECK_CHROMA) from None
        self.where = self._address.where
        self._client: ClientAPI | None = None
        self._failed: tuple[float, str] | None = None

    def open(self) -> ClientAPI:
        """A client of the server; raises IndexUnreachable if it does not answer."""
        self.check()
        # One for all, as making it costs three requests, and a tenth of a second for the certificates.
        if self._client is None:
            self._client = self._made()
        return self._client

    def _made(self) -> ClientAPI:
        place = self._address
        # Left out, both are asked of the cloud, which knows them by the token; any other server has defaults.
        tenant = place.tenant or (None if place.asks_whose and place.is_cloud else DEFAULT_TENANT)
        database = place.database or (None if place.asks_whose and place.is_cloud else DEFAULT_DATABASE)
        try:
            settings = Settings(
                anonymized_telemetry=False,
                chroma_api_impl="chromadb.api.fastapi.FastAPI",
                chroma_server_host=place.host,
                chroma_server_http_port=place.port,
                chroma_server_ssl_enabled=place.secure,
                chroma_server_headers=place.headers,
                chroma_overwrite_singleton_tenant_database_access_from_auth=place.is_cloud and place.asks_whose,
            )
            if place.path:
                # Chroma takes a whole address as its host, and has no other setting for a path.
                settings.chroma_server_host = place.where.rstrip("/")
            return _TimedClient(tenant, database, settings)
        except Exception as error:
            raise self.failed(error) from error

    def close(self) -> None:
        """Each request stands alone."""

    def guard(self) -> AbstractContextManager[None]:
        """The server sees to order itself."""
        return nullcontext()

    def check(self) -> None:
        """Raises IndexUnreachable for a while after it did not answer: not every question should wait for that again."""
        if self._failed and time.monotonic() < self._failed[0] + RETRY_AFTER:
            raise IndexUnreachable(self._failed[1])

    def failed(self, error: Exception) -> IndexUnreachable:
        """The error of a server that does not answer, or not in time, or that does not know who asks."""
        refused = isinstance(error, NotFoundError | AuthorizationError | ChromaAuthError)
        told = f"The Chroma server at {self.where} {'refuses' if refused else 'does not answer'}: {_reason(error)}."
        error_told = IndexUnreachable(told, Remedy.CHECK_CHROMA if refused else None)
        self._failed = time.monotonic(), error_told.message
        return error_told

    def replica_number(self, name: str) -> str:
        """A number by which what this server holds for a catalog is known; it goes with the data if the server loses them."""
        with self._asked() as client:
            # The first of several who ask at once gives the number, and the others are told it.
            made = client.get_or_create_collection(name, metadata={"replica": secrets.token_hex(8)}, embedding_function=None)
            return str((made.metadata or {})["replica"])

    def collections(self) -> list[str]:
        """The names of all collections."""
        with self._asked() as client:
            return [one.name for one in client.list_collections()]

    def drop(self, name: str) -> None:
        """Removes a collection, if it is still there."""
        with self._asked() as client, suppress(NotFoundError):
            client.delete_collection(name)

    @contextmanager
    def _asked(self) -> Iterator[ClientAPI]:
        client = self.open()
        try:
            yield client
        except Exception as error:
            raise self.failed(error) from error


class _TimedClient(Client):
    """Chroma's own client with a limit to the time that a server may take, which it does not have."""

    def __init__(self, tenant: str | None, database: str | None, settings: Settings) -> None:
        try:
            super().__init__(tenant, database, settings)
        except Exception:
            # It was never anybody's: a server that is asked again and again must not collect connections.
            self._session().close()
            raise

    def get_user_identity(self) -> UserIdentity:
        """What the constructor asks first; from here on, requests are limited."""
        self._session().timeout = httpx.Timeout(ANSWERING, connect=CONNECTING)
        return super().get_user_identity()

    def _session(self) -> httpx.Client:
        session = getattr(self._server, "_session", None)
        assert isinstance(session, httpx.Client)
        return session


def _reason(error: BaseException) -> str:
    """The first line of an error's message."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def download_default_model() -> Path:
    """Downloads the model of Chroma's own default embedding unless it is there; its folder.

    Raises whatever the network or the archive does.
    """
    from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2

    model = ONNXMiniLM_L6_V2()
    model._download_model_if_not_exists()
    return Path(model.DOWNLOAD_PATH) / model.EXTRACTED_FOLDER_NAME
