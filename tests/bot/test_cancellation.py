"""Work that waits for a silent server, given up from another thread."""

import threading
import time

import pytest

from bot.cancellation import Cancellation, WorkStopped, cancellable, current_cancellation
from bot.models import Model, open_model
from bot.settings import Settings
from tests.openai_server import KEY, Hang, OpenAIServer
from tests.waiting import until


def model_of(server: OpenAIServer) -> Model:
    made = open_model(Settings(openai_base_url=server.address, openai_api_key=KEY, model="openai:m"))
    assert made is not None
    return made


@pytest.mark.parametrize("pieces", [(), ("In ",)], ids=["before its first word", "after it"])
def test_a_thread_that_waits_for_a_model_ends_at_once(server: OpenAIServer, pieces: tuple[str, ...]) -> None:
    server.script(Hang(pieces))
    cancellation, raised, came = Cancellation(), list[Exception](), list[object]()

    def ask() -> None:
        with cancellable(cancellation):
            try:
                came.extend(model_of(server).stream([("user", "When?")], max_tokens=9))
            except Exception as error:
                raised.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    until(lambda: bool(server.chats))
    time.sleep(0.05)  # it is sure to wait for the answer, or for its next word, by now
    cancellation.cancel()
    thread.join(5)
    assert not thread.is_alive()
    assert [type(error) for error in raised] == [WorkStopped]
    assert len(server.chats) == 1


def test_what_was_given_up_before_is_woken_as_it_begins_to_wait() -> None:
    woken: list[bool] = []
    with cancellable() as cancellation:
        cancellation.cancel()
        with current_cancellation().waking(lambda: woken.append(True)):
            assert woken == [True]


def test_what_waits_no_more_is_not_woken() -> None:
    woken: list[bool] = []
    with cancellable() as cancellation:
        with current_cancellation().waking(lambda: woken.append(True)):
            pass
        cancellation.cancel()
    assert woken == []


def test_work_that_nobody_can_give_up_is_never_cancelled() -> None:
    current_cancellation().cancel()
    assert not current_cancellation().cancelled
