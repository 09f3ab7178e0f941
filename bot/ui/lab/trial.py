"""One question answered by several columns (a model and a prompt each) side by side, on the passages of one shared search.

Each column answers in a thread of its own. A search that fails is tried again by the next column.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

from bot.conversation.history import AskedQuestion
from bot.errors import InputError
from bot.evals.records import Case, Setup
from bot.types import Answer, Done, Event, Passage, Question, Retrieved
from bot.ui.exchange import begun
from bot.ui.lab.columns import ANSWER_PROMPT, JUDGE_PROMPT, Column, Drafts, setup_of
from bot.ui.running import AnswerThread, FollowedAnswer
from bot.ui.words import word
from bot.wiring import Service
from bot.wiring.chat import Chat, retrieved
from bot.wiring.lab import Lab
from bot.wiring.model_choices import QUOTES


@dataclass(frozen=True, slots=True)
class JudgedText:
    """What the judge's prompt is tried on: an answer, and what it is to be judged by."""

    text: str = ""
    criterion: str = ""


@dataclass(frozen=True, slots=True)
class FoundPassages:
    """The query that was searched, and the passages that an answer may draw from."""

    searched: str
    passages: tuple[Passage, ...]


class SharedSearch:
    """The search for one question. It is done when a thread first asks for its passages, and shared with the others."""

    def __init__(self, chat: Chat, question: Question) -> None:
        self._chat = chat
        self._question = question
        self._lock = Lock()
        self._found: FoundPassages | None = None

    def found(self) -> FoundPassages:
        """The passages. A question that brings its own is not searched. Raises VectorstoreError or FootnoteError."""
        # The columns' threads come at the same time: the first one searches, and the others wait for what it finds.
        with self._lock:
            if self._found is None:
                question = self._question
                if question.given is None:
                    self._found = FoundPassages(*retrieved(self._chat, question))
                else:
                    self._found = FoundPassages(question.searched, question.given)
            return self._found


@dataclass(slots=True, kw_only=True)
class ColumnAnswer(FollowedAnswer):
    """A column's answer as far as it has come."""

    column: Column


@dataclass(slots=True)
class Trial:
    """The answers of all columns to one question. The page polls it while they are written."""

    question: Question
    answers: list[ColumnAnswer] = field(default_factory=list)

    def advance(self) -> bool:
        """Takes over what all columns have so far; true while more will come."""
        # A list and not a generator: `any` would stop at the first column that is still running.
        more = [one.advance() for one in self.answers]
        return any(more)

    def stop(self) -> None:
        """Cancels the answers that are still being written, and keeps their text so far."""
        for one in self.answers:
            one.stop()


def start_trial(
    service: Service, question: Question, columns: Sequence[Column], drafts: Drafts, judged: JudgedText = JudgedText()
) -> Trial:
    """Begins an answer in each column; `judged` is what the judge's prompt is tried on, where that is what is tried."""
    # A copy, as the reader may go on editing while the columns answer.
    search, texts = SharedSearch(service.chat, question), dict(drafts)
    started = [_start_column(service.lab, question, column, texts, _ColumnInputs(search, judged)) for column in columns]
    return Trial(question, started)


@dataclass(frozen=True, slots=True)
class _ColumnInputs:
    """What all columns of a trial share."""

    search: SharedSearch
    judged: JudgedText


def _start_column(lab: Lab, question: Question, column: Column, drafts: Drafts, shared: _ColumnInputs) -> ColumnAnswer:
    def stream(question: Question) -> Iterator[Event]:
        """The answer. A prompt or model that cannot be used fails before the search."""
        # In the thread and not before: naming the server's first model may take seconds.
        setup = setup_of(lab, column, drafts)
        if column.prompt == JUDGE_PROMPT:
            yield from _verdict(lab, setup, question, shared)
        elif column.prompt == ANSWER_PROMPT:
            answer, found = lab.answerer(setup), shared.search.found()
            yield from answer(replace(question, searched=found.searched, given=found.passages))
        else:
            # What is tried decides what is searched, so this column searches for itself.
            yield from lab.answerer(setup)(replace(question, searched="", given=None))

    asked = AskedQuestion(question.text, question.searched, question.scope)
    exchange = begun(asked, "quotes" if column.model == QUOTES else "model", column.model)
    # Without `keep`: what is tried is written nowhere.
    return ColumnAnswer(exchange, AnswerThread(stream, exchange, question), column=column)


def _verdict(lab: Lab, setup: Setup, question: Question, shared: _ColumnInputs) -> Iterator[Event]:
    """What a judge says of the answer, on the passages of the shared search."""
    judge = lab.judge(setup)
    if judge is None:
        raise InputError(word("lab.a_judge_needs_a_model"), word("lab.choose_a_model_in_the_column"))
    found = shared.search.found()
    yield Retrieved(found.passages)
    # As if a model had written the text from these passages, which is how a judge meets an answer of a run.
    asked = Answer(question.text, found.searched, shared.judged.text, passages=found.passages)
    score = judge(Case("tried", question.text, question.history), asked, shared.judged.criterion)
    # A judge says yes or no; without a value there is only a reason why it could not say.
    verdict = {1.0: word("lab.judged_pass"), 0.0: word("lab.judged_fail")}.get(score.value or 0.0, "")
    text = f"{verdict} {score.why}" if score.value is not None else score.why
    yield Done(
        Answer(question.text, found.searched, text, mode="model", passages=found.passages, model=setup.judge, searched=True)
    )
