"""The shapes of the records of `bot.json_records`, from which the tools' schemas are made.

A key that only some records have is `NotRequired`, as it is left out where it says nothing. A test holds each record against
its type, so that neither is changed without the other.
"""

from typing import Annotated, NotRequired

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from bot.types import Mode, Verdict

Start = Annotated[int, Field(description="where it begins, in characters, counted from 0")]
End = Annotated[int, Field(description="where it ends, that is the first character after it")]
VerdictField = Annotated[
    Verdict | None,
    Field(
        description="quoted (word for word), supported, likely (probably supported), check (not sure: read it), number differs "
        "(a number, date or name is another one), denied (the source says the opposite), not found (no source says it), "
        "no such passage, uncited"
    ),
]
ArticleId = Annotated[str, Field(description="the article's id; its text is the resource footnote://articles/ID")]

# A record may gain a key before its type does: it is then passed on and not lost.
_OPEN = ConfigDict(extra="allow")


@with_config(_OPEN)
class StageRecord(TypedDict):
    """What a stage of the search thought of a passage."""

    rank: int
    score: float


@with_config(_OPEN)
class HitRecord(TypedDict):
    """A passage that was found, word for word as it stands in its article."""

    article: ArticleId
    start: Start
    end: End
    text: str
    score: float
    stages: dict[str, StageRecord]
    copy_of: NotRequired[str]


@with_config(_OPEN)
class SearchResult(TypedDict):
    """The passages for a question, best first."""

    id: None
    query: Annotated[str, Field(description="what was searched")]
    hits: list[HitRecord]
    ms: dict[str, float]
    notes: NotRequired[list[str]]


@with_config(_OPEN)
class OpinionRecord(TypedDict):
    """What the model says of a claim that is in doubt, where it was asked."""

    says: str
    model: str
    words: NotRequired[str]
    margin: NotRequired[float]
    reason: NotRequired[str]


@with_config(_OPEN)
class CitationRecord(TypedDict):
    """A footnote: `quote` stands at [start, end) of the article, word for word."""

    n: Annotated[int, Field(description="the number of its marker in the answer")]
    article: ArticleId
    title: str
    start: Start
    end: End
    quote: str
    verdict: VerdictField
    page: NotRequired[str]
    reason: NotRequired[Annotated[str, Field(description="what does not fit")]]
    found: NotRequired[Annotated[bool, Field(description="the model named no source, and Footnote found this one")]]


@with_config(_OPEN)
class ClaimRecord(TypedDict):
    """A sentence of the answer, at [start, end) of it, with the numbers of its footnotes."""

    text: str
    start: Start
    end: End
    verdict: VerdictField
    citations: list[int]
    better: NotRequired[CitationRecord]
    against: NotRequired[CitationRecord]
    second_opinion: NotRequired[OpinionRecord]


@with_config(_OPEN)
class PassageRecord(TypedDict):
    """A passage that the answer could draw from."""

    n: int
    article: ArticleId
    title: str
    start: Start
    end: End
    text: str
    score: float


@with_config(_OPEN)
class IncompleteRecord(TypedDict):
    """Why an answer broke off, and what to do."""

    message: str
    help: str


@with_config(_OPEN)
class AnswerResult(TypedDict):
    """A cited answer; with `abstained`, the articles do not say."""

    id: None
    question: str
    query: Annotated[str, Field(description="what was searched")]
    answer: Annotated[str, Field(description="the answer, with markers such as [1] that name its citations")]
    abstained: bool
    confidence: float
    mode: Mode
    claims: list[ClaimRecord]
    citations: list[CitationRecord]
    passages: list[PassageRecord]
    usage: dict[str, float | int | str]
    ms: dict[str, float]
    model: NotRequired[str]
    notes: NotRequired[list[str]]
    incomplete: NotRequired[IncompleteRecord]


@with_config(_OPEN)
class SourceRecord(TypedDict):
    """The best source for a sentence; `quote` stands at [start, end) of the article, "" where nothing there says it."""

    article: ArticleId
    title: str
    start: Start
    end: End
    quote: str
    reason: Annotated[str, Field(description='what does not fit, "" where all does')]
    page: NotRequired[str]


@with_config(_OPEN)
class CheckedRecord(TypedDict):
    """A sentence of the text that was checked, at [start, end) of it."""

    text: str
    start: Start
    end: End
    verdict: VerdictField
    source: SourceRecord | None
    against: NotRequired[CitationRecord]
    second_opinion: NotRequired[OpinionRecord]


@with_config(_OPEN)
class CheckResult(TypedDict):
    """Each sentence of a text that states something, with its verdict and its source; `verdicts` counts them."""

    sentences: list[CheckedRecord]
    verdicts: dict[str, int]
    notes: NotRequired[list[str]]


@with_config(_OPEN)
class VerifyResult(TypedDict):
    """Whether a source supports a claim; `span` is where in the source the words stand that decide it."""

    id: None
    verdict: VerdictField
    score: Annotated[float, Field(description="how surely it is supported, 0 to 1")]
    span: tuple[int, int] | None
    reason: NotRequired[Annotated[str, Field(description="what does not fit")]]


@with_config(_OPEN)
class ArticleRecord(TypedDict):
    """What is known of an article, without its text."""

    id: ArticleId
    title: str
    author: str
    date: str
    source: str
    cut_off: bool
    chars: int
    chunks: int
    language: str
    first_day: int | None
    last_day: int | None
    media_type: str
    origin: str
    added: str
    archived: bool
    gone: bool
    variant_of: str
    tags: list[str]
    collections: list[str]


@with_config(_OPEN)
class ArticlesResult(TypedDict):
    """Some of the articles, in the order of their list; `total` is how many there are."""

    articles: list[ArticleRecord]
    total: int
