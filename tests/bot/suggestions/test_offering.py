"""Questions to go on with, and to begin with: near the answer, really answered, new to the reader, tried only so often."""

from collections.abc import Callable, Iterator

import pytest

from bot.answering.pipeline import Bot
from bot.answering.quotations import is_question
from bot.answering.retrieval import Limits
from bot.reading.words import words
from bot.suggestions.offering import EXAMPLES, TRIES, WANTED, Ask, examples, followups
from bot.suggestions.written import WrittenQuestions
from bot.types import Answer, Citation, Done, Event, Passage, Question, Turn
from vectorstore.index import Index
from vectorstore.searching.search import Searcher
from vectorstore.splitting.sentences import sentences
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import Article, Scope

BRIDGE = """# The Ner Bridge

The Ner Bridge carries 12 trains a day across the wide river.

## How the bridge was opened

The Ner Bridge was opened in 1931 by the queen of the country.

## What Ada Brandt said of the bridge

Ada Brandt said that the Ner Bridge was the best of all her works.

## Why the bridge was closed

The Ner Bridge was closed because the river rose so much.
"""
HARBOUR = """# The harbour of Sund

The Sund Harbour is the largest one on the whole of the coast.

## A bridge for the harbour

Otto Lund argues that the Sund Harbour needs a bridge of its own.
"""
TEXTS = {"bridge.md": BRIDGE, "harbour.md": HARBOUR}
ASKED = Question("How many trains a day cross the Ner Bridge?")


def article(id: str) -> Article | None:
    return Article(id, TEXTS[id], TEXTS[id].partition("\n")[0].strip("# "), language="en") if id in TEXTS else None


def cite(line: str) -> Citation:
    """The sentence that begins so, quoted."""
    for id, text in TEXTS.items():
        for start, end in sentences(text):
            if text[start:].startswith(line):
                return Citation(1, id, id, start, end, text[start:end], "quoted")
    raise AssertionError(line)


def answer(*lines: str, question: str = ASKED.text) -> Answer:
    """An answer that quotes these sentences, from both articles."""
    passages = tuple(
        Passage(n, id, id, "", "", 0, len(text), text, 1.0, sentences=tuple(sentences(text)))
        for n, (id, text) in enumerate(TEXTS.items(), 1)
    )
    citations = tuple(map(cite, lines))
    return Answer(question, question, "", not lines, 0.9, "quotes", (), citations, passages)


CARRIES = answer("The Ner Bridge carries")


class Answering:
    """Answers a question with the sentence that shares most words with it; keeps what it was asked."""

    def __init__(self, confidence: float = 0.9, silent: Callable[[str], bool] = lambda _: False) -> None:
        self.confidence, self.silent = confidence, silent
        self.asked: list[Question] = []

    def __call__(self, question: Question) -> Iterator[Event]:
        self.asked.append(question)
        wanted = {word.stem for word in words(question.text)}
        every = [text[start:end] for text in TEXTS.values() for start, end in sentences(text)]
        lines = [line for line in every if not line.startswith("#")]
        best = max(lines, key=lambda line: len(wanted & {word.stem for word in words(line)}))
        silent = self.silent(question.text)
        citations = () if silent else (cite(best),)
        yield Done(Answer(question.text, "", "", silent, self.confidence, "quotes", (), citations, ()))


def offered(ask: Ask, question: Question = ASKED, given: Answer = CARRIES) -> tuple[str, ...]:
    return followups(question, given, article, ask).questions


def test_what_the_articles_of_the_answer_suggest_is_offered() -> None:
    made = offered(Answering())
    assert len(made) == WANTED
    assert set(made) & {"How was the bridge opened?", "Why was the bridge closed?", "What did Ada Brandt say of the bridge?"}


def test_the_questions_are_tried_in_the_readers_scope_without_history() -> None:
    ask, scope = Answering(), Scope(articles=("bridge.md",))
    made = offered(ask, Question(ASKED.text, (Turn("user", "Hello"),), scope))
    assert made
    assert {(one.model, one.scope, one.history) for one in ask.asked} == {("quotes", scope, ())}


@pytest.mark.parametrize(
    "ask",
    [Answering(silent=lambda _: True), Answering(confidence=0.2), lambda _: iter(())],
    ids=["abstains", "is unsure", "never comes to an end"],
)
def test_what_is_not_surely_answered_is_not_offered(ask: Ask) -> None:
    assert offered(ask) == ()


def test_what_is_answered_by_what_the_answer_quotes_is_not_offered() -> None:
    def ask(question: Question) -> Iterator[Event]:
        yield Done(Answer(question.text, "", "", False, 0.9, "quotes", (), CARRIES.citations, ()))

    assert offered(ask) == ()


def test_what_an_earlier_answer_quoted_is_not_offered() -> None:
    opened, closed = cite("The Ner Bridge was opened").quote, cite("The Ner Bridge was closed").quote
    told = Turn("assistant", f"Word for word:\n\n{opened} [1]\n\n{closed} [2]")
    made = offered(Answering(), Question(ASKED.text, (Turn("user", "Tell me of it"), told)))
    assert made
    assert not {"How was the bridge opened?", "Why was the bridge closed?"} & set(made)


def test_two_questions_with_one_answer_are_not_both_offered() -> None:
    ask = Answering()
    quotes = [list(ask(Question(one)))[-1] for one in offered(Answering())]
    assert len({one.answer.citations[0].start for one in quotes if isinstance(one, Done)}) == len(quotes)


@pytest.mark.parametrize(
    "before", ["How was the bridge opened?", "how were the bridges opened", "WHEN WAS THE LONG BRIDGE OPENED"]
)
def test_what_the_reader_has_asked_is_not_offered(before: str) -> None:
    ask = Answering()
    offered(ask, Question(ASKED.text, (Turn("user", before), Turn("assistant", "It is not known."))))
    assert "How was the bridge opened?" not in [one.text for one in ask.asked]


def test_what_a_model_wrote_is_tried_and_offered_first() -> None:
    wrote = WrittenQuestions(("Who paid?", "What did Ada Brandt say of the Ner Bridge?"), {"input_tokens": 9})
    ask = Answering(silent=lambda text: text == "Who paid?")
    found = followups(ASKED, CARRIES, article, ask, lambda _, __: wrote)
    assert [one.text for one in ask.asked[:2]] == list(wrote.questions)
    assert (found.questions[0], found.usage) == (wrote.questions[1], wrote.usage)
    assert len(found.questions) > 1


def test_a_model_s_question_has_to_be_answered_more_surely() -> None:
    wrote = WrittenQuestions(("What did Ada Brandt say of the Ner Bridge?",))
    made = followups(ASKED, CARRIES, article, Answering(confidence=0.4), lambda _, __: wrote).questions
    assert made and wrote.questions[0] not in made


def test_only_so_many_are_tried() -> None:
    text = "# Bridges\n" + "".join(
        f"\n## How Bridge {n} was built\n\nIt was built in the year {1800 + n}.\n" for n in range(20)
    )
    passage = Passage(1, "many.md", "", "", "", 0, len(text), text, 1.0, sentences=tuple(sentences(text)))
    given = Answer("Who built the bridges?", "", "", True, 0.1, "quotes", (), (), (passage,))
    ask = Answering(silent=lambda _: True)
    followups(Question("Who built the bridges?"), given, lambda id: Article(id, text, "Bridges"), ask)
    assert len(ask.asked) == TRIES == 8


def test_after_no_answer_the_nearest_passages_give_questions() -> None:
    text = "Who paid for the bridge?"
    assert offered(Answering(), Question(text), answer(question=text))


def test_where_nothing_comes_near_the_question_nothing_is_offered(seeds_bot: Bot, seeds_index: Index) -> None:
    question = Question("What is the capital of France?")
    given = last(seeds_bot, question)
    assert given.abstained and given.passages
    assert followups(question, given, seeds_index.catalog.article, seeds_bot.stream).questions == ()


def test_an_article_that_the_answer_does_not_cite_suggests_nothing(seeds_bot: Bot, seeds_index: Index) -> None:
    question = Question("What is the bridge of a violin made of?")
    made = followups(question, last(seeds_bot, question), seeds_index.catalog.article, seeds_bot.stream).questions
    told = [last(seeds_bot, Question(one)).citations[0].article for one in made]
    assert told and set(told) == {"violin-parts.docx"}
    assert all(is_question(one) for one in made)


def test_a_cited_article_about_something_else_suggests_nothing() -> None:
    question = "How many trains a day cross the Ner Bridge?"
    given = answer("The Ner Bridge carries", "The Sund Harbour is", question=question)
    assert offered(Answering(), Question(question), given)
    assert not any("Sund" in one or "harbour" in one for one in offered(Answering(), Question(question), given))


def test_a_question_back_to_the_reader_gives_none() -> None:
    asked_back = Answer("hello", "", "What would you like to know?", True, 0.0, "quotes", (), (), ())
    assert offered(Answering(), Question("hello"), asked_back) == ()


def test_an_article_that_has_just_been_removed_is_passed_over() -> None:
    assert followups(ASKED, CARRIES, lambda _: None, Answering()).questions == ()


def test_a_citation_of_nothing_is_passed_over() -> None:
    missing = Citation(9, "", "", 0, 0, "", "no such passage")
    given = Answer(ASKED.text, "", "It is so [9].", False, 0.9, "model", (), (missing,), CARRIES.passages)
    assert offered(Answering(), given=given)


@pytest.fixture(scope="module")
def seeds_bot(seeds_searcher: Searcher, seeds_index: Index) -> Bot:
    return Bot(seeds_searcher.search, seeds_index.catalog.summaries, Limits())


def last(bot: Bot, question: Question) -> Answer:
    done = list(bot.stream(question))[-1]
    assert isinstance(done, Done)
    return done.answer


@pytest.mark.parametrize(
    "text",
    [
        "When was the Japan-Taiwan Co-prosperity Leader Alliance launched?",
        "What did Musk say about Chinese workers?",
        "When was the Soviet Union dissolved?",
        "What is the first island chain?",
        "What does Yao say about Okinawa?",
    ],
)
def test_the_seeds_answer_what_is_offered_with_something_new(text: str, seeds_bot: Bot, seeds_index: Index) -> None:
    question = Question(text)
    given = last(seeds_bot, question)
    made = followups(question, given, seeds_index.catalog.article, seeds_bot.stream).questions
    assert 1 <= len(made) <= WANTED
    assert all(map(is_question, made))
    answers = [last(seeds_bot, Question(one)) for one in made]
    assert not any(one.abstained for one in answers)
    firsts = [one.citations[0].quote for one in answers]
    assert len({*firsts, *(citation.quote for citation in given.citations)}) == len(firsts) + len(given.citations)


def test_the_same_answer_gives_the_same_questions(seeds_bot: Bot, seeds_index: Index) -> None:
    question = Question("When was the Soviet Union dissolved?")
    given = last(seeds_bot, question)
    one, two = (followups(question, given, seeds_index.catalog.article, seeds_bot.stream) for _ in range(2))
    assert one == two


def drawn(texts: dict[str, str], ask: Ask) -> list[str]:
    library = {id: Article(id, text, text.partition("\n")[0].strip("# "), language="en") for id, text in texts.items()}
    summaries = [ArticleSummary(id, one.title, "", "", "", False, len(one.text), 1) for id, one in library.items()]
    return examples(summaries, library.get, ask)


def test_the_examples_of_the_seeds_are_three_that_are_answered(seeds_bot: Bot, seeds_index: Index) -> None:
    made = examples(seeds_index.catalog.articles(), seeds_index.catalog.article, seeds_bot.stream)
    assert len(set(made)) == WANTED == 3
    assert not any(last(seeds_bot, Question(one)).abstained for one in made)


def test_the_examples_come_from_different_articles() -> None:
    made = drawn(TEXTS, Answering())
    assert len(made) == WANTED
    assert {"harbour" in one.casefold() for one in made} == {True, False}


def test_an_example_that_is_not_answered_from_its_article_is_not_offered() -> None:
    assert drawn(TEXTS, Answering(silent=lambda _: True)) == []


def test_without_articles_there_are_no_examples() -> None:
    assert drawn({}, Answering()) == []


def test_only_so_many_articles_are_read_for_examples() -> None:
    read: list[str] = []

    def reading(id: str) -> Article | None:
        read.append(id)
        return None

    examples([ArticleSummary(f"{n}.md", "", "", "", "", False, 1, 1) for n in range(100)], reading, Answering())
    assert len(read) == EXAMPLES == 12


def test_the_examples_are_in_the_language_of_most_articles() -> None:
    summaries = [
        ArticleSummary(f"{n}.md", "", "", "", "", False, 1, 1, language=language)
        for n, language in enumerate(["zh", "en", "en"])
    ]
    read: list[str] = []

    def reading(id: str) -> Article | None:
        read.append(id)
        return None

    examples(summaries, reading, Answering())
    assert read == ["1.md", "2.md"]
