"""What a question means in its conversation: by rules, by a model's rewriting, and by what is found; or the question back."""

from dataclasses import replace

import pytest

from bot.conversation.condense import (
    COMPLETE,
    LONGEST_REWRITE,
    accepted_rewrite,
    asking,
    asking_sentences,
    condense,
    missing_subject,
    rewrite_messages,
    searched,
    worth_searching,
)
from bot.phrases import say
from bot.prompting import PromptFolder
from bot.resources import prompts_dir
from bot.types import Question, Turn
from vectorstore.searching.search import Query, Searcher, SearchHits
from vectorstore.types import Hit, Stage

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


def test_a_chain_of_follow_ups_reaches_back_to_its_subject() -> None:
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


def test_an_it_stands_for_what_the_reader_named_before_the_answer() -> None:
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


BEFORE = "Who built the bridge?"


def found(chunk: int, fit: float) -> Hit:
    return Hit("a.md", 0, 4, "Text", 1.0, {"passage": Stage(1, fit)}, chunk, 0, ((0, 4),), (fit,))


class Search:
    """Finds chunk 1 for a question with the turns before it, and `alone` for a question by itself."""

    def __init__(self, *alone: Hit) -> None:
        self._alone = alone
        self.asked: list[Query] = []

    def __call__(self, query: Query, _k: int) -> SearchHits:
        self.asked.append(query)
        return SearchHits((found(1, 0.5),) if query.before else self._alone, {})


@pytest.mark.parametrize(
    ("alone", "dropped"),
    [
        ((found(2, 0.7),), True),
        ((found(2, 0.7), found(1, 0.3)), True),
        ((found(2, 0.55),), False),
        ((found(2, 0.7), found(1, 0.68)), False),
        ((found(1, 0.45),), False),
        ((), False),
    ],
)
def test_earlier_turns_are_dropped_where_they_lead_away(alone: tuple[Hit, ...], dropped: bool) -> None:
    reading = searched(Search(*alone), Query("What is the capital of France?", BEFORE, weight=COMPLETE), 5)
    assert (reading.query.before == "") is dropped


def test_the_turns_before_are_dropped_where_they_add_nothing() -> None:
    query = Query("What is the capital of France?", BEFORE, weight=COMPLETE)
    assert searched(Search(found(1, 0.6)), query, 5).query == Query("What is the capital of France?")


@pytest.mark.parametrize(("alone", "dropped"), [(0.45, True), (0.4, False)])
def test_across_languages_the_turns_before_must_earn_their_place(alone: float, dropped: bool) -> None:
    def search(query: Query, _k: int) -> SearchHits:
        return SearchHits((replace(found(1, 0.5) if query.before else found(2, alone), across=True),), {})

    query = Query("Wie alt können Flechten werden?", BEFORE, weight=COMPLETE)
    assert (searched(search, query, 5).query.before == "") is dropped


@pytest.mark.parametrize(("weight", "dropped"), [(COMPLETE, True), (1.0, False)])
def test_the_turns_before_do_not_draw_a_whole_question_to_their_language(weight: float, dropped: bool) -> None:
    def search(query: Query, _k: int) -> SearchHits:
        return SearchHits((found(1, 0.5) if query.before else replace(found(2, 0.4), across=True),), {})

    query = Query("How long do soya beans soak?", BEFORE, weight=weight)
    assert (searched(search, query, 5).query.before == "") is dropped


def test_a_question_alone_is_searched_once() -> None:
    search = Search(found(2, 0.7))
    reading = searched(search, Query("What is the capital of France?"), 5)
    assert (len(search.asked), reading.alone) == (1, None)


@pytest.mark.parametrize("text", ["What does it want?", "And him?", "Regional differences"])
def test_what_does_not_stand_by_itself_is_never_searched_alone(text: str) -> None:
    search = Search(found(2, 0.9))
    assert searched(search, Query(text, BEFORE), 5).query.before == BEFORE
    assert len(search.asked) == 1


def test_a_complete_question_is_searched_alone_and_in_context() -> None:
    query = Query("What is the capital of France?", BEFORE, weight=COMPLETE)
    reading = searched(Search(found(1, 0.4)), query, 5)
    assert (reading.query, reading.alone) == (query, SearchHits((found(1, 0.4),), {}))


def test_a_question_that_seems_to_lean_may_turn_out_to_be_whole() -> None:
    reading = searched(Search(found(2, 0.9)), Query("What do fossils have that ctenophores have not?", BEFORE), 5)
    assert reading.query.before == ""


@pytest.mark.parametrize(
    ("text", "before", "asked"),
    [
        (
            "We have a fern. Its soil is dry. When should I water it?",
            "We have a fern. Its soil is dry.",
            "When should I water it?",
        ),
        ("I study maps. What is the capital of France?", "I study maps.", "What is the capital of France?"),
    ],
)
def test_the_sentence_that_asks_is_told_from_those_before_it(text: str, before: str, asked: str) -> None:
    narrow = asking(Query(text))
    assert narrow is not None
    assert (narrow.before, narrow.text, narrow.shown) == (before, asked, text)


@pytest.mark.parametrize("text", ["What is the capital of France?", "Why? I ask for a friend.", "the U.S. capital", ""])
def test_a_question_of_one_sentence_or_that_asks_first_stays_whole(text: str) -> None:
    assert asking(Query(text)) is None


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("We moved. We have a dog. Where may a dog run? May dogs swim?", ("Where may a dog run?", "May dogs swim?")),
        ("We have a dog. Where may it run?", ()),
        ("I heard that dogs may not run. Are you sure?", ()),
        ("Where may a dog run?", ()),
        ("We have a dog. Tell me where it may run.", ()),
    ],
)
def test_the_sentences_that_ask_are_told_from_the_story(question: str, wanted: tuple[str, ...]) -> None:
    assert asking_sentences(question) == wanted


@pytest.mark.parametrize(
    ("text", "asking"),
    [
        ("How much is it?", "What is “it” in your question?"),
        ("When did he leave?", "Who is “he” in your question?"),
        ("What did they propose?", "Who or what is “they” in your question?"),
        ("What happened there?", "Which place is “there” in your question?"),
        ("What about the second one?", "Which one do you mean?"),
        ("Why?", say("subject")),
        ("And in 2019?", say("subject")),
        ("How many?", say("subject")),
        ("Hello!", say("greeting")),
        ("Thanks", say("greeting")),
    ],
)
def test_what_the_reader_is_asked(text: str, asking: str) -> None:
    assert missing_subject(Question(text)) == asking


def test_a_search_in_the_readers_own_words_is_not_asked_back() -> None:
    assert missing_subject(Question("How much is it?", searched="How much is the reserve?")) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "1989",
        "Inflation",
        "What about Japan?",
        "Who are you?",
        "Can you help me?",
        "What time is it?",
        "When did Musk say he would resign?",
        "他是谁？",
        "Wer ist er?",
    ],
)
def test_other_questions_are_searched(text: str) -> None:
    assert missing_subject(Question(text)) == ""


def test_what_was_talked_about_before_is_the_subject() -> None:
    assert missing_subject(Question("How much is it?", (Turn("user", "What is the space elevator?"),))) == ""


def test_what_the_articles_may_know_is_a_subject_for_the_next() -> None:
    before = Turn("user", "Why did they move the bees?")
    assert missing_subject(Question("How many of them are there?", (before,))) == ""


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("why is it called reindeer moss", True),
        ("what did she find in the clock", True),
        ("When was it built?", False),
        ("How old is he?", False),
        ("What happened there?", False),
    ],
)
def test_telling_words_beside_a_pronoun_are_worth_a_search(text: str, worth: bool) -> None:
    assert worth_searching(text) is worth


@pytest.mark.parametrize("before", [Turn("user", "Hello!"), Turn("user", "How old is it?"), Turn("assistant", "Ask me.")])
def test_a_conversation_without_a_subject_gives_none(before: Turn) -> None:
    assert missing_subject(Question("How much is it?", (before,))) == "What is “it” in your question?"


FOLLOW_UP = Question(
    "And who translated it?",
    (Turn("user", "What does the op-ed on Okinawa say?"), Turn("assistant", "That 70 percent of the bases are in Okinawa.")),
)


def test_the_model_is_sent_the_conversation_and_the_question() -> None:
    sent = rewrite_messages(PromptFolder(prompts_dir()).load("condense"), FOLLOW_UP)[-1][1]
    assert "the op-ed on Okinawa" in sent and "And who translated it?" in sent


@pytest.mark.parametrize(
    "reply",
    [
        "Who translated the op-ed on Okinawa?",
        "\n  Who translated the op-ed on Okinawa?  \n",
        '"Who translated the op-ed on Okinawa?"',
        "Question: Who translated the op-ed on Okinawa?",
    ],
)
def test_a_rewritten_question_is_taken(reply: str) -> None:
    assert accepted_rewrite(reply, FOLLOW_UP) == "Who translated the op-ed on Okinawa?"


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "?",
        "Eddy Chang translated it.",
        "Who translated the op-ed of 2021 on Okinawa?",
        "Who translated the op-ed on Okinawa and Guam?",
        "I am sorry, but I cannot help with requests like this.",
        "Who translated the op-ed?\nIt was translated by its author.",
        "Who translated it? " * (LONGEST_REWRITE // 10),
        "Who translated it?",
        "The op-ed on Okinawa",
        "And who translated it?",
    ],
)
def test_what_drifted_or_is_no_question_is_refused(reply: str) -> None:
    assert accepted_rewrite(reply, FOLLOW_UP) == ""


def test_a_number_that_was_said_may_stand_in_it() -> None:
    assert accepted_rewrite("Who translated that 70 percent of the bases are in Okinawa?", FOLLOW_UP)
