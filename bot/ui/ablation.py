"""An answer given again without the passage of one of its footnotes: does what was said from it disappear?"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.types import Part, Question
from bot.ui.exchange import Exchange, asked, history
from bot.ui.running import AnswerThread
from bot.wiring.chat import Chat


@dataclass(slots=True)
class AblatedAnswer:
    """The answer without the passage of the footnote `at` (from 0). Mutable on purpose: the page looks in on it.

    It is an experiment and no part of the conversation, so it is not kept.
    """

    at: int
    exchange: Exchange
    running: AnswerThread | None = None

    def advance(self) -> bool:
        """Take in what has come; whether more will."""
        if self.running is not None:
            over = self.running.over
            self.exchange = self.running.exchange
            self.running = None if over else self.running
        return self.running is not None

    def stop(self) -> None:
        """Let the answer go."""
        if self.running is not None:
            self.exchange = self.running.cancel()
            self.running = None


def without_passage(chat: Chat, exchange: Exchange, at: int, before: Iterable[Exchange]) -> AblatedAnswer | None:
    """The same question, with the same search, without the passage; None where the footnote names none."""
    parts = passage_parts(exchange, at)
    if not parts:
        return None
    written = exchange.answer is not None and exchange.answer.mode == "model"
    # A model would condense the question anew, and perhaps in other words: the comparison is of the passages alone.
    wanted, model = (exchange.query, exchange.model) if written else (exchange.wanted, "quotes")
    question = Question(exchange.question, history(before), exchange.scope, wanted, model, parts)
    again = asked(exchange.question, exchange.scope, exchange.kept, model, exchange.wanted)
    return AblatedAnswer(at, again, AnswerThread(chat.stream, again, question))


def passage_parts(exchange: Exchange, at: int) -> tuple[Part, ...]:
    """Where the footnote's words come from: the passages that hold them, else the words alone."""
    citation = exchange.citation(at)
    if citation is None or not citation.article:
        return ()
    end = max(citation.end, citation.start + 1)
    held = [
        Part(passage.article, passage.start, passage.end)
        for passage in exchange.passages
        if passage.article == citation.article and passage.start < end and citation.start < passage.end
    ]
    return tuple(held) or (Part(citation.article, citation.start, end),)
