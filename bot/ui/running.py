"""An answer on its way: the stream runs in a thread of its own, so no click, rerun or stop of a page can break it.

Streamlit's script stops at any click. A page that read the stream itself would lose it, or could not open a source before the
answer is complete; a page that only looks in on the thread every few milliseconds can do both.
"""

import logging
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread

from bot.errors import FootnoteError
from bot.types import Event, Question
from bot.ui.exchange import Exchange, Problem, after, failed
from bot.ui.service import Service
from vectorstore.errors import VectorstoreError

log = logging.getLogger(__name__)

UNEXPECTED = Problem(
    "Something went wrong inside Footnote.", "Ask again. The terminal that Footnote runs in tells the details.", again=True
)
CUT_SHORT = Problem("The answer ended before it was complete.", "Ask again.", again=True)


@dataclass(frozen=True, slots=True)
class Ended:
    """The stream is over; `problem` tells of the error that ended it, if one did."""

    problem: Problem | None = None


class Running:
    """The stream of one answer, started at once; `advance` takes what has come since the last look."""

    def __init__(self, service: Service, question: Question) -> None:
        self._service = service
        self._question = question
        self._events: SimpleQueue[Event | Ended] = SimpleQueue()
        self._cancelled = Flag()
        self._thread = Thread(target=self._run, name="footnote-answer", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Let the stream go: it ends at its next event, and nobody waits for it."""
        self._cancelled.set()

    def advance(self, exchange: Exchange) -> Exchange:
        """The exchange after all events that are there by now; never waits."""
        while True:
            try:
                event = self._events.get_nowait()
            except Empty:
                return exchange
            exchange = _ended(exchange, event) if isinstance(event, Ended) else after(exchange, event)

    def join(self, seconds: float) -> bool:
        """Wait for the thread; whether it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._pump()
        except FootnoteError as error:
            # Another model may be chosen by now, so asking again may help whatever was wrong; quoting needs no model at all.
            self._events.put(Ended(Problem(error.message, error.help, again=True, quotes=True)))
        except VectorstoreError as error:
            self._events.put(Ended(Problem(error.message, error.help, again=error.retryable)))
        except Exception:
            # The thread's last line of defence: the reader gets a sentence, the log the traceback.
            log.exception("the answer to a question failed")
            self._events.put(Ended(UNEXPECTED))
        else:
            self._events.put(Ended())

    def _pump(self) -> None:
        for event in self._service.stream(self._question):
            if self._cancelled.is_set():
                return
            self._events.put(event)


def _ended(exchange: Exchange, end: Ended) -> Exchange:
    if end.problem is not None:
        return failed(exchange, end.problem)
    return exchange if exchange.answer is not None else failed(exchange, CUT_SHORT)
