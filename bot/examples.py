"""Example questions drawn from the articles at hand, each tried before it is offered."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.types import Done, Event, Question
from vectorstore.rows import Summary
from vectorstore.sentences import sentences
from vectorstore.types import Article

WANTED = 3
_READ = 12
"""Articles that are read for examples, and the characters of each: the page must not wait."""
_CHARACTERS = 6000

_NAME = r"(?:the )?(?:[A-Z][\w’'-]+)(?: (?:of |the |de |van |von )?[A-Z][\w’'-]+){0,3}"
_TOLD = "said|told|wrote|praised|called|proposed|announced|declared"
_HOLDS = "argues|warns|claims|writes|urges|thinks|believes|calls"
_WHEN = r"(?:In|On) (?:[A-Z][a-z]+\.? )?(?:\d{1,2}, )?\d{4}|On [A-Z][a-z]+\.? \d{1,2}"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"\b(?P<x>{_NAME}),? (?:{_TOLD})\b"), "What did {x} say?"),
    (re.compile(rf"^(?P<x>(?:The )?{_NAME}) (?:is|was|are|were) (?:a|an|the)\b"), "Who or what is {x}?"),
    (re.compile(rf"^(?P<x>{_WHEN}),? "), "What happened {x}?"),
    (re.compile(rf"\b(?P<x>{_NAME}),? (?:{_HOLDS})\b"), "What does {x} argue?"),
    (re.compile(rf"(?P<x>{_NAME} {_NAME})\b"), "What do the articles say about {x}?"),
)
_NO_NAMES = frozenset("The This That These Those He She It They We You I There In On At And But His Her Its Their".split())  # noqa: SIM905

Ask = Callable[[Question], Iterator[Event]]


def examples(articles: Iterable[Summary], read: Callable[[str], Article | None], ask: Ask) -> list[str]:
    """Up to three questions, of different shapes and from different articles where that can be had."""
    chosen: list[str] = []
    texts = [article for one in list(articles)[:_READ] if (article := read(one.id)) is not None]
    for turn in range(len(texts) * 2):
        article = texts[turn % len(texts)]
        shapes = _PATTERNS[turn % len(_PATTERNS) :] + _PATTERNS[: turn % len(_PATTERNS)]
        question = next((q for q in _questions(article, shapes) if q not in chosen and _answered(q, article, ask)), None)
        if question:
            chosen.append(question)
        if len(chosen) == WANTED:
            break
    return chosen


def _questions(article: Article, shapes: Sequence[tuple[re.Pattern[str], str]]) -> Iterator[str]:
    """The first question of each shape that the article's opening suggests."""
    opening = article.text[:_CHARACTERS]
    lines = [opening[start:end] for start, end in sentences(opening)]
    for pattern, form in shapes:
        for line in lines:
            found = pattern.search(line)
            if found and re.sub("^[Tt]he ", "", found["x"]).split()[0] not in _NO_NAMES - {"In", "On"}:
                x = found["x"]
                yield form.format(x=x[0].lower() + x[1:] if x.startswith(("In ", "On ", "The ")) else x)
                break


def _answered(question: str, article: Article, ask: Ask) -> bool:
    """Whether the bot answers it, from that very article."""
    for event in ask(Question(question)):
        if isinstance(event, Done):
            return not event.answer.abstained and event.answer.citations[0].article == article.id
    return False
