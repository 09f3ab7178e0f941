"""An answer on its way: the stream runs in a thread of its own, so no click, rerun or stop of a page can break it.

Streamlit's script stops at any click. A page that read the stream itself would lose it, or could not open a source before the
answer is complete; a page that only looks in on the thread every few milliseconds can do both. The thread also keeps the answer
as it grows, so that one whose reader has left, or whose server is killed, is there the next time.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from threading import Lock
from weakref import WeakValueDictionary

from bot.answering.second_opinion import with_more
from bot.answering.streamed import after
from bot.cancellation import Cancellation, cancellable
from bot.conversation.history import Exchange
from bot.errors import FootnoteError, HistoryError
from bot.request_context import BackgroundJob
from bot.types import Anchor, Answer, Citation, Done, Event, Problem, Question, Status
from bot.ui.exchange import failed, stopped
from bot.ui.words import word
from bot.verification.anchors import anchor
from bot.wiring import Service
from vectorstore.errors import VectorstoreError

log = logging.getLogger(__name__)

Stream = Callable[[Question], Iterator[Event]]
"""Gives the events of an answer, `Done` last; may raise the roots of `bot.errors` and `vectorstore.errors`."""
Keep = Callable[[Exchange], None]
"""Writes down what is known of an exchange by now; may raise HistoryError."""

PAUSE = 0.4
"""Seconds between two times that a growing answer is written down: no more than that is lost when the server is killed."""
UNEXPECTED = Problem(word("answer.something_went_wrong_inside_footnote"), word("answer.ask_again_the_terminal"), retryable=True)
CUT_SHORT = Problem(word("answer.the_answer_ended_before"), word("answer.ask_again"), retryable=True)

# What to ask next is thought of for one answer at a time: ten readers at once want their answers first.
_THINKING = Lock()
# By exchange, for pages that are loaded again. Weak, so that an answer that has ended goes with the last page that shows it.
_LIVE: "WeakValueDictionary[str, AnswerThread]" = WeakValueDictionary()


def running_answer(id: str) -> "AnswerThread | None":
    """The answer to this exchange, if it is on its way in this process: a page that was loaded again goes on with it."""
    return _LIVE.get(id)


class AnswerThread(BackgroundJob):
    """The stream of one answer, started at once; `exchange` is what has come by now."""

    def __init__(
        self, stream: Stream, exchange: Exchange, question: Question, keep: Keep | None = None, service: Service | None = None
    ) -> None:
        """An answer of the chat comes with its `service`, which anchors its footnotes and thinks of questions to go on with."""
        self.exchange = exchange
        self._stream = stream
        self._service = service
        self._question = question
        self._keep = keep
        self._kept = time.monotonic()
        # Three flags for three things: no event may change the answer any more, a model that is waited for is let go, and
        # nobody wants to be offered questions.
        self._cancelled = False
        self._cancellation = Cancellation()
        self._left = False
        self._lock = Lock()
        # Before the thread starts, so that a page which is loaded in this very moment finds it.
        _LIVE[exchange.id] = self
        self._begin("footnote-answer")

    @property
    def question(self) -> Question:
        """What is being answered."""
        return self._question

    def cancel(self) -> Exchange:
        """Let the stream go: it ends at its next event, or at once where it waits for a model, and nobody waits for it.

        What there is of the answer is kept.
        """
        # Also where the answer is complete: its thread may be thinking of what to ask next, which nobody will see.
        self._left = True
        with self._lock:
            # Asked under the lock: the thread may be ending the answer at this moment, and an answer that is whole is not
            # stopped.
            running = self._status == "running"
            if running:
                self._cancelled = True
                self._set(stopped(self.exchange.answer))
        # A thread that waits for a silent model ends now, and not with the model's timeout.
        self._cancellation.cancel()
        # Written here and not by the thread, which finds itself cancelled at its next event and returns.
        if running:
            self._write()
        return self.exchange

    def _run(self) -> None:
        problem = CUT_SHORT
        try:
            with cancellable(self._cancellation):
                self._pump()
        except FootnoteError as error:
            # Another model may be chosen by now, so asking again may help whatever was wrong; quoting needs no model at all.
            problem = Problem(error.message, error.help, retryable=True, quotable=True)
        except VectorstoreError as error:
            problem = Problem(error.message, error.help, retryable=error.retryable)
        except Exception:
            # The thread's last line of defence: the reader gets a sentence, the log the traceback.
            log.exception("the answer to a question failed")
            problem = UNEXPECTED
        # The stream has ended without `Done`, or raised; `problem` says which.
        if self._status == "running":
            self._publish(failed(self.exchange.answer, problem))
            self._write()
        elif self._status == "done":
            self._go_on()

    def _pump(self) -> None:
        for event in self._stream(self._question):
            if not self._publish(self._taken(event)):
                return
            # The end is always written down, whenever the last piece was.
            if isinstance(event, Done) or time.monotonic() - self._kept >= PAUSE:
                self._write()

    def _taken(self, event: Event) -> Answer:
        now = after(self.exchange.answer, event)
        # With its anchors from the first moment: a reader who asks on at once leaves a whole answer behind.
        return replace(now, anchors=tuple(map(self._anchor, now.citations))) if isinstance(event, Done) else now

    def _publish(self, answer: Answer) -> bool:
        """Whether the answer now is this: one that was let go stays as it is."""
        with self._lock:
            if not self._cancelled:
                self._set(answer)
            return not self._cancelled

    def _set(self, answer: Answer) -> None:
        self.exchange = replace(self.exchange, answer=answer, model=answer.model or self.exchange.model)

    @property
    def _status(self) -> Status:
        return self.exchange.answer.status

    def _anchor(self, citation: Citation) -> Anchor | None:
        """Where the footnote's words stand, for the day on which the article has changed."""
        if self._service is None or not (citation.article and citation.quote):
            return None
        try:
            article = self._service.library.article(citation.article)
        except (FootnoteError, VectorstoreError):
            log.exception("no anchor for a footnote in %s", citation.article)
            return None
        # The article was changed while the answer was written: its new text has no place for the old words.
        if article is None or article.text[citation.start : citation.end] != citation.quote:
            return None
        return anchor(article.text, citation.start, citation.end)

    def _go_on(self) -> None:
        """What to ask next. The answer is complete without it, so whatever stands in the way is a matter for the log."""
        answer = self.exchange.answer
        if self._service is None:
            return
        try:
            with _THINKING:
                # The reader may have left while another answer's questions were thought of.
                if self._left:
                    return
                found = self._service.chat.followups(self._question, answer, lambda: not self._left)
        except Exception:
            log.exception("no questions to go on with")
            return
        # Whatever came of it: a model that wrote no usable question has been paid for as well.
        usage = with_more(answer.usage, found.usage, "followup_tokens")
        now = replace(answer, offered=found.questions, usage=usage)
        if now != answer and self._publish(now):
            self._write()

    def _write(self) -> None:
        if self._keep is None:
            return
        self._kept = time.monotonic()
        try:
            self._keep(self.exchange)
        except HistoryError as error:
            # After one failure nothing more is tried: the note would come with every piece of the answer.
            self._keep = None
            told = word("answer.not_kept", why=f"{error.message} {error.help}")
            with self._lock:
                self._set(replace(self.exchange.answer, notes=(*self.exchange.answer.notes, told)))


@dataclass(slots=True)
class FollowedAnswer:
    """An answer beside the conversation, as far as it has come. Mutable on purpose: the page looks in on its thread.

    It is an experiment, so it is not kept.
    """

    exchange: Exchange
    running: AnswerThread | None = None

    def advance(self) -> bool:
        """Take in what has come; whether more will."""
        if self.running is not None:
            # In this order: a thread that ends between the two lines is looked at once more, and nothing of it is lost.
            over = self.running.over
            self.exchange = self.running.exchange
            self.running = None if over else self.running
        return self.running is not None

    def stop(self) -> None:
        """Let the answer go; what there is of it stays."""
        if self.advance() and self.running is not None:
            self.exchange, self.running = self.running.cancel(), None
