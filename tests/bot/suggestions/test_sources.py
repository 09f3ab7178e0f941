"""What an article suggests to ask, in whatever language it is written."""

import pytest

from bot.suggestions.sources import LONGEST, Kind, SuggestedQuestion, content_keys, suggested_questions
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


def suggested(kind: Kind, article: Article = ARTICLE, language: str = "en", about: str = "") -> list[SuggestedQuestion]:
    return [one for one in suggested_questions(article, language, about) if one.kind == kind]


def test_headings_are_asked_as_questions_and_the_title_is_none_of_them() -> None:
    assert [one.text for one in suggested("section")] == [
        "How was the bridge built?",
        "What is said about “Costs”?",
        "Who may cross the bridge?",
    ]


def test_a_section_reaches_up_to_the_next_heading() -> None:
    built = suggested("section")[0]
    assert BRIDGE[built.start : built.end].strip().endswith("across the river.")


def test_a_heading_without_a_text_is_not_asked() -> None:
    article = Article("a.md", "# One\n\n## Empty as can be\n\n## Full of words here\n\nHere are some words.\n", "One")
    assert [one.words for one in suggested("section", article)] == ["Full of words here"]


def test_a_heading_is_clear_where_it_takes_up_the_title_or_the_question() -> None:
    assert [one.clear for one in suggested("section")] == [True, False, True]
    article = Article("a.md", "# Of things\n\n## The price of stones\n\nThey cost a lot of money.\n", "Of things")
    assert not suggested("section", article)[0].clear
    assert suggested("section", article, about="What do stones cost?")[0].clear


def test_the_whole_is_asked_about_by_its_title() -> None:
    assert [one.text for one in suggested("overview")] == ["What is “The Ner Bridge” about?"]
    assert suggested("overview", Article("a.md", BRIDGE, "The Ner Bridge was opened…")) == []


def test_a_title_that_begins_as_a_question_is_asked_as_one() -> None:
    article = Article(
        "a.md", "# What holds a violin together\n\nHide glue does.\n", "What holds a violin together", language="en"
    )
    assert [one.text for one in suggested("overview", article)] == ["What holds a violin together?"]
    assert suggested("overview", article, "de")[0].text == "Worum geht es in „What holds a violin together“?"


def test_central_sentences_are_asked_about_where_they_stand() -> None:
    for one in suggested("sentence"):
        assert BRIDGE[one.start : one.end] == one.words
        assert one.text == f"What else do the articles say about this: “{one.words}”?"


def test_names_are_those_of_central_sentences_and_of_the_reader() -> None:
    assert "Ada Brandt" in [one.words for one in suggested("subject")]
    assert "Riga" not in [one.words for one in suggested("subject")]
    assert "Riga" in [one.words for one in suggested("subject", about="Who came from Riga?")]


def test_a_name_of_the_reader_s_that_does_not_stand_there_is_not_asked() -> None:
    assert "Lund" not in [one.words for one in suggested("subject", about="Who was Otto Lund?")]


def test_a_reader_of_another_language_gets_the_words_in_a_frame() -> None:
    assert suggested("section", language="de")[0].text == "Was wird über „How the bridge was built“ gesagt?"
    assert suggested("overview", language="fr")[0].text == "De quoi parle « The Ner Bridge » ?"


def test_an_article_in_chinese_suggests_in_chinese() -> None:
    text = "# 云岭村的茶\n\n云岭村位于海拔1200米的山上，全村312人。\n\n## 雪芽的采摘\n\n只在清明节前十天采摘。\n"
    found = list(suggested_questions(Article("tea.md", text, "云岭村的茶", language="zh"), "zh-Hans"))
    assert {"关于“雪芽的采摘”说了什么？", "“云岭村的茶”这篇文章讲什么？"} <= {one.text for one in found}


@pytest.mark.parametrize("text", ["", "Short.", "It is so. They are here."])
def test_a_text_without_headings_or_statements_suggests_nothing(text: str) -> None:
    assert list(suggested_questions(Article("a.md", text, ""), "en")) == []


def test_what_does_not_fit_on_a_button_is_not_suggested() -> None:
    article = Article(
        "a.md", f"## The {'very ' * 60}long bridge\n\nIt is long.\n\n## Turned \u202eround words\n\nIt is.\n", "Bridges"
    )
    assert all(len(one.text) <= LONGEST and one.text.isprintable() for one in suggested_questions(article, "en"))


def test_words_are_compared_without_case_endings_and_what_only_asks() -> None:
    assert content_keys("What do the BRIDGES cost?") == content_keys("the bridge costs")
