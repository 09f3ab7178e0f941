import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from exchanges import asked
from fake_pages import FakePages

from bot.conversation.history import Exchange
from bot.errors import HistoryError
from bot.types import Answer, Event, FollowUps, Problem, Question, Token
from bot.ui.running import CUT_SHORT, UNEXPECTED, AnswerThread, Keep, running_answer


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


class Unimaginative(FakePages):
    """Has a fault in what it offers."""

    def followups(self, question: Question, answer: Answer, wanted: Callable[[], bool]) -> FollowUps:  # noqa: ARG002
        raise ZeroDivisionError("a bug")


class Thinking(FakePages):
    """Takes its time over what to offer."""

    def __init__(self) -> None:
        super().__init__()
        self.thinking, self.go_on = threading.Event(), threading.Event()

    def followups(self, question: Question, answer: Answer, wanted: Callable[[], bool]) -> FollowUps:
        self.thinking.set()
        assert self.go_on.wait(10)
        return super().followups(question, answer, wanted)


class Paying(FakePages):
    """Pays for what it offers."""

    def followups(self, question: Question, answer: Answer, wanted: Callable[[], bool]) -> FollowUps:
        usage = {"input_tokens": 200, "output_tokens": 10}
        return replace(super().followups(question, answer, wanted), usage=usage)


def started(service: FakePages, question: str, keep: Keep | None = None) -> AnswerThread:
    """The answer to a question of the chat."""
    return AnswerThread(service.stream, asked(question), Question(question), keep, service)


def ended(service: FakePages, question: str) -> Answer:
    running = started(service, question)
    assert running.join(10)
    return running.exchange.answer


def test_the_answer_arrives_whole() -> None:
    assert ended(FakePages(), "How long?").status == "done"


def test_our_errors_become_their_two_sentences() -> None:
    assert ended(FakePages(), "Please fail").trouble == Problem(
        "The model at example.test refused the key.", "Set `FOOTNOTE_API_KEY` to a valid key.", retryable=True, quotable=True
    )


def test_a_bug_is_told_without_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    assert ended(FakePages(), "crash").trouble == UNEXPECTED
    assert "ZeroDivisionError" in caplog.text


def test_a_stream_without_an_end_is_not_passed_off_as_an_answer() -> None:
    found = ended(Short(), "How long?")
    assert (found.trouble, found.text) == (CUT_SHORT, "half an ans")


def test_a_cancelled_stream_is_closed() -> None:
    service = Endless()
    running = started(service, "How long?")
    assert running.cancel().answer.status == "stopped"
    assert running.join(10)
    assert service.let_go.wait(10)


def test_what_has_come_is_kept_while_more_is_to_come() -> None:
    kept: list[Exchange] = []
    enough = threading.Event()

    def keep(exchange: Exchange) -> None:
        kept.append(exchange)
        enough.set()

    running = started(Endless(), "How long?", keep)
    assert enough.wait(10)
    running.cancel()
    assert (kept[0].answer.status, kept[0].answer.text[:5]) == ("running", "word ")


def test_a_cancelled_answer_is_kept_as_stopped() -> None:
    kept: list[Exchange] = []
    running = started(Endless(), "How long?", kept.append)
    running.cancel()
    assert running.join(10)
    assert [one.answer.status for one in kept][-1] == "stopped"


def test_a_complete_answer_is_kept_with_its_anchors_and_what_to_ask_next() -> None:
    kept: list[Exchange] = []
    running = started(FakePages(), "How long?", kept.append)
    assert running.join(10)
    assert kept[-1] == running.exchange
    answer = kept[-1].answer
    assert [anchor.quote for anchor in answer.anchors if anchor] == [one.quote for one in answer.citations]
    assert answer.offered == ("When did the council meet?", "Who bought the lighthouse?")


def test_words_that_stand_nowhere_have_no_anchor() -> None:
    found = ended(FakePages(), "Something invented")
    assert [anchor is None for anchor in found.anchors] == [False, False, True]


def test_what_thinking_of_them_cost_counts_as_the_answer_s() -> None:
    assert ended(Paying(), "When did the council meet?").usage["followup_tokens"] == 210


def test_an_answer_is_no_less_whole_where_nothing_can_be_offered(caplog: pytest.LogCaptureFixture) -> None:
    found = ended(Unimaginative(), "How long?")
    assert (found.status, found.offered) == ("done", ())
    assert "ZeroDivisionError" in caplog.text


def test_an_answer_that_cannot_be_kept_says_so_and_goes_on() -> None:
    def keep(_: Exchange) -> None:
        raise HistoryError("The disk is full.", "Make room on it.")

    running = started(FakePages(), "How long?", keep)
    assert running.join(10)
    assert running.exchange.answer.status == "done"
    assert running.exchange.answer.notes == ("This answer is not kept: The disk is full. Make room on it.",)


def test_an_answer_on_its_way_can_be_found_by_its_exchange() -> None:
    exchange = asked("How long?")
    running = AnswerThread(Endless().stream, exchange, Question("How long?"))
    assert running_answer(exchange.id) is running
    running.cancel()


def test_a_reader_who_has_asked_on_is_offered_nothing() -> None:
    service = Thinking()
    running = started(service, "How long?")
    assert service.thinking.wait(10)
    late = started(service, "And then?")
    while late.exchange.answer.status == "running":
        late.join(0.005)
    late.cancel()
    service.go_on.set()
    assert running.join(10)
    assert late.join(10)
    assert (len(running.exchange.answer.offered), late.exchange.answer.offered) == (2, ())
