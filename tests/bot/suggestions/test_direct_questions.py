"""Headings of an English article as the questions that they answer."""

import pytest

from bot.suggestions.direct_questions import direct_question

WORDS = {"propose", "change", "use", "us", "want", "deny", "plan", "leave"}


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("How the bridge was built", "How was the bridge built?"),
        ("What Japan has been doing", "What has Japan been doing?"),
        ("When the Ner Bridge will be opened", "When will the Ner Bridge be opened?"),
        ("What the page does not say", "What does the page not say?"),
        ("What Taiwan proposed", "What did Taiwan propose?"),
        ("What Ada Brandt planned for Ner", "What did Ada Brandt plan for Ner?"),
        ("What Musk said", "What did Musk say?"),
        ("How the war began in 1914", "How did the war begin in 1914?"),
        ("How Yao uses the meeting", "How does Yao use the meeting?"),
        ("What the alliance wants", "What does the alliance want?"),
        ("What the page leaves out", "What does the page leave out?"),
        ("Who may cross the bridge", "Who may cross the bridge?"),
        ("What happened next", "What happened next?"),
    ],
)
def test_a_heading_is_turned_into_its_question(heading: str, question: str) -> None:
    assert direct_question(heading, WORDS.__contains__) == question


@pytest.mark.parametrize(
    "heading",
    [
        "Costs",
        "The case for caution",
        "How many workers died",
        "Which bridge fell",
        "What the man who was there said",
        "What Taiwan proposed and Japan rejected",
        "Why the law was passed and who paid",
        "How to cross the bridge",
        "What the smiths forged",
        "What",
        "",
    ],
)
def test_what_is_not_certain_is_not_turned(heading: str) -> None:
    assert direct_question(heading, WORDS.__contains__) == ""
