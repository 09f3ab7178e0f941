"""What the tests of LangChain's parts share: a home that a scripted model answers from, and an agent with such a model."""

from collections.abc import Sequence
from pathlib import Path

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware
from langchain_core.messages import AIMessage
from langchain_core.tools import BaseTool
from langchain_openai import ChatOpenAI

from bot import Footnote
from tests.openai_server import KEY, OpenAIServer

QUESTION = "When was the Japan-Taiwan Co-prosperity Leader Alliance launched?"
ALLIANCE = "co-prosperity-leader-alliance.md"
TRUE = "The launch took place in Tokyo on Dec. 23."
FALSE = "The launch took place in Osaka on Dec. 25."


def with_model(home: Path, server: OpenAIServer) -> Footnote:
    """Footnote with the model of that server."""
    return Footnote(home, model="openai:fake-model", openai_base_url=server.address, openai_api_key=KEY)


def agent_says(
    server: OpenAIServer,
    middleware: Sequence[AgentMiddleware],
    tools: Sequence[BaseTool] = (),
    turns: Sequence[str] = (QUESTION,),
) -> list[AIMessage]:
    """All that an agent says, with the server's model behind it, when it is asked these one after another."""
    model = ChatOpenAI(model="fake-model", base_url=server.address, api_key=KEY, max_retries=0)  # type: ignore[arg-type]
    agent = create_agent(model, tools=list(tools), middleware=list(middleware))
    messages: list[object] = []
    for turn in turns:
        messages = agent.invoke({"messages": [*messages, {"role": "user", "content": turn}]})["messages"]  # type: ignore[assignment,call-overload]
    return [one for one in messages if isinstance(one, AIMessage)]
