"""`footnote mcp` as a process, and the SDK's own client that talks to it over its stdin and stdout."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import anyio
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult

from tests.openai_server import KEY, OpenAIServer, Said, serving

QUESTION = "Who translated the op-ed?"
TEXT = "The op-ed is by Yao Chung-yuan. The alliance was launched by 400 leaders."


@pytest.fixture(scope="module")
def model_server() -> Iterator[OpenAIServer]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture(scope="module")
def client(portal: BlockingPortal, seeds_home: Path, model_server: OpenAIServer) -> Iterator[Client]:
    model = {"OPENAI_BASE_URL": model_server.address, "OPENAI_API_KEY": KEY, "FOOTNOTE_MODEL": "openai:fake-model"}
    command = [sys.executable, "-P", "-m", "bot.commands.main", "mcp", "--home", str(seeds_home)]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "FOOTNOTE_CACHE")}
    process = StdioServerParameters(command=command[0], args=command[1:], env={**kept, **model})
    with portal.wrap_async_context_manager(Client(stdio_client(process))) as client:
        yield client


Call = Callable[..., CallToolResult]


@pytest.fixture
def call(portal: BlockingPortal, client: Client) -> Call:
    def called(name: str, **arguments: object) -> CallToolResult:
        return portal.call(client.call_tool, name, arguments)

    return called


def _said(result: CallToolResult) -> str:
    (block,) = result.content
    assert block.type == "text"
    return block.text


def test_the_tools_have_schemas_for_what_they_take_and_give(portal: BlockingPortal, client: Client) -> None:
    tools = {tool.name: tool for tool in portal.call(client.list_tools).tools}
    assert set(tools) == {"search", "ask", "check", "verify", "articles"}
    assert all(tool.description and tool.output_schema and tool.input_schema["properties"] for tool in tools.values())


def test_a_search_gives_passages_word_for_word(call: Call) -> None:
    found = call("search", question=QUESTION, k=2).structured_content
    assert found is not None
    assert found["query"] == QUESTION
    assert len(found["hits"]) == 2
    assert "Eddy Chang translated" in "".join(hit["text"] for hit in found["hits"])


def test_an_answer_comes_with_progress_and_its_footnotes(portal: BlockingPortal, client: Client) -> None:
    told: list[str | None] = []

    async def ask() -> CallToolResult:
        async def progress(_done: float, _of: float | None, message: str | None) -> None:
            told.append(message)

        return await client.call_tool("ask", {"question": QUESTION, "model": "quotes"}, progress_callback=progress)

    answer = portal.call(ask).structured_content
    assert answer is not None
    assert "Eddy Chang" in answer["citations"][0]["quote"]
    assert told[0] == f"Searching: {QUESTION}"


def test_an_agents_text_is_checked_sentence_by_sentence(call: Call) -> None:
    checked = call("check", text=TEXT).structured_content
    assert checked is not None
    assert [one["verdict"] for one in checked["sentences"]] == ["quoted", "number differs"]
    assert checked["verdicts"] == {"quoted": 1, "number differs": 1}


def test_offsets_hold_in_a_text_with_the_line_ends_of_windows(call: Call) -> None:
    text = TEXT.replace(". ", ".\r\n\r\n")
    checked = call("check", text=text).structured_content
    assert checked is not None
    assert [text[one["start"] : one["end"]] for one in checked["sentences"]] == TEXT.replace(". ", ".|").split("|")


def test_a_claim_is_held_against_a_source(call: Call) -> None:
    judged = call("verify", claim="It carries 14 trains.", source="It carries 12 trains.").structured_content
    assert judged is not None
    assert (judged["verdict"], judged["span"]) == ("number differs", [0, 21])


def test_articles_are_listed_and_their_texts_are_resources(portal: BlockingPortal, client: Client, call: Call) -> None:
    listed = call("articles", matching="FIVE pieces", limit=1).structured_content
    assert listed is not None
    assert [one["id"] for one in listed["articles"]] == ["five-pieces-on-one-page.md"]
    (article,) = portal.call(client.read_resource, "footnote://articles/five-pieces-on-one-page.md").contents
    assert "Eddy Chang" in article.text


def test_an_unknown_article_is_no_resource(portal: BlockingPortal, client: Client) -> None:
    with pytest.raises(MCPError, match=r"There is no article \.\./secret\."):
        portal.call(client.read_resource, "footnote://articles/../secret")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"question": " "}, "The question is missing or empty."),
        ({"question": QUESTION, "scope": {"authors": ["Nobody"]}}, "No article is by “Nobody”."),
        ({"question": QUESTION, "scope": {"autors": []}}, "scope.autors: Extra inputs are not permitted."),
        ({"question": QUESTION, "k": 0}, "k: Input should be greater than or equal to 1."),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(call: Call, arguments: Mapping[str, object], told: str) -> None:
    result = call("search", **arguments)
    assert result.is_error
    assert told in _said(result)
    assert _said(result).count("\n") == 1


def test_a_call_that_is_cancelled_lets_the_model_go(portal: BlockingPortal, client: Client, model_server: OpenAIServer) -> None:
    model_server.script(Said(("Eddy ", "Chang ", "came. ") * 500, delay=0.02))

    async def ask_and_leave() -> None:
        async with anyio.create_task_group() as group:

            async def progress(_done: float, _of: float | None, message: str | None) -> None:
                if message == "Writing":
                    group.cancel_scope.cancel()

            await client.call_tool("ask", {"question": QUESTION}, progress_callback=progress)

    portal.call(ask_and_leave)
    assert model_server.gone.wait(10)


def test_the_server_goes_on_after_a_call_was_cancelled(call: Call) -> None:
    assert not call("articles").is_error
