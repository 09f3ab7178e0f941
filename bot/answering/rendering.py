"""A prompt on a real turn: to the letter what a model would be sent, and how long that is. Pure; nothing is sent."""

from dataclasses import dataclass

from bot.answering.steps import generate
from bot.conversation import rewrite
from bot.errors import InputError
from bot.prompting import Message, Prompt
from bot.types import Passage, Question

_TURNS = ("answer", "condense")
"""The prompts that are sent in a turn of a conversation."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The messages of a prompt with a turn put in, and their tokens as the embedding counts them, which is about right.

    `passages` are those that fitted into the budget; `left` is how many did not.
    """

    messages: tuple[Message, ...]
    tokens: int
    passages: tuple[Passage, ...] = ()
    left: int = 0


def needs_passages(prompt: Prompt) -> bool:
    """Whether something has to be searched before a prompt can be rendered; raises InputError for one of no turn."""
    if prompt.name not in _TURNS:
        raise InputError(f"Footnote does not use “{prompt.name}” in a turn, so it has nothing to put in for its variables.")
    return "passages" in prompt.variables


def rendered(prompt: Prompt, question: Question, passages: tuple[Passage, ...], budget: int, count: generate.Count) -> Rendered:
    """A prompt with a turn put in; `budget` is how many tokens of passages a model is given."""
    if needs_passages(prompt):
        given = generate.fitting(passages, budget, count)
        messages = generate.messages(prompt, question, given)
        return Rendered(messages, _tokens(messages, count), given, len(passages) - len(given))
    messages = rewrite.messages(prompt, question)
    return Rendered(messages, _tokens(messages, count))


def _tokens(messages: tuple[Message, ...], count: generate.Count) -> int:
    return sum(count([text for _, text in messages]))
