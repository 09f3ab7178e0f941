"""A follow-up and its conversation -> a question of its own, in a model's words; kept only where it did not drift.

A model that was asked to rewrite a question may answer it, or put in what nobody said. Then the rules of `condense` decide.
"""

import re
from collections.abc import Sequence

from bot.prompting import Message, Prompt
from bot.prompting.fence import escape_tags, transcript
from bot.reading.names import names
from bot.types import Question
from vectorstore.searching.folding import terms

LONGEST = 400
"""Characters of a rewritten question; what is longer is no question."""
NEW = 0.4
"""The largest share of its words that nobody said before. Rewriting takes words over: what is mostly new is an answer."""
TOKENS = 120
"""What a rewritten question may cost at most."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WRAPPING = "\"'“”‘’«»` "


def messages(prompt: Prompt, question: Question) -> tuple[Message, ...]:
    """The condense prompt with the conversation and the question put in."""
    return prompt.render({"conversation": transcript(question.history), "question": escape_tags(question.text)})


def accepted(reply: str, question: Question) -> str:
    """The rewritten question out of the model's reply; "" where it is none, or drifted from what was said."""
    lines = [line for line in map(str.strip, reply.strip().splitlines()) if line]
    if len(lines) != 1 or len(lines[0]) > LONGEST:
        return ""
    text = lines[0].removeprefix("Question:").strip(_WRAPPING)
    said = [question.text, *(turn.text for turn in question.history)]
    return "" if not _words(text) or _drifted(text, said) else text


def _drifted(text: str, said: Sequence[str]) -> bool:
    """Whether it names what nobody named, or is mostly of words that nobody used."""
    known = set().union(*map(_words, said))
    words = _words(text)
    if set(_NUMBER.findall(text)) - {number for one in said for number in _NUMBER.findall(one)}:
        return True
    if any(not _words(name) <= known for name in names(text)):
        return True
    return len(words - known) > NEW * len(words)


def _words(text: str) -> set[str]:
    words, grams = terms(text, stop=True)
    return {*words, *grams}
