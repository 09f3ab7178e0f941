"""What comes of a request to a chat model: pieces of text, the wait before it is asked again, and how the answer ended."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from bot.models.failures import clean_server_text
from bot.models.thoughts import FilteredText, ReplyFilter

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

Message = tuple[Literal["system", "user", "assistant"], str]
"""Who says it, and what."""
Reason = Literal["stop", "length", "refusal"]

# What the providers call an answer that was cut off at the limit of tokens.
_LENGTH = {"length", "max_tokens", "max_output_tokens", "model_length", "model_context_window_exceeded"}
# And what they call one that their filters held back.
_REFUSAL = ("content_filter", "refusal", "safety", "prohibited_content", "blocklist", "recitation", "spii", "guardrail")
# A model that was stopped from without, by a server that says so instead of failing.
_BROKEN = {"insufficient_system_resource", "error", "abort", "aborted", "cancelled", "canceled", "network_error", "timeout"}
# Reasons of a model that wanted to call a tool.
_TOOLS = {"tool_calls", "function_call", "tool_use", "malformed_function_call"}


@dataclass(frozen=True, slots=True)
class TextDelta:
    """Some of the answer's text, in order; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class TextRetraction:
    """All of the answer's text so far were the model's thoughts, as only the tag at their end has told; the answer follows."""


@dataclass(frozen=True, slots=True)
class RetryWait:
    """The model is asked again after so many seconds; `reason` says why, in a sentence. Only ever before the first piece."""

    reason: str
    seconds: float


@dataclass(frozen=True, slots=True)
class TokenOdds:
    """A token of an answer, and the log-probabilities of what might have stood in its place, itself among them."""

    text: str
    logprobs: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class ReplyEnding:
    """How an answer ended: by itself, at the limit of tokens, or with a refusal and its words ("" where none were given).

    Tokens are as the server counted them; None where it did not say. `odds` are those of all its tokens, where they were asked
    for and the server tells them. `thoughts` are what the model wrote for itself, where that was told.
    """

    reason: Reason = "stop"
    input_tokens: int | None = None
    output_tokens: int | None = None
    refusal_text: str = ""
    odds: tuple[TokenOdds, ...] = ()
    thoughts: str = ""


ReplyPiece = TextDelta | TextRetraction | RetryWait | ReplyEnding


@dataclass(frozen=True, slots=True)
class ModelReply:
    """A whole answer; its text is "" where the ending is a refusal without words before it."""

    text: str
    ending: ReplyEnding


@dataclass(slots=True)
class ChunkReader:
    """Reads the chunks of one answer: its text, and what they tell beside it."""

    written: bool = False
    reasons: set[str] = field(default_factory=set)
    blocked: bool = False
    refusal: str = ""
    leaks: ReplyFilter = field(default_factory=ReplyFilter)
    tokens: tuple[int | None, int | None] = (None, None)
    odds: list[TokenOdds] = field(default_factory=list)
    thoughts: str = ""

    def add(self, chunk: "AIMessageChunk") -> Iterator[TextDelta | TextRetraction]:
        """Takes a chunk in; what it tells of the answer's text."""
        known = chunk.response_metadata
        # Each provider has a name of its own for why it stopped, and not always in the last chunk.
        self.reasons |= {str(known[key]).lower() for key in ("finish_reason", "stop_reason", "done_reason") if known.get(key)}
        self.blocked = self.blocked or _is_blocked(known.get("prompt_feedback"))
        self.odds += _odds(known.get("logprobs"))
        self.refusal += str(chunk.additional_kwargs.get("refusal") or "")
        if usage := chunk.usage_metadata:  # some servers that do not count say 0, and Anthropic's may count only what it wrote
            counted = (usage["input_tokens"] or None, usage["output_tokens"])
            self.tokens = counted if any(counted) else self.tokens
        # A server that tells thoughts apart leaves none in the text, so nothing has to be held any more.
        if reasoning := _reasoning(chunk):
            self.thoughts += reasoning
            yield from self._passed(self.leaks.release())
        yield from self._passed(self.leaks.feed(str(chunk.text)))

    def rest(self) -> Iterator[TextDelta | TextRetraction]:
        """What was held back of the text until all chunks were read."""
        yield from self._passed(self.leaks.end())

    def ending(self, key: str) -> ReplyEnding:
        """How the answer ended, once all chunks are read; `key` is taken out of what the server said."""
        reason: Reason = "stop"
        # A refusal may come with a reason of "stop", so its words count more.
        if self.refusal or self.blocked or any(one.startswith(_REFUSAL) for one in self.reasons):
            reason = "refusal"
        elif self.reasons & _LENGTH:
            reason = "length"
        return ReplyEnding(
            reason, *self.tokens, clean_server_text(self.refusal, key), tuple(self.odds), thoughts=self.thoughts.strip()
        )

    def broken_off(self) -> str:
        """The server's word for having stopped the model before it was done; "" where it did not."""
        return next(iter(self.reasons & _BROKEN), "")

    @property
    def calls_tool(self) -> bool:
        """Whether the model asked for a tool, of which it was given none."""
        return bool(self.reasons & _TOOLS)

    def _passed(self, parts: Iterator[FilteredText]) -> Iterator[TextDelta | TextRetraction]:
        # What came in one piece is passed on as one.
        for kind, run in groupby(parts, key=lambda part: part.kind):
            text = "".join(part.text for part in run)
            if kind == "answer":
                self.written = self.written or bool(text.strip())
                yield TextDelta(text)
                continue
            # A retraction's text was passed on as the answer, and counts as thought from here on.
            self.thoughts += text
            if kind == "retraction":
                self.written = False
                yield TextRetraction()


def _is_blocked(told: object) -> bool:
    """Whether Google's server refuses to answer this prompt at all, of which it tells apart from an answer."""
    return isinstance(told, Mapping) and bool(told.get("block_reason"))


def _reasoning(chunk: "AIMessageChunk") -> str:
    """The thoughts that a server or a provider tells apart by itself, under the names that LangChain gives them."""
    told = chunk.additional_kwargs.get("reasoning_content")
    blocks = chunk.content if isinstance(chunk.content, list) else []
    inner = [block.get("thinking") or block.get("reasoning") for block in blocks if isinstance(block, dict)]
    return "".join(one for one in (told, *inner) if isinstance(one, str))


def _odds(told: object) -> Iterator[TokenOdds]:
    """The odds of a chunk's tokens as OpenAI's protocol writes them; a server that writes something else tells none."""
    content = told.get("content") if isinstance(told, Mapping) else None
    for one in content if isinstance(content, list) else ():
        with suppress(KeyError, TypeError, ValueError):
            others = [(str(other["token"]), float(other["logprob"])) for other in one.get("top_logprobs") or ()]
            yield TokenOdds(str(one["token"]), tuple(others or [(str(one["token"]), float(one["logprob"]))]))
