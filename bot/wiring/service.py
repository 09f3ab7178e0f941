"""What the command line and the page ask of Footnote, as one protocol; `wiring.open_app` gives the real one, tests a fake."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.settings import Settings
from bot.types import Checked, DraftAdvice, Event, Question
from vectorstore.storage.rows import Summary
from vectorstore.types import Article, Hit, IngestReport

if TYPE_CHECKING:
    from vectorstore.searching.explain import Why, WhyNot

Progress = Callable[[str, int, int], None]
"""Told while something long goes on: what is being done, how many are done, how many there are (0: not known)."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits for a question, best first; `query` is what was searched, `ms` are milliseconds by stage, and in "total".

    `notes` are what the user must know of how they were found: an index that was done without.
    """

    query: str
    hits: tuple[Hit, ...]
    ms: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Finding(Protocol):
    """One thing that was checked about an index, what was found, and what to do where it is not `ok`."""

    @property
    def name(self) -> str:
        """What was checked."""

    @property
    def ok(self) -> bool:
        """Whether it is as it should be."""

    @property
    def detail(self) -> str:
        """What was found, as a sentence."""

    @property
    def help(self) -> str:
        """What to do; empty where nothing has to be done."""


class Service(Protocol):
    """One home folder, opened. Every method may raise FootnoteError or VectorstoreError, and nothing else on purpose."""

    def has_index(self) -> bool:
        """Whether anything was ever ingested here; cheap, and never an error for a home that is missing."""

    def ingest(self, paths: Sequence[Path], *, prune: bool, rebuild: bool, progress: Progress | None) -> IngestReport:
        """Adds and updates; `prune` removes what is gone from the given folders, `rebuild` makes the index anew first."""

    def search(self, question: Question, k: int) -> SearchResult:
        """The k best passages."""

    def why(self, question: Question, k: int) -> "Sequence[Why]":
        """The same passages, each with the words and the sentences that speak for it."""

    def why_not(self, question: Question, words: str, k: int) -> "WhyNot":
        """Where the passage that holds these words fell out of the k best; raises QueryError where none holds them."""

    def stream(self, question: Question) -> Iterator[Event]:
        """The answer as it comes about; the last event is Done."""

    def check(self, draft: str) -> Iterator[Checked]:
        """Each sentence of a text with its best source and a verdict, as soon as it is checked."""

    def advises(self) -> bool:
        """Whether a model is asked for a second opinion on claims that are in doubt, unless a question says otherwise."""

    def advise(self, found: Sequence[Checked]) -> DraftAdvice:
        """The sentences of a draft with the model's opinions of those in doubt; what goes wrong is told in its note."""

    def articles(self) -> Sequence[Summary]:
        """All articles without their texts, by id."""

    def article(self, id: str) -> Article | None:
        """The article with that id, or None."""

    def remove(self, ids: Sequence[str]) -> None:
        """Takes articles out of the catalog and of both indexes."""

    def diagnose(self) -> Sequence[Finding]:
        """What is right and wrong with the index."""

    def repair(self) -> Sequence[Finding]:
        """Mends what can be mended, and says how it stands afterwards."""

    def close(self) -> None:
        """Lets go of the home: files, locks, connections."""


Opener = Callable[[Settings], Service]
"""How a service is had: `wiring.open_app`, which is cheap and opens each part when it is first needed."""
