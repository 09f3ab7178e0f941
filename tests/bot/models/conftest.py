"""The server that the models of these tests are at, and one of its models as the settings open it."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.models import Model, open_model
from bot.settings import load_settings
from tests.openai_server import KEY, OpenAIServer

Opener = Callable[..., Model]


@pytest.fixture
def slept() -> list[float]:
    """The waits, which the models of these tests do not really wait."""
    return []


@pytest.fixture
def opened(server: OpenAIServer, slept: list[float], monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Opens the server's model with these settings beside what the environment gives."""
    monkeypatch.setenv("OPENAI_BASE_URL", server.address)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    def open_it(**given: Any) -> Model:
        model = open_model(load_settings(**given), "openai:fake-model", sleep=slept.append)
        assert model is not None
        return model

    return open_it


@pytest.fixture
def model(opened: Opener) -> Model:
    return opened()
