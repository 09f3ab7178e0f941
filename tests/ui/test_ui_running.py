import threading
from collections.abc import Iterator

import pytest
from fake_pages import FakePages

from bot.types import Event, Question, Token
from bot.ui.exchange import Exchange, Problem, asked
from bot.ui.running import CUT_SHORT, UNEXPECTED, Running


class Endless(FakePages):
    """Streams words until it is let go, and notes that it was."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def stream(self, question: Question) -> Iterator[Event]:  # noqa: ARG002  # the protocol's name
        try:
            while True:
                yield Token("word ")
        finally:
            self.let_go.set()


class Short(FakePages):
    """Ends without a `Done`."""

    def stream(self, question: Question) -> Iterator[Event]:  # noqa: ARG002  # the protocol's name
        yield Token("half an ans")


def ended(service: FakePages, question: str) -> Exchange:
    running = Running(service, Question(question))
    assert running.join(10)
    return running.advance(asked(question))


def test_the_answer_arrives_whole() -> None:
    assert ended(FakePages(), "How long?").status == "done"


def test_our_errors_become_their_two_sentences() -> None:
    problem = ended(FakePages(), "Please fail").problem
    assert problem is not None
    assert problem == Problem(
        "The model at example.test refused the key.", "Set `FOOTNOTE_API_KEY` to a valid key.", again=True, quotes=True
    )


def test_a_bug_is_told_without_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    assert ended(FakePages(), "crash").problem == UNEXPECTED
    assert "ZeroDivisionError" in caplog.text


def test_a_stream_without_an_end_is_not_passed_off_as_an_answer() -> None:
    found = ended(Short(), "How long?")
    assert (found.problem, found.text) == (CUT_SHORT, "half an ans")


def test_a_cancelled_stream_is_closed() -> None:
    service = Endless()
    running = Running(service, Question("How long?"))
    running.cancel()
    assert running.join(10)
    assert service.let_go.wait(10)
