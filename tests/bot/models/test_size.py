"""How large a model is, by its name and by what servers tell of it."""

import json

import pytest

from bot.models.size import billions_in, fetch_billions
from tests.bot.models.conftest import Opener
from tests.openai_server import KEY, Failure, OpenAIServer, Raw

LLAMA_CPP = {"data": [{"id": "mine", "meta": {"n_params": 1_543_714_304, "n_ctx_train": 32768}}]}


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("qwen2.5-coder-1.5b-instruct", 1.5),
        ("llama3.2:1b", 1.0),
        ("meta-llama/Llama-3.2-3B-Instruct", 3.0),
        ("gemma3:270m", 0.27),
        ("gemma-3n-e4b", 4.0),
        ("mixtral:8x7b", 56.0),
        ("qwen3-30b-a3b", 30.0),
        ("gpt-4.1-mini", None),
        ("phi4", None),
        ("fake-model", None),
    ],
)
def test_a_name_tells_its_size(name: str, size: float | None) -> None:
    assert billions_in(name) == size


def test_llama_cpp_tells_in_its_list(server: OpenAIServer) -> None:
    server.models = Raw(json.dumps(LLAMA_CPP))
    assert fetch_billions("mine", address=server.address, key=KEY, timeout=5) == pytest.approx(1.54, abs=0.01)


@pytest.mark.parametrize(
    "listed", [Failure(500, "down"), Raw("no JSON"), Raw("[]"), Raw('{"data": [{"id": "mine", "meta": 7}]}')]
)
def test_a_server_that_does_not_tell_is_no_failure(server: OpenAIServer, listed: Failure | Raw) -> None:
    server.models = listed
    assert fetch_billions("mine", address=server.address, key=KEY, timeout=5) is None


def test_a_model_asks_its_server_once(server: OpenAIServer, opened: Opener) -> None:
    server.models = Raw(json.dumps({"data": [{"id": "fake-model", "meta": {"n_params": 3_000_000_000}}]}))
    model = opened()
    assert model.billions() == 3.0
    server.models = ()
    assert model.billions() == 3.0
