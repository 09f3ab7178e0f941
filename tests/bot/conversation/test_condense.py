"""What is searched for a question in its conversation."""

import pytest

from bot.conversation.condense import COMPLETE, condense
from bot.types import Question, Turn
from vectorstore.searching.search import Query, Searcher

FIRST = Turn("user", "When was the bridge opened?")
ANSWER = Turn("assistant", "In 1931.")


def test_a_first_question_is_searched_alone() -> None:
    assert condense(Question("When was it opened?")) == Query("When was it opened?", "")


def test_a_follow_up_is_searched_with_the_readers_turn_before_it() -> None:
    assert condense(Question("And by whom?", (FIRST, ANSWER))) == Query("And by whom?", FIRST.text)


def test_only_the_last_turn_of_the_reader_counts() -> None:
    history = (Turn("user", "Where is Ner?"), Turn("assistant", "In the north."), FIRST, ANSWER)
    assert condense(Question("And by whom?", history)).before == FIRST.text


def test_what_footnote_said_is_not_searched() -> None:
    assert condense(Question("And by whom?", (ANSWER,))).before == ""


def test_the_readers_own_search_is_searched_to_the_letter() -> None:
    question = Question("And by whom?", (FIRST, ANSWER), searched=" Who said so in this article? ")
    assert condense(question) == Query("Who said so in this article?")


@pytest.mark.parametrize("text", ["  And by whom?\n", "And by whom?"])
def test_space_around_the_turns_is_dropped(text: str) -> None:
    assert condense(Question(text, (Turn("user", " Before? \n"),))) == Query("And by whom?", "Before?")


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("Who translated the op-ed?", "Who translated?"),
        ("According to the article, who won?", "who won?"),
        ("What does the article say about Okinawa?", "What about Okinawa?"),
        ("What is said in this text about Okinawa?", "What is said about Okinawa?"),
    ],
)
def test_mentions_of_the_article_as_such_are_not_searched(text: str, searched: str) -> None:
    assert condense(Question(text)).text == searched


@pytest.mark.parametrize(
    "text",
    [
        "What does Article 5 say?",
        "Who signed the article of association?",
        "Who translated the op-ed on Okinawa?",
        "What does the essay about Okinawa say?",
        "The article?",
        "the text",
    ],
)
def test_other_articles_and_short_questions_stay(text: str) -> None:
    assert condense(Question(text)).text == text


def said(*turns: str) -> Question:
    """A conversation of the reader's turns, the last of them the question."""
    return Question(turns[-1], tuple(Turn("user", turn) for turn in turns[:-1]))


def test_a_chain_of_follow_ups_reaches_back_to_the_turn_that_named_the_subject() -> None:
    query = condense(said("Where is Ner?", FIRST.text, "Who opened it?", "Why?", "And what did they say about that?"))
    assert query == Query("And what did they say about that?", f"{FIRST.text} Why?")


def test_a_question_that_seems_complete_leans_less() -> None:
    assert condense(said(FIRST.text, "Which company paid for the iron rails?")).weight == COMPLETE


def test_a_question_about_the_article_as_such_is_no_fragment_without_it() -> None:
    read = condense(said(FIRST.text, "Who translated the op-ed?"))
    assert (read.text, read.weight) == ("Who translated?", COMPLETE)


def test_what_is_shown_of_a_search_is_the_readers_own_words_whole() -> None:
    query = condense(said("Who translated the op-ed?", "When was the article written?"))
    assert query.searched == "Who translated? When was written?"
    assert query.shown == "Who translated the op-ed? When was the article written?"


def test_a_question_in_whole_words_is_shown_as_it_is_searched() -> None:
    query = condense(said(FIRST.text, "And by whom?"))
    assert query.shown == query.searched == f"{FIRST.text} And by whom?"


def test_what_an_it_stands_for_may_be_named_by_the_answer_alone() -> None:
    history = (Turn("user", "What came of it in the end?"), Turn("assistant", "The reform led to the Ner Alliance."))
    assert condense(Question("What does it want?", history)).before == "What came of it in the end? Ner Alliance."


def test_what_an_it_stands_for_is_not_looked_for_in_the_answer_where_the_reader_has_named_something() -> None:
    history = (Turn("user", "Who founded the Ner Alliance?"), Turn("assistant", "Ada Brandt."))
    assert condense(Question("What does it want?", history)).before == "Who founded the Ner Alliance?"


def test_a_new_subject_is_searched_alone() -> None:
    assert condense(said(FIRST.text, "Let's talk about the harbour. Who built it?")) == Query("the harbour. Who built it?")


def test_an_ellipsis_is_searched_as_the_question_it_stands_for() -> None:
    assert condense(said("How many joined in 2018?", "And in 2019?")) == Query("How many joined in 2019?")


def test_an_ellipsis_of_a_follow_up_keeps_the_subject() -> None:
    query = condense(said(FIRST.text, "How many trains crossed it in 1950?", "And in 1960?"))
    assert query == Query("How many trains crossed it in 1960?", FIRST.text)


def test_thanks_are_searched_neither_in_the_question_nor_before() -> None:
    assert condense(said(FIRST.text, "That is fine. Thank you!", "Great, and why?")) == Query("and why?", FIRST.text)


def test_a_correction_keeps_only_what_is_right() -> None:
    assert condense(said(FIRST.text, "No, I meant the other one.")) == Query("the other one", FIRST.text)


def test_a_question_that_is_repeated_is_not_searched_twice() -> None:
    assert condense(said("Why?", "Why?")).before == ""


def test_turns_without_a_mark_at_their_end_are_parted_by_one() -> None:
    assert condense(said("the bridge of Ner", "why?")).searched == "the bridge of Ner. why?"


DIALOGUES = [
    (("When was the Co-prosperity Leader Alliance launched?", "And by how many leaders?"), "127 Japanese leaders"),
    (("When was the Co-prosperity Leader Alliance launched?", "What does it want?", "And why?"), "calls on Japan to adopt"),
    (("Who translated the op-ed by Yao Chung-yuan?", "Thanks! What is his former post?"), "former deputy director"),
    (("What did Elon Musk say about Chinese workers?", "Whom did he tell that?"), "Financial Times"),
    (("What did Elon Musk say about Chinese workers?", "What does the writer object to in it?"), "applause for atrocities"),
    (("When was Sputnik launched?", "What about Apollo?"), "Apollo was the American program"),
    (("Which treaty came of the first space race?", "ok, and when?"), "Outer Space Treaty of 1967"),
    (("What did Joe Biden say?", "When did he say so?"), "after the Russian invasion"),
    (("When was the Soviet Union dissolved?", "Let's talk about Okinawa. What is deployed there?"), "electronic warfare"),
    (("What did Taiwan propose to Japan in 2019?", "How did the Abe administration respond to that?"), "declined to respond"),
    (("Which newspaper reported the proposal of Taiwan?", "Was it the first of its kind?"), "first of its kind"),
    (("What does 2+2 mean?", "When was it held?"), "held on Jan. 7"),
    (("Who began the economic reform in China?", "From when do they date?"), "late 1970s"),
    (("What was launched in 1957?", "No, I meant 1969."), "in 1969"),
    (("What does the first teaser object to?", "And the fourth?"), "fourth teaser weighs"),
]


@pytest.mark.parametrize(("turns", "words"), DIALOGUES)
def test_a_follow_up_finds_its_passage(seeds_searcher: Searcher, turns: tuple[str, ...], words: str) -> None:
    found = seeds_searcher.search(condense(said(*turns)), 3).hits
    assert any(words in hit.text for hit in found)
