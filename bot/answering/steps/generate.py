"""Passages and a question -> what the model is sent: as many passages as its budget takes, fenced off as data."""

from collections.abc import Callable, Sequence

from bot.prompting import Message, Prompt
from bot.prompting.fence import escape_tags, fenced_passage, transcript
from bot.types import Passage, Question

Count = Callable[[Sequence[str]], list[int]]
"""Texts -> the tokens of each. The embedding's own tokenizer: a hosted model's would have to be downloaded, and counts less."""


def messages(prompt: Prompt, question: Question, passages: Sequence[Passage]) -> tuple[Message, ...]:
    """The answer prompt with the passages, the conversation and the reader's own words put in."""
    values = {
        "passages": "\n\n".join(map(fenced_passage, passages)),
        "conversation": transcript(question.history),
        "question": escape_tags(question.text),
    }
    return prompt.render(values)


def fitting(passages: Sequence[Passage], budget: int, count: Count) -> tuple[Passage, ...]:
    """The passages that fit into `budget` tokens, best first, as `count` counts them; the best one always does."""
    sizes = count([fenced_passage(passage) for passage in passages])
    kept: list[Passage] = []
    for passage, size in zip(passages, sizes, strict=True):
        if kept and size > budget:
            continue  # a shorter one further down may still fit
        kept.append(passage)
        budget -= size
    return tuple(kept)
