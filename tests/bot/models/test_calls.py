"""Requests to a model: counted however they end, told in the log, and sent with the id of what they are for."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.errors import BudgetSpent, ModelError
from bot.logs import start_logging
from bot.models import Message, Model
from bot.models.calls import ModelUsage
from bot.request_context import RequestContext, request_scope
from bot.settings import load_settings
from tests.openai_server import Failure, OpenAIServer, error, words

Opener = Callable[..., Model]
ASKED: list[Message] = [("user", "Who opened the bridge at Ner?")]


class Counted:
    """A meter that keeps what it is told, and refuses once it is `spent`."""

    def __init__(self) -> None:
        self.used: list[ModelUsage] = []
        self.spent = False

    def allow(self) -> None:
        if self.spent:
            raise BudgetSpent("All is spent.")

    def count(self, usage: ModelUsage) -> None:
        self.used.append(usage)


@pytest.fixture
def meter() -> Counted:
    return Counted()


@pytest.fixture
def log_lines(tmp_path: Path) -> Iterator[Callable[[], list[dict[str, object]]]]:
    path = tmp_path / "log"
    start_logging(load_settings(log="json", log_file=str(path)))
    yield lambda: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    start_logging(load_settings())


def test_a_whole_answer_counts_as_its_server_says(server: OpenAIServer, opened: Opener, meter: Counted) -> None:
    server.script(words("Ada did."))
    ending = list(opened().metered(meter).stream(ASKED, max_tokens=50))[-1]
    (used,) = meter.used
    assert (used.input_tokens, used.output_tokens) == (ending.input_tokens, ending.output_tokens)  # type: ignore[union-attr]
    assert used.output_tokens > 0


def test_an_answer_that_is_let_go_counts_by_its_length(server: OpenAIServer, opened: Opener, meter: Counted) -> None:
    server.script(words("Ada opened it on a fine day in May."))
    pieces = opened().metered(meter).stream(ASKED, max_tokens=50)
    next(pieces)
    pieces.close()
    assert meter.used == [ModelUsage("openai:fake-model", 8, 1, compatible=True)]


def test_a_request_that_is_refused_has_used_nothing(server: OpenAIServer, opened: Opener, meter: Counted) -> None:
    server.script(Failure(401, error("No.", "invalid_api_key")))
    with pytest.raises(ModelError):
        list(opened().metered(meter).stream(ASKED, max_tokens=50))
    assert [(used.input_tokens, used.output_tokens) for used in meter.used] == [(0, 0)]


def test_a_model_whose_budget_is_spent_is_not_asked(server: OpenAIServer, opened: Opener, meter: Counted) -> None:
    meter.spent = True
    with pytest.raises(BudgetSpent):
        list(opened().metered(meter).stream(ASKED, max_tokens=50))
    assert server.chats == []


def test_the_log_tells_of_a_call_with_its_request_and_no_text(
    server: OpenAIServer, opened: Opener, log_lines: Callable[[], list[dict[str, object]]]
) -> None:
    server.script(words("Ada did."))
    with request_scope(RequestContext("http", "7f")):
        list(opened().stream(ASKED, max_tokens=50))
    (line,) = log_lines()
    assert (line["event"], line["request"], line["model"]) == ("model call", "7f", "openai:fake-model")
    assert {"ms", "first_ms", "input_tokens", "output_tokens"} < line.keys()
    assert "Ada" not in json.dumps(line)
    assert "Ner" not in json.dumps(line)


def test_the_log_names_the_failure_of_a_call(
    server: OpenAIServer, opened: Opener, log_lines: Callable[[], list[dict[str, object]]]
) -> None:
    server.script(Failure(400, error("No.")))
    with pytest.raises(ModelError):
        list(opened().stream(ASKED, max_tokens=50))
    assert str(log_lines()[-1]["failure"]).endswith("RequestError")


@pytest.mark.parametrize(
    ("id", "told"),
    [("7f000000000040008000000000000001", ["7f000000000040008000000000000001"]), ("order-12", [])],
    ids=["a UUID", "an id that some servers refuse"],
)
def test_the_models_server_is_told_the_id_of_the_request(
    server: OpenAIServer, opened: Opener, id: str, told: list[str]
) -> None:
    with request_scope(RequestContext("http", id)):
        list(opened().stream(ASKED, max_tokens=50))
    assert server.request_ids == told


def test_a_request_without_an_id_gets_one_that_every_server_takes(server: OpenAIServer, opened: Opener) -> None:
    with request_scope(RequestContext("page")) as request:
        list(opened().stream(ASKED, max_tokens=50))
    assert server.request_ids == [request.id]
