"""Footnote in the place of a chat model: its messages carry LangChain's own citations, whose places hold in both texts."""

import asyncio
import json
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, SystemMessage, ToolMessage
from langchain_core.prompts import ChatPromptTemplate

from bot import Footnote, InputError, ModelError
from bot.integrations.runnable import FootnoteRunnable
from tests.bot.integrations.agents import ALLIANCE, QUESTION, with_model
from tests.openai_server import Hang, OpenAIServer, words

MOON = "Who owns the Moon's mines?"


def annotations(message: AIMessage) -> list[dict[str, Any]]:
    (block,) = message.content_blocks
    assert block["type"] == "text"
    return [dict(one) for one in block["annotations"]]


def test_citations_hold_in_the_answer_and_in_the_article(footnote: Footnote) -> None:
    message = FootnoteRunnable(footnote).invoke(QUESTION)
    answer = footnote.ask(QUESTION)
    assert message.text == answer.text
    for one, citation in zip(annotations(message), answer.citations, strict=True):
        assert one["type"] == "citation"
        assert one["cited_text"] == citation.quote
        assert message.text[one["start_index"] : one["end_index"]] == citation.quote
        extras, article = one["extras"], footnote.article(citation.article)
        assert article is not None
        assert article.text[extras["start"] : extras["end"]] == one["cited_text"]
        assert (one["title"], extras["verdict"]) == (article.title, "quoted")


def test_an_article_with_an_address_is_linked(tmp_path: Path) -> None:
    line = {"id": "ner", "text": "The bridge at Ner opened on 4 May 1931.", "source": "https://mine.test/ner"}
    (tmp_path / "one.jsonl").write_text(json.dumps(line))
    with Footnote(tmp_path / "home") as footnote:
        footnote.ingest(tmp_path / "one.jsonl")
        (found,) = annotations(FootnoteRunnable(footnote).invoke("When did the bridge at Ner open?"))
    assert (found["url"], found["extras"]["article"]) == ("https://mine.test/ner", "ner")


def test_what_the_articles_do_not_say_has_no_citation(footnote: Footnote) -> None:
    message = FootnoteRunnable(footnote).invoke(MOON)
    assert annotations(message) == []
    assert message.response_metadata["footnote"]["abstained"] is True
    assert message.response_metadata["model_name"] == "quotes"


def test_a_models_sentences_have_their_verdicts(door_home: Path, server: OpenAIServer) -> None:
    said = "The launch took place in Tokyo on Dec. 23 [1]. It took place on Dec. 25 [1]. It owns mines [9]."
    server.script(words(said))
    with with_model(door_home, server) as footnote:
        message = FootnoteRunnable(footnote).invoke(QUESTION)
    found = annotations(message)
    assert [one["type"] for one in found] == ["citation", "citation", "non_standard_annotation"]
    places = [(message.text[one["start_index"] : one["end_index"]], one["extras"]["verdict"]) for one in found[:2]]
    assert places == [("The launch took place in Tokyo on Dec. 23", "quoted"), ("It took place on Dec. 25", "number differs")]
    assert found[0]["extras"]["article"] == ALLIANCE
    assert found[2]["value"]["verdict"] == "no such passage"
    assert message.usage_metadata == {"input_tokens": 120, "output_tokens": 30, "total_tokens": 150}


def test_what_was_said_before_is_the_history(footnote: Footnote) -> None:
    said = footnote.ask(QUESTION).text
    earlier = [SystemMessage("Be brief."), HumanMessage(QUESTION), ToolMessage("7", tool_call_id="1"), AIMessage(said)]
    message = FootnoteRunnable(footnote).invoke([*earlier, HumanMessage("Where was it launched?")])
    alone = footnote.ask("Where was it launched?", history=[("user", QUESTION), ("assistant", said)])
    assert message.text == alone.text


def test_it_stands_behind_a_prompt(footnote: Footnote) -> None:
    chain = ChatPromptTemplate.from_messages([("user", "{question}")]) | FootnoteRunnable(footnote)
    assert chain.invoke({"question": QUESTION}).text == footnote.ask(QUESTION).text


def test_awaiting_gives_the_same_message(footnote: Footnote) -> None:
    runnable = FootnoteRunnable(footnote)
    assert asyncio.run(runnable.ainvoke(QUESTION)).text == runnable.invoke(QUESTION).text


def summed(chunks: list[AIMessageChunk]) -> AIMessageChunk:
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk  # type: ignore[assignment]
    return whole


def blocks(message: AIMessage) -> list[dict[str, Any]]:
    """Without the number by which LangChain puts chunks together, and the ids that it makes up."""
    (block,) = (dict(one) for one in message.content_blocks)
    notes = [{name: value for name, value in one.items() if name != "id"} for one in annotations(message)]
    return [{**{name: value for name, value in block.items() if name != "index"}, "annotations": notes}]


def test_quotations_are_streamed_and_their_sum_is_the_message(footnote: Footnote) -> None:
    runnable = FootnoteRunnable(footnote)
    *pieces, last = runnable.stream(QUESTION)
    whole, message = summed([*pieces, last]), runnable.invoke(QUESTION)
    assert len(pieces) > 1 and all("annotations" not in piece.content[0] for piece in pieces)
    assert blocks(whole) == blocks(message)
    assert whole.response_metadata["footnote"] == message.response_metadata["footnote"]
    assert last.chunk_position == "last"


WRITTEN = "The launch took place in Tokyo on Dec. 23 [1]. It took place on Dec. 25 [1]. It was launched by 132 leaders."


def test_a_models_sentences_come_as_they_are_checked(door_home: Path, server: OpenAIServer) -> None:
    with with_model(door_home, server) as footnote:
        runnable = FootnoteRunnable(footnote)
        server.script(words(WRITTEN), words(WRITTEN))
        chunks = list(runnable.stream(QUESTION))
        message = runnable.invoke(QUESTION)
    assert len(chunks) > 2 and "Dec. 23" in chunks[0].text and "Dec. 25" not in chunks[0].text
    assert blocks(summed(chunks)) == blocks(message)
    assert summed(chunks).usage_metadata == message.usage_metadata


def test_thoughts_that_were_streamed_are_waited_for_the_next_time(door_home: Path, server: OpenAIServer) -> None:
    aloud = f"The question is about the launch. I know that.</think>\n\n{WRITTEN}"
    with with_model(door_home, server) as footnote:
        runnable = FootnoteRunnable(footnote)
        server.script(words(aloud), words(aloud))
        with pytest.raises(ModelError, match="thought aloud"):
            list(runnable.stream(QUESTION))
        assert "I know that" not in summed(list(runnable.stream(QUESTION))).text


def test_an_awaited_stream_is_the_same_and_stops_when_it_is_left(door_home: Path, server: OpenAIServer) -> None:
    async def first(runnable: FootnoteRunnable) -> str:
        async with aclosing(runnable.astream(QUESTION)) as stream:
            return (await anext(stream)).text

    async def texts(runnable: FootnoteRunnable) -> list[str]:
        return [chunk.text async for chunk in runnable.astream(QUESTION)]

    with with_model(door_home, server) as footnote:
        runnable = FootnoteRunnable(footnote)
        server.script(words(WRITTEN), words(WRITTEN), Hang((WRITTEN, " And", " so")))
        assert asyncio.run(texts(runnable)) == [chunk.text for chunk in runnable.stream(QUESTION)]
        assert "Dec. 23" in asyncio.run(first(runnable))
        assert server.gone.wait(10)


def test_it_streams_behind_a_prompt(footnote: Footnote) -> None:
    chain = ChatPromptTemplate.from_messages([("user", "{question}")]) | FootnoteRunnable(footnote)
    chunks = list(chain.stream({"question": QUESTION}))
    assert len(chunks) > 1
    assert "".join(chunk.text for chunk in chunks) == footnote.ask(QUESTION).text


@pytest.mark.parametrize("given", [[], [HumanMessage(QUESTION), AIMessage("In Tokyo.")]])
def test_the_last_message_is_a_question(footnote: Footnote, given: list[Any]) -> None:
    with pytest.raises(InputError, match="must be the user's question"):
        FootnoteRunnable(footnote).invoke(given)
