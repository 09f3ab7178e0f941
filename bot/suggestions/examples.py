"""Example questions drawn from the articles at hand, each tried before it is offered."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.suggestions.subjects import Subjects
from bot.suggestions.suggesting import Shape, suggestions
from bot.types import Done, Event, Question
from vectorstore.splitting.sentences import sentences
from vectorstore.storage.rows import Summary
from vectorstore.types import Article

WANTED = 3
_READ = 12
"""Articles that are read for examples, and the characters of each: the page must not wait."""
_CHARACTERS = 6000

_SHAPES: tuple[tuple[Shape, ...], ...] = (
    ("said",),
    ("what",),
    ("happened", "when"),
    ("argued",),
    ("about", "many", "by", "why"),
)
"""Those that are looked for in turn, so that the examples differ."""

Ask = Callable[[Question], Iterator[Event]]


def examples(articles: Iterable[Summary], read: Callable[[str], Article | None], ask: Ask) -> list[str]:
    """Up to three questions, of different shapes and from different articles where that can be had."""
    chosen: list[str] = []
    texts = [article for one in list(articles)[:_READ] if (article := read(one.id)) is not None]
    for turn in range(len(texts) * 2):
        article = texts[turn % len(texts)]
        shapes = _SHAPES[turn % len(_SHAPES) :] + _SHAPES[: turn % len(_SHAPES)]
        question = next((q for q in _questions(article, shapes) if q not in chosen and _answered(q, article, ask)), None)
        if question:
            chosen.append(question)
        if len(chosen) == WANTED:
            break
    return chosen


def _questions(article: Article, shapes: Sequence[Sequence[Shape]]) -> Iterator[str]:
    """The first question of each shape that the article's opening suggests."""
    opening = article.text[:_CHARACTERS]
    known = Subjects(opening)
    made = [one for start, end in sentences(opening) for one in suggestions(opening[start:end], known)]
    for alike in shapes:
        yield from [one.text for one in made if one.shape in alike][:1]


def _answered(question: str, article: Article, ask: Ask) -> bool:
    """Whether the bot answers it, from that very article."""
    for event in ask(Question(question)):
        if isinstance(event, Done):
            return not event.answer.abstained and event.answer.citations[0].article == article.id
    return False
