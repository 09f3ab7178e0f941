"""How a turn hangs on the turns before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.dialogue import dangling, leans, new_subject, substance, telling


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Thanks! And when was it?", "And when was it?"),
        ("ok and why?", "and why?"),
        ("Great, who was there?", "who was there?"),
        ("That is fine. Thank you!", ""),
        ("I see. How do they check it?", "How do they check it?"),
        ("What is an atoll, please?", "What is an atoll?"),
        ("Hi, there. Who is Musk?", "Who is Musk?"),
        ("Thank you for the information.", ""),
    ],
)
def test_what_is_said_for_politeness_is_dropped(text: str, bare: str) -> None:
    assert substance(text) == bare


@pytest.mark.parametrize(
    "text",
    ["Great Britain joined when?", "Good bots do what?", "Well water is what?", "Fine arts in Tokyo", "謝謝你的書是誰寫的？"],
)
def test_words_that_only_look_polite_stay(text: str) -> None:
    assert substance(text) == text


@given(st.text(max_size=60))
def test_what_is_left_is_a_part_of_the_turn(text: str) -> None:
    assert substance(text) == "" or len(substance(text)) <= len(text)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Let's talk about Elon Musk. What did he say?", "Elon Musk. What did he say?"),
        ("New question: when was Sputnik launched?", "when was Sputnik launched?"),
        ("I'd like to discuss the new space race.", "the new space race."),
        ("Let's talk about its price.", ""),
        ("Another question: why?", ""),
        ("When was Sputnik launched?", ""),
    ],
)
def test_a_new_subject_is_announced_and_named(text: str, subject: str) -> None:
    assert new_subject(text) == subject


@pytest.mark.parametrize(
    "text",
    [
        "And in 2019?",
        "What about Japan?",
        "Why?",
        "How many?",
        "Who launched it?",
        "What did they promise to do in the region?",
        "What would that law of the United States do?",
        "Do people in the city speak English there?",
        "What is its purpose in the region?",
        "No, I meant the other one.",
        "Not Japan, Taiwan.",
        "Air defense",
    ],
)
def test_turns_that_lean_on_the_turns_before(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "When did Elon Musk praise Chinese workers?",
        "Why did Japan change its law?",
        "Is it true that Sputnik was launched by the Soviet Union?",
        "Are there rules for the use of outer space?",
        "How long does it take to launch a satellite?",
        "What do those who ask for the law expect of Japan?",
        "鄧小平的改革是從什麼時候開始的？ 他是中國的領導人",
    ],
)
def test_turns_that_stand_by_themselves(text: str) -> None:
    assert not leans(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("How much is it?", "it"),
        ("When did he leave?", "he"),
        ("What about the second one?", "one"),
        ("Tell me about it", "it"),
        ("What happened there?", "there"),
        ("How many doses do they need?", "they"),
        ("What does this cost?", "this"),
        ("How is that possible?", "that"),
        ("What is his name?", "his"),
    ],
)
def test_a_word_that_stands_for_nothing_dangles(text: str, word: str) -> None:
    assert dangling(text) == word


@pytest.mark.parametrize(
    "text",
    [
        "What time is it?",
        "Is it true that the bridge fell?",
        "How is it possible?",
        "Is there a law?",
        "Is it raining?",
        "How far is it to the moon?",
        "When did Musk say he would resign?",
        "Why did Japan change its law?",
        "Why do cats purr when they sleep?",
        "When did the man who wrote it die?",
        "The bridge fell. Why did it fall?",
        "Which one is better, tea or coffee?",
        "In what area of this region were the grants?",
        "What is IT?",
        "¿Qué he hecho?",
        "Hvor er det her?",
        "Was hat er her gebracht?",
    ],
)
def test_nothing_dangles_where_the_text_names_it_or_means_nothing_by_it(text: str) -> None:
    assert dangling(text) == ""


def test_initials_are_names_unless_everything_is_in_capitals() -> None:
    assert telling("What is IT?") == ["it"]
    assert telling("WHAT IS IT?") == []


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    assert dangling(text) == "" or dangling(text) in text
    assert leans(text) in {True, False}
