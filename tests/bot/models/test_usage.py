"""What a request to a model used, and what it costs."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.errors import BudgetSpent, InputError, ModelError
from bot.logs import start_logging
from bot.models import Message, Model
from bot.models.usage import ModelUsage, Price, PriceTable, cost, load_prices
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


TABLE = PriceTable("2025-08", {"openai:gpt-x": Price(2.0, 8.0), "openai:free": Price(0.0, 0.0)})
OWN = '"openai:gpt-4.1" = { input = 1, output = 2.5 }'


def written(home: Path, text: str) -> Path:
    (home / "prices.toml").write_text(text)
    return home


def test_tokens_in_and_out_have_their_own_prices() -> None:
    assert cost("openai:gpt-x", 1_000_000, 500_000, TABLE) == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("model", "tokens"),
    [
        ("openai:gpt-y", (1, 1)),
        ("anthropic:gpt-x", (1, 1)),
        ("openai:gpt-x", (None, 1)),
        ("openai:gpt-x", (1, None)),
        ("", (1, 1)),
    ],
)
def test_what_is_not_known_has_no_cost(model: str, tokens: tuple[int | None, int | None]) -> None:
    assert cost(model, *tokens, TABLE) is None


def test_what_is_free_costs_nothing_and_is_known_to() -> None:
    assert cost("openai:free", 100, 100, TABLE) == 0.0


def test_a_dated_snapshot_costs_what_its_model_costs() -> None:
    assert cost("openai:gpt-x-2025-04-14", 1_000_000, 0, TABLE) == pytest.approx(2.0)


def test_the_table_that_ships_is_dated_and_has_the_default_model(tmp_path: Path) -> None:
    table = load_prices(tmp_path)
    assert table.as_of == "2025-08"
    assert cost("openai:gpt-4.1-mini", 3_000, 300, table) == pytest.approx(0.00168)


def test_every_price_that_ships_is_more_for_what_is_written(tmp_path: Path) -> None:
    assert all(0 < price.input < price.output for price in load_prices(tmp_path).models.values())


def test_the_table_in_the_home_wins_model_by_model(tmp_path: Path) -> None:
    table = load_prices(written(tmp_path, f'as_of = "2031-01"\n[models]\n{OWN}'))
    assert table.models["openai:gpt-4.1"] == Price(1.0, 2.5)
    assert table.models["openai:gpt-4o"] == Price(2.5, 10.0)
    assert table.as_of == "2031-01"


def test_for_a_compatible_server_only_the_table_in_the_home_counts(tmp_path: Path) -> None:
    assert load_prices(tmp_path, compatible=True) == PriceTable()
    assert load_prices(written(tmp_path, f"[models]\n{OWN}"), compatible=True).models == {"openai:gpt-4.1": Price(1.0, 2.5)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[models", "cannot be read"),
        ("models = 3", "models is no table"),
        ("[model]", "has a key that means nothing: model"),
        ("[models]\ngpt-x = { input = 1, output = 2 }", "gpt-x has no provider before it"),
        ('[models]\n"openai:x" = 3', "openai:x does not have its two prices"),
        ('[models]\n"openai:x" = { input = 1 }', "openai:x does not have its two prices"),
        ('[models]\n"openai:x" = { input = 1, output = 2, cached = 3 }', "openai:x does not have its two prices"),
        ('[models]\n"openai:x" = { input = "1", output = 2 }', "openai:x does not have its two prices"),
        ('[models]\n"openai:x" = { input = true, output = 2 }', "openai:x does not have its two prices"),
        ('[models]\n"openai:x" = { input = -1, output = 2 }', "openai:x does not have its two prices"),
        ('[models]\n"openai:x" = { input = nan, output = 2 }', "openai:x does not have its two prices"),
    ],
)
def test_a_broken_table_is_told_with_its_place_and_the_cure(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        load_prices(written(tmp_path, text))
    assert str(tmp_path / "prices.toml") in caught.value.message
    assert "openai:" in caught.value.help


def test_a_table_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "prices.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        load_prices(tmp_path)
