"""What flows from a question to its answer, and the events that tell of it on the way. Frozen, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from vectorstore.types import EVERYWHERE, Scope, Span, Stage

Role = Literal["user", "assistant"]
OpinionSays = Literal["yes", "no", "unsure"]
Mode = Literal["quotes", "model"]
Status = Literal["running", "done", "stopped", "failed"]
"""How far an answer, or the check of a draft, has come. "done" is what reached its end, "stopped" what somebody or the end of
the program cut short, and "failed" what ended in an error. The words are those of the history's tables.
"""
Verdict = Literal[
    "quoted", "supported", "likely", "check", "not found", "number differs", "denied", "no such passage", "uncited"
]
"""What a passage is to a claim; `bot.verification.verdicts` says what each means."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said in a conversation, by the reader or by Footnote."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the reader asks, with what was said before it, oldest first, and the articles to keep to.

    `searched` is set where the reader has put the search into words of their own: it is then searched as it stands. `model` is
    "quotes" or the model that is to write the answer; "" is what the settings say. `without` are places that the answer must do
    without: no passage that touches one of them is used. `given` are passages to answer from in place of a search.
    `second_opinion` asks the model what it says of doubtful claims; None is what the settings say.
    """

    text: str
    history: tuple[Turn, ...] = ()
    scope: Scope = EVERYWHERE
    searched: str = ""
    model: str = ""
    without: tuple["Part", ...] = ()
    given: "tuple[Passage, ...] | None" = None
    second_opinion: bool | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an article's text, [start, end)."""

    article: str
    start: int
    end: int


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
    source: str = ""
    """The article's own address, where it has one."""
    also: tuple[str, ...] = ()
    """Ids of further articles where the same words stand."""
    across: bool = False
    """Whether the encoder for all languages found it (see `vectorstore.types.Hit`)."""
    language: str = ""
    """The article's, as its ISO 639-1 code; "" where it is not known."""
    asked: Mapping[str, float] = field(default_factory=dict)
    """The question's words, each with how well the passage answers to it (`words` of `vectorstore.types.Hit`)."""

    @property
    def nearest(self) -> Span:
        """Where the sentence stands that fits the question best, no heading and no question itself; else the whole passage."""
        best = sorted(zip(self.evidence, self.sentences, strict=False), key=lambda one: -one[0])
        stated = (
            span for _, span in best if not self.words(span).startswith("#") and not self.words(span).endswith(("?", "？"))
        )
        return next(stated, (self.start, self.end))

    def words(self, span: Span) -> str:
        """The article's words in a span inside the passage."""
        return self.text[span[0] - self.start : span[1] - self.start]

    def touched_by(self, citation: "Citation") -> bool:
        """Whether the citation's words overlap it."""
        # A footnote with no words that fit stands at the beginning of the passage that it names.
        end = max(citation.end, citation.start + 1)
        return self.article == citation.article and self.start < end and citation.start < self.end


@dataclass(frozen=True, slots=True)
class Citation:
    """A footnote: the words `quote` stand at [start, end) of the stored article, or the verdict says that they do not.

    Where a model wrote the answer, `n` is the number of the passage that it cites, so several claims may carry the same;
    `quote` holds the words that bear on the claim, and `reason` says in a sentence what does not fit, "" where all does.
    `verdict` is None while the claim is still being written. `found`: the model gave no source for the claim, and Footnote
    found this one. `score` is how likely the passage supports the claim, as measured and before the reader's own reviews
    correct it; None where that was not what decided. `page` names the page, slide or time of the original where the words
    stand, as in "p. 3", "pp. 3–4" or "slide 4", "" where it has none.
    """

    n: int
    article: str
    title: str
    start: int
    end: int
    quote: str
    verdict: Verdict | None
    reason: str = ""
    found: bool = False
    score: float | None = None
    page: str = ""


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What a model says of a claim that is in doubt: whether its passages support all of it. It never changes the verdict.

    `words` are those of a passage that it rests on, "" where it gave none that stand there. `margin` is the log-odds of its Yes
    over its No, None where its server does not tell. `reason` says why it is unsure, "" where it is not.
    """

    says: OpinionSays
    model: str
    words: str = ""
    margin: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the answer: `answer.text[start:end] == text`. `citations` are the numbers of the footnotes it carries.

    The footnotes themselves follow one another in `answer.citations`, claim by claim. `better` is a passage that was not cited
    here and carries the claim better than those that were. `opinion` is what a model says of it, where one was asked.
    `against` is a sentence of a cited article that speaks against it.
    """

    text: str
    start: int
    end: int
    verdict: Verdict
    citations: tuple[int, ...]
    better: Citation | None = None
    opinion: SecondOpinion | None = None
    against: Citation | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A span of an article as it was when it was quoted: `hash` is the SHA-256 of the text that it was in.

    `before` and `after` are the characters around it, cut to whole words. `bot.verification.anchors` makes and finds them.
    """

    hash: str
    start: int
    end: int
    quote: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, with an answer or with what the reader wanted to do, and what to do about it, each a sentence.

    `retryable`: asking again may help. `quotable`: quotations, which need no model, may be had instead.
    """

    message: str
    help: str
    retryable: bool = False
    quotable: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """What went to the model for an answer, message by message, and what it sent back, to the letter.

    `prompt` names the version of the prompt, as in `answer/strict`. `thoughts` are what the model wrote for itself before and
    between its answer, "" where it did not or its server kept that to itself.
    """

    prompt: str
    messages: tuple[tuple[str, str], ...]
    """Role and text."""
    reply: str = ""
    thoughts: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, as far as it has come: this is what is streamed, shown, kept, exported and evaluated.

    `text` holds its footnotes as markers like [1]; `citations[i]` is that of the i-th marker, and `anchors[i]` tells where its
    words stood, None where they stand nowhere; there are no anchors before the answer is complete. `markers[i]` is where the
    i-th marker stands in a model's text, which may hold a "[1]" that is none; older answers have no places. `query` is what was
    searched, `searched` whether the search took place. `usage` counts tokens and, where the prices are known, dollars; `ms` are
    milliseconds by step. `notes` are what the reader must know of it, a sentence each. `trouble` (as every database
    calls it) tells why there is no answer, or why what there is of it is not whole. `trace` is None where no model was asked.
    `offered` are questions to go on with. `preview` are quotations to read as long as a model that will write has not begun,
    and `reading` is how many of the passages it is given to write from, 0 while that is not known.

    >>> answer = Answer("When?", text="In 1932 [1].", citations=(Citation(1, "a.txt", "A", 0, 7, "In 1932", "quoted"),))
    >>> answer.whole, answer.citation(0).quote, answer.citation(1)
    (True, 'In 1932', None)
    """

    question: str = ""
    query: str = ""
    text: str = ""
    abstained: bool = False
    confidence: float = 0.0
    mode: Mode = "quotes"
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    usage: Mapping[str, float] = field(default_factory=dict)
    ms: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    model: str = ""
    trouble: Problem | None = None
    trace: Trace | None = None
    status: Status = "done"
    searched: bool = False
    anchors: tuple[Anchor | None, ...] = ()
    offered: tuple[str, ...] = ()
    markers: tuple[tuple[int, int], ...] = ()
    preview: "Answer | None" = None
    reading: int = 0

    @property
    def complete(self) -> bool:
        """Whether its writer came to an end, be it that the text breaks off there, as `trouble` then tells."""
        return self.status == "done"

    @property
    def whole(self) -> bool:
        """Whether it is complete and nothing of it is missing."""
        return self.complete and self.trouble is None

    def citation(self, at: int) -> Citation | None:
        """The footnote of the marker `at` (from 0): a number may be cited many times, each time for other words."""
        return self.citations[at] if 0 <= at < len(self.citations) else None

    def anchor(self, at: int) -> Anchor | None:
        """Where the words of the footnote `at` (from 0) stood, if that is known."""
        return self.anchors[at] if 0 <= at < len(self.anchors) else None

    def better(self, at: int) -> Citation | None:
        """The better source of the claim `at` (from 0), if it has one."""
        return self.claims[at].better if 0 <= at < len(self.claims) else None

    def passage(self, n: int) -> Passage | None:
        """The passage with the number `n`."""
        return next((passage for passage in self.passages if passage.n == n), None)

    def uncited(self) -> tuple[Passage, ...]:
        """The passages that were found and that no footnote touches."""
        return tuple(one for one in self.passages if not any(one.touched_by(citation) for citation in self.citations))


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of somebody's own text, `draft[start:end] == text`, with the best passage that was found for it, if any.

    `against` is the sentence of an article that speaks against it, where one was found beside the source.
    """

    text: str
    start: int
    end: int
    verdict: Verdict
    source: Citation | None
    opinion: SecondOpinion | None = None
    against: Citation | None = None


@dataclass(frozen=True, slots=True)
class DraftAdvice:
    """A draft's sentences with a model's opinions of those in doubt, the cost as `Answer.usage` has it, and what went wrong."""

    checked: tuple[Checked, ...]
    usage: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Questions to go on with after an answer, and what it cost to think of them, as `Answer.usage` has it."""

    questions: tuple[str, ...] = ()
    usage: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Condensed:
    """The question as it will be searched, which for a follow-up is more than what the reader typed."""

    query: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages that the answer may draw from."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Quotations to read until the first `Token`; a later preview takes the place of an earlier one."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class ModelReading:
    """A model has begun to read; it is given so many of the passages that were retrieved."""

    passages: int


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the answer's text, in order; never half a marker."""

    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A footnote whose marker is about to appear in the text."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim is complete and has been checked; `citations` replace those that were told of from number `first` (from 0) on."""

    claim: Claim
    first: int
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Attributed:
    """A source was found for a sentence that the model gave none for: `marker` goes into the text told so far, at `at`.

    Its citation becomes number `first` (from 0). `Judged` follows for the claim.
    """

    citation: Citation
    first: int
    at: int
    marker: str


@dataclass(frozen=True, slots=True)
class Retraction:
    """All of the text so far, its footnotes and its claims are void: they were the model's thoughts. The answer follows."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the reader must know: a fallback that was taken, a limit that was met."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The last event of every turn."""

    answer: Answer


Event = Condensed | Retrieved | Preview | ModelReading | Token | Cited | Attributed | Judged | Retraction | Notice | Done
