"""The verifier as middleware of `langchain.agents.create_agent`: what an agent says at the end is held against the articles."""

from collections.abc import Sequence

from langchain.agents.middleware import AgentMiddleware, AgentState, hook_config
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langgraph.runtime import Runtime

from bot.cancellation import run_in_thread
from bot.integrations.footnote import Footnote
from bot.integrations.messages import annotated_message
from bot.types import Checked
from bot.verification.verdicts import HOLDS, LEGEND

StateUpdate = dict[str, object]
"""What a step of an agent changes in its state."""

_OBJECTIONS = "footnote_objections"
"""The name of the message that sends an agent's text back."""


class ArticleVerifier(AgentMiddleware[AgentState[object], None, object]):
    """Annotates each sentence of an agent's last message with its best source and a verdict.

    With `send_back`, the agent is told once for each question which sentences do not hold, and writes its text anew; that one
    is annotated, whatever its verdicts are. `message.response_metadata["footnote"]` counts the sentences that were checked and
    those that hold.

    `create_agent(model, tools=[FootnoteTool(footnote=footnote)], middleware=[ArticleVerifier(footnote, send_back=True)])` is an
    agent whose every sentence carries its source.
    """

    def __init__(self, footnote: Footnote, *, send_back: bool = False) -> None:
        super().__init__()
        self._footnote = footnote
        self._send_back = send_back

    @hook_config(can_jump_to=["model"])
    def after_model(self, state: AgentState[object], runtime: Runtime[None]) -> StateUpdate | None:  # noqa: ARG002
        """Checks what the model wrote, unless it calls a tool; raises FootnoteError."""
        return self._verified(state["messages"])

    @hook_config(can_jump_to=["model"])
    async def aafter_model(self, state: AgentState[object], runtime: Runtime[None]) -> StateUpdate | None:  # noqa: ARG002
        """`after_model` for asyncio."""
        return await run_in_thread(lambda _: self._verified(state["messages"]))

    def _verified(self, messages: Sequence[AnyMessage]) -> StateUpdate | None:
        last = messages[-1]
        # A model that calls a tool is still at work, and an empty text states nothing.
        if not isinstance(last, AIMessage) or last.tool_calls or not last.text.strip():
            return None
        annotated, found = annotated_message(last, lambda text: list(self._footnote.check(text)), self._footnote.address)
        doubtful = [one for one in found if one.verdict not in HOLDS and one.verdict != "likely"]
        # Once for each question: a model that repeats its sentences would be asked without end.
        if doubtful and self._send_back and not _was_sent_back(messages):
            return {"messages": [annotated, _objections(doubtful)], "jump_to": "model"}
        return {"messages": [annotated]}


def _was_sent_back(messages: Sequence[AnyMessage]) -> bool:
    """Whether the last thing that anybody said to the agent was this middleware's own message."""
    said = (one.name == _OBJECTIONS for one in reversed(messages) if isinstance(one, HumanMessage))
    return next(said, False)


def _objections(found: Sequence[Checked]) -> HumanMessage:
    lines = [_objection(one) for one in found]
    ask = "Write your answer again: correct or leave out these sentences, and add nothing that the articles do not say."
    return HumanMessage("\n".join(["These sentences do not hold against the articles:", *lines, ask]), name=_OBJECTIONS)


def _objection(one: Checked) -> str:
    why = f"{one.source.reason} " if one.source and one.source.reason else f"{LEGEND[one.verdict].meaning} "
    nearest = f"The nearest words, in {one.source.title}: “{one.source.quote}”" if one.source and one.source.quote else ""
    return f"- “{' '.join(one.text.split())}”: {one.verdict}. {why}{nearest}".rstrip()
