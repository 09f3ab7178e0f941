"""One request to a model: how long it took and what it used, for the log and for whoever counts what models cost."""

import logging
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.logs import log_event
from bot.models.reply import Message, ReplyEnding, ReplyPiece, TextDelta

log = logging.getLogger(__name__)

CHARS_A_TOKEN = 4
"""Characters that a token has in English, roughly: what a server did not count, or had no time to, is estimated by it."""


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """The tokens that a model read and wrote; `compatible` is whether its server is another than OpenAI's."""

    model: str
    input_tokens: int
    output_tokens: int
    compatible: bool = False


class CallMeter(Protocol):
    """Decides whether a model may be asked, and counts what it used. Threads share it."""

    def allow(self) -> None:
        """Raises BudgetSpent where no more may be used."""

    def count(self, usage: ModelUsage) -> None:
        """Counts what a request has used, also one that was broken off."""


class NoMeter:
    """Allows everything and counts nothing: for a model that is opened by itself."""

    def allow(self) -> None:
        """Does nothing."""

    def count(self, usage: ModelUsage) -> None:
        """Does nothing."""


class ModelCall:
    """Follows the pieces of one request, and tells of it once it has ended, however it ended.

    >>> call = ModelCall("openai:gpt-4.1-mini", [("user", "Who signed it?")], NoMeter())
    >>> list(call.follow(iter([ReplyEnding()])))[-1].reason
    'stop'
    """

    def __init__(self, model: str, messages: Sequence[Message], meter: CallMeter, *, compatible: bool = False) -> None:
        self._model = model
        self._compatible = compatible
        self._meter = meter
        self._sent = sum(len(text) for _, text in messages)
        self._written = 0
        self._ending: ReplyEnding | None = None
        self._started = time.perf_counter()
        # When the first piece came; None while nothing has, and then nothing is counted.
        self._first: float | None = None

    def follow(self, pieces: Iterator[ReplyPiece]) -> Generator[ReplyPiece]:
        """The same pieces; raises what they raise."""
        failure = ""
        try:
            for piece in pieces:
                self._add(piece)
                yield piece
        except GeneratorExit:
            # Closed by whoever reads: that is no failure, and what was used is counted all the same.
            failure = "let go"
            raise
        except Exception as error:
            failure = type(error).__name__
            raise
        finally:
            # Where the pieces come from a generator, closing that closes the connection.
            if close := getattr(pieces, "close", None):
                close()
            self._account_for(failure)

    def usage(self) -> ModelUsage:
        """What was used by now: as the server counted it, else by the number of characters."""
        if self._first is None:  # nothing came, so it is not known to have read anything
            return ModelUsage(self._model, 0, 0, self._compatible)
        told = self._ending or ReplyEnding()
        # Rounded up, so that a request which came to anything never counts as 0.
        sent, written = (-(-chars // CHARS_A_TOKEN) for chars in (self._sent, self._written))
        sent = sent if told.input_tokens is None else told.input_tokens
        return ModelUsage(self._model, sent, written if told.output_tokens is None else told.output_tokens, self._compatible)

    def _add(self, piece: ReplyPiece) -> None:
        if self._first is None:
            self._first = time.perf_counter()
        match piece:
            case TextDelta(text):
                self._written += len(text)
            case ReplyEnding():
                self._ending = piece

    def _account_for(self, failure: str) -> None:
        usage = self.usage()
        self._meter.count(usage)
        facts: dict[str, object] = {"model": usage.model, "ms": _ms(self._started, time.perf_counter())}
        if self._first is not None:
            facts["first_ms"] = _ms(self._started, self._first)
        facts |= {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens}
        log_event(log, "model call", facts | ({"failure": failure} if failure else {}))


def _ms(start: float, end: float) -> float:
    return round(1000 * (end - start), 1)
