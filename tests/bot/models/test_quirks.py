"""Every quirk of real servers: a reader has the answer, or a sentence that names the cause, and never a thought or a token."""

import pytest

from bot.errors import ModelError
from bot.models import Message, Model, TextRetraction
from tests.openai_server import OpenAIServer
from tests.openai_server.quirks import QUIRKS

ASKED: list[Message] = [("system", "Answer from the passages."), ("user", "Who?"), ("assistant", "Ada."), ("user", "And when?")]


@pytest.mark.parametrize("name", QUIRKS)
def test_a_quirk_gives_the_answer_or_the_cause(model: Model, server: OpenAIServer, name: str) -> None:
    quirk = QUIRKS[name]
    server.refuses = quirk.refuses
    server.script(*[quirk.reply] * 3)
    text = thoughts = failure = ""
    try:
        for piece in model.stream(ASKED, max_tokens=77, temperature=0.0):
            text = "" if isinstance(piece, TextRetraction) else text + getattr(piece, "text", "")
            thoughts += getattr(piece, "thoughts", "")
    except ModelError as error:
        failure = error.message
    assert (quirk.fails in failure) if quirk.fails else not failure
    assert text == quirk.shows or (failure and not text)
    assert thoughts.strip() == quirk.thinks.strip()
