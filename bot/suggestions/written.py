"""Questions to go on with that a model writes: one call once the answer is complete, given up when the reader goes on."""

import logging
import re
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from bot.answering.quotations import is_question
from bot.answering.rendering import TokenCount, fitting
from bot.answering.second_opinion import Cost, usage_of
from bot.errors import FootnoteError
from bot.models import Model, ReplyEnding, TextDelta, TextRetraction
from bot.prompting import Message, Prompt, PromptFolder
from bot.prompting.fence import fenced_passage, transcript
from bot.types import Answer, Question, Turn

log = logging.getLogger(__name__)

PROMPT = "follow-up"
TOKENS = 200
"""What a reply may cost at most."""
CONTEXT = 1200
"""Tokens of the passages that are sent: those of an answer cost more than its questions are worth."""
MOST = 5
"""Questions of a reply that are tried."""
LONGEST = 160
"""Characters of a question: a longer one does not fit on its button."""

# What a list puts before a line; not the mark that opens a question in Spanish.
_BULLET = re.compile(r"^[\s*•·–—-]*(?:\(?\d{1,2}[.)]\s+)?")
_NOT_PLAIN = re.compile(r"https?:|[\[\]<>|`]|\]\(")


@dataclass(frozen=True, slots=True)
class WrittenQuestions:
    """The questions of a reply that are questions, and what the reply cost; none where the model failed or nobody waits."""

    questions: tuple[str, ...] = ()
    usage: Mapping[str, float] = field(default_factory=dict)


class QuestionWriter:
    """Asks one model what may be asked next. It keeps nothing between answers."""

    def __init__(self, model: Model, prompts: PromptFolder, count: TokenCount, cost: Cost) -> None:
        self._model = model
        self._prompts = prompts
        self._count = count
        self._cost = cost

    def write(self, question: Question, answer: Answer, wanted: Callable[[], bool]) -> WrittenQuestions:
        """The questions of the model's reply. Once they are not `wanted` any more, the connection is closed and there are none.

        Nobody asked for these questions, so whatever goes wrong is a matter for the log.
        """
        if not answer.passages:
            return WrittenQuestions()
        try:
            prompt = self._prompts.load(PROMPT)
            # A prompt may ask for fewer tokens, never for more.
            limit = min(prompt.settings.max_tokens or TOKENS, TOKENS)
            sent, text = self._messages(prompt, question, answer), ""
            with closing(self._model.stream(sent, max_tokens=limit, temperature=prompt.settings.temperature)) as pieces:
                for piece in pieces:
                    if not wanted():
                        return WrittenQuestions()
                    match piece:
                        case TextDelta(more):
                            text += more
                        # What came so far were the model's thoughts.
                        case TextRetraction():
                            text = ""
                        case ReplyEnding():
                            return WrittenQuestions(questions_in(text), usage_of(piece, self._cost))
        except FootnoteError as error:
            log.warning("no questions by the model: %s", error.message)
        return WrittenQuestions()

    def _messages(self, prompt: Prompt, question: Question, answer: Answer) -> tuple[Message, ...]:
        """The prompt with the conversation up to this answer, and with what was found for it."""
        turns = (*question.history, Turn("user", question.text), Turn("assistant", answer.text))
        passages = fitting(answer.passages, CONTEXT, self._count)
        return prompt.render({"conversation": transcript(turns), "passages": "\n\n".join(map(fenced_passage, passages))})


def questions_in(reply: str) -> tuple[str, ...]:
    """The lines of a reply that are one plain question each, at most `MOST`.

    >>> questions_in("1. Who built the bridge?\\nI hope this helps.")
    ('Who built the bridge?',)
    """
    lines = (_BULLET.sub("", line).rstrip(" *_") for line in reply.splitlines())
    return tuple(dict.fromkeys(line for line in lines if _is_plain(line)))[:MOST]


def _is_plain(line: str) -> bool:
    """Whether it is a question that a button can show: no markup, no address, no mark that turns the writing round."""
    return is_question(line) and len(line) <= LONGEST and line.isprintable() and not _NOT_PLAIN.search(line)
