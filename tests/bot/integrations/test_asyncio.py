"""The forms for asyncio: they give the same, leave the loop free meanwhile, and stop their work when nobody wants it."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import aclosing
from contextvars import ContextVar
from pathlib import Path

import pytest

from bot import Done, Footnote, InputError, Token
from bot.cancellation import run_in_thread, stream_in_thread
from tests.bot.integrations.agents import with_model
from tests.openai_server import KEY, Hang, OpenAIServer, words

QUESTION = "When was the Japan-Taiwan Co-prosperity Leader Alliance launched?"


class Numbers:
    """A blocking generator that keeps the threads it ran in, and whether it was closed."""

    def __init__(self) -> None:
        self.threads = set[str]()
        self.closed = threading.Event()

    def __call__(self) -> Generator[int]:
        try:
            for n in range(1000):
                self.threads.add(threading.current_thread().name)
                yield n
        finally:
            self.threads.add(threading.current_thread().name)
            self.closed.set()


def test_a_stream_is_made_in_one_other_thread() -> None:
    numbers = Numbers()

    async def first_three() -> list[int]:
        async with aclosing(stream_in_thread(numbers())) as stream:
            return [await anext(stream) for _ in range(3)]

    assert asyncio.run(first_three()) == [0, 1, 2]
    assert numbers.closed.wait(10)
    assert len(numbers.threads) == 1
    assert threading.current_thread().name not in numbers.threads


def test_a_cancelled_task_closes_the_stream() -> None:
    numbers = Numbers()

    async def read() -> None:
        async for _ in stream_in_thread(numbers()):
            await asyncio.sleep(0)

    async def cancel() -> None:
        task = asyncio.create_task(read())
        while not numbers.threads:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert numbers.closed.wait(10)


def test_a_cancelled_question_leaves_a_silent_model_at_once(door_home: Path, server: OpenAIServer) -> None:
    server.script(Hang())

    async def cancel(footnote: Footnote) -> None:
        task = asyncio.create_task(footnote.aask(QUESTION))
        while not server.chats:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with with_model(door_home, server) as footnote:
        asyncio.run(cancel(footnote))
        assert server.gone.wait(10)  # and its timeout is a minute
        assert len(server.chats) == 1


def test_the_callers_context_reaches_the_thread() -> None:
    name: ContextVar[str] = ContextVar("name", default="none")

    def said() -> Generator[str]:
        yield name.get()

    async def read() -> list[str]:
        name.set("mine")
        return [one async for one in stream_in_thread(said())]

    assert asyncio.run(read()) == ["mine"]


def test_a_stopped_work_is_told_so() -> None:
    stopped = threading.Event()
    begun = threading.Event()

    def work(wanted: object) -> None:
        assert callable(wanted)
        begun.set()
        while wanted():
            pass
        stopped.set()

    async def cancel() -> None:
        task = asyncio.create_task(run_in_thread(work))
        while not begun.is_set():
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert stopped.wait(10)


def test_what_is_awaited_is_the_same(footnote: Footnote) -> None:
    async def all_of_it() -> tuple[object, ...]:
        answer = await footnote.aask(QUESTION)
        hits = await footnote.asearch(QUESTION, 2)
        verdict = await footnote.averify("It opened in 1932.", "The bridge opened in 1931.")
        checked = [one async for one in footnote.acheck("The alliance was launched in Tokyo on Dec. 23.")]
        tokens = [event.text async for event in footnote.astream(QUESTION) if isinstance(event, Token)]
        return answer.citations, hits.hits, verdict, checked, "".join(tokens)

    answer = footnote.ask(QUESTION)
    verdict = footnote.verify("It opened in 1932.", "The bridge opened in 1931.")
    checked = list(footnote.check("The alliance was launched in Tokyo on Dec. 23."))
    expected = (answer.citations, footnote.search(QUESTION, 2).hits, verdict, checked, answer.text)
    assert asyncio.run(all_of_it()) == expected


def test_an_error_reaches_whoever_awaits(footnote: Footnote) -> None:
    with pytest.raises(InputError, match="missing or empty"):
        asyncio.run(footnote.aask(" "))


def test_a_closed_stream_lets_the_models_server_go(door_home: Path, server: OpenAIServer) -> None:
    server.script(words("The alliance was launched in Tokyo on Dec. 23 [1]. " * 50, delay=0.02))
    model = {"model": "openai:fake-model", "openai_base_url": server.address, "openai_api_key": KEY}

    async def first_word() -> str:
        async with Footnote(door_home, **model) as footnote, aclosing(footnote.astream(QUESTION)) as events:
            async for event in events:
                assert not isinstance(event, Done)
                if isinstance(event, Token):
                    return event.text
        return ""

    assert asyncio.run(first_word())
    assert server.gone.wait(10)


def test_an_ingest_that_is_not_wanted_any_more_ends(tmp_path: Path) -> None:
    for n in range(20):
        (tmp_path / f"{n}.txt").write_text(f"The bridge number {n} opened in {1900 + n}.")
    held = threading.Event()

    async def cancel(footnote: Footnote) -> None:
        loop, begun = asyncio.get_running_loop(), asyncio.Event()

        def told(*_: object) -> None:
            loop.call_soon_threadsafe(begun.set)
            held.wait(10)

        task = asyncio.create_task(footnote.aingest(tmp_path, progress=told))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        held.set()

    with Footnote(tmp_path / "home") as footnote:
        # The thread has come to its end when this returns: asyncio waits for its own.
        asyncio.run(cancel(footnote))
        assert len(footnote.articles()) < 20
