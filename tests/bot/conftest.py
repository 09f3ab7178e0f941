"""A model's server on loopback and what writes answers with it; the command line on a fake service."""

from collections.abc import Iterator

import pytest

from bot.answering.writing import Budget, ModelWriter
from bot.models import open_model
from bot.prompting import PromptFolder
from bot.resources import prompts_dir
from bot.settings import Settings
from bot.verification.verify import Verifier
from tests.bot.answering.written import count
from tests.bot.fake_service import FakeService
from tests.bot.running import Run
from tests.openai_server import KEY, OpenAIServer, serving
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.encoding.late_interaction import TokenSimilarity


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with serving() as state:
        yield state


@pytest.fixture(scope="module")
def verifier(minilm_encoder: LocalEncoder) -> Verifier:
    return Verifier(TokenSimilarity(minilm_encoder.tokens))


@pytest.fixture
def writer(server: OpenAIServer, verifier: Verifier) -> ModelWriter:
    settings = Settings(openai_base_url=server.address, openai_api_key=KEY, model="openai:fake-model")
    model = open_model(settings, sleep=lambda _: None)
    assert model is not None
    return ModelWriter(model, PromptFolder(prompts_dir()), verifier, count, Budget(), lambda _in, _out: 0.25)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(FakeService(), capsys)
