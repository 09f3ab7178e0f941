"""Answers by models that think aloud: over the real client, what was shown before the end of the thoughts is taken back."""

from bot.answering.writing import ModelWriter
from bot.types import Retraction, Token
from tests.bot.answering.written import answered, told
from tests.openai_server import OpenAIServer, words

THOUGHT = "Okay, passage 2 names Ada Brandt [2].\nIt says so.\n"
GOOD = "The bridge at Ner opened on 4 May 1931 [1]."


def test_thoughts_without_an_opening_tag_are_taken_back(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words(f"{THOUGHT}</think>\n\n{GOOD}"))
    events = told(writer)
    answer = events[-1].answer
    assert (answer.text, [claim.verdict for claim in answer.claims]) == (GOOD, ["quoted"])
    after = events[[type(event) for event in events].index(Retraction) :]
    assert "".join(event.text for event in after if isinstance(event, Token)) == GOOD


def test_a_model_that_did_so_once_shows_no_thoughts_again(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words(f"{THOUGHT}</think>\n\n{GOOD}"), words(f"{THOUGHT}</think>\n\n{GOOD}"))
    answered(writer)
    assert Retraction() not in told(writer)


def test_thoughts_are_kept_beside_the_reply(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words(f"<think>{THOUGHT}</think>\n\n{GOOD}"))
    trace = answered(writer).trace
    assert trace is not None
    assert (trace.reply, trace.thoughts) == (GOOD, THOUGHT.strip())
