"""The tools that an agent is given: search, ask, check, verify and articles, each with the record of its command."""

import json
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Generator, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar, cast

from anyio import to_thread
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, TextContent
from pydantic import Field

from bot.answering.streamed import with_notices
from bot.answering.tally import spent
from bot.cancellation import run_in_thread, stream_in_thread
from bot.errors import ModelError
from bot.json_records import Record, answer_record, checked_record, judgement_record, search_record, summary_record
from bot.serving.requests import (
    MOST_HITS,
    MOST_TURNS,
    AskedText,
    ClaimText,
    LongText,
    RequestBody,
    ScopeRequest,
    Text,
    plain_lines,
)
from bot.serving.responses import AnswerRecord, ArticleListRecord, CheckRecord, JudgementRecord, SearchRecord
from bot.types import Answer, Checked, Condensed, Done, Event, Notice, Question, Retrieved, Turn
from bot.wiring import Service
from vectorstore.types import EVERYWHERE

if TYPE_CHECKING:
    from vectorstore.storage.records import ArticleSummary

Step = TypeVar("Step")

PAUSE = 0.1
"""Seconds between two reports of progress: more of them would cost more than they tell."""


class TurnArgument(RequestBody):
    """One thing that was said before the question."""

    role: Literal["user", "assistant"]
    content: Text


HistoryField = Annotated[
    list[TurnArgument], Field(max_length=MOST_TURNS, description="what was said before, oldest first, for a follow-up")
]
ScopeField = Annotated[ScopeRequest | None, Field(description="keeps to some of the articles")]
ModelField = Annotated[str, Field(description='"quotes" for quotations alone, or the name of a model; "" is the default')]


class AgentTools:
    """What an agent can ask of one home; each method is a tool, and its docstring is what the agent reads of it.

    >>> tools = AgentTools(open_service(load_settings()))
    >>> tools.search("Who launched the alliance?", k=1).structured_content["hits"][0]["article"]
    'co-prosperity-leader-alliance.md'
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def search(
        self,
        question: AskedText,
        k: Annotated[int, Field(ge=1, le=MOST_HITS, description="how many passages")] = 10,
        scope: ScopeField = None,
        history: HistoryField = [],  # noqa: B006  # a schema wants the default itself, and nobody changes it
    ) -> Annotated[CallToolResult, SearchRecord]:
        """Find the passages of the user's articles that bear on a question, word for word, best first."""
        found = self._service.library.search(_question(question, history, scope), k)
        notes = {"notes": list(found.notes)} if found.notes else {}
        return _result({**search_record(None, found), **notes})

    async def ask(
        self,
        question: AskedText,
        context: Context[object, object],
        scope: ScopeField = None,
        history: HistoryField = [],  # noqa: B006
        model: ModelField = "",
    ) -> Annotated[CallToolResult, AnswerRecord]:
        """Answer a question from the user's articles; every sentence is cited with the exact words it rests on and a verdict.

        Where the articles do not say, `abstained` is true: then say so, and do not answer from elsewhere.
        """
        asked = _question(question, history, scope, model)
        told = ProgressReport(context)
        answers: list[Answer] = []
        notices: list[str] = []

        async def handle(event: Event) -> None:
            """Takes the answer at the end, and tells the steps before it."""
            match event:
                case Done(answer):
                    answers.append(with_notices(answer, notices))
                case Notice(text):
                    notices.append(text)
            await told.step(_event_text(event))

        await _each_step(self._service.chat.stream(asked), handle)
        if not answers:
            raise ModelError("The answer broke off before its end.")
        return _result(answer_record(None, answers[0]))

    async def check(
        self,
        text: Annotated[LongText, Field(description="plain text or Markdown, such as an answer of yours")],
        context: Context[object, object],
    ) -> Annotated[CallToolResult, CheckRecord]:
        """Check a text against the user's articles, sentence by sentence: what supports each, what contradicts it, and where.

        Use it on what you wrote before you show it, and correct or drop each sentence whose verdict is not quoted or supported.
        """
        draft = plain_lines(text)
        # In a thread, as the sentences of a book take seconds to find, and other calls must not wait for that.
        spans = await to_thread.run_sync(self._service.drafts.statements, draft)
        told = ProgressReport(context, len(spans))
        found: list[Checked] = []

        async def handle(one: Checked) -> None:
            """Keeps a sentence, and tells how many there are by now."""
            found.append(one)
            await told.step(f"{len(found)} of {told.total} sentences checked")

        await _each_step(self._service.drafts.check(draft), handle)
        return _result(await self._advised(found))

    async def _advised(self, found: list[Checked]) -> Record:
        """The record of a check, with the model's opinions of the sentences in doubt where a setting asks for them."""
        notes: list[str] = []
        if self._service.chat.advises():
            advice = await run_in_thread(lambda _: self._service.drafts.advise(found))
            found = list(advice.checked)
            notes += [*filter(None, [advice.note]), *spent(advice.usage, {})]
        counts = Counter(one.verdict for one in found)
        record: Record = {"sentences": [checked_record(one) for one in found], "verdicts": dict(counts.most_common())}
        return {"id": None, **record, "notes": notes}

    def verify(
        self,
        claim: Annotated[ClaimText, Field(description="one sentence", examples=[])],
        source: Annotated[LongText, Field(description="the text that it is held against")],
    ) -> Annotated[CallToolResult, JudgementRecord]:
        """Judge whether a source text supports a claim; the user's articles are not asked."""
        judgement = self._service.drafts.judge(claim, source)
        return _result(judgement_record(None, judgement))

    def articles(
        self,
        matching: Annotated[str, Field(description="words that must stand in the id, title, author, tags or collections")] = "",
        offset: Annotated[int, Field(ge=0, description="how many to pass over")] = 0,
        limit: Annotated[int, Field(ge=1, le=1000, description="how many to list")] = 50,
    ) -> Annotated[CallToolResult, ArticleListRecord]:
        """List the user's articles, without their texts; the text of one is the resource footnote://articles/ID."""
        words = matching.casefold().split()
        library = self._service.library
        # An empty home is no error to an agent: it lists nothing.
        found = [one for one in library.articles() if _matches(one, words)] if library.has_index() else []
        listed = [summary_record(one) for one in found[offset : offset + limit]]
        return _result({"articles": listed, "total": len(found)})


class ProgressReport:
    """Tells a client how far a call is, at most ten times a second; a client that did not ask is told nothing.

    >>> told = ProgressReport(context, total=40)
    >>> await told.step("1 of 40 sentences checked")
    """

    def __init__(self, context: Context[object, object], total: int | None = None) -> None:
        self.total = total
        self._context = context
        self._done = 0
        # `time.monotonic` is far above this, so the first step is always told.
        self._told = 0.0

    async def step(self, text: str) -> None:
        """Tells of one more step, in words."""
        self._done += 1
        now = time.monotonic()
        # The last one is always told, so that a bar that is drawn from these comes to its end.
        if now - self._told >= PAUSE or self._done == self.total:
            self._told = now
            await self._context.report_progress(self._done, self.total, text)


async def _each_step(steps: Iterator[Step], handle: Callable[[Step], Coroutine[object, object, None]]) -> None:
    """Awaits `handle` for each step of work that blocks, in order; a call that is cancelled stops the work at its next step."""
    # The steps come from generators: closing one stops its work.
    async with aclosing(stream_in_thread(cast("Generator[Step]", steps))) as done:
        async for step in done:
            await handle(step)


def _question(text: str, history: list[TurnArgument], scope: ScopeRequest | None, model: str = "") -> Question:
    turns = tuple(Turn(one.role, one.content) for one in history)
    kept = scope.scope() if scope else EVERYWHERE
    return Question(text, turns, kept, model=model)


def _event_text(event: Event) -> str:
    """What a client's progress bar says of a step of an answer."""
    match event:
        case Condensed(query):
            return f"Searching: {query}"
        case Retrieved(passages):
            return f"{len(passages)} passages found"
        case Notice(text):
            return text
        case Done():
            return "Done"
    return "Writing"


def _matches(article: "ArticleSummary", words: list[str]) -> bool:
    shown = " ".join((article.id, article.title, article.author, *article.tags, *article.collections)).casefold()
    return all(word in shown for word in words)


def _result(record: Record) -> CallToolResult:
    """A record as a tool's result: structured, and as text for clients that read nothing else."""
    # Without the spaces of a pretty print, which an agent would pay for as tokens.
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=dict(record))
