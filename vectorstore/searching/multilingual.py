"""The second set of vectors, by the encoder for all languages: when a question needs it, how it is made, and whose hits win.

MiniLM ranks English best and knows nothing else; multilingual-e5-small crosses languages and is a little behind in English, and
no mixture of both was better than the better one (see docs/ranking.md). So a question is searched with one of them: e5 where
the question is in another language, or a good part of the articles is and one of them is the best hit; else MiniLM. The second
set is made when it is first needed, while the first goes on answering, and follows every ingest from then on.

e5 puts a text nearest to those in its own language, so a passage in another one stands too low where many articles are in the
question's own. `Searcher` therefore searches the articles in other languages once more, alone, and `fits_better` tells whether
they answer. Only the hits can tell that, as nothing in a question says where its answer stands.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vectorstore.article_writer import BATCH, save_vectors
from vectorstore.encoding.embed import Encoder
from vectorstore.errors import VectorstoreError
from vectorstore.index import Index
from vectorstore.splitting.language import ENGLISH, in_english, language_of_question
from vectorstore.storage.home import file_lock
from vectorstore.types import Hit

FOREIGN = 0.05
"""Share of the articles in other languages from which English questions are searched in all languages, too."""
WAIT = 3600.0
"""Seconds to wait for another process that is making the same set, or is writing to the index."""

SHORT = 500
"""Texts without a second vector up to which a reader waits for them, some 20 seconds with the encoder still to be built."""

VectorProgressCallback = Callable[[int, int], None]
"""Told how many texts have their second vector, of how many."""
OTHER_LANGUAGE = 0.1
"""Late interaction that a passage in another language than the question gains beside one in the same: of English questions that
an article in another language answers, two thirds found it first (docs/ranking.md)."""
OTHERS_FIT = 0.34
"""Late interaction that a passage in another language needs to answer an English question: one in twelve of those that answer
has less, and four in five of those that are merely the nearest. The search in English can tell better that nothing answers."""


@dataclass(frozen=True, slots=True)
class VectorProgress:
    """How far the second set is: `done` of `of` texts; `problem` says why it cannot be made."""

    done: int = 0
    of: int = 0
    problem: str = ""


class MultilingualVectors:
    """The second set of one index. Threads may share it."""

    def __init__(
        self, index: Index, encoder: Encoder, *, background: bool = False, progress: VectorProgressCallback | None = None
    ) -> None:
        """Whoever needs the set makes it and waits; with `background` a thread does where it takes long, and the first set
        answers meanwhile.
        """
        self.encoder = encoder
        self._index = index
        self._background = background
        self._progress = progress
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._preparation = VectorProgress()

    def is_foreign(self, question: str) -> bool:
        """Whether the question is in another language than English."""
        return not in_english(question)

    def has_foreign_articles(self) -> bool:
        """Whether a good part of the articles is in other languages."""
        sizes = self._index.catalog.languages()
        others = sum(size for language, size in sizes.items() if language not in {"", ENGLISH})
        return others > 0 and others >= FOREIGN * sum(sizes.values())

    def other_languages(self, question: str) -> tuple[str, ...]:
        """The languages of articles that are not in the question's own; () where there are none in its own, or only such.

        An article whose language is not known counts as one in the question's own.
        """
        own = {"", language_of_question(question, [ENGLISH]) or ENGLISH}
        there = self._index.catalog.languages()
        others = tuple(language for language in there if language not in own)
        return others if len(others) < len(there) else ()

    def ready(self) -> bool:
        """Whether the set is whole; where it is not, it is made, or begun to be made (see `background`)."""
        # What failed once is not tried again by every question; a new process tries again.
        if self._whole() or self._preparation.problem:
            return not self._preparation.problem
        # A few texts are made while the reader waits: an answer that has to be asked for again is worse than a slow one.
        if not self._background or self._index.catalog.count_unembedded(self.encoder.fingerprint) <= SHORT:
            self._try()
            return self._whole()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._try, name="multilingual", daemon=True)
                self._thread.start()
        return False

    def note(self) -> str:
        """What a reader is told whose question had to be searched without the set."""
        preparation = self._preparation
        if preparation.problem:
            return f"The question was searched as if it were English. {preparation.problem}"
        share = f", {preparation.done / preparation.of:.0%} of them so far" if preparation.of else ""
        return f"The articles are being prepared for questions in other languages{share}. Until then, little may be found."

    def make(self) -> None:
        """Makes what the set lacks; raises EmbeddingError, CatalogError and IndexBusy."""
        catalog = self._index.catalog
        with file_lock(self._index.home.path / "multilingual.lock", "preparing the articles for other languages", wait=WAIT):
            catalog.begin_multilingual(self.encoder.fingerprint)
            # The long part runs without the writer's lock, so that ingests go on meanwhile; the rest is made under it.
            if not self._embedded():
                return
            with self._index.writing(wait=WAIT):
                # What a process that does not know of the set took in meanwhile.
                if self._embedded():
                    catalog.join_multilingual()

    def close(self) -> None:
        """Ends the thread, which keeps what it has made so far; what is lacking is made another time."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _whole(self) -> bool:
        return self._index.replicas.has_multilingual() and self._index.catalog.multilingual() == self.encoder.fingerprint

    def _try(self) -> None:
        try:
            self.make()
        except VectorstoreError as error:
            self._preparation = VectorProgress(problem=f"{error.message} {error.help}".strip())

    def _embedded(self) -> bool:
        """Whether every text has its vector, after making those that lack; False where that was stopped."""
        catalog, encoder, done = self._index.catalog, self.encoder, 0
        of = catalog.count_unembedded(encoder.fingerprint)
        while texts := catalog.unembedded(encoder.fingerprint, BATCH):
            if self._stopped.is_set():
                return False
            save_vectors(catalog, encoder, texts)
            done += len(texts)
            self._preparation = VectorProgress(min(done, of), of)
            if self._progress:
                self._progress(min(done, of), of)
        return True


def fits_better(beside: Sequence[Hit], own: Sequence[Hit], *, foreign: bool) -> bool:
    """Whether hits in other languages answer the question better than those in its own; both best first.

    A question that is itself `foreign`, which is not in English, has no better search to fall back on, so that for it a passage
    need not fit well.
    """
    if _fit(beside) < (0.0 if foreign else OTHERS_FIT):
        return False
    return not own or _fit(beside) + OTHER_LANGUAGE > _fit(own)


def is_english(language: str) -> bool:
    """Whether an article counts as English; one whose language is not known does."""
    return language in {"", ENGLISH}


def _fit(hits: Sequence[Hit]) -> float:
    """Late interaction with the best of the hits."""
    return hits[0].stages["passage"].score if hits and "passage" in hits[0].stages else 0.0
