"""What a caller is sent, as the OpenAPI document describes it. The records themselves are made by `bot.json_records`.

These classes describe those records and are checked against them by the tests; they do not make them, as an answer goes out
with exactly the keys that `footnote ask --json` prints: what only some answers have is there only where they have it.
"""

from typing import Literal

from pydantic import BaseModel, Field

from bot.types import Mode, OpinionSays, Verdict


class ErrorDetail(BaseModel):
    """What is wrong, and what to do about it, each a sentence."""

    message: str
    help: str
    code: str = Field(description="A word for programs, which does not change.")
    type: str = Field("", description="Only in OpenAI's form: what kind of error it is there.")
    param: str | None = Field(None, description="Only in OpenAI's form: the parameter that is meant.")


class ErrorRecord(BaseModel):
    """The body of every answer that is an error."""

    error: ErrorDetail


class OpinionRecord(BaseModel):
    """What a model says of a claim in doubt; it never changes the verdict."""

    says: OpinionSays
    model: str
    words: str = ""
    margin: float | None = None
    reason: str = ""


class CitationRecord(BaseModel):
    """A footnote: `quote` stands at [start, end) of the stored article, or the verdict says that it does not."""

    n: int
    article: str
    title: str
    start: int
    end: int
    page: str = Field("", description='The page, slide or time of the original: "3", "3–4", "slide 4".')
    quote: str
    # None while the claim is still being written, as in an answer that was stopped there.
    verdict: Verdict | None
    reason: str = Field("", description="What does not fit, in a sentence.")
    found: bool = Field(False, description="The model gave no source, and Footnote found this one.")


class ClaimRecord(BaseModel):
    """A statement of the answer, at [start, end) of its text, with the numbers of the footnotes that it carries."""

    text: str
    start: int
    end: int
    verdict: Verdict
    citations: list[int]
    better: CitationRecord | None = None
    against: CitationRecord | None = None
    second_opinion: OpinionRecord | None = None


class PassageRecord(BaseModel):
    """A passage that was found for the question, best first."""

    n: int
    article: str
    title: str
    start: int
    end: int
    text: str
    score: float


class IncompleteRecord(BaseModel):
    """Why an answer is not whole."""

    message: str
    help: str


class AnswerRecord(BaseModel):
    """A cited answer; the record of `footnote ask --json`."""

    id: str | int | None
    question: str
    query: str = Field(description="What was searched, which for a follow-up is more than what was asked.")
    answer: str = Field(description="The text, with markers like [1].")
    abstained: bool = Field(description="The articles do not say.")
    confidence: float
    mode: Mode
    claims: list[ClaimRecord]
    citations: list[CitationRecord] = Field(description="The i-th belongs to the i-th marker of the text.")
    passages: list[PassageRecord]
    usage: dict[str, float]
    ms: dict[str, float]
    model: str = ""
    notes: list[str] = []
    incomplete: IncompleteRecord | None = None


class StageRecord(BaseModel):
    """What a stage of the search thought of a passage."""

    rank: int
    score: float


class HitRecord(BaseModel):
    """A passage, with its rank and score at each stage of the search."""

    article: str
    start: int
    end: int
    text: str
    score: float
    stages: dict[str, StageRecord]
    copy_of: str = ""


class SearchRecord(BaseModel):
    """The best passages; the record of `footnote search --json`, and the `notes` that it prints beside it."""

    id: str | int | None
    query: str
    hits: list[HitRecord]
    ms: dict[str, float]
    notes: list[str] = []


class SourceRecord(BaseModel):
    """The best source of a sentence, and what does not fit."""

    article: str
    title: str
    start: int
    end: int
    page: str = ""
    quote: str
    reason: str


class CheckedRecord(BaseModel):
    """A sentence of a draft, at [start, end) of it; a line of `footnote check --json`."""

    text: str
    start: int
    end: int
    verdict: Verdict
    source: SourceRecord | None
    against: CitationRecord | None = None
    second_opinion: OpinionRecord | None = None


class CheckRecord(BaseModel):
    """A draft: its sentences that state something, in order, and how many have which verdict."""

    id: str | int | None
    sentences: list[CheckedRecord]
    verdicts: dict[str, int]
    notes: list[str]


class JudgementRecord(BaseModel):
    """What a source is to a claim; the record of `footnote verify`. `span` is where in the source the words stand."""

    id: str | int | None
    verdict: Verdict
    score: float
    span: list[int] | None


class ArticleSummaryRecord(BaseModel):
    """An article without its text; a line of `footnote articles list --json`."""

    id: str
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
    added: str
    archived: bool
    gone: bool
    variant_of: str
    tags: list[str]
    collections: list[str]


class ArticleListRecord(BaseModel):
    """Some of the articles, in the order of the library, and how many there are."""

    articles: list[ArticleSummaryRecord]
    total: int


class ArticleRecord(BaseModel, extra="allow"):
    """An article with its text; what `footnote articles show --json` prints, further fields of its front matter included."""

    id: str
    title: str
    author: str
    translator: str
    date: str
    source: str
    cut_off: bool
    language: str
    text: str


class HealthRecord(BaseModel):
    """Whether questions can be answered; what is behind it is told only to callers who may ask them."""

    status: Literal["ok", "empty", "failing"] = Field(description='"empty": there are no articles yet.')
    version: str = ""
    articles: int | None = None
    model: str = Field("", description='"quotes", or the model that writes; empty while its server has not been asked.')
    problem: IncompleteRecord | None = None


class UrlCitation(BaseModel):
    """The words [start_index, end_index) of the message rest on this source; with Footnote's own fields beside OpenAI's."""

    start_index: int
    end_index: int
    title: str
    url: str
    article: str
    quote: str
    verdict: Verdict | None


class MessageAnnotation(BaseModel):
    """A citation as OpenAI's messages carry them."""

    type: Literal["url_citation"]
    url_citation: UrlCitation


class CompletionMessage(BaseModel):
    """The answer as a message."""

    role: Literal["assistant"]
    content: str
    refusal: None = None
    annotations: list[MessageAnnotation]


class CompletionChoice(BaseModel):
    """The one answer that there is; "length" where it is not whole."""

    index: int
    message: CompletionMessage
    logprobs: None = None
    finish_reason: Literal["stop", "length"]


class CompletionUsage(BaseModel):
    """The tokens that the model was sent and wrote; 0 for quotations."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class CompletionRecord(BaseModel):
    """A chat completion in OpenAI's form, with the record of `/v1/ask` in `footnote`."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[CompletionChoice]
    usage: CompletionUsage
    footnote: AnswerRecord


class ModelRecord(BaseModel):
    """A model that may be asked."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelListRecord(BaseModel):
    """The models that may be asked, in OpenAI's form; `footnote` is the default of this home."""

    object: Literal["list"]
    data: list[ModelRecord]
