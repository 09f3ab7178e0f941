"""How a turn hangs on the turns before it, and what it puts in the place of a part of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.dialogue import correction, dangling, leans, new_subject, recast, subject_words, substance


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
    assert subject_words("What is IT?") == ["it"]
    assert subject_words("WHAT IS IT?") == []


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    assert dangling(text) == "" or dangling(text) in text
    assert leans(text) in {True, False}


@pytest.mark.parametrize(
    ("text", "before", "whole"),
    [
        ("And in 2019?", "How many leaders joined in 2018?", "How many leaders joined in 2019?"),
        ("in March?", "Who met in January?", "Who met in March?"),
        ("What about Japan?", "When did Taiwan adopt the law?", "When did Japan adopt the law?"),
        ("And Taiwan's?", "What is Japan's law?", "What is Taiwan's law?"),
        ("and in Okinawa?", "What did Yao say happened in Tokyo?", "What did Yao say happened in Okinawa?"),
        ("And Japanese workers?", "What did Musk say about Chinese workers?", "What did Musk say about Japanese workers?"),
        ("What about the second teaser?", "What does the first teaser say?", "What does the second teaser say?"),
        ("I mean the second one.", "What does the first teaser say?", "What does the second teaser say?"),
        ("Not Japan, Taiwan.", "What did Japan propose?", "What did Taiwan propose?"),
        ("No, I meant Taiwan.", "What did Japan propose?", "What did Taiwan propose?"),
        ("I meant the law, not the motion", "Who wants the motion?", "Who wants the law?"),
        ("Sorry, not the alliance but the meeting", "When was the alliance?", "When was the meeting?"),
    ],
)
def test_the_new_takes_the_place_of_its_counterpart(text: str, before: str, whole: str) -> None:
    assert recast(text, before) == whole


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("And in 2019?", "How many leaders joined?"),
        ("And in 2019?", "How many joined between 2016 and 2018?"),
        ("What about Biden?", "What did Musk tell the Financial Times?"),
        ("What about the price?", "When did Japan adopt the law?"),
        ("And why?", "When did Japan adopt the law?"),
        ("No, I meant the other one.", "What did Japan propose?"),
        ("Not bread, rice", "What did Japan propose?"),
        ("When did Taiwan adopt the law?", "When did Japan adopt the law?"),
        ("What about Japan?", "When did Japan adopt the law?"),
        ("And how did Biden answer it in Ukraine?", "When did Japan adopt the law?"),
    ],
)
def test_what_is_not_plain_is_left(text: str, before: str) -> None:
    assert recast(text, before) == ""


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("No, I meant the other one.", "the other one"),
        ("I mean where the law stands", "where the law stands"),
        ("I meant to ask how to fly", "how to fly"),
        ("Is it not true?", ""),
        ("Nothing else.", ""),
    ],
)
def test_a_correction_says_what_is_right(text: str, right: str) -> None:
    assert correction(text)[1] == right


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_turns_can_be_read(text: str, before: str) -> None:
    assert isinstance(recast(text, before), str)
