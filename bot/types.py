"""What flows from a question to its answer, and the events that tell of it on the way. Frozen, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from vectorstore.types import EVERYWHERE, Scope, Span, Stage

Role = Literal["user", "assistant"]
Mode = Literal["quotes", "model"]
Verdict = Literal["quoted", "supported", "partly", "not supported", "contradicted", "no such passage", "uncited"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said in a conversation, by the reader or by Footnote."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the reader asks, with what was said before it, oldest first, and the articles to keep to."""

    text: str
    history: tuple[Turn, ...] = ()
    scope: Scope = EVERYWHERE


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that was retrieved for a question; `article.text[start:end] == text`. `n` counts from 1, best first.

    `sentences` are spans in the article, `evidence` how well each of them answers (see `vectorstore.types.Hit`).
    """

    n: int
    article: str
    title: str
    author: str
    date: str
    start: int
    end: int
    text: str
    score: float
    stages: Mapping[str, Stage] = field(default_factory=dict)
    sentences: tuple[Span, ...] = ()
    evidence: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A footnote: the words `quote` stand at [start, end) of the stored article, or the verdict says that they do not."""

    n: int
    article: str
    title: str
    start: int
    end: int
    quote: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the answer: `answer.text[start:end] == text`. `citations` are the numbers of the footnotes it carries."""

    text: str
    start: int
    end: int
    verdict: Verdict
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question. `text` holds its footnotes as markers like [1]; `ms` are milliseconds by step."""

    question: str
    query: str
    text: str
    abstained: bool
    confidence: float
    mode: Mode
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    usage: Mapping[str, int] = field(default_factory=dict)
    ms: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condensed:
    """The question as it will be searched, which for a follow-up is more than what the reader typed."""

    query: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages that the answer may draw from."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the answer's text, in order; never half a marker."""

    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A footnote whose marker is about to appear in the text."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the reader must know: a fallback that was taken, a limit that was met."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The last event of every turn."""

    answer: Answer


Event = Condensed | Retrieved | Token | Cited | Notice | Done
