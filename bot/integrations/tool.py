"""Footnote as a tool of an agent: a question in, a cited answer out."""

from typing import Literal

from langchain_core.callbacks import AsyncCallbackManagerForToolRun, CallbackManagerForToolRun
from langchain_core.tools import BaseTool, ToolException
from pydantic import BaseModel, ConfigDict, Field

from bot.errors import FootnoteError
from bot.integrations.footnote import Footnote
from bot.integrations.messages import source_lines
from bot.json_records import NEAREST, Record, answer_record
from bot.types import Answer
from vectorstore.types import EVERYWHERE, Scope


class ArticleQuestion(BaseModel):
    """What an agent asks."""

    question: str = Field(description="A whole question that stands by itself, in any language.")


class FootnoteTool(BaseTool):
    """Asks the articles. The content is the answer with its sources, for the model; the artifact is its JSON record.

    What goes wrong is told to the model as a sentence; with `handle_tool_error=False` it is raised as ToolException.

    >>> tool = FootnoteTool(footnote=footnote)
    >>> call = {"name": tool.name, "args": {"question": "Who owns the Moon's mines?"}, "id": "1", "type": "tool_call"}
    >>> tool.invoke(call).artifact["abstained"]
    True
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: str = "ask_articles"
    description: str = (
        "Answers a question from the user's own articles and from nothing else, with the exact words that each sentence rests "
        "on. Says so where the articles do not answer."
    )
    args_schema: type[BaseModel] = ArticleQuestion
    response_format: Literal["content_and_artifact"] = "content_and_artifact"
    handle_tool_error: bool = True
    # Left out of dumps: it holds the settings, and with them the keys.
    footnote: Footnote = Field(exclude=True, repr=False)
    model: str = ""
    scope: Scope = EVERYWHERE

    def _run(self, question: str, run_manager: CallbackManagerForToolRun | None = None) -> tuple[str, Record]:  # noqa: ARG002
        try:
            return _content_and_artifact(self.footnote.ask(question, model=self.model, scope=self.scope))
        except FootnoteError as error:
            raise _as_tool_error(error) from error

    async def _arun(
        self,
        question: str,
        run_manager: AsyncCallbackManagerForToolRun | None = None,  # noqa: ARG002
    ) -> tuple[str, Record]:
        try:
            return _content_and_artifact(await self.footnote.aask(question, model=self.model, scope=self.scope))
        except FootnoteError as error:
            raise _as_tool_error(error) from error


def _content_and_artifact(answer: Answer) -> tuple[str, Record]:
    """The answer for a model to read, and its record."""
    lines = [*source_lines(answer.citations), *answer.notes]
    if answer.abstained:
        nearest = answer.passages[:NEAREST]
        lines += [f"Nearest, in {one.title} ({one.article}): {' '.join(one.words(one.nearest).split())}" for one in nearest]
    return "\n".join([answer.text, "", *lines]).strip(), answer_record(None, answer)


def _as_tool_error(error: FootnoteError) -> ToolException:
    return ToolException(f"{error.message} {error.help}".strip())
