"""The question back to a reader whose question lacks its subject."""

import pytest

from bot.conversation.clarify import missing_subject
from bot.phrases import say
from bot.types import Question, Turn


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


@pytest.mark.parametrize("before", [Turn("user", "Hello!"), Turn("user", "How old is it?"), Turn("assistant", "Ask me.")])
def test_a_conversation_without_a_subject_gives_none(before: Turn) -> None:
    assert missing_subject(Question("How much is it?", (before,))) == "What is “it” in your question?"
