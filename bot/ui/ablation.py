"""An answer given again without the passage of one of its footnotes: does what was said from it disappear?"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.conversation.history import Exchange
from bot.types import Answer, Part, Question
from bot.ui.exchange import begun, history
from bot.ui.running import AnswerThread, FollowedAnswer
from bot.wiring.chat import Chat


@dataclass(slots=True, kw_only=True)
class AblatedAnswer(FollowedAnswer):
    """The answer without the passage of the footnote `at` (from 0)."""

    at: int


def without_passage(chat: Chat, exchange: Exchange, at: int, before: Iterable[Exchange]) -> AblatedAnswer | None:
    """The same question, with the same search, without the passage; None where the footnote names none."""
    asked, answer = exchange.asked, exchange.answer
    parts = passage_parts(answer, at)
    # A number that was never given to the model has no passage that could be left out.
    if not parts:
        return None
    written = answer.complete and answer.mode == "model"
    # A model would condense the question anew, and perhaps in other words: the comparison is of the passages alone.
    wanted, model = (answer.query, answer.model or exchange.model) if written else (asked.wanted, "quotes")
    question = Question(asked.question, history(before), asked.scope, wanted, model, parts)
    again = begun(asked, "model" if written else "quotes", model)
    # No `keep` and no service: it is written nowhere, and nobody is offered questions to go on with.
    return AblatedAnswer(again, AnswerThread(chat.stream, again, question), at=at)


def passage_parts(answer: Answer, at: int) -> tuple[Part, ...]:
    """Where the footnote's words come from: the passages that hold them, else the words alone."""
    citation = answer.citation(at)
    if citation is None or not citation.article:
        return ()
    held = [Part(one.article, one.start, one.end) for one in answer.passages if one.touched_by(citation)]
    # At least one character, as a footnote whose words fit nowhere has an empty span at the beginning of its passage.
    return tuple(held) or (Part(citation.article, citation.start, max(citation.end, citation.start + 1)),)
