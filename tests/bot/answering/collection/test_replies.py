"""Questions about a small library, from the question to the answer's text, claims and footnotes."""

import pytest

from bot.answering.collection.replies import Collection, ProgramFacts
from bot.answering.pipeline import Bot
from bot.answering.retrieval import Limits
from bot.answering.writing import ModelWriter
from bot.types import Answer, Cited, Condensed, Done, Passage, Question, Token, Turn
from tests.openai_server import OpenAIServer
from tests.openai_server.replies import words
from vectorstore.index import Index
from vectorstore.readers import SUFFIXES
from vectorstore.searching.search import Searcher
from vectorstore.types import Scope


@pytest.fixture(scope="module")
def bot(collection: Collection, searcher: Searcher, library: Index) -> Bot:
    return Bot(searcher.search, library.catalog.summaries, Limits(), collection=(collection, ProgramFacts("", "minilm")))


def told(bot: Bot, text: str, *history: str, scope: Scope | None = None) -> Answer:
    """The answer to a question after earlier questions with their answers."""
    turns: list[Turn] = []
    for earlier in history:
        turns += [Turn("user", earlier), Turn("assistant", told(bot, earlier).text)]
    question = Question(text, tuple(turns), scope or Scope())
    done = [*bot.stream(question)][-1]
    assert isinstance(done, Done)
    return done.answer


def cited(answer: Answer) -> list[str]:
    return [one.article for one in answer.citations]


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("What articles do you have?", ["bees.txt", "dam.md", "ferry.md", "tram.md"]),
        ("How many are there by Brandt?", ["dam.md", "tram.md"]),
        ("Which articles are by Ada Brant?", ["dam.md", "tram.md"]),
        ("What is the latest?", ["tram.md"]),
        ("What's the oldest article?", ["dam.md"]),
        ("What is the latest article by Lindqvist?", ["ferry.md"]),
        ("Which article was most recently written by Ada Brandt?", ["tram.md"]),
        ("Which article did Brandt write first?", ["dam.md"]),
        ("When were the articles by Ada Brandt published?", ["dam.md", "tram.md"]),
        ("Which article is the shortest?", ["tram.md"]),
        ("What is the longest article by Ada Brandt?", ["dam.md"]),
        ("Was ist der längste Text?", ["dam.md"]),
        ("Which are about bees?", ["bees.txt"]),
        ("Who wrote about the dam?", ["dam.md"]),
        ("When was the article about the ferry published?", ["ferry.md"]),
        ("Which articles are from 2021?", ["ferry.md"]),
        ("What articles are there since 2021?", ["ferry.md", "tram.md"]),
        ("Welche Artikel hast du?", ["bees.txt", "dam.md", "ferry.md", "tram.md"]),
        ("Where was the article about the dam published?", ["dam.md"]),
        ("Which articles are in English?", ["bees.txt", "dam.md", "ferry.md", "tram.md"]),
        ("Are there any German texts?", []),
    ],
)
def test_a_question_about_the_collection_is_answered_from_the_catalog(bot: Bot, question: str, articles: list[str]) -> None:
    answer = told(bot, question)
    assert (cited(answer), answer.abstained, answer.mode) == (articles, False, "quotes")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Who wrote about the dam?", "Ada Brandt: The dam at Ner · 2019-05-04 [1]"),
        ("When was the article about the ferry published?", "2021-03: The last ferry · Jo Lindqvist [1]"),
        ("Where was the article about the dam published?", "The Ner Gazette: The dam at Ner"),
        ("How many are there by Brandt?", "By Ada Brandt: 2 of the 4 articles."),
        ("List all authors.", "Ada Brandt · 2 [1]"),
        ("How many are in English?", "In English: 4 of the 4 articles."),
        ("Which articles are written in German?", "In German: none of the 4 articles."),
        ("Which languages are the articles in?", "English · 4 [1]"),
        ("What period do the articles cover?", "from 2019-05-04 to 2023"),
        ("Wie viele Artikel gibt es?", "Hier sind 4 Artikel:"),
        ("Which articles are by Okafor?", "No article here states “Okafor” as its author."),
    ],
)
def test_the_answer_says_what_the_catalog_knows(bot: Bot, question: str, said: str) -> None:
    assert said in told(bot, question).text


@pytest.mark.parametrize(
    "question", ["What articles do you have?", "List all authors.", "Summarise all the articles.", "What is the latest?"]
)
def test_text_claims_and_footnotes_fit_together(bot: Bot, library: Index, question: str) -> None:
    answer = told(bot, question)
    for n, (claim, citation) in enumerate(zip(answer.claims, answer.citations, strict=True), 1):
        assert answer.text[claim.start : claim.end] == claim.text
        assert (claim.verdict, claim.citations, citation.n, citation.verdict) == ("quoted", (n,), n, "quoted")
        assert library.catalog.text_between(citation.article, citation.start, citation.end) == citation.quote
        assert f"[{n}]" in answer.text


@pytest.mark.parametrize("question", ["hi", "thanks", "What can you do?", "Can I add PDF files?", "Who made you?", "你好"])
def test_a_reply_about_the_program_has_no_claims_and_is_no_abstention(bot: Bot, question: str) -> None:
    answer = told(bot, question)
    assert answer.text
    assert (answer.claims, answer.citations, answer.passages, answer.abstained) == ((), (), (), False)


def test_what_the_program_says_of_its_model_is_what_is_set_up(collection: Collection) -> None:
    facts = ProgramFacts("openai:some-model", "openai:some-embedding", ("openai:some-model", "openai:some-embedding"))
    model = collection.reply(Question("What model are you?"), facts, lambda: 0.0)
    private = collection.reply(Question("Is my data private?"), facts, lambda: 0.0)
    assert model is not None
    assert "openai:some-model" in model.written.pieces[0]
    assert private is not None
    assert "openai:some-embedding" in private.written.pieces[0]


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("When was it published?", "dam.md"),
        ("Who wrote that?", "dam.md"),
        ("What is it about?", "dam.md"),
        ("Which article is that from?", "dam.md"),
    ],
)
def test_a_follow_up_is_about_the_article_that_the_last_answer_cites(bot: Bot, question: str, article: str) -> None:
    assert cited(told(bot, question, "How high is the wall of the dam at Ner?"))[0] == article


def test_a_follow_up_to_an_answer_from_the_catalog_is_about_its_first_row(bot: Bot) -> None:
    assert cited(told(bot, "When was it published?", "What is the latest?")) == ["tram.md"]


def test_a_follow_up_with_nothing_before_it_is_asked_back(bot: Bot) -> None:
    assert told(bot, "When was it published?").abstained


def test_what_the_article_does_not_state_is_left_to_its_text(bot: Bot) -> None:
    assert "collection" not in told(bot, "Who wrote the article about bees?").ms


def test_an_overview_of_one_article_quotes_its_central_sentences(bot: Bot) -> None:
    answer = told(bot, "Summarise the article about the dam.")
    assert set(cited(answer)) == {"dam.md"}
    assert 3 <= len(answer.citations) <= 5
    assert [one.start for one in answer.citations] == sorted(one.start for one in answer.citations)
    assert [one.quote for one in answer.citations] == [one.text for one in answer.claims]


def test_an_overview_of_all_quotes_one_sentence_of_each_article(bot: Bot) -> None:
    answer = told(bot, "Summarise all the articles.")
    assert cited(answer) == ["bees.txt", "dam.md", "ferry.md", "tram.md"]
    assert "\n\nThe last ferry · Jo Lindqvist · 2021-03\n\n" in answer.text


def test_a_scope_holds_for_the_collection_too(bot: Bot) -> None:
    assert cited(told(bot, "What articles do you have?", scope=Scope(authors=("Brandt",)))) == ["dam.md", "tram.md"]


@pytest.mark.parametrize(
    "question",
    [
        "How high is the wall?",
        "What is the latest ferry?",
        "Which roof is the longest?",
        "Who paid for the dam?",
        "How many roofs does the beekeeper look after?",
    ],
)
def test_a_question_for_the_text_is_searched(bot: Bot, question: str) -> None:
    assert "collection" not in told(bot, question).ms


def test_a_merely_similar_question_goes_to_a_search_that_is_sure(collection: Collection) -> None:
    question = Question("Does footnote need a key?")
    assert collection.reply(question, ProgramFacts(), lambda: 0.9) is None
    assert collection.reply(question, ProgramFacts(), lambda: 0.0) is not None


@pytest.mark.parametrize(
    "question",
    [
        Question("What articles do you have?", searched="articles"),
        Question("What articles do you have?", given=()),
    ],
)
def test_a_search_in_the_readers_words_and_given_passages_are_left_alone(collection: Collection, question: Question) -> None:
    assert collection.reply(question, ProgramFacts(), lambda: 0.0) is None


def test_the_events_tell_each_footnote_before_its_row(bot: Bot) -> None:
    kinds = [type(event) for event in bot.stream(Question("How many are there by Brandt?"))]
    assert kinds == [Condensed, Token, Cited, Token, Cited, Token, Done]


def test_a_model_writes_the_overview_from_the_central_passages(
    collection: Collection, searcher: Searcher, library: Index, writer: ModelWriter, server: OpenAIServer
) -> None:
    server.script(words("The dam at Ner holds back the river [1]."))
    facts = ProgramFacts("openai:fake-model", "minilm", ("openai:fake-model",))
    bot = Bot(searcher.search, library.catalog.summaries, Limits(), writer, collection=(collection, facts))
    answer = told(bot, "Summarise the article about the dam.")
    assert (answer.mode, answer.text) == ("model", "The dam at Ner holds back the river [1].")
    assert all(isinstance(one, Passage) and one.article == "dam.md" for one in answer.passages)


@pytest.mark.parametrize("question", ["Which file formats are supported?", "Welche Formate werden unterstützt?"])
def test_the_formats_are_those_that_there_is_a_reader_for(bot: Bot, question: str) -> None:
    assert ", ".join(SUFFIXES) in told(bot, question).text
