"""Footnote as a LangChain runnable, in the place of a chat model: messages in, a cited answer out."""

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from contextlib import aclosing, closing
from typing import cast

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, convert_to_messages
from langchain_core.prompt_values import PromptValue
from langchain_core.runnables import Runnable, RunnableConfig

from bot.errors import InputError
from bot.integrations.footnote import Footnote
from bot.integrations.messages import MessageChunks, answer_message
from bot.types import Answer, Turn
from vectorstore.types import EVERYWHERE, Scope


class FootnoteRunnable(Runnable[LanguageModelInput, AIMessage]):
    """Answers the last message, with those before it as its history; the footnotes are LangChain's citations.

    Streamed, it gives each sentence once it has been checked, and the citations with the last chunk: LangChain's chunks cannot
    be taken back. `Footnote.stream` has the events as they happen. What a chain passes to a chat model besides the messages,
    such as `stop`, is ignored: Footnote writes its own requests to the model.

    >>> message = FootnoteRunnable(footnote).invoke("When was the Co-prosperity Leader Alliance launched?")
    >>> citation = message.content_blocks[0]["annotations"][0]
    >>> citation["title"], citation["extras"]["article"], citation["extras"]["verdict"]
    ('The Japan-Taiwan Co-prosperity Leader Alliance', 'co-prosperity-leader-alliance.md', 'quoted')
    >>> message.text[citation["start_index"] : citation["end_index"]] == citation["cited_text"]
    True
    """

    def __init__(self, footnote: Footnote, *, model: str = "", scope: Scope = EVERYWHERE) -> None:
        """`model` and `scope` are those of `Footnote.ask`."""
        self._footnote = footnote
        self._model = model
        self._scope = scope

    def invoke(self, input: LanguageModelInput, config: RunnableConfig | None = None, **_: object) -> AIMessage:
        """The answer as a message; raises FootnoteError."""
        return self._call_with_config(self._answered, input, config, run_type="chain")

    async def ainvoke(self, input: LanguageModelInput, config: RunnableConfig | None = None, **_: object) -> AIMessage:
        """`invoke` for asyncio; a cancelled task stops the work."""
        return await self._acall_with_config(self._aanswered, input, config, run_type="chain")

    def stream(self, input: LanguageModelInput, config: RunnableConfig | None = None, **_: object) -> Generator[AIMessageChunk]:
        """The same message in chunks, whose sum it is; raises FootnoteError. Closing the generator ends the work.

        >>> first, *_ = FootnoteRunnable(footnote).stream("Who translated the op-ed?")
        >>> first.text[:32]
        'Word for word from the articles:'
        """
        # LangChain's own helper, which tells callbacks and traces of the run.
        chunks = self._transform_stream_with_config(iter([input]), self._streamed, config, run_type="chain")
        # It is typed by what `invoke` gives, of which chunks are a kind.
        yield from cast("Iterator[AIMessageChunk]", chunks)

    async def astream(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **_: object
    ) -> AsyncGenerator[AIMessageChunk]:
        """`stream` for asyncio; a cancelled task, or a closed stream, stops the work."""
        chunks = self._atransform_stream_with_config(_one_input(input), self._astreamed, config, run_type="chain")
        async with aclosing(cast("AsyncGenerator[AIMessageChunk]", chunks)) as stream:
            async for chunk in stream:
                yield chunk

    def _answered(self, input: LanguageModelInput) -> AIMessage:
        question, history = _question_and_history(input)
        return self._message(self._footnote.ask(question, history=history, model=self._model, scope=self._scope))

    async def _aanswered(self, input: LanguageModelInput) -> AIMessage:
        question, history = _question_and_history(input)
        answer = await self._footnote.aask(question, history=history, model=self._model, scope=self._scope)
        return self._message(answer)

    def _message(self, answer: Answer) -> AIMessage:
        return answer_message(answer, self._footnote.address)

    # LangChain hands over an iterator of inputs, which has one item here. The events are closed with the generator, so that a
    # chain that is let go asks no model any more.
    def _streamed(self, inputs: Iterator[LanguageModelInput]) -> Iterator[AIMessageChunk]:
        for input in inputs:
            question, history = _question_and_history(input)
            chunks = MessageChunks(self._footnote.address)
            with closing(self._footnote.stream(question, history=history, model=self._model, scope=self._scope)) as events:
                for event in events:
                    yield from chunks.add(event)

    async def _astreamed(self, inputs: AsyncIterator[LanguageModelInput]) -> AsyncIterator[AIMessageChunk]:
        async for input in inputs:
            question, history = _question_and_history(input)
            chunks = MessageChunks(self._footnote.address)
            opened = self._footnote.astream(question, history=history, model=self._model, scope=self._scope)
            async with aclosing(opened) as events:
                async for event in events:
                    for chunk in chunks.add(event):
                        yield chunk


async def _one_input(input: LanguageModelInput) -> AsyncIterator[LanguageModelInput]:
    """What LangChain's helper for asyncio takes: an asynchronous iterator of inputs, here of one."""
    yield input


def _question_and_history(input: LanguageModelInput) -> tuple[str, list[Turn]]:
    """The question and what was said before it, of what a chat model is given."""
    messages = _messages(input)
    if not messages or not isinstance(messages[-1], HumanMessage):
        raise InputError("The last message must be the user's question.")
    return messages[-1].text, [turn for one in messages[:-1] if (turn := _turn(one))]


def _messages(input: LanguageModelInput) -> list[BaseMessage]:
    if isinstance(input, str):
        return [HumanMessage(input)]
    # A chain gives a prompt's value; messages may also come as pairs or dictionaries, which LangChain reads.
    return input.to_messages() if isinstance(input, PromptValue) else convert_to_messages(input)


def _turn(message: BaseMessage) -> Turn | None:
    """What was said; None for instructions, tools' results and calls, which are no part of what the user read."""
    match message:
        case HumanMessage():
            return Turn("user", message.text)
        case AIMessage() if message.text:
            return Turn("assistant", message.text)
    return None
