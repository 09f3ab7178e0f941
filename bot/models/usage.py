"""What one request to a model used: how long it took, its tokens, and what they cost by a small dated table.

Whoever counts what models cost is told of each request by `ModelCall`; anybody can correct the table in the home folder.
"""

import logging
import math
import re
import time
import tomllib
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.errors import InputError
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


NAME = "prices.toml"
SHIPPED = Path(__file__).with_name(NAME)

_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_FORM = (
    'Write it as in bot/models/prices.toml: under [models], a line such as "openai:gpt-4.1" = { input = 2.0, output = 8.0 }.'
)


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    input: float
    output: float


@dataclass(frozen=True, slots=True)
class PriceTable:
    """The price of each model, by its name as FOOTNOTE_MODEL takes it; `as_of` is the month that the table is of."""

    as_of: str = ""
    models: Mapping[str, Price] = field(default_factory=dict)


def cost(model: str, input_tokens: int | None, output_tokens: int | None, table: PriceTable) -> float | None:
    """US dollars; None where the price or a number of tokens is not known. A dated snapshot costs what its model costs.

    >>> cost("openai:gpt-4.1-2025-04-14", 1000, 100, PriceTable(models={"openai:gpt-4.1": Price(2.0, 8.0)}))
    0.0028
    """
    # "gpt-4.1-2025-04-14" is not in the table by its own name unless its price differs.
    price = table.models.get(model) or table.models.get(_SNAPSHOT.sub("", model))
    if price is None or input_tokens is None or output_tokens is None:
        return None
    return (price.input * input_tokens + price.output * output_tokens) / 1_000_000


def load_prices(home: Path, *, compatible: bool = False) -> PriceTable:
    """The table that ships with Footnote, and over it the one in the home folder; raises InputError for a broken one.

    With a `compatible` server only the latter counts: a name says nothing of what somebody else's server costs.
    """
    shipped = PriceTable() if compatible else _read(SHIPPED)
    own = _read(home / NAME)
    # The reader's own lines win one by one; they need not repeat the whole table.
    return PriceTable(own.as_of or shipped.as_of, {**shipped.models, **own.models})


def _read(path: Path) -> PriceTable:
    """One file; an empty table where there is none."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return PriceTable()
    except (OSError, ValueError) as error:  # tomllib's and the decoder's errors are ValueErrors
        raise InputError(f"The price table {path} cannot be read: {error}.", _FORM) from error
    models = content.get("models", {})
    # A price outside of [models] would be passed over, and its model seem free.
    if unknown := sorted(content.keys() - {"as_of", "models"}):
        raise InputError(f"The price table {path} has a key that means nothing: {unknown[0]}.", _FORM)
    if not isinstance(models, dict):
        raise InputError(f"In the price table {path}, models is no table.", _FORM)
    return PriceTable(str(content.get("as_of", "")), {name: _price(path, name, price) for name, price in models.items()})


def _price(path: Path, name: str, price: object) -> Price:
    if ":" not in name:
        raise InputError(f"In the price table {path}, {name} has no provider before it.", f"Write openai:{name}.")
    if not isinstance(price, dict) or price.keys() != {"input", "output"} or not all(map(_is_price, price.values())):
        raise InputError(f"In the price table {path}, {name} does not have its two prices, input and output.", _FORM)
    return Price(float(price["input"]), float(price["output"]))


def _is_price(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
