"""A prompt with a turn put in: what a model is sent, which passages fit into its budget, and how long that is. Pure.

Passages are fenced off as data. Nothing is sent here: the page shows a prompt on a real turn, to the letter, before anybody
pays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.conversation.condense import rewrite_messages
from bot.errors import InputError
from bot.prompting import Message, Prompt
from bot.prompting.fence import escape_tags, fenced_passage, transcript
from bot.types import Passage, Question

TokenCount = Callable[[Sequence[str]], list[int]]
"""Texts -> the tokens of each. The embedding's own tokenizer: a hosted model's would have to be downloaded, and counts less."""


def answer_messages(prompt: Prompt, question: Question, passages: Sequence[Passage]) -> tuple[Message, ...]:
    """The answer prompt with the passages, the conversation and the reader's own words put in."""
    values = {
        "passages": "\n\n".join(map(fenced_passage, passages)),
        "conversation": transcript(question.history),
        # A tag that a reader types must not close the fence around the passages.
        "question": escape_tags(question.text),
    }
    return prompt.render(values)


def fitting(passages: Sequence[Passage], budget: int, count: TokenCount) -> tuple[Passage, ...]:
    """The passages that fit into `budget` tokens, best first, as `count` counts them; the best one always does."""
    sizes = count([fenced_passage(passage) for passage in passages])
    kept: list[Passage] = []
    for passage, size in zip(passages, sizes, strict=True):
        if kept and size > budget:
            continue  # a shorter one further down may still fit
        kept.append(passage)
        budget -= size
    return tuple(kept)


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


def rendered(prompt: Prompt, question: Question, passages: tuple[Passage, ...], budget: int, count: TokenCount) -> Rendered:
    """A prompt with a turn put in; `budget` is how many tokens of passages a model is given."""
    if needs_passages(prompt):
        wanted = passages[: prompt.settings.passages]
        given = fitting(wanted, budget, count)
        messages = answer_messages(prompt, question, given)
        return Rendered(messages, _tokens(messages, count), given, len(wanted) - len(given))
    messages = rewrite_messages(prompt, question)
    return Rendered(messages, _tokens(messages, count))


def _tokens(messages: tuple[Message, ...], count: TokenCount) -> int:
    return sum(count([text for _, text in messages]))
