"""A model that writes behind the server: callers that go away, answers at once, and what is told when the model fails."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import openai
import pytest

from bot.serving.app import serving_app
from bot.settings import Settings
from bot.wiring import open_service
from tests.bot.serving.conftest import served
from tests.bot.serving.sse import events
from tests.openai_server import KEY, Failure, Hang, OpenAIServer, Said, error, serving

ASKED = {"question": "Who translated the op-ed?"}


@pytest.fixture(scope="module")
def model() -> Iterator[OpenAIServer]:
    with serving() as state:
        yield state


@pytest.fixture(scope="module")
def writing(model: OpenAIServer, seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = tmp_path_factory.mktemp("writing") / "home"
    shutil.copytree(seeds_home, home)
    own = Settings(
        home=home, embedding="minilm", model="openai:fake-model", openai_base_url=model.address, openai_api_key=KEY,
        model_timeout=1, answers_at_once=1,
    )  # fmt: skip
    with closing(open_service(own)) as service, served(serving_app(service)) as address:
        service.chat.warm()
        with httpx.Client(base_url=address, timeout=20) as client:
            yield client


@pytest.fixture(autouse=True)
def nothing_before(model: OpenAIServer, writing: httpx.Client) -> Iterator[None]:
    model.gone.clear()
    model.replies.clear()
    yield
    wait_for(lambda: gauge(writing, "in_progress") + gauge(writing, "waiting") == 0)


def gauge(client: httpx.Client, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"footnote_answers_{name} "))


def wait_for(state: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not state():
        assert time.monotonic() < until
        time.sleep(0.01)


def first_token(came: httpx.Response) -> Iterator[str]:
    """The lines after the first token; whoever lets go of them ends the connection."""
    lines = came.iter_lines()
    next(line for line in lines if line == "event: token")
    return lines


def test_a_caller_that_goes_away_stops_the_model(writing: httpx.Client, model: OpenAIServer) -> None:
    model.script(Said(("Eddy ", "Chang. ") * 200, delay=0.02))
    with writing.stream("POST", "/v1/ask", json={**ASKED, "stream": True}) as came:
        first_token(came)
    assert model.gone.wait(5)


def test_a_caller_that_waits_for_the_whole_may_go_away_too(writing: httpx.Client, model: OpenAIServer) -> None:
    model.script(Said(("Eddy ", "Chang. ") * 200, delay=0.02))
    with pytest.raises(httpx.ReadTimeout):
        writing.post("/v1/ask", json=ASKED, timeout=0.5)
    assert model.gone.wait(5)


def test_a_caller_that_leaves_a_silent_model_ends_its_work(writing: httpx.Client, model: OpenAIServer) -> None:
    model.script(Hang())
    with writing.stream("POST", "/v1/ask", json={**ASKED, "stream": True}) as came:
        next(line for line in came.iter_lines() if line == "event: passages")
        wait_for(lambda: not model.replies)
    assert model.gone.wait(0.8)  # before its timeout of a second


def test_as_many_wait_as_are_answered_and_one_more_is_refused_at_once(writing: httpx.Client, model: OpenAIServer) -> None:
    model.script(Said(("Eddy ", "Chang. ") * 200, delay=0.02), Said(("Eddy Chang.",)))
    waited: list[int] = []
    waiting = threading.Thread(target=lambda: waited.append(writing.post("/v1/ask", json=ASKED).status_code))
    with writing.stream("POST", "/v1/ask", json={**ASKED, "stream": True}) as came:
        lines = first_token(came)
        waiting.start()
        wait_for(lambda: gauge(writing, "waiting") == 1)
        refused = writing.post("/v1/ask", json=ASKED)
        searched = writing.post("/v1/search", json=ASKED)
        del lines
    waiting.join()
    assert waited == [200]
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert refused.json()["error"]["code"] == "too_many_answers"
    assert searched.status_code == 200


def test_a_caller_that_goes_away_waits_no_more(writing: httpx.Client, model: OpenAIServer) -> None:
    model.script(Said(("Eddy ", "Chang. ") * 200, delay=0.02))
    with writing.stream("POST", "/v1/ask", json={**ASKED, "stream": True}) as came:
        lines = first_token(came)
        with pytest.raises(httpx.ReadTimeout):
            writing.post("/v1/ask", json=ASKED, timeout=0.3)
        wait_for(lambda: gauge(writing, "waiting") == 0)
        assert gauge(writing, "in_progress") == 1
        del lines


def test_a_model_that_fails_is_told_of_by_status_and_sentence(writing: httpx.Client, model: OpenAIServer) -> None:
    model.script(Failure(401, error("Incorrect API key provided.", "invalid_api_key")))
    came = writing.post("/v1/ask", json=ASKED)
    assert (came.status_code, came.json()["error"]["code"]) == (502, "model_failed")
    assert KEY not in came.text


def test_a_stream_that_fails_ends_with_an_error(writing: httpx.Client, model: OpenAIServer) -> None:
    model.script(Failure(401, error("Incorrect API key provided.", "invalid_api_key")))
    with writing.stream("POST", "/v1/ask", json={**ASKED, "stream": True}) as came:
        told = events(came.iter_lines())
    assert [name for name, _ in told][:2] == ["query", "passages"]
    assert (told[-1][0], told[-1][1]["error"]["code"]) == ("error", "model_failed")


def test_openais_client_is_told_in_the_stream(writing: httpx.Client, model: OpenAIServer) -> None:
    model.script(Failure(401, error("Incorrect API key provided.", "invalid_api_key")))
    with openai.OpenAI(base_url=f"{writing.base_url}/v1", api_key="none", max_retries=0) as client:
        chunks = client.chat.completions.create(
            model="footnote", stream=True, messages=[{"role": "user", "content": ASKED["question"]}]
        )
        with pytest.raises(openai.APIError, match="key"):
            list(chunks)


def test_a_written_answer_counts_its_tokens(writing: httpx.Client, model: OpenAIServer) -> None:
    model.script(Said(("Eddy Chang translated ", "it [1]."), usage=(120, 30)))
    with openai.OpenAI(base_url=f"{writing.base_url}/v1", api_key="none", max_retries=0) as client:
        came = client.chat.completions.create(model="footnote", messages=[{"role": "user", "content": ASKED["question"]}])
    assert came.usage and (came.usage.prompt_tokens, came.usage.completion_tokens) == (120, 30)
    assert came.choices[0].message.annotations


def test_a_silent_model_is_given_up(writing: httpx.Client, model: OpenAIServer) -> None:
    model.script(Hang(("Eddy ",)))
    with writing.stream("POST", "/v1/ask", json={**ASKED, "stream": True}) as came:
        told = events(came.iter_lines())
    name, record = told[-1]
    assert name == "done" and record["incomplete"]["message"]


def test_ten_callers_at_once_are_all_answered(address: str) -> None:
    codes: list[int] = []

    def ask() -> None:
        codes.append(httpx.post(f"{address}/v1/ask", json={**ASKED, "stream": True}, timeout=30).status_code)

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 10
