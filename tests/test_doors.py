"""One behaviour behind every door: the same question gives the same record, or the same sentences, wherever it is asked."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from mcp import Client
from starlette.testclient import TestClient

from bot import Footnote, FootnoteError
from bot.commands.main import main
from bot.errors import with_commands
from bot.json_records import answer_record
from bot.serving.app import serving_app
from bot.serving.mcp_server import FootnoteMCPServer
from bot.settings import Settings
from bot.types import Done, Question, Turn
from bot.wiring import Service, open_service
from vectorstore.errors import VectorstoreError
from vectorstore.types import Scope

LAUNCH = "When was the Japan-Taiwan Co-prosperity Leader Alliance launched?"
SAID = (("user", LAUNCH), ("assistant", "It was launched in Tokyo on Dec. 23 [1]."))


@dataclass(frozen=True)
class Asked:
    """A question as a caller puts it."""

    question: str
    history: tuple[tuple[str, str], ...] = ()
    articles: tuple[str, ...] = ()

    @property
    def scope(self) -> dict[str, list[str]]:
        return {"articles": list(self.articles)} if self.articles else {}


ASKED = {
    "answered": Asked(LAUNCH),
    "abstained": Asked("Who owns the Moon's mines?"),
    "about the collection": Asked("How many articles are there?"),
    "follow-up": Asked("Who announced it?", SAID),
    "in Chinese": Asked("日台共榮首長聯盟在哪裡成立？"),
    "one article": Asked(LAUNCH, articles=("new-space-race.md",)),
    "unknown article": Asked(LAUNCH, articles=("none.md",)),
    "empty": Asked("  "),
}
REFUSED = {"unknown article", "empty"}

Outcome = dict[str, Any]
Door = Callable[[Asked], Outcome]
"""Asks, and gives the record of the answer, or `{"error": ..., "help": ...}`."""


@pytest.fixture(scope="module", autouse=True)
def one_encoder() -> Iterator[None]:
    # All doors with the fastest encoder: which one it is makes no difference here.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTE_EMBEDDING", "minilm")
        patch.setenv("FOOTNOTE_MODEL", "quotes")
        yield


@pytest.fixture(scope="module")
def service(seeds_home: Path) -> Iterator[Service]:
    with closing(open_service(Settings(home=seeds_home, model="quotes", embedding="minilm"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def page(service: Service) -> Door:
    """What the page's own thread of an answer does."""

    def ask(asked: Asked) -> Outcome:
        history = tuple(Turn(role, text) for role, text in asked.history)  # type: ignore[arg-type]
        question = Question(asked.question, history, Scope(asked.articles))
        try:
            *_, last = service.chat.stream(question)
        except (FootnoteError, VectorstoreError) as error:
            return {"error": error.message, "help": with_commands(error.help)}
        assert isinstance(last, Done)
        return dict(answer_record(None, last.answer))

    return ask


@pytest.fixture(scope="module")
def python(seeds_home: Path) -> Iterator[Door]:
    with Footnote(seeds_home, model="quotes", embedding="minilm") as footnote:

        def ask(asked: Asked) -> Outcome:
            try:
                answer = footnote.ask(asked.question, history=asked.history, articles=asked.articles)
            except FootnoteError as error:
                return {"error": error.message, "help": error.help}
            return dict(answer_record(None, answer))

        yield ask


@pytest.fixture
def shell(service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Door:
    class Open:
        """The service for one command, which does not close it."""

        def __getattr__(self, name: str) -> object:
            return getattr(service, name)

        def close(self) -> None:
            pass

    def ask(asked: Asked) -> Outcome:
        typed = [asked.question, *(part for article in asked.articles for part in ("--article", article))]
        if asked.history:
            # Only a line of a file can have a history.
            line = {"id": "1", "question": asked.question, "history": asked.history, "scope": asked.scope}
            (tmp_path / "asked.jsonl").write_text(json.dumps(line))
            typed = ["--questions", str(tmp_path / "asked.jsonl")]
        code = main(["ask", *typed, "--json"], lambda _: Open())  # type: ignore[arg-type,return-value]
        said = capsys.readouterr()
        if code:
            message, help = said.err.removeprefix("footnote: ").splitlines()
            return {"error": message, "help": help}
        return dict(json.loads(said.out))

    return ask


@pytest.fixture(scope="module")
def http(service: Service) -> Door:
    client = TestClient(serving_app(service), base_url="http://localhost")

    def ask(asked: Asked) -> Outcome:
        body = {"question": asked.question, "history": asked.history, "scope": asked.scope}
        said = dict(client.post("/v1/ask", json=body).json())
        error = said.get("error")
        return {"error": error["message"], "help": error["help"]} if error else said

    return ask


@pytest.fixture(scope="module")
def mcp(service: Service) -> Iterator[Door]:
    # The SDK's own client, without a process between them.
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Client(FootnoteMCPServer(service))) as client:

        def ask(asked: Asked) -> Outcome:
            history = [{"role": role, "content": text} for role, text in asked.history]
            arguments = {"question": asked.question, "history": history, "scope": asked.scope}
            said = portal.call(client.call_tool, "ask", arguments)
            if said.is_error:
                (block,) = said.content
                assert block.type == "text"
                message, help = block.text.splitlines()
                return {"error": message, "help": help}
            assert said.structured_content is not None
            return dict(said.structured_content)

        yield ask


DOORS = ("shell", "python", "http", "mcp")


def told(outcome: Outcome) -> Outcome:
    """What a caller is told, without the times, which differ, and without an id, which nobody gave."""
    return {name: value for name, value in json.loads(json.dumps(outcome)).items() if name not in {"ms", "id"}}


@pytest.fixture(scope="module")
def expected(page: Door) -> dict[str, Outcome]:
    """What the page says to each question."""
    return {name: told(page(asked)) for name, asked in ASKED.items()}


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("door", DOORS)
def test_every_door_says_what_the_page_says(
    door: str, name: str, expected: dict[str, Outcome], request: pytest.FixtureRequest
) -> None:
    assert told(request.getfixturevalue(door)(ASKED[name])) == expected[name]


def test_the_table_has_answers_abstentions_and_refusals(expected: dict[str, Outcome]) -> None:
    assert expected["answered"]["citations"]
    assert expected["follow-up"]["query"] != ASKED["follow-up"].question
    assert expected["abstained"]["abstained"]
    assert {name for name, outcome in expected.items() if "error" in outcome} == REFUSED
