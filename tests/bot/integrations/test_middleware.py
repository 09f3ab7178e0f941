"""The verifier in an agent: each sentence of its last message has a verdict, and what does not hold goes back once."""

import asyncio
from typing import Any

from langchain.agents import create_agent
from langchain_core.messages import AIMessage
from langchain_openai import ChatOpenAI

from bot import Footnote
from bot.integrations.middleware import ArticleVerifier
from tests.bot.integrations.agents import ALLIANCE, FALSE, QUESTION, TRUE, agent_says
from tests.openai_server import KEY, OpenAIServer, words


def annotations(message: AIMessage) -> list[dict[str, Any]]:
    (block,) = message.content_blocks
    assert block["type"] == "text"
    return [dict(one) for one in block["annotations"]]


def test_each_sentence_is_annotated(footnote: Footnote, server: OpenAIServer) -> None:
    server.script(words(f"{TRUE} {FALSE}"))
    (message,) = agent_says(server, [ArticleVerifier(footnote)])
    first, second = annotations(message)
    assert message.text[first["start_index"] : first["end_index"]] == TRUE
    assert (first["extras"]["article"], first["extras"]["verdict"]) == (ALLIANCE, "quoted")
    article = footnote.article(ALLIANCE)
    assert article is not None
    assert article.text[first["extras"]["start"] : first["extras"]["end"]] == first["cited_text"]
    assert message.text[second["start_index"] : second["end_index"]] == FALSE
    assert second["extras"]["verdict"] == "number differs"
    assert message.response_metadata["footnote"] == {"checked": 2, "holds": 1}


def test_what_does_not_hold_is_sent_back_once(footnote: Footnote, server: OpenAIServer) -> None:
    server.script(words(FALSE), words(TRUE))
    first, second = agent_says(server, [ArticleVerifier(footnote, send_back=True)])
    objections = server.chats[1]["messages"][-1]["content"]
    assert f"- “{FALSE}”: number differs." in objections
    assert "Dec. 23" in objections
    assert first.response_metadata["footnote"] == {"checked": 1, "holds": 0}
    assert second.response_metadata["footnote"] == {"checked": 1, "holds": 1}


def test_the_second_text_stays_whatever_it_says(footnote: Footnote, server: OpenAIServer) -> None:
    server.script(words(FALSE), words(FALSE), words("never asked for"))
    says = agent_says(server, [ArticleVerifier(footnote, send_back=True)])
    assert [one.text for one in says] == [FALSE, FALSE]
    assert len(server.chats) == 2


def test_each_question_has_a_second_try_of_its_own(footnote: Footnote, server: OpenAIServer) -> None:
    server.script(words(FALSE), words(TRUE), words(FALSE), words(TRUE))
    says = agent_says(server, [ArticleVerifier(footnote, send_back=True)], turns=(QUESTION, "Say it again."))
    assert [one.text for one in says] == [FALSE, TRUE, FALSE, TRUE]


def test_what_holds_is_not_sent_back(footnote: Footnote, server: OpenAIServer) -> None:
    server.script(words(TRUE))
    assert len(agent_says(server, [ArticleVerifier(footnote, send_back=True)])) == 1


def test_an_asynchronous_agent_is_checked_too(footnote: Footnote, server: OpenAIServer) -> None:
    server.script(words(FALSE), words(TRUE))
    model = ChatOpenAI(model="fake-model", base_url=server.address, api_key=KEY)  # type: ignore[arg-type]
    agent = create_agent(model, middleware=[ArticleVerifier(footnote, send_back=True)])
    asked = {"messages": [{"role": "user", "content": QUESTION}]}
    last = asyncio.run(agent.ainvoke(asked))["messages"][-1]  # type: ignore[arg-type]
    assert annotations(last)[0]["extras"]["verdict"] == "quoted"
