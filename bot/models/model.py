"""A chat model that answers in pieces, asks again where that is worth it, and fails in sentences.

It stands on LangChain's `BaseChatModel`, so a test can pass one of its own in. Importing this imports no LangChain.
"""

import re
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from copy import copy
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Self, cast

from bot.cancellation import WorkStopped, current_cancellation
from bot.errors import BadRequest, EmptyAnswer, FootnoteError, InputError, ModelError, ServerFailed
from bot.models.failures import ModelEndpoint, RetryPolicy, duration, safe_cause, to_model_error
from bot.models.reply import ChunkReader, Message, ModelReply, ReplyEnding, ReplyPiece, RetryWait, TextDelta, TextRetraction
from bot.models.size import billions_in
from bot.models.thoughts import ReplyFilter
from bot.models.usage import CallMeter, ModelCall, NoMeter

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage

# Passed in, so that a test of a wait need not wait.
Sleep = Callable[[float], None]

ALTERNATIVES = 5
"""Tokens whose log-probabilities are asked for in each place; no server of OpenAI's protocol gives fewer."""
_END_WITH_REASON = frozenset(("anthropic", "google_genai"))
"""Providers whose every whole answer says why it ended, so that one that does not has broken off."""
# Names of models whose templates open the thoughts in the prompt, so that only their end is seen.
_THINKERS = re.compile(r"(?:^|[-_/:.])(?:r1|qwq|reasoner|thinking)(?:$|[-_/:.\d])", re.IGNORECASE)
NOTICED = 1.0
"""Seconds of waiting from which on the reader is told of it."""
ChatModelFactory = Callable[[str, int, "float | None"], "BaseChatModel"]
"""Makes LangChain's chat model of a name without its provider, the most tokens that it may write, and a temperature.

A temperature of None is the model's own.
"""


class Model:
    """One model of one server. Threads may share it: each stream is a request of its own."""

    def __init__(
        self,
        endpoint: ModelEndpoint,
        chats: ChatModelFactory,
        sleep: Sleep = time.sleep,
        first: Callable[[], str] | None = None,
        sized: Callable[[str], float | None] = billions_in,
    ) -> None:
        """`first` asks the server for the name of its first model; it is needed where `endpoint` has no model.

        `sized` tells how many billions of parameters the model of a name has.
        """
        self._endpoint = endpoint
        self._chats = chats
        self._sleep = sleep
        self._first = first
        # Asked once: a server of one's own is sent a request for it.
        self._sized = cache(sized)
        # The option for log-probabilities has this name in OpenAI's protocol alone.
        self._tells_odds = endpoint.provider == "openai"
        self._unopened = _THINKERS.search(endpoint.model) is not None
        # None leaves it to the server, which then draws anew each time.
        self._seed: int | None = None
        self._takes_temperature = True
        self._meter: CallMeter = NoMeter()

    def seeded(self, seed: int | None) -> "Model":
        """The same model, which asks its server to draw by that seed; raises InputError where the provider knows none."""
        if seed is not None and self._endpoint.provider != "openai":
            raise InputError(f"The models of {self._endpoint.provider} take no seed.", "Leave the seed out.")
        # A copy, as other threads go on with the model without a seed; both keep the same connections.
        other = copy(self)
        other._seed = seed
        return other

    def metered(self, meter: CallMeter) -> Self:
        """The same model, whose requests are allowed and counted by `meter` from now on."""
        self._meter = meter
        return self

    @property
    def name(self) -> str:
        """`provider:model`; "" while the server has yet to be asked which models it has, which `resolve` does."""
        return f"{self._endpoint.provider}:{self._endpoint.model}" if self._endpoint.model else ""

    @property
    def host(self) -> str:
        """The server's host and port, for people to see; "" where only its provider is known."""
        return self._endpoint.host

    @property
    def compatible(self) -> bool:
        """Whether another server than OpenAI's speaks its protocol here: the models' names say nothing of their prices."""
        return self._endpoint.compatible

    def resolve(self) -> str:
        """The name, which the server is asked for where it is not set; raises ModelError."""
        if not self._endpoint.model and self._first is not None:
            self._endpoint = replace(self._endpoint, model=self._first())
        return self.name

    def billions(self) -> float | None:
        """How many billions of parameters it has, by its name or its server; None where neither tells. Raises ModelError."""
        self.resolve()
        return self._sized(self._endpoint.model)

    def is_small(self, most: float) -> bool:
        """Whether it has at most so many billions of parameters, as far as is known; with 0 none has. Raises ModelError."""
        if not most:
            return False
        size = self.billions()
        return size is not None and size <= most

    def warm(self) -> None:
        """Imports the provider's package, which takes seconds, and sends nothing; raises SettingsError."""
        # Any name will do where there is none yet: the client is built and asks nothing.
        self._chats(self._endpoint.model or "warm", 1, None)

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, temperature: float | None = None, odds: bool = False
    ) -> ModelReply:
        """The answer in one piece; raises ModelError, and then what had come is lost.

        `odds` asks for those of its tokens. A server that refuses that is asked without them, from then on.
        """
        asks = odds and self._tells_odds
        try:
            *pieces, ending = self.stream(messages, max_tokens=max_tokens, temperature=temperature, odds=asks)
        # Servers that do not know the option refuse the whole request.
        except BadRequest:
            if not asks:
                raise
            self._tells_odds = False
            *pieces, ending = self.stream(messages, max_tokens=max_tokens, temperature=temperature)
        assert isinstance(ending, ReplyEnding)
        text = ""
        for piece in pieces:
            # A retraction voids what came before it: those were thoughts.
            text = "" if isinstance(piece, TextRetraction) else text + (piece.text if isinstance(piece, TextDelta) else "")
        return ModelReply(text, ending)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, temperature: float | None = None, odds: bool = False
    ) -> Generator[ReplyPiece]:
        """The answer's pieces as they come, then its `ReplyEnding`. Closing this closes the connection.

        Raises ModelError, also after pieces have come; only before the first one is the model asked again. SettingsError for a
        provider whose package is not installed.
        """
        self._meter.allow()
        self.resolve()
        # For this one answer: the next question is tried as often again.
        policy = RetryPolicy()
        while True:
            begun = False
            try:
                # Once a word was shown, another try would begin the answer anew under the reader's eyes.
                call = ModelCall(self.name, messages, self._meter, compatible=self.compatible)
                for one in call.follow(self._once(messages, max_tokens, temperature, odds)):
                    begun = True
                    yield one
                return
            # Already a sentence, such as an answer that was empty: it is not translated twice.
            except FootnoteError:
                raise
            except Exception as error:  # each provider's package raises its own
                if current_cancellation().cancelled:
                    raise WorkStopped("The answer is not wanted any more.") from None
                failure = to_model_error(error, self._endpoint, begun=begun)
                # Asked again at once and without a wait: nothing was wrong with the server.
                if not begun and self._refuses_temperature(failure, temperature):
                    continue
                wait = None if begun else policy.wait(failure)
                if wait is None:
                    raise failure from safe_cause(error, self._endpoint)
            # A short wait is over before anybody could read why.
            if wait >= NOTICED:
                yield RetryWait(f"{failure.message} Asking again in {duration(wait)}.", wait)
            self._sleep(wait)
            if current_cancellation().cancelled:
                raise WorkStopped("The answer is not wanted any more.")

    def _once(
        self, messages: Sequence[Message], max_tokens: int, temperature: float | None, odds: bool
    ) -> Iterator[ReplyPiece]:
        """One request's pieces and ending; raises whatever the provider's package does."""
        chat = self._chats(self._endpoint.model, max_tokens, temperature if self._takes_temperature else None)
        # LangChain calls it an iterator, and it is a generator: closing it closes the connection.
        more: dict[str, Any] = {"logprobs": True, "top_logprobs": ALTERNATIVES} if odds else {}
        more |= {} if self._seed is None else {"seed": self._seed}
        chunks = cast("Generator[AIMessageChunk]", chat.stream(cast("list[BaseMessage]", list(messages)), **more))
        # What was learnt of this model in an earlier answer counts from the first word on.
        reader = ChunkReader(leaks=ReplyFilter(unopened=self._unopened))
        try:
            for chunk in chunks:
                yield from self._noting_retractions(reader.add(chunk))
        finally:
            chunks.close()
        yield from self._noting_retractions(reader.rest())
        yield self._ending(reader, max_tokens)

    def _refuses_temperature(self, failure: ModelError, temperature: float | None) -> bool:
        """Whether it was refused because the model takes no temperature but its own, as some that think; noted from then on.

        A server of OpenAI's protocol is asked again by `bot.models.protocol`.
        """
        # No provider has a code of its own for this, so its words have to tell.
        refused = isinstance(failure, BadRequest) and "temperature" in failure.message
        refused = refused and temperature is not None and self._endpoint.provider != "openai"
        # Only once: a second refusal is about something else, and is told.
        again, self._takes_temperature = refused and self._takes_temperature, self._takes_temperature and not refused
        return again

    def _noting_retractions(self, pieces: Iterator[TextDelta | TextRetraction]) -> Iterator[TextDelta | TextRetraction]:
        """The pieces; a model that closes thoughts which it never opened is waited for the next time, as it does so always."""
        for piece in pieces:
            self._unopened = self._unopened or isinstance(piece, TextRetraction)
            yield piece

    def _ending(self, reader: ChunkReader, max_tokens: int) -> ReplyEnding:
        """How it ended; raises EmptyAnswer where nothing at all came."""
        ending = reader.ending(self._endpoint.key)
        if reason := reader.broken_off():
            raise ServerFailed(f"{self._endpoint.server} broke the answer off (its reason: {reason}).")
        # Nothing else tells that a connection was closed before the end; OpenAI's protocol has `bot.models.protocol` for that.
        if not reader.reasons and self._endpoint.provider in _END_WITH_REASON and not reader.blocked:
            raise ConnectionError("the stream ended before the answer did")
        if reader.written or ending.reason == "refusal":
            return ending
        # A thinking model may spend all its tokens before the answer, which looks like no answer at all.
        if ending.reason == "length":
            raise EmptyAnswer(
                f"{self._endpoint.model} used up its {max_tokens} tokens before it wrote a word.",
                "Set FOOTNOTE_MAX_ANSWER_TOKENS higher: some models think at length before they write.",
            )
        if reader.calls_tool:
            raise EmptyAnswer(
                f"{self._endpoint.model} asked for a tool instead of answering, and Footnote gives it none.",
                "Ask again, or choose another model.",
            )
        if ending.thoughts:
            raise EmptyAnswer(f"{self._endpoint.model} thought, and ended without writing an answer.")
        raise EmptyAnswer(f"{self._endpoint.model} gave an empty answer.")
