"""What comes of a request to a chat model: pieces of text, the wait before it is asked again, and how the answer ended."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bot.models.failures import clean_server_text

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

Message = tuple[Literal["system", "user", "assistant"], str]
"""Who says it, and what."""
Reason = Literal["stop", "length", "refusal"]

# What the providers call an answer that was cut off at the limit of tokens.
_LENGTH = {"length", "max_tokens", "max_output_tokens"}
# And what they call one that their filters held back.
_REFUSAL = {"content_filter", "refusal", "safety", "prohibited_content", "blocklist"}
_OPEN, _CLOSE = "<think>", "</think>"


@dataclass(frozen=True, slots=True)
class TextDelta:
    """Some of the answer's text, in order; never empty."""

    text: str


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
    for and the server tells them.
    """

    reason: Reason = "stop"
    input_tokens: int | None = None
    output_tokens: int | None = None
    refusal_text: str = ""
    odds: tuple[TokenOdds, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelReply:
    """A whole answer; its text is "" where the ending is a refusal without words before it."""

    text: str
    ending: ReplyEnding


class ThinkTagFilter:
    """Takes out what some models think aloud before they answer: `<think>...</think>` at the head of the text.

    Servers that know a model's habit take it out themselves; many are not told to. Further on than the head nothing is taken
    out, as the tags may be quoted there.

    >>> thoughts = ThinkTagFilter()
    >>> [thoughts.without(piece) for piece in ("<think>Who?", " Ada.</think>", "It was Ada.")]
    ['', '', 'It was Ada.']
    """

    def __init__(self) -> None:
        self._held = ""
        self._past = False

    def without(self, text: str) -> str:
        """The piece without thoughts; "" as long as they go on, or may yet begin."""
        if self._past:
            return text
        self._held += text
        answer = self._answer()
        # White space may stand before the tag as well as after it, so the answer begins with its first word.
        self._past = bool(answer.strip())
        return answer if self._past else ""

    def _answer(self) -> str:
        """What has been held and is no thought; "" where that cannot be known yet."""
        head = self._held.lstrip()
        if head.startswith(_OPEN):
            return head.partition(_CLOSE)[2].lstrip()
        return "" if _OPEN.startswith(head) else self._held


@dataclass(slots=True)
class ChunkReader:
    """Reads the chunks of one answer: its text, and what they tell beside it."""

    written: bool = False
    reasons: set[str] = field(default_factory=set)
    refusal: str = ""
    thoughts: ThinkTagFilter = field(default_factory=ThinkTagFilter)
    tokens: tuple[int | None, int | None] = (None, None)
    odds: list[TokenOdds] = field(default_factory=list)

    def add(self, chunk: "AIMessageChunk") -> str:
        """Takes a chunk in; its text."""
        known = chunk.response_metadata
        # Each provider has a name of its own for why it stopped, and not always in the last chunk.
        self.reasons |= {str(known[key]).lower() for key in ("finish_reason", "stop_reason", "done_reason") if known.get(key)}
        self.odds += _odds(known.get("logprobs"))
        self.refusal += str(chunk.additional_kwargs.get("refusal") or "")
        if (usage := chunk.usage_metadata) and usage["input_tokens"]:  # some servers that do not count say 0
            self.tokens = (usage["input_tokens"], usage["output_tokens"])
        text = self.thoughts.without(str(chunk.text))
        self.written = self.written or bool(text.strip())
        return text

    def ending(self, key: str) -> ReplyEnding:
        """How the answer ended, once all chunks are read; `key` is taken out of what the server said."""
        reason: Reason = "stop"
        # A refusal may come with a reason of "stop", so its words count more.
        if self.refusal or self.reasons & _REFUSAL:
            reason = "refusal"
        elif self.reasons & _LENGTH:
            reason = "length"
        return ReplyEnding(reason, *self.tokens, clean_server_text(self.refusal, key), tuple(self.odds))


def _odds(told: object) -> Iterator[TokenOdds]:
    """The odds of a chunk's tokens as OpenAI's protocol writes them; a server that writes something else tells none."""
    content = told.get("content") if isinstance(told, Mapping) else None
    for one in content if isinstance(content, list) else ():
        with suppress(KeyError, TypeError, ValueError):
            others = [(str(other["token"]), float(other["logprob"])) for other in one.get("top_logprobs") or ()]
            yield TokenOdds(str(one["token"]), tuple(others or [(str(one["token"]), float(one["logprob"]))]))
