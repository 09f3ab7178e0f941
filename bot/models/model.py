"""A chat model that answers in pieces, asks again where that is worth it, and fails in sentences.

It stands on LangChain's `BaseChatModel`, so a test can pass one of its own in. Importing this imports no LangChain.
"""

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

from bot.errors import BadRequest, EmptyAnswer, FootnoteError
from bot.models.failures import Place, cause, cleaned, explained
from bot.models.patience import Patience, duration
from bot.models.thoughts import Thoughts

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage

Message = tuple[Literal["system", "user", "assistant"], str]
"""Who says it, and what."""
Reason = Literal["stop", "length", "refusal"]
Sleep = Callable[[float], None]

ALTERNATIVES = 5
"""Tokens whose log-probabilities are asked for in each place; no server of OpenAI's protocol gives fewer."""
NOTICED = 1.0
"""Seconds of waiting from which on the reader is told of it."""
_LENGTH = {"length", "max_tokens", "max_output_tokens"}
_REFUSAL = {"content_filter", "refusal", "safety", "prohibited_content", "blocklist"}


class Chats(Protocol):
    """How LangChain's chat model is had."""

    def __call__(self, model: str, max_tokens: int, temperature: float | None = None, /) -> "BaseChatModel":
        """A model by its name without its provider, the most tokens that it may write, and its temperature; None is its own."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the answer's text, in order; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The model is asked again after so many seconds; `reason` says why, in a sentence. Only ever before the first piece."""

    reason: str
    seconds: float


@dataclass(frozen=True, slots=True)
class TokenOdds:
    """A token of an answer, and the log-probabilities of what might have stood in its place, itself among them."""

    text: str
    logprobs: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Ending:
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
class Reply:
    """A whole answer; its text is "" where the ending is a refusal without words before it."""

    text: str
    ending: Ending


class Model:
    """One model of one server. Threads may share it: each stream is a request of its own."""

    def __init__(self, place: Place, chats: Chats, sleep: Sleep = time.sleep, first: Callable[[], str] | None = None) -> None:
        """`first` asks the server for the name of its first model; it is needed where `place` has no model."""
        self._place = place
        self._chats = chats
        self._sleep = sleep
        self._first = first
        self._tells_odds = place.provider == "openai"

    @property
    def name(self) -> str:
        """`provider:model`; "" while the server has yet to be asked which models it has, which `resolve` does."""
        return f"{self._place.provider}:{self._place.model}" if self._place.model else ""

    @property
    def host(self) -> str:
        """The server's host and port, for people to see; "" where only its provider is known."""
        return self._place.host

    @property
    def compatible(self) -> bool:
        """Whether another server than OpenAI's speaks its protocol here: the models' names say nothing of their prices."""
        return self._place.compatible

    def resolve(self) -> str:
        """The name, which the server is asked for where it is not set; raises ModelError."""
        if not self._place.model and self._first is not None:
            self._place = replace(self._place, model=self._first())
        return self.name

    def warm(self) -> None:
        """Imports the provider's package, which takes seconds, and sends nothing; raises SettingsError."""
        self._chats(self._place.model or "warm", 1)

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, temperature: float | None = None, odds: bool = False
    ) -> Reply:
        """The answer in one piece; raises ModelError, and then what had come is lost.

        `odds` asks for those of its tokens. A server that refuses that is asked without them, from then on.
        """
        asks = odds and self._tells_odds
        try:
            *pieces, ending = self.stream(messages, max_tokens=max_tokens, temperature=temperature, odds=asks)
        except BadRequest:
            if not asks:
                raise
            self._tells_odds = False
            *pieces, ending = self.stream(messages, max_tokens=max_tokens, temperature=temperature)
        assert isinstance(ending, Ending)
        return Reply("".join(piece.text for piece in pieces if isinstance(piece, Piece)), ending)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, temperature: float | None = None, odds: bool = False
    ) -> Generator[Piece | Waiting | Ending]:
        """The answer's pieces as they come, then its `Ending`. Closing this closes the connection.

        Raises ModelError, also after pieces have come; only before the first one is the model asked again. SettingsError for a
        provider whose package is not installed.
        """
        self.resolve()
        patience = Patience()
        while True:
            begun = False
            try:
                for one in self._once(messages, max_tokens, temperature, odds):
                    begun = True
                    yield one
                return
            except FootnoteError:
                raise
            except Exception as error:  # each provider's package raises its own
                failure = explained(error, self._place, begun=begun)
                wait = None if begun else patience.wait(failure)
                if wait is None:
                    raise failure from cause(error, self._place)
            if wait >= NOTICED:
                yield Waiting(f"{failure.message} Asking again in {duration(wait)}.", wait)
            self._sleep(wait)

    def _once(
        self, messages: Sequence[Message], max_tokens: int, temperature: float | None, odds: bool
    ) -> Iterator[Piece | Ending]:
        """One request's pieces and ending; raises whatever the provider's package does."""
        chat = self._chats(self._place.model, max_tokens, temperature)
        # A generator in truth: closing it is what closes the connection.
        more: dict[str, Any] = {"logprobs": True, "top_logprobs": ALTERNATIVES} if odds else {}
        chunks = cast("Generator[AIMessageChunk]", chat.stream(cast("list[BaseMessage]", list(messages)), **more))
        tally = _Tally()
        try:
            for chunk in chunks:
                if text := tally.add(chunk):
                    yield Piece(text)
        finally:
            chunks.close()
        yield self._ending(tally, max_tokens)

    def _ending(self, tally: "_Tally", max_tokens: int) -> Ending:
        """How it ended; raises EmptyAnswer where nothing at all came."""
        ending = tally.ending(self._place.key)
        if tally.written or ending.reason == "refusal":
            return ending
        if ending.reason == "length":
            raise EmptyAnswer(
                f"{self._place.model} used up its {max_tokens} tokens before it wrote a word.",
                "Set FOOTNOTE_MAX_ANSWER_TOKENS higher: some models think at length before they write.",
            )
        raise EmptyAnswer(f"{self._place.model} gave an empty answer.")


@dataclass(slots=True)
class _Tally:
    """What the chunks of one answer tell beside its text."""

    written: bool = False
    reasons: set[str] = field(default_factory=set)
    refusal: str = ""
    thoughts: Thoughts = field(default_factory=Thoughts)
    tokens: tuple[int | None, int | None] = (None, None)
    odds: list[TokenOdds] = field(default_factory=list)

    def add(self, chunk: "AIMessageChunk") -> str:
        """Takes a chunk in; its text."""
        known = chunk.response_metadata
        self.reasons |= {str(known[key]).lower() for key in ("finish_reason", "stop_reason", "done_reason") if known.get(key)}
        self.odds += _odds(known.get("logprobs"))
        self.refusal += str(chunk.additional_kwargs.get("refusal") or "")
        if (usage := chunk.usage_metadata) and usage["input_tokens"]:  # some servers that do not count say 0
            self.tokens = (usage["input_tokens"], usage["output_tokens"])
        text = self.thoughts.without(str(chunk.text))
        self.written = self.written or bool(text.strip())
        return text

    def ending(self, key: str) -> Ending:
        reason: Reason = "stop"
        if self.refusal or self.reasons & _REFUSAL:
            reason = "refusal"
        elif self.reasons & _LENGTH:
            reason = "length"
        return Ending(reason, *self.tokens, cleaned(self.refusal, key), tuple(self.odds))


def _odds(told: object) -> Iterator[TokenOdds]:
    """The odds of a chunk's tokens as OpenAI's protocol writes them; a server that writes something else tells none."""
    content = told.get("content") if isinstance(told, Mapping) else None
    for one in content if isinstance(content, list) else ():
        with suppress(KeyError, TypeError, ValueError):
            others = [(str(other["token"]), float(other["logprob"])) for other in one.get("top_logprobs") or ()]
            yield TokenOdds(str(one["token"]), tuple(others or [(str(one["token"]), float(one["logprob"]))]))
