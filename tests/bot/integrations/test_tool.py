"""Footnote as a tool: words for the model, the record for the program, and errors told in sentences."""

import asyncio
import json
from typing import Any

import pytest
from langchain_core.messages import ToolMessage
from langchain_core.tools import ToolException

from bot import Footnote, Scope
from bot.integrations.tool import FootnoteTool
from bot.json_records import answer_record
from tests.bot.integrations.agents import ALLIANCE, QUESTION, agent_says
from tests.openai_server import OpenAIServer, Raw, words


def called(tool: FootnoteTool, question: str) -> ToolMessage:
    message = tool.invoke({"name": tool.name, "args": {"question": question}, "id": "1", "type": "tool_call"})
    assert isinstance(message, ToolMessage)
    return message


def without_times(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "ms"}


def test_the_content_names_the_sources_and_the_artifact_is_the_record(footnote: Footnote) -> None:
    message, answer = called(FootnoteTool(footnote=footnote), QUESTION), footnote.ask(QUESTION)
    assert str(message.content).startswith(answer.text)
    assert f"({ALLIANCE} {answer.citations[0].start}-{answer.citations[0].end}), quoted: “" in str(message.content)
    assert without_times(message.artifact) == without_times(dict(answer_record(None, answer)))
    assert json.loads(json.dumps(message.artifact)) == message.artifact


def test_where_the_articles_do_not_say_the_nearest_is_named(footnote: Footnote) -> None:
    message = called(FootnoteTool(footnote=footnote), "Who owns the Moon's mines?")
    assert message.artifact["abstained"] is True
    assert "Nearest, in " in str(message.content)


def test_an_error_is_told_to_the_model(footnote: Footnote) -> None:
    tool = FootnoteTool(footnote=footnote, scope=Scope(("none.md",)))
    message = called(tool, QUESTION)
    assert message.status == "error"
    assert "none.md" in str(message.content)
    assert "`footnote articles` lists those there are." in str(message.content)


def test_an_error_can_be_raised_instead(footnote: Footnote) -> None:
    tool = FootnoteTool(footnote=footnote, scope=Scope(("none.md",)), handle_tool_error=False)
    with pytest.raises(ToolException, match=r"none\.md"):
        called(tool, QUESTION)


def test_awaiting_the_tool_gives_the_same(footnote: Footnote) -> None:
    tool = FootnoteTool(footnote=footnote)
    assert asyncio.run(tool.ainvoke({"question": QUESTION})) == tool.invoke({"question": QUESTION})


def test_an_agent_calls_it(footnote: Footnote, server: OpenAIServer) -> None:
    arguments = json.dumps({"question": QUESTION})
    call = {"id": "1", "type": "function", "function": {"name": "ask_articles", "arguments": arguments}}
    reply = {"index": 0, "finish_reason": "tool_calls", "message": {"role": "assistant", "content": None, "tool_calls": [call]}}
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": "fake-model", "choices": [reply]}
    server.script(Raw(json.dumps(body), "application/json"), words("It was launched on Dec. 23."))
    *_, last = agent_says(server, (), (FootnoteTool(footnote=footnote),))
    assert last.text == "It was launched on Dec. 23."
    assert ALLIANCE in server.chats[-1]["messages"][-1]["content"]
