"""What an article suggests to ask, in whatever language it is written."""

import pytest

from bot.suggestions.sources import (
    LONGEST,
    Kind,
    SuggestedQuestion,
    article_headings,
    content_keys,
    suggested_questions,
)
from vectorstore.types import Article

BRIDGE = """# The Ner Bridge

The Ner Bridge was opened in 1931 by Ada Brandt, and the whole town came to see it.

## How the bridge was built

It took four years and two hundred workers from Riga to build it across the river.

## Costs

It cost more than the town had, as nobody had counted the price of the stones.

## Who may cross the bridge?

Everybody may cross who weighs less than a loaded cart, and that is checked at the gate.
"""
ARTICLE = Article("bridge.md", BRIDGE, "The Ner Bridge", language="en")


def suggested(kind: Kind, article: Article = ARTICLE, about: str = "") -> list[SuggestedQuestion]:
    return [one for one in suggested_questions(article, about) if one.kind == kind]


def test_headings_are_asked_as_questions_and_the_title_is_none_of_them() -> None:
    assert [one.text for one in suggested("section")] == ["How was the bridge built?", "Who may cross the bridge?"]


def test_a_section_reaches_up_to_the_next_heading() -> None:
    built = suggested("section")[0]
    assert BRIDGE[built.start : built.end].strip().endswith("across the river.")


def test_a_heading_without_a_text_is_none() -> None:
    article = Article("a.md", "# One\n\n## Empty as can be\n\n## Full of words here\n\nHere are some words.\n", "One")
    assert [one.words for one in article_headings(article)] == ["Full of words here"]


def test_a_heading_is_clear_where_it_takes_up_the_title_or_the_question() -> None:
    assert [one.clear for one in article_headings(ARTICLE)] == [True, False, True]
    article = Article("a.md", "# Of things\n\n## The price of stones\n\nThey cost a lot of money.\n", "Of things")
    assert [one.clear for one in article_headings(article)] == [False]
    assert [one.clear for one in article_headings(article, "What do stones cost?")] == [True]


def test_a_heading_loses_its_number() -> None:
    article = Article("a.md", "# The bridge\n\n## 3. Who may cross the bridge?\n\nEverybody may.\n", "The bridge")
    assert [one.text for one in suggested("section", article)] == ["Who may cross the bridge?"]


@pytest.mark.parametrize(
    "heading",
    ["And the bridge?", "What it cost the bridge", "What I would do with the bridge", "A bridge for the harbour", "Bridge it?"],
)
def test_a_heading_that_would_not_read_as_a_question_is_not_asked(heading: str) -> None:
    article = Article("a.md", f"# The bridge\n\n## {heading}\n\nIt is so.\n", "The bridge", language="en")
    assert suggested("section", article) == []


def test_the_whole_is_asked_about_by_its_title() -> None:
    assert [one.text for one in suggested("overview")] == ["What is “The Ner Bridge” about?"]
    assert suggested("overview", Article("a.md", BRIDGE, "The Ner Bridge was opened…")) == []


def test_a_title_that_begins_as_a_question_is_asked_as_one() -> None:
    article = Article(
        "a.md", "# What holds a violin together\n\nHide glue does.\n", "What holds a violin together", language="en"
    )
    assert [one.text for one in suggested("overview", article)] == ["What holds a violin together?"]


def test_names_are_those_that_come_again() -> None:
    text = BRIDGE.replace("two hundred workers", "Ada Brandt and Jon Lund")
    words = [one.words for one in suggested("subject", Article("a.md", text, "The Ner Bridge", language="en"))]
    assert "Ada Brandt" in words and "Jon Lund" not in words


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("The Outer Space Treaty is old, and the Outer Space Treaty binds many states on earth.", "the Outer Space Treaty"),
        ("When Ada Brandt came, they cheered, and Ada Brandt was glad of their many cheers.", "Ada Brandt"),
        ("The Cold Knap wind farm is large, and the Cold Knap wind farm feeds a whole town.", ""),
        ("They want a Taiwan Act soon, and a Taiwan Act would give them what they ask for.", ""),
    ],
)
def test_a_name_is_written_as_within_a_sentence(sentence: str, shown: str) -> None:
    made = [one.text for one in suggested("subject", Article("a.md", f"{sentence}\n", "Of things", language="en"))]
    assert made == ([f"What do the articles say about {shown}?"] if shown else [])


def test_a_question_is_in_the_language_of_its_article() -> None:
    text = (
        "# Die Brücke von Ner\n\nDie Brücke von Ner wurde 1931 in Gegenwart von Ada Brandt vor vielen Leuten eröffnet.\n\n"
        "## Wie die Brücke gebaut wurde\n\nSie wurde aus Stein gebaut.\n\n## Wer darf über die Brücke?\n\nAlle dürfen.\n"
    )
    made = [one.text for one in suggested_questions(Article("a.md", text, "Die Brücke von Ner", language="de"))]
    assert "Wer darf über die Brücke?" in made and "Worum geht es in „Die Brücke von Ner“?" in made
    assert len(made) == 2


def test_a_name_is_asked_about_with_its_article() -> None:
    text = "# El puente\n\nEl puente fue abierto ante la Reina Isabel Segunda, y la Reina Isabel Segunda vino a verlo.\n"
    made = [one.text for one in suggested_questions(Article("a.md", text, "El puente", language="es"))]
    assert "¿Qué dicen los artículos sobre la Reina Isabel Segunda?" in made


def test_an_article_in_another_language_asks_only_its_own_questions() -> None:
    text = "# Il ponte di Ner\n\n## Chi può attraversare il ponte?\n\nTutti possono attraversare il ponte di Ner.\n"
    made = [one.text for one in suggested_questions(Article("a.md", text, "Il ponte di Ner", language="it"))]
    assert made == ["Chi può attraversare il ponte?"]


def test_an_article_in_chinese_suggests_in_chinese() -> None:
    text = "# 云岭村的茶\n\n云岭村位于海拔1200米的山上，全村312人。\n\n## 云岭村的茶的采摘\n\n只在清明节前十天采摘。\n"
    found = {one.text for one in suggested_questions(Article("tea.md", text, "云岭村的茶", language="zh"))}
    assert {"关于云岭村的茶的采摘，文章说了什么？", "“云岭村的茶”这篇文章讲什么？"} <= found


def test_no_question_is_made_twice() -> None:
    text = "# The bridge\n\n## How the bridge was built\n\nOf stone.\n\n## How was the bridge built?\n\nOf stone.\n"
    made = [one.text for one in suggested_questions(Article("a.md", text, "The bridge", language="en"))]
    assert made.count("How was the bridge built?") == 1


@pytest.mark.parametrize("text", ["", "Short.", "It is so. They are here."])
def test_a_text_without_headings_or_statements_suggests_nothing(text: str) -> None:
    assert list(suggested_questions(Article("a.md", text, ""))) == []


def test_what_does_not_fit_on_a_button_is_not_suggested() -> None:
    article = Article(
        "a.md", f"## The {'very ' * 60}long bridge\n\nIt is long.\n\n## Turned \u202eround words\n\nIt is.\n", "Bridges"
    )
    assert all(len(one.text) <= LONGEST and one.text.isprintable() for one in suggested_questions(article))


def test_words_are_compared_without_case_endings_and_what_only_asks() -> None:
    assert content_keys("What do the BRIDGES cost?") == content_keys("the bridge costs")
