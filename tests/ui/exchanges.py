"""Exchanges for the pages' tests: begun, on their way, and complete."""

from dataclasses import replace

from bot.answering.streamed import after
from bot.conversation.history import AskedQuestion, Exchange
from bot.types import Answer, Event
from bot.ui.exchange import begun


def asked(question: str, model: str = "some-model", wanted: str = "", kept: tuple[str, ...] = ()) -> Exchange:
    """An exchange whose answer is still to come, from the model, or in quotations where that is "quotes"."""
    return begun(AskedQuestion(question, wanted, kept=kept), "quotes" if model == "quotes" else "model", model)


def now(exchange: Exchange, *events: Event) -> Exchange:
    """The exchange once these events have happened to its answer."""
    for event in events:
        exchange = replace(exchange, answer=after(exchange.answer, event))
    return exchange


def done(answer: Answer) -> Exchange:
    """An exchange with this answer, complete."""
    return Exchange("a1", AskedQuestion(answer.question), answer)
