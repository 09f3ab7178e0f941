"""Example questions: made from the articles, of different shapes, and each answered from the article that it comes from."""

from collections.abc import Callable, Iterator

import pytest

from bot.answering.pipeline import Bot, Limits
from bot.suggestions.examples import WANTED, examples
from bot.types import Answer, Citation, Done, Event, Question
from vectorstore.index import Index
from vectorstore.searching.search import Searcher
from vectorstore.storage.rows import Summary
from vectorstore.types import Article

Ask = Callable[[Question], Iterator[Event]]

TEXTS = {
    "bridge.md": "Ada Brandt said that the bridge was ready. The Ner Bridge is the longest of its kind. In 1931 it opened.",
    "harbour.md": "In 1902, the harbour froze over. Otto Lund argues that it will freeze again. Nobody listened.",
    "hills.md": "Anna Berg of Sund climbed it twice. The hill is steep.",
}


def library(**texts: str) -> dict[str, Article]:
    return {id: Article(id, text, id) for id, text in texts.items()}


def answering(answered: Callable[[str], str | None]) -> Ask:
    """A bot that answers a question from the article which `answered` names, or abstains."""

    def ask(question: Question) -> Iterator[Event]:
        source = answered(question.text)
        citations = (Citation(1, source, "", 0, 1, "", "quoted"),) if source else ()
        yield Done(Answer(question.text, "", "", source is None, 1.0, "quotes", (), citations, ()))

    return ask


def source_of(question: str) -> str | None:
    """The article with most of the question's words."""
    return max(TEXTS, key=lambda id: sum(word.strip("?") in TEXTS[id] for word in question.split()))


def drawn(articles: dict[str, Article], ask: Ask) -> list[str]:
    summaries = [Summary(id, id, "", "", "", False, len(one.text), 1) for id, one in articles.items()]
    return examples(summaries, articles.get, ask)


@pytest.fixture(scope="module")
def seeds_examples(seeds_index: Index, seeds_searcher: Searcher) -> list[str]:
    bot = Bot(seeds_searcher.search, seeds_index.catalog.summaries, Limits())
    return examples(seeds_index.catalog.articles(), seeds_index.catalog.article, bot.stream)


def test_the_seeds_give_three_questions_and_none_twice(seeds_examples: list[str]) -> None:
    assert len(set(seeds_examples)) == len(seeds_examples) == WANTED == 3


def test_each_question_of_the_seeds_is_answered(
    seeds_examples: list[str], seeds_index: Index, seeds_searcher: Searcher
) -> None:
    bot = Bot(seeds_searcher.search, seeds_index.catalog.summaries, Limits())
    done = [list(bot.stream(Question(question)))[-1] for question in seeds_examples]
    assert [isinstance(event, Done) and event.answer.abstained for event in done] == [False] * 3


def test_each_question_is_one_question(seeds_examples: list[str]) -> None:
    assert all(question[0].isupper() and question.endswith("?") and "\n" not in question for question in seeds_examples)


def test_the_questions_come_from_different_articles_and_have_different_shapes() -> None:
    questions = drawn(library(**TEXTS), answering(source_of))
    assert questions[:2] == ["What did Ada Brandt say?", "What happened in 1902?"]
    assert len({source_of(question) for question in questions}) == 3


def test_a_question_that_is_not_answered_is_not_offered() -> None:
    assert drawn(library(**TEXTS), answering(lambda _: None)) == []


def test_a_question_that_another_article_answers_is_not_offered() -> None:
    assert drawn(library(**TEXTS), answering(lambda _: "other.md")) == []


def test_little_text_gives_fewer_questions() -> None:
    questions = drawn(library(**{"hills.md": TEXTS["hills.md"]}), answering(lambda _: "hills.md"))
    assert len(questions) == 1


def test_one_article_gives_two_at_most() -> None:
    assert len(drawn(library(**{"bridge.md": TEXTS["bridge.md"]}), answering(lambda _: "bridge.md"))) == 2


@pytest.mark.parametrize(
    "text", ["", "nothing here begins with a capital letter.", "鄧小平開始了改革。", "It is so. They are here."]
)
def test_a_text_that_suggests_nothing_gives_none(text: str) -> None:
    assert drawn(library(**{"a.md": text}), answering(lambda _: "a.md")) == []


def test_no_articles_give_none() -> None:
    assert drawn({}, answering(lambda _: "a.md")) == []


def test_an_article_that_has_just_been_removed_is_passed_over() -> None:
    summaries = [Summary("gone.md", "", "", "", "", False, 1, 1)]
    assert examples(summaries, {}.get, answering(lambda _: "gone.md")) == []


def test_only_so_many_articles_are_read() -> None:
    read: list[str] = []

    def reading(id: str) -> Article | None:
        read.append(id)
        return None

    examples([Summary(f"{n}.md", "", "", "", "", False, 1, 1) for n in range(100)], reading, answering(lambda _: None))
    assert len(read) == 12
